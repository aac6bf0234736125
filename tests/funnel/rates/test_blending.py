import numpy as np
import pytest
from scipy.stats import betabinom
from statsmodels.stats.proportion import proportion_confint

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.rates.blending import Rules, blend, effective_size, interval, weight_of_data


@pytest.mark.parametrize(("won", "n"), [(3, 10), (1, 4), (90, 100), (700, 5000)])
def test_the_interval_of_a_whole_number_of_cases_is_that_of_jeffreys(won, n):
    low, high = interval(won / n, n, 0.90)
    assert (low, high) == pytest.approx(proportion_confint(won, n, alpha=0.10, method="jeffreys"))


def test_ends_and_missing_cases():
    low, high = interval([0.0, 1.0, np.nan, 0.5], [8, 8, 0, 0], 0.90)
    assert (low[0], high[1]) == (0.0, 1.0)
    assert high[0] == pytest.approx(1 - low[1])
    assert np.isnan([low[2], high[2], low[3], high[3]]).all()


def test_the_effective_size_of_a_plain_sample_is_its_size():
    assert effective_size(0.3, 0.3 * 0.7 / 50, 50) == pytest.approx(50)


def test_the_effective_size_never_exceeds_the_cases_whose_outcome_is_known():
    assert effective_size([0.3, 0.0], [1e-9, 0.0], [50, 7]).tolist() == [50, 7]


def test_the_blend_is_the_predictive_mean_of_a_beta_prior():
    # Nominal 30 % worth 10 cases is Beta(3, 7); 2 of 5 won makes it Beta(5, 10).
    weight = weight_of_data([5], Rules(prior_cases=10))
    assert blend([2 / 5], [0.3], weight)[0] == pytest.approx(betabinom(1, 3 + 2, 7 + 3).mean())


def test_a_prior_worth_nothing_leaves_the_data_alone():
    assert weight_of_data([0, 3, np.nan], Rules(prior_cases=0)).tolist() == [0, 1, 0]


@pytest.mark.parametrize("wrong", [{"level": 90}, {"minimum_cases": 0}, {"prior_cases": -1}])
def test_rules_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        Rules(**wrong)
