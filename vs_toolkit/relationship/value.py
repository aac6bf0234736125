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

from vs_toolkit import finance, uncertainty
from vs_toolkit.finance import FloatArray
from vs_toolkit.relationship.plan import (
    CAPITAL,
    COST_TO_SERVE,
    COSTS,
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
from vs_toolkit.uncertainty import Assumption, End, Simulation, Values

LARGEST = 10.0  # factor on a line of the plan up to which a break-even is looked for
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
        """NPV with all lines at their worse end, as expected, at their better end: (points, customers)."""
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

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Lines of the first customer's plan that are given, each as a position from -1 (low) to 1 (high).

        A line without a range stays at 0; all years of a line move together.
        """
        found = []
        for line, name in enumerate(LINES):
            if self.plans.given[line, 0]:
                widths = self.plans.values[HIGH, line, 0] - self.plans.values[LOW, line, 0]
                reach = float(np.nanmax(widths, initial=0.0) > 0)
                end: End = "high" if name in COSTS else "low"
                found.append(Assumption(name, name, -reach, 0.0, reach, end))
        return tuple(found)

    def at(self, positions: Values) -> FloatArray:
        """NPV of the first customer with its lines at positions between low (-1) and high (1)."""
        shape = np.broadcast_shapes(*(np.shape(position) for position in positions.values()))
        places = np.zeros((*shape, len(LINES), 1, 1))
        for name, position in positions.items():
            places[..., LINES.index(name), 0, 0] = position
        return self.npv(moved(self.plans, places))[..., 0]

    def tornado(self) -> pd.DataFrame:
        """NPV with each line of the first customer's plan at either end; see ``uncertainty.tornado``."""
        return uncertainty.tornado(self.assumptions, self.at)

    def simulate(self, draws: int, seed: int) -> Simulation:
        """NPV of the first customer with all lines drawn at once (PERT), each the same way in all years."""
        return uncertainty.simulate(self.assumptions, self.at, draws, seed)

    def break_even(self) -> pd.Series[float]:
        """Change of each given line, in all years, at which the NPV of the first customer is 0.

        As a fraction of plan (-0.2: a fifth less), index ``line``; NaN where no change down to nothing or up
        to ten times does it, or only a survival larger than 1.
        """
        found = {a.key: self._factor(LINES.index(a.key)) - 1 for a in self.assumptions}
        return pd.Series(found, dtype=float).rename_axis("line")

    def _factor(self, line: int) -> float:
        """Factor on a line at which the NPV is 0, within what is possible."""
        base = self.plans.scenario(EXPECTED)
        largest = float(np.nanmax(base[line]))
        top = 1 / largest if line == SURVIVAL and largest > 0 else LARGEST

        def balance(factor: float) -> float:
            tried = base.copy()
            tried[line] *= factor
            return float(self.npv(tried)[0])

        return float(brentq(balance, 0.0, top)) if balance(0.0) * balance(top) < 0 else float("nan")

    def draws(self, count: int, seed: int) -> Valued:
        """Value all customers in random draws of their lines, independent of each other; (count, customers).

        Every line is drawn from the PERT distribution between its ends, the same way in all years.
        """
        rng = np.random.default_rng(seed)
        places = 2 * rng.beta(3.0, 3.0, (count, *self.plans.values.shape[1:3], 1)) - 1
        flows = self.flows(moved(self.plans, places))
        investment = self.present(flows.sales_investment)
        return Valued(self.present(flows.cash) + investment, investment)

    @property
    def uncertain(self) -> bool:
        """Whether any line has a range."""
        return bool(np.nanmax(self.plans.values[HIGH] - self.plans.values[LOW], initial=0.0) > 0)


@dataclass(frozen=True)
class Valued:
    """Present values of plans before the sales investment, and of that investment; any equal shape."""

    business: FloatArray
    investment: FloatArray


def moved(plans: Plans, places: FloatArray) -> FloatArray:
    """Lines at positions from -1 (low) over 0 (expected) to 1 (high).

    ``places`` has shape (..., lines, customers, 1); result (..., lines, customers, periods).
    """
    low, middle, high = plans.values
    lines: FloatArray = middle + np.where(places < 0, middle - low, high - middle) * places
    return lines
