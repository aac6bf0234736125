"""The sheets that compute: the model (timeline, courses, statement), the scenarios, and the runs."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.lines import CAPITAL, INCOME, LABELS
from vs_toolkit.reports.live.book import Book, Page, cell, column_name
from vs_toolkit.reports.live.courses import COURSES, FULL_MONTHS, METHODS, SCENARIO_CHOICE, full_months
from vs_toolkit.reports.live.figures import Figures, first_guess, payback, rate_of_return
from vs_toolkit.reports.live.grid import FIRST, TOP, late_months
from vs_toolkit.reports.live.places import (
    END,
    GROWTH,
    INPUTS,
    LINE,
    METHOD,
    MODEL,
    NAME,
    NUMBER,
    RAMP,
    RUN,
    RUN_TOP,
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
GAINS = ("0.005", "0.03", "0.15")
GUESSES = ("1", "6", "-0.02", "-0.1", "-0.3")


class ModelSheets:
    """Writes the model, the scenarios and the runs of a case."""

    def __init__(self, own: Figures, places: Places) -> None:
        self.own, self.at = own, places
        names = {name: places.timeline_row(name) + 1 for name in own.timeline}
        self._names = {name: f"${row}" for name, row in names.items()}
        self._sheet = ""

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
            self._row(page, row, line.formula, line.values, line.look)
        self._terms(page)
        for place in self.at.helped:
            term = self.own.terms[place].recipe
            row, source = self.at.helper(place), self.at.first_term + place
            page.put(row, NAME, f"Full months to date: {self.item_name(term.item)}")
            values = full_months(self.own.grid, term.start or 0, term.ramp or 0, term.end or 0)
            self._row(page, row, FULL_MONTHS, values, "number", r=source + 1)
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
        for column, head in enumerate(HEADS):
            page.put(at.first_term - 1, column, head, "head")
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
            self._row(page, row, COURSES.get(recipe.kind), term.course, "factor", h=helper, o=base)

    def scenarios(self, book: Book) -> None:
        """Write the sheet ``Scenarios``: the statement of each scenario, whichever is live."""
        page = book.page(
            SCENARIOS,
            title="Scenarios: the statement of each, monthly",
            colour="#0072B2",
            wide=self.at.pages_wide,
        )
        page.put(TOP, NAME, "Month")
        self._sheet = f"{MODEL}!"
        self._row(page, TOP, "{c}{M}", self.own.timeline["M"].values, "general")
        for run in (1, 2, 3):
            self._block(page, run)
        self._sheet = ""
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
            self._row(page, row, formulas[name], values[name], look)

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

    def _row(
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

    def runs(self, book: Book) -> None:
        """Write the sheet ``Runs``: inputs, sizes and results of every run, one column each."""
        own = self.own
        page = book.page(
            RUNS,
            title="Runs: the live case, the scenarios and both ends of every assumption",
            colour="#0072B2",
            wide=self.at.pages_wide,
        )
        page.put(1, 0, "Each column is one evaluation of the model; formulas only, no data tables.", "grey")
        for row, label in (
            (3, "Run"),
            (4, "Input that is varied (0: none)"),
            (5, "At its low (1) or high (3) end"),
            (6, "Scenario: 1 downside, 2 base, 3 upside"),
        ):
            page.put(row, 0, label, "strong")
        for place, run in enumerate(own.runs):
            page.put(3, RUN + place, run.name, "head")
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
        page.sheet.set_column(RUN, RUN + len(own.runs), 14)
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
            page.put(row, 0, self.item_name(recipe.item))
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

    def carry(self, book: Book) -> None:
        """Write the sheet ``Carry``: taxable profit of every run, where losses are carried forward."""
        if not self.own.carried:
            return
        at, own = self.at, self.own
        page = book.page(
            "Carry",
            title="Losses carried forward: taxable profit of every run",
            colour="#0072B2",
            wide=self.at.pages_wide,
        )
        page.put(3, 0, "Run", "head")
        page.put(3, 1, "PV of taxed profit", "head")
        running, highest = own.highest_profits
        count, self._sheet = len(own.runs), f"{MODEL}!"
        taxed = "+".join(f'({at.terms(LINE)}="{LABELS[name]}")' for name in own.used(INCOME)) or "0"
        self._row(page, 2, "{c}{M}", own.timeline["M"].values, "general")
        weights = own.paid_factor - np.append(own.paid_factor[1:], 0.0)
        lag, factors = late_months(own.case), at.months(at.timeline_row("DF"), MODEL)
        size = own.grid.size
        paid = (
            f"(IF({{c}}{{M}}+{lag}<{size},INDEX({factors},MIN({{c}}{{M}}+{lag},{size - 1})+1),0)"
            f"-IF({{c}}{{M}}+{lag + 1}<{size},INDEX({factors},MIN({{c}}{{M}}+{lag + 1},{size - 1})+1),0))"
        )
        page.put(1, 0, "Weight of the highest profit so far", "grey")
        self._row(page, 1, paid, weights, "factor")
        first, last = at.first_term + 1, at.last_term + 1
        profits = 4 + count + 1
        for run, name in enumerate(run.name for run in own.runs):
            sizes = at.sizes(run)
            profit_row, running_row = profits + run, profits + count + 1 + run
            page.put(4 + run, 0, name)
            page.put(profit_row, 0, f"Profit: {name}")
            page.put(running_row, 0, f"Cumulative: {name}")
            profit = f"SUMPRODUCT(({taxed})*{sizes}*{{s}}{{c}}${first}:{{c}}${last})"
            income = np.array([term.recipe.line in INCOME for term in own.terms])
            self._row(page, profit_row, profit, (own.sizes[:, run] * income) @ own.courses, "amount")
            text = SETTLED.replace("{r}", str(profit_row + 1))
            self._row(page, running_row, "N({b}{r})+" + text, running[run], "amount")
            self._row(page, 4 + run, f"MAX(N({{b}}{{r}}),{{c}}{running_row + 1},0)", highest[run], "amount")
            own_row, weight_row = at.months(4 + run), at.months(1)
            worth = float(highest[run] @ weights)
            page.formula(4 + run, 1, f"SUMPRODUCT({own_row},{weight_row})", worth, "amount")
        self._sheet = ""
        page.sheet.set_column(0, 0, 50)
        page.sheet.set_column(1, 1, 16)
        page.sheet.set_column(2, FIRST - 1, 2)
        page.sheet.set_column(FIRST, at.last, 11)
        page.sheet.freeze_panes(4, 1)


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
