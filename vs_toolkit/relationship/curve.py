"""The cash-flow curve of a relationship: break-even and deepest funding."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Curve:
    """What a cumulative cash flow says.

    ``break_even`` is the period from which it is never negative again, None when it ends negative or is not
    known; ``immediate`` whether it never was. ``deepest`` is its lowest level, at most 0, reached in
    ``deepest_in``; ``end`` its last.
    """

    break_even: str | None
    immediate: bool
    deepest: float | None
    deepest_in: str | None
    end: float | None


def curve(cumulative: pd.Series[float]) -> Curve:
    """Read a cumulative cash flow by period, in order.

    >>> curve(pd.Series([-5.0, -8.0, -1.0, 4.0], ["2024", "2025", "2026", "2027"]))
    Curve(break_even='2027', immediate=False, deepest=-8.0, deepest_in='2025', end=4.0)
    """
    if cumulative.empty or cumulative.isna().any():
        return Curve(None, False, None, None, None)
    noise = 1e-9 * float(cumulative.abs().max())
    negative = cumulative.index[cumulative < -noise]
    end = float(cumulative.iloc[-1])
    if negative.empty:
        return Curve(str(cumulative.index[0]), True, 0.0, None, end)
    after = cumulative.index[list(cumulative.index).index(negative[-1]) + 1 :]
    lowest = cumulative.idxmin()
    back = str(after[0]) if len(after) else None
    return Curve(back, False, float(cumulative.min()), str(lowest), end)
