import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_toolkit.funnel.outlook.ahead import Chances
from vs_toolkit.funnel.outlook.dates import DateEffect, bands, learn_dates, tilted
from vs_toolkit.funnel.outlook.forecast import LATER, NO_CHANCE, NO_VALUE, forecast
from vs_toolkit.funnel.outlook.months import month_ends
from vs_toolkit.funnel.outlook.new_leads import NewLeads
from vs_toolkit.funnel.outlook.new_leads import nothing_known as none
from vs_toolkit.funnel.outlook.past import Past
from vs_toolkit.funnel.outlook.shock import NO_SHOCK, Shock

SHAKEN = Shock(0.1, NO_SHOCK.dates)


def chances(*rows, error=0.0):
    """Chances by month ahead, the last one: later."""
    by_month = np.array(rows, dtype=float).reshape(len(rows), -1)
    n = len(by_month)
    return Chances(by_month, np.full(n, error), np.full(n, "landmark", object), np.full(n, 99.0), np.zeros(n))


def values(*amounts):
    return pd.Series(amounts, index=[f"O{i}" for i in range(len(amounts))], dtype=float)


FOUR = values(100, 300, 50, 80)
WHEN = chances([0.5, 0, 0, 0], [0.15, 0, 0, 0], [0, 0, 0.9, 0.05], [0, 0, 0, 0.5])


def test_expected_orders_and_value_by_hand():
    july = forecast(FOUR, WHEN, "2026-06-30", none(3)).table.loc["2026-07-01"]
    assert july["orders"] == pytest.approx(0.65)  # 0.5 + 0.15
    assert july["value"] == pytest.approx(95)  # 0.5 x 100 + 0.15 x 300
    # chances of 0, 1, 2 orders: 0.425, 0.5, 0.075; values 0: 0.425, 100: 0.425, 300: 0.075, 400: 0.075
    assert july[["orders_low", "orders_high"]].tolist() == [0, 1]
    assert july[["value_low", "value_median", "value_high"]].tolist() == [0, 100, 300]


def test_the_total_holds_the_months_and_what_comes_later_is_named():
    result = forecast(FOUR, WHEN, "2026-06-30", none(3))
    assert result.total["orders"] == pytest.approx(result.table["orders"].sum()) == pytest.approx(1.55)
    assert result.left_out.loc[LATER].tolist() == pytest.approx([2, 0.55, 42.5])
    assert result.by_opportunity["orders"].tolist() == pytest.approx([0.5, 0.15, 0.9, 0])


def test_simulation_agrees_with_the_exact_mean_and_deviation():
    rng = np.random.default_rng(1)
    p, v = rng.uniform(0.1, 0.6, 300), rng.lognormal(3, 0.5, 300)
    result = forecast(values(*v), chances(*np.column_stack([p, 0 * p])), "2026-06-30", none(1)).table.iloc[0]
    sd = np.sqrt(
        (p * (1 - p) * v**2).sum()
    )  # nearly normal: the 80 % interval is the mean -+ 1.2816 deviations
    assert (result["value_low"] + result["value_high"]) / 2 == pytest.approx(result["value"], rel=0.03)
    assert (result["value_high"] - result["value_low"]) / 2 == pytest.approx(1.2816 * sd, rel=0.06)


def test_a_common_shock_and_unsure_chances_widen_everything_but_move_no_mean():
    rows = [[0.3, 0.0]] * 100
    calm = forecast(values(*[10.0] * 100), chances(*rows), "2026-06-30", none(1)).table.iloc[0]
    for shock, error in ((SHAKEN, 0.0), (NO_SHOCK, 0.1)):
        wide = forecast(values(*[10.0] * 100), chances(*rows, error=error), "2026-06-30", none(1), shock)
        found = wide.table.iloc[0]
        assert found["orders"] == calm["orders"] and found["value"] == calm["value"]
        assert found["orders_low"] < calm["orders_low"] and calm["orders_high"] < found["orders_high"]
        assert found["value_high"] - found["value_low"] > 1.5 * (calm["value_high"] - calm["value_low"])


def test_the_error_of_the_chances_is_counted_once():
    # The shock was found from past forecasts, which were off by the error of their chances too.
    rows = chances(*[[0.3, 0.0]] * 100, error=0.05)
    together = forecast(values(*[10.0] * 100), rows, "2026-06-30", none(1), SHAKEN)
    sure = chances(*[[0.3, 0.0]] * 100)
    alone = forecast(values(*[10.0] * 100), sure, "2026-06-30", none(1), SHAKEN)
    pd.testing.assert_frame_equal(together.table, alone.table)


def test_one_huge_order_does_not_put_the_mean_outside_its_interval():
    rare = forecast(values(10_000_000, 100), chances([0.05, 0.0], [0.5, 0.0]), "2026-06-30", none(1)).total
    assert rare["value"] == pytest.approx(500_050)
    assert rare["value_low"] <= rare["value"] <= rare["value_high"]
    assert rare["value_median"] <= 100  # what comes in most cases


def test_orders_of_new_leads_are_added():
    leads = NewLeads(np.full((6, 1), 1 / 2), np.full(6, 20.0), 1.0, 2)
    july = forecast(values(100), chances([0.5, 0.0]), "2026-06-30", leads).table.iloc[0]
    # three orders of 20 each
    assert july[["orders", "of_new", "value", "value_of_new"]].tolist() == [3.5, 3.0, 110.0, 60.0]


def test_what_has_no_chance_or_no_value_is_listed():
    result = forecast(values(70, None, 10), chances([np.nan] * 2, [0.4, 0], [0.2, 0]), "2026-06-30", none(1))
    assert result.table.iloc[0][["orders", "value"]].tolist() == pytest.approx([0.6, 2.0])
    assert result.left_out.loc[NO_CHANCE, "opportunities"] == 1
    assert result.left_out.loc[NO_VALUE, ["opportunities", "orders"]].tolist() == pytest.approx([1, 0.4])


def test_an_empty_pipeline_brings_nothing():
    result = forecast(values(), Chances(np.zeros((0, 4)), *[np.zeros(0)] * 4), "2026-06-30", none(3))
    assert (result.table.to_numpy() == 0).all() and len(result.table) == 3


def test_a_very_large_pipeline_is_counted_as_a_small_one():
    # 4,000 with chance 0.1: mean 400, sd sqrt(360) = 19: 80 % within 400 -+ 24.3
    result = forecast(values(*[1.0] * 4000), chances(*[[0.1, 0.0]] * 4000), "2026-06-30", none(1)).total
    assert result[["orders_low", "orders_high"]].tolist() == pytest.approx([376, 424], abs=1)
    assert result[["value_low", "value_high"]].tolist() == pytest.approx([376, 424], abs=3)


@pytest.mark.parametrize(
    ("day", "first", "days"), [("2026-06-30", "2026-07-01", 31), ("2026-06-15", "2026-06-01", 15)]
)
def test_the_first_month_is_that_of_the_day_after(day, first, days):
    starts, ends = month_ends(day, 2)
    assert (starts[0], ends[0]) == (pd.Timestamp(first), days)


@settings(deadline=None, max_examples=5)
@given(st.permutations(range(4)))
def test_the_order_of_opportunities_does_not_matter(order):
    order = list(order)
    expected = forecast(FOUR, WHEN, "2026-06-30", none(3), SHAKEN)
    moved = Chances(
        WHEN.by_month[order], *(part[order] for part in (WHEN.error, WHEN.rule, WHEN.n, WHEN.of_kind))
    )
    pd.testing.assert_frame_equal(
        forecast(FOUR.iloc[order], moved, "2026-06-30", none(3), SHAKEN).table, expected.table
    )


def look(ahead, won_after, by_month):
    """A past of 400 days ago in which each opportunity had a date so many days ahead."""
    rows = pd.DataFrame({"seen_on": pd.Timestamp("2025-01-01"), "ahead_days": ahead, "won_after": won_after})
    return Past(rows, np.array(by_month), 60.0, 30.0, pd.Timestamp("2026-06-30"))


def test_stated_dates_shift_orders_as_far_as_the_past_shows():
    # 100 with a date within 30 days, 100 without; each expected with 0.2 in the first month: 40; the dated
    # ones
    # bring 30, the others 10. Worth of the prior 20: (30 + 20) / (20 + 20) = 1.25, (10 + 20) / 40 = 0.75.
    ahead = [10.0] * 100 + [np.nan] * 100
    won = [5.0] * 30 + [np.nan] * 70 + [5.0] * 10 + [np.nan] * 90
    effect = learn_dates(look(ahead, won, [[0.2, 0.3]] * 200))
    assert effect.ratio[[0, 2], 0].tolist() == pytest.approx([0.75, 1.25]) and effect.is_known
    assert effect.table["actual"].tolist() == [10, 0, 30, 0, 0]
    moved = tilted(np.array([[0.2, 0.3]] * 2), np.array([10.0, np.nan]), effect)
    assert moved.tolist() == [pytest.approx([0.25, 0.25]), pytest.approx([0.15, 0.35])]  # the sum stays


def test_without_dates_on_record_nothing_is_shifted():
    effect = learn_dates(look([np.nan] * 50, [5.0] * 50, [[0.2, 0.3]] * 50))
    assert not effect.is_known and (effect.ratio == 1).all()
    assert bands(np.array([-1.0, 0.0, 31.0])).tolist() == [1, 2, 3]
    sure = DateEffect(effect.table, np.full((5, 1), 4.0))
    assert tilted(np.array([[0.5, 0.1]]), np.array([5.0]), sure).sum() <= 0.99
