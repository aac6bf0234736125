import numpy as np
import pandas as pd
import pytest

from vs_toolkit.funnel.outlook.accuracy import accuracy, order_flow, target_forecast_actual

MONTHS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])
ACTUAL = pd.DataFrame(
    {"unit": "North", "month": MONTHS, "orders": [4.0, 6.0, 10.0], "value": [40.0, 60.0, 100.0]}
)


def kept(*rows, method="funnel"):
    """Snapshots written as (taken on, month, orders, value, low, high)."""
    columns = ["taken_on", "month", "expected_orders", "expected_value", "low_value", "high_value"]
    frame = pd.DataFrame(list(rows), columns=columns).assign(unit="North", method=method)
    return frame.assign(taken_on=pd.to_datetime(frame["taken_on"]), month=pd.to_datetime(frame["month"]))


THREE = kept(
    ("2026-01-31", "2026-02-01", 5, 70, 50, 80),
    ("2026-02-28", "2026-03-01", 12, 90, 80, 95),
    ("2026-01-31", "2026-03-01", 9, 50, 0, 90),
)


def test_orders_of_full_months_with_their_value():
    cases = pd.DataFrame(
        {
            "outcome": ["won", "won", "lost", "open", "won"],
            "unit": ["North", "North", "North", "South", "North"],
            "first_at": pd.to_datetime(["2026-01-05"] * 5),
            "closed_at": pd.to_datetime(["2026-01-09", "2026-03-02", "2026-02-01", None, "2026-04-10"]),
            "value": [10.0, None, 7.0, 8.0, 9.0],
        }
    )
    flow = order_flow(cases, "2026-04-15").set_index(["unit", "month"])
    assert flow.loc["North", "orders"].tolist() == [1, 0, 1]  # April is not over
    assert flow.loc["North", "value"].tolist()[:2] == [10, 0] and np.isnan(flow.loc["North", "value"].iloc[2])
    assert flow.loc["South", "orders"].tolist() == [0, 0, 0]
    assert len(order_flow(cases, "2026-04-30")) == 8  # the last day of April makes it a full month
    assert order_flow(cases.iloc[:0], "2026-04-30").empty


def test_scores_one_month_ahead_by_hand():
    score = accuracy(THREE, ACTUAL, "2026-03-31").loc[("funnel", 1)]
    assert score["n"] == 2
    assert score["orders_bias"] == 0.5  # (5 - 6 + 12 - 10) / 2
    assert score["orders_mae"] == 1.5
    assert score["orders_mase"] == 0.5  # naive: 4 for February, 6 for March, off by 2 and 4
    assert score[["value_bias", "value_mae"]].tolist() == [0, 10]  # +10 and -10
    assert score["value_mase"] == pytest.approx(1 / 3)  # naive off by 20 and 40
    assert score["coverage"] == 0.5  # 60 lies in 50 to 80, 100 not in 80 to 95


def test_coverage_by_hand():
    assert accuracy(kept(("2026-01-31", "2026-02-01", 5, 70, 65, 80)), ACTUAL, "2026-03-31")[
        "coverage"
    ].tolist() == [0]


def test_months_ahead_are_told_apart():
    assert accuracy(THREE, ACTUAL, "2026-03-31").index.tolist() == [("funnel", 1), ("funnel", 2)]
    two = pd.concat([THREE, THREE.assign(method="nominal", expected_orders=99.0)])
    assert accuracy(two, ACTUAL, "2026-03-31").loc[("nominal", 2), "orders_mae"] == 89


def test_only_months_over_and_forecasts_made_before_them_are_scored():
    assert accuracy(THREE, ACTUAL, "2026-03-30").loc["funnel", "n"].to_dict() == {1: 1}
    assert accuracy(kept(("2026-02-10", "2026-02-01", 5, 70, 50, 80)), ACTUAL, "2026-03-31").empty
    assert accuracy(THREE.iloc[:0], ACTUAL, "2026-03-31").empty


def test_without_an_earlier_month_there_is_no_naive_forecast():
    score = accuracy(kept(("2025-12-31", "2026-01-01", 5, 70, 50, 80)), ACTUAL, "2026-03-31").iloc[0]
    assert score["orders_mae"] == 1 and np.isnan(score["orders_mase"])


def test_target_forecast_and_actual_side_by_side():
    targets = pd.DataFrame(
        {"unit": "North", "month": [*MONTHS, pd.Timestamp("2026-04-01")], "orders": 8.0, "value": 80.0}
    )
    both = pd.concat([THREE, kept(("2026-03-31", "2026-04-01", 7, 75, 60, 90))])
    table = target_forecast_actual(targets, both, ACTUAL, "2026-03-31").loc["North"]
    assert table["forecast_orders"].tolist()[1:] == [
        5,
        12,
        7,
    ]  # the last one made before March, not the first
    assert np.isnan(table["forecast_orders"].iloc[0])
    assert table["value_of_target"].tolist()[:3] == [0.5, 0.75, 1.25] and np.isnan(table["value"].iloc[3])
    early = target_forecast_actual(targets, both, ACTUAL.iloc[:2], "2026-02-15").loc["North"]
    assert early["forecast_orders"].tolist()[1:3] == [5, 9]
