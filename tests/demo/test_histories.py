"""Generated histories: repeatable, complete, and in the long run as likely as the truth says."""

import numpy as np
import pandas as pd
import pytest

from vs_toolkit.demo.histories import Histories, generate_histories
from vs_toolkit.demo.truth import FUNNEL_TRUTH, OPEN, STATUSES, STEADY_FUNNEL, true_hit_rates

DAY = pd.Timestamp("2025-03-31")


@pytest.fixture(scope="module")
def many() -> Histories:
    return generate_histories(STEADY_FUNNEL, 20_000, seed=5)


def test_the_seed_decides() -> None:
    first, same, other = (generate_histories(FUNNEL_TRUTH, 40, seed).status_changes for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(first, same)
    assert not first.equals(other)


def test_every_case_begins_as_a_lead_and_ends_closed_once(many: Histories) -> None:
    cases = many.status_changes.groupby("opportunity_id")["status"]
    assert set(cases.first()) == {"Lead qualified"}
    assert set(cases.last()) == {"Order", "Lost"}
    closed = many.status_changes["status"].isin(["Order", "Lost"])
    assert closed.sum() == cases.ngroups == len(many.opportunities)


def test_rows_stand_in_order_of_time(many: Histories) -> None:
    assert many.status_changes["changed_at"].is_monotonic_increasing


def test_shares_won_agree_with_the_exact_rates(many: Histories) -> None:
    changes = many.status_changes
    won = changes.loc[changes["status"] == "Order", "opportunity_id"]
    reached = changes.drop_duplicates(["opportunity_id", "status"])
    rates = reached["opportunity_id"].isin(won).groupby(reached["status"]).agg(["mean", "size"])
    for status, rate in true_hit_rates(STEADY_FUNNEL)["all"].items():
        deviation = np.sqrt(rate * (1 - rate) / rates.loc[status, "size"])
        assert rates.loc[status, "mean"] == pytest.approx(rate, abs=4 * deviation)


def test_until_knows_nothing_later(many: Histories) -> None:
    known = many.until(DAY)
    assert known.status_changes["changed_at"].max() < pd.Timestamp("2025-04-01", tz="UTC")
    assert (known.opportunities["created_at"] <= DAY).all()
    assert set(known.opportunities["opportunity_id"]) == set(known.status_changes["opportunity_id"])


def test_optimists_state_more_than_pessimists(many: Histories) -> None:
    person = many.status_changes["opportunity_id"].map(
        many.opportunities.set_index("opportunity_id")["person"]
    )
    leads = many.status_changes["status"] == "Lead qualified"
    stated = many.status_changes[leads].groupby(person[leads])["stated_probability"].mean()
    assert stated[0] > stated[5] > stated[11]  # biases 1.1, 0 and -0.9 on the log odds


def test_some_decision_dates_are_pushed_and_some_stand_in_the_past() -> None:
    known = generate_histories(FUNNEL_TRUTH, 800, seed=1).until(DAY).status_changes
    again = known.groupby("opportunity_id")["status"].shift() == known["status"]
    assert again.sum() > 50
    last = known.drop_duplicates("opportunity_id", keep="last")
    assert (last["expected_decision"] < DAY).sum() > 3


def test_slow_segments_are_slower_and_win_less(many: Histories) -> None:
    rates = true_hit_rates(STEADY_FUNNEL)
    assert rates["Process systems"].lt(rates["Standard equipment"]).all()
    changed = many.status_changes.groupby("opportunity_id")["changed_at"].agg(["min", "max"])
    segment = many.opportunities.set_index("opportunity_id")["segment"]
    days = (changed["max"] - changed["min"]).dt.days.groupby(segment).median()
    assert days["Process systems"] > 2 * days["Standard equipment"]  # paces 2.2 and 0.6


def test_closed_cases_state_no_probability(many: Histories) -> None:
    is_open = many.status_changes["status"].isin([status.status for status in STATUSES[:OPEN]])
    assert many.status_changes["stated_probability"].notna().equals(is_open)
    assert many.status_changes["expected_decision"].notna().equals(is_open)


def test_no_cases_make_empty_tables() -> None:
    empty = generate_histories(FUNNEL_TRUTH, 0, seed=1)
    assert empty.status_changes.empty and empty.opportunities.empty
