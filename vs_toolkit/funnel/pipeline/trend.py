"""Whether a case is developing, stable or fading, and what that does to its chance (V32; book, p. 137).

Developing: the customer is willing to discuss it, so that something happens. Stable: nothing happens for a
while. Fading: that has gone on for weeks, or the case goes backwards. Work done for the case and steps
forward are signs of life; a decision date moved later is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vs_toolkit.funnel.record.cases import moments, seen_until
from vs_toolkit.funnel.record.events import read_events
from vs_toolkit.funnel.record.history import History, history_as_of

TRENDS = ("developing", "stable", "fading")
FEWEST = 20


@dataclass(frozen=True)
class TrendRule:
    """When a case is called what.

    Attributes
    ----------
    developing_weeks
        Weeks for which a sign of life keeps a case developing.
    stable_weeks
        Weeks for which it may then be stable before it counts as fading.
    pushes
        So many times must the decision date be moved later within one status to make a case fading.
    """

    developing_weeks: float = 2.0
    stable_weeks: float = 4.0
    pushes: int = 2


RULE = TrendRule()


def trends(
    history: History, status_changes: pd.DataFrame, activities: pd.DataFrame, rule: TrendRule = RULE
) -> pd.DataFrame:
    """Tell of every open case whether it is developing, stable or fading, and why.

    Parameters
    ----------
    history
        The clean histories as of a day; nothing later is looked at.
    status_changes
        opportunity_id, changed_at and, where recorded, expected_decision: its moves are counted.
    activities
        opportunity_id, date; may be empty, then only steps forward are signs of life.
    rule
        When a case is called what.

    Returns
    -------
    DataFrame
        Index opportunity_id: trend, reason, last_sign (moment), quiet_days (since then), pushes (decision
        date moved later since the case is in its status), stepped_back (and no work done since).

    Examples
    --------
    >>> from vs_toolkit.funnel.record.history import read_history
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "B"], "changed_at": ["2026-03-02", "2026-01-12"],
    ...                         "status": ["Lead", "Lead"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> history = read_history(changes, funnel, "2026-03-10")
    >>> trends(history, changes, pd.DataFrame({"opportunity_id": [], "date": []}))["trend"].to_dict()
    {'A': 'developing', 'B': 'fading'}
    """
    today = history.as_of.tz_localize(None)
    cases = history.open_cases()
    entered = cases["entered_at"].dt.tz_localize(None)
    back = _stepped_back(history).reindex(cases.index, fill_value=False)
    worked = _last_activity(activities, today).reindex(cases.index)
    sign = pd.concat([entered.mask(back), worked, _first_seen(history)], axis=1).loc[cases.index].max(axis=1)
    signs = pd.DataFrame(
        {
            "last_sign": sign,
            "quiet_days": (today - sign).dt.days,
            "pushes": _pushes(seen_until(status_changes, history.as_of), entered),
            "stepped_back": back & ~(worked > entered),
        }
    )
    return pd.concat([_named(signs, rule), signs], axis=1)


def _named(signs: pd.DataFrame, rule: TrendRule) -> pd.DataFrame:
    """First rule that applies names the trend."""
    developing = rule.developing_weeks * 7
    quiet, pushed = signs["quiet_days"], signs["pushes"] >= rule.pushes
    rules = {
        "step back, nothing since": (signs["stepped_back"], "fading"),
        "decision moved later again and again": (pushed, "fading"),
        "work or a step forward lately": (quiet <= developing, "developing"),
        "quiet for a while": (quiet <= developing + rule.stable_weeks * 7, "stable"),
        "quiet for weeks": (quiet > developing + rule.stable_weeks * 7, "fading"),
    }
    applies = [condition.to_numpy(dtype=bool) for condition, _ in rules.values()]
    trend = np.select(applies, [name for _, name in rules.values()], "stable")
    reason = np.select(applies, list(rules), "")
    return pd.DataFrame({"trend": trend, "reason": reason}, index=signs.index, dtype=object)


def _stepped_back(history: History) -> pd.Series[bool]:
    """Whether the last step of a case went back to an earlier status."""
    spells = history.spells
    place = spells["status"].map({name: i for i, name in enumerate(history.open_statuses)}).astype(float)
    back = place < place.groupby(spells["opportunity_id"]).shift()
    return back.groupby(spells["opportunity_id"]).last()


def _first_seen(history: History) -> pd.Series[Any]:
    first: pd.Series[Any] = history.cases["first_at"].dt.tz_localize(None)
    return first


def _last_activity(activities: pd.DataFrame, today: pd.Timestamp) -> pd.Series[Any]:
    """Day of the last activity for each case up to the day."""
    done = activities[["opportunity_id", "date"]].assign(date=moments(activities["date"]))
    done = done[done["date"] <= today]
    last: pd.Series[Any] = done.groupby("opportunity_id")["date"].max()
    return last


def _pushes(changes: pd.DataFrame, entered: pd.Series[Any]) -> pd.Series[int]:
    """How often the expected decision was moved later since each case is in its status."""
    if "expected_decision" not in changes:
        return pd.Series(0, index=entered.index)
    rows = changes.join(entered.rename("entered"), on="opportunity_id", how="inner").reset_index(drop=True)
    rows = rows[(rows["changed_at"] >= rows["entered"]) & rows["expected_decision"].notna()]
    rows = rows.sort_values(["opportunity_id", "changed_at", "expected_decision"])
    later = rows["expected_decision"] > rows.groupby("opportunity_id")["expected_decision"].shift()
    return later.astype(int).groupby(rows["opportunity_id"]).sum().reindex(entered.index, fill_value=0)


def past_trends(
    rows: pd.DataFrame, status_changes: pd.DataFrame, statuses: pd.DataFrame, activities: pd.DataFrame
) -> pd.DataFrame:
    """Add to cases seen on past days what their trend was on that day, from what was known then.

    Parameters
    ----------
    rows
        One row per past day and case open then, such as ``Backtest.rows``: seen_on, opportunity_id and more.
    status_changes, statuses, activities
        As for :func:`trends`.

    Returns
    -------
    DataFrame
        ``rows`` with the column trend.
    """
    events = read_events(status_changes, statuses)
    named = {
        day: trends(history_as_of(events, day), status_changes, activities)["trend"]
        for day in rows["seen_on"].unique()
    }
    known = (
        pd.concat(named, names=["seen_on", "opportunity_id"])
        if named
        else pd.Series(name="trend", dtype=object)
    )
    return rows.join(known, on=["seen_on", "opportunity_id"]) if named else rows.assign(trend=known)


def trend_effect(past: pd.DataFrame, level: float = 0.90) -> pd.DataFrame:
    """Measure what the trend did to the chance of cases.

    For each trend the orders that came are compared with those to be expected without knowing the trend: at
    the rate of all cases in the same status (indirect standardisation) or, where ``past`` holds it, at a win
    probability that knew status and age. The interval allows for a case being seen on several days.

    Parameters
    ----------
    past
        One row per past day and case open then: opportunity_id, status, trend, won (within a horizon), and
        win_probability if the effect is wanted beyond it.
    level
        Chance that an interval holds the true ratio.

    Returns
    -------
    DataFrame
        Index trend: rows, cases, won, expected, ratio (won / expected) with low and high; ratios are missing
        where there are fewer than 20 cases, intervals also where there is no order.

    Examples
    --------
    >>> past = pd.DataFrame({"opportunity_id": range(80), "status": "Lead",
    ...                      "won": [1, 1, 1, 0] * 10 + [0, 0, 0, 1] * 10,
    ...                      "trend": ["developing"] * 40 + ["fading"] * 40})
    >>> trend_effect(past)["ratio"].to_dict()
    {'developing': 1.5, 'stable': nan, 'fading': 0.5}
    """
    rows = past.assign(won=past["won"].astype(float))
    rows["expected"] = _without_trend(rows)
    rows["gap"] = rows["won"] - rows["expected"]
    grouped = rows.groupby("trend")
    effect = grouped.agg(rows=("won", "size"), cases=("opportunity_id", "nunique"))
    effect[["won", "expected"]] = grouped[["won", "expected"]].sum()
    effect = effect.reindex(list(TRENDS)).rename_axis("trend")
    by_case = rows.groupby(["trend", "opportunity_id"])["gap"].sum() ** 2
    spread = np.sqrt(by_case.groupby("trend").sum().reindex(effect.index)) / effect["won"].where(
        effect["won"] > 0
    )
    enough = effect["cases"] >= FEWEST
    effect["ratio"] = (effect["won"] / effect["expected"]).where(enough)
    reach = np.exp(stats.norm.ppf((1 + level) / 2) * spread)
    counts = effect[["rows", "cases"]].fillna(0).astype(int)
    return effect.assign(low=effect["ratio"] / reach, high=effect["ratio"] * reach, **counts)


def _without_trend(rows: pd.DataFrame) -> pd.Series[float]:
    """Chance of each row without knowing its trend; the sum over all rows is the number of orders."""
    if "win_probability" in rows:
        chance = rows["win_probability"].astype(float)
        return chance * (rows["won"].sum() / chance.sum())
    return rows["won"].groupby(rows["status"].astype(object)).transform("mean")
