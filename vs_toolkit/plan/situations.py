"""Trigger events, and which kinds of them preceded opportunities that were won."""

from __future__ import annotations

import pandas as pd

from vs_toolkit import estimates

FEW = 10  # below so many decided opportunities in either group, a comparison is called small
COLUMNS = ["kind", "won", "n", "rate", "other_won", "other_n", "lift", "low", "high", "few"]


def lift(
    situations: pd.DataFrame, decided: pd.DataFrame, window_days: int = 365, confidence: float = 0.9
) -> pd.DataFrame:
    """Compare the win rate of opportunities opened after an event of a kind with that of all others.

    Parameters
    ----------
    situations
        kind, happened_on.
    decided
        opportunity_id, created_at, won: opportunities that were won or lost.
    window_days
        An event precedes an opportunity that was opened within so many days after it.
    confidence
        Of the interval of the ratio (Katz log).

    Returns
    -------
    DataFrame
        One row per kind: won and n after such an event, rate, other_won and other_n, lift = ratio of the
        rates with low and high (NaN where a group has no success), few (either group is small).
    """
    rows = [_kind(str(kind), events, decided, window_days, confidence)
            for kind, events in situations.groupby("kind", sort=False)["happened_on"]]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(
        "n", ascending=False, kind="stable", ignore_index=True
    )


def _kind(
    kind: str, events: pd.Series[pd.Timestamp], decided: pd.DataFrame, window_days: int, confidence: float
) -> dict[str, object]:
    window = pd.Timedelta(days=window_days)
    after = pd.Series(False, index=decided.index)
    for day in events:
        after |= (decided["created_at"] >= day) & (decided["created_at"] <= day + window)
    won = decided["won"].astype(bool)
    return {"kind": kind, **compared(int(won[after].sum()), int(after.sum()),
                                     int(won[~after].sum()), int((~after).sum()), confidence)}  # fmt: skip


def compared(won: int, n: int, other_won: int, other_n: int, confidence: float = 0.9) -> dict[str, object]:
    """Ratio of two win rates with its interval.

    >>> found = compared(7, 34, 1, 34, confidence=0.95)
    >>> found["lift"], round(found["low"], 2), round(found["high"]), found["few"]
    (7.0, 0.91, 54, False)
    """
    rate = won / n if n else float("nan")
    other = other_won / other_n if other_n else float("nan")
    low, high = estimates.ratio(won, n, other_won, other_n, confidence)
    return {
        "won": won, "n": n, "rate": rate, "other_won": other_won, "other_n": other_n,
        "lift": rate / other if other else float("nan"), "low": low, "high": high,
        "few": min(n, other_n) < FEW,
    }  # fmt: skip
