"""The grid of months: where on it levels, flows, ramps and payments fall, and how months add up to years.

Everything is computed month by month: what is dated falls in its month. What recurs falls at the end of each
accounting period of ``every`` months (1: monthly, 3: quarterly, 12: at year ends, as most published cash-flow
tables have it), or in its middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray

MONTHS = 12


@dataclass(frozen=True)
class Grid:
    """``months`` months from the start (index 0, undiscounted) to the horizon (index ``months``).

    Arrays over a grid have shape (..., months+tail+1). ``every`` is the length of an accounting period in
    months; ``middle`` puts what recurs into its middle instead of its end. ``tail`` months follow the
    horizon, for what is settled late. ``delay`` postpones everything by as many months while the horizon
    stands: what would fall beyond it is lost.

    >>> Grid(24, every=12).flow().nonzero()[0].tolist()
    [12, 24]
    """

    months: int
    every: int = 1
    middle: bool = False
    tail: int = 0
    delay: int = 0

    def __post_init__(self) -> None:
        if self.months < 1 or self.every < 1 or self.months % self.every or self.tail % self.every:
            raise ValueError(f"{self.months} months are no whole number of periods of {self.every} months")
        if self.middle and self.every == 1:
            raise ValueError("a month has no middle: settle by quarter or year, or at the end of the month")

    @property
    def size(self) -> int:
        """Length of the arrays over the grid."""
        return self.months + self.tail + 1

    @property
    def month(self) -> NDArray[np.int64]:
        """Months from the start, 0, 1, 2, ..."""
        return np.arange(self.size)

    @property
    def time(self) -> FloatArray:
        """Years from the start."""
        return self.month / MONTHS

    @property
    def year(self) -> NDArray[np.int64]:
        """Year that each month belongs to: 0 is the start, 1 the first year.

        >>> Grid(14).year.tolist()
        [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]
        """
        return -(-self.month // MONTHS)

    def rate(self, yearly: ArrayLike) -> FloatArray:
        """Rate per month that compounds to ``yearly``: one, or those of years 1, 2, ... (the last holds).

        Shape () for one rate, (size,) for several: as :func:`vs_toolkit.finance.discount_factors` takes it.
        """
        rates = np.asarray(yearly, dtype=float)
        monthly: FloatArray = (1 + rates) ** (1 / MONTHS) - 1
        return monthly if rates.ndim == 0 else monthly[np.clip(self.year - 1, 0, rates.size - 1)]

    def prices(self, inflation: float, *, stepped: bool = False) -> FloatArray:
        """Price level of each month relative to the start; ``inflation`` per year.

        ``stepped``: prices move at the end of each accounting period only, as levels do.
        """
        return finance.price_index(inflation, self._stepped if stepped else self.time)

    @property
    def _stepped(self) -> FloatArray:
        """Years from the start to the end of the last accounting period that is over."""
        ended: FloatArray = self.month // self.every * self.every / MONTHS
        return ended

    def at(self, month: int) -> FloatArray:
        """One unit paid once, in ``month``; nothing when that lies beyond the horizon.

        >>> Grid(3).at(2).tolist()
        [0.0, 0.0, 1.0, 0.0]
        """
        paid = month + self.delay
        return np.where((self.month == paid) & (paid <= self.months), 1.0, 0.0)

    def flow(
        self,
        start: float = 0,
        ramp: float = 0,
        end: float | None = None,
        by_year: Sequence[float] | None = None,
        *,
        in_advance: bool = False,
    ) -> FloatArray:
        """Flow of one unit a year, or of the amounts ``by_year`` (year 0 first, then nothing).

        It sets in at month ``start``, grows evenly over ``ramp`` months and stops at month ``end``; a period
        takes what its months bring. An amount of year 0 is paid at the start whatever the ramp.
        ``in_advance`` pays each period at its beginning.

        >>> Grid(24, every=12).flow(ramp=12)[[12, 24]].tolist()
        [0.5, 1.0]
        """
        middles = np.arange(self.months, dtype=np.float64) + 0.5
        years = self.months // MONTHS + 2
        amounts = _padded((0.0, *np.ones(years)) if by_year is None else by_year, years + 1)
        monthly = amounts[(middles // MONTHS).astype(int) + 1] * _share(middles, start, ramp, end)
        placed = np.zeros(self.size)
        placed[1 + self.delay : self.months + 1] = monthly[: max(0, self.months - self.delay)]
        at_start: FloatArray = amounts[0] * self.at(0)
        return at_start + self.settled(placed, in_advance=in_advance) / MONTHS

    def level(
        self,
        start: float = 0,
        ramp: float = 0,
        end: float | None = None,
        by_year: Sequence[float] | None = None,
    ) -> FloatArray:
        """Level at the end of each month of one unit, or of the year-end levels ``by_year`` (year 0 first).

        Between two year ends levels move evenly on monthly grids and in steps at the period's end on others;
        at the horizon all is released.

        >>> Grid(3).level(start=1).tolist()
        [0.0, 1.0, 1.0, 0.0]
        >>> Grid(24, every=12).level(by_year=[0, 5, 9])[[11, 12, 24]].tolist()
        [0.0, 5.0, 0.0]
        """
        levels = np.ones(self.size)
        if by_year is not None:
            known = _padded(by_year, self.months // MONTHS + 2)
            levels = np.interp(self._stepped, np.arange(known.size), known)
        levels = levels * _share(self.month.astype(float), start, ramp, end)
        levels = np.concatenate([np.zeros(self.delay), levels])[: self.size]
        levels[self.months :] = 0.0
        return levels

    def settled(self, monthly: FloatArray, *, in_advance: bool = False) -> FloatArray:
        """Move what accrues in the months of each accounting period to where the period is settled.

        Shape (..., size) in and out; month 0 stays where it is. A middle that falls between two months is
        shared by both.

        >>> Grid(2, every=2).settled(np.array([1.0, 2.0, 3.0])).tolist()
        [1.0, 0.0, 5.0]
        """
        sums = self._periods(monthly)
        places = np.zeros(monthly.shape)
        places[..., 0] = monthly[..., 0]
        for place in self._places(in_advance):
            places[..., place] += sums / 2
        return places

    def accrued(self, flows: FloatArray) -> FloatArray:
        """Spread what falls on the settlement of a period evenly over its months; the rest stays dated.

        Shape (size,) in and out. So a payback within a period is read off on a straight line.

        >>> Grid(4, every=4).accrued(np.array([-9.0, 0.0, 1.0, 0.0, 8.0])).tolist()
        [-9.0, 2.0, 3.0, 2.0, 2.0]
        """
        spread = flows.copy()
        near, far = self._places(in_advance=False)
        places = np.union1d(near, far)
        settled = np.zeros(flows.size)
        settled[places] = flows[places]
        spread[places] = 0.0
        spread[1:] += np.repeat(self._periods(settled) / self.every, self.every)
        return spread

    def compounded(self, monthly: FloatArray, rate: ArrayLike) -> FloatArray:
        """Like :meth:`settled` at the end of the period, each month's amount compounded until then.

        A charge of ``rate`` per month on constant capital so becomes the yearly rate on it.
        """
        growth = 1 / finance.discount_factors(rate, self.size - 1)
        return self._at_ends(self._periods(monthly / growth), monthly) * growth

    def _at_ends(self, sums: FloatArray, like: FloatArray) -> FloatArray:
        ends = np.zeros(like.shape)
        ends[..., 0] = like[..., 0]
        ends[..., self.every :: self.every] = sums
        return ends

    def _periods(self, monthly: FloatArray) -> FloatArray:
        """Sum the months 1 ... of each accounting period; shape (..., periods)."""
        shape = (*monthly.shape[:-1], (self.size - 1) // self.every, self.every)
        total: FloatArray = monthly[..., 1:].reshape(shape).sum(axis=-1)
        return total

    def _places(self, in_advance: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Two indices for each period, the same unless its middle falls between two months."""
        begin = np.arange(0, self.size - 1, self.every)
        if in_advance:
            return begin, begin
        if self.middle:
            return begin + self.every // 2, begin + (self.every + 1) // 2
        return begin + self.every, begin + self.every

    def yearly(self, flows: FloatArray) -> FloatArray:
        """Sum flows over the months of each year: shape (..., size) -> (..., years+1), year 0 the start.

        >>> Grid(24, every=12).yearly(Grid(24, every=12).flow(by_year=[3, 4, 5])).tolist()
        [3.0, 4.0, 5.0]
        """
        starts = np.flatnonzero(np.diff(self.year, prepend=-1))
        total: FloatArray = np.add.reduceat(flows, starts, axis=-1)
        return total

    def year_ends(self, levels: FloatArray) -> FloatArray:
        """Levels at the start and at the end of each year: shape (..., size) -> (..., years+1)."""
        last = np.flatnonzero(np.diff(self.year, append=self.year[-1] + 1))
        ends: FloatArray = levels[..., last]
        return ends

    @property
    def years(self) -> int:
        """Years that the grid touches, without year 0."""
        return int(self.year[-1])


def between_months(month: ArrayLike, low: float, high: float) -> dict[int, FloatArray]:
    """Weights by which whole months stand for uncertain ones between ``low`` and ``high``.

    ``month`` has shape () or (draws,); the result maps each whole month to weights of that shape, which sum
    to 1: month 2.25 is three quarters month 2 and one quarter month 3. What happens at an uncertain time so
    becomes a sum of things that happen at fixed times.

    >>> {month: float(weight) for month, weight in between_months(2.25, 2, 4).items()}
    {2: 0.75, 3: 0.25, 4: 0.0}
    """
    months = np.asarray(month, dtype=float)
    first, last = int(np.floor(min(low, months.min()))), int(np.ceil(max(high, months.max())))
    return {m: np.clip(1 - np.abs(months - m), 0.0, 1.0) for m in range(first, last + 1)}


def _share(month: FloatArray, start: float, ramp: float, end: float | None) -> FloatArray:
    """Part of the full effect that has set in at ``month``: 0 before the start, then growing to 1."""
    grown = (month >= start).astype(float) if not ramp else np.clip((month - start) / ramp, 0.0, 1.0)
    return grown if end is None else grown * (month < end)


def _padded(amounts: Sequence[float], length: int) -> FloatArray:
    padded = np.zeros(length)
    known = min(len(amounts), length)
    padded[:known] = amounts[:known]
    return padded
