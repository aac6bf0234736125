"""Competence profile (book, figure 21): three raters, their agreement, the class, change and goals."""

import math

import pytest

from tests.metrics.books import table
from vs_toolkit.metrics.competence import Competence

SKILLS, WAY = "personal sales skills", "company way"
ITEMS = [(SKILLS, "contacts"), (SKILLS, "business"), (WAY, "forecast"), (WAY, "tools")]


def ratings(person, rater, scores, day="2026-05-10", high=5):
    return [
        {"person_id": person, "rated_on": day, "rater": rater, "dimension": dimension, "item": item,
         "score": score, "low": 1, "high": high}
        for (dimension, item), score in zip(ITEMS, scores, strict=True)
    ]  # fmt: skip


def competence(*rows, goals=()):
    flat = [row for group in rows for row in group]
    return Competence(table("ratings", flat), table("competence_goals", list(goals)))


@pytest.mark.parametrize(
    ("scores", "name"),
    [
        ([5, 5, 5, 5], "committed"),
        ([5, 5, 1, 1], "detached"),
        ([1, 1, 5, 5], "compliant"),
        ([1, 1, 1, 1], "deficient"),
        ([3, 3, 3, 3], "committed"),  # 50 is the divider, and counts as reached
    ],
)
def test_the_four_classes(scores, name):
    own = competence(*(ratings("P1", rater, scores) for rater in ("self", "manager", "co-worker")))
    assert own.profile().loc["P1", "class"] == name


def test_all_three_are_shown_and_two_decide():
    own = competence(
        ratings("P1", "self", [5, 5, 5, 5]),
        ratings("P1", "manager", [5, 5, 2, 2]),
        ratings("P1", "co-worker", [4, 4, 1, 1]),
    )
    row = own.profile().loc["P1"]
    assert row[["self", "manager", "co-worker", "class"]].tolist() == [
        "committed",
        "detached",
        "detached",
        "detached",
    ]
    assert (row["skills"], row["way"]) == (100, 25)  # medians of 100, 100, 75 and of 100, 25, 0


def test_three_opinions_are_no_class():
    own = competence(
        ratings("P1", "self", [5, 5, 5, 5]),
        ratings("P1", "manager", [5, 5, 1, 1]),
        ratings("P1", "co-worker", [1, 1, 5, 5]),
    )
    assert own.profile().loc["P1", "class"] == "raters disagree"


def test_a_mean_would_hide_that_raters_order_alike_on_other_levels():
    own = competence(
        ratings("P1", "self", [3, 4, 5, 4]),
        ratings("P1", "manager", [1, 2, 3, 2]),
        ratings("P1", "co-worker", [2, 3, 4, 3]),
    )
    row = own.profile().loc["P1"]
    assert row["icc3"] == pytest.approx(1.0)  # they order the items alike
    # between items 3 x var(50, 75, 100, 75)..., raters 25 points apart: 416.67 / (416.67 + 625) = 0.4
    assert row["icc2"] == pytest.approx(0.4)


def test_scales_of_different_width_are_brought_to_100():
    own = competence(ratings("P1", "self", [3, 3, 3, 3]), ratings("P1", "manager", [6, 6, 6, 6], high=11))
    marks = own.marks().loc["P1"]
    assert marks.loc["self", SKILLS] == 50
    assert marks.loc["manager", SKILLS] == 50


def test_change_is_measured_from_the_round_before():
    own = competence(
        ratings("P1", "self", [1, 1, 3, 3], day="2025-11-20"),
        ratings("P1", "self", [3, 3, 3, 3]),
    )
    assert own.change.loc["P1"].to_dict() == {"skills": 50, "way": 0}


def test_gaps_name_self_and_manager():
    own = competence(ratings("P1", "self", [5, 3, 3, 3]), ratings("P1", "manager", [1, 3, 3, 3]))
    assert own.gaps.index[0] == ("P1", "contacts")
    assert own.gaps["gap"].iloc[0] == 100


def test_a_goal_stands_beside_the_managers_latest_score():
    goal = {"person_id": "P1", "item": "tools", "set_on": "2026-06-01", "due": "2026-12-31", "goal": 4}
    own = competence(ratings("P1", "manager", [3, 3, 3, 2]), goals=[goal])
    assert own.open_goals.loc[("P1", "tools"), ["goal", "now"]].tolist() == [4, 2]


def test_without_ratings_everything_is_empty():
    own = competence()
    assert own.profile().empty
    assert own.change.empty
    assert own.gaps.empty
    assert all(math.isnan(value) for value in own.agreement)
