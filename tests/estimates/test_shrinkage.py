import math
import tracemalloc

import numpy as np
import pytest
from scipy import stats

from vs_toolkit.errors import ParameterError
from vs_toolkit.estimates import homogeneity, mean_and_interval, p_text, shrink_rates, significance


def test_a_group_is_drawn_to_the_common_rate_by_what_chance_may_explain():
    few = shrink_rates([4, 300, 310], [5, 1000, 1000])
    assert 0.3 < few.rate[0] < 0.5 < 0.8
    many = shrink_rates([400, 300, 310], [500, 1000, 1000])
    assert many.rate[0] == pytest.approx(0.8, abs=0.01)


def test_equal_groups_are_drawn_together():
    found = shrink_rates([30, 31, 29, 30], [100] * 4)
    assert math.isinf(found.worth) and np.ptp(found.rate) < 0.02 / 3


def test_real_differences_are_found_and_rates_covered():
    rng = np.random.default_rng(7)
    truth = rng.beta(0.3 * 20, 0.7 * 20, 40)  # groups are worth 20 trials: sd 0.1
    won = rng.binomial(60, truth)
    found = shrink_rates(won, np.full(40, 60))
    assert 8 < found.worth < 50
    assert ((found.low < truth) & (truth < found.high)).mean() >= 0.8
    assert ((found.rate - truth) ** 2).mean() < ((won / 60 - truth) ** 2).mean()


def test_with_the_spread_known_it_is_the_beta_posterior():
    # 400 groups of 1000 from Beta(6, 14): the prior is as good as known; mean (6 + won) / (20 + 1000)
    rng = np.random.default_rng(1)
    won = rng.binomial(1000, rng.beta(6, 14, 400))
    found = shrink_rates(won, np.full(400, 1000))
    assert found.rate == pytest.approx((6 + won) / 1020, abs=0.003)


def test_groups_without_trials_are_missing_and_alter_nothing():
    with_empty, without = shrink_rates([8, 2, 0], [10, 10, 0]), shrink_rates([8, 2], [10, 10])
    assert with_empty.rate[:2] == pytest.approx(without.rate) and math.isnan(with_empty.rate[2])
    assert np.isnan(shrink_rates([0, 0], [0, 0]).rate).all() and shrink_rates([], []).rate.shape == (0,)
    with pytest.raises(ParameterError):
        shrink_rates([3], [2])


def test_memory_is_linear_in_groups():
    rng = np.random.default_rng(4)
    size = rng.integers(1, 60, 1200)
    tracemalloc.start()
    shrink_rates(rng.binomial(size, 0.3), size)
    assert tracemalloc.get_traced_memory()[1] < 60e6  # 1,198 owners took 4.9 GB when it was groups x priors
    tracemalloc.stop()


def test_mean_and_interval_of_a_normal_density():
    grid = np.linspace(-5, 5, 2001)
    found = mean_and_interval(grid, stats.norm.pdf(grid, [[0.0], [1.0]], 0.5), 0.90)
    assert found == pytest.approx(np.array([[0, -0.822, 0.822], [1, 0.178, 1.822]]), abs=2e-3)  # 1.645 x 0.5


def test_chi_square_of_a_two_by_two_table():
    # Expected counts 37.5 and 62.5: chi2 = 2 * 7.5^2 / 37.5 + 2 * 7.5^2 / 62.5 = 4.8; one degree of freedom.
    assert homogeneity([30, 45], [70, 55]) == pytest.approx(stats.chi2.sf(4.8, 1))


def test_small_groups_are_judged_by_simulation():
    # Won 3 of 3 against 0 of 3: of the 20 ways to choose the three winners 2 are as extreme: p = 0.1.
    assert homogeneity([3, 0], [0, 3]) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("won", "lost"), [([], []), ([3], [4]), ([3, 0], [4, 0]), ([0, 0], [4, 5]), ([4, 5], [0, 0])]
)
def test_what_cannot_be_compared_is_not_testable(won, lost):
    assert math.isnan(homogeneity(won, lost))
    assert significance(homogeneity(won, lost)).startswith("Difference not testable")


def test_the_words_follow_the_threshold():
    assert significance(0.0496) == "Statistically significant difference (p = 0.050)"
    assert significance(0.0504) == "No statistically significant difference (p = 0.050)"
    assert p_text(0.5) == "p = 0.50"
