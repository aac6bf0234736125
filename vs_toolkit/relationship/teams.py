"""Account teams across customers: what each number of teams is worth to each, and the best allocation.

The value of a relationship with fewer teams than planned lies evenly between that of the business which comes
without any team and that of the plan; teams beyond the plan add cost and no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vs_toolkit.finance import FloatArray
from vs_toolkit.relationship.allocation import Allocation, choose_options
from vs_toolkit.relationship.value import Valuation

HALF = 0.5
IntArray = NDArray[np.int64]
Moves = list[tuple[int, IntArray, NDArray[np.int16]]]


@dataclass(frozen=True)
class Capacity:
    """Whole teams in all, and by region where they cannot move; NaN regions have no limit of their own.

    ``budget`` limits the sales investment (present value) of the plans; infinite: no limit.
    """

    total: int
    by_region: Mapping[str, int] = field(default_factory=dict)
    budget: float = np.inf

    def one_more(self, region: str = "") -> Capacity:
        """Capacity with one more whole team, in a region where teams cannot move."""
        more = {name: teams + (name == region) for name, teams in self.by_region.items()}
        return Capacity(self.total + 1, more, self.budget)


@dataclass(frozen=True)
class Options:
    """What each customer may be given, one entry per customer and number of teams.

    Attributes
    ----------
    customers
        Their ids.
    owner, teams
        Customer (its number) and teams of each option, shape (options,); in order of owner and teams.
    planned, without
        Teams that each plan counts on; share of the planned business that comes without any.
    region
        Region of each customer; empty where not known.
    today
        Teams today by customer; NaN where not known.
    """

    customers: tuple[str, ...]
    owner: IntArray
    teams: FloatArray
    planned: FloatArray
    without: FloatArray
    region: tuple[str, ...]
    today: FloatArray

    def effort(self, teams: FloatArray, owner: IntArray) -> FloatArray:
        """Part of the planned sales investment that goes with so many teams; all where none is planned."""
        planned = self.planned[owner]
        return np.divide(teams, planned, out=np.ones(len(teams)), where=planned > 0)

    def value(
        self, business: FloatArray, investment: FloatArray, teams: FloatArray, owner: IntArray
    ) -> FloatArray:
        """Value of so many teams to each owner.

        ``business`` and ``investment`` are present values of shape (..., customers); result (..., teams).
        """
        effort, without = self.effort(teams, owner), self.without[owner]
        share = without + (1 - without) * np.minimum(effort, 1.0)
        worth: FloatArray = share * business[..., owner] - effort * investment[..., owner]
        return worth


def options(plans: pd.DataFrame, regions: Mapping[str, str]) -> Options:
    """List what each customer may be given.

    Parameters
    ----------
    plans
        One row per customer, index ``customer_id``: ``teams_today``, ``teams_planned``, ``teams_min``,
        ``teams_max``, ``share_without_team`` as in the table ``team_plans``.
    regions
        Region by customer.
    """
    counts = [_counts(row) for row in plans.to_dict("records")]
    owner = np.repeat(np.arange(len(counts)), [len(count) for count in counts]).astype(np.int64)
    teams = np.array([number for count in counts for number in count], dtype=float)
    return Options(
        customers=tuple(plans.index),
        owner=owner,
        teams=teams,
        planned=plans["teams_planned"].to_numpy(float),
        without=plans["share_without_team"].fillna(0.0).to_numpy(float),
        region=tuple(regions.get(str(name), "") for name in plans.index),
        today=plans["teams_today"].to_numpy(float),
    )


def _counts(row: Mapping[object, float]) -> list[float]:
    """Numbers of teams that a customer may be given: whole ones in its range, planned, and today's."""
    planned = row["teams_planned"]
    least = 0.0 if pd.isna(row["teams_min"]) else row["teams_min"]
    most = max(planned if pd.isna(row["teams_max"]) else row["teams_max"], least)
    whole = np.arange(np.ceil(least), most + HALF / 2)
    wanted = {*whole.tolist(), planned, least, most}
    return sorted(number for number in wanted if least <= number <= most)


@dataclass(frozen=True)
class Game:
    """Allocation of account teams to customers.

    Attributes
    ----------
    options
        What each customer may be given.
    business, investment
        Present value by customer of the plan before the sales investment, and of that investment.
    capacity
        Teams to allocate.
    """

    options: Options
    business: FloatArray
    investment: FloatArray
    capacity: Capacity

    @cached_property
    def value(self) -> FloatArray:
        """Value of each option."""
        return self.values(self.business, self.investment)

    def values(self, business: FloatArray, investment: FloatArray) -> FloatArray:
        """Value of each option from other present values, shape (..., customers) -> (..., options)."""
        return self.options.value(business, investment, self.options.teams, self.options.owner)

    def solve(self, capacity: Capacity | None = None, value: FloatArray | None = None) -> Allocation:
        """Find the best allocation, exactly; ``chosen`` are positions of options, one per customer.

        Parameters
        ----------
        capacity, value
            Teams to allocate, and value of each option, where they differ from those of the game.

        Raises
        ------
        ValueError
            When the minimum of the customers exceeds the capacity.
        """
        limits = capacity or self.capacity
        use, ceiling = self._rows(limits)
        return choose_options(self.value if value is None else value, use, self.options.owner, ceiling)

    def _rows(self, limits: Capacity) -> tuple[FloatArray, FloatArray]:
        opts = self.options
        of_option = np.array(opts.region)[opts.owner]
        uses, ceilings = [opts.teams], [float(limits.total)]
        for region, teams in limits.by_region.items():
            uses.append(np.where(of_option == region, opts.teams, 0.0))
            ceilings.append(float(teams))
        if np.isfinite(limits.budget):
            uses.append(opts.effort(opts.teams, opts.owner) * self.investment[opts.owner])
            ceilings.append(limits.budget)
        return np.stack(uses), np.array(ceilings)

    @cached_property
    def best(self) -> Allocation:
        """Best allocation with the capacity there is."""
        return self.solve()

    @cached_property
    def table(self) -> pd.DataFrame:
        """Best allocation beside today's.

        Returns
        -------
        DataFrame
            Index ``customer_id``; ``region``, ``today``, ``best`` (teams), ``planned``; ``value_today``
            (NaN where today's number is not known), ``value_best``, ``value_planned``, ``value_without``;
            ``gain_per_team`` of the planned teams over the fewest that are possible.
        """
        opts, picked = self.options, np.array(self.best.chosen, dtype=np.int64)
        fewest = np.flatnonzero(np.diff(opts.owner, prepend=-1))
        least, full = opts.teams[fewest], np.maximum(opts.planned, opts.teams[fewest])
        gain = self.value_of(full) - self.value[fewest]
        return pd.DataFrame(
            {
                "region": opts.region,
                "today": opts.today,
                "best": opts.teams[picked],
                "planned": full,
                "value_today": self.value_of(opts.today),
                "value_best": self.value[picked],
                "value_planned": self.value_of(full),
                "value_without": self.value[fewest],
                "gain_per_team": gain / np.where(full > least, full - least, np.nan),
            },
            index=pd.Index(opts.customers, name="customer_id"),
        )

    def value_of(self, teams: FloatArray) -> FloatArray:
        """Value by customer with so many teams; NaN where the number is."""
        return self.options.value(self.business, self.investment, teams, np.arange(len(teams)))

    @cached_property
    def one_more(self) -> pd.Series[float]:
        """Value of one more whole team by region (``""`` where teams can move), found by solving again."""
        regions = list(self.capacity.by_region) or [""]
        gains = [self.solve(self.capacity.one_more(region)).value - self.best.value for region in regions]
        return pd.Series(gains, index=pd.Index(regions, name="region"))

    @cached_property
    def free_gain(self) -> float:
        """Value of letting all teams work in any region."""
        free = Capacity(self.capacity.total, {}, self.capacity.budget)
        return self.solve(free).value - self.best.value if self.capacity.by_region else 0.0


def best_by_capacity(game: Game, value: FloatArray, halves: int) -> tuple[FloatArray, FloatArray]:
    """Best total value for every capacity, and the teams that lead to it, by dynamic programming.

    The same optimum as :meth:`Game.solve` without budget, for many sets of values at once; it costs
    draws x customers x capacity.

    Parameters
    ----------
    game
        Customers, options and regions.
    value
        Value of each option, shape (draws, options).
    halves
        Largest capacity, in half teams.

    Returns
    -------
    tuple of ndarray
        Best total for capacities 0, 1, ... ``halves``, shape (draws, halves+1), ``-inf`` where none is
        possible; teams of each customer at the largest capacity, shape (draws, customers).
    """
    opts = game.options
    starts = np.append(np.flatnonzero(np.diff(opts.owner, prepend=-1)), len(opts.owner))
    units = np.round(opts.teams / HALF).astype(np.int64)
    region_of = np.array(opts.region)
    total, pieces = np.zeros((len(value), halves + 1)), []
    for region in _rooms(game):
        limit = min(halves, 2 * game.capacity.by_region.get(region, halves))
        members = np.flatnonzero((region_of == region) | (not game.capacity.by_region))
        best, moves = np.zeros((len(value), limit + 1)), list[tuple[int, IntArray, NDArray[np.int16]]]()
        for member in members:
            span = slice(starts[member], starts[member + 1])
            best, move = _add(best, value[:, span], units[span])
            moves.append((int(member), units[span], move))
        total, taken = _join(total, best)
        pieces.append((moves, taken))
    return total, _trace(pieces, len(value), len(opts.customers), halves)


def best_by_solving(game: Game, value: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Best total value, and the teams of each customer, for each set of values, also under a budget.

    The budget holds against the planned sales investment: what may be chosen is the same for all sets.

    Parameters
    ----------
    game
        Customers, options, regions and budget.
    value
        Value of each option, shape (draws, options).

    Returns
    -------
    tuple of ndarray
        Best total, shape (draws,); teams, shape (draws, customers).
    """
    found = [game.solve(value=row) for row in value]
    chosen = np.array([one.chosen for one in found], dtype=np.int64)
    return np.array([one.value for one in found]), game.options.teams[chosen]


def _rooms(game: Game) -> list[str]:
    """Regions with their own limit, and one for each region without."""
    return list(dict.fromkeys(game.options.region)) if game.capacity.by_region else [""]


def _add(best: FloatArray, value: FloatArray, units: IntArray) -> tuple[FloatArray, NDArray[np.int16]]:
    """Let one more customer choose its option; best totals by capacity, and the option taken."""
    tries = np.full((len(units), *best.shape), -np.inf)
    for option, used in enumerate(units):
        if used < best.shape[1]:
            tries[option, :, used:] = best[:, : best.shape[1] - used] + value[:, option, None]
    return tries.max(axis=0), tries.argmax(axis=0).astype(np.int16)


def _join(total: FloatArray, best: FloatArray) -> tuple[FloatArray, IntArray]:
    """Share the capacity between what is there already and one more region."""
    size = total.shape[1]
    tries = np.full((best.shape[1], *total.shape), -np.inf)
    for used in range(best.shape[1]):
        tries[used, :, used:] = total[:, : size - used] + best[:, used, None]
    return tries.max(axis=0), tries.argmax(axis=0).astype(np.int64)


def _trace(pieces: list[tuple[Moves, IntArray]], draws: int, customers: int, halves: int) -> FloatArray:
    """Walk back from the largest capacity to the teams of each customer."""
    teams, left, row = np.zeros((draws, customers)), np.full(draws, halves), np.arange(draws)
    for moves, taken in reversed(pieces):
        here = taken[row, left]
        left = left - here
        for member, units, move in reversed(moves):
            used = units[move[row, here]]
            teams[:, member] = used * HALF
            here = here - used
    return teams


def game_of(
    valuation: Valuation, team_plans: pd.DataFrame, regions: Mapping[str, str], capacity: Capacity
) -> Game:
    """Set up the allocation for the customers whose plan can be valued and that have a team plan.

    Parameters
    ----------
    valuation
        Plans of many customers.
    team_plans
        Newest team plan, one row per customer, index ``customer_id``.
    regions
        Region by customer.
    capacity
        Teams to allocate.
    """
    complete = np.flatnonzero(valuation.plans.complete)
    valued = [name for name in np.array(valuation.plans.customers)[complete] if name in team_plans.index]
    place = [valuation.plans.customers.index(name) for name in valued]
    investment = valuation.sales_investment[place]
    business = valuation.value[place] + investment
    return Game(options(team_plans.loc[valued], regions), business, investment, capacity)
