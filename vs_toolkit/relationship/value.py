"""What a relationship is worth from today on: expected cash flow, NPV, sensitivity and simulation.

Conventions. Flows of a period fall at its end. The value is that of going on, compared with ending the
relationship today: capital tied up now would come back, so it counts as the first outflow, and what is tied
up at the end of the plan comes back then. A relationship that ends gives its capital back in full. The risk
of losing the customer is counted once: as survival probability or as a premium on the rate, never as both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.relationship.plan import (
    CAPITAL,
    COST_TO_SERVE,
    EXPECTED,
    HIGH,
    LINES,
    LOW,
    MARGIN,
    POINTS,
    REVENUE,
    SALES_INVESTMENT,
    SURVIVAL,
    BoolArray,
    Plans,
)

Risk = Literal["survival", "premium", "none"]


@dataclass(frozen=True)
class Terms:
    """Rate of the provider, and how the risk of losing the customer is counted.

    >>> Terms(0.09, 0.03, "survival").rate, round(Terms(0.09, 0.03, "premium").rate, 3)
    (0.09, 0.12)
    """

    wacc: float
    premium: float = 0.0
    risk: Risk = "survival"

    @property
    def rate(self) -> float:
        """Discount rate per year: with the premium only where survival is not counted."""
        return self.wacc + (self.premium if self.risk == "premium" else 0.0)

    @property
    def counts_survival(self) -> bool:
        """Whether expected flows are weighted by the probability that the relationship lasts."""
        return self.risk == "survival"


@dataclass(frozen=True)
class Flows:
    """Expected flows by period, today first; each of shape (..., customers, periods+1), in currency.

    ``capital`` is the level at the end of the period; ``cash`` is contribution less cost to serve, sales
    investment and the change of capital.
    """

    survival: FloatArray
    revenue: FloatArray
    contribution: FloatArray
    cost_to_serve: FloatArray
    sales_investment: FloatArray
    capital: FloatArray

    @property
    def capital_change(self) -> FloatArray:
        """Increase of capital in each period; that of today is what is tied up already."""
        return np.diff(self.capital, axis=-1, prepend=0.0)

    @property
    def operating(self) -> FloatArray:
        """Contribution less cost to serve and sales investment."""
        return self.contribution - self.cost_to_serve - self.sales_investment

    @property
    def cash(self) -> FloatArray:
        """Cash flow."""
        return self.operating - self.capital_change


def expected_flows(
    lines: FloatArray, planned: BoolArray, fraction: FloatArray, opening: FloatArray, survives: bool
) -> Flows:
    """Work out the expected flows of plans.

    Parameters
    ----------
    lines
        Yearly figures of shape (..., lines, customers, periods).
    planned
        Periods that each customer has planned, shape (customers, periods).
    fraction
        Part of a year that each period lasts.
    opening
        Capital tied up today, shape (customers,); NaN where not known: then the first planned level is built
        up in the first period.
    survives
        Whether to weight by survival.
    """
    line = np.moveaxis(lines, -3, 0)
    last = planned & ~np.concatenate([planned[:, 1:], np.zeros_like(planned[:, :1])], axis=1)
    alive = np.where(planned & survives, np.nan_to_num(line[SURVIVAL], nan=1.0), 1.0) ** fraction
    lasting = np.cumprod(alive, axis=-1)
    weight = np.where(planned, lasting, 0.0)
    flow = weight * fraction
    revenue = flow * _known(line[REVENUE], planned)
    level = np.where(last, 0.0, weight * np.nan_to_num(line[CAPITAL]))
    counted = ~np.isnan(line[CAPITAL]).all(axis=-1)
    return Flows(
        survival=_after(1.0, np.where(planned, lasting, np.nan)),
        revenue=_after(0.0, revenue),
        contribution=_after(0.0, revenue * _known(line[MARGIN], planned)),
        cost_to_serve=_after(0.0, flow * _known(line[COST_TO_SERVE], planned)),
        sales_investment=_after(0.0, flow * _known(line[SALES_INVESTMENT], planned)),
        capital=_after(np.where(counted, np.nan_to_num(opening), 0.0), level),
    )


def _known(line: FloatArray, planned: BoolArray) -> FloatArray:
    """Figures of planned periods, also when missing; nothing afterwards."""
    return np.where(planned, line, 0.0)


def _after(today: FloatArray | float, ahead: FloatArray) -> FloatArray:
    first = np.broadcast_to(np.asarray(today, dtype=float), ahead.shape[:-1])
    return np.concatenate([first[..., None], ahead], axis=-1)


@dataclass(frozen=True)
class Valuation:
    """Plans of one or many customers, valued; each result is worked out when asked for.

    ``opening`` is the capital tied up today by customer, shape (customers,), NaN where not known.
    """

    plans: Plans
    opening: FloatArray
    terms: Terms

    def flows(self, lines: FloatArray) -> Flows:
        """Flows with these lines, shape (..., lines, customers, periods)."""
        horizon = self.plans.horizon
        return expected_flows(
            lines, self.plans.planned, horizon.fraction, self.opening, self.terms.counts_survival
        )

    def present(self, flows: FloatArray) -> FloatArray:
        """Present value of flows of shape (..., periods+1); shape (...)."""
        return finance.npv(self.plans.horizon.rates(self.terms.rate), flows)

    def npv(self, lines: FloatArray) -> FloatArray:
        """NPV with these lines; shape (..., customers), NaN where a plan cannot be valued."""
        worth: FloatArray = np.where(self.plans.complete, self.present(self.flows(lines).cash), np.nan)
        return worth

    @cached_property
    def expected(self) -> Flows:
        """Flows in the expected case."""
        return self.flows(self.plans.scenario(EXPECTED))

    @cached_property
    def scenarios(self) -> FloatArray:
        """NPV with all lines adverse, expected and favourable; shape (points, customers)."""
        return self.npv(np.stack([self.plans.scenario(point) for point in range(len(POINTS))]))

    @property
    def value(self) -> FloatArray:
        """NPV in the expected case, shape (customers,)."""
        expected: FloatArray = self.scenarios[EXPECTED]
        return expected

    @cached_property
    def sales_investment(self) -> FloatArray:
        """Present value of the sales investment, shape (customers,)."""
        return self.present(self.expected.sales_investment)

    @property
    def per_investment(self) -> FloatArray:
        """NPV for each unit of sales investment, both as present values; NaN without investment."""
        spent = np.where(self.sales_investment > 0, self.sales_investment, np.nan)
        ratio: FloatArray = self.value / spent
        return ratio

    @cached_property
    def charged(self) -> FloatArray:
        """Charge on opening capital by period, shape (customers, periods+1)."""
        rates = self.plans.horizon.rates(self.terms.rate)
        return finance.capital_charge(self.expected.capital, rates)

    def tornado(self) -> pd.DataFrame:
        """Move each line of the first customer's plan to either end in all years, others as expected.

        Returns
        -------
        DataFrame
            ``line``, ``npv_at_low``, ``npv_at_high``, ``swing``; lines without a range are left out; widest
            first.
        """
        base, values = self.plans.scenario(EXPECTED), self.plans.values
        tries = np.tile(base, (len(LINES), 2, 1, 1, 1))
        for line in range(len(LINES)):
            tries[line, 0, line], tries[line, 1, line] = values[LOW, line], values[HIGH, line]
        ends = self.npv(tries)[..., 0]
        table = pd.DataFrame({"line": LINES, "npv_at_low": ends[:, 0], "npv_at_high": ends[:, 1]})
        table["swing"] = (table["npv_at_high"] - table["npv_at_low"]).abs()
        moved = table[table["swing"] > 0]
        return moved.sort_values("swing", ascending=False, kind="stable", ignore_index=True)

    def break_even(self) -> pd.DataFrame:
        """Find the factor on each line, in all years, at which the NPV of the first customer is 0.

        Returns
        -------
        DataFrame
            Index: lines that are given; ``factor`` (1: as planned), NaN where no factor up to 10 does it.
        """
        given = [line for line in range(len(LINES)) if self.plans.given[line, 0]]
        factors = [self._zero(line) for line in given]
        return pd.DataFrame({"factor": factors}, index=pd.Index([LINES[i] for i in given], name="line"))

    def _zero(self, line: int) -> float:
        base = self.plans.scenario(EXPECTED)
        top = 1 / np.nanmax(base[line]) if line == SURVIVAL and np.nanmax(base[line]) > 0 else 10.0

        def balance(factor: float) -> float:
            tried = base.copy()
            tried[line] *= factor
            return float(self.npv(tried)[0])

        if not balance(0.0) * balance(top) < 0:
            return np.nan
        return float(brentq(balance, 0.0, top, xtol=1e-10))

    def draws(self, count: int, seed: int) -> FloatArray:
        """NPV in random draws of all lines, shape (count, customers).

        Each line of each customer is drawn from the triangular distribution over its range, by the same
        quantile in all years; lines and customers are independent.
        """
        return self.npv(drawn_lines(self.plans, count, seed))

    @property
    def uncertain(self) -> bool:
        """Whether any line has a range."""
        return bool(np.nanmax(self.plans.values[HIGH] - self.plans.values[LOW], initial=0.0) > 0)


def drawn_lines(plans: Plans, count: int, seed: int) -> FloatArray:
    """Draw the lines of plans; shape (count, lines, customers, periods)."""
    low, mode, high = plans.values
    shape = (count, *low.shape[:2], 1)
    quantile = np.random.default_rng(seed).random(shape)
    width = high - low
    peak = np.where(width > 0, (mode - low) / np.where(width > 0, width, 1.0), 0.0)
    rising = low + width * np.sqrt(quantile * peak)
    falling = high - width * np.sqrt((1 - quantile) * (1 - peak))
    drawn: FloatArray = np.where(quantile < peak, rising, falling)
    return drawn
