"""What the new solution changes in the customer's income statement and balance sheet (book, figure 13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.lines import CAPITAL, INCOME, TAX_PAYABLE, TERMINAL
from vs_toolkit.impact.sizes import Values
from vs_toolkit.impact.terms import Term, terms
from vs_toolkit.impact.timing import grid_of
from vs_toolkit.inputs.cases.business_case import BusinessCase, Tax
from vs_toolkit.timeline import MONTHS, Grid


@dataclass(frozen=True)
class Lines:
    """Differences, new less base, per line and month; arrays of shape (..., grid.size), in currency.

    Everything is worked out when it is asked for: 100,000 draws of one figure need not hold every line.
    ``rate`` is the customer's WACC per month.
    """

    grid: Grid
    rate: FloatArray
    terms: tuple[Term, ...]
    tax_rule: Tax | None

    @cached_property
    def income(self) -> Mapping[str, FloatArray]:
        """Change of profit by income line: positive is more profit, so a saved cost is positive."""
        return {line: self._sum(line) for line in INCOME}

    @cached_property
    def capital(self) -> Mapping[str, FloatArray]:
        """Change of level by capital line at the end of each month; positive is tied up.

        Payables count negative. At the horizon everything is released.
        """
        return {line: self._sum(line) for line in CAPITAL} | {TAX_PAYABLE: self._tax_payable}

    @cached_property
    def operating_profit(self) -> FloatArray:
        """Change of profit before tax and before any charge for capital."""
        return self._sum(*INCOME)

    @cached_property
    def tax(self) -> FloatArray:
        """Change of tax, in the month where the accounting period is settled: negative is a charge."""
        return tax(self.tax_rule, self.grid.settled(self.operating_profit))

    @cached_property
    def terminal_value(self) -> FloatArray:
        """Value at the horizon of what comes after it."""
        return self._sum(TERMINAL)

    @property
    def nopat(self) -> FloatArray:
        """Change of operating profit after tax, the terminal value included."""
        return self.operating_profit + self.tax + self.terminal_value

    @cached_property
    def _tax_payable(self) -> FloatArray:
        """Tax charged and not yet paid: a liability, so negative; nil where tax is paid in the same year."""
        if self.tax_rule is None or self.tax_rule.paid == "same_year":
            return np.zeros(self.grid.size)
        charged = np.cumsum(self.tax, axis=-1)
        late = np.concatenate([np.zeros_like(charged[..., :MONTHS]), charged[..., :-MONTHS]], axis=-1)
        owed: FloatArray = charged - late
        return owed

    @cached_property
    def capital_employed(self) -> FloatArray:
        """Change of tied-up capital at the end of each month."""
        return self._sum(*CAPITAL) + self._tax_payable

    @cached_property
    def cash_flow(self) -> FloatArray:
        """Free cash flow: profit after tax less the increase of tied-up capital."""
        return self.nopat - np.diff(self.capital_employed, axis=-1, prepend=0.0)

    @cached_property
    def npv(self) -> FloatArray:
        """Net present value at the customer's WACC; shape (...)."""
        return self._weighted(finance.discount_factors(self.rate, self.grid.size - 1))

    @property
    def total(self) -> FloatArray:
        """Undiscounted sum of the cash flow; shape (...)."""
        return self._weighted(np.ones(self.grid.size))

    def _weighted(self, weights: FloatArray) -> FloatArray:
        """Sum of the cash flow with a weight for each month.

        Where tax is a fixed share, each term has its own weighted cash after tax: draws need one product.
        """
        if self.tax_rule is not None and self.tax_rule.losses == "carried_forward":
            weighted: FloatArray = self.cash_flow @ weights
            return weighted
        total: FloatArray = np.zeros(())
        for term in self.terms:
            total = total + term.size * float(self.after_tax(term) @ weights)
        return total

    def after_tax(self, term: Term) -> FloatArray:
        """Cash of one unit of a term where tax is a fixed share of profit; shape (grid.size,)."""
        cash = unit_cash(term)
        if self.tax_rule is None or term.line not in INCOME:
            return cash
        owed = self.tax_rule.rate * self.grid.settled(term.course)
        if self.tax_rule.paid == "next_year":
            owed = np.concatenate([np.zeros(MONTHS), owed[:-MONTHS]])
        return cash - owed

    def _sum(self, *names: str) -> FloatArray:
        own = [term for term in self.terms if term.line in names]
        if not own:
            return np.zeros(self.grid.size)
        sizes = np.stack(np.broadcast_arrays(*(np.asarray(term.size, dtype=float) for term in own)), axis=-1)
        total: FloatArray = sizes @ np.stack([term.course for term in own])
        return total


def unit_cash(term: Term) -> FloatArray:
    """Cash of one unit of a term before tax: profit is cash, capital is cash when it changes."""
    return -np.diff(term.course, prepend=0.0) if term.line in CAPITAL else term.course


def lines(case: BusinessCase, values: Values | None = None, grid: Grid | None = None) -> Lines:
    """Work out the statement differences of ``case``.

    ``values`` maps assumption keys (``effects.yield.change``) to a number or to shape (draws,); what it
    leaves out is as expected. ``grid`` takes the place of the case's own.

    Source: book, chapter 5, figures 12 and 13.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> assets = impact.lines(case).capital["fixed_assets"]  # equipment, written off over 5 years
    >>> assets[[0, 11, 12, 24, 60]].round().tolist()
    [950000.0, 950000.0, 760000.0, 570000.0, 0.0]
    """
    grid = grid or grid_of(case)
    return Lines(grid, grid.rate(case.rates), terms(case, values or {}, grid), case.tax)


def tax(rule: Tax | None, profit: FloatArray) -> FloatArray:
    """Tax on ``profit`` of shape (..., periods): negative is paid, positive comes back; 0 without a rule.

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
