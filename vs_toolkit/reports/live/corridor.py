"""The sheet of the price corridor, internal throughout: what the price is, the ceilings and the floor."""

from __future__ import annotations

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.lines import LABELS, PRICE
from vs_toolkit.impact.pricing import price_corridor
from vs_toolkit.impact.provider import STOCK, cost_flow, freed_stock, holding_flow, included_takeover
from vs_toolkit.inputs.cases.business_case import AssetTakeover, Provider
from vs_toolkit.reports.live.book import Book, Page, cell
from vs_toolkit.reports.live.grid import FIRST, late_months
from vs_toolkit.reports.live.pages import Sheets
from vs_toolkit.reports.live.places import LINE, MODEL, NUMBER, RUN, RUNS, SIZE, TAX, UNIT, WORTH

TOP = 3


class Corridor(Sheets):
    """Writes the price corridor of a case; never part of a customer edition."""

    def write(self, book: Book) -> None:
        """Write the sheet."""
        title = f"Price corridor (internal), {self.case.currency}"
        page = book.page("Price corridor", title=title, colour="#D55E00")
        page.heads(TOP - 1, ["", "Value", "How it follows"], words={0, 2})
        row = self._price(page, TOP)
        row = self._theoretical(page, row)
        row = self._alternative(page, row)
        if self.case.provider is None:
            page.put(row, 0, "Our side of the case is not given: no floor.", "grey")
        else:
            self._floor(page, row, self.case.provider)
        page.sheet.set_column(0, 0, 54)
        page.sheet.set_column(1, 1, 16)
        page.sheet.set_column(2, 2, 60)
        page.sheet.set_column(3, 4, 16)

    def _paid(self, place: int) -> bool:
        items = {item.id for item in self.case.price_items}
        return self.own.terms[place].recipe.item in items

    def _price(self, page: Page, row: int) -> int:
        own = self.own
        places = [p for p, t in enumerate(own.terms) if self._paid(p) and not t.recipe.part]
        if not places:
            return row
        parts = "+".join(f"{MODEL}!{cell(self.at.first_term + place, WORTH)}" for place in places)
        value = -sum(own.sizes[place, 0] * own.unit_worth[place] for place in places)
        page.put(row, 0, "Price of the case, at the customer's cost of capital")
        page.formula(row, 1, f"-({parts})", value, "amount")
        page.put(row, 2, "Present value of all price items in the live case", "grey")
        return row + 1

    def _theoretical(self, page: Page, row: int) -> int:
        own, at = self.own, self.at
        page.put(row, 0, "Theoretical ceiling: value to the customer")
        ceiling = price_corridor(own.case).theoretical_ceiling
        if own.carried or ceiling is None:
            page.put(row, 1, ceiling, "amount")
            page.put(row, 2, "Fixed: a value as of today", "grey")
            return row + 1
        places = [place for place in range(len(own.terms)) if self._paid(place) or self._ends_price(place)]
        size, unit, tax = (
            [f"{MODEL}!{cell(at.first_term + p, column)}" for p in places] for column in (SIZE, UNIT, TAX)
        )
        cells = "".join(f"-{s}*({u}+{t})" for s, u, t in zip(size, unit, tax, strict=True))
        lag = late_months(own.case)
        due = (own.case.tax.rate if own.case.tax else 0.0) * float(own.timeline["DF"].values[lag])
        paid = sum(own.sizes[p, 0] * (own.unit_worth[p] + own.unit_tax[p]) for p in places)
        factor = f"{MODEL}!{cell(at.timeline_row('DF'), FIRST + lag)}"
        text = f"({RUNS}!{cell(at.results, RUN)}{cells})/(1-vs_tax*{factor})"
        page.formula(row, 1, text, (float(own.npv[0]) - paid) / (1 - due), "amount")
        told = "NPV before price, over what a payment at the start costs after tax (live)"
        page.put(row, 2, told, "grey")
        return row + 1

    def _ends_price(self, place: int) -> bool:
        """Whether a term is the terminal value of a price item."""
        recipe = self.own.terms[place].recipe
        return recipe.kind == "perpetuity" and self.own.terms[recipe.base or 0].recipe.line == PRICE

    def _alternative(self, page: Page, row: int) -> int:
        given = self.case.provider.alternative if self.case.provider else None
        if given is None:
            return row
        first = row + 1
        page.put(first, 0, f"Price of the next best alternative: {given.name}")
        page.put(first, 1, given.price, "input")
        for place, difference in enumerate(given.differences, first + 1):
            page.put(place, 0, f"Difference: {difference.name}")
            page.put(place, 1, difference.value.expected, "input")
        last = first + len(given.differences)
        total = given.price + sum(difference.value.expected for difference in given.differences)
        page.put(row, 0, "Practical ceiling: next best alternative and what differs")
        page.formula(row, 1, f"SUM({cell(first, 1)}:{cell(last, 1)})", total, "amount")
        return last + 1

    def _floor(self, page: Page, row: int, given: Provider) -> None:
        costs, takeover = cost_flow(self.case, given, {}), included_takeover(self.case)
        top, size = row + 7, self.own.grid.size
        months, flows = (f"${column}${top + 1}:${column}${top + size}" for column in "AB")
        page.texts(top - 1, ["Month", "Our cost (fixed profile)"], "head_right")
        page.sheet.set_row(top - 1, 30)  # two lines
        for month, value in enumerate(costs.tolist()):
            page.put(top + month, 0, month, "general")
            page.put(top + month, 1, value, "input")
        total = costs
        if takeover is not None:
            flows, held = f"({flows}+$E${top + 1}:$E${top + size})", self._takeover(page, top, takeover)
            total = costs + held
        cost = float(finance.npv(self.own.grid.rate(given.wacc), total))
        page.put(row, 0, "Floor: our cost and the margin required")
        page.put(row + 1, 0, "Our cost, present value at our cost of capital")
        page.put(row + 2, 0, "Margin required, share of the price")
        page.put(row + 3, 0, "Our cost of capital per year")
        page.put(row + 2, 1, given.required_margin, "input_percent")
        page.put(row + 3, 1, given.wacc, "input_percent")
        page.formula(row, 1, f"B{row + 2}/(1-B{row + 3})", cost / (1 - given.required_margin), "amount")
        text = f"SUMPRODUCT({flows},(1+B{row + 4})^(-{months}/12))"
        page.formula(row + 1, 1, text, cost, "amount")

    def _takeover(self, page: Page, top: int, takeover: AssetTakeover) -> FloatArray:
        """Write what it takes to own the assets that the live case sets free; gives it by month."""
        own, at = self.own, self.at
        page.put(top - 3, 0, "Obsolescence of the assets we take over, per year")
        page.put(top - 3, 1, takeover.provider_obsolescence, "input_percent")
        heads = ["Assets we hold (live)", "Obsolescence in the month", "Cash it takes"]
        page.texts(top - 1, heads, "head_right", 2)
        held = freed_stock(own.case, {})
        charge = finance.capital_charge(held, takeover.provider_obsolescence / 12)
        flow = holding_flow(takeover, held, own.grid)
        lines = "+".join(f'({at.terms(LINE)}="{LABELS[line]}")' for line in STOCK)
        freed = f"({lines})*({at.terms(NUMBER)}<={len(own.case.effects)})*{at.sizes(0)}"
        charges = f"$D${top + 1}:$D${top + own.grid.size}"
        for month, (level, lost, cash) in enumerate(np.array([held, charge, flow]).T.tolist()):
            row, column = top + month, FIRST + month
            course = f"{MODEL}!{cell(at.first_term, column, 'r')}:{cell(at.last_term, column, 'r')}"
            weight, after, until = (f"{MODEL}!{cell(at.timeline_row(n), column)}" for n in ("SW", "SF", "ST"))
            settled = f"{weight}*SUM(INDEX({charges},{after}+2):INDEX({charges},{until}+1))"
            before = f"N({cell(row - 1, 2)})"
            page.formula(row, 2, f"-SUMPRODUCT({freed}*{course})", level, "amount")
            page.formula(row, 3, f"{before}*{cell(top - 3, 1, 'rc')}/12", lost, "amount")
            page.formula(row, 4, f"{cell(row, 2)}-{before}+{settled}", cash, "amount")
        return flow
