"""What the new solution changes in the customer's income statement and balance sheet (book, figure 13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.terms import CAPITAL, INCOME, Term, Values, terms
from vs_toolkit.impact.timing import Grid, grid_of
from vs_toolkit.inputs.cases.business_case import BusinessCase, Tax


@dataclass(frozen=True)
class Lines:
    """Differences, new less base, per line and period; arrays of shape (..., periods+1), in currency.

    Everything is worked out when it is asked for: 100,000 draws of one figure need not hold every line.
    ``rate`` is the customer's WACC per period.
    """

    grid: Grid
    rate: float
    terms: tuple[Term, ...]
    tax_rule: Tax | None

    @cached_property
    def income(self) -> Mapping[str, FloatArray]:
        """Change of profit by income line: positive is more profit, so a saved cost is positive."""
        return {line: self._sum(line) for line in INCOME}

    @cached_property
    def capital(self) -> Mapping[str, FloatArray]:
        """Change of level by capital line at the end of each period; positive is tied up.

        Payables count negative. At the horizon everything is released.
        """
        return {line: self._sum(line) for line in CAPITAL}

    @cached_property
    def operating_profit(self) -> FloatArray:
        """Change of profit before tax and before any charge for capital."""
        return self._sum(*INCOME)

    @cached_property
    def tax(self) -> FloatArray:
        """Change of tax: negative is paid."""
        return tax(self.tax_rule, self.operating_profit)

    @property
    def nopat(self) -> FloatArray:
        """Change of operating profit after tax."""
        return self.operating_profit + self.tax

    @cached_property
    def capital_employed(self) -> FloatArray:
        """Change of tied-up capital at the end of each period."""
        return self._sum(*CAPITAL)

    @cached_property
    def cash_flow(self) -> FloatArray:
        """Free cash flow: profit after tax less the increase of tied-up capital."""
        return self.nopat - np.diff(self.capital_employed, axis=-1, prepend=0.0)

    @property
    def npv(self) -> FloatArray:
        """Net present value at the customer's WACC; shape (...)."""
        return finance.npv(self.rate, self.cash_flow)

    def _sum(self, *names: str) -> FloatArray:
        own = [term for term in self.terms if term.line in names]
        if not own:
            return np.zeros(self.grid.periods + 1)
        sizes = np.stack(np.broadcast_arrays(*(term.size for term in own)))
        total: FloatArray = np.einsum("t...,tp->...p", sizes, np.stack([term.course for term in own]))
        return total


def lines(case: BusinessCase, values: Values | None = None, grid: Grid | None = None) -> Lines:
    """Work out the statement differences of ``case``.

    ``values`` maps assumption keys (``effects.yield.change``) to a number or to shape (draws,); what it
    leaves out is as expected. ``grid`` takes the place of the case's own periods.

    Source: book, chapter 5, figures 12 and 13.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.lines(case).capital["fixed_assets"].round().tolist()  # equipment, written off over 5 years
    [950000.0, 760000.0, 570000.0, 380000.0, 190000.0, 0.0]
    """
    grid = grid or grid_of(case)
    return Lines(grid, grid.rate(case.customer_wacc), terms(case, values or {}, grid), case.tax)


def tax(rule: Tax | None, profit: FloatArray) -> FloatArray:
    """Tax on ``profit`` of shape (..., periods+1): negative is paid, positive comes back; 0 without a rule.

    >>> tax(Tax(rate=0.5, losses="carried_forward"), np.array([-10.0, 4.0, 10.0])).tolist()
    [0.0, 0.0, -2.0]
    """
    return 0.0 - rule.rate * LOSSES[rule.losses](profit) if rule else np.zeros_like(profit)


def _at_once(profit: FloatArray) -> FloatArray:
    """Losses lower the tax on the customer's other profits in the same period."""
    return profit


def _carried_forward(profit: FloatArray) -> FloatArray:
    """Taxable so far is the highest cumulative profit so far: below it, losses are being made up for."""
    highest = np.maximum.accumulate(np.maximum(np.cumsum(profit, axis=-1), 0.0), axis=-1)
    return np.diff(highest, axis=-1, prepend=0.0)


LOSSES: Mapping[str, Callable[[FloatArray], FloatArray]] = {
    "immediate": _at_once,
    "carried_forward": _carried_forward,
}
