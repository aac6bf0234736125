"""What serving customers costs by activity: never spread by revenue, which would only repaint its ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from vs_toolkit.periods import Period


@dataclass(frozen=True)
class Margin:
    """Margin of one customer: gross, cost of its activities, and what capital takes.

    ``before_capital`` = gross margin − activity cost; ``after_capital`` = that less the capital charge.
    """

    gross: float
    activity_cost: float
    capital_charge: float

    @property
    def before_capital(self) -> float:
        """Customer margin before the charge for capital."""
        return self.gross - self.activity_cost

    @property
    def after_capital(self) -> float:
        """Customer margin after the charge for capital."""
        return self.before_capital - self.capital_charge


def rates(pools: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Cost of doing each activity once: cost of the pool ÷ quantity of its driver.

    >>> rates({"delivery": (420_000, 5_000)})
    {'delivery': 84.0}
    """
    return {activity: cost / quantity for activity, (cost, quantity) in pools.items() if quantity > 0}


def customer_margin(
    gross: float,
    use: Mapping[str, float],
    rate_of: Mapping[str, float],
    capital: float = 0.0,
    capital_rate: float = 0.0,
) -> Margin:
    """Margin of one customer from its gross margin, its use of activities and the capital tied up for it.

    Parameters
    ----------
    gross
        Net sales less cost of goods, of the same period as ``use``.
    use
        Activity -> how often it was done for the customer.
    rate_of
        Activity -> cost of doing it once; KeyError for an activity that is used and has none.
    capital, capital_rate
        Average balance, and its cost for the period as a fraction.

    >>> customer_margin(2_660, {"delivery": 16, "line": 190}, {"delivery": 84, "line": 1.5}).before_capital
    1031.0
    """
    cost = sum(quantity * rate_of[activity] for activity, quantity in use.items() if quantity)
    return Margin(gross, cost, capital * capital_rate)


def cost_by_activity(use: pd.DataFrame, costs: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Cost of each activity by customer in a period.

    An activity costs its pool ÷ its capacity, or ÷ all that was used where no capacity is known: what is not
    used is then nobody's cost and stays with the pool.

    Parameters
    ----------
    use
        customer_id, activity, month, quantity.
    costs
        activity, month, cost, capacity (NaN: not known).
    period
        Months that count.

    Returns
    -------
    DataFrame
        Index: customer_id; a column for each activity with a cost; empty where there is no use or no cost.
    """
    used = use[period.holds(use["month"])]
    pools = costs[period.holds(costs["month"])]
    if used.empty or pools.empty:
        return pd.DataFrame(index=pd.Index([], name="customer_id"))
    done = used.groupby("activity")["quantity"].sum()
    sums = pools.groupby("activity")[["cost", "capacity"]].sum(min_count=1)
    whole = pools.groupby("activity")["capacity"].count() == pools.groupby("activity").size()
    base = sums["capacity"].where(whole).fillna(done.reindex(sums.index))
    once = (sums["cost"] / base).where(base > 0)
    table = used.pivot_table(index="customer_id", columns="activity", values="quantity", aggfunc="sum")
    known = [activity for activity in table.columns if once.get(activity) == once.get(activity)]
    return table[known].fillna(0.0) * once[known]


def idle_cost(use: pd.DataFrame, costs: pd.DataFrame, period: Period) -> float:
    """Cost of activities in a period that no customer used: capacity without work."""
    assigned = cost_by_activity(use, costs, period).to_numpy(float).sum()
    return float(costs.loc[period.holds(costs["month"]), "cost"].sum() - assigned)
