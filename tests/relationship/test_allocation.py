"""Allocation is exact: published optima, and the same as trying everything."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.relationship.published import KNAPSACK_01, KNAPSACK_07, MKNAP1
from vs_toolkit import relationship

amounts = st.integers(0, 40).map(float)


def test_a_published_knapsack():
    best = relationship.allocate(**KNAPSACK_01)
    assert best.value == 309
    assert best.chosen == (1, 1, 1, 1, 0, 1, 0, 0, 0, 0)


def test_best_ratio_first_need_not_be_optimal():
    """By value per cost the last one is first: 240/120 = 2.0, ... filling up so gives 1441, not 1458."""
    value, cost = np.array(KNAPSACK_07["value"]), np.array(KNAPSACK_07["cost"])
    left, greedy = KNAPSACK_07["budget"], 0
    for item in np.argsort(-value / cost, kind="stable"):
        if cost[item] <= left:
            left, greedy = left - cost[item], greedy + value[item]
    assert greedy < 1458
    assert relationship.allocate(**KNAPSACK_07).value == 1458


def test_several_resources_at_once():
    assert relationship.allocate(MKNAP1["value"], MKNAP1["use"], MKNAP1["capacity"]).value == 3800


def test_one_to_one_assignment():
    """The example of scipy's linear_sum_assignment: columns 1, 0, 2 at cost 1 + 2 + 2 = 5."""
    cost = np.array([[4, 1, 3], [2, 0, 5], [3, 2, 2]])
    best = relationship.assign_teams(-cost, [1, 1, 1], 1)
    assert best.chosen == (1, 0, 2)
    assert best.value == -5


def test_published_shadow_prices():
    """Wyndor Glass, Hillier and Lieberman: 2 and 6 units, 36; prices 0, 3/2, 1."""
    found = relationship.shadow_prices([3, 5], [[1, 0], [0, 2], [3, 2]], [4, 12, 18])
    assert found.amounts == pytest.approx((2, 6), abs=1e-8)
    assert found.value == pytest.approx(36, abs=1e-8)
    assert found.prices == pytest.approx((0, 1.5, 1), abs=1e-8)


def test_a_linear_programme_without_end_is_refused():
    with pytest.raises(ValueError, match="no finite optimum"):
        relationship.shadow_prices([1.0], [[0.0]], [1.0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8), amounts)
def test_a_knapsack_is_the_same_as_trying_everything(items, budget):
    value, cost = np.array(items).T
    choices = np.array(list(product([0, 1], repeat=len(items))))
    feasible = choices[choices @ cost <= budget]
    best = relationship.allocate(value, cost, budget)
    assert best.value == pytest.approx((feasible @ value).max())
    assert np.array(best.chosen) @ cost <= budget
    assert np.array(best.chosen) @ value == pytest.approx(best.value)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_teams_are_the_same_as_trying_everything(seed, everyone):
    """Generalised assignment with 3 teams and 5 customers: 3^5 (4^5 with nobody) assignments."""
    rng = np.random.default_rng(seed)
    value, effort = rng.integers(-3, 20, (3, 5)), rng.integers(1, 9, (3, 5))
    capacity = rng.integers(4, 15, 3)
    best = None
    for choice in product(range(3) if everyone else range(-1, 3), repeat=5):
        used = [sum(effort[t, c] for c in range(5) if choice[c] == t) for t in range(3)]
        if all(np.array(used) <= capacity):
            total = sum(value[t, c] for c, t in enumerate(choice) if t >= 0)
            best = total if best is None else max(best, total)
    if best is None:
        with pytest.raises(ValueError, match="capacity does not suffice"):
            relationship.assign_teams(value, effort, capacity, everyone=everyone)
    else:
        assert relationship.assign_teams(value, effort, capacity, everyone=everyone).value == best


def test_nobody_is_minus_one():
    assert relationship.assign_teams([[5, 3]], [1, 1], [1], everyone=False).chosen == (0, -1)


@pytest.mark.parametrize("scale", [1e-7, 1.0, 1e9])
def test_the_size_of_the_amounts_does_not_matter(scale):
    value = np.array(KNAPSACK_07["value"]) * scale
    best = relationship.allocate(value, KNAPSACK_07["cost"], KNAPSACK_07["budget"])
    assert best.value == pytest.approx(1458 * scale)


def test_nothing_to_choose_from():
    assert relationship.allocate([], [], 5).chosen == ()


@pytest.mark.parametrize(
    ("value", "cost", "budget", "message"),
    [
        ([1, np.nan], [1, 1], 1, "value must not have missing"),
        ([1, 2], [1], 1, "2 values need as many costs"),
        ([1, 2], [1, -1], 1, "must not be negative"),
        ([1, 2], [1, 1], np.inf, "budget must not have"),
    ],
)
def test_what_cannot_be_allocated_is_told(value, cost, budget, message):
    with pytest.raises(ValueError, match=message):
        relationship.allocate(value, cost, budget)


def test_options_of_an_owner_exclude_each_other():
    """Owner 0: 50 with 1 team, 60 with 2; owner 1: 40 with 1. Two teams: 50 + 40 beats 60."""
    best = relationship.choose_options([0, 50, 60, 0, 40], [0, 1, 2, 0, 1], [0, 0, 0, 1, 1], 2)
    assert best.chosen == (1, 4)
    assert best.value == 90


def test_a_minimum_beyond_the_capacity_is_told():
    with pytest.raises(ValueError, match="no choice of options"):
        relationship.choose_options([1.0, 2.0], [2, 3], [0, 0], 1)
