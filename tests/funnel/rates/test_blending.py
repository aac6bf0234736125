import numpy as np
import pytest
from scipy.stats import betabinom

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.rates.blending import Rules, blend, weight_of_data


def test_the_blend_is_the_predictive_mean_of_a_beta_prior():
    # Nominal 30 % worth 10 cases is Beta(3, 7); 2 of 5 won makes it Beta(5, 10).
    weight = weight_of_data([5], Rules(prior_cases=10))
    assert blend([2 / 5], [0.3], weight)[0] == pytest.approx(betabinom(1, 3 + 2, 7 + 3).mean())


def test_a_prior_worth_nothing_leaves_the_data_alone():
    assert weight_of_data([0, 3, np.nan], Rules(prior_cases=0)).tolist() == [0, 1, 0]


@pytest.mark.parametrize(
    "wrong", [{"level": 90}, {"minimum_cases": 0}, {"prior_cases": -1}, {"prior_kind": -1}, {"prior_old": -1}]
)
def test_rules_out_of_range_are_refused(wrong):
    with pytest.raises(ParameterError):
        Rules(**wrong)
