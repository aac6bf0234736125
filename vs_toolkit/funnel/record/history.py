"""Clean histories: what each case did as of a day, as spells in statuses; rules for messy records are here.

A status reported again is the same spell. Steps back and skipped statuses are kept as they are. A closing
followed by an open status is void: the case was re-opened. Of closings that follow each other the first
counts, so a case both won and lost is what it was first. Several statuses at one moment are taken in funnel
order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from vs_toolkit.funnel.record.events import (
    DAY_US,
    NO_MOMENT,
    OUTCOMES,
    Events,
    as_moment,
    cut_moment,
    read_events,
)
from vs_toolkit.funnel.record.repairs import repairs
from vs_toolkit.funnel.record.walk import Ints, Walk

Categories: TypeAlias = "pd.Categorical[str]"


@dataclass(frozen=True)
class History:
    """Everything known of the cases as of a moment.

    Attributes
    ----------
    as_of
        The moment up to which the cases were followed (UTC).
    statuses
        The funnel in order, index ``status``: order, nominal_probability, outcome.
    spells
        One row per visit of a case to an open status, by case and time: opportunity_id, status, visit (1 =
        first), entered_at, left_at (NaT: still there), next_status, days (in the status, so far),
        days_to_end (from entering until the case was closed, or until ``as_of``), outcome of the case as of
        then (open, won, lost), delay (days from entering until the case came under observation).
    cases
        One row per case, index ``opportunity_id``: first_at, status (now, or the closing), entered_at (that
        status), outcome, closed_at, closed_from (open status before the closing), furthest, reopened (times).
    report
        What was dropped, repaired or noticed: what, done, rows, cases, detail.
    """

    as_of: pd.Timestamp
    statuses: pd.DataFrame
    spells: pd.DataFrame
    cases: pd.DataFrame
    report: pd.DataFrame

    @property
    def open_statuses(self) -> list[str]:
        """Names of the statuses in which a case is open, in order."""
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
        Day (known to its end) or moment from which everything is seen.
    recorded_from
        Day on which recording began. Cases begun before are in the record only because they were still open
        that day, so they count from that day on (left truncation); cases closed before it are left out.

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
    cut = cut_moment(as_of, events.walk.at)
    began = _began(recorded_from)
    seen = events.walk.where(events.walk.at <= cut)
    walk = _observed(_distinct(seen), began)
    return History(
        as_of=pd.Timestamp(cut, unit="us", tz="UTC"),
        statuses=events.statuses,
        spells=_spells(events, walk, cut, began),
        cases=_cases(events, walk),
        report=repairs(events, seen, walk, cut, began),
    )


def cases_as_of(events: Events, as_of: Any, recorded_from: Any = None) -> pd.DataFrame:
    """Return only :attr:`History.cases`, for a fraction of the time of :func:`history_as_of`."""
    seen = events.walk.where(events.walk.at <= cut_moment(as_of, events.walk.at))
    return _cases(events, _observed(_distinct(seen), _began(recorded_from)))


def _began(recorded_from: Any) -> int:
    return NO_MOMENT if recorded_from is None else as_moment(recorded_from)


def _distinct(seen: Walk) -> Walk:
    """Drop a status reported again, then every closing right after a closing."""
    moved = seen.where(seen.step != seen.previous(seen.step, nothing=-1))
    after_closing = moved.follows & (moved.previous(moved.step, nothing=-1) >= moved.n_open)
    return moved.where(moved.is_open | ~after_closing)


def _observed(walk: Walk, began: int) -> Walk:
    """Drop cases that were closed before recording began: the others like them are not in the record."""
    gone = walk.case[walk.is_last & ~walk.is_open & (walk.at < began)]
    return walk.where(~np.isin(walk.case, gone)) if len(gone) else walk


def _spells(events: Events, walk: Walk, cut: int, began: int) -> pd.DataFrame:
    end, outcome = _ends(events, walk, cut)
    chosen = walk.is_open
    entered, left = walk.at[chosen], walk.next(walk.at, nothing=NO_MOMENT)[chosen]
    return pd.DataFrame(
        {
            "opportunity_id": events.ids.take(walk.case[chosen]),
            "status": _names(events, walk.step[chosen]),
            "visit": _visits(walk)[chosen],
            "entered_at": _stamps(entered),
            "left_at": _stamps(left),
            "next_status": _names(events, walk.next(walk.step, nothing=-1)[chosen]),
            "days": (np.where(left == NO_MOMENT, cut, left) - entered) / DAY_US,
            "days_to_end": (end[chosen] - entered) / DAY_US,
            "outcome": outcome[chosen],
            "delay": np.maximum(began - entered, 0) / DAY_US if began != NO_MOMENT else 0.0,
        }
    )


def _ends(events: Events, walk: Walk, cut: int) -> tuple[Ints, Categories]:
    """When each change's case ended (closing or cut) and how."""
    last = np.repeat(np.flatnonzero(walk.is_last), np.diff(np.append(walk.starts, len(walk.case))))
    end = np.where(walk.is_open[last], cut, walk.at[last])
    return end, _outcomes(events, walk.step[last])


def _visits(walk: Walk) -> Ints:
    key = walk.case * (int(walk.step.max(initial=0)) + 1) + walk.step
    order = np.argsort(key, kind="stable")
    place = np.arange(len(key))
    first = np.append(True, np.diff(key[order]) != 0)[: len(key)]
    visit = np.empty(len(key), dtype=np.int64)
    visit[order] = place - np.maximum.accumulate(np.where(first, place, 0)) + 1
    return visit


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
