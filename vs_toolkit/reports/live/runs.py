"""The sheet of runs: inputs, sizes and results of the scenarios and of both ends of every assumption."""

from __future__ import annotations

from math import ceil

from vs_toolkit.impact.lines import LABELS
from vs_toolkit.reports.live.book import LINE, Book, Page, cell, column_name
from vs_toolkit.reports.live.courses import SCENARIO_CHOICE
from vs_toolkit.reports.live.figures import first_guess, payback, rate_of_return
from vs_toolkit.reports.live.grid import FIRST
from vs_toolkit.reports.live.pages import Sheets
from vs_toolkit.reports.live.places import INPUTS, MODEL, RUN, RUN_TOP, RUNS, TAX, UNIT

GAINS = ("0.005", "0.03", "0.15")
GUESSES = ("0.4", "1", "6", "-0.02", "-0.1", "-0.2", "-0.3", "-0.4", "-0.5", "-0.65")
WIDTH = 14  # characters of a run


class Runs(Sheets):
    """Writes the sheet ``Runs``."""

    def write(self, book: Book) -> None:
        """Write the sheet ``Runs``: inputs, sizes and results of every run, one column each."""
        own = self.own
        page = book.page(
            RUNS,
            title="Runs: the live case, the scenarios and both ends of every assumption",
            colour="#0072B2",
            wide=self.at.pages_wide,
        )
        page.put(1, 0, "Each column is one evaluation of the model; formulas only, no data tables.", "grey")
        page.put(3, 0, "Run", "head")
        for row, label in (
            (4, "Input that is varied (0: none)"),
            (5, "At its low (1) or high (3) end"),
            (6, "Scenario: 1 downside, 2 base, 3 upside"),
        ):
            page.put(row, 0, label, "strong")
        for place, run in enumerate(own.runs):
            page.put(3, RUN + place, run.name, "head_right")
            page.put(4, RUN + place, run.varied)
            page.put(5, RUN + place, run.end)
            if place:
                page.put(6, RUN + place, run.scenario)
            else:
                page.formula(6, RUN, "vs_scenario", 2)
        self._run_inputs(page)
        self._run_sizes(page)
        self._run_results(page)
        page.sheet.set_column(0, 0, 50)
        page.sheet.set_column(1, 1, 5)
        page.sheet.set_column(2, 2, 24)
        page.sheet.set_column(RUN, RUN + len(own.runs), WIDTH)
        page.sheet.set_row(3, LINE * max(ceil(len(run.name) / (WIDTH - 3)) for run in own.runs))
        page.sheet.freeze_panes(4, RUN)
        page.sheet.repeat_columns(0)

    def _run_inputs(self, page: Page) -> None:
        for number, (key, own) in enumerate(self.own.recipes.rows.items(), 1):
            row, there = RUN_TOP + number - 1, self.at.input_row(key)
            page.put(row, 0, own.name)
            page.put(row, 1, number)
            page.put(row, 2, own.unit, "grey")
            points = f"{INPUTS}!{cell(there, 2, 'rc')}:{cell(there, 4, 'rc')}"
            worse = f"{INPUTS}!{cell(there, 5, 'rc')}"
            for place, run in enumerate(self.own.runs):
                column = RUN + place
                varied, end, scenario = (cell(line, column, "r") for line in (4, 5, 6))
                chosen = SCENARIO_CHOICE.format(scenario=scenario, worse=worse)
                text = f"IF({varied}={cell(row, 1, 'c')},INDEX({points},{end}),INDEX({points},{chosen}))"
                page.formula(row, column, text, run.values[key])

    def _run_sizes(self, page: Page) -> None:
        at, rows = self.at, {key: place for place, key in enumerate(self.own.recipes.rows)}

        def refer(key: str, column: str) -> str:
            if column == "live":
                return f"{{run}}{RUN_TOP + rows[key] + 1}"
            there = {"low": 2, "expected": 3, "high": 4}[column]
            return f"{INPUTS}!{cell(at.first_input + rows[key], there, 'rc')}"

        page.put(at.first_size - 1, 0, "Sizes", "section")
        for place, term in enumerate(self.own.terms):
            recipe, row = term.recipe, at.first_size + place
            page.put(row, 0, self.model.item_name(recipe.item))
            page.put(row, 2, LABELS[recipe.line], "grey")
            text = recipe.size.formula(refer)
            for run, size in enumerate(self.own.sizes[place].tolist(), RUN):
                page.formula(row, run, text.replace("{run}", column_name(run)), size, "amount")

    def _run_results(self, page: Page) -> None:
        at, own = self.at, self.own
        page.put(at.results - 1, 0, "Results", "section")
        labels = (
            "NPV",
            "EVA, sum of the years",
            "IRR per year",
            "Payback, years",
            "Discounted payback, years",
            "Monthly rate from which the IRR is sought",
        )
        for place, label in enumerate(labels):
            page.put(at.results + place, 0, label, "strong")
        for run in range(len(own.runs)):
            column = RUN + run
            sizes = f"{cell(at.first_size, column, 'r')}:{cell(at.last_size, column, 'r')}"
            text = f"SUMPRODUCT({sizes},{at.terms(UNIT)}+{at.terms(TAX)})"
            if own.carried:
                text += f"-vs_tax*Carry!{cell(4 + run, 1, 'rc')}"
            page.formula(at.results, column, text, own.npv[run], "amount")
        for run in range(4):
            self._detail(page, run)

    def _detail(self, page: Page, run: int) -> None:
        at, found, column = self.at, self.own.statements[run], RUN + run
        page.formula(at.results + 1, column, f"SUM({at.line(run, 'eva')})", found.eva.sum(), "amount")
        flow = at.line(run, "cash_flow")
        guess = cell(at.results + 5, column)
        signs = [self._changes(run, name) for name in ("sign", "balance_sign")]
        text = (
            f'IF({signs[0]}=0,"none",IF({signs[0]}=1,{_rate(flow, (guess, *GAINS, *GUESSES), "none", False)},'
            f'IF({signs[1]}=1,{_rate(flow, (guess, *GAINS), "not unique", True)},"not unique")))'
        )
        months = at.months(at.timeline_row("M"), MODEL)
        limit = f"0.000000001*MAX(MAX({flow}),-MIN({flow}))"
        sums = [
            f"SUMPRODUCT(({flow}{sign}{limit})*{flow}{times})"
            for sign in (">", "<-")
            for times in ("", f"*{months}")
        ]
        first = f"IFERROR((-{sums[0]}/{sums[2]})^(1/({sums[1]}/{sums[0]}-{sums[3]}/{sums[2]}))-1,0.01)"
        page.formula(at.results + 5, column, first, first_guess(found.cash), "factor")
        page.formula(at.results + 2, column, text, rate_of_return(found), "percent")
        for place, name, base in ((3, "accrued", "cash_flow"), (4, "accrued_discounted", "discounted")):
            balance, flows = at.line(run, name), at.line(run, base)
            raw = found.cash if place == 3 else found.discounted
            value = payback(getattr(found, name), raw)
            page.formula(at.results + place, column, self._payback(balance, flows), value, "number")

    def _changes(self, run: int, name: str) -> str:
        """Count the changes of sign."""
        at, row, sheet = self.at, self.at.row(run, name), self.at.block(run)[0]
        early = f"{sheet}!{cell(row, FIRST, 'rc')}:{cell(row, at.last - 1, 'rc')}"
        late = f"{sheet}!{cell(row, FIRST + 1, 'rc')}:{cell(row, at.last, 'rc')}"
        return f"SUMPRODUCT(({early}*{late}<0)*1)"

    def _payback(self, balance: str, flows: str) -> str:
        months = self.at.months(self.at.timeline_row("M"), MODEL)
        limit = f"0.000000001*MAX(MAX({flows}),-MIN({flows}))"
        last = f"SUMPRODUCT(MAX(({balance}<-{limit})*({months}+1)))"
        at_last, after = f"INDEX({balance},{last})", f"INDEX({balance},{last}+1)"
        return (
            f'IF({last}=0,0,IF({last}={self.own.grid.size},"none",'
            f"({last}-1+{at_last}/({at_last}-{after}))/12))"
        )


def _rate(flows: str, guesses: tuple[str, ...], otherwise: str, plausible: bool) -> str:
    """Yearly IRR from the first guess that leads to one, each search refined from where it ended.

    ``plausible``: where several rates may exist, only one between 0 and 1,000% a year counts.
    """
    found = f'"{otherwise}"'
    for guess in reversed(guesses):
        rate = f"(1+IRR({flows},IRR({flows},{guess})))^12-1"
        if plausible:
            rate = f"IF(ABS({rate}-5)<=5,{rate},1/0)"
        found = f"IFERROR({rate},{found})"
    return found
