"""The sheets that people read: about, results with charts, inputs, assumptions, checks, price corridor."""

from __future__ import annotations

from datetime import date

from vs_toolkit import formats
from vs_toolkit.impact.assumptions import monte_carlo
from vs_toolkit.impact.register import assumption_register
from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.figures import Figures, payback, rate_of_return
from vs_toolkit.reports.live.grid import FIRST
from vs_toolkit.reports.live.model import ModelSheets
from vs_toolkit.reports.live.places import (
    INPUTS,
    MODEL,
    NUMBER,
    RUN,
    RUN_TOP,
    RUNS,
    SETTINGS,
    WORTH,
    Places,
)

EVIDENCE = {
    "customer_figure": "Customer figure",
    "customer_verified": "Confirmed by the customer",
    "benchmark": "Benchmark",
    "our_estimate": "Estimate",
}
RESULTS, CHECKS = "Results", "Checks"
KEY = 11  # column of the keys of inputs
BAR = 20  # first column of what the charts and the order are drawn from
YEARS = 16  # row of the heads of the yearly table on Results


class Pages:
    """Writes the sheets around the model."""

    def __init__(self, own: Figures, places: Places, model: ModelSheets, as_of: date, edition: str) -> None:
        self.own, self.at, self.model, self.as_of, self.edition = own, places, model, as_of, edition
        self.case = own.case

    # -- about ---------------------------------------------------------------------------------------------

    def about(self, book: Book) -> None:
        """Write what the workbook is and how it is used."""
        page = book.page("About", title=f"{self.case.title}: business case as a live model")
        facts = [
            ("Customer", self.case.customer),
            ("Business case", self.case.id),
            ("Solution", self.case.solution.name),
            ("Base", self.case.base.name),
            ("Currency", self.case.currency),
            ("As of", formats.day(self.as_of)),
            ("Edition", self.edition),
        ]
        for row, (name, text) in enumerate(facts, 2):
            page.put(row, 0, name, "strong")
            page.put(row, 1, text, "wrapped")
        row = len(facts) + 3
        for title, lines in (("Sheets", SHEETS), ("How to use it", USE), ("What is fixed", self.fixed())):
            page.put(row, 0, title, "section")
            for line in lines:
                row += 1
                if isinstance(line, tuple):
                    page.put(row, 0, line[0], "strong")
                    page.put(row, 1, line[1], "wrapped")
                else:
                    page.put(row, 1, line, "wrapped")
            row += 2
        page.sheet.set_column(0, 0, 22)
        page.sheet.set_column(1, 1, 110)
        page.sheet.set_portrait()

    def fixed(self) -> list[str]:
        """Name what is no formula in this case."""
        found = [
            "Horizon, accounting period and the months in which periods are settled: rows of constants in "
            "the timeline of the model.",
            "Start, ramp-up and end of each line, growth, useful life: constants in columns D to G of "
            "the model. They can be changed there, as whole months.",
        ]
        profiles = dict.fromkeys(
            self.model.item_name(term.recipe.item) for term in self.own.terms if term.recipe.kind == "fixed"
        )
        if profiles:
            found.append(
                "Fixed monthly profiles, scaled by their live inputs (lists of years, adoption curves, "
                f"depreciation schedules): {', '.join(profiles)}."
            )
        moving = any("ABS(" in term.recipe.size.formula(lambda *_: "x") for term in self.own.terms)
        if moving:
            found.append(
                "Uncertain start or ramp-up: whole months between the low and the high end given here."
            )
        if self.own.carried and self.edition == "internal":
            found.append(
                "Theoretical ceiling of the price where losses are carried forward: a value as of today."
            )
        if self.case.provider is not None:
            found.append("Our own costs on Price corridor: a monthly profile, which can be changed there.")
        found.append(
            "Simulation: a dated result with its seed on the sheet Assumptions; it does not recalculate."
        )
        found.append(
            "IRR: shown where the cash flow or its cumulative sum changes sign once; otherwise 'not unique'."
        )
        return found

    # -- inputs --------------------------------------------------------------------------------------------

    def inputs(self, book: Book) -> None:
        """Write every number that may be changed, with its source."""
        at, case = self.at, self.case
        page = book.page(INPUTS, title="Inputs", colour="#E69F00")
        page.put(1, 0, "Shaded cells may be changed. Low, expected and high in the unit of the line.", "grey")
        page.texts(SETTINGS - 1, ["Setting", "Unit", "", "Value"], "head")
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
        for name, row in (
            ("vs_scenario", 0),
            ("vs_tax", 1),
            ("vs_inflation", 2),
            ("vs_months", 3),
            ("vs_period", 4),
        ):
            book.book.define_name(name, f"={INPUTS}!{cell(SETTINGS + row, 3, 'rc')}")
        self._input_rows(page)
        page.sheet.set_column(0, 0, 54)
        page.sheet.set_column(1, 1, 22)
        page.sheet.set_column(2, 4, 14)
        page.sheet.set_column(5, 5, 9)
        page.sheet.set_column(6, 6, 14)
        page.sheet.set_column(7, 7, 24)
        page.sheet.set_column(8, 8, 44)
        page.sheet.set_column(9, 10, 18)
        page.sheet.set_column(KEY, KEY, 34)

    def _input_rows(self, page: Page) -> None:
        at, head = self.at, self.at.first_input - 1
        heads = [
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
        page.texts(head, heads, "head")
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
                self._source(page, row, {str(name): value for name, value in register.loc[key].items()})
            page.put(row, KEY, key, "grey")
        page.sheet.freeze_panes(0, 1)

    def _source(self, page: Page, row: int, source: dict[str, object]) -> None:
        page.put(row, 7, EVIDENCE.get(str(source["evidence"]), ""))
        for column, name in ((8, "reference"), (9, "confirmed_by"), (10, "confirmed_on")):
            value = source[name]
            known = isinstance(value, str | date)
            page.put(row, column, value if known else "", "day" if isinstance(value, date) else "wrapped")

    # -- results -------------------------------------------------------------------------------------------

    def results(self, book: Book) -> None:
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

    # -- assumptions, checks -------------------------------------------------------------------------------

    def assumptions(self, book: Book) -> None:
        """Write who says what, and the simulation as a dated result."""
        page = book.page("Assumptions", title=f"Assumptions as of {formats.day(self.as_of)}")
        heads = [
            "Assumption",
            "Unit",
            "Low",
            "Expected",
            "High",
            "Source",
            "Reference",
            "Confirmed by",
            "Confirmed on",
        ]
        page.texts(2, heads, "head")
        register = assumption_register(self.case, self.as_of)
        for row, own in enumerate(register.to_dict("records"), 3):
            page.put(row, 0, str(own["name"]), "wrapped")
            page.put(row, 1, str(own["unit"] or ""), "grey")
            for column, name in ((2, "low"), (3, "expected"), (4, "high")):
                page.put(row, column, own[name], "general")
            page.put(row, 5, EVIDENCE.get(str(own["evidence"]), ""))
            for column, name in ((6, "reference"), (7, "confirmed_by"), (8, "confirmed_on")):
                value = own[name]
                known = isinstance(value, str | date)
                page.put(row, column, value if known else "", "day" if isinstance(value, date) else "wrapped")
        row = len(register) + 5
        draws = monte_carlo(self.case)
        page.put(row, 0, "Simulation of the NPV: a fixed result, it does not recalculate", "section")
        facts: list[tuple[str, object, str]] = [
            ("As of", self.as_of, "day"),
            ("Simulations", 10_000, "general"),
            ("Seed", draws.seed, "general"),
            ("Mean", draws.mean, "amount"),
            ("P10", draws.p10, "amount"),
            ("P50", draws.p50, "amount"),
            ("P90", draws.p90, "amount"),
            ("Probability of positive NPV", 1 - draws.probability_negative, "percent"),
        ]
        for place, (name, value, look) in enumerate(facts, 1):
            page.put(row + place, 0, name)
            page.put(row + place, 3, value, look)
        page.sheet.set_column(0, 0, 50)
        page.sheet.set_column(1, 4, 15)
        page.sheet.set_column(5, 5, 24)
        page.sheet.set_column(6, 6, 44)
        page.sheet.set_column(7, 8, 18)

    def checks(self, book: Book) -> None:
        """Write checks of the model against itself."""
        at, page = self.at, book.page(CHECKS, title="Checks")
        page.texts(2, ["Check", "Left", "Right", "Result"], "head")
        found = self.own.statements[0]
        npv, npv_at = float(self.own.npv[0]), f"{RUNS}!{cell(at.results, RUN)}"
        factors = at.months(at.timeline_row("DF"), MODEL)
        row = at.row(0, "capital_employed")
        opening = f"{MODEL}!{cell(row, FIRST, 'rc')}:{cell(row, at.last - 1, 'rc')}"
        later = [
            f"{MODEL}!{cell(line, FIRST + 1, 'rc')}:{cell(line, at.last, 'rc')}"
            for line in (at.timeline_row("RA"), at.timeline_row("DF"))
        ]
        income = f"SUMPRODUCT({at.line(0, 'nopat')},{factors})-SUMPRODUCT({opening},{later[0]},{later[1]})"
        base = f"{RUNS}!{cell(at.results, RUN + 2)}"
        block = [f"SUM({at.line(2, 'discounted')})", base]
        low, middle, high = (
            f"{INPUTS}!{cell(at.first_input, column, 'rc')}:"
            f"{cell(at.first_input + len(self.own.recipes.rows) - 1, column, 'rc')}"
            for column in (2, 3, 4)
        )
        last = f"{MODEL}!{cell(row, at.last)}"
        rows = [
            (
                "NPV of the statement equals NPV of the run (live)",
                f"SUM({at.line(0, 'discounted')})",
                npv_at,
                npv,
                npv,
            ),
            ("NPV equals the present value of residual income", income, npv_at, npv, npv),
            (
                "NPV of the base case: scenario equals run",
                *block,
                float(self.own.npv[2]),
                float(self.own.npv[2]),
            ),
            ("Capital employed is released at the end", last, "0", float(found.employed[-1]), 0.0),
            (
                "Inputs with low <= expected <= high",
                f"SUMPRODUCT(({low}<={middle})*({middle}<={high}))",
                f"ROWS({low})",
                float(len(self.own.recipes.rows)),
                float(len(self.own.recipes.rows)),
            ),
        ]
        for place, (label, left, right, value, other) in enumerate(rows, 3):
            page.put(place, 0, label)
            page.formula(place, 1, str(left), value, "number")
            page.formula(place, 2, str(right), other, "number")
            test = f"ABS({cell(place, 1)}-{cell(place, 2)})<=0.000001*MAX(1,ABS({cell(place, 1)}))"
            page.formula(place, 3, f'IF({test},"OK","CHECK")', "OK", "strong")
        place = 3 + len(rows)
        page.put(place, 0, "Errors in the results")
        results = f"{RESULTS}!$B$4:$E$8"
        page.formula(place, 1, f"SUMPRODUCT(ISERROR({results})*1)", 0, "number")
        page.put(place, 2, 0, "number")
        page.formula(place, 3, f'IF({cell(place, 1)}=0,"OK","CHECK")', "OK", "strong")
        total = place + 2
        page.put(total, 0, "All checks", "strong")
        page.formula(total, 3, f'IF(COUNTIF(D4:D{place + 1},"OK")={place - 2},"OK","CHECK")', "OK", "strong")
        book.book.define_name("vs_checks", f"={CHECKS}!$D${total + 1}")
        page.sheet.set_column(0, 0, 54)
        page.sheet.set_column(1, 2, 18)


SHEETS = [
    ("Results", "Headline figures, year by year, bridge, sensitivity, charts"),
    ("Inputs", "Every number with low, expected, high, source and confirmation; the scenario switch"),
    ("Model", "Monthly model of the live case: timeline, courses, statement, cash flow, EVA"),
    ("Scenarios", "The same statement for downside, base and upside, whichever is live"),
    ("Runs", "Inputs, sizes and results of all scenarios and of both ends of every assumption"),
    ("Assumptions", "Sources and confirmations as of the date of the report; the simulation"),
    ("Checks", "The model against itself; one flag on Results"),
]
USE = [
    "Change shaded cells only. NPV, EVA, IRR, payback, scenarios and sensitivity recalculate.",
    "Choose the live case with the scenario switch on Inputs: 1 downside, 2 base, 3 upside.",
    "In the downside case every assumption is at its worse end, in the upside case at its better end.",
    "Names are kept for a few settings only (vs_scenario, vs_tax, vs_inflation, vs_months, vs_period) "
    "and for the headline results (vs_npv, vs_checks).",
]
