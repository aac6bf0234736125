from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vs_toolkit.funnel.outlook.shock import (
    NODES,
    WEIGHTS,
    count_distribution,
    count_interval,
    estimate_shock,
    given_shock,
    shared_error,
    shocked_count_distribution,
)

chances = st.lists(st.floats(0, 1), max_size=12)


def test_equal_chances_give_the_binomial():
    expected = [comb(6, k) * 0.3**k * 0.7 ** (6 - k) for k in range(7)]
    assert count_distribution([0.3] * 6) == pytest.approx(expected)


def test_two_unequal_chances():
    # None 0.8 x 0.5, one 0.2 x 0.5 + 0.8 x 0.5, both 0.2 x 0.5.
    assert count_distribution([0.2, 0.5]) == pytest.approx([0.4, 0.5, 0.1])


@settings(deadline=None, max_examples=30)
@given(chances)
def test_mean_and_variance_are_exact(chance):
    distribution, k, p = count_distribution(chance), np.arange(len(chance) + 1), np.array(chance)
    assert distribution.sum() == pytest.approx(1)
    assert distribution @ k == pytest.approx(p.sum())
    assert distribution @ k**2 - (distribution @ k) ** 2 == pytest.approx((p * (1 - p)).sum(), abs=1e-9)


def test_many_cases_agree_with_the_binomial():
    distribution = count_distribution(np.full((2, 1501), 0.1))
    assert distribution[1] == pytest.approx(stats.binom.pmf(np.arange(1502), 1501, 0.1), abs=1e-13)


@settings(deadline=None, max_examples=20)
@given(chances, st.floats(0, 0.3))
def test_a_shock_leaves_every_single_chance_as_it_was(chance, rho):
    assert WEIGHTS @ given_shock(chance, rho, NODES) == pytest.approx(np.array(chance), abs=2e-5)


def test_the_shock_makes_counts_wider_as_simulated():
    chance, rho, rng = np.full(200, 0.25), 0.05, np.random.default_rng(5)
    distribution = shocked_count_distribution(chance, rho)
    won = [(rng.random(200) < p).sum() for p in given_shock(chance, rho, rng.standard_normal(20_000))]
    low, high = count_interval(distribution, 0.8)
    assert (low, high) == pytest.approx(np.quantile(won, [0.1, 0.9]), abs=1.5)
    assert count_interval(count_distribution(chance), 0.8)[1] < high


def test_the_interval_of_a_count_holds_it_as_often_as_said_on_average():
    # Binomial, 3 cases with chance 0.5: 1, 3, 3, 1 of 8; halfway through each 0.0625, 0.3125, 0.6875, 0.9375.
    assert count_interval(count_distribution([0.5] * 3), 0.8) == (1, 2)
    held = []
    for mean in np.linspace(2, 12, 101):
        chance = stats.poisson.pmf(np.arange(60), mean)
        low, high = count_interval(chance, 0.8)
        held.append(chance[low : high + 1].sum())
    assert np.mean(held) == pytest.approx(0.8, abs=0.015)


def test_an_error_of_estimation_is_a_shock_of_its_size():
    # Quantiles -1 -+ 1.645 x 0.5: an error of 0.5, which is a shock of 0.25 / 1.25.
    low, high = stats.norm.cdf([-1 - 1.6449 * 0.5, -1 + 1.6449 * 0.5])
    assert shared_error([low], [high]) == pytest.approx([0.2], abs=1e-4)


def test_no_case_is_no_order():
    assert count_distribution([]).tolist() == [1.0]
    assert count_distribution(np.zeros((3, 0))).shape == (3, 1)
    assert count_interval(shocked_count_distribution([], 0.1), 0.8) == (0, 0)


def past(rho: float, seed: int, days: int = 24) -> pd.DataFrame:
    rng, parts = np.random.default_rng(seed), []
    for day in pd.date_range("2022-01-01", periods=days, freq="QS"):
        chance = rng.beta(1, 3, 200)
        won = rng.random(200) < given_shock(chance, rho, rng.standard_normal(1))[0]
        parts.append(pd.DataFrame({"seen_on": day, "win_probability": chance, "won": won}))
    return pd.concat(parts)


@pytest.mark.parametrize(("rho", "low", "high"), [(0.0, 0.0, 0.008), (0.05, 0.02, 0.09), (0.15, 0.08, 0.25)])
def test_the_size_of_the_shock_is_found_again(rho, low, high):
    assert low <= estimate_shock(past(rho, seed=2), 90).rho <= high


def test_without_a_past_the_prior_stands_and_days_that_overlap_tell_less():
    rows = past(0.0, seed=3, days=8)
    prior, own, shared = (
        estimate_shock(part, days).rho for part, days in ((rows.iloc[:0], 90), (rows, 90), (rows, 900))
    )
    assert prior == pytest.approx(0.013, abs=0.002)  # 0.005 x ln(1 + 60^2) / 2 / atan(60)
    assert own < shared < prior


def test_the_record_of_past_days_is_shown():
    rows = pd.DataFrame(
        {"seen_on": pd.Timestamp("2026-01-01"), "win_probability": [0.5, 0.5, None], "won": [1, 1, 1]}
    )
    day = estimate_shock(rows, 90).dates.iloc[0]
    assert day[["cases", "expected", "won"]].tolist() == [2, 1.0, 2]  # nothing was said of the third
    assert day["sd"] == pytest.approx(0.5**0.5)  # two times 0.5 x 0.5
