"""Draws against the moments and chances that theory gives (two years at 25 %: 1.44 times a yearly amount)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.impact.simple import saving, simple_case, span
from vs_toolkit.errors import ParameterError
from vs_toolkit.impact import monte_carlo, scenarios

SAVING, START_UP = span(800, 1000, 1100), span(1000, 1200, 1500)


def case(start_up=START_UP, distribution="pert", correlation=0.0):
    return simple_case(
        saving(SAVING),
        costs=[{"id": "start_up", "name": "Start-up", "amount": start_up}],
        customer_wacc=0.25,
        uncertainty={"distribution": distribution, "correlation": correlation},
    )


@pytest.mark.parametrize(
    ("distribution", "mean"),
    [
        # (a + 4m + b) / 6: saving 983.33, start-up 1216.67 -> 983.33 x 1.44 - 1216.67
        ("pert", 5900 / 6 * 1.44 - 7300 / 6),
        # (a + m + b) / 3: saving 966.67, start-up 1233.33
        ("triangular", 2900 / 3 * 1.44 - 3700 / 3),
    ],
)
def test_mean_is_the_value_at_the_means_where_the_value_is_linear(distribution, mean):
    result = monte_carlo(case(distribution=distribution), 20_000, seed=7)
    assert abs(result.mean - mean) < 3 * result.standard_error


def test_spread_is_that_of_the_pert_distribution():
    # variance (mean - a)(b - mean) / 7: saving 183.33 x 116.67 / 7 = 3055.6;
    # start-up 216.67 x 283.33 / 7 = 8769.8; NPV: 1.44^2 x 3055.6 + 8769.8 = 15105.8
    result = monte_carlo(case(), 50_000, seed=7)
    assert result.npv.std() == pytest.approx(np.sqrt(15105.8), rel=0.01)
    assert result.standard_error == pytest.approx(np.sqrt(15105.8 / 50_000), rel=0.01)


def test_chance_of_a_loss_is_the_area_below_zero():
    # start-up 1200 for certain: NPV < 0 below a saving of 833.33: (33.33)^2 / (300 x 200) = 0.018519
    result = monte_carlo(case(start_up=1200, distribution="triangular"), 50_000, seed=7)
    assert result.probability_negative == pytest.approx(0.018519, abs=0.0024)  # 4 standard errors


def test_chance_of_payback_ignores_the_discounting():
    # start-up 2000: paid back from a saving of 1000 on, the mode: 1 - 200 / 300 = 1/3
    result = monte_carlo(case(start_up=2000, distribution="triangular"), 50_000, seed=7)
    assert result.probability_payback == pytest.approx(1 / 3, abs=0.0085)  # 4 standard errors


def test_percentiles_are_those_of_the_triangular_distribution():
    # F(x) = (x - 800)^2 / 60000 below the mode: p10 at 800 + sqrt(6000), p50 at 800 + sqrt(30000)
    result = monte_carlo(case(start_up=0, distribution="triangular"), 50_000, seed=7)
    assert result.p10 == pytest.approx(1.44 * (800 + np.sqrt(6000)), rel=0.003)
    assert result.p50 == pytest.approx(1.44 * (800 + np.sqrt(30000)), rel=0.003)


def test_product_of_independent_ranges_has_the_product_of_means():
    # quantity 10..20..30 (mean 20), change 0.1..0.2..0.6 (mean 0.25), 100 each: 20 x 0.25 x 100 x 1.44 = 720
    product = saving(None, quantity=span(10, 20, 30), change=span(0.1, 0.2, 0.6), unit_value=100)
    result = monte_carlo(simple_case(product, customer_wacc=0.25), 20_000, seed=7)
    assert abs(result.mean - 720) < 3 * result.standard_error


def test_correlation_widens_the_spread():
    assert (
        monte_carlo(case(correlation=0.9), 5000, 1).npv.std() > 1.2 * monte_carlo(case(), 5000, 1).npv.std()
    )


def test_same_seed_same_draws():
    first, again, other = (monte_carlo(case(), 100, seed).npv.tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_certain_case_has_one_value():
    result = monte_carlo(simple_case(saving(1000), customer_wacc=0.25), 100, seed=1)
    assert (result.uncertain, result.probability_negative, result.probability_payback) == (0, 0, 1)
    assert [result.p10, result.p50, result.p90, result.mean] == pytest.approx([1440] * 4)
    assert result.npv.shape == (100,)


def test_too_few_draws_are_refused():
    with pytest.raises(ParameterError, match="at least 2"):
        monte_carlo(case(), 1, seed=1)


@settings(max_examples=20, deadline=None)
@given(
    ends=st.lists(st.integers(-1000, 1000), min_size=3, max_size=3),
    correlation=st.floats(0, 1),
    distribution=st.sampled_from(["pert", "triangular"]),
)
def test_draws_stay_between_the_scenarios(ends, correlation, distribution):
    of_case = simple_case(
        saving(span(*sorted(ends))),
        saving(span(1, 2, 5), "other"),
        uncertainty={"distribution": distribution, "correlation": correlation},
    )
    result, npv = monte_carlo(of_case, 50, seed=1), scenarios(of_case)["npv"]
    room = 1e-9 * npv.abs().max()
    assert npv["low"] - room <= result.npv.min() <= result.p10 <= result.p50 <= result.p90
    assert result.npv.max() <= npv["high"] + room
