"""Sentences that follow the numbers: the branch taken and the figures; exact sentences stand in a golden
file.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, ways
from tests.funnel.reports import company, opportunities, typed
from vs_toolkit import funnel, inputs
from vs_toolkit.funnel import exhibits, findings, summary
from vs_toolkit.funnel.outlook.accuracy import COMPANY, past_forecasts
from vs_toolkit.funnel.outlook.correction import Correction
from vs_toolkit.funnel.record.hygiene import UNPROVEN
from vs_toolkit.funnel.study import Study
from vs_toolkit.tables import Table, is_numeric

GOLDEN = Path(__file__).with_name("sentences.json")
SAID = "consistent"


def rates(*rows):
    columns = ["status", "verdict", "hit_rate", "closed_only", "nominal"]
    return pd.DataFrame(rows, columns=columns).set_index("status")


@pytest.mark.parametrize(
    ("table", "parts"),
    [
        (rates(), ["no open stage"]),
        (rates(("Lead", "too few closed", 0.5, 0.5, 0.1)), ["not known yet", "too few"]),
        (rates(("Lead", "no default", 0.5, 0.5, None)), ["Lead 50%", "no default probabilities"]),
        (
            rates(("Lead", SAID, 0.1, 0.1, 0.1), ("Offer", SAID, 0.5, 0.5, 0.5)),
            ["all 2 stages", "consistent"],
        ),
        (rates(("Lead", "default too high", 0.04, 0.1, 0.1)), ["1 of 1 stage", "Lead 4% instead of 10%"]),
        (
            rates(("Lead", "default too low", 0.2, 0.2, 0.1), ("Offer", "default too high", 0.3, 0.3, 0.5)),
            ["2 of 2 stages differ", "Lead 20% instead of 10%, Offer 30% instead of 50%"],
        ),
    ],
)
def test_which_stages_differ_from_their_default(table, parts):
    assert [part for part in parts if part not in findings.win_rates(table)] == []


def test_closed_only_overstates_where_open_ones_linger():
    table = rates(("Lead", SAID, 0.20, 0.21, 0.1), ("Offer", SAID, 0.4, 0.55, 0.5))
    assert "puts Offer at 55% instead of 40%: too high" in findings.closed_only(table)
    assert "nearly the same" in findings.closed_only(table[:1])
    assert findings.closed_only(rates(("Lead", SAID, np.nan, np.nan, 0.1))) == ""


def test_the_stage_in_which_waiting_costs_most_is_named():
    chances = pd.DataFrame({"Lead": [0.2, 0.15, 0.1], "Offer": [0.5, 0.2, np.nan]}, index=[0, 30, 90])
    said = findings.by_age(chances, 90)
    assert "In Offer" in said and "falls from 50% on arrival to 20% after 30 days" in said
    assert "Too few comparable" in findings.by_age(chances * np.nan, 90)


def told(**persons):
    """Statements of 50 %: one opportunity each, won or lost as given."""
    rows = [
        (f"{person}{i}", pd.Timestamp("2026-01-05"), 0.5, "won" if i < won else "lost", person)
        for person, (won, lost) in persons.items()
        for i in range(won + lost)
    ]
    return pd.DataFrame(rows, columns=["opportunity_id", "stated_at", "stated", "outcome", "owner_id"])


def test_only_significant_differences_are_called_bias():
    apart = funnel.stated_against_realised(told(A=(5, 45), B=(45, 5)), "owner_id")
    alike = funnel.stated_against_realised(told(A=(24, 26), B=(26, 24)), "owner_id")
    assert findings.promises(apart, {"A": "Engineer 1"}).startswith(
        "Forecast bias: Engineer 1 overstates and B understates. Statistically significant"
    )
    assert findings.promises(alike, {}).startswith("Forecast bias: No statistically significant difference")
    nobody = funnel.stated_against_realised(told(A=(1, 1))[:0], "owner_id")
    assert "not known" in findings.promises(nobody, {})


def test_people_are_named_where_they_differ():
    cases = pd.DataFrame(
        {
            "outcome": ["won"] * 90 + ["lost"] * 10 + ["won"] * 30 + ["lost"] * 70,
            "owner_id": ["A"] * 100 + ["B"] * 100,
        }
    )
    said = findings.people(funnel.group_hit_rates(cases, "owner_id"), {"A": "Ada"})
    assert "30% to 90%" in said and "B below average" in said and "Ada above average" in said


@pytest.mark.parametrize(
    ("shift", "z", "active", "part"),
    [
        (0.02, 0.4, False, "needs no correction for drift"),
        (-0.3, -2.0, False, "not corrected for drift: a correction would have made the estimates"),
        (-0.3, -2.0, True, "corrected for drift (odds of winning −26%)"),  # exp(-0.3) = 0.74
    ],
)
def test_a_correction_is_said_with_its_size_and_reason(shift, z, active, part):
    found = Correction(shift, z, 110, 47.2, 58, 0.0, 0.0, active, np.zeros(0))
    said = findings.correction(found)
    assert part in said
    assert "58 of 110 stage exits were losses, where 47 were expected" in said
    assert findings.correction(replace(found, exits=0)) == ""


def test_past_forecasts_are_held_against_actual():
    """Forecast 300 in all, actual 200: 150 %; the second month (80) lies outside 90 to 110."""
    past = pd.DataFrame(
        {"target": 90.0, "forecast": [200.0, 100.0], "low": [100.0, 90.0], "high": [250.0, 110.0]}
    ).assign(actual=[120.0, 80.0])
    said = findings.past_forecasts(past, "EUR")
    assert "EUR 300, 150% of actual (EUR 200 in 2 months); 1 of 2 months within the 80% interval" in said
    assert "not known" in findings.past_forecasts(past[:0], "EUR")


def snapshots(*rows):
    frame = pd.DataFrame(rows, columns=["taken_on", "unit", "expected_value", "half"])
    frame = frame.assign(
        taken_on=pd.to_datetime(frame["taken_on"]), month=pd.Timestamp("2026-06-01"), method="ours"
    )
    return frame.assign(
        low_value=frame["expected_value"] - frame["half"], high_value=frame["expected_value"] + frame["half"]
    )


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ([], [70.0, np.nan, np.nan]),  # 30 + 40; intervals of units that move together do not add up
        ([("2026-05-31", COMPANY, 66.0, 20.0)], [66.0, 46.0, 86.0]),
    ],
)
def test_an_interval_of_the_company_is_that_kept_for_the_company(kept, expected):
    june = pd.Timestamp("2026-06-01")
    rows = [("2026-04-30", "N", 99.0, 0.0), ("2026-05-31", "N", 30.0, 3.0), ("2026-05-31", "S", 40.0, 4.0)]
    won = {"outcome": ["won"], "value": [50.0], "closed_at": [pd.Timestamp("2026-06-12")]}
    cases = pd.DataFrame(won | {"first_at": [pd.Timestamp("2026-01-01")]})
    table = past_forecasts(snapshots(*rows, *kept), cases, typed("targets"), "2026-06-30")
    assert table.loc[june, ["forecast", "low", "high"]].tolist() == pytest.approx(expected, nan_ok=True)
    assert table.loc[june, "actual"] == 50
    assert np.isnan(table.loc["2025-12-01", "actual"]) and table.loc["2026-02-01", "actual"] == 0


def test_what_an_opportunity_needs_is_listed_by_what_it_is_worth():
    open_cases = pd.DataFrame(
        {
            "name": ["Pump", None, "Line"],
            "customer_id": "C1",
            "owner_id": ["P1", None, "P1"],
            "status": "Lead",
            "value": [100.0, 900.0, 500.0],
            "win_probability": [0.5, 0.5, 0.1],
            "trend": ["fading", "stable", "stable"],
        },
        index=["A", "B", "C"],
    )
    found = pd.DataFrame(
        {
            "fault": ["no next step", UNPROVEN],
            "opportunity_id": ["A", "B"],
            "detail": ["", "Test: not reached"],
        }
    )
    table = exhibits.to_do(open_cases, found, {"P1": "Engineer 1"}, {"C1": "Acme"}, "EUR").frame
    assert table["Action"].to_dict() == {
        "B": "reach the milestone, or step back (Test: not reached)",
        "Pump (A)": "revive it or close it; agree on the next step",
    }
    assert table["Expected value"].tolist() == [450, 50]


def study(**choices):
    """40 leads of a week each, ten of them won, and four open ones with a value."""
    closed = {f"W{i}": f"Lead {1 + i % 9} Order {8 + i % 9}" for i in range(10)}
    closed |= {f"L{i}": f"Lead {1 + i % 9} Lost {8 + i % 9}" for i in range(30)}
    record = ways(**closed, **{f"O{i}": "Lead 18" for i in range(4)})
    known = opportunities(record, value=100.0, currency="EUR", expected_decision=pd.Timestamp("2026-03-25"))
    march = pd.DataFrame(
        {"unit": "N", "month": pd.to_datetime(["2026-03-01"]), "orders": 3.0, "value": 300.0}
    )
    data = company(record, FUNNEL, "2026-03-20", opportunities=known, targets=march)
    return Study(data.tables, data.as_of, horizon_days=7, months=1, **choices)


def test_the_first_page_counts_what_is_missing_for_the_target():
    """Open: 4 leads at 25 % make 1 order of the 3 wanted, EUR 100 of 300; 2 orders are missing."""
    found = study()
    assert found.forecast.total["orders"] - found.forecast.total["of_new"] == pytest.approx(1.0, abs=0.05)
    assert found.orders_missing == 2
    assert found.coverage == pytest.approx((1 / 3, 4 / 3), abs=0.02)
    assert "of the target of EUR 300" in summary.lead(found)
    assert any(step.startswith("Find new leads") for step in summary.next_steps(found))


def test_quarters_hold_what_was_won_and_what_is_expected():
    """Ten orders of 100 came in the quarter to date; the rest of March is expected on top."""
    quarter = study().quarters.iloc[0]
    assert (quarter["won_orders"], quarter["won_value"]) == (10, 1000)
    assert quarter["likely_value"] == pytest.approx(1000 + study().forecast.total["value"])
    assert quarter["committed_value"] <= quarter["likely_value"] <= quarter["possible_value"]


def test_a_target_given_takes_the_place_of_the_table():
    assert study(target_orders=1.0).targets["orders"].tolist() == [1.0]


def test_the_measured_probability_is_told_apart_from_the_default():
    """25 % measured against 10 % default: 4 x 100 x 0.25 = 100 against 40."""
    amounts = summary.weighted(study())
    assert amounts["default"] == pytest.approx(40)
    assert amounts["measured"] == pytest.approx(100, rel=0.05)


def tables_of(found):
    """Every table of the report."""
    currency, persons = found.currency, found.hit_rates("owner_id")
    return [
        exhibits.quarters(found.quarters, currency),
        exhibits.forecast(found.forecast, found.targets, currency),
        exhibits.pipeline_measures(summary.measures(found)),
        exhibits.money_by_quarter(found.money, currency),
        exhibits.win_rates(found.calibration),
        exhibits.by_segment(found.by_segment),
        exhibits.repairs(found.history),
        exhibits.people(persons, found.promises, found.person_names),
        exhibits.scores(found.backtest),
        exhibits.past_forecasts(found.past_forecasts, currency),
        exhibits.accuracy(found.accuracy),
        exhibits.steps(found.steps),
        exhibits.ageing(found.ageing, currency),
        exhibits.leads(found.leads),
        exhibits.standing_out(found.compared),
        exhibits.faults(found.faults, currency),
        exhibits.trend_effect(found.trend_effect),
        exhibits.to_do(found.open_cases, found.faults, found.person_names, found.customer_names, currency),
    ]


@pytest.fixture(scope="module")
def demo():
    data = inputs.open_company(as_of="2026-06-30")
    return Study(data.tables, data.as_of)


def test_every_exhibit_holds_numbers(demo):
    for table in tables_of(demo):
        assert isinstance(table, Table) and not table.empty, table.caption
        for column in table.shown:
            for name in filter(None, (column.values, column.upper)):
                if column.unit or column.digits is not None or table.scaled:
                    values = table.frame[name]
                    text = column.label in (
                        "Customer",
                        "Owner",
                        "Stage",
                        "Action",
                        "What to do",
                        "Forecast bias",
                    )
                    assert is_numeric(values) or text, (table.caption, column.label)
        table.written()


def test_the_sentences_of_the_example_are_those_on_file(demo):
    persons = demo.hit_rates("owner_id")
    said = {
        "lead": summary.lead(demo),
        "decision": summary.decision(demo),
        "verdict": summary.verdict(demo),
        "next_steps": summary.next_steps(demo),
        "win_rates": findings.win_rates(demo.calibration.table),
        "by_age": findings.by_age(demo.by_age, 180),
        "by_quarter": findings.by_quarter(demo.win_rates),
        "cohorts": findings.cohorts(demo.cohorts),
        "people": findings.people(persons, demo.person_names),
        "promises": findings.promises(demo.promises, demo.person_names),
        "backtest": findings.backtest(demo.backtest),
        "reliability": findings.reliability(demo.backtest),
        "change": demo.change_finding,
        "ageing": findings.ageing(demo.ageing, demo.currency),
        "shape": findings.shape(demo.shape),
        "standing_out": findings.standing_out(demo.compared),
        "trend_effect": findings.trend_effect(demo.trend_effect),
        "money": findings.money_flow(demo.money, demo.currency),
    }
    assert said == json.loads(GOLDEN.read_text(encoding="utf-8"))
