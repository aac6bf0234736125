"""The tables of the report: the right numbers under the right names, gaps as gaps."""

from datetime import date

import pandas as pd
import pytest

from tests.impact.simple import saving, simple_case, span
from tests.shared import ROOT
from vs_toolkit import impact
from vs_toolkit.impact import exhibits
from vs_toolkit.inputs import read_case

AS_OF = date(2026, 6, 30)
# 1,000 a year for 2 years at 10 %: 1,000/1.1 + 1,000/1.21 = 909.09 + 826.45 = 1,735.54; cost 500 at the start
CASE = simple_case(
    saving(1000, name="Less scrap", feature="Sensor", benefit="Fewer faults"),
    costs=[{"id": "start", "name": "Start-up", "amount": 500}],
)
RESULT = impact.evaluate(CASE)


def published(name):
    return read_case(ROOT / "data" / "examples" / "cases" / f"{name}.yaml")


def test_steps_are_named_and_add_up_to_the_value():
    steps = exhibits.steps(CASE, RESULT)
    assert steps.round(2).to_dict() == {"Less scrap": 1735.54, "Start-up": -500.0}


def test_small_steps_are_taken_together_and_nothing_is_lost():
    case = simple_case(*(saving(100 * n, id=f"effect{n}") for n in range(1, 13)))
    result = impact.evaluate(case)
    steps = exhibits.steps(case, result)
    assert list(steps.index[-2:]) == ["Effect12", "4 smaller steps"]  # 12 effects, 8 shown
    assert steps.sum() == pytest.approx(result.npv)


def test_the_steps_of_a_year_add_up_to_its_profit_after_capital_charge():
    result = impact.evaluate(published("guano"))
    year = exhibits.full_year(result)
    assert year == 6
    assert exhibits.year_steps(result, year).sum() == pytest.approx(result.eva.loc[year, "eva"])


def test_an_effect_carries_its_reason_its_size_and_its_value():
    (row,) = exhibits.effects(CASE, RESULT).to_dict("records")
    assert row == {
        "Changes": "Lower indirect cost",
        "Because": "Sensor → Fewer faults",
        "In full": "1\u202f000 EUR a year",
        "Present value": "1\u202f736 EUR",
    }


def test_capital_is_freed_once():
    case = simple_case(saving(50_000, line="inventory"))
    assert exhibits.effects(case, impact.evaluate(case)).loc["Saving", "In full"] == "50.0 k EUR once"


def test_the_statement_leaves_out_lines_that_never_change():
    table = exhibits.statement(RESULT)
    assert list(table.index) == [
        "Indirect costs",
        "Costs of the change",
        "Operating profit",
        "Profit after capital charge",
    ]
    assert table.loc["Operating profit"].tolist() == [-500, 1000, 1000]


def test_base_and_new_show_a_gap_where_nothing_is_known_at_base():
    table = exhibits.base_and_new(RESULT, 1)
    assert table.loc["Indirect costs"].isna().tolist() == [True, True, False]


def test_cash_flows_of_a_published_case():
    # Brealey and Myers, table 6-6: thousands of dollars
    table = exhibits.cash_flow(impact.evaluate(published("guano")), 0.2)
    flows = (table.loc["Cash flow"] / 1000).round()
    assert flows.tolist() == [-12600, -1484, 2947, 6323, 10534, 9985, 5757, 3269]
    assert table.loc["Running total, discounted"].iloc[-1] == pytest.approx(3_802_000, abs=500)


def test_a_long_horizon_shows_the_first_years_and_the_last():
    case = simple_case(years=30)
    columns = list(exhibits.statement(impact.evaluate(case)).columns)
    assert columns[:3] == ["Year 0", "Year 1", "Year 2"] and columns[-1] == "Year 30"
    assert len(columns) == 8


def test_the_investment_view_of_a_published_case():
    # Forrester, The Total Economic Impact of SalesLoft, p. 19
    values = exhibits.investment(impact.evaluate(published("salesloft_tei")), 0.1)["Value"]
    assert values["Present value of benefits"] == "7\u202f168\u202f371 USD"
    assert values["Present value of costs"] == "1\u202f672\u202f201 USD"
    assert values["Net present value"] == "5\u202f496\u202f170 USD"
    assert values["Return on investment"] == "329 %"


def test_sensitivity_shows_ranges_in_their_units_and_the_break_even():
    case = simple_case(
        saving(None, quantity=100, change=span(0.1, 0.2, 0.3), unit_value=50, unit="t"),
        costs=[{"id": "start", "name": "Start-up", "amount": 868}],
    )
    register = impact.assumption_register(case, AS_OF)
    table = exhibits.sensitivity(impact.tornado(case), impact.break_even(case), register, "EUR")
    (row,) = table.to_dict("records")
    assert (row["From"], row["To"]) == ("10.0 %", "30.0 %")
    # 100 t x 50 EUR x 1.7355 = 8,678 EUR a unit of change: 868 EUR are reached at 10 %; 0.2 more is 1,736 EUR
    assert row["Value is zero at"] == "10.0 %"
    assert row["Moves the value by"] == "1\u202f736 EUR"


def test_a_break_even_below_zero_is_none():
    # the other effect alone pays for everything, so this one would have to do harm
    case = simple_case(saving(span(900, 1000, 1100)), saving(1000, id="other"))
    register = impact.assumption_register(case, AS_OF)
    table = exhibits.sensitivity(impact.tornado(case), impact.break_even(case), register, "EUR")
    assert table["Value is zero at"].isna().tolist() == [True]


def test_the_register_says_how_an_effect_is_worked_out_and_who_confirmed_it():
    evidence = {"kind": "customer_figure", "reference": "Plant report", "confirmed_by": "Controller"}
    case = simple_case(
        saving(None, quantity=100, change=span(0.1, 0.2, 0.3), unit_value=1, unit="t",
               evidence=evidence | {"confirmed_on": "2026-06-01"}),
        costs=[{"id": "start", "name": "Start-up", "amount": 868}],
    )  # fmt: skip
    table = exhibits.register(impact.assumption_register(case, AS_OF))
    assert table.loc["Saving"].tolist() == [
        "100 t × 20.0 % (10.0 % to 30.0 %)", "Customer's figure: Plant report", "Controller, 1 Jun 2026",
    ]  # fmt: skip
    assert table.loc["Start-up", ["Worked out from", "Source"]].tolist() == ["868 EUR", "No source"]
    assert pd.isna(table.loc["Start-up", "Confirmed"])


def test_a_benchmark_of_fewer_than_three_customers_is_not_shown():
    row = {"effect_id": "e", "effect": "E", "indicator": "E", "unit": "fraction", "claimed": 0.2,
           "low": 0.1, "median": 0.15, "high": 0.3, "verdict": "inside", "wording": ""}  # fmt: skip
    claims = pd.DataFrame([row | {"n": 2}, row | {"n": 3, "effect": "F", "indicator": "F"}])
    table = exhibits.benchmarks(claims)
    assert list(table.index) == ["F"]
    assert table.loc["F", "Seen"] == "10.0 % to 30.0 %"


def test_schemes_side_by_side():
    case = read_case(ROOT / "data" / "examples" / "cases" / "inventory_takeover.yaml")
    compared = impact.compare_schemes(case)
    table = exhibits.schemes(compared, "USD")
    assert list(table.index) == list(dict.fromkeys(compared["scheme"]))
    assert list(exhibits.risks(compared).index) == list(table.index)


def test_what_is_open_is_counted_and_not_compared():
    row = {"customer_id": "C", "case_id": "1", "line": "volume", "currency": "EUR", "promised": 200.0}
    delivered = pd.DataFrame(
        [
            {
                **row,
                "effect_id": "a",
                "effect": "A",
                "period_end": "2025-12-31",
                "realised": 150.0,
                "reason": "Late",
            },
            {**row, "effect_id": "b", "effect": "B", "period_end": "2025-12-31", "realised": None},
        ]
    )
    table = exhibits.realised(impact.fulfilment(delivered, AS_OF))
    assert table.loc["A"].tolist() == ["200 EUR", "150 EUR", "75 %", "1 measured, 0 open", "Late"]
    assert pd.isna(table.loc["B", "Promised"])
    assert table.loc["B", ["Measured", "Came true"]].tolist() == ["–", "–"]
