"""What the new solution changes in the customer's income statement and balance sheet (book, figure 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.terms import CAPITAL, INCOME, Term, Values, terms
from vs_toolkit.impact.timing import Grid, grid_of
from vs_toolkit.inputs.case import BusinessCase, Tax


@dataclass(frozen=True)
class Lines:
    """Differences, new less base, per line and period; arrays of shape (..., periods+1), in currency.

    ``income``: positive is more profit (a saved cost is positive). ``capital``: levels at the end of each
    period, positive is tied up (payables count negative); all is released at the horizon. ``tax``: negative
    is paid. ``rate``: the customer's WACC per period.
    """

    grid: Grid
    rate: float
    income: Mapping[str, FloatArray]
    capital: Mapping[str, FloatArray]
    tax: FloatArray

    @property
    def operating_profit(self) -> FloatArray:
        """Change of profit before tax and before any charge for capital."""
        return _total(self.income.values())

    @property
    def nopat(self) -> FloatArray:
        """Change of operating profit after tax."""
        return self.operating_profit + self.tax

    @property
    def capital_employed(self) -> FloatArray:
        """Change of tied-up capital at the end of each period."""
        return _total(self.capital.values())

    @property
    def cash_flow(self) -> FloatArray:
        """Free cash flow: profit after tax less the increase of tied-up capital."""
        return self.nopat - np.diff(self.capital_employed, axis=-1, prepend=0.0)

    @property
    def npv(self) -> FloatArray:
        """Net present value at the customer's WACC; shape (...)."""
        return finance.npv(self.rate, self.cash_flow)


def lines(case: BusinessCase, values: Values | None = None, grid: Grid | None = None) -> Lines:
    """Work out the statement differences of ``case``.

    ``values`` maps assumption keys (``effects.yield.change``) to a number or to shape (draws,); what it
    leaves out is as expected. ``grid`` takes the place of the case's own periods.

    Source: book, chapter 5, figures 12 and 13.
    """
    grid = grid or grid_of(case)
    parts = terms(case, values or {}, grid)
    income = {line: _line(parts, line, grid) for line in INCOME}
    capital = {line: _line(parts, line, grid) for line in CAPITAL}
    return Lines(grid, grid.rate(case.customer_wacc), income, capital, tax(case.tax, _total(income.values())))


def _line(parts: Iterable[Term], line: str, grid: Grid) -> FloatArray:
    own = [term for term in parts if term.line == line]
    if not own:
        return np.zeros(grid.periods + 1)
    sizes = np.stack(np.broadcast_arrays(*(term.size for term in own)), axis=-1)
    product: FloatArray = sizes @ np.stack([term.course for term in own])
    return product


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


def _total(arrays: Iterable[FloatArray]) -> FloatArray:
    total: FloatArray = np.asarray(sum(arrays), dtype=float)
    return total
