import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_toolkit.scoring import Element, Scale, evaluate, extremes, robustness


def scale(**weights):
    elements = tuple(
        Element(id=name, title=name.upper(), weight=weight, points=((0, 0), (1, 100)))
        for name, weight in weights.items()
    )
    return Scale(name="s", title="S", classes={"normal": 0, "key": 60}, elements=elements, weight_range=0.5)


def test_a_class_that_hangs_on_one_weight():
    card = evaluate(scale(a=1, b=1), {"a": 100, "b": 30})
    assert (card.value, card.class_name) == (65, "key")
    found = robustness(card)
    # all weights: a 0.5, b 1.5: (50 + 45)/2 = 47.5; a 1.5, b 0.5: (150 + 15)/2 = 82.5
    assert (found.low, found.high) == pytest.approx((47.5, 82.5))
    # a alone: 0.5*100 + 30 over 1.5 = 53.33; 150 + 30 over 2.5 = 72
    assert found.single.loc["A", ["low", "high"]].tolist() == pytest.approx([80 / 1.5, 72])
    assert (found.holds, found.decisive) == (False, ("A", "B"))


def test_a_class_that_holds():
    found = robustness(evaluate(scale(a=1, b=1), {"a": 90, "b": 80}))
    assert found.holds
    assert found.decisive == ()
    assert robustness(evaluate(scale(a=1, b=1), {"a": 100, "b": 30}), change=0).holds


def test_a_group_changes_as_one():
    grouped = Scale(
        name="s",
        title="S",
        classes={"normal": 0, "key": 60},
        elements=(
            Element(id="past", title="Past", elements=scale(a=1, b=1).elements),
            Element(id="future", title="Future", points=((0, 0), (1, 100))),
        ),
    )
    found = robustness(evaluate(grouped, {"a": 100, "b": 100, "future": 20}), change=0.5)
    # past 0.75 of 0.5, future 0.5: (0.25*100 + 0.5*20)/0.75 = 46.67; (0.75*100 + 10)/1.25 = 68
    assert found.single.loc["Past", ["low", "high"]].tolist() == pytest.approx([35 / 0.75, 68])


def test_a_weight_may_not_vanish():
    with pytest.raises(ValueError, match="below 1"):
        robustness(evaluate(scale(a=1, b=1), {"a": 1}), change=1)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 5)), min_size=1, max_size=7), st.floats(0, 0.9))
def test_the_ends_are_those_of_all_corners(pairs, change):
    scores, weights = (np.array(column) for column in zip(*pairs, strict=True))
    corners = [
        scores @ w / w.sum()
        for bits in range(2 ** len(pairs))
        for w in [weights * (1 + change * np.array([1 if bits >> i & 1 else -1 for i in range(len(pairs))]))]
    ]
    assert extremes(scores, weights * (1 - change), weights * (1 + change)) == pytest.approx(
        (min(corners), max(corners))
    )
