"""The first sheet: what the workbook is, how it is used, what is fixed in it."""

from __future__ import annotations

from math import ceil

from vs_toolkit import formats
from vs_toolkit.reports.live.book import Book
from vs_toolkit.reports.live.pages import Sheets


class About(Sheets):
    """Writes the sheet ``About``."""

    def write(self, book: Book) -> None:
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
        for title, lines in (("Sheets", CONTENTS), ("How to use it", USE), ("What is fixed", self.fixed())):
            page.put(row, 0, title, "section")
            for line in lines:
                row += 1
                if isinstance(line, tuple):
                    page.put(row, 0, line[0], "strong")
                    page.put(row, 1, line[1], "wrapped")
                else:
                    page.put(row, 1, line, "wrapped")
                    page.sheet.set_row(row, LINE * ceil(len(line) / ACROSS))
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


LINE, ACROSS = 15, 100  # points; characters that surely fit on a line
CONTENTS = [
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
