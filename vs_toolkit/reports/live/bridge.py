"""The bridge from benefits and costs to the NPV: present values by formulas, and its chart."""

from __future__ import annotations

from typing import NamedTuple

from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.pages import RESULTS, Sheets, finish
from vs_toolkit.reports.live.places import BAR, NUMBER, RUN, RUNS, WORTH

HEADS = ["Item", "Present value", "Start", "End"]
BARS = ["Blank", "Up", "Up, below 0", "Down", "Down, below 0"]
SERIES = (
    ("Blank", ""),
    ("Increase", "#0072B2"),
    ("Increase, below zero", "#0072B2"),
    ("Decrease", "#D55E00"),
    ("Decrease, below zero", "#D55E00"),
)


class Step(NamedTuple):
    """An item between nothing and the NPV; tax has number 0."""

    name: str
    number: int
    worth: float


class Bridge(Sheets):
    """Writes the bridge on ``Results``."""

    def write(self, book: Book, page: Page, top: int) -> int:
        """Write present values and chart from a row on; how many rows there are."""
        page.put(top - 2, 0, "From benefits and costs to the NPV: present values (live)", "section")
        page.heads(top - 1, HEADS, words={0})
        page.texts(top - 1, BARS, "grey", BAR)
        steps, end = self._steps(), 0.0
        for row, step in enumerate(steps, top):
            page.put(row, 0, step.name)
            page.formula(row, 1, self._worth(step), step.worth, "amount")
            page.formula(row, 2, f"N({cell(row - 1, 3)})" if row > top else "0", end, "amount")
            start, end = end, end + step.worth
            page.formula(row, 3, f"{cell(row, 2)}+{cell(row, 1)}", end, "amount")
            self._bar(page, row, start, end)
        row = top + len(steps)
        page.put(row, 0, "Net present value", "strong")
        page.formula(row, 1, f"SUM({cell(top, 1)}:{cell(row - 1, 1)})", end, "total")
        page.formula(row, 2, "0", 0, "amount")
        page.formula(row, 3, cell(row, 1), end, "amount")
        self._bar(page, row, 0.0, end)
        _chart(book, page, top, row)
        return len(steps) + 1

    def _steps(self) -> list[Step]:
        own, numbers = self.own, self.model.numbers()
        worth = own.sizes[:, 0] * own.unit_worth
        of_terms = [numbers[term.recipe.item] for term in own.terms]
        steps = [
            Step(
                self.model.item_name(item),
                number,
                sum(value for value, there in zip(worth, of_terms, strict=True) if there == number),
            )
            for item, number in numbers.items()
            if any(term.recipe.item == item for term in own.terms)
        ]
        if self.case.tax:
            steps.append(Step("Tax", 0, float(own.npv[0]) - float(worth.sum())))
        return steps

    def _worth(self, step: Step) -> str:
        if step.number:
            return f"SUMIF({self.at.terms(NUMBER)},{step.number},{self.at.terms(WORTH)})"
        return f"{RUNS}!{cell(self.at.results, RUN)}-SUM({self.at.terms(WORTH)})"

    def _bar(self, page: Page, row: int, start: float, end: float) -> None:
        s, e = cell(row, 2, "c"), cell(row, 3, "c")
        low, high = f"MIN({s},{e})", f"MAX({s},{e})"
        above = max(0.0, max(start, end)) - max(0.0, min(start, end))
        below = min(0.0, min(start, end)) - min(0.0, max(start, end))
        up = end >= start
        blank = max(0.0, min(start, end)) + min(0.0, max(start, end))
        page.formula(row, BAR, f"MAX(0,{low})+MIN(0,{high})", blank, "amount")
        rising = f"({e}>={s})"
        for column, sign, part, value in (
            (BAR + 1, rising, f"MAX(0,{high})-MAX(0,{low})", above if up else 0.0),
            (BAR + 2, rising, f"MIN(0,{low})-MIN(0,{high})", below if up else 0.0),
            (BAR + 3, f"({e}<{s})", f"MAX(0,{high})-MAX(0,{low})", 0.0 if up else above),
            (BAR + 4, f"({e}<{s})", f"MIN(0,{low})-MIN(0,{high})", 0.0 if up else below),
        ):
            page.formula(row, column, f"{sign}*({part})", value, "amount")


def _chart(book: Book, page: Page, first: int, last: int) -> None:
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    for column, (name, colour) in enumerate(SERIES, BAR):
        chart.add_series(
            {
                "name": name,
                "categories": [RESULTS, first, 0, last, 0],
                "fill": {"color": colour} if colour else {"none": True},
                "gap": 40,
                "values": [RESULTS, first, column, last, column],
                "border": {"none": True},
            }
        )
    finish(chart, "From benefits and costs to the NPV (present values)", "")
    page.sheet.insert_chart(1, 6, chart, {"description": "Bridge from benefits and costs to the NPV"})
