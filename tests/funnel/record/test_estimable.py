from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.history import read_history


def said(record):
    return estimable(read_history(record, FUNNEL, "2026-03-20"))


def test_a_file_with_only_the_current_status_has_no_hit_rates():
    answers = said(ways(A="Lead 1", B="Offer 2", C="Order 3", D="Lost 4"))
    assert answers["possible"].to_dict() == {
        "open cases by status": "yes",
        "share won of closed cases": "yes",
        "hit rate of each status": "no",
        "days from a status to the order": "no",
        "win probability by status and age": "no",
        "steps back, skips and stalls": "no",
        "back-test of probabilities": "no",
    }
    rate = answers.loc["hit rate of each status"]
    assert rate["because"] == "of closed cases only the outcome is on record, not what they went through"
    assert rate["needed"] == "every change of status with its day, also of cases that are closed"


def test_open_cases_only():
    answers = said(ways(A="Lead 1", B="Offer 2"))
    assert answers.at["open cases by status", "because"] == "the status of 2 open cases is known"
    assert set(answers["possible"].iloc[1:]) == {"no"}


def test_a_complete_history_allows_everything():
    assert set(said(ways(A="Lead 1 Order 5", B="Lead 2 Lost 9", C="Lead 3"))["possible"]) == {"yes"}


def test_a_history_that_began_late_allows_it_in_part():
    rate = said(ways(A="Lead 1 Order 5", B="Order 6", C="Lost 7", D="Lost 8")).loc["hit rate of each status"]
    assert rate["possible"] == "in part"
    assert rate["because"] == "only 25% of closed cases show what they went through"


def test_closings_that_are_all_alike_or_on_one_day_are_noticed():
    answers = said(ways(A="Lead 1 Lost 5", B="Lead 2 Lost 5"))
    assert answers.at["share won of closed cases", "because"] == "every closed case (2) is lost"
    assert answers.at["days from a status to the order", "because"] == "no case is won"
    assert answers.at["back-test of probabilities", "possible"] == "no"


def test_nothing_at_all():
    assert set(said(changes())["possible"]) == {"no"}
