"""Teams across customers: by hand, by trying everything, and by two solvers."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.relationship.plans import plan_rows, valued
from vs_toolkit.relationship import Capacity, Game, best_by_capacity, game_of, options

COLUMNS = ["teams_today", "teams_planned", "teams_min", "teams_max", "share_without_team"]


def team_plans(*rows):
    names = [f"C{number + 1}" for number in range(len(rows))]
    return pd.DataFrame(rows, index=names, columns=COLUMNS, dtype=float)


def by_hand(capacity=None):
    """C1 with 0, 1, 2 teams: 0.4 * 100 = 40, 0.7 * 100 - 10 = 60, 100 - 20 = 80; C2: 0, or 90 - 30 = 60."""
    plans = team_plans((2, 2, None, None, 0.4), (0, 1, None, None, None))
    opts = options(plans, {"C1": "North", "C2": "South"})
    return Game(opts, np.array([100.0, 90.0]), np.array([20.0, 30.0]), capacity or Capacity(2))


def test_the_value_of_each_number_of_teams_by_hand():
    assert by_hand().value.tolist() == pytest.approx([40, 60, 80, 0, 60])


def test_the_best_allocation_by_hand():
    """60 + 60 beats 80 + 0; today's 2 and 0 teams are worth 80."""
    table = by_hand().table
    assert table["best"].tolist() == [1, 1]
    assert table["value_best"].sum() == 120
    assert table["value_today"].sum() == 80
    assert table["gain_per_team"].tolist() == [20, 60]


def test_one_more_whole_team_by_hand():
    """With a third team 80 + 60 = 140: 20 more; a fourth is worth nothing."""
    assert by_hand().one_more.tolist() == pytest.approx([20])
    assert by_hand(Capacity(3)).one_more.tolist() == pytest.approx([0])


def test_teams_stay_in_their_region():
    """North has 2 teams and South none: 80 + 0; one more in the South brings 60. Moving freely: 120."""
    game = by_hand(Capacity(2, {"North": 2, "South": 0}))
    assert game.best.value == 80
    assert game.one_more.to_dict() == pytest.approx({"North": 0, "South": 60})
    assert game.free_gain == 40


def test_a_budget_limits_the_sales_investment():
    """35: C2's 30 leaves no 10 for a team at C1: 40 + 60; a budget of 40 allows both."""
    assert by_hand(Capacity(2, budget=35.0)).best.value == 100
    assert by_hand(Capacity(2, budget=40.0)).best.value == 120


def test_minimum_and_maximum():
    plans = team_plans((2, 2, 2, None, 0.4), (0, 1, None, 0, None))
    game = Game(options(plans, {}), np.array([100.0, 90.0]), np.array([20.0, 30.0]), Capacity(3))
    assert game.table["best"].tolist() == [2, 0]
    with pytest.raises(ValueError, match="no choice"):
        game.solve(Capacity(1))


def test_the_step_curve_by_hand():
    """0 teams 40; half a team 40; 1 team 100 (C2); 2 teams 120; 3 teams 140."""
    game = by_hand()
    total, teams = best_by_capacity(game, game.value[None, :], 6)
    assert total[0].tolist() == pytest.approx([40, 40, 100, 100, 120, 120, 140])
    assert teams[0].tolist() == [2, 1]


def random_game(seed, regions):
    rng = np.random.default_rng(seed)
    count = 5
    planned = rng.choice([0.5, 1, 2], count)
    rows = [(rng.choice([0, 0.5, 1]), plan, None, None, rng.choice([0, 0.5])) for plan in planned]
    names = {f"C{number + 1}": str(rng.choice(["N", "S"])) for number in range(count)}
    limits = {"N": int(rng.integers(0, 3)), "S": int(rng.integers(0, 3))} if regions else {}
    business, investment = rng.integers(-20, 200, count), rng.integers(1, 50, count)
    capacity = Capacity(int(rng.integers(0, 5)), limits)
    return Game(options(team_plans(*rows), names), business.astype(float), investment.astype(float), capacity)


def tried(game):
    """Best total over all combinations of options within the capacities."""
    opts, best = game.options, -np.inf
    own = [np.flatnonzero(opts.owner == number) for number in range(len(opts.customers))]
    for choice in product(*own):
        used = opts.teams[list(choice)]
        there = {r: used[np.array(opts.region) == r].sum() for r in game.capacity.by_region}
        if used.sum() <= game.capacity.total and all(there[r] <= game.capacity.by_region[r] for r in there):
            best = max(best, game.value[list(choice)].sum())
    return best


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_both_solvers_find_what_trying_everything_finds(seed, regions):
    game = random_game(seed, regions)
    right = tried(game)
    assert game.best.value == pytest.approx(right)
    total, teams = best_by_capacity(game, game.value[None, :], 2 * game.capacity.total)
    assert total[0, -1] == pytest.approx(right)
    assert game.value_of(teams[0]).sum() == pytest.approx(right)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_the_step_curve_never_falls_and_agrees_with_solving_again(seed):
    game = random_game(seed, regions=False)
    total, _ = best_by_capacity(game, game.value[None, :], 8)
    assert (np.diff(total[0]) >= -1e-9).all()
    assert [game.solve(Capacity(teams)).value for teams in range(5)] == pytest.approx(total[0, ::2])


def test_only_what_can_be_valued_takes_part():
    """C1 has a plan without teams, C2 a plan and teams, C3 teams without a plan."""
    rows = pd.concat([plan_rows(customer="C1"), plan_rows(customer="C2")])
    plans = team_plans((1, 1, None, None, 0.0), (1, 1, None, None, 0.0)).set_axis(["C2", "C3"])
    game = game_of(valued(rows), plans, {}, Capacity(1))
    assert game.options.customers == ("C2",)
    assert game.best.value == pytest.approx(248)


def test_no_customer_at_all():
    game = game_of(valued(), team_plans(), {}, Capacity(3))
    assert game.best.value == 0
    assert game.table.empty
