"""The plan of a relationship as a live model: survival, cash flow, capital charge and NPV by formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.relationship.plan import COSTS, EXPECTED, LINES
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.wording import LABELS, SCENARIOS, TODAY
from vs_toolkit.reports.live.book import Book, Page, cell, column_name
from vs_toolkit.reports.live.courses import SCENARIO_CHOICE

INPUTS, MODEL, RESULTS = "Plan inputs", "Plan model", "Plan results"
SCENARIO, RATE, SURVIVES, OPENING, PART = 3, 4, 5, 6, 8  # rows of the settings
FIRST_LINE = 9
FIRST = 3  # column of today
CASES = ("Live", *SCENARIOS.values())
UNITS = {"margin": "share of revenue", "survival": "per year"}
# one row each: {c} this period, {b} the one before; names are rows of the same case, P the part of a year
ROWS = {
    "lasts": ("Probability that the relationship lasts", "{b}{lasts}*IF({survives},{c}{survival}^{c}{P},1)"),
    "sales": ("Revenue", "{c}{lasts}*{c}{P}*{c}{revenue}"),
    "contribution": ("Contribution", "{c}{sales}*{c}{margin}"),
    "to_serve": ("Cost to serve", "-{c}{lasts}*{c}{P}*{c}{cost_to_serve}"),
    "invested": ("Sales investment", "-{c}{lasts}*{c}{P}*{c}{sales_investment}"),
    "tied": ("Capital tied up at the end of the period", "{c}{lasts}*{c}{capital}"),
    "released": ("Capital released", "N({b}{tied})-{c}{tied}"),
    "cash": ("Cash flow", "{c}{contribution}+{c}{to_serve}+{c}{invested}+{c}{released}"),
    "cumulative": ("Cumulative cash flow", "N({b}{cumulative})+{c}{cash}"),
    "rate": ("Cost of capital of the period", "(1+{yearly})^{c}{P}-1"),
    "factor": ("Discount factor", "{b}{factor}/(1+{c}{rate})"),
    "present": ("Present value", "{c}{cash}*{c}{factor}"),
    "charge": ("Capital charge (on opening capital)", "-{b}{tied}*{c}{rate}"),
    "eva": ("EVA", "{c}{contribution}+{c}{to_serve}+{c}{invested}+{c}{charge}"),
    "present_eva": ("Present value of EVA", "{c}{eva}*{c}{factor}"),
}
TODAYS = {"lasts": "1", "tied": "{opening}", "rate": "0", "factor": "1"} | dict.fromkeys(
    ("sales", "contribution", "to_serve", "invested", "charge", "eva"), "0"
)
LOOKS = {"lasts": "percent", "rate": "percent", "factor": "factor", "cash": "total", "present": "total"}
FIGURES = {
    "NPV": "SUM({present})",
    "EVA, sum of the periods": "SUM({eva})",
    "Present value of EVA": "SUM({present_eva})",
    "Sales investment (present value)": "-SUMPRODUCT({invested},{factor})",
    "NPV per unit of sales investment": 'IF({sheet}B7>0,{sheet}B4/{sheet}B7,"–")',
    "Deepest funding from today": "MIN(0,MIN({cumulative}))",
}


@dataclass(frozen=True)
class PlanSheets:
    """Writes a valued plan; sheets ``Plan results``, ``Plan inputs`` and ``Plan model``."""

    study: Study

    @property
    def size(self) -> int:
        """Number of periods after today."""
        return len(self.study.plans.horizon.years)

    @property
    def given(self) -> list[str]:
        """Lines of the plan that have figures."""
        return [name for place, name in enumerate(LINES) if self.study.plans.given[place, 0]]

    def write(self, book: Book) -> None:
        """Write the sheets."""
        self._results(book)
        self._inputs(book)
        page = book.page(MODEL, title=f"Plan model, {self.study.currency}", colour="#0072B2")
        page.put(1, 0, "One formula per row; costs are negative; today is the first column.", "grey")
        for case in range(len(CASES)):
            self._case(page, case)
        page.sheet.set_column(0, 0, 44)
        page.sheet.set_column(1, 1, 9)
        page.sheet.set_column(2, 2, 14)
        page.sheet.set_column(FIRST, FIRST + self.size, 13)
        page.sheet.freeze_panes(0, 1)

    # -- inputs --------------------------------------------------------------------------------------------

    def _inputs(self, book: Book) -> None:
        terms, opening = self.study.terms, float(self.study.valuation.expected.capital[0, 0])
        page = book.page(INPUTS, title="Plan inputs", colour="#E69F00")
        page.put(1, 0, "Shaded cells may be changed; figures of full years.", "grey")
        for row, label, value, look in (
            (SCENARIO, "Scenario: 1 downside, 2 base, 3 upside", 2, "input"),
            (RATE, "Cost of capital per year, with any risk premium", terms.rate, "input_percent"),
            (SURVIVES, "Flows are weighted by survival: 1 yes, 0 no", int(terms.counts_survival), "input"),
            (OPENING, f"Capital tied up today, {self.study.currency}", opening, "input"),
        ):
            page.put(row, 0, label)
            page.put(row, 3, value, look)
        page.heads(
            PART - 1, ["Line of the plan", "Unit", "", "", *self.study.plans.horizon.labels], words={0, 1}
        )
        page.put(PART, 0, "Part of a year that the period lasts (fixed)")
        for column, part in enumerate(self.study.plans.horizon.fraction.tolist(), FIRST + 1):
            page.put(PART, column, part, "general")
        for place, name in enumerate(self.given):
            self._line(page, FIRST_LINE + 3 * place, name)
        page.sheet.set_column(0, 0, 48)
        page.sheet.set_column(1, 1, 22)
        page.sheet.set_column(2, FIRST + self.size, 13)
        page.sheet.freeze_panes(PART, 1)

    def _line(self, page: Page, top: int, name: str) -> None:
        look = "input_percent" if name in UNITS else "input"
        for place, (end, values) in enumerate(
            zip(("low", "expected", "high"), self.study.plans.values[:, LINES.index(name), 0], strict=True)
        ):
            page.put(top + place, 0, f"{LABELS[name]}, {end}")
            page.put(top + place, 1, UNITS.get(name, f"{self.study.currency} per year"), "grey")
            for column, value in enumerate(values.tolist(), FIRST + 1):
                page.put(top + place, column, value, look)

    # -- model ---------------------------------------------------------------------------------------------

    def row(self, case: int, name: str) -> int:
        """Row of the model, counted from 0."""
        names = [*self.given, *ROWS]
        return 4 + case * (len(names) + 2) + names.index(name)

    def _values(self, case: int) -> dict[str, FloatArray]:
        """Values of the rows of a case; shape (periods + 1,)."""
        point = EXPECTED if case == 0 else case - 1
        valuation, horizon = self.study.valuation, self.study.plans.horizon
        flows = valuation.flows(self.study.plans.scenario(point))
        rates, factors = horizon.rates(self.study.terms.rate), horizon.factors(self.study.terms.rate)
        cash, capital, operating = flows.cash[0], flows.capital[0], flows.operating[0]
        charge = np.append(0.0, capital[:-1]) * rates
        return {
            "lasts": flows.survival[0],
            "sales": flows.revenue[0],
            "contribution": flows.contribution[0],
            "to_serve": -flows.cost_to_serve[0],
            "invested": -flows.sales_investment[0],
            "tied": capital,
            "released": -flows.capital_change[0],
            "cash": cash,
            "cumulative": np.cumsum(cash),
            "rate": rates,
            "factor": factors,
            "present": cash * factors,
            "charge": -charge,
            "eva": operating - charge,
            "present_eva": (operating - charge) * factors,
        }

    def _case(self, page: Page, case: int) -> None:
        top, point = self.row(case, self.given[0]), EXPECTED if case == 0 else case - 1
        page.put(top - 1, 0, f"{CASES[case]} case", "section")
        page.put(top - 1, 1, "Scenario", "grey")
        if case:
            page.put(top - 1, 2, case, "general")
        else:
            page.formula(top - 1, 2, f"'{INPUTS}'!{cell(SCENARIO, 3, 'rc')}", 2)
        page.texts(top - 1, [TODAY, *self.study.plans.horizon.labels], "head_right", FIRST)
        lines = self.study.plans.scenario(point)[:, 0]
        for place, name in enumerate(self.given):
            self._chosen(page, (top + place, top - 1), name, lines[LINES.index(name)])
        values, names = self._values(case), {name: str(self.row(case, name) + 1) for name in ROWS}
        for name, (label, text) in ROWS.items():
            row, look = self.row(case, name), LOOKS.get(name, "amount")
            page.put(row, 0, label, "strong" if look == "total" else "text")
            for place, value in enumerate(values[name].tolist()):
                own = TODAYS.get(name, text) if place == 0 else text
                if name == "tied" and (place == self.size or (place and "capital" not in self.given)):
                    own = "0"  # all capital is released in the last period
                page.formula(row, FIRST + place, self._filled(own, case, names, place), value, look)

    def _chosen(self, page: Page, rows: tuple[int, int], name: str, values: FloatArray) -> None:
        """Write a line of the plan as the case has it."""
        row, head = rows
        first = FIRST_LINE + 3 * self.given.index(name)
        look = "percent" if name in UNITS else "amount"
        page.put(row, 0, f"{LABELS[name]} (plan)")
        page.put(row, 1, "high" if name in COSTS else "low", "grey")
        for column, value in enumerate(values.tolist(), FIRST + 1):
            points = f"'{INPUTS}'!{cell(first, column, 'r')}:{cell(first + 2, column, 'r')}"
            chosen = SCENARIO_CHOICE.format(scenario=f"$C${head + 1}", worse=cell(row, 1, "c"))
            page.formula(row, column, f"INDEX({points},{chosen})", value, look)

    def _filled(self, text: str, case: int, names: dict[str, str], place: int) -> str:
        lines = {name: str(self.row(case, name) + 1) for name in self.given}
        if "survival" not in self.given:
            text = text.replace("{c}{survival}", "1")
        settings = {name: f"'{INPUTS}'!{cell(row, 3, 'rc')}" for name, row in
                    (("yearly", RATE), ("survives", SURVIVES), ("opening", OPENING))}  # fmt: skip
        here = column_name(FIRST + place)
        text = text.replace("{c}{P}", f"'{INPUTS}'!{here}${PART + 1}")
        return text.format(**lines, **names, **settings, c=here, b=column_name(FIRST + place - 1))

    # -- results -------------------------------------------------------------------------------------------

    def _results(self, book: Book) -> None:
        page = book.page(RESULTS, title=f"Relationship NPV: {self.study.name}", colour="#009E73")
        page.put(1, 0, "Recalculates with the shaded cells of Plan inputs; the simulation does not.", "grey")
        page.texts(2, [f"Amounts in {self.study.currency}", *CASES], "head_right")
        found = [list(self._figures(case)) for case in range(len(CASES))]
        for place, (label, text) in enumerate(FIGURES.items()):
            page.put(3 + place, 0, label, "strong")
            look = "number" if "per unit" in label else "amount"
            for case in range(len(CASES)):
                column = column_name(1 + case)
                ranges = {name: self._range(case, name) for name in ROWS}
                own = text.replace("{sheet}B", column).format(**ranges)
                page.formula(3 + place, 1 + case, own, found[case][place], look)
        self._check(page, 3 + len(FIGURES) + 1)
        chart = book.book.add_chart({"type": "line"})
        row = self.row(0, "cumulative")
        chart.add_series(
            {
                "name": "Cumulative cash flow",
                "categories": [MODEL, self.row(0, self.given[0]) - 1, FIRST, self.row(0, self.given[0]) - 1,
                               FIRST + self.size],
                "values": [MODEL, row, FIRST, row, FIRST + self.size],
                "line": {"color": "#0072B2", "width": 2.25},
            }
        )  # fmt: skip
        chart.set_title({"name": "Cumulative cash flow from today (live)", "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"label_position": "low"})
        chart.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": False}})
        chart.set_size({"width": 760, "height": 300})
        page.sheet.insert_chart(13, 0, chart, {"description": "Cumulative cash flow from today"})
        page.sheet.set_column(0, 0, 44)
        page.sheet.set_column(1, len(CASES), 16)

    def _range(self, case: int, name: str) -> str:
        row = self.row(case, name)
        return f"'{MODEL}'!{cell(row, FIRST, 'rc')}:{cell(row, FIRST + self.size, 'rc')}"

    def _figures(self, case: int) -> Iterator[float | str]:
        own = self._values(case)
        npv, spent = float(own["present"].sum()), float(-(own["invested"] @ own["factor"]))
        yield from (npv, float(own["eva"].sum()), float(own["present_eva"].sum()), spent)
        yield npv / spent if spent > 0 else "–"
        yield min(0.0, float(own["cumulative"].min()))

    def _check(self, page: Page, row: int) -> None:
        """NPV equals the present value of EVA (Preinreich and Lücke)."""
        page.put(row, 0, "Check: NPV equals the present value of EVA", "strong")
        text = 'IF(ABS(B4-B6)<=0.000001*MAX(1,ABS(B4)),"OK","CHECK")'
        page.formula(row, 1, text, "OK", "strong")


def write(study: Study, book: Book) -> None:
    """Write the plan of a relationship, if it can be valued."""
    if study.valued:
        PlanSheets(study).write(book)
