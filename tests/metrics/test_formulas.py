"""Formulas against published values (truth/customers.json), hand arithmetic and identities."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared import shared
from vs_toolkit import metrics
from vs_toolkit.errors import ParameterError
from vs_toolkit.estimates import icc
from vs_toolkit.periods import prorated

PRODUCTS = st.sampled_from("ABCDE")
PRICES = st.dictionaries(PRODUCTS, st.floats(0.1, 1e4), min_size=5, max_size=5)
UNITS = st.dictionaries(PRODUCTS, st.one_of(st.just(0.0), st.floats(0.5, 1e4)), min_size=5, max_size=5)


def parts(result, *names):
    return {name: getattr(result, name) for name in names}


def pvm(i):
    return metrics.price_volume_mix(i["price_0"], i["units_0"], i["price_1"], i["units_1"])


def joint(i):
    found = metrics.price_volume_joint(i["price_0"], i["units_0"], i["price_1"], i["units_1"])
    revenue = [sum(i[f"price_{n}"][p] * i[f"units_{n}"][p] for p in i["price_0"]) for n in (0, 1)]
    return parts(found, "price", "volume", "joint", "total") | {
        "revenue_0": revenue[0],
        "revenue_1": revenue[1],
    }


def nps(i):
    score = metrics.net_promoter_score(**i)
    return {"nps": score.value, "margin_95": score.high - score.value}


def velocity(i):
    return metrics.sales_velocity(i["opportunities"], i["average_value"], i["win_rate"], i["cycle_days"])


COMPUTED = {
    "retention_excluding_new": lambda i: metrics.customer_retention(**i),
    "retention_rises_with_tenure": lambda i: metrics.retention_by_tenure(i["survival_percent"]),
    "break_even_sales_change": lambda i: list(
        map(metrics.break_even_volume, i["price_change"], i["contribution_margin"])
    ),
    "break_even_sales_change_absolute": lambda i: metrics.break_even_volume(
        i["price_change"], i["price"] - i["variable_cost"]
    ),
    "volume_quantity_mix_milano": lambda i: parts(
        metrics.volume_split(i["budget_units"], i["unit_margin"], i["actual_units"]),
        "volume",
        "quantity",
        "mix",
    ),
    "pvm_three_products_laspeyres": joint,
    "pvm_symmetric_and_time_reversible": lambda i: parts(pvm(i), "price", "volume", "mix", "total"),
    "cash_conversion_cycle_ksp_1": lambda i: parts(
        metrics.cash_conversion_cycle(**i), "dio", "dso", "dpo", "ccc"
    ),
    "sales_velocity": velocity,
    "net_revenue_retention": lambda i: metrics.revenue_retention(**i).net,
    "nps_interval": nps,
    "target_prorated_by_days": lambda i: prorated(i["annual_target"], i["days"]),
    "icc_shrout_fleiss": lambda i: parts(
        icc(i["ratings_by_target"]), "icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k"
    ),
}
DATASETS = {"northwind_totals", "obvience_against_budget_2014"}  # tests/metrics/test_sources.py


def published():
    cases = json.loads(shared("truth/customers.json").read_text())["cases"]
    return {case["name"]: case for case in cases if case["subject"] == "sales_metrics"}


def test_every_published_case_is_computed():
    assert set(published()) == set(COMPUTED) | DATASETS


@pytest.mark.parametrize("name", COMPUTED)
def test_published_value_comes_out(name):
    case = published()[name]
    found, expected, tolerance = COMPUTED[name](case["inputs"]), case["expected"], case["tolerance"]
    if isinstance(expected, dict):
        for key, wanted in expected.items():
            allowed = tolerance[key] if isinstance(tolerance, dict) else tolerance
            assert found[key] == pytest.approx(wanted, abs=allowed), key
    else:
        assert found == pytest.approx(expected, abs=tolerance)


@given(PRICES, UNITS, PRICES, UNITS)
def test_price_volume_mix_sums_exactly_and_negates_when_periods_are_swapped(p0, u0, p1, u1):
    forward = metrics.price_volume_mix(p0, u0, p1, u1)
    back = metrics.price_volume_mix(p1, u1, p0, u0)
    gap = sum(p1[n] * u1[n] - p0[n] * u0[n] for n in p0)
    size = 1 + sum(p1[n] * u1[n] + p0[n] * u0[n] for n in p0)
    assert forward.price + forward.volume + forward.mix == pytest.approx(gap, abs=1e-9 * size)
    for name in ("price", "volume", "mix", "total"):
        assert getattr(back, name) == pytest.approx(-getattr(forward, name), abs=1e-9 * size)


def test_new_and_lost_products_have_no_price_change():
    # A lost (10 x 5), B new (20 x 3): no price effect; change 60 - 50 = 10;
    # units 5 -> 3 at the mean of 10 and 20: -2 x 15 = -30; mix the rest, 40
    found = metrics.price_volume_mix({"A": 10}, {"A": 5}, {"B": 20}, {"B": 3})
    assert (found.price, found.volume, found.mix, found.total) == (0.0, -30.0, 40.0, 10.0)


def test_a_pure_price_rise_is_all_price():
    found = metrics.price_volume_mix({"A": 10, "B": 4}, {"A": 3, "B": 5}, {"A": 11, "B": 6}, {"A": 3, "B": 5})
    assert (found.price, found.volume, found.mix) == (13.0, 0.0, 0.0)  # 1 x 3 + 2 x 5


def test_nothing_sold_gives_nothing():
    found = metrics.price_volume_mix({}, {}, {}, {})
    assert (found.price, found.volume, found.mix, found.total) == (0, 0, 0, 0)


@pytest.mark.parametrize(("change", "margin"), [(-0.3, 0.3), (-0.4, 0.3), (-0.1, 0.0)])
def test_no_volume_pays_back_a_discount_that_takes_the_whole_margin(change, margin):
    assert metrics.break_even_volume(change, margin) is None


@given(st.floats(-0.5, 0.5), st.floats(0.01, 0.9))
def test_break_even_volume_leaves_the_contribution_unchanged(change, margin):
    needed = metrics.break_even_volume(change, margin)
    if needed is not None and margin + change > 1e-6:
        assert (1 + needed) * (margin + change) == pytest.approx(margin, abs=1e-9)


@pytest.mark.parametrize(
    ("amounts", "missing"),
    [
        ((3, 6, 2, 0, 30), {"dso", "ccc"}),
        ((3, 6, 2, 40, 0), {"dio", "dpo", "ccc"}),
        ((3, 6, 2, -40, 30), {"dso", "ccc"}),
        ((math.nan, 6, 2, 40, 30), {"dio", "ccc"}),
    ],
)
def test_days_are_missing_where_the_divisor_is_not_above_zero(amounts, missing):
    cycle = metrics.cash_conversion_cycle(*amounts)
    assert {name for name in ("dio", "dso", "dpo", "ccc") if math.isnan(getattr(cycle, name))} == missing


def test_a_negative_cycle_is_right():
    # nothing held, cash at once, paid after a year of cost: -365
    assert float(metrics.cash_conversion_cycle(0, 0, 30, 40, 30).ccc) == -365.0


def test_degenerate_cases():
    assert math.isnan(metrics.customer_retention(0, 5, 5))
    assert math.isnan(metrics.revenue_retention(0).net)
    assert math.isnan(metrics.net_promoter_score(0, 0, 0).value)
    assert math.isnan(float(metrics.sales_velocity(3, 10, 0.5, 0)))
    assert math.isnan(metrics.retention_by_tenure([10, 0, 0])[1])
    assert all(math.isnan(end) for end in metrics.usual_band([1, 2, 3]))


def test_a_unanimous_score_has_no_width():
    score = metrics.net_promoter_score(7, 0, 0)
    assert (score.value, score.low, score.high, score.n) == (100, 100, 100, 7)


def test_negative_counts_are_refused():
    with pytest.raises(ParameterError, match="must not be negative"):
        metrics.net_promoter_score(-1, 2, 3)


def test_usual_band_is_mean_and_266_moving_ranges():
    # 4, 6, 5, 9: mean 6, moving ranges 2, 1, 4, mean 7/3; 6 -+ 2.66 x 7/3 = -0.2067, 12.2067
    assert metrics.usual_band([4, 6, 5, 9]) == pytest.approx((-0.206667, 12.206667), abs=1e-6)
