"""Orders that come from leads not yet in the pipeline: without them every forecast is too low after a
while.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from vs_toolkit.funnel.outlook.months import month_ends

Floats = npt.NDArray[np.float64]
FEWEST, MOST = 2, 12  # past months that are looked at: with one, how much months differ is not known
NEXT_DAY = pd.Timedelta(days=1)
MOST_SURE = 9.0


@dataclass(frozen=True)
class NewLeads:
    """What leads that are not there yet bring in the months ahead, from orders of the last year.

    Attributes
    ----------
    orders
        Mean number of orders in each month ahead (0 = the month of the next day); shape (months,).
    pools
        For each month ahead the values of the past orders it was counted from: their mean is that of an
        order.
    dispersion
        Variance of the orders of a month from new leads over their mean; at least 1.
    counted
        Past months behind it; 0: nothing is known.
    """

    orders: Floats
    pools: tuple[Floats, ...]
    dispersion: float
    counted: int

    @property
    def is_known(self) -> bool:
        """Whether there are past months to go by."""
        return self.counted > 0

    @property
    def values(self) -> Floats:
        """Mean value of the orders in each month ahead; shape (months,)."""
        mean = [float(pool.mean()) if len(pool) else 0.0 for pool in self.pools]
        values: Floats = self.orders * np.array(mean)
        return values

    def scaled(self, factor: float) -> NewLeads:
        """The same with ``factor`` times as many orders."""
        return NewLeads(self.orders * factor, self.pools, self.dispersion, self.counted)

    def variance(self, months: list[int]) -> float:
        """Variance of the orders in ``months`` ahead: of the orders themselves, and of their estimated
        mean.
        """
        mean = float(self.orders[months].sum())
        seen = float(self.orders[months].mean() * self.counted) if self.counted else 0.0
        return self.dispersion * mean + (mean**2 * self.dispersion / seen if seen else 0.0)

    def count_distribution(self, months: list[int]) -> Floats:
        """Distribution of the orders in ``months`` ahead: negative binomial, at least as wide as Poisson.

        >>> NewLeads(np.zeros(1), (np.zeros(0),), 1.0, 12).count_distribution([0]).tolist()
        [1.0]
        """
        mean = float(self.orders[months].sum())
        if mean == 0:
            return np.ones(1)
        variance = max(self.variance(months), mean * (1 + 1e-6))
        counts = np.arange(int(mean + MOST_SURE * np.sqrt(variance)) + 2)
        chance: Floats = stats.nbinom.pmf(counts, mean**2 / (variance - mean), mean / variance)
        chance /= chance.sum()
        return chance

    def draw(self, draws: int, rng: np.random.Generator) -> Floats:
        """Simulate the value of the orders in each month ahead; shape (draws, months)."""
        drawn = np.zeros((draws, len(self.orders)))
        whole = list(range(len(self.orders)))
        mean = float(self.orders.sum())
        if mean == 0:
            return drawn
        extra = max(self.variance(whole) / mean - 1, 1e-9) / mean  # variance of the common factor
        common = rng.gamma(1 / extra, extra, draws)
        for month, pool in enumerate(self.pools):
            counts = rng.poisson(common * self.orders[month])
            if len(pool) and counts.sum():
                picked = pool[rng.integers(len(pool), size=counts.sum())]
                drawn[:, month] = np.bincount(np.repeat(np.arange(draws), counts), picked, draws)
        return drawn


NOTHING_KNOWN = NewLeads(np.zeros(0), (), 1.0, 0)


def orders_of_new_leads(cases: pd.DataFrame, as_of: Any, months: int) -> NewLeads:
    """Count the orders of the last twelve months whose lead would have been new so many days before.

    The first month ahead is what is left of it: it is compared with that part of each past month.

    Parameters
    ----------
    cases
        One row per opportunity as of ``as_of``: outcome, first_at, closed_at, value and, where recorded,
        created_at (a lead is as old as the earlier of its creation and its first status). An order whose
        value is missing counts with the mean of the others.
    as_of
        As-of date; later data is ignored.
    months
        How many months ahead.

    Returns
    -------
    NewLeads
        Nothing known where fewer than two full months are on record; where the record does not reach back
        as many
        months as are looked ahead, the last known month ahead stands for later ones.

    Examples
    --------
    One lead every month, won a month later: nothing in the first month, one order in each later month.

    >>> first = pd.date_range("2025-01-10", periods=12, freq="MS")
    >>> cases = pd.DataFrame({"first_at": first, "closed_at": first + pd.DateOffset(months=1),
    ...                       "outcome": "won", "value": 5.0})
    >>> orders_of_new_leads(cases, "2025-12-31", 3).orders.tolist()
    [0.0, 1.0, 1.0]
    """
    tomorrow = pd.Timestamp(as_of).normalize() + NEXT_DAY
    begun, won = born(cases), (cases["outcome"] == "won").to_numpy()
    known = cases["value"].astype(float)
    value = np.asarray(known.fillna(known[won].mean()).fillna(0.0), dtype=np.float64)[won]
    closed, lead = (column.to_numpy()[won].astype("datetime64[us]") for column in (cases["closed_at"], begun))
    parts: list[list[Floats]] = []
    for start in month_ends(as_of, months)[0]:
        windows = _windows(tomorrow, start, begun.dt.normalize().min())
        if len(windows) < FEWEST and not parts:
            return NewLeads(np.zeros(months), (np.zeros(0),) * months, 1.0, 0)
        if not windows:  # leads of so long ago are not on record: as many as one month earlier
            parts.append(parts[-1])
            continue
        parts.append([value[(closed >= a) & (closed < b) & (lead >= since)] for since, a, b in windows])
    counts = [np.array([len(window) for window in part], dtype=np.float64) for part in parts]
    orders, pools = np.array([count.mean() for count in counts]), tuple(map(np.concatenate, parts))
    return NewLeads(orders, pools, _dispersion(counts), len(parts[0]))


def _windows(tomorrow: pd.Timestamp, month: pd.Timestamp, first: Any) -> list[list[np.datetime64]]:
    """Look back at a month ahead from up to twelve earlier days: the day, begin and end of that month then.

    Of the month that has begun only the rest is ahead, so only that part of past months is looked at.
    """
    far = max((month.year - tomorrow.year) * 12 + month.month - tomorrow.month, 0) + 1
    days = (tomorrow, max(month, tomorrow), month + pd.DateOffset(months=1))
    then = [[day - pd.DateOffset(months=far + back) for day in days] for back in range(MOST)]
    return [[day.to_datetime64() for day in each] for each in then if each[0] >= first]


def _dispersion(counts: list[Floats]) -> float:
    """Variance of counts in windows alike over their mean, at least 1; more where it rests on few windows.

    By Student's t: of few windows the variance is hardly known, and an 80% interval of so many degrees of
    freedom is wider.
    """
    several = [count for count in counts if len(count) > 1]
    expected = sum(count.mean() * (len(count) - 1) for count in several)
    if not expected:
        return 1.0
    wider = stats.t.ppf(0.9, len(several[0]) - 1) / stats.norm.ppf(0.9)
    squares = sum(((count - count.mean()) ** 2).sum() for count in several)
    return float(max(1.0, squares / expected) * wider**2)


def born(cases: pd.DataFrame) -> pd.Series[Any]:
    """Day on which each lead began: its creation, if that is known and earlier than its first status."""
    if "created_at" not in cases:
        begun: pd.Series[Any] = cases["first_at"]
        return begun
    both: pd.Series[Any] = cases[["first_at", "created_at"]].min(axis=1)
    return both
