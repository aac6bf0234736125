"""Visits of opportunities to open statuses as plain arrays: what every estimate counts."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from vs_toolkit.funnel.record.events import DAY_US, NO_MOMENT, OUTCOMES, Events, as_moment, cut_moment
from vs_toolkit.funnel.record.walk import Bools, Ints, Walk

Floats = npt.NDArray[np.float64]


class Visits(NamedTuple):
    """One entry per visit to an open status, by opportunity and time; each array has shape (n,).

    ``case``: number of the case in :attr:`Events.ids`; ``step``: place of the status; ``visit``: 1 for the
    first to this status; ``entered``: moment (microseconds since 1970); ``stay``: days in the status so far;
    ``end``: days from entering to the closing, or to the last moment seen; ``outcome``: place in ``OUTCOMES``
    of the opportunity as of then; ``delay``: days from entering until recording began; ``following``: place
    of the
    status after it, -1 if it is still there.
    """

    case: Ints
    step: Ints
    visit: Ints
    entered: Ints
    stay: Floats
    end: Floats
    outcome: Ints
    delay: Floats
    following: Ints

    def where(self, chosen: Bools | Ints) -> Visits:
        """Return the chosen visits only."""
        return Visits(**{name: column[chosen] for name, column in self._asdict().items()})

    @property
    def closed(self) -> Bools:
        """Whether the opportunity of a visit is closed."""
        return self.outcome > 0

    @property
    def here(self) -> Bools:
        """Whether the opportunity is still there."""
        return self.following < 0


def visits_as_of(events: Events, as_of: Any, recorded_from: Any = None) -> Visits:
    """Return the visits as they were known on a day: all of a history that estimates need, in a tenth of the
    time of :func:`~vs_toolkit.funnel.record.history.history_as_of`.
    """
    cut, began = cut_moment(as_of, events.walk.at), beginning(recorded_from)
    return visits_of(events, clean_walk(events.walk.where(events.walk.at <= cut), events, began), cut, began)


def beginning(recorded_from: Any) -> int:
    """Moment at which recording began; before all moments if it is not given."""
    return NO_MOMENT if recorded_from is None else as_moment(recorded_from)


def clean_walk(seen: Walk, events: Events, began: int) -> Walk:
    """Apply the rules of :mod:`~vs_toolkit.funnel.record.history` to the changes seen."""
    return _observed(_distinct(seen, won_steps(events)), began)


def won_steps(events: Events) -> Bools:
    """Whether a step of the funnel, by its place, is a win."""
    won: Bools = (events.statuses["outcome"] == "won").to_numpy()
    return won


def after_first_win(walk: Walk, won: Bools) -> Bools:
    """Changes of cases of which the first change is a win, other than that win: their dates are wrong."""
    if not len(walk.case):
        return np.zeros(0, dtype=bool)
    first = np.repeat(won[walk.step[walk.starts]], np.diff(np.append(walk.starts, len(walk.case))))
    spoilt: Bools = first & walk.follows
    return spoilt


def _distinct(seen: Walk, won: Bools) -> Walk:
    """Drop what follows a first win, a status reported again, then every closing right after a closing."""
    seen = seen.where(~after_first_win(seen, won))
    moved = seen.where(seen.step != seen.previous(seen.step, nothing=-1))
    after_closing = moved.follows & (moved.previous(moved.step, nothing=-1) >= moved.n_open)
    return moved.where(moved.is_open | ~after_closing)


def _observed(walk: Walk, began: int) -> Walk:
    """Drop cases that were closed before recording began: the others like them are not in the record."""
    gone = walk.case[walk.is_last & ~walk.is_open & (walk.at < began)]
    return walk.where(~np.isin(walk.case, gone)) if len(gone) else walk


def outcome_codes(events: Events) -> Ints:
    """Outcome of each step of the funnel, as a place in ``OUTCOMES``."""
    kinds = {name: place for place, name in enumerate(OUTCOMES)}
    return np.array([kinds[outcome] for outcome in events.statuses["outcome"]], dtype=np.int64)


def visits_of(events: Events, walk: Walk, cut: int, began: int) -> Visits:
    """Make visits of cleaned changes seen until ``cut``."""
    starts = walk.starts
    last = np.repeat(np.flatnonzero(walk.is_last), np.diff(np.append(starts, len(walk.case))))
    end = np.where(walk.is_open[last], cut, walk.at[last])
    chosen = walk.is_open
    entered, left = walk.at[chosen], walk.next(walk.at, nothing=NO_MOMENT)[chosen]
    codes = outcome_codes(events)
    return Visits(
        case=walk.case[chosen],
        step=walk.step[chosen],
        visit=_visit_numbers(walk)[chosen],
        entered=entered,
        stay=(np.where(left == NO_MOMENT, cut, left) - entered) / DAY_US,
        end=(end[chosen] - entered) / DAY_US,
        outcome=(codes[walk.step[last]] if len(last) else last)[chosen],
        delay=np.maximum(began - entered, 0) / DAY_US if began != NO_MOMENT else np.zeros(len(entered)),
        following=walk.next(walk.step, nothing=-1)[chosen],
    )


def _visit_numbers(walk: Walk) -> Ints:
    key = walk.case * (int(walk.step.max(initial=0)) + 1) + walk.step
    order = np.argsort(key, kind="stable")
    place = np.arange(len(key))
    first = np.append(True, np.diff(key[order]) != 0)[: len(key)]
    visit = np.empty(len(key), dtype=np.int64)
    visit[order] = place - np.maximum.accumulate(np.where(first, place, 0)) + 1
    return visit
