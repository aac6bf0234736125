"""Step by step through the funnel: what share goes on, how long it takes, and where opportunities stall."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit.estimates import effective_size, jeffreys
from vs_toolkit.funnel.rates.incidence import followed, incidence
from vs_toolkit.funnel.record.history import History

SLOW = 0.9  # opportunities that took longer than this share of those that went on are stalled
FEWEST = 10


@dataclass(frozen=True)
class Steps:
    """What became of the visits to each status.

    Attributes
    ----------
    table
        Index: open status. visits, forward (to a later status or won), back, lost, still (there); conversion:
        share that goes on, open visits counted as not ended yet, with low and high; days: median of those
        that went on, days_90: by which 90 % of them had; stalled: cases there for longer than that; missing
        with fewer than 10 that went on.
    stalled
        Index opportunity_id, longest first: status, days, days_90.
    """

    table: pd.DataFrame
    stalled: pd.DataFrame


def steps(history: History, level: float = 0.90) -> Steps:
    """Follow every visit to a status to the step after it.

    Examples
    --------
    >>> from vs_toolkit.funnel.record.history import read_history
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A", "B", "B"],
    ...                         "status": ["Lead", "Order", "Lead", "Lost"],
    ...                         "changed_at": ["2026-03-02", "2026-03-12", "2026-03-02", "2026-03-05"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order", "Lost"], "order": [1, 2, 3],
    ...                        "outcome": ["open", "won", "lost"], "nominal_probability": [0.1, 1.0, 0.0]})
    >>> result = steps(read_history(changes, funnel, "2026-03-20"))
    >>> result.table.loc["Lead", ["visits", "lost", "conversion"]].tolist()
    [2.0, 1.0, 0.5]
    """
    visits = history.spells.assign(end=_ends(history))
    by_status = {name: visits[visits["status"] == name] for name in history.open_statuses}
    table = pd.DataFrame([_step(part, level) for part in by_status.values()], columns=COLUMNS)
    table = table.set_axis(pd.Index(history.open_statuses, name="status"))
    stalled = _stalled(visits, table)
    count = stalled["status"].astype(object).value_counts().reindex(table.index, fill_value=0)
    return Steps(table.assign(stalled=count.where(table["days_90"].notna())), stalled)


ENDS = ["forward", "back", "lost", "still"]
OUTCOME = {"forward": "won", "back": "lost", "lost": "lost", "still": "open"}  # of a step, not of the case
COLUMNS = ["visits", *ENDS, "conversion", "low", "high", "days", "days_90"]


def _ends(history: History) -> list[str]:
    """Name how each visit ended: by the place of the status after it."""
    place = {name: i for i, name in enumerate(history.statuses.index)}
    outcome = history.spells["next_status"].astype(object).map(history.statuses["outcome"])
    here, there = (history.spells[name].astype(object).map(place) for name in ("status", "next_status"))
    conditions = [outcome.isna(), outcome == "lost", (outcome == "open") & (there < here)]
    ends: list[str] = np.select(conditions, ["still", "lost", "back"], "forward").tolist()
    return ends


def _step(visits: pd.DataFrame, level: float) -> dict[str, float]:
    """Count how the visits to one status ended, and measure the share and the time of those that went on."""
    counts = visits["end"].value_counts().reindex(ENDS, fill_value=0)
    found = incidence(followed(visits.assign(days_to_end=visits["days"], outcome=visits["end"].map(OUTCOME))))
    share, variance = (float(part[-1]) if len(part) else np.nan for part in (found.won, found.variance))
    size = effective_size(share, variance, len(visits) - counts["still"])
    low, high = jeffreys(share * size, size, level)
    days = visits["days"][visits["end"] == "forward"]
    slow = float(days.quantile(SLOW)) if len(days) >= FEWEST else np.nan
    return {
        "visits": len(visits),
        **{end: float(counts[end]) for end in ENDS},
        "conversion": share,
        "low": float(low),
        "high": float(high),
        "days": float(days.median()),
        "days_90": slow,
    }


def _stalled(visits: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    waiting = visits[visits["end"] == "still"].set_index("opportunity_id")[["status", "days"]]
    waiting = waiting.assign(days_90=waiting["status"].astype(object).map(table["days_90"]))
    return waiting[waiting["days"] > waiting["days_90"]].sort_values("days", ascending=False, kind="stable")
