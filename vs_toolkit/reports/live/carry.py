"""The sheet of losses carried forward: taxable profit of every run by month."""

from __future__ import annotations

import numpy as np

from vs_toolkit.impact.lines import INCOME, LABELS
from vs_toolkit.reports.live.book import Book
from vs_toolkit.reports.live.grid import FIRST, late_months
from vs_toolkit.reports.live.model import SETTLED
from vs_toolkit.reports.live.pages import Sheets
from vs_toolkit.reports.live.places import LINE, MODEL


class Carry(Sheets):
    """Writes the sheet ``Carry``, where losses are carried forward; ``model`` has its timeline elsewhere."""

    def write(self, book: Book) -> None:
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
        page.heads(3, ["Run", "PV of taxed profit"], words={0})
        running, highest = own.highest_profits
        count = len(own.runs)
        taxed = "+".join(f'({at.terms(LINE)}="{LABELS[name]}")' for name in own.used(INCOME)) or "0"
        self.model.months(page, 2, "{c}{M}", own.timeline["M"].values, "general")
        weights = own.paid_factor - np.append(own.paid_factor[1:], 0.0)
        lag, factors = late_months(own.case), at.months(at.timeline_row("DF"), MODEL)
        size = own.grid.size
        paid = (
            f"(IF({{c}}{{M}}+{lag}<{size},INDEX({factors},MIN({{c}}{{M}}+{lag},{size - 1})+1),0)"
            f"-IF({{c}}{{M}}+{lag + 1}<{size},INDEX({factors},MIN({{c}}{{M}}+{lag + 1},{size - 1})+1),0))"
        )
        page.put(1, 0, "Weight of the highest profit so far", "grey")
        self.model.months(page, 1, paid, weights, "factor")
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
            self.model.months(page, profit_row, profit, (own.sizes[:, run] * income) @ own.courses, "amount")
            text = SETTLED.replace("{r}", str(profit_row + 1))
            self.model.months(page, running_row, "N({b}{r})+" + text, running[run], "amount")
            self.model.months(
                page, 4 + run, f"MAX(N({{b}}{{r}}),{{c}}{running_row + 1},0)", highest[run], "amount"
            )
            own_row, weight_row = at.months(4 + run), at.months(1)
            worth = float(highest[run] @ weights)
            page.formula(4 + run, 1, f"SUMPRODUCT({own_row},{weight_row})", worth, "amount")
        page.sheet.set_column(0, 0, 50)
        page.sheet.set_column(1, 1, 16)
        page.sheet.set_column(2, FIRST - 1, 2)
        page.sheet.set_column(FIRST, at.last, 11)
        page.sheet.freeze_panes(4, 1)
