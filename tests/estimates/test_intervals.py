import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tests.shared import shared
from vs_toolkit import estimates
from vs_toolkit.errors import ParameterError

PUBLISHED = {
    "wilson_81_of_263": estimates.wilson,
    "wilson_0_of_20": estimates.wilson,
    "difference_newcombe": estimates.difference,
}


def published(name: str) -> dict:
    cases = json.loads(shared("truth/customers.json").read_text())["cases"]
    return next(case for case in cases if case["name"] == name)


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_intervals(name):
    case = published(name)
    inputs = {key.replace("reference_", "ref_"): value for key, value in case["inputs"].items()}
    assert PUBLISHED[name](**inputs) == pytest.approx(tuple(case["expected"]), abs=case["tolerance"])


def test_the_published_interval_of_a_lift():
    case = published("lift_katz_log")
    found = estimates.ratio(7, 34, 1, 34, confidence=0.95)
    assert found[0] == pytest.approx(case["expected"]["low"], abs=case["tolerance"]["low"])
    assert found[1] == pytest.approx(case["expected"]["high"], abs=case["tolerance"]["high"])


def test_wilson_by_hand():
    # 3 of 10, z = 1.6449: centre (0.3 + 2.7055/20) / (1 + 0.27055) = 0.34259;
    # half 1.6449 / 1.27055 x sqrt(0.3 x 0.7 / 10 + 2.7055 / 400) = 1.29460 x 0.166620 = 0.21571
    assert estimates.wilson(3, 10) == pytest.approx((0.12688, 0.55830), abs=2e-5)


def test_agresti_caffo_by_hand():
    # 8/36 - 2/36 = 0.166667; sd = sqrt(8/36 x 28/36 / 36 + 2/36 x 34/36 / 36) = sqrt(0.0048011 + 0.0014575)
    # = 0.079111; x 1.95996 = 0.155055
    assert estimates.difference(7, 34, 1, 34, 0.95, "agresti-caffo") == pytest.approx(
        (0.011612, 0.321722), abs=1e-6
    )


@pytest.mark.parametrize(("won", "n"), [(3, 10), (1, 4), (90, 100), (700, 5000)])
def test_jeffreys_is_that_of_statsmodels(won, n):
    found = estimates.jeffreys(won, n, 0.90)
    assert found == pytest.approx(proportion_confint(won, n, alpha=0.10, method="jeffreys"))


@pytest.mark.parametrize("interval", [estimates.wilson, estimates.jeffreys])
def test_ends_and_empty_groups(interval):
    low, high = interval([0, 8, 0], [8, 8, 0])
    assert (low[0], high[1]) == (0.0, 1.0) and high[0] == pytest.approx(1 - low[1])
    assert np.isnan([low[2], high[2]]).all()
    assert all(math.isnan(end) for end in interval(0, 0))


def test_empty_groups_have_no_difference():
    for found in (estimates.difference(0, 0, 1, 3), estimates.ratio(0, 5, 1, 3)):
        assert all(math.isnan(end) for end in found)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: estimates.wilson(3, 2),
        lambda: estimates.jeffreys(-1, 2),
        lambda: estimates.wilson(1, 2, confidence=95),
        lambda: estimates.difference(1, 2, 1, 2, method="wald"),
    ],
)
def test_wrong_arguments_are_refused(wrong):
    with pytest.raises(ParameterError):
        wrong()


@settings(deadline=None)
@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50))
def test_identities(won, n, ref_won, ref_n):
    won, ref_won = min(won, n), min(ref_won, ref_n)
    low, high = estimates.wilson(won, n)
    assert 0 <= low <= won / n <= high <= 1
    mirrored = estimates.wilson(n - won, n)
    assert (1 - mirrored[1], 1 - mirrored[0]) == pytest.approx((low, high))
    for method in ("newcombe", "agresti-caffo"):
        found = estimates.difference(won, n, ref_won, ref_n, method=method)
        swapped = estimates.difference(ref_won, ref_n, won, n, method=method)
        assert found == pytest.approx((-swapped[1], -swapped[0]))


def test_effective_size():
    assert estimates.effective_size(0.3, 0.3 * 0.7 / 50, 50) == pytest.approx(50)
    assert estimates.effective_size([0.3, 0.0], [1e-9, 0.0], [50, 7]).tolist() == [50, 7]
