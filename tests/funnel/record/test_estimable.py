from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.history import read_history


def said(record):
    return estimable(read_history(record, FUNNEL, "2026-03-20"))


def test_a_file_with_only_the_current_status_has_no_hit_rates():
    answers = said(ways(A="Lead 1", B="Offer 2", C="Order 3", D="Lost 4"))
    assert answers["possible"].to_dict() == {
        "open opportunities by stage": "yes",
        "share won of closed opportunities": "yes",
        "win rate of each stage": "no",
        "days from a stage to the order": "no",
        "win probability by stage and age": "no",
        "regressions, skips and stalls": "no",
        "back-test of probabilities": "no",
        "stages of an opportunity over time": "in part",
    }
    rate = answers.loc["win rate of each stage"]
    assert rate["because"] == "of closed opportunities only the outcome is recorded, not their stages"
    assert rate["needed"] == "every change of stage with its day, also of closed opportunities"


def test_open_cases_only():
    answers = said(ways(A="Lead 1", B="Offer 2"))
    assert (
        answers.at["open opportunities by stage", "because"] == "the stage of 2 open opportunities is known"
    )
    assert set(answers["possible"].iloc[1:7]) == {"no"}


def test_a_complete_history_allows_everything():
    assert set(said(ways(A="Lead 1 Order 5", B="Lead 2 Lost 9", C="Lead 3"))["possible"]) == {"yes"}


def test_a_history_that_began_late_allows_it_in_part():
    rate = said(ways(A="Lead 1 Order 5", B="Order 6", C="Lost 7", D="Lost 8")).loc["win rate of each stage"]
    assert rate["possible"] == "in part"
    assert rate["because"] == "only 25% of closed opportunities show their stages"


def test_closings_that_are_all_alike_or_on_one_day_are_noticed():
    answers = said(ways(A="Lead 1 Lost 5", B="Lead 2 Lost 5"))
    assert (
        answers.at["share won of closed opportunities", "because"] == "every closed opportunity (2) is lost"
    )
    assert answers.at["days from a stage to the order", "because"] == "no opportunity is won"
    assert answers.at["back-test of probabilities", "possible"] == "no"


def test_nothing_at_all():
    assert set(said(changes())["possible"]) == {"no"}
