"""Sentences that follow the numbers, from frames made by hand."""

import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, ways
from tests.funnel.reports import company, opportunities, typed
from vs_toolkit import funnel
from vs_toolkit.funnel import exhibits, findings, summary
from vs_toolkit.funnel.exhibits.outlook import past_forecasts
from vs_toolkit.funnel.study import Review

SAID = "not contradicted"


def rates(*rows):
    columns = ["status", "verdict", "hit_rate", "closed_only", "nominal"]
    return pd.DataFrame(rows, columns=columns).set_index("status")


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (rates(), "There is no open status, so nothing can be calibrated"),
        (
            rates(("Lead", "cannot be said", 0.5, 0.5, 0.1)),
            "The record does not tell yet what a status is worth: too few cases are closed",
        ),
        (
            rates(("Lead", SAID, 0.1, 0.1, 0.1), ("Offer", SAID, 0.5, 0.5, 0.5)),
            "The record contradicts the nominal of none of 2 statuses",
        ),
        (
            rates(("Lead", "nominal too high", 0.04, 0.1, 0.1)),
            "Lead is worth 4 % instead of its nominal 10 %",
        ),
        (
            rates(("Lead", "nominal too low", 0.2, 0.2, 0.1), ("Offer", "nominal too high", 0.3, 0.3, 0.5)),
            "2 of 2 statuses are worth something else than their nominal: "
            "Lead 20 % instead of 10 %, Offer 30 % instead of 50 %",
        ),
    ],
)
def test_what_statuses_are_worth(table, sentence):
    assert findings.worth(table) == sentence


def test_closed_cases_only_overstate_where_open_cases_linger():
    table = rates(("Lead", SAID, 0.20, 0.21, 0.1), ("Offer", SAID, 0.4, 0.55, 0.5))
    assert "puts Offer at 55 % instead of 40 %: too high" in findings.closed_only(table)
    assert "nearly the same" in findings.closed_only(table[:1])
    assert findings.closed_only(rates(("Lead", SAID, np.nan, np.nan, 0.1))) == ""


def test_the_status_in_which_waiting_tells_most_is_named():
    chances = pd.DataFrame({"Lead": [0.2, 0.15, 0.1], "Offer": [0.5, 0.2, np.nan]}, index=[0, 30, 90])
    assert findings.by_age(chances, 90) == (
        "In Offer, the chance of an order within 90 days falls from 50 % on arrival to 20 % after 30 days"
    )
    assert "Too few comparable cases" in findings.by_age(chances * np.nan, 90)


def told(**persons):
    """Statements of 50 %: one case each, won or lost as counted."""
    rows = [
        (f"{person}{i}", pd.Timestamp("2026-01-05"), 0.5, "won" if i < won else "lost", person)
        for person, (won, lost) in persons.items()
        for i in range(won + lost)
    ]
    return pd.DataFrame(rows, columns=["opportunity_id", "stated_at", "stated", "outcome", "owner_id"])


def test_only_differences_beyond_chance_are_called_optimism():
    apart = funnel.stated_against_realised(told(A=(5, 45), B=(45, 5)), "owner_id")
    alike = funnel.stated_against_realised(told(A=(24, 26), B=(26, 24)), "owner_id")
    assert findings.promises(apart, {"A": "Engineer 1"}).startswith(
        "Engineer 1 promises more than comes and B less. Differences larger than chance"
    )
    assert findings.promises(alike, {}).startswith("Differences not distinguishable from chance")
    nobody = funnel.stated_against_realised(told(A=(1, 1))[:0], "owner_id")
    assert findings.promises(nobody, {}) == (
        "No probabilities were stated for closed cases, so nobody can be said to over-promise"
    )


def test_past_forecasts_are_held_against_what_came():
    """Forecast 300 in all, 200 came: 150 %; the second month (80) lies outside 90 to 110."""
    past = pd.DataFrame(
        {"target": 90.0, "forecast": [200.0, 100.0], "low": [100.0, 90.0], "high": [250.0, 110.0]}
    ).assign(actual=[120.0, 80.0])
    assert findings.past_forecasts(past, "EUR") == (
        "Forecasts a month ahead added up to 300 EUR, 150 % of what came (200 EUR); "
        "1 of 2 months fell within the 80 % interval"
    )


def test_the_last_forecast_before_a_month_counts_and_units_are_put_together_as_independent():
    """30 + 40 expected; half widths 3 and 4 make sqrt(9 + 16) = 5. The older snapshot does not count."""
    june = pd.Timestamp("2026-06-01")
    rows = [("2026-04-30", "N", 99.0, 0.0), ("2026-05-31", "N", 30.0, 3.0), ("2026-05-31", "S", 40.0, 4.0)]
    snapshots = pd.DataFrame(rows, columns=["taken_on", "unit", "expected_value", "half"]).assign(
        taken_on=lambda part: pd.to_datetime(part["taken_on"]), month=june, method="ours"
    )
    snapshots["low_value"] = snapshots["expected_value"] - snapshots["half"]
    snapshots["high_value"] = snapshots["expected_value"] + snapshots["half"]
    won = {"outcome": ["won"], "value": [50.0], "closed_at": [pd.Timestamp("2026-06-12")]}
    cases = pd.DataFrame(won | {"first_at": [pd.Timestamp("2026-01-01")]})
    table = past_forecasts(snapshots, cases, typed("targets"), "2026-06-30")
    assert table.loc[june, ["forecast", "low", "high", "actual"]].tolist() == [70.0, 65.0, 75.0, 50.0]
    assert np.isnan(table.loc["2025-12-01", "actual"]) and table.loc["2026-02-01", "actual"] == 0


def test_kept_forecasts_are_scored_by_method_and_months_ahead():
    # Forecasts of 7 and 3 orders against 8 and 4 that came: bias -1 each, so 1 too little and off by 1.
    # Taking last month's 4 and 8 instead is off by 4 each: 1 / 4 = 0.25. One of two intervals held: 50 %.
    index = pd.MultiIndex.from_tuples([("landmark", 1)], names=["method", "months_ahead"])
    scores = {"n": 2.0, "orders_bias": -1.0, "orders_mae": 1.0, "orders_mase": 0.25, "coverage": 0.5}
    table = exhibits.accuracy(pd.DataFrame(scores, index=index))
    assert table.loc["landmark, 1 ahead"].tolist() == [2.0, "−1.00", "1.00", "0.25", 0.5]


def test_the_open_funnel_by_month_is_weighted_and_leaves_no_case_out():
    open_cases = pd.DataFrame(
        {
            "expected_decision": pd.to_datetime(["2026-05-01", "2026-07-05", "2026-12-01", None]),
            "value": [10.0, 20.0, 40.0, np.nan],
            "nominal": 0.5,
            "win_probability": 0.1,
            "rule": "landmark",
        }
    )
    july = pd.DatetimeIndex(["2026-07-01"])
    table = exhibits.by_expected_month(open_cases, "2026-06-30", july)
    assert table["Value"].dropna().to_dict() == {
        "date passed": 10, "Jul 2026": 20, "later": 40, "together": 70,
    }  # fmt: skip
    assert table.loc["together", "Weighted, nominal"] == 35  # 70 x 0.5
    assert table.loc["together", "Weighted, measured"] == pytest.approx(7)  # 70 x 0.1
    assert np.isnan(table.loc["no date", "Value"]) and table.loc["no date", "Cases"] == 1


def test_what_a_case_needs_is_listed_by_what_it_is_worth():
    open_cases = pd.DataFrame(
        {
            "name": ["Pump", None, "Line"],
            "customer_id": "C1",
            "owner_id": ["P1", None, "P1"],
            "value": [100.0, 900.0, 500.0],
            "win_probability": [0.5, 0.5, 0.1],
            "trend": ["fading", "stable", "stable"],
        },
        index=["A", "B", "C"],
    )
    found = pd.DataFrame({"fault": ["no next step", "no next step"], "opportunity_id": ["A", "B"]})
    table = exhibits.to_do(open_cases, found, {"P1": "Engineer 1"}, {"C1": "Acme"})
    assert table["Needs"].to_dict() == {
        "B": "agree on the next step",
        "Pump (A)": "win it back or close it; agree on the next step",
    }
    assert table["Worth"].tolist() == [450, 50]


def review(**columns):
    """40 leads of a week each, ten of them won, and four open ones with a date and a value."""
    closed = {f"W{i}": f"Lead {1 + i % 9} Order {8 + i % 9}" for i in range(10)}
    closed |= {f"L{i}": f"Lead {1 + i % 9} Lost {8 + i % 9}" for i in range(30)}
    record = ways(**closed, **{f"O{i}": "Lead 18" for i in range(4)})
    known = opportunities(record, value=100.0, currency="EUR", expected_decision=pd.Timestamp("2026-03-25"))
    july = pd.DataFrame({"unit": "N", "month": pd.to_datetime(["2026-03-01"]), "orders": 3.0, "value": 300.0})
    data = company(record, FUNNEL, "2026-03-20", opportunities=known, targets=july)
    return Review(data.tables, data.as_of, horizon_days=7, months=1, **columns)


def test_the_first_page_counts_what_is_missing_for_the_target():
    """Open: 4 leads at 25 % make 1 order of the 3 wanted; 2 are missing."""
    found = review()
    assert found.forecast.total["orders"] - found.forecast.total["of_new"] == pytest.approx(1.0, abs=0.05)
    assert found.orders_missing == 2
    assert summary.tiles(found)[0][2].endswith("target 3.0")
    assert any(step.startswith("Find new leads now") for step in summary.next_steps(found))


def test_a_target_given_takes_the_place_of_the_table():
    assert review(target_orders=1.0).targets["orders"].tolist() == [1.0]


def test_the_measured_probability_is_told_apart_from_the_nominal():
    """25 % measured against 10 % nominal: 4 x 100 x 0.25 = 100 against 40."""
    amounts = summary.weighted(review())
    assert amounts["Weighted, nominal"] == pytest.approx(40)
    assert amounts["Weighted, measured"] == pytest.approx(100, rel=0.05)
