"""Price schemes by hand: at 25 % a yearly amount over two years is worth 1.44 times itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.impact.simple import saving, simple_case, span
from tests.shared import ROOT
from vs_toolkit.impact import compare_schemes, evaluate, read_case, takeover_value
from vs_toolkit.impact.schemes import SCHEMES

SERVICE = {"id": "service", "name": "Service", "per_year": span(80, 100, 150)}


SAVING = saving(1000, line="direct_cost")


def case(*schemes, effects=(SAVING,), wacc=0.25, **more):
    ours = {"wacc": wacc, "required_margin": 0.2, "costs": [SERVICE], "schemes": schemes}
    return simple_case(*effects, provider=ours, **{"customer_wacc": 0.25} | more)


def expected(of_case, scenario="expected"):
    return compare_schemes(of_case).set_index("scenario").loc[scenario]


def paid(scheme, **more):
    return expected(case(scheme, **more))["paid_by_customer"]


def test_cost_share_pays_share_and_base_fee():
    # 0.3 x 1000 + 50 = 350 a year: 504; customer 1440 - 504; we spend 144
    row = expected(case({"kind": "cost_share", "share": 0.3, "base_fee": 50}))
    names = ["paid_by_customer", "customer_npv", "provider_npv", "total"]
    assert row[names].tolist() == pytest.approx([504, 936, 360, 1296])
    assert row["customer_share"] == pytest.approx(936 / 1296)


def test_value_that_does_not_come():
    # only the base fee of 50 a year: 72; we still spend 144
    row = expected(case({"kind": "cost_share", "share": 0.3, "base_fee": 50}), "no value")
    assert row[["customer_npv", "provider_npv"]].tolist() == pytest.approx([-72, -72])
    assert np.isnan(row["customer_share"])


def test_fixed_price_is_due_without_value():
    # 100 + 200 x 1.44 = 388
    row = expected(case({"kind": "fixed", "one_off": 100, "per_year": 200}), "no value")
    assert row[["paid_by_customer", "customer_npv"]].tolist() == pytest.approx([388, -388])


@pytest.mark.parametrize("line", ["direct_cost", "inventory"])
def test_when_the_customer_pays_its_tax_is_no_matter_of_ours(line):
    # a saving of 1000 a year less a price of 200: (1000 - 200) (0.8 + 0.64) = 1152, tax of 40% 460.8, or
    # with 0.8 and 0.64 a year late 0.64 and 0.512: 320 x 1.152 = 368.64
    schemes = {"kind": "fixed", "per_year": 200}, {"kind": "asset_takeover", "assets": 500, "fee_rate": 0.1}
    ours = ["provider_cost", "provider_npv", "paid_by_customer"]
    soon, late = (
        expected(case(*schemes, effects=[saving(1000, line=line)], tax={"rate": 0.4, "paid": paid}))
        for paid in ("same_year", "next_year")
    )
    assert late[ours].values.ravel().tolist() == pytest.approx(soon[ours].values.ravel().tolist())
    if line == "direct_cost":
        assert soon["customer_npv"].iloc[0] == pytest.approx(1152 - 460.8)
        assert late["customer_npv"].iloc[0] == pytest.approx(1152 - 368.64)


def test_our_overrun_is_ours_in_the_low_scenario():
    # service 150 instead of 100 a year: 216; in high 80: 115.2
    table = compare_schemes(case({"kind": "fixed", "per_year": 200})).set_index("scenario")
    assert table["provider_cost"].to_dict() == pytest.approx(
        {"low": 216, "expected": 144, "high": 115.2, "no value": 144}
    )


def test_share_ends_after_its_years():
    # 300 in the first year only: 240; the base fee of 50 runs on: 72
    assert paid({"kind": "cost_share", "share": 0.3, "base_fee": 50, "years": 1}) == pytest.approx(312)


def test_profit_share_pays_nothing_for_a_year_of_loss():
    # profit -600 at the start, then 1000 a year; 20 % of it: 200 x 1.44 = 288
    start_up = {"id": "start_up", "name": "Start-up", "amount": 600}
    scheme = {"kind": "profit_share", "share": 0.2}
    assert paid(scheme, costs=[start_up]) == pytest.approx(288)


def test_revenue_share_looks_at_revenue_only():
    # 10 % of 500: 50 x 1.44 = 72
    effects = (saving(500, "sales", "volume"), saving(-300, "material", "direct_cost"))
    assert paid({"kind": "revenue_share", "share": 0.1}, effects=effects) == pytest.approx(72)


TURNS = {"kind": "inventory_turnover", "per_turn": 25, "base_fee": 10}


def test_inventory_turnover_pays_by_the_turns_gained():
    # 6000 / 1000 = 6 turns, then 6000 / 600 = 10: 4 x 25 + 10 = 110 a year: 158.4
    effects = (saving(400, "stock", "inventory"),)
    baseline = {"inventory": 1000, "direct_costs": 6000}
    assert paid(TURNS, effects=effects, baseline=baseline) == pytest.approx(158.4)
    inflated = {"effects": effects, "baseline": baseline, "inflation": 0.1}
    assert paid(TURNS, **inflated) == pytest.approx(158.4)  # stock and cost rise alike


@pytest.mark.parametrize("baseline", [None, {"inventory": 1000}, {"inventory": 400, "direct_costs": 6000}])
def test_turnover_that_cannot_be_known_is_a_gap(baseline):
    row = expected(case(TURNS, effects=(saving(400, "stock", "inventory"),), baseline=baseline))
    assert np.isnan(row["paid_by_customer"])
    assert "inventory" in row["gap"]


TAKEOVER = {
    "kind": "asset_takeover",
    "assets": 500,
    "fee_rate": 0.3,
    "customer_obsolescence": 0.1,
    "provider_obsolescence": 0.04,
}


def test_takeover_adds_assets_that_the_effects_do_not_have():
    # fee 150 a year: 216. Customer: 1440 + 500 - 320 + 50 x 1.44 = 1692. We: 144 + 180 + 20 x 1.44 = 352.8
    row = expected(case(TAKEOVER))
    names = ["value_before_price", "paid_by_customer", "provider_cost"]
    assert row[names].tolist() == pytest.approx([1692, 216, 352.8])
    # at one rate the capital itself is worth nothing: 1440 - 144 + (0.1 - 0.04) x 500 x 1.44
    assert row["total"] == pytest.approx(1339.2)


def test_takeover_that_the_effects_describe_is_counted_once():
    # stock 400 freed by the customer is tied up by us: 400 - 256 = 144 on both sides; fee 120 x 1.44 = 172.8
    effects = (saving(400, "stock", "inventory"),)
    row = expected(case(TAKEOVER | {"provider_obsolescence": 0}, effects=effects))
    names = ["value_before_price", "paid_by_customer", "provider_cost"]
    assert row[names].tolist() == pytest.approx([144, 172.8, 144 + 144])


def test_takeover_ties_us_up_whatever_the_way_of_payment():
    table = compare_schemes(
        case(TAKEOVER, {"kind": "fixed", "per_year": 150}, effects=(saving(400, "stock", "inventory"),))
    )
    costs = table.groupby("scenario")["provider_cost"].nunique()
    assert costs.tolist() == [1, 1, 1, 1]


def test_takeover_value_of_the_worked_example():
    # 20 M$ x (14 % - 8 %) = 1.2 M$ a year and 20 M$ x (3 % - 1.5 %) = 0.3 M$ less obsolescence
    example = read_case(ROOT / "data/examples/cases/inventory_takeover.yaml")
    value = takeover_value(example.provider.schemes[0], example.customer_wacc, example.provider.wacc)
    assert value == pytest.approx(1_500_000)


def test_scheme_with_the_terms_of_the_price_leaves_the_customer_what_the_case_says():
    priced = case({"kind": "fixed", "per_year": 200}, price={"id": "p", "name": "P", "per_year": 200})
    table = compare_schemes(priced).set_index("scenario")
    for scenario in ("low", "expected", "high"):
        assert table.loc[scenario, "customer_npv"] == pytest.approx(evaluate(priced, scenario).npv)


def test_financing_value_is_what_the_lower_rate_makes_of_the_same_payments():
    # 200 a year: 288 at 25 %, 400 at 0 %
    row = expected(case({"kind": "fixed", "per_year": 200}, wacc=0))
    assert row["financing_value"] == pytest.approx(112)
    assert row["total"] == pytest.approx(1440 - 200 + 112)


def test_tax_relief_on_the_payments_is_shown():
    # half of 288 comes back as less tax
    row = expected(case({"kind": "fixed", "per_year": 200}, tax={"rate": 0.5}))
    assert row["tax_relief"] == pytest.approx(144)


SOME = [
    {"kind": "fixed", "one_off": 30, "per_year": 100},
    {"kind": "cost_share", "share": 0.2, "years": 2},
    {"kind": "profit_share", "share": 0.3, "base_fee": 5},
    {"kind": "revenue_share", "share": 0.5},
    TURNS,
    TAKEOVER,
]


@settings(max_examples=15, deadline=None)
@given(
    wacc=st.floats(0, 0.4),
    ours=st.floats(0, 0.4),
    period=st.sampled_from(["year", "month"]),
    tax=st.sampled_from([None, {"rate": 0.3}, {"rate": 0.3, "losses": "carried_forward"}]),
    ramp=st.integers(0, 18),
)
def test_split_sums_to_the_whole(wacc, ours, period, tax, ramp):
    effects = (
        saving(span(200, 300, 500), "cost", "direct_cost", ramp_months=ramp),
        saving(span(50, 80, 90), "sales", "volume"),
        saving(span(100, 200, 300), "stock", "inventory"),
    )
    baseline = {"inventory": 1000, "direct_costs": 6000}
    rows = compare_schemes(
        case(*SOME, effects=effects, wacc=ours, customer_wacc=wacc, period=period, tax=tax, baseline=baseline)
    )
    parts = rows["value_before_price"] - rows["provider_cost"] + rows["financing_value"] + rows["tax_relief"]
    assert rows["total"].to_numpy() == pytest.approx(parts.to_numpy())
    shared = rows.dropna(subset="customer_share")
    assert (shared["customer_share"] + shared["provider_share"]).to_numpy() == pytest.approx(1)
    if tax is None:
        assert rows["tax_relief"].to_numpy() == pytest.approx(0, abs=1e-6)


def test_at_one_rate_the_way_of_payment_moves_value_and_makes_none():
    table = compare_schemes(case(*SOME[:4]))
    assert table["financing_value"].to_numpy() == pytest.approx(0, abs=1e-9)
    assert table.groupby("scenario")["total"].agg(np.ptp).to_numpy() == pytest.approx(0, abs=1e-9)


def test_schemes_of_one_name_stay_apart():
    shares = [{"kind": "profit_share", "share": 0.1}, {"kind": "revenue_share", "share": 0.1}]
    names = compare_schemes(case(*shares, SOME[0]))["scheme"].unique().tolist()
    assert names == ["Share of profit (1)", "Share of profit (2)", "Fixed price"]


def test_every_scheme_says_who_bears_what():
    table = compare_schemes(case(*SOME, baseline={"inventory": 1000, "direct_costs": 6000}))
    assert set(table["kind"]) == set(SCHEMES)
    assert (table[["provider_bears", "customer_bears", "without_value"]] != "").all(axis=None)
    assert (table["gap"] == "").all()


def test_without_our_side_there_is_nothing_to_compare():
    assert compare_schemes(simple_case(saving(1000))).empty
