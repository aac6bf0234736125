"""Return-on-capital targeting: profit 100 on capital of 1000 is 10 %."""

import numpy as np
import pytest

from tests.impact.simple import saving, simple_case
from vs_toolkit.impact import levers

BASELINE = {
    "revenue": 1000,
    "direct_costs": 700,
    "indirect_costs": 200,
    "inventory": 200,
    "work_in_process": 100,
    "receivables": 200,
    "payables": 100,
    "fixed_assets": 600,
    "roce_target": 0.125,
}
EFFECTS = (
    saving(20, "sales", "volume"),
    saving(10, "material", "direct_cost"),
    saving(50, "stock", "inventory"),
)


def case(*effects, **baseline):
    return simple_case(*(effects or EFFECTS), baseline=BASELINE | baseline)


def test_each_lever_alone_reaches_the_target():
    # profit: 0.125 x 1000 - 100 = 25; capital: 1000 - 100 / 0.125 = 200
    result = levers(case())
    assert (result.roce, result.target) == pytest.approx((0.1, 0.125))
    assert result.levers["needed"].to_dict() == pytest.approx(
        {"price": 25, "cost": 25, "inventory": 200, "receivables": 200, "payables": 200, "fixed_assets": 200}
    )
    assert result.levers["needed_share"].tolist() == pytest.approx(
        [25 / 1000, 25 / 900, 200 / 300, 1, 2, 1 / 3]
    )


def test_solution_delivers_part_of_each_lever():
    # margin 20 of 25, cost 10 of 25, inventory 50 of 200; together 130 / 950
    result = levers(case())
    assert result.levers["delivered_share"].tolist() == pytest.approx([0.8, 0.4, 0.25, 0, 0, 0])
    assert result.roce_delivered == pytest.approx(130 / 950)


def test_lever_cannot_move_more_than_there_is():
    # target 20 %: 1000 - 100 / 0.2 = 500 of capital; inventory 300 and receivables 200 are too small
    reachable = levers(case(roce_target=0.2)).levers["reachable"]
    assert reachable.to_dict() == {
        "price": True,
        "cost": True,
        "inventory": False,
        "receivables": False,
        "payables": True,
        "fixed_assets": True,
    }


def test_less_capital_does_not_help_where_there_is_no_profit():
    # profit -150: 0.125 x 1000 + 150 = 275 more is needed
    table = levers(case(direct_costs=950)).levers
    assert table.loc["price", "needed"] == pytest.approx(275)
    assert table.loc["inventory", ["needed", "reachable"]].tolist() == pytest.approx(
        [np.nan, False], nan_ok=True
    )


def test_target_already_reached_needs_nothing():
    table = levers(case(roce_target=0.08)).levers
    assert table["needed"].tolist() == [0] * 6
    assert table["delivered_share"].isna().all()


def test_delivered_is_the_last_year_after_the_ramp_at_the_prices_of_the_baseline():
    # ramp of 12 months is over in year 2; neither inflation nor months change it
    late = saving(10, "material", "direct_cost", ramp_months=12)
    for more in ({}, {"inflation": 0.1}, {"period": "month"}):
        result = levers(simple_case(late, baseline=BASELINE, **more))
        assert result.levers.loc["cost", "delivered"] == pytest.approx(10)


def test_incomplete_baseline_is_a_stated_gap():
    result = levers(case(payables=None, revenue=None))
    assert result.gaps == ("The baseline lacks revenue, payables.",)
    assert (result.roce, result.roce_delivered) == (None, None)
    assert result.levers.empty


@pytest.mark.parametrize(
    ("of_case", "gap"),
    [
        (simple_case(), "no baseline"),
        (case(roce_target=None), "ROCE target"),
        (case(roce_target=0), "target is not positive"),
        (case(payables=2000), "Capital employed"),
    ],
)
def test_what_makes_the_question_meaningless_is_said(of_case, gap):
    assert gap in levers(of_case).gaps[0]
