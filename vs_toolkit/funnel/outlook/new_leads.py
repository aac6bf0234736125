"""Orders that come from leads not yet in the pipeline: without them every forecast is too low after a
while.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    shares
        How far each past order stands for one in each month ahead (0 = the month of the next day): days of
        that month over days of the past months looked at, or 0; shape (past orders, months).
    past_values
        Values of the past orders, shape (past orders,).
    dispersion
        Variance of the orders of a month from new leads over their mean; at least 1.
    counted
        Past months behind it; 0: nothing is known.
    """

    shares: Floats
    past_values: Floats
    dispersion: float
    counted: int

    @property
    def is_known(self) -> bool:
        """Whether there are past months to go by."""
        return self.counted > 0

    @property
    def orders(self) -> Floats:
        """Mean number of orders in each month ahead; shape (months,)."""
        orders: Floats = self.shares.sum(axis=0)
        return orders

    @property
    def values(self) -> Floats:
        """Mean value of the orders in each month ahead; shape (months,)."""
        values: Floats = self.past_values @ self.shares
        return values

    def scaled(self, factor: float) -> NewLeads:
        """The same with ``factor`` times as many orders."""
        return replace(self, shares=self.shares * factor)

    def variance(self, months: list[int]) -> float:
        """Variance of the orders in ``months`` ahead: of the orders themselves, and of their estimated
        mean.

        A past order that stands for several months ahead is one observation, not several: its shares are
        added up before they are squared.
        """
        share = self.shares[:, months].sum(axis=1)
        return self.dispersion * float(share.sum() + (share**2).sum())

    def count_distribution(self, months: list[int]) -> Floats:
        """Distribution of the orders in ``months`` ahead: negative binomial, at least as wide as Poisson.

        >>> nothing_known(1).count_distribution([0]).tolist()
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
        months = self.shares.shape[1]
        drawn, mean = np.zeros((draws, months)), float(self.shares.sum())
        if mean == 0:
            return drawn
        extra = max(self.variance(list(range(months))) / mean - 1, 1e-9) / mean  # of the common factor
        common = rng.gamma(1 / extra, extra, draws)
        for month, orders in enumerate(self.orders):
            counts = rng.poisson(common * orders)
            pool = self.past_values[self.shares[:, month] > 0]
            picked = pool[rng.integers(len(pool), size=counts.sum())] if len(pool) else pool
            drawn[:, month] = np.bincount(np.repeat(np.arange(draws), counts), picked, draws)
        return drawn


def nothing_known(months: int) -> NewLeads:
    """No leads to come in any of the months, since there is no past to go by."""
    return NewLeads(np.zeros((0, months)), np.zeros(0), 1.0, 0)


def orders_of_new_leads(cases: pd.DataFrame, as_of: Any, months: int) -> NewLeads:
    """Count the orders of the last twelve months whose lead would have been new so many days before.

    They are counted per day, since months differ in length. The first month ahead is what is left of it: it
    is compared with that part of each past month.

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
        as many months as are looked ahead, the last known month ahead stands for later ones.

    Examples
    --------
    One lead every month, won a month later: nothing in the first month, then about one (February is short).

    >>> first = pd.date_range("2025-01-10", periods=12, freq="MS")
    >>> cases = pd.DataFrame({"first_at": first, "closed_at": first + pd.DateOffset(months=1),
    ...                       "outcome": "won", "value": 5.0})
    >>> orders_of_new_leads(cases, "2025-12-31", 3).orders.round(2).tolist()
    [0.0, 0.92, 1.01]
    """
    tomorrow = pd.Timestamp(as_of).normalize() + NEXT_DAY
    first = born(cases).dt.normalize().min()
    won = cases[cases["outcome"] == "won"].sort_values("value")  # by no name, so that names change no draw
    known = won["value"].astype(float)
    value = np.asarray(known.fillna(known.mean()).fillna(0.0), dtype=np.float64)
    closed, lead = (column.to_numpy().astype("datetime64[us]") for column in (won["closed_at"], born(won)))
    inside: list[list[npt.NDArray[np.bool_]]] = []  # by month ahead and past month: the orders it holds
    days: list[float] = []
    starts, ends = month_ends(as_of, months)
    for start in starts:
        windows = _windows(tomorrow, start, first)
        if len(windows) < FEWEST and not inside:
            return nothing_known(months)
        if not windows:  # leads of so long ago are not on record: as many a day as one month earlier
            inside, days = [*inside, inside[-1]], [*days, days[-1]]
            continue
        inside.append([(closed >= a) & (closed < b) & (lead >= since) for since, a, b in windows])
        days.append(sum((b - a) / np.timedelta64(1, "D") for _, a, b in windows))
    shares = np.column_stack([np.any(windows, axis=0) for windows in inside])
    counts = [np.sum(windows, axis=1).astype(float) for windows in inside]
    per_day = np.diff(ends, prepend=0.0) / np.array(days)
    return NewLeads(shares * per_day, value, _dispersion(counts), len(inside[0]))


def _windows(tomorrow: pd.Timestamp, month: pd.Timestamp, first: Any) -> list[list[np.datetime64]]:
    """Look back at a month ahead from up to twelve earlier days: the day, begin and end of that month then.

    Of the month that has begun only the rest is ahead, so only that part of past months is looked at. The
    earlier day lies as many days before as today: months differ in length.
    """
    far = max((month.year - tomorrow.year) * 12 + month.month - tomorrow.month, 0) + 1
    begin, end = max(month, tomorrow), month + pd.DateOffset(months=1)
    then = [[day - pd.DateOffset(months=far + back) for day in (begin, end)] for back in range(MOST)]
    wait = begin - tomorrow
    return [[day.to_datetime64() for day in (a - wait, a, b)] for a, b in then if a - wait >= first]


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
