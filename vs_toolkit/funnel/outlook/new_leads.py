"""Orders that come from leads not yet in the funnel: without them every forecast is too low after a while."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
FEWEST, MOST = 6, 24
NEXT_DAY = pd.Timedelta(days=1)
MOST_SURE = 9.0


@dataclass(frozen=True)
class NewLeads:
    """What leads that came after a day brought in the months after it, as seen from past days.

    Attributes
    ----------
    orders, values
        Orders and their value in each month ahead (0 = the month of the day after), one row per past day;
        shape (days, months). Without a row nothing is known.
    """

    orders: Floats
    values: Floats

    @property
    def is_known(self) -> bool:
        """Whether there are past days to go by."""
        return len(self.orders) > 0

    def count_distribution(self, months: list[int]) -> Floats:
        """Distribution of the orders in ``months`` ahead: negative binomial, at least as wide as Poisson.

        >>> leads = NewLeads(np.array([[0.0, 1.0], [0.0, 3.0]]), np.zeros((2, 2)))
        >>> leads.count_distribution([0]).tolist()
        [1.0]
        """
        orders = self.orders[:, months].sum(axis=1) if self.is_known else np.zeros(2)
        mean, variance = orders.mean(), max(orders.var(ddof=1), orders.mean() * (1 + 1e-6))
        if mean == 0:
            return np.ones(1)
        counts = np.arange(int(mean + MOST_SURE * np.sqrt(variance)) + 2)
        chance: Floats = stats.nbinom.pmf(counts, mean**2 / (variance - mean), mean / variance)
        chance /= chance.sum()
        return chance


NOTHING_KNOWN = NewLeads(np.zeros((0, 0)), np.zeros((0, 0)))


def orders_of_new_leads(cases: pd.DataFrame, as_of: Any, months: int) -> NewLeads:
    """Count, from past days on, the orders of which the lead came later than the day.

    Parameters
    ----------
    cases
        One row per case as of ``as_of``: outcome, first_at, closed_at, value. An order whose value is missing
        counts with the mean of the others.
    as_of
        The day from which everything is seen. The past days are those whole months before it from which all
        ``months`` have passed, at most the last two years of them.
    months
        How many months ahead.

    Returns
    -------
    NewLeads
        Empty where fewer than six past days can be looked at.

    Examples
    --------
    One lead every month, won a month later: nothing in the first month, one order in each later month.

    >>> first = pd.date_range("2025-01-10", periods=12, freq="MS")
    >>> cases = pd.DataFrame({"first_at": first, "closed_at": first + pd.DateOffset(months=1),
    ...                       "outcome": "won", "value": 5.0})
    >>> orders_of_new_leads(cases, "2025-12-31", 3).orders.mean(axis=0).tolist()
    [0.0, 1.0, 1.0]
    """
    tomorrow = pd.Timestamp(as_of).normalize() + NEXT_DAY  # months back from it, ends of months stay ends
    days = [tomorrow - pd.DateOffset(months=back) for back in range(months, months + MOST)]
    days = [day for day in days if day > cases["first_at"].min()]
    if len(days) < FEWEST:
        return NOTHING_KNOWN
    won = cases[cases["outcome"] == "won"]
    won = won.assign(value=won["value"].astype(float).fillna(won["value"].mean()))
    by_month = [_by_month(won[won["first_at"] >= day], day, months) for day in days]
    return NewLeads(*(np.array(part) for part in zip(*by_month, strict=True)))


def _by_month(orders: pd.DataFrame, day: pd.Timestamp, months: int) -> tuple[Floats, Floats]:
    """Count the orders and their value in each of the months from a day on."""
    month = pd.period_range(day, periods=months, freq="M")
    grouped = orders.groupby(orders["closed_at"].dt.to_period("M"))["value"]
    sums = grouped.agg(["size", "sum"]).reindex(month, fill_value=0).to_numpy(dtype=float)
    return sums[:, 0], sums[:, 1]
