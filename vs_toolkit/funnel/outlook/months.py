"""The months ahead of a day."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
NEXT_DAY = pd.Timedelta(days=1)


def month_ends(as_of: Any, months: int) -> tuple[pd.DatetimeIndex, Floats]:
    """First days of the months ahead, that of the day after ``as_of`` first, and days until their ends.

    >>> starts, days = month_ends("2026-06-30", 2)
    >>> starts[0].date().isoformat(), days.tolist()
    ('2026-07-01', [31.0, 62.0])
    """
    today = pd.Timestamp(as_of).normalize()
    month = pd.period_range(today + NEXT_DAY, periods=months, freq="M")
    ends = (month + 1).to_timestamp() - (today + NEXT_DAY)
    return month.to_timestamp(), np.asarray(ends / pd.Timedelta(days=1), dtype=np.float64)
