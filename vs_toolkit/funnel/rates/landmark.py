"""Win probability of an opportunity that has been in a stage for some time: the landmark estimate.

Only visits that lasted longer are comparable: what share of them was won within the horizon from that age on?
Putter and Spitoni, Stat. Methods Med. Res. 27 (2018) 241-255; van Houwelingen, Scand. J. Statist. 34 (2007).
Each kind of opportunity (segment) is compared with its own, as far as it has comparable visits, and for the
rest with all. Kinds differ in pace and in their odds: all days are counted in those of the own kind, and what
all have in common is moved to the odds of the kind, so that the visits of a fast kind do not time the orders
of a slow one (accelerated failure time: Wei, Stat. Med. 11 (1992) 1871-1879).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from vs_toolkit.estimates import effective_size
from vs_toolkit.funnel.rates.blending import Rules, blend, weight_of_data
from vs_toolkit.funnel.rates.incidence import Floats, at_risk_curves, followed_visits, incidence
from vs_toolkit.funnel.record.visits import Visits
from vs_toolkit.funnel.record.walk import Bools, Ints

ALL_LANDMARKS = 60  # ages per stage up to which visits are compared anew at each
FEWEST_OLD = 5  # comparable visits of an old age that count at all
THINNING = 0.88  # share of visits that outlast from one age to the next where there are more
MOST_KINDS = 8
WORTH_COMMON = 10.0  # visits that the common pace and odds are worth
LANDMARK, OLDEST, BLEND, NOMINAL, UNKNOWN = (
    "landmark", "landmark at the oldest age with enough cases", "blend with the nominal", "nominal", "none",
)  # fmt: skip
EVERY = -1.0  # landmark before which no visit has ended: every visit, also those of no length


class Answer(NamedTuple):
    """Shares won within horizons, shape (n, horizons), how they were found, and the opportunities they are
    worth.

    ``n``: comparable visits; ``weight`` of the data (the rest is the default); ``of_kind``: weight of the own
    kind; ``size``: effective number behind each share, None unless asked for.
    """

    share: Floats
    size: Floats | None
    n: Floats
    rule: npt.NDArray[np.object_]
    weight: Floats
    of_kind: Floats


@dataclass(frozen=True)
class Landmarks:
    """Win curves of a history by stage, age and kind.

    Attributes
    ----------
    visits
        All visits as known on the day.
    kinds
        Kind of each opportunity, by its number; -1 where it has none.
    nominal
        Default probability of each open stage, by its place; NaN where there is none.
    rules
        Fewest comparable visits, worth of the default and of all kinds together.
    """

    visits: Visits
    kinds: Ints
    nominal: Floats
    rules: Rules

    @cached_property
    def pace(self) -> Floats:
        """How slow each kind is by the days of visits that ended alike, 1: as all; the last is of no kind."""
        gone = (self.visits.following >= 0) & (self.visits.stay > 0)
        way = self.visits.step * (int(self.visits.following.max(initial=0)) + 1) + self.visits.following
        logs = np.log(np.maximum(self.visits.stay, 1e-9))
        return np.exp(self._apart(logs, way, gone, np.ones(len(logs))))

    @cached_property
    def odds(self) -> Floats:
        """Log odds of each kind to win, from a stage, against those of all; the last is of no kind."""
        won, closed = (self.visits.outcome == 1).astype(np.float64), self.visits.closed
        share = _mean(won, self.visits.step, closed)[self.visits.step]
        return self._apart(won, self.visits.step, closed, share * (1 - share))

    def _apart(self, values: Floats, group: Ints, chosen: Bools, worth: Floats) -> Floats:
        """How far each kind is from the mean of its groups, over its worth, shrunk to 0; the last is 0."""
        kind = self._kind(self.visits.case)
        chosen = chosen & (kind >= 0)
        off, size = (values - _mean(values, group, chosen)[group])[chosen], self._number_of_kinds
        common = WORTH_COMMON * (float(worth[chosen].mean()) if chosen.any() else 1.0)
        sums = (np.bincount(kind[chosen], each, size) for each in (off, worth[chosen]))
        return np.append(next(sums) / np.maximum(next(sums) + common, 1e-9), 0.0)

    def _pace(self, case: Ints) -> Floats:
        pace: Floats = self.pace[self._kind(case)]
        return pace

    @cached_property
    def _paced(self) -> Visits:
        """All visits, their days in those of the own kind."""
        days, pace = self.visits, self._pace(self.visits.case)
        return days._replace(stay=days.stay / pace, end=days.end / pace, delay=days.delay / pace)

    @cached_property
    def _by_step(self) -> list[Visits]:
        order = np.argsort(self._paced.step, kind="stable")
        ends = np.searchsorted(self._paced.step[order], np.arange(len(self.nominal) + 1))
        return [self._paced.where(order[a:b]) for a, b in pairwise(ends)]

    @cached_property
    def _number_of_kinds(self) -> int:
        return min(int(self.kinds.max(initial=-1)) + 1, MOST_KINDS)

    def _kind(self, case: Ints) -> Ints:
        """Kind of cases, at most MOST_KINDS of them; -1: none."""
        kind = self.kinds[case]
        return np.where(kind < MOST_KINDS, kind, -1)

    def ask(
        self, step: Ints, age: Floats, case: Ints, horizons: Floats, reach: float, sized: bool = False
    ) -> Answer:
        """Estimate the chance from now on that open opportunities are won within horizons.

        Parameters
        ----------
        step, age, case
            Place of the stage, days in it and number of each opportunity; shape (n,).
        horizons
            Days from now within which the order must come, infinite for ever; shape (horizons,).
        reach
            Horizon for which visits must have been followed to be comparable.
        sized
            Whether the effective sizes are wanted too.
        """
        n, wide = len(step), (len(step), len(horizons))
        size = np.zeros(wide) if sized else None
        answer = Answer(np.full(wide, np.nan), size, np.zeros(n), np.full(n, UNKNOWN, object),
                        np.full(n, np.nan), np.zeros(n))  # fmt: skip
        pace = self._pace(case)
        age, ahead = age / pace, horizons / pace[:, None]
        for place, visits in enumerate(self._by_step):
            mine = np.flatnonzero((step == place) & (age >= 0))
            if len(mine):
                part = self._of_step(
                    place, visits, age[mine], self._kind(case[mine]), ahead[mine], reach, sized
                )
                for whole, found in zip(answer, part, strict=True):
                    if whole is not None and found is not None:
                        whole[mine] = found
        return answer

    def _of_step(  # noqa: PLR0913 - everything that an answer depends on
        self, place: int, visits: Visits, age: Floats, kind: Ints, horizons: Floats, reach: float, sized: bool
    ) -> Answer:
        reach_then = reach / self._pace(visits.case)
        until = np.where(visits.closed, visits.stay, np.minimum(visits.stay, visits.end - reach_then))
        enough = self.rules.minimum_cases
        oldest = float(np.partition(until, -enough)[-enough]) if len(until) >= enough else 0.0
        if oldest > 0:
            return self._landmark(visits, until, oldest, age, kind, horizons, sized)
        return self._blended(place, visits, horizons, reach_then)

    def _landmark(  # noqa: PLR0913
        self, visits: Visits, until: Floats, oldest: float, age: Floats, kind: Ints, horizons: Floats,
        sized: bool,
    ) -> Answer:  # fmt: skip
        curves = _Curves.of(visits, self._kind(visits.case), self._number_of_kinds, sized)
        horizons = np.column_stack([horizons, np.full(len(age), np.inf)])
        n = _longer(until, age)
        young = age < oldest
        at = np.where(young, age, curves.marks[curves.marks < oldest][-1])
        share, spread = curves.ask(np.zeros(len(at), dtype=np.int64), at, horizons)
        if not young.all():  # few are as old: their share counts by their number, for the rest the oldest age
            few = min(FEWEST_OLD, self.rules.minimum_cases)
            reached = np.minimum(age[~young], np.nextafter(np.partition(until, -few)[-few], -1.0))
            own, _ = curves.ask(np.zeros(len(reached), dtype=np.int64), reached, horizons[~young])
            counted = _longer(until, reached)
            w = (counted / (counted + self.rules.prior_old))[:, None]
            share[~young] = w * own + (1 - w) * share[~young]
        at, n = age, np.where(young, n, _longer(until, at))
        odds, ever = np.exp(self.odds[kind])[:, None], share[:, -1:]
        share = share * odds / (1 - ever + ever * odds)
        weight = np.zeros(len(at))
        for k in np.unique(kind[kind >= 0]):
            mine, own_kind = kind == k, self._kind(visits.case) == k
            own, own_spread = curves.ask(np.full(np.count_nonzero(mine), k + 1), at[mine], horizons[mine])
            comparable = _longer(until[own_kind], at[mine])
            w = (comparable / (comparable + self.rules.prior_kind))[:, None]
            weight[mine] = w[:, 0]
            share[mine] = w * own + (1 - w) * share[mine]
            if spread is not None and own_spread is not None:  # the kind is part of all: errors go together
                spread[mine] = (w * np.sqrt(own_spread) + (1 - w) * np.sqrt(spread[mine])) ** 2
        share, spread = share[:, :-1], None if spread is None else spread[:, :-1]
        rule = np.where(age < oldest, LANDMARK, OLDEST).astype(object)
        size = (
            None
            if spread is None
            else effective_size(share, spread, np.broadcast_to(n[:, None], share.shape))
        )
        return Answer(share, size, n, rule, np.ones(len(at)), weight)

    def _blended(self, place: int, visits: Visits, horizons: Floats, reach: Floats) -> Answer:
        found = incidence(followed_visits(visits))
        known = np.count_nonzero(visits.closed | (visits.end >= reach))
        share, spread = found.at(found.won, horizons), found.at(found.variance, horizons)
        size = effective_size(share, spread, np.full(horizons.shape, known))
        weight = weight_of_data(size, self.rules)
        mixed = blend(share, self.nominal[place] * self._share_by(horizons), weight)
        rule = np.where(weight[:, -1] > 0, BLEND, NOMINAL).astype(object)
        rule[np.isnan(mixed).all(axis=1)] = UNKNOWN
        n, none = np.full(len(horizons), float(known)), np.zeros(len(horizons))
        return Answer(mixed, np.nan_to_num(size) + self.rules.prior_cases, n, rule, weight[:, -1], none)

    @cached_property
    def _overall(self) -> tuple[Floats, Floats]:
        found = incidence(followed_visits(self._paced.where(self._paced.visit == 1)))
        return found.days, found.won

    def _share_by(self, horizons: Floats) -> Floats:
        """Share of all orders ever seen that came within each horizon; 1 where no order tells."""
        days, won = self._overall
        if not len(won) or not won[-1] > 0:
            return np.ones(horizons.shape)
        share: Floats = np.append(0.0, won)[np.searchsorted(days, horizons, side="right")] / won[-1]
        return share


class _Curves(NamedTuple):
    """Curves of one stage by kind (0: all), landmark and day; shape (kinds + 1, landmarks, days + 1)."""

    marks: Floats
    thinned: bool
    times: Floats
    won: Floats
    undecided: Floats
    variance: Floats | None

    @classmethod
    def of(cls, visits: Visits, kind: Ints, kinds: int, variance: bool) -> _Curves:
        cases = followed_visits(visits, coarse=True)
        ages, thinned = _marks(visits.stay)
        marks = np.append(EVERY, ages)
        longest = np.searchsorted(marks, visits.stay, side="left") - 1
        group = np.where(kind < 0, kinds, kind)
        curves = at_risk_curves(cases, (group, longest), (kinds + 1, len(marks)), variance)
        return cls(marks, thinned, cases.times, *curves)

    def ask(self, kind: Ints, age: Floats, horizons: Floats) -> tuple[Floats, Floats | None]:
        """Shares won within the horizons from ``age`` on, of visits that lasted longer; (n, horizons)."""
        mark = np.searchsorted(self.marks, age, side="right") - 1
        if not self.thinned:
            return self._from(kind, mark, age, horizons)
        above = np.minimum(mark + 1, len(self.marks) - 1)
        gap = self.marks[above] - self.marks[mark]
        part = np.divide(age - self.marks[mark], gap, out=np.zeros(len(age)), where=gap > 0)[:, None]
        below, spread = self._from(kind, mark, np.maximum(self.marks[mark], 0.0), horizons)
        beyond, _ = self._from(kind, above, self.marks[above], horizons)
        return (1 - part) * below + part * beyond, spread

    def _from(self, kind: Ints, mark: Ints, age: Floats, horizons: Floats) -> tuple[Floats, Floats | None]:
        now = np.searchsorted(self.times, age, side="right")
        then = np.searchsorted(self.times, age[:, None] + horizons, side="right")
        undecided = self.undecided[kind, mark, now][:, None]
        rows = kind[:, None], mark[:, None], then
        gone = self.won[rows] - self.won[kind, mark, now][:, None]
        share = np.divide(gone, undecided, out=np.zeros(gone.shape), where=undecided > 0)
        if self.variance is None:
            return share, None
        spread = self.variance[rows]
        return share, np.divide(spread, undecided**2, out=np.zeros(gone.shape), where=undecided > 0)


def _mean(values: Floats, group: Ints, chosen: Bools) -> Floats:
    """Mean of the chosen values of each group; 0 where none is chosen."""
    size = int(group.max(initial=0)) + 1
    known = np.where(group >= 0, group, 0)[chosen]
    counted = np.maximum(np.bincount(known, minlength=size), 1)
    mean: Floats = np.bincount(known, values[chosen], size) / counted
    return mean


def _longer(until: Floats, age: Floats) -> Floats:
    return len(until) - np.searchsorted(np.sort(until), age, side="right").astype(np.float64)


def _marks(stay: Floats) -> tuple[Floats, bool]:
    """Ages at which visits are compared, and whether there are fewer than there could be.

    All ages at which one ended; where they are many, ages that each outlive the same share of the visits
    before.
    """
    ages = np.unique(np.append(stay, 0.0))
    if len(ages) <= ALL_LANDMARKS:
        return ages, False
    longest = np.sort(stay)[::-1]
    left = np.unique(
        np.round(len(stay) * THINNING ** np.arange(math.log(len(stay)) / -math.log(THINNING) + 1))
    )
    return np.unique(np.append(longest[np.clip(left.astype(np.int64) - 1, 0, len(stay) - 1)], 0.0)), True
