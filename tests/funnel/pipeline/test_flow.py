import numpy as np
import pandas as pd
import pytest

from vs_toolkit.funnel.outlook.bridge import (
    BACK,
    FORWARD,
    LOST,
    NEW,
    REVALUED,
    THEN,
    WAITED,
    WON,
    forecast_change,
)
from vs_toolkit.funnel.pipeline.flow import cohorts, stage_ageing, velocity, win_rate_by_quarter


def decided(quarters):
    """Opportunities by (quarter, won, lost)."""
    rows = [
        (outcome, pd.Timestamp(day))
        for day, won, lost in quarters
        for outcome, n in (("won", won), ("lost", lost))
        for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=["outcome", "closed_at"])


def test_control_limits_are_exact_for_the_decisions_of_the_quarter():
    # 60 of 200 overall. With 100 decisions at 0.3 the binomial lies between 17 and 44 in all but 0.27 %.
    table = win_rate_by_quarter(decided([("2026-01-10", 45, 55), ("2026-04-10", 15, 85)]), "2026-06-30")
    assert table["rate"].tolist() == [0.45, 0.15]
    assert (table["low"] * 100).round().tolist() == [17, 17] and (table["high"] * 100).round().tolist() == [
        44,
        44,
    ]
    assert table["outside"].tolist() == [True, True]


def test_a_quarter_that_is_not_over_is_left_out():
    assert win_rate_by_quarter(decided([("2026-04-10", 1, 1)]), "2026-06-29").empty
    assert win_rate_by_quarter(decided([]), "2026-06-30").empty


def test_a_cohort_is_followed_as_far_as_it_can_be():
    cases = pd.DataFrame(
        {
            "outcome": ["won", "lost", "won", "open"],
            "first_at": pd.to_datetime(["2025-01-05", "2025-02-05", "2025-03-30", "2025-05-01"]),
            "closed_at": pd.to_datetime(["2025-06-30", "2025-05-01", "2025-07-01", None]),
        }
    )
    # Leads of Q1: three; by 30 June one is won, by 30 September two. Those of Q2 are followed to 30
    # September.
    table = cohorts(cases, "2025-10-15")
    assert table.loc["2025-01-01", ["leads", 3, 6]].tolist() == pytest.approx([3, 1 / 3, 2 / 3])
    assert table.loc["2025-04-01", 3] == 0 and np.isnan(table.loc["2025-04-01", 6])
    assert cohorts(cases.iloc[:0], "2025-10-15").empty


def test_value_ages_in_its_stage():
    cases = pd.DataFrame(
        {"status": ["Lead", "Lead", "Offer"], "age_days": [29.9, 30.0, 400.0], "value": [1, 2, 4]}
    )
    table = stage_ageing(cases, ["Lead", "Offer", "Accepted"])
    assert table.to_numpy().tolist() == [[1, 2, 0, 0], [0, 0, 0, 4], [0, 0, 0, 0]]
    assert (stage_ageing(cases.iloc[:0], ["Lead"]).to_numpy() == 0).all()


def test_velocity_is_missing_without_orders():
    year = pd.Series({"order_value": np.nan, "orders": 0.0, "hit_rate": np.nan, "length_days": np.nan})
    assert np.isnan(velocity(pd.DataFrame(index=[0]), year))


def test_the_bridge_sums_to_the_change():
    def rows(**cases):
        return pd.DataFrame.from_dict(cases, orient="index", columns=["chance", "value", "place"])

    before = rows(A=(0.5, 100, 1), B=(0.2, 50, 0), C=(0.4, 10, 0), D=(0.4, 20, 2), E=(0.3, 10, 1))
    now = rows(B=(0.5, 60, 1), D=(0.1, 20, 1), E=(0.2, 10, 1), F=(0.3, 30, 0))
    outcome = pd.Series({"A": "won", "B": "open", "C": "lost", "D": "open", "E": "open", "F": "open"})
    steps = forecast_change(before, now, outcome)
    # Before 50 + 10 + 4 + 8 + 3; B forward (0.5 - 0.2) x 50, revalued 0.5 x 10; D back -0.3 x 20; E waited
    # -0.1 x 10.
    expected = {THEN: 75, NEW: 9, WON: -50, LOST: -4, FORWARD: 15, BACK: -6, WAITED: -1, REVALUED: 5}
    assert steps.to_dict() == pytest.approx(expected)
    assert steps.sum() == pytest.approx(0.5 * 60 + 0.1 * 20 + 0.2 * 10 + 0.3 * 30)
