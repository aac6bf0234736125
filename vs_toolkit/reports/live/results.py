"""The sheet of results: headline figures, year by year, bridge, sensitivity, charts."""

from __future__ import annotations

from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.figures import payback, rate_of_return
from vs_toolkit.reports.live.grid import FIRST
from vs_toolkit.reports.live.pages import RESULTS, Sheets
from vs_toolkit.reports.live.places import MODEL, NUMBER, RUN, RUNS, WORTH

BAR = 20  # first column of what the charts and the order are drawn from
YEARS = 16  # row of the heads of the yearly table on Results


class Results(Sheets):
    """Writes the sheet ``Results``."""

    def write(self, book: Book) -> None:
        """Write the headline figures, the yearly table, the bridge and the charts."""
        at = self.at
        page = book.page(RESULTS, title=f"Results: {self.case.title}", colour="#009E73")
        page.formula(
            1,
            0,
            'CHOOSE(vs_scenario,"Live: downside case","Live: base case","Live: upside case")',
            "Live: base case",
            "grey",
        )
        page.texts(
            2, [f"Amounts in {self.case.currency}", "Live", "Downside", "Base", "Upside"], "head_right"
        )
        rows = [
            ("Net present value (NPV)", "amount"),
            ("Economic value added (EVA), sum of the years", "amount"),
            ("Internal rate of return (IRR)", "percent"),
            ("Payback, years", "number"),
            ("Discounted payback, years", "number"),
        ]
        for place, (label, look) in enumerate(rows):
            page.put(3 + place, 0, label, "strong")
            for run in range(4):
                there = f"{RUNS}!{cell(at.results + place, RUN + run)}"
                page.formula(3 + place, 1 + run, there, self.result(place, run), look)
        book.book.define_name("vs_npv", f"={RESULTS}!$B$4")
        page.put(9, 0, "All checks", "strong")
        page.formula(9, 1, "vs_checks", "OK", "strong")
        self._years(page)
        bridge = YEARS + self.own.grid.years + 5
        steps = self._bridge(page, bridge)
        tornado = bridge + steps + 3
        count = self._tornado(page, tornado)
        self._charts(book, page, bridge, steps)
        page.sheet.set_column(0, 0, 48)
        page.sheet.set_column(1, 5, 15)
        page.sheet.set_column(6, BAR + 5, 11)
        page.sheet.print_area(0, 0, max(tornado + count, 44), BAR - 3)

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

    def _bridge(self, page: Page, top: int) -> int:
        """Write the present value of each item, and the columns its chart is drawn from."""
        at, own = self.at, self.own
        page.put(top - 2, 0, "From benefits and costs to the NPV: present values (live)", "section")
        heads = [
            "Item",
            "Present value",
            "Start",
            "End",
            "",
            "",
            "Blank",
            "Up",
            "Up, below 0",
            "Down",
            "Down, below 0",
        ]
        page.texts(top - 1, heads[:4], "head_right")
        page.texts(top - 1, heads[6:], "grey", BAR)
        numbers = self.model.numbers()
        items = [
            (self.model.item_name(item), number)
            for item, number in numbers.items()
            if any(term.recipe.item == item for term in own.terms)
        ]
        worth = own.sizes[:, 0] * own.unit_worth
        steps = [
            (
                name,
                number,
                sum(w for w, t in zip(worth, own.terms, strict=True) if numbers[t.recipe.item] == number),
            )
            for name, number in items
        ]
        if self.case.tax:
            steps.append(("Tax", 0, float(own.npv[0]) - float(worth.sum())))
        end = 0.0
        for place, (name, number, value) in enumerate(steps):
            row = top + place
            page.put(row, 0, name)
            text = f"SUMIF({at.terms(NUMBER)},{number},{at.terms(WORTH)})"
            if not number:
                text = f"{RUNS}!{cell(at.results, RUN)}-SUM({at.terms(WORTH)})"
            page.formula(row, 1, text, value, "amount")
            page.formula(row, 2, f"N({cell(row - 1, 3)})" if place else "0", end, "amount")
            start, end = end, end + value
            page.formula(row, 3, f"{cell(row, 2)}+{cell(row, 1)}", end, "amount")
            self._bar(page, row, start, end)
        row = top + len(steps)
        page.put(row, 0, "Net present value", "strong")
        page.formula(row, 1, f"SUM({cell(top, 1)}:{cell(row - 1, 1)})", end, "total")
        page.formula(row, 2, "0", 0, "amount")
        page.formula(row, 3, cell(row, 1), end, "amount")
        self._bar(page, row, 0.0, end)
        return len(steps) + 1

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

    def _tornado(self, page: Page, top: int) -> int:
        """Write the NPV at both ends of every assumption, the widest first, all by formulas."""
        own, at = self.own, self.at
        rows = list(own.recipes.rows.values())
        found = [(place, rows[run.varied - 1].name) for place, run in enumerate(own.runs) if run.end == 1]
        page.put(
            top - 2, 0, "Sensitivity: NPV with one assumption at its ends, all others as expected", "section"
        )
        heads = ["Assumption", "At its low end", "At its high end", "Swing", "Order"]
        page.texts(top - 1, heads, "head_right")
        heads = ["Assumption, unsorted", "Low", "High", "Swing", "Rank", "Rounded"]
        page.texts(top - 1, heads, "grey", BAR)
        ends = [(float(own.npv[place]), float(own.npv[place + 1])) for place, _ in found]
        swings = [abs(high - low) for low, high in ends]
        count, last = len(found), top + len(found) - 1
        rounded = [round(swing / (max(swings) or 1.0), 9) for swing in swings]
        order = sorted(range(count), key=lambda place: (-rounded[place], place))
        for place, (run, name) in enumerate(found):
            row = top + place
            page.put(row, BAR, name, "grey")
            for column, shift in ((BAR + 1, 0), (BAR + 2, 1)):
                there = f"{RUNS}!{cell(at.results, RUN + run + shift)}"
                page.formula(row, column, there, ends[place][shift], "amount")
            page.formula(
                row, BAR + 3, f"ABS({cell(row, BAR + 2)}-{cell(row, BAR + 1)})", swings[place], "amount"
            )
            widest = f"MAX($X${top + 1}:$X${last + 1})"
            text = f"IF({widest}=0,0,ROUND({cell(row, BAR + 3)}/{widest},9))"
            page.formula(row, BAR + 5, text, rounded[place], "factor")
            all_swings, so_far = f"$Z${top + 1}:$Z${last + 1}", f"$Z${top + 1}:{cell(row, BAR + 5)}"
            text = f"RANK({cell(row, BAR + 5)},{all_swings})+COUNTIF({so_far},{cell(row, BAR + 5)})-1"
            page.formula(row, BAR + 4, text, order.index(place) + 1)
        for place, source in enumerate(order):
            row = top + place
            page.put(row, 4, place + 1, "general")
            match = f"MATCH({cell(row, 4)},$Y${top + 1}:$Y${last + 1},0)"
            values: tuple[str | float, ...] = (found[source][1], *ends[source], swings[source])
            for column, (there, value) in enumerate(zip("UVWX", values, strict=True)):
                text = f"INDEX(${there}${top + 1}:${there}${last + 1},{match})"
                page.formula(row, column, text, value, "amount" if column else "text")
        return count

    def _charts(self, book: Book, page: Page, bridge: int, steps: int) -> None:
        chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
        last = bridge + steps - 1
        for column, name, colour in (
            (BAR, "Blank", ""),
            (BAR + 1, "Increase", "#0072B2"),
            (BAR + 2, "Increase, below zero", "#0072B2"),
            (BAR + 3, "Decrease", "#D55E00"),
            (BAR + 4, "Decrease, below zero", "#D55E00"),
        ):
            fill = {"color": colour} if colour else {"none": True}
            chart.add_series(
                {
                    "name": name,
                    "categories": [RESULTS, bridge, 0, last, 0],
                    "fill": fill,
                    "gap": 40,
                    "values": [RESULTS, bridge, column, last, column],
                    "border": {"none": True},
                }
            )
        self._finish(chart, "From benefits and costs to the NPV (present values)", "")
        page.sheet.insert_chart(1, 6, chart, {"description": "Bridge from benefits and costs to the NPV"})
        line = book.book.add_chart({"type": "line"})
        for name, colour, label in (
            ("accrued", "#0072B2", "Undiscounted"),
            ("accrued_discounted", "#7F7F7F", "Discounted"),
        ):
            row = self.at.row(0, name)
            months = [MODEL, self.at.timeline_row("M"), FIRST, self.at.timeline_row("M"), self.at.last]
            line.add_series(
                {
                    "name": label,
                    "categories": months,
                    "line": {"color": colour, "width": 2.25},
                    "values": [MODEL, row, FIRST, row, self.at.last],
                }
            )
        self._finish(line, "Cumulative cash flow by month", "Month")
        line.set_legend({"position": "bottom"})
        page.sheet.insert_chart(23, 6, line, {"description": "Cumulative cash flow by month"})

    def _finish(self, chart: object, title: str, axis: str) -> None:
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})  # type: ignore[attr-defined]
        chart.set_legend({"none": True})  # type: ignore[attr-defined]
        number = {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}}
        chart.set_y_axis(number)  # type: ignore[attr-defined]
        chart.set_x_axis({"label_position": "low", "name": axis, "interval_unit": 12 if axis else 1})  # type: ignore[attr-defined]
        chart.set_size({"width": 700, "height": 300 if axis else 430})  # type: ignore[attr-defined]
