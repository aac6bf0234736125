"""The past looked at once: which opportunities were open on each past day, what was estimated, what came.

Back-test, correction, shock and the weight of stated dates all read these rows; each day's estimate uses only
what was known on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.pipeline.trend import open_trends
from vs_toolkit.funnel.rates.blending import RULES, Rules
from vs_toolkit.funnel.rates.chances import kind_codes, open_nominal
from vs_toolkit.funnel.rates.landmark import Landmarks
from vs_toolkit.funnel.record.events import DAY_US, NO_MOMENT, Events, cut_moment
from vs_toolkit.funnel.record.recorded import Recorded
from vs_toolkit.funnel.record.visits import (
    Visits,
    beginning,
    clean_walk,
    visits_as_of,
    won_steps,
)

MONTH = 365.25 / 12  # days
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Past:
    """Opportunities open on past days.

    Attributes
    ----------
    rows
        One per past day and opportunity open then: seen_on, opportunity_id, status, age_days; nominal,
        closed_only and landmark (win probability within the horizon); within_step (the same until the next
        past day); value, expected_decision (as recorded then), ahead_days (until that date); won_after: days
        until it was won, missing if it was not, as of the end; trend, if activities were given.
    by_month
        Probability of an order in each month ahead, a row for each of ``rows``; the last column: later.
    horizon_days, step_days
        Days within which an order counts; days between past days.
    until
        As-of date; later data is ignored.
    """

    rows: pd.DataFrame
    by_month: Floats
    horizon_days: float
    step_days: float
    until: pd.Timestamp

    @property
    def days(self) -> pd.DatetimeIndex:
        """Past days with an open opportunity."""
        return pd.DatetimeIndex(self.rows["seen_on"].unique()).sort_values()

    def over(self, days: float) -> npt.NDArray[np.bool_]:
        """Rows from whose day so many days have passed."""
        passed: npt.NDArray[np.bool_] = (
            self.rows["seen_on"] + pd.Timedelta(days=days) <= self.until
        ).to_numpy()
        return passed

    def won_within(self, days: float) -> npt.NDArray[np.bool_]:
        """Rows that were won within so many days."""
        won: npt.NDArray[np.bool_] = (self.rows["won_after"] <= days).to_numpy()
        return won


def look_back(  # noqa: PLR0913 - one pass over the past for all who need it
    events: Events,
    recorded: Recorded,
    days: Iterable[Any],
    horizon_days: float,
    as_of: Any,
    months: int = 6,
    kinds: pd.Series[Any] | None = None,
    rules: Rules = RULES,
    activities: Recorded | None = None,
) -> Past:
    """Estimate the open opportunities of past days with what was known then, and add what came of them.

    Parameters
    ----------
    events, recorded
        The record, read once.
    days
        Past days; those after ``as_of`` are not looked at.
    horizon_days
        Days within which an order counts.
    as_of
        As-of date; later data is ignored.
    months
        Months ahead that are told apart.
    kinds
        Kind of each opportunity, index opportunity_id.
    rules
        Rules of the estimates.
    activities
        Work done for opportunities, for the trend of each; None: no trends.
    """
    until = pd.Timestamp(cut_moment(as_of, events.walk.at), unit="us")
    asked = sorted({day for day in map(pd.Timestamp, days) if day <= until})
    step = (
        float(np.median(np.diff(pd.DatetimeIndex(asked)) / np.timedelta64(1, "D")))
        if len(asked) > 1
        else horizon_days
    )
    horizons = np.array([step, horizon_days, *(MONTH * (1 + np.arange(months))), np.inf])
    codes = kind_codes(kinds, events.ids)
    won_at = _won_at(events, as_of, rules)
    parts = [_day(events, recorded, day, horizons, codes, won_at, rules, activities) for day in asked]
    none = [] if parts else [_day(events, recorded, until, horizons, codes, won_at, rules, activities)[0][:0]]
    rows = pd.concat([*none, *(frame for frame, _ in parts)], ignore_index=True)
    by_month = np.concatenate([by_month for _, by_month in parts]) if parts else np.zeros((0, months + 1))
    return Past(rows, by_month, horizon_days, step, until)


def _won_at(events: Events, as_of: Any, rules: Rules) -> npt.NDArray[np.int64]:
    """Moment at which each case was won last, also if it was opened again; NO_MOMENT if it never was."""
    cut = cut_moment(as_of, events.walk.at)
    walk = clean_walk(events.walk.where(events.walk.at <= cut), events, beginning(rules.recorded_from))
    at = np.full(len(events.ids), NO_MOMENT)
    won = won_steps(events)[walk.step] if len(walk.step) else np.zeros(0, dtype=bool)
    at[walk.case[won]] = walk.at[won]
    return at


def _day(  # noqa: PLR0913
    events: Events,
    recorded: Recorded,
    day: pd.Timestamp,
    horizons: Floats,
    kinds: npt.NDArray[np.int64],
    won_at: npt.NDArray[np.int64],
    rules: Rules,
    activities: Recorded | None,
) -> tuple[pd.DataFrame, Floats]:
    cut = cut_moment(day, events.walk.at)
    visits = visits_as_of(events, day, rules.recorded_from)
    here = visits.where(visits.here)
    nominal = open_nominal(events.statuses)
    curves = Landmarks(visits, kinds, nominal, rules)
    share = curves.ask(here.step, here.stay, here.case, horizons, horizons[1]).share
    known = recorded.as_of(cut, here.case).reset_index(drop=True)
    expected = known.get("expected_decision", pd.Series(pd.NaT, index=known.index)).astype("datetime64[us]")
    won = won_at[here.case]
    frame = pd.DataFrame(
        {
            "seen_on": day,
            "opportunity_id": events.ids.take(here.case),
            "status": pd.Categorical.from_codes(here.step, categories=events.statuses.index, ordered=True),
            "age_days": here.stay,
            "nominal": nominal[here.step] if len(nominal) else np.zeros(0),
            "closed_only": _closed_only(visits, len(nominal))[here.step] if len(nominal) else np.zeros(0),
            "landmark": share[:, 1],
            "within_step": share[:, 0],
            "value": known.get("value", pd.Series(np.nan, index=known.index)).astype(float),
            "expected_decision": expected,
            "ahead_days": (expected - day.normalize()) / pd.Timedelta(days=1),
            "won_after": np.where(won <= cut, np.nan, (won - cut) / DAY_US),
        }
    )
    if activities is not None:
        frame["trend"] = open_trends(visits, recorded, activities, cut)["trend"]
    by_month = np.diff(share[:, 2:], axis=1, prepend=0.0)
    return frame, by_month


def _closed_only(visits: Visits, steps: int) -> Floats:
    """Share won of the closed opportunities that reached each open status."""
    first = visits.where(visits.visit == 1)
    won, lost = (np.bincount(first.step[first.outcome == kind], minlength=steps) for kind in (1, 2))
    share: Floats = np.divide(won, won + lost, out=np.full(steps, np.nan), where=won + lost > 0)
    return share
