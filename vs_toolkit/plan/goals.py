"""Goals and actions: attainment against time elapsed, what is late, and who answers for what (ARSCI)."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.plan.versions import newest

TOLERANCE = 0.1  # behind: attainment lags the time elapsed by more than this share
MANY = ";"
CLOSED = ("done", "dropped")


def goals(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Newest version of each goal with how far it has come.

    Returns
    -------
    DataFrame
        The columns of ``goals``; attainment = (actual - baseline) ÷ (target - baseline), elapsed = share of
        the time from start to due that is over (both NaN where something is missing) and state: ``done``
        (attainment of at least 1), ``late`` (due and not done), ``behind``, ``on track``, ``not measured``.
    """
    now = newest(rows, "goal_id")
    step = now["target"] - now["baseline"]
    attained = (now["actual"] - now["baseline"]) / step.where(step != 0)
    time = (now["due"] - now["start"]).where(now["due"] > now["start"])
    elapsed = ((pd.Timestamp(as_of) - now["start"]) / time).astype(float).clip(0, 1)
    now = now.assign(attainment=attained, elapsed=elapsed)
    return now.assign(state=_state(now, as_of))


def _state(now: pd.DataFrame, as_of: date) -> pd.Series[str]:
    attained, overdue = now["attainment"], now["due"] < pd.Timestamp(as_of)
    behind = attained < now["elapsed"] - TOLERANCE
    chosen = np.select(
        [attained >= 1, overdue, attained.isna(), behind],
        ["done", "late", "not measured", "behind"],
        default="on track",
    )
    return pd.Series(chosen, index=now.index, dtype="object")


def actions(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Newest version of each action that was not dropped, with ``state`` and ``fault`` (ARSCI), by due day.

    state: ``done``, ``late`` (due and not done), ``open``, ``no date``. fault: what is wrong with the
    responsibilities of an action still to be done; empty if nothing.
    """
    now = newest(rows, "action_id")
    now = now[now["status"] != "dropped"].reset_index(drop=True)
    done = now["status"] == "done"
    late = now["due"] < pd.Timestamp(as_of)
    state = np.select([done, late, now["due"].isna()], ["done", "late", "no date"], default="open")
    fault = [
        "" if finished else arsci_fault(owner, doers)
        for finished, owner, doers in zip(done, now["accountable"], now["responsible"], strict=True)
    ]
    found = now.assign(state=state, fault=fault)
    return found.sort_values("due", kind="stable", na_position="last", ignore_index=True)


def arsci_fault(accountable: object, responsible: object) -> str:
    """Check one action: exactly one accountable, at least one responsible (the owner may be it).

    >>> arsci_fault("A", "A; B"), arsci_fault(None, "B"), arsci_fault("A; B", "C"), arsci_fault("A", None)
    ('', 'no owner', '2 owners', 'nobody responsible')
    """
    owners, doers = names(accountable), names(responsible)
    if len(owners) != 1:
        return f"{len(owners)} owners" if owners else "no owner"
    return "" if doers else "nobody responsible"


def names(text: object) -> tuple[str, ...]:
    """Names in a cell, separated by semicolons.

    >>> names("A; B"), names(None)
    (('A', 'B'), ())
    """
    return tuple(part.strip() for part in text.split(MANY) if part.strip()) if isinstance(text, str) else ()


def without_action(goal_rows: pd.DataFrame, action_rows: pd.DataFrame) -> pd.DataFrame:
    """Goals not reached yet that no action serves."""
    served = set(action_rows["goal_id"].dropna()) if "goal_id" in action_rows else set()
    return goal_rows[(goal_rows["state"] != "done") & ~goal_rows["goal_id"].isin(served)]


def next_actions(action_rows: pd.DataFrame, count: int = 3) -> pd.DataFrame:
    """Actions to be done first: the late ones, then by due day; those without a day last."""
    return action_rows[action_rows["state"] != "done"].head(count)
