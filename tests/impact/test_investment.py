"""The investment view, worked by hand and by identities that hold for any case."""

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings

from tests.impact.random_cases import cases
from tests.impact.simple import ESTIMATED, saving, simple_case
from vs_toolkit.impact import evaluate, lines
from vs_toolkit.impact.assumptions import scenario_values
from vs_toolkit.inputs.cases.effects import likely


def machine(amount=100, **more):
    return {"id": "machine", "name": "Machine", "amount": amount, "evidence": ESTIMATED} | more


def test_a_case_worked_by_hand():
    # -100, 60, 60 at 10 %: 60/1.1 + 60/1.21 = 104.132
    found = evaluate(simple_case(saving(60), price=machine()))
    assert found.cash_flows.tolist() == [-100, 60, 60]
    assert found.npv == pytest.approx(4.132, abs=5e-4)
    assert (found.pv_benefits, found.pv_costs) == (pytest.approx(104.132, abs=5e-4), pytest.approx(100))
    assert found.roi == pytest.approx(0.04132, abs=5e-6)
    assert found.profitability_index == pytest.approx(1.04132, abs=5e-6)
    assert found.irr.value == pytest.approx(pyxirr.irr([-100, 60, 60]))
    # 60 x 1.1 + 60 = 126 after two years
    assert found.mirr == pytest.approx(1.26**0.5 - 1)
    assert found.payback == found.payback_years == pytest.approx(1 + 40 / 60)
    assert found.discounted_payback_years == pytest.approx(1 + (100 - 60 / 1.1) / (60 / 1.21))
    assert (found.case_id, found.scenario, found.currency, found.period) == ("1", "expected", "EUR", "year")


def test_eva_charges_the_capital_at_the_beginning_of_the_year():
    found = evaluate(simple_case(saving(60), price=machine(treatment="investment", life_years=2)))
    # profit 60 - 50; charge 10 % of 100, then of 50: EVA 0 and 5, worth 5 / 1.21 = 4.132
    assert found.eva.to_dict("list") == {
        "nopat": pytest.approx([0, 10, 10]),
        "opening_capital": pytest.approx([0, 100, 50]),
        "capital_charge": pytest.approx([0, 10, 5]),
        "eva": pytest.approx([0, 0, 5]),
    }
    assert found.reconciliation.pv_residual_income == pytest.approx(5 / 1.21)
    assert found.reconciliation.npv == pytest.approx(5 / 1.21)


def test_less_inventory_is_worth_the_saved_charge():
    # 500 for two years at 10 %: 50/1.1 + 50/1.21, the same as 500 - 500/1.21
    found = evaluate(simple_case(saving(500, line="inventory")))
    assert found.npv == pytest.approx(50 / 1.1 + 50 / 1.21)
    assert found.contributions.to_dict() == {"saving": pytest.approx(found.npv), "tax": 0.0}


def test_months_are_finer_and_rates_stay_yearly():
    found = evaluate(simple_case(saving(120), price=machine(60), period="month"))
    assert found.cash_flows.tolist() == pytest.approx([-60] + [10] * 24)
    month = 1.1 ** (1 / 12) - 1
    assert found.npv == pytest.approx(-60 + 10 * (1 - (1 + month) ** -24) / month)
    assert found.payback_years == pytest.approx(6 / 12)
    monthly = pyxirr.irr([-60] + [10] * 24)
    assert found.irr.value == pytest.approx((1 + monthly) ** 12 - 1)
    assert found.irr.roots == (found.irr.value,)
    # 10 a month reinvested to the end of month 24
    saved = 10 * ((1 + month) ** 24 - 1) / month
    assert found.mirr == pytest.approx((saved / 60) ** (12 / 24) - 1)


def test_without_money_out_there_is_no_return_on_it():
    found = evaluate(simple_case(saving(60)))
    assert (found.irr.status, found.irr.value, found.mirr) == ("none", None, None)
    assert (found.roi, found.profitability_index) == (None, None)
    assert found.payback_years == 0


def test_what_is_never_paid_back_has_no_payback():
    found = evaluate(simple_case(saving(10), price=machine()))
    assert (found.payback_years, found.discounted_payback_years) == (None, None)
    assert found.npv < 0


def test_the_profile_crosses_zero_at_the_irr():
    found = evaluate(simple_case(saving(60), price=machine()))
    profile = found.npv_profile.set_index("rate")["npv"]
    assert profile.loc[0.0] == pytest.approx(20)
    assert profile.loc[0.1] == pytest.approx(found.npv)
    assert profile.index[profile > 0].max() == 0.13  # IRR 13.07 %
    assert profile.is_monotonic_decreasing


def test_a_month_lost_costs_a_month_of_benefit():
    # at 0 % waiting itself is free; if the end stands, each month loses a twelfth of 120
    found = evaluate(simple_case(saving(120), customer_wacc=0)).cost_of_delay
    assert found["plan_shifts"].tolist() == pytest.approx([0] * 12)
    assert found["fixed_end"].tolist() == pytest.approx([10 * months for months in range(1, 13)])
    assert found.index.tolist() == list(range(1, 13))


def test_waiting_costs_the_return_on_the_value():
    case = simple_case(saving(120), price=machine(60), period="month")
    found = evaluate(case)
    assert found.cost_of_delay.loc[12, "plan_shifts"] == pytest.approx(found.npv * (1 - 1 / 1.1))
    # one year later with the same end: the NPV of a one-year case, a year from now
    year = evaluate(simple_case(saving(120), price=machine(60), period="month", years=1)).npv
    assert found.cost_of_delay.loc[12, "fixed_end"] == pytest.approx(found.npv - year / 1.1)


def test_one_year_cannot_wait_longer_than_it_lasts():
    assert evaluate(simple_case(saving(120), years=1)).cost_of_delay.index.max() == 11


def test_real_money_at_the_real_rate_is_worth_the_same():
    # (1.05 x 1.02) - 1 = 7.1 % nominal; profits only, as a stock itself grows dearer with prices
    real = evaluate(simple_case(saving(60), price=machine(), customer_wacc=0.05))
    nominal = evaluate(simple_case(saving(60), price=machine(), customer_wacc=0.071, inflation=0.02))
    assert nominal.npv == pytest.approx(real.npv)
    assert nominal.irr.value == pytest.approx((1 + real.irr.value) * 1.02 - 1)


@settings(deadline=None, max_examples=40)
@given(cases())
def test_residual_income_on_opening_capital_is_worth_the_npv(case):
    found = lines(case, scenario_values(case, "low"))
    capital = found.capital_employed
    opening = np.concatenate([[0.0], capital[:-1]])
    rate = np.broadcast_to(found.rate, capital.size)
    discount = 1 / np.cumprod(np.concatenate([[1.0], 1 + rate[1:]]))
    income = found.nopat - rate * opening
    scale = max(1.0, float(np.abs(found.cash_flow * discount).sum()))
    assert capital[-1] == pytest.approx(0, abs=1e-9 * scale)
    assert float(found.npv) == pytest.approx(float(income @ discount), abs=1e-9 * scale)


@settings(deadline=None, max_examples=20)
@given(cases())
def test_what_is_reported_agrees_with_itself(case):
    found = evaluate(case)
    scale = max(1.0, float(found.contributions.abs().sum()), found.pv_benefits, found.pv_costs)
    assert found.contributions.sum() == pytest.approx(found.npv, abs=1e-9 * scale)
    assert found.pv_benefits - found.pv_costs + found.pv_tax == pytest.approx(found.npv, abs=1e-9 * scale)
    assert abs(found.reconciliation.difference) <= 1e-9 * scale
    years = found.statement["difference"].unstack("line")
    released = years["capital_employed"].diff().fillna(years["capital_employed"])
    by_year = found.monthly.groupby(np.ceil(found.monthly.index / 12)).sum()
    assert (years["nopat"] - released).to_numpy() == pytest.approx(by_year.to_numpy(), abs=1e-9 * scale)
    assert found.cash_flows.sum() == pytest.approx(found.monthly.sum(), abs=1e-9 * scale)
    assert found.accrued.sum() == pytest.approx(found.monthly.sum(), abs=1e-9 * scale)


@settings(deadline=None, max_examples=25)
@given(cases())
def test_cash_is_what_is_received_less_what_is_paid(case):
    """Worked without any book value: profit effects, spending, changes of working capital, salvage, tax."""
    found = lines(case)
    bought = {"depreciation", "disposals"}
    flows = sum((array for line, array in found.income.items() if line not in bought), np.zeros(1))
    prices = 1 + (case.inflation or 0)
    total = float((flows + found.tax + found.terminal_value).sum()) - sum(
        spend.amount.expected * prices ** (likely(spend.month) / 12)
        - spend.salvage.expected * prices**case.years
        for spend in case.spends
        if spend.treatment == "investment"
    )
    haircut = any(effect.release_haircut for effect in case.effects)
    # undiscounted, capital that is tied up comes back in full unless part of it is lost
    scale = max(1.0, float(np.abs(found.cash_flow).sum()))
    if haircut:
        assert float(found.cash_flow.sum()) <= total + 1e-9 * scale
    else:
        assert float(found.cash_flow.sum()) == pytest.approx(total, abs=1e-9 * scale)


@settings(deadline=None, max_examples=25)
@given(cases())
def test_yearly_and_monthly_periods_differ_only_by_where_recurring_amounts_fall(case):
    """Undiscounted and untaxed they are the same in every year; what is dated falls in its month on both."""
    plain = case.model_copy(update={"tax": None, "inflation": None, "mid_period": False})
    listed = any(
        effect.category == "capital" and (effect.by_year or effect.growth) for effect in case.effects
    )
    year, month = (lines(plain.model_copy(update={"period": period})) for period in ("year", "month"))
    scale = max(1.0, float(np.abs(month.cash_flow).sum()))
    ends = [(found.grid.yearly(found.cash_flow)) for found in (year, month)]
    in_advance = any(spend.in_advance for spend in case.spends)
    if not in_advance and not listed:
        assert ends[0] == pytest.approx(ends[1], abs=1e-9 * scale)
    between = np.flatnonzero(np.arange(year.cash_flow.size) % 12)
    if not listed and not any(spend.treatment == "investment" for spend in case.spends):
        # between year ends only dated amounts move: capital, one-off spending
        dated = -np.diff(month.capital_employed, prepend=0.0) + month.income["disposals"]
        for spend in case.spends:
            if spend.amount is not None:
                dated[int(likely(spend.month))] -= spend.amount.expected
        assert year.cash_flow[between] == pytest.approx(dated[between], abs=1e-9 * scale)
