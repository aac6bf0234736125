"""Value of a relationship, worked by hand, and what must hold for any plan."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.relationship.plans import BY_HAND, MID_YEAR, YEAR_END, plan_rows, valued
from vs_toolkit.relationship import Terms, read_plans

RANGES = {
    "revenue": st.floats(0, 1e6),
    "margin": st.floats(-0.5, 1),
    "cost_to_serve": st.floats(0, 1e6),
    "sales_investment": st.floats(0, 1e6),
    "capital": st.floats(0, 1e6),
    "survival": st.floats(0, 1),
}
any_plan = st.fixed_dictionaries({name: st.tuples(values, values) for name, values in RANGES.items()})


def test_the_flows_by_hand():
    """Lasts with 0.8, then 0.8 * 0.75 = 0.6.

    2026: 0.8 (500 - 100 - 150) = 200, capital 200 -> 0.8 * 200 = 160: cash 240.
    2027: 0.6 (600 - 100 - 100) = 240, the remaining 160 come back: cash 400.
    """
    flows = valued().expected
    assert flows.survival[0].tolist() == pytest.approx([1, 0.8, 0.6])
    assert flows.contribution[0].tolist() == pytest.approx([0, 400, 360])
    assert flows.cost_to_serve[0].tolist() == pytest.approx([0, 80, 60])
    assert flows.sales_investment[0].tolist() == pytest.approx([0, 120, 60])
    assert flows.capital[0].tolist() == pytest.approx([200, 160, 0])
    assert flows.cash[0].tolist() == pytest.approx([-200, 240, 400])


def test_the_value_by_hand():
    """-200 + 240 / 1.25 + 400 / 1.25^2 = -200 + 192 + 256 = 248; investment 96 + 38.4 = 134.4."""
    found = valued()
    assert found.value[0] == pytest.approx(248)
    assert found.sales_investment[0] == pytest.approx(134.4)
    assert found.per_investment[0] == pytest.approx(248 / 134.4)


def test_a_premium_replaces_survival():
    """All lasts: 500 - 100 - 150 = 250, then 400 and capital of 200; at 25% + 75%: -200 + 125 + 150 = 75."""
    assert valued(terms=Terms(0.25, 0.75, "premium")).value[0] == pytest.approx(75)


def test_the_risk_of_losing_the_customer_is_counted_once():
    """With survival the premium changes nothing; with the premium survival changes nothing."""
    assert valued(terms=Terms(0.25, 0.75, "survival")).value[0] == pytest.approx(248)
    safe = plan_rows(BY_HAND | {"survival": (1.0, 1.0)})
    premium = Terms(0.25, 0.1, "premium")
    assert valued(terms=premium).value[0] == valued(safe, terms=premium).value[0]


def test_without_any_risk_and_at_rate_0_it_is_the_plain_sum():
    """250 + 400; the capital comes back."""
    assert valued(terms=Terms(0.0, 0.0, "none")).value[0] == pytest.approx(650)


def test_half_a_year_counts_half():
    """On 30 June 2026 half of 2026 is left: lasting 0.8^0.5, factor 1.25^-0.5, then 1.25^-1.5."""
    lasting, factor = 0.8**0.5, 1.25**-0.5
    first = lasting * 0.5 * (500 - 100 - 150) - (lasting * 200 - 200)
    second = lasting * 0.75 * (600 - 100 - 100) + lasting * 200
    assert valued(as_of=MID_YEAR).value[0] == pytest.approx(-200 + first * factor + second * factor / 1.25)


def test_capital_not_known_today_is_built_up_first():
    """-160 in 2026 instead of -200 today and +40: 200 - 160 = 40 and 400: 32 + 256 = 288."""
    assert valued(opening=np.nan).value[0] == pytest.approx(288)


def test_a_plan_without_capital_counts_none():
    """200 / 1.25 + 240 / 1.25^2 = 160 + 153.6, whatever is tied up today."""
    rows = plan_rows({name: line for name, line in BY_HAND.items() if name != "capital"})
    assert valued(rows).value[0] == pytest.approx(313.6)


def test_a_plan_without_survival_lasts():
    rows = plan_rows({name: line for name, line in BY_HAND.items() if name != "survival"})
    assert valued(rows).value[0] == pytest.approx(valued(terms=Terms(0.25, 0, "none")).value[0])


@pytest.mark.parametrize("line", ["revenue", "margin", "cost_to_serve", "sales_investment"])
def test_a_missing_line_is_not_zero(line):
    rows = plan_rows({name: values for name, values in BY_HAND.items() if name != line})
    found = valued(rows)
    assert np.isnan(found.value[0])
    assert found.plans.missing("C1") == (line,)


def test_a_figure_missing_in_one_year_is_told():
    rows = plan_rows(BY_HAND | {"capital": (200,)})
    assert np.isnan(valued(rows).value[0])
    assert valued(rows).plans.missing("C1") == ("capital",)


def test_a_year_left_out_is_told():
    rows = pd.concat([plan_rows(), plan_rows(first=2029)])
    assert np.isnan(valued(rows).value[0])
    assert valued(rows).plans.missing("C1") == ("2028",)


def test_the_newest_plan_counts_and_later_ones_are_not_seen():
    old = plan_rows(dict.fromkeys(BY_HAND, (1.0, 1.0)), planned_on="2024-01-31")
    late = plan_rows(dict.fromkeys(BY_HAND, (0.5, 0.5)), planned_on="2026-01-01")
    assert valued(pd.concat([old, plan_rows(), late])).value[0] == pytest.approx(248)


def test_scenarios_have_all_lines_at_their_bad_or_good_end():
    """10% to either side. Adverse: lasts 0.72 and 0.486; revenue 900, 1080 at 0.45; costs 110, 165 and 110.

    2026: 0.72 (405 - 110 - 165) = 93.6; capital 0.72 * 220 = 158.4, so 41.6 come back: 135.2.
    2027: 0.486 (486 - 110 - 110) = 129.276 and 158.4. -200 + 108.16 + 184.11264 = 92.27264.
    """
    low, expected, high = valued(plan_rows(spread=0.1)).scenarios[:, 0]
    assert low == pytest.approx(92.27264)
    assert low < expected < high
    assert expected == pytest.approx(248)


def test_the_tornado_by_hand():
    """Margin 0.45: contribution 360 and 324, 32 + 23.04 less; 0.55 as much more."""
    swings = valued(plan_rows(spread=0.1)).tornado().set_index("key")
    assert swings.loc["margin", "at_low"] == pytest.approx(248 - 55.04)
    assert swings.loc["margin", "at_high"] == pytest.approx(248 + 55.04)
    assert swings.loc["revenue", "swing"] == pytest.approx(swings.loc["margin", "swing"])
    assert swings["swing"].is_monotonic_decreasing
    assert swings.loc["cost_to_serve", "at_low"] > 248


def test_break_even_by_hand():
    """The margin brings 320 + 230.4 = 550.4: 248 less is a factor of 302.4 / 550.4."""
    changes = valued().break_even()
    assert changes["margin"] == pytest.approx(302.4 / 550.4 - 1)
    assert changes["revenue"] == pytest.approx(302.4 / 550.4 - 1)


def test_a_break_even_that_cannot_be_is_left_out():
    """Without any margin, 200 is tied up and 160 at most come back: no margin or survival changes that."""
    rows = plan_rows(BY_HAND | {"margin": (0.0, 0.0)})
    changes = valued(rows).break_even()
    assert np.isnan(changes["survival"])
    assert np.isnan(changes["margin"])


def test_simulation_lies_between_the_scenarios_and_repeats_itself():
    found = valued(plan_rows(spread=0.1))
    low, _, high = found.scenarios[:, 0]
    sample = found.simulate(2000, seed=3)
    assert low < sample.p10 < 248 < sample.p90 < high
    assert (found.simulate(2000, seed=3).values == sample.values).all()


def test_draws_of_many_customers_have_the_same_distribution():
    """NPV is nearly linear in the lines: mean and spread of both ways to draw agree within 5%."""
    found = valued(plan_rows(spread=0.1))
    many, one = found.draws(20_000, seed=1), found.simulate(20_000, seed=2)
    npv = (many.business - many.investment)[:, 0]
    assert npv.mean() == pytest.approx(one.mean, rel=0.02)
    assert np.quantile(npv, 0.9) - np.quantile(npv, 0.1) == pytest.approx(one.p90 - one.p10, rel=0.05)


@settings(max_examples=60, deadline=None)
@given(any_plan, st.floats(0, 1e6), st.floats(0, 1))
def test_profit_after_the_charge_for_capital_has_the_same_present_value(lines, opening, wacc):
    """Preinreich-Luecke: NPV = present value of operating profit less the charge on opening capital."""
    found = valued(plan_rows(lines), opening=opening, terms=Terms(wacc))
    income = found.expected.operating - found.charged
    assert found.value[0] == pytest.approx(float(found.present(income)[0]), abs=1e-4, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(any_plan)
def test_at_rate_0_the_value_is_the_plain_sum(lines):
    found = valued(plan_rows(lines), terms=Terms(0.0))
    assert found.value[0] == pytest.approx(found.expected.cash[0].sum(), abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(any_plan, any_plan)
def test_another_customer_changes_nobody(lines, others):
    alone = valued(plan_rows(lines)).value[0]
    longer = {name: (*values, values[-1]) for name, values in others.items()}
    both = valued(pd.concat([plan_rows(lines), plan_rows(longer, customer="C2")]))
    assert both.value[0] == pytest.approx(alone, rel=1e-9, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(any_plan)
def test_splitting_a_customer_does_not_change_the_total(lines):
    shares = ("margin", "survival")
    half = {name: line if name in shares else tuple(x / 2 for x in line) for name, line in lines.items()}
    rows = pd.concat([plan_rows(half, customer=name) for name in ("C1", "C2")])
    whole = valued(plan_rows(lines)).value[0]
    assert valued(rows, opening=100.0).value.sum() == pytest.approx(whole, rel=1e-9, abs=1e-6)


def test_no_plan_at_all():
    plans = read_plans(plan_rows().iloc[:0], YEAR_END)
    assert plans.customers == ()
    assert plans.horizon.years == ()


def test_a_plan_that_is_over_is_none():
    assert read_plans(plan_rows(), YEAR_END.replace(year=2028)).customers == ()
