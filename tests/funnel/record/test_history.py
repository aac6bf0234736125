import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.funnel.records import FUNNEL, changes, records, ways
from vs_toolkit.funnel.record.history import read_history


def read(record, as_of="2026-03-20", **options):
    return read_history(record, FUNNEL, as_of, **options)


def walked(history, case="A"):
    spells = history.spells[history.spells["opportunity_id"] == case]
    return list(zip(spells["status"], spells["days"], spells["days_to_end"], spells["outcome"], strict=True))


def counted(history, what):
    row = history.report.set_index("what").loc[what]
    return row["done"], int(row["rows"]), int(row["cases"])


def test_a_plain_case_from_lead_to_order():
    history = read(ways(A="Lead 1 Offer 5 Order 12"))
    assert walked(history) == [("Lead", 4, 11, "won"), ("Offer", 7, 7, "won")]
    assert history.spells["next_status"].tolist() == ["Offer", "Order"]
    case = history.cases.loc["A"]
    assert (case["status"], case["closed_from"], case["furthest"], case["reopened"]) == (
        "Order",
        "Offer",
        "Offer",
        0,
    )
    assert case["closed_at"] == pd.Timestamp("2026-03-12", tz="UTC")
    assert (history.report["rows"] == 0).all()


def test_an_open_case_is_followed_to_the_day():
    history = read(ways(A="Lead 1 Offer 5"))
    assert walked(history) == [("Lead", 4, 19, "open"), ("Offer", 15, 15, "open")]
    assert history.open_cases()["age_days"].to_dict() == {"A": 15}


def test_the_same_status_again_is_one_spell():
    history = read(ways(A="Lead 1 Lead 3 Lead 3 Offer 5"))
    assert walked(history)[0] == ("Lead", 4, 19, "open")
    assert counted(history, "repeated stage: merged into one stage visit") == ("dropped", 1, 1)
    assert counted(history, "same row twice") == ("dropped", 1, 1)


def test_steps_back_and_skips_stay():
    history = read(ways(A="Lead 1 Accepted 5 Lead 8"))
    assert walked(history) == [("Lead", 4, 19, "open"), ("Accepted", 3, 15, "open"), ("Lead", 12, 12, "open")]
    assert history.spells["visit"].tolist() == [1, 1, 2]
    assert history.cases.at["A", "furthest"] == "Accepted"
    assert counted(history, "step back") == ("kept", 1, 1)
    assert counted(history, "status skipped") == ("kept", 1, 1)


def test_a_reopened_case_ends_as_it_ends():
    history = read(ways(A="Lead 1 Lost 5 Offer 8 Order 10"))
    assert walked(history) == [("Lead", 4, 9, "won"), ("Offer", 2, 2, "won")]
    assert history.cases.at["A", "reopened"] == 1
    assert counted(history, "reopened after closing: closing ignored") == ("kept", 1, 1)
    assert counted(history, "closed twice with different outcomes: first kept") == ("dropped", 0, 0)


def test_before_it_was_reopened_it_was_lost():
    assert walked(read(ways(A="Lead 1 Lost 5 Offer 8 Order 10"), "2026-03-06")) == [("Lead", 4, 4, "lost")]


@pytest.mark.parametrize(("way", "outcome"), [("Order 5 Lost 8", "won"), ("Lost 5 Order 8", "lost")])
def test_won_and_lost_without_reopening_is_what_it_was_first(way, outcome):
    history = read(ways(A=f"Lead 1 {way}"))
    assert walked(history) == [("Lead", 4, 4, outcome)]
    assert counted(history, "closed twice with different outcomes: first kept") == ("dropped", 1, 1)


def test_statuses_at_one_moment_are_taken_in_funnel_order():
    history = read(ways(A="Order 5 Offer 5 Lead 5"))
    assert walked(history) == [("Lead", 0, 0, "won"), ("Offer", 0, 0, "won")]
    assert counted(history, "several statuses at one moment: in funnel order") == ("repaired", 2, 1)


def test_rows_out_of_order_are_sorted_and_counted():
    history = read(ways(A="Offer 5 Lead 1 Order 9"))
    assert walked(history) == [("Lead", 4, 8, "won"), ("Offer", 4, 4, "won")]
    assert counted(history, "not in chronological order: sorted") == ("repaired", 1, 1)


def test_unknown_statuses_are_named_with_their_counts():
    history = read(ways(A="Lead 1 Rfq 2 Rfq 3 Won 4", B="Rfq 5"))
    assert counted(history, "status not in the funnel") == ("dropped", 4, 2)
    assert history.report.set_index("what").at["status not in the funnel", "detail"] == "Rfq (3), Won (1)"


def test_a_case_that_was_never_open_is_kept_as_a_case_without_spells():
    history = read(ways(A="Order 5"))
    assert history.spells.empty
    assert history.cases.at["A", "outcome"] == "won"
    assert pd.isna(history.cases.at["A", "closed_from"])
    assert counted(history, "closed without ever being open") == ("kept", 1, 1)


def test_cases_older_than_the_record_come_under_observation_when_it_begins():
    record = ways(A="Lead 1 Offer 6 Order 14", B="Lead 2 Lost 5", C="Lead 12")
    history = read(record, recorded_from="2026-03-08")
    assert history.spells[["opportunity_id", "status", "delay"]].values.tolist() == [
        ["A", "Lead", 7], ["A", "Offer", 2], ["C", "Lead", 0],
    ]  # fmt: skip
    assert counted(history, "case closed before recording began") == ("dropped", 2, 1)
    assert counted(history, "begun before recording: seen from then on") == ("kept", 1, 1)


def test_mixed_time_zones_are_counted():
    record = changes(("A", "2026-03-02T23:00:00-05:00", "Lead"), ("A", "2026-03-03 12:00", "Offer"))
    history = read(record)
    assert walked(history)[0][1] == pytest.approx(8 / 24)  # from 04:00 to 12:00 UTC
    assert counted(history, "no time zone where others have one: taken as UTC") == ("repaired", 1, 1)


@settings(deadline=None, max_examples=30)
@given(records(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_the_names_of_cases_do_not_matter(record, seed):
    shuffled = record.sample(frac=1, random_state=seed)
    renamed = shuffled.assign(
        opportunity_id=shuffled["opportunity_id"].map(lambda name: f"Z{ord('Z') - ord(name)}")
    )
    ours, theirs = read(record), read(shuffled)
    pd.testing.assert_frame_equal(ours.spells, theirs.spells)
    pd.testing.assert_frame_equal(ours.cases, theirs.cases)
    other = read(renamed).spells.drop(columns="opportunity_id")
    by = ["entered_at", "status", "days", "days_to_end", "outcome"]
    pd.testing.assert_frame_equal(
        ours.spells.drop(columns="opportunity_id").sort_values(by, ignore_index=True),
        other.sort_values(by, ignore_index=True),
    )


@settings(deadline=None, max_examples=30)
@given(records(), st.integers(1, 28))
def test_nothing_after_the_day_is_seen(record, day):
    as_of = f"2026-03-{day:02d}"
    ours, theirs = read(record, as_of), read(record[record["changed_at"] <= as_of], as_of)
    pd.testing.assert_frame_equal(ours.spells, theirs.spells)
    pd.testing.assert_frame_equal(ours.cases, theirs.cases)
    pd.testing.assert_frame_equal(ours.report, theirs.report)


@settings(deadline=None, max_examples=30)
@given(records(min_size=1))
def test_spells_of_a_case_follow_each_other(record):
    history = read(record, "2026-03-28")
    spells = history.spells
    assert (spells["days"] >= 0).all() and (spells["days"] <= spells["days_to_end"]).all()
    after = spells.groupby("opportunity_id")["entered_at"].shift(-1)
    assert (spells["left_at"] <= after)[after.notna()].all()  # a gap only where the case was closed meanwhile
    rows = history.report.set_index("done").loc["dropped", "rows"].sum()
    reached = (
        len(spells)
        + np.isin(history.cases["outcome"], ["won", "lost"]).sum()
        + history.cases["reopened"].sum()
    )
    assert rows + reached == len(record)  # every row is either used or counted as dropped
