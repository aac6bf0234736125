"""The sheets that back the results: assumptions with their sources and the simulation, and checks."""

from __future__ import annotations

from vs_toolkit import formats
from vs_toolkit.impact.assumptions import monte_carlo
from vs_toolkit.impact.register import assumption_register
from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.grid import FIRST
from vs_toolkit.reports.live.pages import CHECKS, RESULTS, Sheets
from vs_toolkit.reports.live.places import INPUTS, MODEL, RUN, RUNS


class Backing(Sheets):
    """Writes the sheets ``Assumptions`` and ``Checks``."""

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
        page.heads(2, heads, words={0, 1, 5, 6, 7, 8})
        register = assumption_register(self.case, self.as_of)
        for row, own in enumerate(register.to_dict("records"), 3):
            page.put(row, 0, str(own["name"]), "wrapped")
            page.put(row, 1, str(own["unit"] or ""), "grey")
            for column, name in ((2, "low"), (3, "expected"), (4, "high")):
                page.put(row, column, own[name], "general")
            self.source(page, row, 5, {str(key): value for key, value in own.items()})
        row = len(register) + 5
        self._simulation(page, row)
        page.sheet.set_column(0, 0, 50)
        page.sheet.set_column(1, 4, 15)
        page.sheet.set_column(5, 5, 24)
        page.sheet.set_column(6, 6, 44)
        page.sheet.set_column(7, 8, 18)

    def _simulation(self, page: Page, row: int) -> None:
        """Write the simulation as a dated result."""
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

    def checks(self, book: Book) -> None:
        """Write checks of the model against itself."""
        page = book.page(CHECKS, title="Checks")
        page.heads(2, ["Check", "Left", "Right", "Result"], words={0, 3})
        rows = self._pairs()
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

    def _pairs(self) -> list[tuple[str, str, str, float, float]]:
        """What has to be equal: label, both formulas, both values."""
        at = self.at
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
        return [
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
                block[0],
                block[1],
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
