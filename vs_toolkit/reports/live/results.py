"""The sheet of results: headline figures, year by year, bridge, sensitivity, charts."""

from __future__ import annotations

from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.bridge import Bridge
from vs_toolkit.reports.live.figures import NAMES, payback, rate_of_return
from vs_toolkit.reports.live.grid import FIRST
from vs_toolkit.reports.live.pages import RESULTS, Sheets, finish
from vs_toolkit.reports.live.places import BAR, MODEL, RUN, RUNS, Places
from vs_toolkit.reports.live.tornado import Tornado

YEARS = 16  # row of the heads of the yearly table on Results
HEADLINE = (
    ("Net present value (NPV)", "amount"),
    ("Economic value added (EVA), sum of the years", "amount"),
    ("Internal rate of return (IRR)", "percent"),
    ("Payback, years", "number"),
    ("Discounted payback, years", "number"),
)
CUMULATIVE = (("accrued", "#0072B2", "Undiscounted"), ("accrued_discounted", "#7F7F7F", "Discounted"))


class Results(Sheets):
    """Writes the sheet ``Results``."""

    def write(self, book: Book) -> None:
        """Write the headline figures, the yearly table, the bridge and the charts."""
        at = self.at
        page = book.page(RESULTS, title=f"Results: {self.case.title}", colour="#009E73")
        self._headline(book, page)
        self._years(page)
        bridge = YEARS + self.own.grid.years + 5
        around = (self.own, at, self.model, self.as_of, self.edition)
        tornado = bridge + Bridge(*around).write(book, page, bridge) + 3
        count = Tornado(*around).write(page, tornado)
        _cumulative(book, page, at)
        page.sheet.set_column(0, 0, 48)
        page.sheet.set_column(1, 5, 15)
        page.sheet.set_column(6, BAR + 5, 11)
        page.sheet.print_area(0, 0, max(tornado + count, 44), BAR - 3)

    def _headline(self, book: Book, page: Page) -> None:
        live = 'CHOOSE(vs_scenario,"Live: downside case","Live: base case","Live: upside case")'
        page.formula(1, 0, live, "Live: base case", "grey")
        page.heads(2, [f"Amounts in {self.case.currency}", *NAMES], words={0})
        for place, (label, look) in enumerate(HEADLINE):
            page.put(3 + place, 0, label, "strong")
            for run in range(4):
                there = f"{RUNS}!{cell(self.at.results + place, RUN + run)}"
                page.formula(3 + place, 1 + run, there, self.result(place, run), look)
        book.book.define_name("vs_npv", f"={RESULTS}!$B$4")
        page.put(9, 0, "All checks", "strong")
        page.formula(9, 1, "vs_checks", "OK", "strong")

    def result(self, place: int, run: int) -> float | str:
        """Figure of a run: NPV, EVA, IRR, payback, discounted payback."""
        found = self.own.statements[run]
        if place == 0:
            return float(self.own.npv[run])
        if place == 1:
            return float(found.eva.sum())
        if place == 2:
            return rate_of_return(found)
        return (
            payback(found.accrued, found.cash)
            if place == 3
            else payback(found.accrued_discounted, found.discounted)
        )

    def _years(self, page: Page) -> None:
        at, grid, found = self.at, self.own.grid, self.own.statements[0]
        page.put(YEARS - 1, 0, "Year by year (live)", "section")
        page.texts(
            YEARS, ["Year", "NOPAT", "Capital charge", "EVA", "Free cash flow", "Cumulative"], "head_right"
        )
        years = at.months(at.timeline_row("Y"), MODEL)
        sums = {
            name: grid.yearly(values)
            for name, values in (
                ("nopat", found.nopat),
                ("capital_charge", found.charge),
                ("eva", found.eva),
                ("cash_flow", found.cash),
            )
        }
        for year in range(grid.years + 1):
            row = YEARS + 1 + year
            page.put(row, 0, year)
            for column, (name, values) in enumerate(sums.items(), 1):
                text = f"SUMIF({years},{cell(row, 0, 'c')},{at.line(0, name)})"
                page.formula(row, column, text, values[year], "amount")
            above = f"N({cell(row - 1, 5)})+" if year else ""
            page.formula(row, 5, above + cell(row, 4), sums["cash_flow"][: year + 1].sum(), "amount")


def _cumulative(book: Book, page: Page, at: Places) -> None:
    chart = book.book.add_chart({"type": "line"})
    months = [MODEL, at.timeline_row("M"), FIRST, at.timeline_row("M"), at.last]
    for name, colour, label in CUMULATIVE:
        row = at.row(0, name)
        chart.add_series(
            {
                "name": label,
                "categories": months,
                "line": {"color": colour, "width": 2.25},
                "values": [MODEL, row, FIRST, row, at.last],
            }
        )
    finish(chart, "Cumulative cash flow by month", "Month")
    chart.set_legend({"position": "bottom"})
    page.sheet.insert_chart(23, 6, chart, {"description": "Cumulative cash flow by month"})
