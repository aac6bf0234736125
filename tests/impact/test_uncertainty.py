"""Scenarios, tornado and break-even on a case small enough to work by hand.

At a WACC of 25 % a yearly amount over two years is worth 0.8 + 0.64 = 1.44 times itself.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.impact.simple import saving, simple_case, span
from vs_toolkit.impact import break_even, evaluate, scenarios, tornado

START_UP = {"id": "start_up", "name": "Start-up", "amount": span(1000, 1200, 1500)}
CASE = simple_case(saving(span(800, 1000, 1100)), costs=[START_UP], customer_wacc=0.25)


def test_scenarios_take_the_adverse_end_of_cost_and_benefit():
    # low 800 x 1.44 - 1500 = -348; expected 1440 - 1200 = 240; high 1100 x 1.44 - 1000 = 584
    table = scenarios(CASE)
    assert table.index.tolist() == ["low", "expected", "high"]
    assert table["npv"].tolist() == pytest.approx([-348, 240, 584])
    assert table["roi"].tolist() == pytest.approx([-348 / 1500, 240 / 1200, 584 / 1000])


def test_scenarios_show_payback_and_irr():
    # expected: 1200 = 1000 + 0.2 x 1000 -> 1.2; high: 1000 / 1100; low: 1500 = 800 + 0.875 x 800 -> 1.875
    # irr: g + g^2 = 1.2 with g = (sqrt(5.8) - 1) / 2 -> 1/g - 1
    table = scenarios(CASE)
    assert table["payback"].tolist() == pytest.approx([1.875, 1.2, 1000 / 1100])
    assert table.loc["expected", "irr"] == pytest.approx(2 / (np.sqrt(5.8) - 1) - 1)


def test_scenario_without_payback_or_irr_is_missing():
    table = scenarios(simple_case(saving(-10), costs=[START_UP]))
    assert table[["payback", "irr"]].isna().all(axis=None)


def test_tornado_ranks_by_swing():
    # start-up 1000 -> 440, 1500 -> -60: swing 500; saving 800 -> -48, 1100 -> 384: swing 432
    table = tornado(CASE)
    assert table["key"].tolist() == ["costs.start_up.amount", "effects.saving.amount"]
    assert table["at_low"].tolist() == pytest.approx([440, -48])
    assert table["at_high"].tolist() == pytest.approx([-60, 384])
    assert table["swing"].tolist() == pytest.approx([500, 432])


def test_tornado_leaves_certain_assumptions_out():
    assert tornado(simple_case(saving(1000))).empty


def test_break_even_is_exact():
    # saving: 1200 / 1.44 = 833.33; start-up: 1440
    table = break_even(CASE).set_index("key")
    assert table["break_even"].tolist() == pytest.approx([1200 / 1.44, 1440], rel=1e-12)
    assert table["distance"].tolist() == pytest.approx([1200 / 1.44 - 1000, 240])
    assert table["relative"].tolist() == pytest.approx([1.2 / 1.44 - 1, 0.2])
    assert table["within_range"].tolist() == [True, True]


def test_break_even_outside_the_range_is_said():
    certain = simple_case(
        saving(1000), costs=[START_UP | {"amount": span(1000, 1200, 1300)}], customer_wacc=0.25
    )
    assert break_even(certain)["within_range"].tolist() == [False, False]


def test_break_even_where_losses_carried_forward_bend_the_value():
    # S a year against 1000 at the start, tax 50 %. For 500 < S < 1000 the loss is made good in year 2: the
    # tax is S - 500, NPV = -1000 + 0.8 S + 0.64 x 500 = 0 at S = 850. At 1200 year 1 is taxed too.
    case = simple_case(
        saving(1200),
        costs=[START_UP | {"amount": 1000}],
        customer_wacc=0.25,
        tax={"rate": 0.5, "losses": "carried_forward"},
    )
    assert break_even(case).set_index("key")["break_even"]["effects.saving.amount"] == pytest.approx(850)


def test_no_break_even_is_missing():
    # nothing changes (0 %), so no quantity brings the start-up cost back
    idle = {"quantity": 10, "change": 0, "unit_value": 5}
    row = break_even(simple_case(saving(None, **idle), costs=[START_UP])).set_index("key").iloc[0]
    assert np.isnan(row["break_even"])


def test_case_without_assumptions_has_an_empty_table():
    by_year = simple_case(saving(None, by_year=[0, 5, 5]))
    assert break_even(by_year).empty
    assert "break_even" in break_even(by_year)


@settings(max_examples=25, deadline=None)
@given(
    amount=st.floats(1, 1e6),
    spent=st.floats(1, 1e6),
    wacc=st.floats(0, 0.5),
    ramp=st.integers(0, 24),
)
def test_value_is_nil_at_every_break_even(amount, spent, wacc, ramp):
    start_up = START_UP | {"amount": spent}
    case = simple_case(saving(amount, ramp_months=ramp), costs=[start_up], customer_wacc=wacc)
    root = break_even(case)["break_even"].iloc[0]
    there = simple_case(saving(root, ramp_months=ramp), costs=[start_up], customer_wacc=wacc)
    assert evaluate(there).npv == pytest.approx(0, abs=1e-9 * max(amount, spent))


@settings(max_examples=25, deadline=None)
@given(ends=st.lists(st.integers(-1000, 1000), min_size=3, max_size=3), spent=st.integers(0, 1000))
def test_scenarios_are_ordered(ends, spent):
    costs = [START_UP | {"amount": span(spent, spent + 1, spent + 5)}]
    npvs = scenarios(simple_case(saving(span(*sorted(ends))), costs=costs))["npv"]
    assert npvs["low"] <= npvs["expected"] <= npvs["high"]
