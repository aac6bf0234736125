"""The sheets of months: the model (timeline, courses, statement) and the scenarios."""

from __future__ import annotations

from collections.abc import Iterable

from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.lines import CAPITAL, INCOME, LABELS
from vs_toolkit.reports.live.book import Book, Page, cell, column_name
from vs_toolkit.reports.live.courses import COURSES, FULL_MONTHS, METHODS, full_months
from vs_toolkit.reports.live.figures import Figures
from vs_toolkit.reports.live.grid import FIRST, TOP, late_months
from vs_toolkit.reports.live.places import (
    END,
    GROWTH,
    LINE,
    METHOD,
    MODEL,
    NAME,
    NUMBER,
    RAMP,
    RUN,
    RUNS,
    SCENARIOS,
    SIGN,
    SIZE,
    START,
    TAX,
    UNIT,
    WORTH,
    Places,
)

HEADS = (
    "Item",
    "No.",
    "Line",
    "Growth or share",
    "Start month",
    "Ramp, life",
    "End month",
    "Sign",
    "Size (live)",
    "PV of one unit",
    "PV of its tax",
    "PV (live)",
    "Method",
)
STATEMENT = LABELS | {
    "settled": "Operating profit, settled by accounting period",
    "running": "Cumulative taxable profit",
    "highest": "Highest cumulative profit so far",
    "cash_flow": "Free cash flow",
    "discounted": "Discounted cash flow",
    "accrued": "Cumulative cash flow (spread over each period)",
    "accrued_discounted": "Cumulative discounted cash flow",
    "balance": "Cumulative cash flow (as dated)",
    "sign": "Sign of the cash flow",
    "balance_sign": "Sign of the cumulative cash flow",
}
SETTLED = "{c}{SW}*SUM(INDEX(${a}{r}:${z}{r},{c}{SF}+2):INDEX(${a}{r}:${z}{r},{c}{ST}+1))"
TOTALS = ("operating_profit", "nopat", "capital_employed", "cash_flow", "eva")


class ModelSheets:
    """Writes rows over the months of a case; ``sheet`` names that of the timeline where it is another."""

    def __init__(self, own: Figures, places: Places, sheet: str = "") -> None:
        self.own, self.at = own, places
        names = {name: places.timeline_row(name) + 1 for name in own.timeline}
        self._names = {name: f"${row}" for name, row in names.items()}
        self._sheet = sheet

    def model(self, book: Book) -> None:
        """Write the sheet ``Model``."""
        page = book.page(
            MODEL,
            title=f"Model: monthly, {self.own.case.currency}",
            colour="#0072B2",
            wide=self.at.pages_wide,
        )
        page.put(1, 0, "One formula per row; month 0 is the start. Costs are negative.", "grey")
        for name, line in self.own.timeline.items():
            row = self.at.timeline_row(name)
            page.put(row, NAME, line.label)
            page.put(row, METHOD, line.unit, "grey")
            self.months(page, row, line.formula, line.values, line.look)
        self._terms(page)
        for place in self.at.helped:
            term = self.own.terms[place].recipe
            row, source = self.at.helper(place), self.at.first_term + place
            page.put(row, NAME, f"Full months to date: {self.item_name(term.item)}")
            values = full_months(self.own.grid, term.start or 0, term.ramp or 0, term.end or 0)
            self.months(page, row, FULL_MONTHS, values, "number", r=source + 1)
        if self.at.helped:
            page.put(
                self.at.first_helper - 1, NAME, "Timing: months of full effect up to each month", "section"
            )
        self._block(page, 0)
        page.sheet.set_column(NAME, NAME, 44)
        page.sheet.set_column(NUMBER, NUMBER, 5)
        page.sheet.set_column(LINE, LINE, 26)
        page.sheet.set_column(GROWTH, SIGN, 9)
        page.sheet.set_column(SIZE, WORTH, 14)
        page.sheet.set_column(METHOD, METHOD, 22)
        page.sheet.set_column(FIRST - 1, FIRST - 1, 2)
        page.sheet.set_column(FIRST, self.at.last, 11)
        page.sheet.freeze_panes(TOP + 2, 1)
        page.sheet.repeat_columns(0)

    def item_name(self, item: str) -> str:
        """Name of an item on the page."""
        names = {own.id: own.name for own in self.own.case.items}
        return names.get(item, "Terminal value")

    def numbers(self) -> dict[str, int]:
        """Number of each item, from 1."""
        items = [own.id for own in self.own.case.items] + ["terminal_value"]
        return {item: place for place, item in enumerate(items, 1)}

    def _terms(self, page: Page) -> None:
        numbers, at, own = self.numbers(), self.at, self.own
        page.put(at.first_term - 2, NAME, "Course of one unit of each line", "section")
        page.heads(at.first_term - 1, HEADS, words={NAME, LINE, METHOD})
        for place, (term, worth, tax) in enumerate(zip(own.terms, own.unit_worth, own.unit_tax, strict=True)):
            recipe, row = term.recipe, at.first_term + place
            size = own.sizes[place, 0]
            suffix = " (salvage)" if recipe.part else ""
            page.put(row, NAME, self.item_name(recipe.item) + suffix)
            page.put(row, NUMBER, numbers[recipe.item])
            page.put(row, LINE, LABELS[recipe.line])
            for column, value in ((START, recipe.start), (RAMP, recipe.ramp), (END, recipe.end)):
                page.put(row, column, value, "general")
            page.put(row, GROWTH, recipe.growth, "percent")
            page.put(row, SIGN, recipe.sign)
            page.put(row, METHOD, METHODS[recipe.kind], "grey")
            page.formula(row, SIZE, f"{RUNS}!{cell(at.first_size + place, RUN)}", size, "amount")
            weights = "DS" if recipe.line in CAPITAL else "DF"
            months = at.months(at.timeline_row(weights))
            page.formula(row, UNIT, f"SUMPRODUCT({at.months(row)},{months})", worth, "factor")
            if recipe.line in INCOME and own.case.tax and not own.carried:
                due = at.months(at.timeline_row("DT"))
                page.formula(row, TAX, f"-vs_tax*SUMPRODUCT({at.months(row)},{due})", tax, "factor")
            else:
                page.put(row, TAX, 0.0, "factor")
            page.formula(row, WORTH, f"{cell(row, SIZE)}*{cell(row, UNIT)}", size * worth, "amount")
            helper = at.helper(place) + 1 if place in at.helped else 0
            base = at.first_term + (recipe.base or 0) + 1
            self.months(page, row, COURSES.get(recipe.kind), term.course, "factor", h=helper, o=base)

    def scenarios(self, book: Book) -> None:
        """Write the sheet ``Scenarios``: the statement of each scenario, whichever is live."""
        page = book.page(
            SCENARIOS,
            title="Scenarios: the statement of each, monthly",
            colour="#0072B2",
            wide=self.at.pages_wide,
        )
        page.put(TOP, NAME, "Month")
        self.months(page, TOP, "{c}{M}", self.own.timeline["M"].values, "general")
        for run in (1, 2, 3):
            self._block(page, run)
        page.sheet.set_column(NAME, NAME, 44)
        page.sheet.set_column(1, FIRST - 1, 2)
        page.sheet.set_column(FIRST, self.at.last, 11)
        page.sheet.freeze_panes(TOP + 1, 1)
        page.sheet.repeat_columns(0)

    def _block(self, page: Page, run: int) -> None:
        found, formulas = self.own.statements[run], self._formulas(run)
        values = {
            **found.lines,
            **found.capital,
            "operating_profit": found.profit,
            "settled": found.settled,
            "running": found.running,
            "highest": found.highest,
            "tax": found.tax,
            "terminal_value": found.terminal,
            "nopat": found.nopat,
            "tax_payable": found.payable,
            "capital_employed": found.employed,
            "cash_flow": found.cash,
            "discounted": found.discounted,
            "accrued": found.accrued,
            "accrued_discounted": found.accrued_discounted,
            "capital_charge": found.charge,
            "eva": found.eva,
            "balance": found.balance,
            "sign": found.sign,
            "balance_sign": found.balance_sign,
        }
        page.put(
            self.at.block(run)[1], NAME, f"{self.own.runs[run].name}: statement and cash flow", "section"
        )
        for name in self.at.statement_rows:
            row, look = self.at.row(run, name), "total" if name in TOTALS else "amount"
            look = "general" if name.endswith("sign") else look
            page.put(row, NAME, STATEMENT[name], "strong" if name in TOTALS else "text")
            self.months(page, row, formulas[name], values[name], look)

    def _formulas(self, run: int) -> dict[str, str]:
        at, used = self.at, self.at.statement_rows

        def here(name: str, column: str = "{c}") -> str:
            return f"{column}{at.row(run, name) + 1}"

        def whole(name: str) -> str:
            return at.months(at.row(run, name))

        def total(names: Iterable[str]) -> str:
            return "+".join(here(name) for name in names if name in used) or "0"

        first, last = at.first_term + 1, at.last_term + 1
        sums = (
            f"SUMPRODUCT(({at.terms(LINE)}=$A{{r}})*{at.sizes(run)}*{self._sheet}{{c}}${first}:{{c}}${last})"
        )
        lag = late_months(self.own.case)
        limit = f"0.000000001*MAX(MAX({whole('cash_flow')}),-MIN({whole('cash_flow')}))"
        found = dict.fromkeys((*INCOME, *CAPITAL, "terminal_value"), sums)
        found |= {
            "operating_profit": total(INCOME),
            "settled": SETTLED.replace("{r}", str(at.row(run, "operating_profit") + 1))
            if "settled" in used
            else "",
            "running": f"N({here('running', '{b}')})+{here('settled')}" if "running" in used else "",
            "highest": f"MAX(N({here('highest', '{b}')}),{here('running')},0)" if "highest" in used else "",
            "nopat": total(("operating_profit", "tax", "terminal_value")),
            "capital_employed": total((*CAPITAL, "tax_payable")),
            "cash_flow": f"{here('nopat')}-({here('capital_employed')}-N({here('capital_employed', '{b}')}))",
            "discounted": f"{here('cash_flow')}*{{c}}{{DF}}",
            "capital_charge": f"N({here('capital_employed', '{b}')})*N({{b}}{{CW}})",
            "eva": f"{here('nopat')}-{here('capital_charge')}",
            "balance": f"N({here('balance', '{b}')})+{here('cash_flow')}",
            "sign": f"IF(ABS({here('cash_flow')})<={limit},N({here('sign', '{b}')}),"
            f"SIGN({here('cash_flow')}))",
            "balance_sign": f"IF(ABS({here('balance')})<={limit},N({here('balance_sign', '{b}')}),"
            f"SIGN({here('balance')}))",
        }
        for name, source in (("accrued", "cash_flow"), ("accrued_discounted", "discounted")):
            found[name] = (
                f"N({here(name, '{b}')})+{here(source)}*(1-{{c}}{{PL}})+IF({{c}}{{M}}=0,0,"
                f"SUMPRODUCT(({{s}}${{a}}{{PN}}:${{z}}{{PN}}={{c}}{{PN}})*{{s}}${{a}}{{PL}}:${{z}}{{PL}}"
                f"*{whole(source)})/vs_period)"
            )
        if "tax" in used:
            found["tax"] = f"-vs_tax*{here('settled')}"
            if self.own.carried:
                found["tax"] = f"-vs_tax*({here('highest')}-N({here('highest', '{b}')}))"
        if lag:
            found["tax_payable"] = (
                f"N({here('tax_payable', '{b}')})+{here('tax')}-IF({{c}}{{M}}<{lag},0,"
                f"INDEX({whole('tax')},{{c}}{{M}}-{lag - 1}))"
            )
        return found

    def months(
        self, page: Page, row: int, formula: str | None, values: FloatArray, look: str, **rows: int
    ) -> None:
        """Write a row over the months: its formula with the values, or the values."""
        if formula is None:
            for place, value in enumerate(values):
                page.put(row, FIRST + place, float(value), look)
            return
        first, last = column_name(FIRST), column_name(self.at.last)
        known = {"r": row + 1, **rows, "a": first, "z": last, "wacc": self.at.wacc, "s": self._sheet}
        text = formula
        for name, mark in self._names.items():  # rows of the timeline, on this sheet or on the model's
            for column in ("{c}", "{b}", "{d}"):
                text = text.replace(f"{column}{{{name}}}", f"{self._sheet}{column}{mark}")
            text = text.replace(f"{{{name}}}", mark)
        for month, value in enumerate(values.tolist(), FIRST):
            before, here, after = (column_name(month + shift) for shift in (-1, 0, 1))
            page.formula(row, month, text.format(**known, b=before, c=here, d=after), value, look)
