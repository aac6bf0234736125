"""Versions: of rows with the same key the newest one counts; and tables as they stood on an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.inputs.views.asof import known_rows

Frames = Mapping[str, pd.DataFrame]


def table(tables: Frames, name: str) -> pd.DataFrame:
    """Return a table, without rows where it is not given or the edition may not show it.

    >>> table({}, "goals").empty
    True
    """
    return tables[name] if name in tables else empty_frame(TABLES[name])


def newest(frame: pd.DataFrame, *key: str, dated: str = "recorded_on") -> pd.DataFrame:
    """Keep the newest version of each key; rows stay in their order.

    >>> rows = pd.DataFrame({"goal_id": ["A", "B", "A"], "recorded_on": [3, 1, 2], "actual": [9, 5, 4]})
    >>> newest(rows, "goal_id")["actual"].tolist()
    [9, 5]
    """
    order = np.argsort(frame[dated].to_numpy(), kind="stable")
    last = ~frame[list(key)].take(order).duplicated(keep="last").to_numpy()
    return frame.take(np.sort(order[last])).reset_index(drop=True)


def known_by(tables: Frames, day: date) -> dict[str, pd.DataFrame]:
    """Cut every table to what was known at the end of an earlier day.

    >>> rows = pd.DataFrame({"happened_on": pd.to_datetime(["2026-01-05", "2026-03-01"])})
    >>> len(known_by({"situations": rows}, date(2026, 2, 1))["situations"])
    1
    """
    return {name: known_rows(name, frame, day) for name, frame in tables.items()}
