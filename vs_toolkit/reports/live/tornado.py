"""The sensitivity of the NPV: both ends of every assumption, the widest first, all by formulas."""

from __future__ import annotations

from typing import NamedTuple

from vs_toolkit.reports.live.book import Page, cell
from vs_toolkit.reports.live.pages import Sheets
from vs_toolkit.reports.live.places import BAR, RUN, RUNS

HEADS = ["Assumption", "At its low end", "At its high end", "Swing", "Order"]
UNSORTED = ["Assumption, unsorted", "Low", "High", "Swing", "Rank", "Rounded"]


class Ends(NamedTuple):
    """The NPV at both ends of an assumption; ``run`` is the place of the low one among the runs."""

    name: str
    run: int
    low: float
    high: float

    @property
    def swing(self) -> float:
        """How far the ends lie apart."""
        return abs(self.high - self.low)


class Tornado(Sheets):
    """Writes the sensitivity on ``Results``."""

    def write(self, page: Page, top: int) -> int:
        """Write it from a row on; how many assumptions there are."""
        title = "Sensitivity: NPV with one assumption at its ends, all others as expected"
        page.put(top - 2, 0, title, "section")
        page.heads(top - 1, HEADS, words={0})
        page.texts(top - 1, UNSORTED, "grey", BAR)
        found = self._ends()
        widest = max((ends.swing for ends in found), default=0.0) or 1.0
        rounded = [round(ends.swing / widest, 9) for ends in found]
        order = sorted(range(len(found)), key=lambda place: (-rounded[place], place))
        for place, ends in enumerate(found):
            row = top + place
            self._unsorted(page, row, ends)
            page.formula(row, BAR + 5, _share(row, top, len(found)), rounded[place], "factor")
            page.formula(row, BAR + 4, _rank(row, top, len(found)), order.index(place) + 1)
        for row, place in enumerate(order, top):
            _sorted(page, row, top, found[place], len(found))
        return len(found)

    def _ends(self) -> list[Ends]:
        rows, npv = list(self.own.recipes.rows.values()), self.own.npv
        return [
            Ends(rows[run.varied - 1].name, place, float(npv[place]), float(npv[place + 1]))
            for place, run in enumerate(self.own.runs)
            if run.end == 1
        ]

    def _unsorted(self, page: Page, row: int, ends: Ends) -> None:
        page.put(row, BAR, ends.name, "grey")
        for shift, value in enumerate((ends.low, ends.high)):
            there = f"{RUNS}!{cell(self.at.results, RUN + ends.run + shift)}"
            page.formula(row, BAR + 1 + shift, there, value, "amount")
        text = f"ABS({cell(row, BAR + 2)}-{cell(row, BAR + 1)})"
        page.formula(row, BAR + 3, text, ends.swing, "amount")


def _share(row: int, top: int, count: int) -> str:
    """Swing as a share of the widest, rounded: what differs by noise is a tie."""
    widest = f"MAX($X${top + 1}:$X${top + count})"
    return f"IF({widest}=0,0,ROUND({cell(row, BAR + 3)}/{widest},9))"


def _rank(row: int, top: int, count: int) -> str:
    """Place among the shares; ties in the order of the lines."""
    shares, so_far = f"$Z${top + 1}:$Z${top + count}", f"$Z${top + 1}:{cell(row, BAR + 5)}"
    return f"RANK({cell(row, BAR + 5)},{shares})+COUNTIF({so_far},{cell(row, BAR + 5)})-1"


def _sorted(page: Page, row: int, top: int, ends: Ends, count: int) -> None:
    """Write the line that is looked up by its rank."""
    page.put(row, 4, row - top + 1, "general")
    match = f"MATCH({cell(row, 4)},$Y${top + 1}:$Y${top + count},0)"
    values = (ends.name, ends.low, ends.high, ends.swing)
    for column, (there, value) in enumerate(zip("UVWX", values, strict=True)):
        text = f"INDEX(${there}${top + 1}:${there}${top + count},{match})"
        page.formula(row, column, text, value, "amount" if column else "text")
