import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from tests.estimates.test_intervals import published
from vs_toolkit import estimates
from vs_toolkit.errors import ParameterError

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): 4 observers, 12 units, missing ratings
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = list(zip(*OBSERVERS, strict=True))


@pytest.mark.parametrize(
    ("metric", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_the_published_alphas(metric, expected):
    assert estimates.krippendorff(UNITS, metric) == pytest.approx(expected, abs=5e-4)


def test_two_observers_without_missing_ratings():
    # Same paper, binary data: 10 units, 4 disagree; coincidences 0-0: 10, 0-1: 4, 1-1: 2;
    # alpha = 1 - (20 - 1) x 4 / (14 x 6) = 0.095
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    units = list(zip(first, second, strict=True))
    assert estimates.krippendorff(units) == pytest.approx(1 - 19 * 4 / 84)


def test_words_may_be_rated_and_nan_is_missing():
    words = [["good", "good"], ["bad", "bad", math.nan], ["good", None]]
    assert estimates.krippendorff(words) == 1.0
    assert math.isnan(estimates.krippendorff([["good", "good"], ["good", None]]))
    assert math.isnan(estimates.krippendorff([]))


def test_the_published_kappa_of_fleiss():
    case = published("fleiss_kappa_wikipedia")
    found = estimates.fleiss_kappa(case["inputs"]["counts_by_subject_and_category"])
    assert found == pytest.approx(case["expected"], abs=case["tolerance"])


def test_the_published_intraclass_correlations():
    case = published("icc_shrout_fleiss")
    found = estimates.icc(case["inputs"]["ratings_by_target"])
    for name, expected in case["expected"].items():
        assert getattr(found, name) == pytest.approx(expected, abs=case["tolerance"])


def test_intraclass_correlation_from_an_analysis_of_variance():
    ratings = np.random.default_rng(2).normal(size=(7, 3)) + np.arange(7)[:, None]
    long = pd.DataFrame(ratings).melt(ignore_index=False, var_name="rater", value_name="y").reset_index()
    table = anova_lm(ols("y ~ C(index) + C(rater)", long).fit())
    target, _, residual = table["mean_sq"]
    assert estimates.icc(ratings).icc3 == pytest.approx((target - residual) / (target + 2 * residual))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40))
def test_cohen_is_that_of_scikit_learn(pairs):
    first, second = zip(*pairs, strict=True)
    table = np.zeros((4, 4))
    np.add.at(table, (first, second), 1)
    if len({*first, *second}) < 2:
        assert math.isnan(estimates.cohen_kappa(table))
        return
    for weights in (None, "linear", "quadratic"):
        expected = cohen_kappa_score(first, second, weights=weights, labels=range(4))
        assert estimates.cohen_kappa(table, weights) == pytest.approx(expected)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: estimates.cohen_kappa([[1, 2, 3], [4, 5, 6]]),
        lambda: estimates.fleiss_kappa([[2, 1], [2, 2]]),
        lambda: estimates.fleiss_kappa([]),
        lambda: estimates.icc([[1, 2]]),
        lambda: estimates.icc([[1, math.nan], [2, 3]]),
        lambda: estimates.krippendorff([[1, 2]], "ordnal"),
    ],
)
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(ParameterError):
        wrong()
