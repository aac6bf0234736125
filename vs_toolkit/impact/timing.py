"""The time grid of a case: what part of an effect falls into which period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.inputs.cases.business_case import BusinessCase

MONTHS = 12
PERIOD_MONTHS = {"year": MONTHS, "month": 1}


@dataclass(frozen=True)
class Grid:
    """``periods`` periods of ``months`` months each; index 0 of every array is the start, undiscounted.

    Arrays over a grid have shape (periods+1,). Everything tied up is released at the last index.
    """

    periods: int
    months: int

    @property
    def time(self) -> FloatArray:
        """Years from the start to the end of each period."""
        years: FloatArray = np.arange(self.periods + 1) * self.months / MONTHS
        return years

    @property
    def year(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Year that each period belongs to: 0 is the start, 1 the first year.

        >>> Grid(14, 1).year.tolist()
        [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2]
        """
        return np.ceil(self.time).astype(np.int64)

    def rate(self, yearly: float) -> float:
        """Rate per period that compounds to ``yearly``."""
        return finance.convert_rate(yearly, self.months / MONTHS)

    def period(self, month: int) -> int:
        """Period at whose end falls what is paid in ``month`` (0 is the start)."""
        return -(-month // self.months)

    def at(self, month: int) -> FloatArray:
        """One unit paid once; nothing when ``month`` lies beyond the horizon.

        >>> Grid(3, 12).at(6).tolist()
        [0.0, 1.0, 0.0, 0.0]
        """
        return np.where(np.arange(self.periods + 1) == self.period(month), 1.0, 0.0)

    def flow(
        self,
        start: int = 0,
        ramp: int = 0,
        end: int | None = None,
        by_year: Sequence[float] | None = None,
    ) -> FloatArray:
        """Flow per period of one unit a year, or of the amounts ``by_year`` (year 0 first, then nothing).

        It sets in at month ``start``, grows evenly over ``ramp`` months and stops at month ``end``. A yearly
        period takes the mean of its months; an amount of year 0 is paid at the start whatever the ramp.

        >>> Grid(2, 12).flow(ramp=12).tolist(), Grid(2, 12).flow(start=6).tolist()
        ([0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
        """
        month = np.arange(self.periods * self.months, dtype=np.float64) + 0.5
        amounts = _padded(by_year or (0.0, *np.ones(-(-month.size // MONTHS))), month.size // MONTHS + 2)
        monthly = amounts[(month // MONTHS).astype(int) + 1] * _share(month, start, ramp, end)
        per_period = monthly.reshape(self.periods, self.months).sum(axis=1) / MONTHS
        return np.concatenate([amounts[:1], per_period])

    def level(
        self,
        start: int = 0,
        ramp: int = 0,
        end: int | None = None,
        by_year: Sequence[float] | None = None,
    ) -> FloatArray:
        """Level at the end of each period of one unit, or of the year-end levels ``by_year``.

        Between two year ends levels move evenly; at the horizon all is released.

        >>> Grid(2, 12).level().tolist(), Grid(2, 12).level(by_year=[0, 5, 9]).tolist()
        ([1.0, 1.0, 0.0], [0.0, 5.0, 0.0])
        """
        levels = np.ones(self.periods + 1)
        if by_year:
            last = int(self.year[-1])
            levels = np.interp(self.time, np.arange(last + 1), _padded(by_year, last + 1))
        levels = levels * _share(self.time * MONTHS, start, ramp, end)
        levels[-1] = 0.0
        return levels


def grid_of(case: BusinessCase) -> Grid:
    """Grid on which ``case`` wants to be seen: its years, or their months."""
    months = PERIOD_MONTHS[case.period]
    return Grid(case.years * MONTHS // months, months)


def _share(month: FloatArray, start: int, ramp: int, end: int | None) -> FloatArray:
    """Part of the full effect that has set in at ``month``: 0 before the start, then growing to 1."""
    grown = (month >= start).astype(float) if not ramp else np.clip((month - start) / ramp, 0.0, 1.0)
    return grown if end is None else grown * (month < end)


def _padded(amounts: Sequence[float], length: int) -> FloatArray:
    padded = np.zeros(length)
    known = min(len(amounts), length)
    padded[:known] = amounts[:known]
    return padded
