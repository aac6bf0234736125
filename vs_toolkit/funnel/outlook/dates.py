"""Stated decision dates: how far they tell when an order comes, beyond stage, age and kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.outlook.past import MONTH, Past
from vs_toolkit.funnel.record.walk import Ints

Floats = npt.NDArray[np.float64]
BANDS = ("no date", "in the past", "within 30 days", "in 31 to 90 days", "later")
WORTH = 20.0  # orders that the prior (a date tells nothing) is worth in each band and month
MOST = 0.99


@dataclass(frozen=True)
class DateEffect:
    """What stated dates did to the timing of orders on past days.

    Attributes
    ----------
    table
        Index: how far ahead the stated date was. opportunities, expected and actual orders of past days.
    ratio
        Actual over expected orders by band and month ahead, relative to all and shrunk towards 1; shape
        (bands, months).
    """

    table: pd.DataFrame
    ratio: Floats

    @property
    def is_known(self) -> bool:
        """Whether any past opportunity had a date that was recorded at the time."""
        return bool(self.table["opportunities"].iloc[1:].sum() > 0)


def learn_dates(past: Past) -> DateEffect:
    """Compare orders by month with those expected from stage, age and kind, by the date stated then.

    Only dates recorded with a status change count: the date that stands in ``opportunities`` is today's.
    """
    months = past.by_month.shape[1] - 1
    band, after = bands(past.rows["ahead_days"].to_numpy(float)), past.rows["won_after"].to_numpy(float)
    expected, actual = np.zeros((len(BANDS), months)), np.zeros((len(BANDS), months))
    for month in range(months):
        over = past.over(MONTH * (month + 1)) & ~np.isnan(past.by_month[:, month])
        came = (after > MONTH * month) & (after <= MONTH * (month + 1))
        expected[:, month] = np.bincount(band[over], past.by_month[over, month], len(BANDS))
        actual[:, month] = np.bincount(band[over], came[over], len(BANDS))
    every = (actual.sum(axis=0) + WORTH) / (expected.sum(axis=0) + WORTH)
    ratio = (actual + WORTH) / (expected * every + WORTH)
    table = pd.DataFrame(
        {
            "opportunities": np.bincount(band, minlength=len(BANDS)),
            "expected": expected.sum(axis=1),
            "actual": actual.sum(axis=1),
        },
        index=pd.Index(BANDS, name="stated date"),
    )
    only_one = np.count_nonzero(table["opportunities"]) < 2
    return DateEffect(table, np.ones_like(ratio) if only_one else ratio)


def bands(ahead_days: Floats) -> Ints:
    """Place in BANDS of a stated date so many days ahead.

    >>> bands(np.array([np.nan, -3, 0, 45, 200])).tolist()
    [0, 1, 2, 3, 4]
    """
    place = 1 + np.searchsorted([0.0, 31.0, 91.0], ahead_days, side="right")
    return np.where(np.isnan(ahead_days), 0, place)


def tilted(by_month: Floats, ahead_days: Floats, effect: DateEffect) -> Floats:
    """Shift chances by month (n, months + 1; last: later) by what the stated date tells; the sum stays."""
    months = min(by_month.shape[1] - 1, effect.ratio.shape[1])
    moved = by_month.copy()
    moved[:, :months] *= effect.ratio[bands(ahead_days)][:, :months]
    ever, soon = by_month.sum(axis=1), moved[:, :-1].sum(axis=1)
    moved[:, -1] = np.maximum(ever - soon, 0.0)
    total = moved.sum(axis=1, keepdims=True)
    fitted: Floats = moved * np.where(total > MOST, MOST / np.maximum(total, MOST), 1.0)
    return fitted
