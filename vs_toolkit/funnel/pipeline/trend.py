"""Whether an opportunity is developing, stable or fading, and what that does to its chance (book, p. 137).

Developing: the customer is willing to discuss it, so that something happens. Stable: nothing happens for a
while. Fading: that has gone on for weeks, or the opportunity goes backwards. Work done for the opportunity
and steps
forward are signs of life; a decision date moved later is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vs_toolkit.funnel.record.events import DAY_US
from vs_toolkit.funnel.record.history import History
from vs_toolkit.funnel.record.recorded import Recorded, read_recorded
from vs_toolkit.funnel.record.visits import Visits

TRENDS = ("developing", "stable", "fading")
FEWEST = 20


@dataclass(frozen=True)
class TrendRule:
    """When an opportunity is called what.

    Attributes
    ----------
    developing_weeks
        Weeks for which a sign of life keeps an opportunity developing.
    stable_weeks
        Weeks for which it may then be stable before it counts as fading.
    pushes
        So many times must the decision date be moved later within one status to make an opportunity fading.
    """

    developing_weeks: float = 2.0
    stable_weeks: float = 4.0
    pushes: int = 2


RULE = TrendRule()


def trends(
    history: History, recorded: Recorded, activities: pd.DataFrame, rule: TrendRule = RULE
) -> pd.DataFrame:
    """Tell of every open opportunity whether it is developing, stable or fading, and why.

    Parameters
    ----------
    history
        The clean histories as of a day; nothing later is looked at.
    recorded
        What was recorded with the status changes: moves of the decision date are counted.
    activities
        opportunity_id, date; may be empty, then only steps forward are signs of life.
    rule
        When an opportunity is called what.

    Returns
    -------
    DataFrame
        Index opportunity_id: trend, reason, last_sign (moment), quiet_days (since then), pushes (decision
        date moved later since the opportunity is in its status), stepped_back (and no work done since).

    Examples
    --------
    >>> from vs_toolkit.funnel.record.history import read_history
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "B"], "changed_at": ["2026-03-02", "2026-01-12"],
    ...                         "status": ["Lead", "Lead"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> history = read_history(changes, funnel, "2026-03-10")
    >>> recorded, none = read_recorded(changes, history.ids), pd.DataFrame({"opportunity_id": [], "date": []})
    >>> trends(history, recorded, none)["trend"].to_dict()
    {'A': 'developing', 'B': 'fading'}
    """
    cut = int(history.as_of.value // 1000)
    here = history.visits.where(history.visits.here)
    table = open_trends(history.visits, recorded, read_activities(activities, history.ids), cut, rule)
    return table.set_axis(pd.Index(history.ids.take(here.case), name="opportunity_id"))


def open_trends(
    visits: Visits, recorded: Recorded, activities: Recorded, cut: int, rule: TrendRule = RULE
) -> pd.DataFrame:
    """Tell of every visit that still lasts at the moment ``cut`` what :func:`trends` tells, in their
    order.
    """
    here = np.flatnonzero(visits.here)
    case, entered = visits.case[here], visits.entered[here]
    starts = np.flatnonzero(np.append(True, visits.case[1:] != visits.case[:-1])[: len(visits.case)])
    first = visits.entered[starts[np.searchsorted(visits.case[starts], case)]]
    before = np.maximum(here - 1, 0)
    back = (visits.case[before] == case) & (visits.step[before] > visits.step[here]) & (here > 0)
    worked = activities.last_moment(cut, case)
    sign = np.maximum(np.maximum(np.where(back, first, entered), worked), first)
    signs = pd.DataFrame(
        {
            "last_sign": pd.DatetimeIndex(sign.view("datetime64[us]")),
            "quiet_days": (cut - sign) // DAY_US,
            "pushes": recorded.pushes(cut, case, entered),
            "stepped_back": back & ~(worked > entered),
        }
    )
    return pd.concat([_named(signs, rule), signs], axis=1)


def read_activities(activities: pd.DataFrame, ids: pd.Index[Any]) -> Recorded:
    """Sort activities by opportunity and day, once for all days; a day of work counts from its beginning."""
    done = activities.reindex(columns=["opportunity_id", "date"]).rename(columns={"date": "changed_at"})
    return read_recorded(done, ids)


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


def trend_effect(past: pd.DataFrame, level: float = 0.90) -> pd.DataFrame:
    """Measure what the trend did to the chance of cases.

    For each trend actual orders are compared with those to be expected without knowing the trend: at
    the rate of all opportunities in the same status (indirect standardisation) or, where ``past`` holds it,
    at a win
    probability that knew status and age. The interval allows for an opportunity being seen on several days.

    Parameters
    ----------
    past
        One row per past day and opportunity open then: opportunity_id, status, trend, won (within a
        horizon), and
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
