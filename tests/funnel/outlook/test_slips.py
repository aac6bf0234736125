import numpy as np
import pandas as pd
import pytest
from vs_toolkit.funnel.outlook.slips import (
    ALL,
    AS_STATED,
    BANDS,
    OVERDUE,
    OWN,
    STATED,
    learn_slips,
    order_days,
)

from tests.funnel import made
from vs_toolkit.funnel.record.cases import month_starts, past_cases


def past(
    expected: str, decided: str, n: int = 20, outcome: str = "won", seen: str = "2026-01-01"
) -> pd.DataFrame:
    days = {"seen_on": seen, "expected_decision": expected, "decided_at": decided}
    return pd.DataFrame(
        {name: pd.to_datetime([day] * n) for name, day in days.items()} | {"final_outcome": outcome}
    )


def test_an_overdue_decision_is_counted_from_the_day_of_looking():
    rule = learn_slips(past("2025-12-01", "2026-02-10"))  # 31 + 9 days after 1 January
    assert rule.table.loc[OVERDUE, ["orders", "median", "rule"]].tolist() == [20, 40.0, OWN]
    assert "taken to lie 40 days after the day of this report" in rule.in_words


def test_a_decision_ahead_is_counted_from_its_expected_day():
    rule = learn_slips(
        past("2026-02-20", "2026-03-02")
    )  # 8 days to the end of February, 2 more; 50 days ahead
    assert rule.table.loc["in 31 to 90 days", ["orders", "median", "rule"]].tolist() == [20, 10.0, OWN]
    assert (rule.table.loc[[OVERDUE, "later"], "rule"] == ALL).all()


def test_lost_open_and_undated_cases_move_nothing():
    rows = [
        past("2026-02-20", "2026-03-02", 19),
        past("2026-02-20", "2026-09-02", outcome="lost"),
        past(None, "2026-09-02"),
    ]
    assert (learn_slips(pd.concat(rows)).table["rule"] == STATED).all()


def test_days_from_which_many_cases_are_still_open_do_not_count():
    slow = past("2026-02-20", None, 30, outcome="open", seen="2026-01-15")
    fast = past("2026-02-20", "2026-02-01", 30, seen="2026-01-15")
    rule = learn_slips(pd.concat([past("2026-02-20", "2026-03-02"), slow, fast]))
    assert rule.table["orders"].sum() == 20


def test_without_history_dates_stand_and_past_ones_become_tomorrow():
    days = order_days(pd.Series(pd.to_datetime(["2026-06-01", "2026-08-01", None])), "2026-06-30", AS_STATED)
    assert [set(row.dropna().dt.strftime("%m-%d")) for _, row in days.iterrows()] == [
        {"07-01"},
        {"08-01"},
        set(),
    ]
    assert "counts as the day after this report" in AS_STATED.in_words


def test_no_order_comes_before_it_is_looked_for():
    rule = learn_slips(past("2026-03-01", "2026-01-11"))  # 49 days early
    days = order_days(pd.Series(pd.to_datetime(["2026-07-15"])), "2026-06-30", rule)
    assert (days.to_numpy() == np.datetime64("2026-07-01")).all()


def test_the_generated_pushed_dates_are_learnt():
    histories = made.made(800)
    past_days = month_starts("2023-06-01", "2025-06-01", every=2)
    rows = past_cases(
        histories.status_changes, made.FUNNEL, made.opportunities(histories), past_days, made.AS_OF
    )
    rule = learn_slips(rows)
    assert rule.table.loc[["within 30 days", "in 31 to 90 days"], "rule"].eq(OWN).all()
    assert rule.table["median"].gt(5).all()  # hoped for too early, pushed again and again
    assert (np.diff(rule.delays, axis=1) >= 0).all() and len(rule.delays) == len(BANDS)


@pytest.mark.parametrize("rows", [past("2026-02-20", "2026-03-02", 0), past(None, None, 3, outcome="open")])
def test_nothing_to_learn_from(rows):
    assert (learn_slips(rows).delays == 0).all()


def test_an_open_case_was_not_decided_before_today():
    early, late = past("2026-02-20", "2026-02-10"), past("2026-02-20", "2026-04-01")  # 10 days early, 40 late
    rule = learn_slips(pd.concat([early, late]))
    near, far = order_days(
        pd.Series(pd.to_datetime(["2026-07-05", "2026-08-20"])), "2026-06-30", rule
    ).to_numpy()
    # 5 days ahead it can only be late; 51 days ahead half of them are early. Between the two points lies one.
    assert (near >= np.datetime64("2026-08-14")).mean() >= 0.95
    assert (far < np.datetime64("2026-08-20")).mean() == pytest.approx(0.5, abs=0.05)
