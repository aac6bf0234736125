import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, LOANS, changes, loans, ways
from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.backtest import METHODS, backtest
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import calibrate
from vs_toolkit.funnel.rates.chances import win_probability

# As of 10 March A is won, B lost; C, D and E are leads. Within 5 days C is won; D is won a day too late.
FIVE = ways(A="Lead 1 Order 3", B="Lead 2 Lost 6", C="Lead 5 Order 15", D="Lead 8 Order 16", E="Lead 9")


def test_three_open_leads_by_hand():
    tested = backtest(FIVE, FUNNEL, ["2026-03-10"], 5, as_of="2026-03-20", rules=Rules(minimum_cases=1))
    rows = tested.rows.set_index("opportunity_id")
    assert rows["won"].to_dict() == {"C": True, "D": False, "E": False}
    assert rows["age_days"].to_dict() == {"C": 5, "D": 2, "E": 1}
    assert rows["nominal"].tolist() == [0.1] * 3
    assert rows["closed_only"].tolist() == [0.5] * 3
    # At age 1 all but the lead of 9 March are followed further: A is won on day 2 of four.
    assert rows.at["E", "landmark"] == pytest.approx(1 / 4)
    scores = tested.scores
    assert scores.loc["closed_only", ["expected", "actual", "n", "brier"]].tolist() == [1.5, 1, 3, 0.25]
    assert scores.at["nominal", "brier"] == pytest.approx((0.81 + 0.01 + 0.01) / 3)
    assert scores.at["closed_only", "mape"] == pytest.approx(0.5)
    assert tested.by_day().loc["2026-03-10", ["nominal", "won", "n"]].tolist() == pytest.approx([0.3, 1, 3])


def test_what_is_said_on_a_day_is_what_was_known_that_day():
    then = changes(*FIVE[FIVE["changed_at"] <= "2026-03-10"].itertuples(index=False))
    calibration = calibrate(then, FUNNEL, "2026-03-10", rules=Rules(minimum_cases=1))
    cases = calibration.history.open_cases()
    expected = win_probability(calibration, cases["status"], cases["age_days"], 5)["win_probability"]
    tested = backtest(FIVE, FUNNEL, ["2026-03-10"], 5, as_of="2026-03-20", rules=Rules(minimum_cases=1))
    assert tested.rows["landmark"].tolist() == expected.tolist()


def test_a_case_reopened_after_the_horizon_was_an_order_within_it():
    record = pd.concat([FIVE, ways(C="Offer 18 Lost 19")])
    tested = backtest(record, FUNNEL, ["2026-03-10"], 5, as_of="2026-03-20")
    assert tested.rows.set_index("opportunity_id").at["C", "won"]


def test_days_whose_horizon_is_not_over_are_left_out():
    tested = backtest(FIVE, FUNNEL, ["2026-03-10", "2026-03-18"], 5, as_of="2026-03-20")
    assert tested.rows["seen_on"].unique().tolist() == [pd.Timestamp("2026-03-10")]
    assert tested.left_out["n"].tolist() == [1, 0]


def test_rows_after_the_day_of_the_test_change_nothing():
    later = pd.concat([FIVE, ways(E="Order 22", F="Lead 21")])
    ours, theirs = (backtest(r, FUNNEL, ["2026-03-10"], 5, as_of="2026-03-20") for r in (FIVE, later))
    pd.testing.assert_frame_equal(ours.rows, theirs.rows)


def test_all_methods_are_judged_on_the_same_cases():
    early = backtest(FIVE, FUNNEL, ["2026-03-02"], 5, as_of="2026-03-20")  # nothing is closed yet
    assert early.rows.empty
    assert early.left_out["n"].tolist() == [0, 2]
    assert early.scores["n"].tolist() == [0, 0, 0]
    assert early.scores["brier"].isna().all()


@pytest.mark.parametrize("horizon", [0, -5, np.nan])
def test_a_horizon_must_be_some_days(horizon):
    with pytest.raises(ParameterError, match="above 0"):
        backtest(FIVE, FUNNEL, ["2026-03-10"], horizon)


def test_on_loan_applications_the_landmark_estimate_beats_what_is_used_today():
    days = pd.date_range("2011-11-07", "2012-01-30", freq="14D")
    scores = backtest(loans(), LOANS, days, 42).scores
    assert scores["n"].unique().tolist() == pytest.approx([5325], rel=0.02)
    landmark, others = scores.loc["landmark"], scores.drop(index="landmark")
    assert 0.95 <= landmark["ratio"] <= 1.05
    assert landmark["brier"] <= 0.184
    assert (others["brier"] > landmark["brier"]).all()
    assert (abs(others["ratio"] - 1) > abs(landmark["ratio"] - 1)).all()
    assert others["ratio"].to_dict() == pytest.approx({"nominal": 1.847, "closed_only": 1.422}, rel=0.03)
    assert list(METHODS) == scores.index.tolist()
