"""A value small enough to work by hand: sold x (20 - cost), expected 2 x 10 = 20."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vs_toolkit.errors import ParameterError
from vs_toolkit.uncertainty import (
    Assumption,
    break_even,
    draw,
    oriented,
    scenario_values,
    simulate,
    tornado,
    zero,
)

COST, SOLD = Assumption("cost", "Cost", 8, 10, 15), Assumption("sold", "Sold", 1, 2, 3)


def profit(values):
    return values["sold"] * (20 - values["cost"])


BOTH = oriented([COST, SOLD], profit)


def test_the_adverse_end_is_the_one_with_the_lower_value():
    assert [a.worse for a in BOTH] == ["high", "low"]


def test_a_tie_keeps_its_end():
    assert oriented([COST], lambda values: np.zeros(2))[0].worse == "low"


@pytest.mark.parametrize(("scenario", "worth"), [("low", 1 * 5), ("expected", 20), ("high", 3 * 12)])
def test_scenarios(scenario, worth):
    assert profit(scenario_values(BOTH, scenario)) == worth


def test_an_unknown_scenario_is_refused():
    with pytest.raises(ParameterError, match="choose one of low, expected, high"):
        scenario_values(BOTH, "worst")


def test_tornado_moves_one_at_a_time():
    # cost 8 -> 24, 15 -> 10: 14; sold 1 -> 10, 3 -> 30: 20
    table = tornado([*BOTH, Assumption("fee", "Fee", 1, 1, 1)], profit)
    assert table[["key", "at_low", "at_high", "swing"]].values.tolist() == [
        ["sold", 10, 30, 20],
        ["cost", 24, 10, 14],
    ]


def test_tornado_of_nothing_is_an_empty_table():
    assert tornado([], profit).empty
    assert "swing" in tornado([], profit)


def test_break_even():
    table = break_even(BOTH, profit).set_index("key")
    assert table["break_even"].tolist() == pytest.approx([20, 0])
    assert table["within_range"].tolist() == [False, False]
    assert table["relative"].tolist() == pytest.approx([1, -1])


def test_no_break_even_is_missing():
    assert np.isnan(break_even([COST], lambda values: 5.0)["break_even"].iloc[0])


def test_break_even_stays_within_what_makes_sense():
    late = Assumption("start", "Start", 0, 3, 6, least=0, most=24)
    assert break_even([late], lambda v: 12 - v["start"])["break_even"].tolist() == pytest.approx([12])
    assert np.isnan(break_even([late], lambda v: 30 - v["start"])["break_even"].iloc[0])


def test_zero_of_something_bent():
    assert zero(lambda x: x**2 - 2, 1.0, 1.0) == pytest.approx(2**0.5)
    assert zero(lambda x: x**2 + 2, 1.0, 1.0) is None


@pytest.mark.parametrize(
    ("distribution", "mean", "variance"),
    [
        # (8 + 40 + 15) / 6 = 10.5; (10.5 - 8)(15 - 10.5) / 7
        ("pert", 10.5, 2.5 * 4.5 / 7),
        # 33 / 3 = 11; (64 + 100 + 225 - 80 - 120 - 150) / 18
        ("triangular", 11, 39 / 18),
    ],
)
def test_draws_have_the_moments_of_their_distribution(distribution, mean, variance):
    cost = draw([COST], 50_000, seed=7, distribution=distribution)["cost"]
    assert COST.mean(distribution) == mean
    assert cost.mean() == pytest.approx(mean, abs=4 * (variance / 50_000) ** 0.5)
    assert cost.var() == pytest.approx(variance, rel=0.02)


def test_simulation_sums_up_its_draws():
    # P(20 - cost < 8) with triangular cost: (15 - 12)^2 / (7 x 5) = 9/35
    result = simulate([COST], lambda v: 20 - v["cost"] - 8, 50_000, seed=7, distribution="triangular")
    assert result.probability_negative == pytest.approx(9 / 35, abs=0.008)
    assert abs(result.mean - 1) < 4 * result.standard_error
    assert (result.uncertain, result.assumptions, result.seed) == (1, 1, 7)


def test_a_certain_value_has_one_outcome():
    result = simulate([Assumption("fee", "Fee", 4, 4, 4)], lambda v: v["fee"], 10)
    assert (result.p10, result.p90, result.uncertain) == (4, 4, 0)


def test_correlated_assumptions_go_well_together():
    # Spearman correlation of a Gaussian copula: 6 / pi x asin(0.5 / 2) = 0.4826; a high cost goes badly
    values = draw(BOTH, 20_000, seed=7, correlation=0.5)
    assert stats.spearmanr(values["sold"], -values["cost"]).statistic == pytest.approx(0.4826, abs=0.02)
    alone = draw(BOTH, 20_000, seed=7)
    assert np.sort(alone["cost"]).tolist() == np.sort(values["cost"]).tolist()


def test_same_seed_same_draws():
    assert draw(BOTH, 50, seed=3)["cost"].tolist() == draw(BOTH, 50, seed=3)["cost"].tolist()
    assert draw(BOTH, 50, seed=3)["cost"].tolist() != draw(BOTH, 50, seed=4)["cost"].tolist()


def test_too_few_draws_are_refused():
    with pytest.raises(ParameterError, match="at least 2"):
        simulate(BOTH, profit, 1)


@settings(max_examples=30, deadline=None)
@given(
    ends=st.lists(st.integers(0, 19), min_size=3, max_size=3).map(sorted),
    correlation=st.floats(0, 1),
    distribution=st.sampled_from(["pert", "triangular"]),
)
def test_draws_stay_between_the_scenarios(ends, correlation, distribution):
    both = oriented([Assumption("cost", "Cost", *ends), SOLD], profit)
    result = simulate(both, profit, 50, 1, distribution, correlation)
    low, high = (profit(scenario_values(both, scenario)) for scenario in ("low", "high"))
    assert low - 1e-9 <= result.values.min() <= result.values.max() <= high + 1e-9
