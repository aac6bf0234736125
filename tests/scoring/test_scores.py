import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_toolkit import scoring
from vs_toolkit.scoring import Element, Scale, evaluate, evaluate_all, weighted

LEADER = {"Experience": 0.547569, "Education": 0.126555, "Charisma": 0.26995, "Age": 0.055926}
TWO_LEVELS = Scale(
    name="value",
    title="Value",
    classes={"normal": 0, "important": 45, "key": 65},
    elements=(
        Element(
            id="past",
            title="Past",
            weight=30,
            elements=(
                Element(id="revenue", title="Revenue", weight=2, points=((0, 0), (1000, 100))),
                Element(id="share", title="Share", weight=1, points=((0, 0), (1, 100))),
            ),
        ),
        Element(id="future", title="Future", weight=70, scale={0: "none", 50: "some", 100: "much"}),
    ),
)
answers = st.dictionaries(st.sampled_from(["revenue", "share", "future"]), st.floats(0, 100))


def test_weighted_mean_agrees_with_the_published_leader_example():
    # AHPy README (the leader example of Wikipedia): Nell 0.493, Moll 0.358, Sue 0.15
    scores = {
        "Moll": {"Experience": 0.217166, "Education": 0.188394, "Charisma": 0.742867, "Age": 0.265433},
        "Nell": {"Experience": 0.717065, "Education": 0.080961, "Charisma": 0.193882, "Age": 0.671625},
        "Sue": {"Experience": 0.065769, "Education": 0.730645, "Charisma": 0.063252, "Age": 0.062941},
    }
    totals = {name: weighted(own, LEADER).value for name, own in scores.items()}
    assert totals == pytest.approx({"Nell": 0.493, "Moll": 0.358, "Sue": 0.15}, abs=0.0011)


def test_two_levels_roll_up():
    card = evaluate(TWO_LEVELS, {"revenue": 90, "share": 30, "future": 50})
    # weights 0.3*2/3 = 0.2, 0.3*1/3 = 0.1, 0.7: 0.2*90 + 0.1*30 + 0.7*50 = 18 + 3 + 35 = 56
    assert card.value == pytest.approx(56)
    assert (card.coverage, card.class_name, card.missing) == (pytest.approx(1), "important", ())
    assert card.groups["score"].tolist() == pytest.approx([70, 50])  # (2*90 + 30)/3
    assert card.groups["contribution"].tolist() == pytest.approx([21, 35])


def test_missing_is_not_zero():
    card = evaluate(TWO_LEVELS, {"revenue": 90, "share": None, "future": 50})
    # known weight 0.2 + 0.7 = 0.9: (18 + 35)/0.9 = 58.89; as zero it would be 53
    assert card.value == pytest.approx(53 / 0.9)
    assert card.coverage == pytest.approx(0.9)
    assert card.missing == ("share",)
    assert card.groups["contribution"].sum() == pytest.approx(53 / 0.9)
    assert card.bounds == pytest.approx((53, 63))  # the missing 0.1 at 0, and at 100


def test_nothing_known_is_none_and_no_class():
    card = evaluate(TWO_LEVELS, {"share": float("nan")})
    assert (card.value, card.coverage, card.class_name) == (None, 0, "")
    assert card.bounds == (0, 100)
    assert card.groups["score"].isna().all()
    assert scoring.robustness(card) is None


def test_text_of_the_nearest_score():
    card = evaluate(TWO_LEVELS, {"future": 60})
    assert card.elements.loc["Future", "text"] == "some"
    assert card.elements.loc["Revenue", "text"] == ""


@pytest.mark.parametrize(("value", "score"), [(-5, 0), (0, 0), (250, 25), (1000, 100), (9e9, 100)])
def test_measured_values_lie_on_straight_lines(value, score):
    assert TWO_LEVELS.leaves["revenue"].element.score_of(value) == pytest.approx(score)


def test_wrong_answers_are_refused_with_what_would_be_right():
    with pytest.raises(ValueError, match="did you mean 'future'"):
        evaluate(TWO_LEVELS, {"futur": 50})
    with pytest.raises(ValueError, match="between 0 and 100, not 101"):
        evaluate(TWO_LEVELS, {"future": 101})
    with pytest.raises(ValueError, match="no weight for x"):
        weighted({"x": 1}, {"y": 1})
    with pytest.raises(ValueError, match="not all zero"):
        weighted({}, {"y": 0})


def shares(scores):
    """The faulty way: every column divided by its sum over those present (Belton & Gear 1983)."""
    return scores / scores.sum(axis=0)


def test_fixed_scales_do_not_reverse_ranks_where_shares_do():
    three = pd.DataFrame(
        {"A": [1, 9, 8], "B": [9, 1, 9], "C": [1, 1, 1]}, index=["x", "y", "z"], dtype=float
    ).T
    four = pd.concat([three, three.loc[["B"]].rename({"B": "D"})])
    equal = dict.fromkeys("xyz", 1.0)
    by_share = [[weighted(dict(row), equal).value for _, row in shares(f).iterrows()] for f in (three, four)]
    # published: three 0.45 0.47 0.08, four 0.37 0.29 0.06 0.29: a copy of B puts A before B
    assert by_share[0] == pytest.approx([0.45, 0.47, 0.08], abs=0.006)
    assert by_share[1] == pytest.approx([0.37, 0.29, 0.06, 0.29], abs=0.006)
    scale = Scale(
        name="s", title="S", elements=tuple(Element(id=i, title=i, points=((0, 0), (10, 100))) for i in "xyz")
    )
    few, more = evaluate_all(scale, three * 10), evaluate_all(scale, four * 10)
    assert few["value"].tolist() == pytest.approx([60, 190 / 3, 10])  # (10+90+80)/3, (90+10+90)/3, 30/3
    pd.testing.assert_frame_equal(more.loc[few.index], few)


@settings(deadline=None)
@given(answers)
def test_the_total_lies_between_the_lowest_and_highest_answer(given_answers):
    card = evaluate(TWO_LEVELS, given_answers)
    assert 0 <= card.coverage <= 1 + 1e-12
    if given_answers:
        assert min(given_answers.values()) - 1e-9 <= card.value <= max(given_answers.values()) + 1e-9
        low, high = card.bounds
        assert low - 1e-9 <= card.value <= high + 1e-9
        assert card.groups["contribution"].sum() == pytest.approx(card.value, abs=1e-9)


@settings(deadline=None)
@given(st.lists(answers, min_size=1, max_size=6), answers)
def test_one_more_customer_changes_nobody_elses_score(rows, one_more):
    frame = pd.DataFrame(rows, columns=["revenue", "share", "future"], dtype=float)
    more = pd.DataFrame([*rows, one_more], columns=frame.columns, dtype=float)
    pd.testing.assert_frame_equal(
        evaluate_all(TWO_LEVELS, more).iloc[: len(rows)], evaluate_all(TWO_LEVELS, frame)
    )


def test_the_newest_answer_counts_and_strangers_do_not():
    rows = pd.DataFrame(
        {
            "scale": ["value", "value", "value", "other"],
            "element": ["future", "future", "gone", "share"],
            "score": [80.0, 20.0, 5.0, 1.0],
            "assessed_on": pd.to_datetime(["2026-05-01", "2026-01-01", "2026-01-01", "2026-01-01"]),
        }
    )
    assert scoring.answers_of(rows, TWO_LEVELS) == {"future": 80.0}
    assert scoring.answers_of(rows.iloc[:0], TWO_LEVELS) == {}


def test_a_scale_is_plain_data():
    assert Scale.model_validate(json.loads(TWO_LEVELS.model_dump_json())) == TWO_LEVELS
    assert np.isclose(sum(leaf.weight for leaf in TWO_LEVELS.leaves.values()), 1)
