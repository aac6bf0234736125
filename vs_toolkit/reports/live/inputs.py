"""The sheet of inputs: settings, and every number that may be changed with its source."""

from __future__ import annotations

from vs_toolkit.impact.register import assumption_register
from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.pages import Sheets
from vs_toolkit.reports.live.places import INPUTS, RUN, RUN_TOP, RUNS, SETTINGS

KEY = 11  # column of the keys of inputs
HEADS = [
    "Input",
    "Unit",
    "Low",
    "Expected",
    "High",
    "Worse end",
    "Live",
    "Source",
    "Reference",
    "Confirmed by",
    "Confirmed on",
    "Key",
]
NAMES = ("vs_scenario", "vs_tax", "vs_inflation", "vs_months", "vs_period")
WIDTHS = (54, 22, 14, 14, 14, 9, 14, 24, 44, 18, 18, 34)


class Inputs(Sheets):
    """Writes the sheet ``Inputs``."""

    def write(self, book: Book) -> None:
        """Write every number that may be changed, with its source."""
        page = book.page(INPUTS, title="Inputs", colour="#E69F00")
        page.put(1, 0, "Shaded cells may be changed. Low, expected and high in the unit of the line.", "grey")
        self._settings(page)
        for row, name in enumerate(NAMES, SETTINGS):
            book.book.define_name(name, f"={INPUTS}!{cell(row, 3, 'rc')}")
        self._input_rows(page)
        for column, width in enumerate(WIDTHS):
            page.sheet.set_column(column, column, width)

    def _settings(self, page: Page) -> None:
        at, case = self.at, self.case
        page.heads(SETTINGS - 1, ["Setting", "Unit", "", "Value"], words={0, 1})
        page.put(SETTINGS, 0, "Scenario: 1 downside, 2 base, 3 upside")
        page.put(SETTINGS, 3, 2, "input")
        page.sheet.data_validation(SETTINGS, 3, SETTINGS, 3, {"validate": "list", "source": [1, 2, 3]})
        settings = [
            ("Tax rate", "fraction", case.tax.rate if case.tax else 0.0, "input_percent"),
            ("Inflation", "fraction per year", case.inflation or 0.0, "input_percent"),
            ("Horizon (fixed)", "months", self.own.grid.months, "general"),
            ("Accounting period (fixed)", "months", self.own.grid.every, "general"),
        ]
        for row, (name, unit, value, look) in enumerate(settings, SETTINGS + 1):
            page.put(row, 0, name)
            page.put(row, 1, unit, "grey")
            page.put(row, 3, value, look)
        rates = case.rates if isinstance(case.rates, tuple) else (case.rates,)
        for year, rate in enumerate(rates):
            name = "Cost of capital (WACC)" + (f", year {year + 1}" if len(rates) > 1 else "")
            page.put(at.first_wacc + year, 0, name)
            page.put(at.first_wacc + year, 1, "fraction per year", "grey")
            page.put(at.first_wacc + year, 3, rate, "input_percent")

    def _input_rows(self, page: Page) -> None:
        at, head = self.at, self.at.first_input - 1
        page.heads(head, HEADS, words={0, 1, *range(7, len(HEADS))})
        register = assumption_register(self.case, self.as_of).set_index("key")
        runs, limit = at.end_npvs, f"0.000000001*MAX(MAX({at.end_npvs}),-MIN({at.end_npvs}))"
        column = 0
        for key, own in self.own.recipes.rows.items():
            row = at.input_row(key)
            page.put(row, 0, own.name)
            page.put(row, 1, own.unit, "grey")
            for place, value in enumerate((own.low, own.expected, own.high), 2):
                page.put(row, place, value, "input")
            if own.is_assumption:
                gain = f"(INDEX({runs},{column + 2})-INDEX({runs},{column + 1}))"
                default = "low" if key.startswith(("effects.", "numbers.")) else "high"
                text = f'IF(ABS({gain})<={limit},"{default}",IF({gain}>0,"low","high"))'
                page.formula(row, 5, text, own.worse, "centred")
                column += 2
            else:
                page.put(row, 5, "low", "centred")
            there = f"{RUNS}!{cell(RUN_TOP + row - at.first_input, RUN)}"
            page.formula(row, 6, there, self.own.runs[0].values[key])
            if key in register.index:
                self.source(page, row, 7, {str(name): value for name, value in register.loc[key].items()})
            page.put(row, KEY, key, "grey")
        page.sheet.freeze_panes(0, 1)
