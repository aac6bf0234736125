import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss

from vs_toolkit.funnel.outlook.scores import cox, reliability, score


def drawn(n=400, seed=2, optimism=0.0, extremity=1.0):
    """Outcomes, and probabilities too high by ``optimism``, too extreme by ``extremity``, in log odds."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(-0.5, 1.0, n)
    return expit(truth * extremity + optimism).clip(0.01, 0.99), rng.random(n) < expit(truth)


def test_scores_are_those_of_scikit_learn():
    stated, won = drawn()
    found = score(stated, won)
    assert found["brier"] == pytest.approx(brier_score_loss(won, stated))
    assert found["log_loss"] == pytest.approx(log_loss(won, stated))
    assert (found["expected"], found["actual"], found["n"]) == (stated.sum(), won.sum(), 400)


def test_certainty_that_was_wrong_costs_as_much_as_one_in_a_thousand():
    assert score([0.0, 1.0], [1, 0])["log_loss"] == pytest.approx(-np.log(0.001))


def test_two_thirds_stated_where_one_third_came():
    # Brier 1/3 x (1/3)^2 + 2/3 x (2/3)^2 = 1/3; the best constant, 1/3, gives 2/9: 1/9 is miscalibration.
    found = score([2 / 3] * 6, [1, 0, 0, 1, 0, 0])
    assert found["brier"] == pytest.approx(1 / 3)
    assert (found["miscalibration"], found["discrimination"]) == pytest.approx((1 / 9, 0))
    assert found["ratio"] == pytest.approx(2)
    assert found["in_the_large"] == pytest.approx(np.log(1 / 4))  # odds 2 stated, odds 1/2 came


@pytest.mark.parametrize(("optimism", "extremity"), [(0, 1), (0.8, 1), (0, 2), (-0.5, 0.5)])
def test_bias_and_slope_are_those_of_logistic_regression(optimism, extremity):
    stated, won = drawn(optimism=optimism, extremity=extremity)
    x = logit(stated)
    alone = sm.GLM(won.astype(float), np.ones(len(x)), family=sm.families.Binomial(), offset=x).fit()
    both = sm.GLM(won.astype(float), sm.add_constant(x), family=sm.families.Binomial()).fit()
    assert cox(stated, won) == pytest.approx((alone.params[0], both.params[1]))


@pytest.mark.parametrize("won", [[0, 0, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]])
def test_bias_and_slope_are_missing_where_outcomes_do_not_tell(won):
    assert np.isnan(cox([0.1, 0.2, 0.8, 0.9], won)[1])


def test_the_curve_is_that_of_isotonic_regression():
    stated, won = drawn(200)
    curve = reliability(stated, won)
    theirs = IsotonicRegression().fit(stated, won).predict(stated)
    ours = curve["observed"].to_numpy()[np.searchsorted(curve["highest"], stated)]
    np.testing.assert_allclose(ours, theirs)
    assert curve["n"].sum() == 200


def test_equal_probabilities_stay_together():
    curve = reliability([0.2, 0.2, 0.2, 0.6], [1, 0, 0, 1])
    assert curve[["observed", "n"]].values.tolist() == [[pytest.approx(1 / 3), 3], [1, 1]]


def test_nothing_to_score():
    found = score([], [])
    assert found["n"] == 0
    assert np.isnan(found["brier"])
    assert reliability([], []).empty


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_brier_score_is_the_sum_of_its_parts(cases):
    found = score(*zip(*cases, strict=True))
    parts = found["miscalibration"] - found["discrimination"] + found["uncertainty"]
    assert found["brier"] == pytest.approx(parts)
    assert min(found["miscalibration"], found["discrimination"]) >= -1e-12
