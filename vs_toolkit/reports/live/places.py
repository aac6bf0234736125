"""Where everything stands on the sheets of a live case."""

from __future__ import annotations

from dataclasses import dataclass

from vs_toolkit.impact.lines import CAPITAL, INCOME, TERMINAL
from vs_toolkit.reports.live.book import cell, column_name
from vs_toolkit.reports.live.courses import HELPED
from vs_toolkit.reports.live.figures import Figures
from vs_toolkit.reports.live.grid import FIRST, TOP, late_months

INPUTS, MODEL, RUNS, SCENARIOS = "Inputs", "Model", "Runs", "Scenarios"
SETTINGS = 3  # first row of the settings on the sheet of inputs
RUN = 3  # column of the first run
BAR = 20  # first column of what the charts and the order on Results are drawn from
RUN_TOP = 7  # row of the first input on the sheet of runs
NAME, NUMBER, LINE, GROWTH, START, RAMP, END, SIGN, SIZE, UNIT, TAX, WORTH, METHOD = range(13)


@dataclass(frozen=True)
class Places:
    """Rows and columns, counted from 0, that follow from what a case has."""

    own: Figures

    @property
    def waccs(self) -> int:
        """How many rates of the cost of capital there are."""
        rates = self.own.case.rates
        return len(rates) if isinstance(rates, tuple) else 1

    @property
    def first_wacc(self) -> int:
        """Row of the first rate on the sheet of inputs."""
        return SETTINGS + 5

    @property
    def wacc(self) -> str:
        """Range of the cost of capital."""
        first, last = self.first_wacc, self.first_wacc + self.waccs - 1
        return f"{INPUTS}!{cell(first, 3, 'rc')}:{cell(last, 3, 'rc')}"

    @property
    def first_input(self) -> int:
        """Row of the first input on the sheet of inputs."""
        return self.first_wacc + self.waccs + 3

    def input_row(self, key: str) -> int:
        """Row of an input on the sheet of inputs."""
        return self.first_input + list(self.own.recipes.rows).index(key)

    @property
    def first_size(self) -> int:
        """Row of the first size on the sheet of runs."""
        return RUN_TOP + len(self.own.recipes.rows) + 2

    @property
    def last_size(self) -> int:
        """Row of the last size on the sheet of runs."""
        return self.first_size + len(self.own.terms) - 1

    @property
    def results(self) -> int:
        """Row of the NPV on the sheet of runs; EVA, IRR and both paybacks follow."""
        return self.last_size + 3

    def sizes(self, run: int) -> str:
        """Range of the sizes of a run on the sheet of runs."""
        first, last = cell(self.first_size, RUN + run, "rc"), cell(self.last_size, RUN + run, "rc")
        return f"{RUNS}!{first}:{last}"

    @property
    def end_npvs(self) -> str:
        """Range of the NPV at both ends of every assumption."""
        last = RUN + len(self.own.runs) - 1
        return f"{RUNS}!{cell(self.results, RUN + 4, 'rc')}:{cell(self.results, last, 'rc')}"

    @property
    def last(self) -> int:
        """Column of the last month."""
        return FIRST + self.own.grid.size - 1

    @property
    def pages_wide(self) -> int:
        """Pages beside each other on which the months are printed: two years on each, roughly."""
        return 1 + self.own.grid.size // 25

    def timeline_row(self, name: str) -> int:
        """Row of the timeline."""
        return TOP + list(self.own.timeline).index(name)

    @property
    def first_term(self) -> int:
        """Row of the first course in the model."""
        return TOP + len(self.own.timeline) + 3

    @property
    def last_term(self) -> int:
        """Row of the last course."""
        return self.first_term + len(self.own.terms) - 1

    @property
    def helped(self) -> list[int]:
        """Places of the terms that need their full months to date."""
        return [place for place, term in enumerate(self.own.terms) if term.recipe.kind in HELPED]

    @property
    def first_helper(self) -> int:
        """Row of the first of full months to date."""
        return self.last_term + 3

    def helper(self, place: int) -> int:
        """Row with the full months to date of a term."""
        return self.first_helper + self.helped.index(place)

    @property
    def statement(self) -> int:
        """Row of the title of the statement in the model."""
        return self.first_helper + len(self.helped) + 1

    @property
    def statement_rows(self) -> list[str]:
        """Keys of the rows of a statement, in order."""
        own = self.own
        taxed = own.case.tax is not None
        rows = [*own.used(INCOME), "operating_profit"]
        rows += ["settled"] if taxed else []
        rows += ["running", "highest"] if own.carried else []
        rows += ["tax"] if taxed else []
        rows += ["terminal_value"] if own.used((TERMINAL,)) else []
        rows += ["nopat", *own.used(CAPITAL)]
        rows += ["tax_payable"] if late_months(own.case) else []
        rows += ["capital_employed", "cash_flow", "discounted", "accrued", "accrued_discounted"]
        return [*rows, "capital_charge", "eva", "balance", "sign", "balance_sign"]

    def block(self, run: int) -> tuple[str, int]:
        """Sheet and title row of the statement of a run: 0 live, 1-3 scenarios."""
        if run == 0:
            return MODEL, self.statement
        return SCENARIOS, TOP + 2 + (run - 1) * (len(self.statement_rows) + 3)

    def row(self, run: int, name: str) -> int:
        """Row of the statement of a run."""
        return self.block(run)[1] + 1 + self.statement_rows.index(name)

    def months(self, row: int, sheet: str = "") -> str:
        """Range of a row over all months."""
        own = f"${column_name(FIRST)}${row + 1}:${column_name(self.last)}${row + 1}"
        return f"{sheet}!{own}" if sheet else own

    def line(self, run: int, name: str) -> str:
        """Range of a row of the statement of a run, with its sheet."""
        return self.months(self.row(run, name), self.block(run)[0])

    def terms(self, column: int) -> str:
        """Range of a column of the terms in the model, with its sheet."""
        first, last = cell(self.first_term, column, "rc"), cell(self.last_term, column, "rc")
        return f"{MODEL}!{first}:{last}"
