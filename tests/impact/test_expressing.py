"""What consultants need to write: each with its hand arithmetic. 10%: 1/1.1 = 0.90909, 1/1.21 = 0.82645."""

from datetime import date

import numpy as np
import pytest

from tests.impact.simple import ESTIMATED, saving, simple_case, span
from tests.impact.studies import study_of
from vs_toolkit.impact import compare, evaluate, exhibits, findings, monte_carlo, tornado, verified_share
from vs_toolkit.impact.exhibits import benefits

V1, V2, V3 = 1 / 1.1, 1 / 1.1**2, 1 / 1.1**3
CONFIRMED = {"kind": "customer_verified", "confirmed_on": "2026-02-01"}


def spend(id="spend", **more):
    return {"id": id, "name": id.title(), "evidence": ESTIMATED} | more


def npv(*effects, **more):
    return evaluate(simple_case(*effects, **more)).npv


def test_evidence_per_factor():
    # two savings of 100; the first is confirmed in quantity and value, the second in quantity alone: half
    both = {"expected": 10, "evidence": CONFIRMED}
    first = saving(None, "first", quantity=both, unit_value=both)
    second = saving(None, "second", quantity=both, unit_value=10)
    assert verified_share(simple_case(first, second), date(2026, 3, 1)) == pytest.approx(0.5)
    assert verified_share(simple_case(first, second), date(2026, 1, 1)) == 0.0


def test_hard_and_soft_savings_are_shown_apart():
    study = study_of(simple_case(saving(100), saving(50, "hours", cash="soft")))
    assert study.soft == pytest.approx(50 * (V1 + V2))
    assert "Saving" in benefits(study).written().columns
    assert findings.soft(study) == (
        "EUR 86.78 of the NPV are soft savings (capacity freed, not cash); without them the NPV is EUR 174."
    )


def test_growth_of_a_line():
    # 100, 105, 110.25
    assert npv(saving(100, growth="5%"), years=3) == pytest.approx(100 * V1 + 105 * V2 + 110.25 * V3)
    # month by month the second year's months are 5% higher
    monthly = evaluate(simple_case(saving(120, growth="5%"), period="month")).monthly
    assert monthly[[12, 13]].tolist() == pytest.approx([10, 10.5])


def test_years_with_ranges_move_together():
    listed = saving(None, by_year=[0, span(80, 100, 110), span(150, 200, 220)])
    case = simple_case(listed)
    assert evaluate(case).npv == pytest.approx(100 * V1 + 200 * V2)
    assert evaluate(case, "low").npv == pytest.approx(80 * V1 + 150 * V2)
    assert evaluate(case, "high").npv == pytest.approx(110 * V1 + 220 * V2)
    # one assumption: the sum of its years, 230 to 330
    assert tornado(case)[["low", "high"]].values.tolist() == [[230, 330]]


def test_quantity_by_adoption():
    # 200 users x 5 a year; 20%, 60%, then all
    users = saving(None, quantity=200, unit_value=5, adoption=["20%", "60%", "100%"])
    assert npv(users, years=4) == pytest.approx(200 * V1 + 600 * V2 + 1000 * V3 + 1000 / 1.1**4)


def test_risk_adjustment_lowers_benefits_and_raises_costs():
    risk = {"adjustment": "20%", "reason": "Few references"}
    cost = spend(amount=50, risk={"adjustment": "10%", "reason": "New site"})
    case = simple_case(saving(100, risk=risk), costs=[cost])
    # 80 a year, 55 at once
    assert evaluate(case).npv == pytest.approx(80 * (V1 + V2) - 55)
    row = exhibits.benefits(study_of(case)).written().loc["Saving"]
    assert row[["Before risk", "Risk adjustment", "Reason", "Risk-adjusted run rate"]].tolist() == [
        "100", "20%", "Few references", "80",
    ]  # fmt: skip


def test_a_risk_adjusted_list_of_years_shows_its_last_year_before_and_after():
    risk = {"adjustment": "20%", "reason": "Few references"}
    case = simple_case(saving(None, by_year=[0, 50, 100], risk=risk))
    row = exhibits.benefits(study_of(case)).written().loc["Saving"]
    assert row[["Before risk", "Risk-adjusted run rate"]].tolist() == ["100", "80"]


def test_risk_adjustment_and_range_exclude_each_other():
    with pytest.raises(ValueError, match="a risk adjustment or a range, not both"):
        simple_case(saving(span(80, 100, 110), risk={"adjustment": "20%", "reason": "Both"}))


def test_alternatives_side_by_side():
    # A: -100, 60, 60 -> 4.13; B: -150, 90, 95 -> 10.33; B less A: -50, 30, 35 -> 6.20, IRR 18.9%
    a = simple_case(saving(60), id="A", price=spend("price", amount=100))
    b = simple_case(saving(None, by_year=[0, 90, 95]), id="B", price=spend("price", amount=150))
    found = compare([b, a])
    assert found.table["case"].tolist() == ["A", "B"]
    assert found.table["npv"].tolist() == pytest.approx([60 * (V1 + V2) - 100, 90 * V1 + 95 * V2 - 150])
    assert found.table["incremental_npv"].tolist()[1] == pytest.approx(30 * V1 + 35 * V2 - 50)
    root = (30 + (900 + 4 * 50 * 35) ** 0.5) / (2 * 50) - 1
    assert found.table["incremental_irr"].tolist()[1] == pytest.approx(root)
    assert (found.best, found.equal_lives) == ("B", True)


def test_unequal_lives_are_compared_by_the_year():
    # -100 for two years of 70: 21.49, annuity 12.38; -150 for three years of 70: 24.08, annuity 9.68
    short = simple_case(saving(70), id="short", price=spend("price", amount=100))
    long = simple_case(saving(70), id="long", years=3, price=spend("price", amount=150))
    found = compare([short, long])
    annual = found.table.set_index("case")["equivalent_annual"]
    assert annual["short"] == pytest.approx(70 - 100 / (V1 + V2))
    assert annual["long"] == pytest.approx(70 - 150 / (V1 + V2 + V3))
    assert (found.best, found.equal_lives) == ("short", False)
    named = short.model_copy(update={"alternative_to": ("long",)})
    assert "equivalent annual value" in findings.alternatives(study_of(named, others=[long]))


def test_the_annual_value_of_a_cost_of_capital_that_changes():
    # 70 a year less 100 at once; 1 a year at 10% then 5% is worth 1 / 1.1 + 1 / 1.155
    case = simple_case(saving(70), price=spend("price", amount=100), wacc_by_year=[0.1, 0.05])
    table = compare([case]).table
    annual = table.set_index("case")["equivalent_annual"]["1"]
    assert annual == pytest.approx(70 - 100 / (1 / 1.1 + 1 / 1.155))
    assert table["incremental_npv"].iloc[-1] == pytest.approx(evaluate(case).npv)


def test_doing_nothing_is_an_alternative():
    assert compare([simple_case(saving(10), price=spend("price", amount=100))]).best == ""


def test_staggered_sites():
    # sites start in months 0, 6 and 12: 1 + 1/2 + 0 of 100 in year 1, then all three
    assert npv(saving(100, starts=[0, 6, 12])) == pytest.approx(150 * V1 + 300 * V2)


def test_margin_on_additional_volume():
    # 1,000 of sales at 30%: 300 a year, shown as 1,000 of revenue and 700 of direct cost
    found = evaluate(simple_case(saving(1000, line="volume", margin="30%")))
    assert found.npv == pytest.approx(300 * (V1 + V2))
    year = found.statement["difference"].loc[1]
    assert year[["revenue", "direct_costs"]].tolist() == pytest.approx([1000, -700])


def test_working_capital_as_a_share_of_next_years_sales():
    # sales 100 and 200; 15% of the year ahead: 15 at the start, 30 after year 1, 0 after year 2
    sales = saving(None, "sales", line="volume", by_year=[0, 100, 200])
    stock = saving(None, "stock", line="inventory", share_of_next_sales="15%")
    found = evaluate(simple_case(sales, stock))
    assert found.statement["difference"].xs("inventory", level="line").tolist() == pytest.approx([15, 30, 0])
    assert found.cash_flows.tolist() == pytest.approx([-15, 100 - 15, 200 + 30])


def test_price_items_escalating_and_usage_fees():
    # licence 40 at once; support 10 rising by 4%; 500 calls at 0.02 = 10 a year
    case = simple_case(
        saving(100),
        price=spend("price", amount=40),
        fees=[
            spend("support", per_year=10, growth="4%"),
            spend("calls", quantity=span(400, 500, 700), unit_value=0.02, unit="calls"),
        ],
    )
    assert evaluate(case).npv == pytest.approx(-40 + (100 - 10 - 10) * V1 + (100 - 10.4 - 10) * V2)
    assert tornado(case)["key"].tolist() == ["fees.calls.quantity"]


def test_the_month_of_a_payment_as_a_range():
    # 100 paid in month 6, or 3 to 12; 12 a year of upkeep from then on, so 6, 9 or 0 in year 1 of 2
    paid = spend("price", amount=100, per_year=12, month=span(3, 6, 12))
    case = simple_case(saving(0), price=paid)
    assert evaluate(case).npv == pytest.approx(-100 / 1.1**0.5 - 6 * V1 - 12 * V2)
    # late is better for the one who pays
    assert evaluate(case, "low").npv == pytest.approx(-100 / 1.1**0.25 - 9 * V1 - 12 * V2)
    assert evaluate(case, "high").npv == pytest.approx(-100 * V1 - 12 * V2)
    assert tornado(case)["name"].tolist() == ["Price: month of payment"]


def test_an_investment_in_a_month_that_is_not_certain_keeps_its_salvage_and_depreciation():
    # half of 100 in month 0 and half in month 1: between them; 20 back at the end, a gain or loss over book
    def at(month):
        machine = spend("price", amount=100, treatment="investment", salvage=20, month=month)
        return evaluate(simple_case(saving(60), price=machine, tax={"rate": "25%"}))

    both = at(span(0, 0.5, 1))
    assert both.npv == pytest.approx((at(0).npv + at(1).npv) / 2)
    assert abs(both.reconciliation.difference) < 1e-9


def test_a_payment_that_may_come_after_the_end_of_its_upkeep_is_refused():
    with pytest.raises(ValueError, match="end_month 12 must come after month 14"):
        simple_case(saving(1), price=spend("price", per_year=1, month=span(1, 2, 14), end_month=12))


def test_terminal_value():
    # an amount at the horizon; or 100 a year growing at 2% beyond it: 102 / (10% - 2%) = 1,275
    assert npv(saving(100), terminal_value={"amount": 500}) == pytest.approx(100 * (V1 + V2) + 500 * V2)
    assert npv(saving(100), terminal_value={"growth": "2%"}) == pytest.approx(100 * (V1 + V2) + 1275 * V2)
    taxed = npv(saving(100), tax={"rate": "40%"}, terminal_value={"growth": "2%"})
    assert taxed == pytest.approx(60 * (V1 + V2) + 0.6 * 1275 * V2)


def test_salvage_as_a_range():
    machine = spend("price", amount=100, treatment="investment", salvage=span(0, 20, 30))
    case = simple_case(saving(60), price=machine)
    assert evaluate(case).npv == pytest.approx(60 * (V1 + V2) - 100 + 20 * V2)
    assert evaluate(case, "low").npv == pytest.approx(60 * (V1 + V2) - 100)


def test_tax_a_year_late():
    # 25% of 100 each year, paid after years 2 and 3
    found = evaluate(simple_case(saving(100), tax={"rate": "25%", "paid": "next_year"}))
    assert found.npv == pytest.approx(100 * (V1 + V2) - 25 * (V2 + V3))
    payable = found.statement["difference"].xs("tax_payable", level="line")
    assert payable.tolist() == pytest.approx([0, -25, -25, 0])
    assert abs(found.reconciliation.difference) < 1e-9


def test_mid_period_in_advance_and_quarters():
    end = npv(saving(100))
    assert npv(saving(100), mid_period=True) == pytest.approx(end * 1.1**0.5)
    rent = spend("rent", per_year=100, in_advance=True)
    assert npv(saving(0), costs=[rent]) == pytest.approx(-100 - 100 * V1)
    quarters = sum(25 / 1.1 ** (q / 4) for q in range(1, 9))
    assert npv(saving(100), period="quarter") == pytest.approx(quarters)


@pytest.mark.parametrize(
    ("schedule", "shares"),
    [
        (["50%", "30%"], [0.5, 0.3]),
        ("macrs_3", [0.3333, 0.4445]),
        # double declining over 5 years: 40% of 1, then of 0.6
        ("declining", [0.4, 0.24]),
    ],
)
def test_depreciation_by_percentages_or_a_table(schedule, shares):
    machine = spend("price", amount=1000, treatment="investment", life_years=5, depreciation=schedule)
    year = (
        evaluate(simple_case(saving(0), price=machine))
        .statement["difference"]
        .xs("depreciation", level="line")
    )
    assert year.tolist() == pytest.approx([0, -1000 * shares[0], -1000 * shares[1]])


def test_a_discount_rate_that_changes():
    # 10% in year 1, 5% from year 2 on
    value = npv(saving(100), years=3, wacc_by_year=["10%", "5%"])
    assert value == pytest.approx(100 / 1.1 + 100 / (1.1 * 1.05) + 100 / (1.1 * 1.05**2))


def test_an_uncertain_start_and_ramp():
    # start in month 0, 6 or 12 of two years: 200, 150 or 100 in all; in months 0 to 12 every month costs 8.33
    case = simple_case(saving(100, start_month=span(0, 6, 12)), customer_wacc=0)
    assert [evaluate(case, s).npv for s in ("low", "expected", "high")] == pytest.approx([100, 150, 200])
    # PERT mean of the start (0 + 24 + 12) / 6 = 6: 150 on average
    simulated = monte_carlo(case, 4000, seed=3)
    assert abs(simulated.mean - 150) < 4 * simulated.standard_error
    ramp = simple_case(saving(100, ramp_months=span(0, 0, 12)), customer_wacc=0)
    assert evaluate(ramp, "low").npv == pytest.approx(150)


def takeover():
    """Two effects that share the stock taken over, as an inventory takeover does."""
    numbers = {"stock": {"low": 800, "expected": 1000, "high": 1100}}

    def shared(factor, id, line):
        made = {end: value * factor for end, value in numbers["stock"].items()}
        return saving(made | {"formula": f"stock * {factor}"}, id, line=line)

    return simple_case(
        shared(1.0, "freed", "inventory"), shared(0.05, "handling", "indirect_cost"), numbers=numbers
    )


def test_a_shared_number_is_drawn_once():
    """The spread equals that of a computation from scratch with one draw for both effects."""
    case = takeover()
    assert list(tornado(case)["key"]) == ["numbers.stock"]
    rng = np.random.default_rng(11)
    near, far = 200 / 300, 100 / 300
    stock = 800 + 300 * rng.beta(1 + 4 * near, 1 + 4 * far, 200_000)
    scratch = stock * (1 - V2) + 0.05 * stock * (V1 + V2)
    found = monte_carlo(case, 50_000, seed=5)
    assert found.npv.std() == pytest.approx(scratch.std(), rel=0.01)
    assert found.mean == pytest.approx(scratch.mean(), rel=0.001)
    assert (found.uncertain, found.assumptions) == (1, 1)
