"""Clean histories: what each case did as of a day, as spells in statuses; rules for messy records are here.

A status reported again is the same spell. Steps back and skipped statuses are kept as they are. A closing
followed by an open status is void: the opportunity was re-opened. Of closings that follow each other the
first
counts, so an opportunity both won and lost is what it was first. Whatever follows a win that is the first
change of
its opportunity is dropped: its dates are wrong, the order is not. Several statuses at one moment are taken
in funnel
order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from vs_toolkit.funnel.record.events import (
    DAY_US,
    NO_MOMENT,
    OUTCOMES,
    Events,
    cut_moment,
    read_events,
)
from vs_toolkit.funnel.record.repairs import repairs
from vs_toolkit.funnel.record.visits import Visits, beginning, clean_walk, visits_of
from vs_toolkit.funnel.record.walk import Ints, Walk

Categories: TypeAlias = "pd.Categorical[str]"


@dataclass(frozen=True)
class History:
    """Everything known of the opportunities as of a moment.

    Attributes
    ----------
    as_of
        The moment up to which the opportunities were followed (UTC).
    statuses
        The funnel in order, index ``status``: order, nominal_probability, outcome.
    spells
        One row per visit of an opportunity to an open status, by opportunity and time: opportunity_id,
        status, visit (1 =
        first), entered_at, left_at (NaT: still there), next_status, days (in the status, so far),
        days_to_end (from entering until the opportunity was closed, or until ``as_of``), outcome of the
        opportunity as of
        then (open, won, lost), delay (days from entering until the opportunity came under observation).
    cases
        One row per opportunity, index ``opportunity_id``: first_at, status (now, or the closing), entered_at
        (that
        status), outcome, closed_at, closed_from (open status before the closing), furthest, reopened (times).
    report
        What was dropped, repaired or noticed: what, done, rows, cases, detail.
    visits, ids
        ``spells`` as arrays, and the opportunity id of each opportunity number in them.
    """

    as_of: pd.Timestamp
    statuses: pd.DataFrame
    cases: pd.DataFrame
    report: pd.DataFrame
    visits: Visits = field(repr=False)
    ids: pd.Index[Any] = field(repr=False)

    @cached_property
    def spells(self) -> pd.DataFrame:
        """The visits with their names, moments and days."""
        return _spells(self)

    @property
    def open_statuses(self) -> list[str]:
        """Names of the statuses in which an opportunity is open, in order."""
        return list(self.statuses.index[self.statuses["outcome"] == "open"])

    def open_cases(self) -> pd.DataFrame:
        """Return the cases open now: index opportunity_id; status, entered_at, age_days (in that status)."""
        still = self.cases.loc[self.cases["outcome"] == "open", ["status", "entered_at"]]
        return still.assign(age_days=(self.as_of - still["entered_at"]).dt.total_seconds() / 86_400)


def read_history(
    status_changes: pd.DataFrame, statuses: pd.DataFrame, as_of: Any, recorded_from: Any = None
) -> History:
    """Make clean spells of status changes as of a day; later changes are not seen.

    Parameters
    ----------
    status_changes, statuses
        As for :func:`~vs_toolkit.funnel.record.events.read_events`.
    as_of
        Day (known to its end) or moment up to which the record is seen.
    recorded_from
        Day on which recording began. Opportunities begun before are in the record only because they were
        still open
        that day, so they count from that day on (left truncation); opportunities closed before it are left
        out.

    Raises
    ------
    InputError
        If a column is missing or the funnel contradicts itself; never for bad rows: ``report`` counts them.

    Examples
    --------
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A", "A", "B"],
    ...                         "status": ["Lead", "Lead", "Order", "Lead"],
    ...                         "changed_at": ["2026-03-02", "2026-03-05", "2026-03-09", "2026-03-09"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> history = read_history(changes, funnel, "2026-03-10")
    >>> history.spells[["opportunity_id", "days", "outcome"]].to_dict("list")
    {'opportunity_id': ['A', 'B'], 'days': [7.0, 1.0], 'outcome': ['won', 'open']}
    """
    return history_as_of(read_events(status_changes, statuses), as_of, recorded_from)


def history_as_of(events: Events, as_of: Any, recorded_from: Any = None) -> History:
    """Make clean spells of events that were read before, as :func:`read_history` does."""
    cut, began = cut_moment(as_of, events.walk.at), beginning(recorded_from)
    seen = events.walk.where(events.walk.at <= cut)
    walk = clean_walk(seen, events, began)
    visits = visits_of(events, walk, cut, began)
    return History(
        as_of=pd.Timestamp(cut, unit="us", tz="UTC"),
        statuses=events.statuses,
        cases=_cases(events, walk),
        report=repairs(events, seen, walk, cut, began),
        visits=visits,
        ids=events.ids,
    )


def _spells(history: History) -> pd.DataFrame:
    visits, statuses = history.visits, history.statuses.index
    left = visits.entered + np.round(visits.stay * DAY_US).astype(np.int64)
    return pd.DataFrame(
        {
            "opportunity_id": history.ids.take(visits.case),
            "status": pd.Categorical.from_codes(visits.step, categories=statuses, ordered=True),
            "visit": visits.visit,
            "entered_at": _stamps(visits.entered),
            "left_at": _stamps(np.where(visits.here, NO_MOMENT, left)),
            "next_status": pd.Categorical.from_codes(visits.following, categories=statuses, ordered=True),
            "days": visits.stay,
            "days_to_end": visits.end,
            "outcome": pd.Categorical.from_codes(visits.outcome, categories=pd.Index(OUTCOMES)),
            "delay": visits.delay,
        }
    )


def _cases(events: Events, walk: Walk) -> pd.DataFrame:
    starts, last = walk.starts, walk.is_last
    closed = ~walk.is_open[last]
    return pd.DataFrame(
        {
            "first_at": _stamps(walk.at[starts]),
            "status": _names(events, walk.step[last]),
            "entered_at": _stamps(walk.at[last]),
            "outcome": _outcomes(events, walk.step[last]),
            "closed_at": _stamps(np.where(closed, walk.at[last], NO_MOMENT)),
            "closed_from": _names(events, np.where(closed, walk.previous(walk.step, nothing=-1)[last], -1)),
            "furthest": _names(events, _per_case(np.maximum, np.where(walk.is_open, walk.step, -1), starts)),
            "reopened": _per_case(np.add, (~walk.is_open & ~last).astype(np.int64), starts),
        },
        index=pd.Index(events.ids.take(walk.case[starts]), name="opportunity_id"),
    )


def _per_case(combine: np.ufunc, column: Ints, starts: Ints) -> Ints:
    reduced: Ints = combine.reduceat(column, starts) if len(starts) else column
    return reduced


def _names(events: Events, step: Ints) -> Categories:
    return pd.Categorical.from_codes(step, categories=events.statuses.index, ordered=True)


def _outcomes(events: Events, step: Ints) -> Categories:
    kinds = pd.Index(OUTCOMES).get_indexer(pd.Index(events.statuses["outcome"]))
    return pd.Categorical.from_codes(kinds[step], categories=pd.Index(OUTCOMES))


def _stamps(at: Ints) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(at.view("datetime64[us]")).tz_localize("UTC")
