"""The exact hit rates of the funnel, against chains that can be worked out by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from vs_toolkit.demo.truth import FUNNEL_TRUTH, STEADY_FUNNEL, Segment, move_probabilities, true_hit_rates

PLAIN = Segment("plain", share=1.0, pace=1.0, lost_shift=0.0, median_value=1e5)
LADDER = replace(
    STEADY_FUNNEL,
    segments=(PLAIN,),
    moves=(
        # lead, without price, with price, accepted, decided, order, lost
        (0, 0.5, 0, 0, 0, 0, 0.5),
        (0, 0, 0.6, 0, 0, 0, 0.4),
        (0, 0, 0, 0.7, 0, 0, 0.3),
        (0, 0, 0, 0, 0.8, 0, 0.2),
        (0, 0, 0, 0, 0, 0.9, 0.1),
    ),
)


def test_a_ladder_without_skips_multiplies() -> None:
    # 0.9; 0.8 x 0.9 = 0.72; 0.7 x 0.72 = 0.504; 0.6 x 0.504 = 0.3024; 0.5 x 0.3024 = 0.1512
    expected = [0.1512, 0.3024, 0.504, 0.72, 0.9]
    assert true_hit_rates(LADDER)["all"].to_list() == pytest.approx(expected)


def test_a_step_back_is_counted_as_often_as_it_happens() -> None:
    back = replace(LADDER, moves=(*LADDER.moves[:4], (0, 0, 0, 0.1, 0, 0.8, 0.1)))
    # accepted a = 0.8 d, decided d = 0.8 + 0.1 a = 0.8 + 0.08 d, so d = 0.8 / 0.92
    assert true_hit_rates(back)["all"]["Decision made"] == pytest.approx(0.8 / 0.92)


def test_a_shift_doubles_the_odds_of_losing() -> None:
    # 0.5 lost is odds 1; doubled it is 2, or 2/3; what goes on shares the other third
    shifted = move_probabilities(LADDER, [np.log(2)])[0]
    assert shifted[0].tolist() == pytest.approx([0, 1 / 3, 0, 0, 0, 0, 2 / 3])
    assert shifted.sum(axis=1) == pytest.approx(np.ones(5))


def test_segments_count_by_the_cases_that_reach_a_status() -> None:
    hard = replace(PLAIN, name="hard", share=0.5, lost_shift=np.log(2))
    mixed = true_hit_rates(replace(LADDER, segments=(replace(PLAIN, share=0.5), hard)))
    # odds of losing doubled, going on: 1/3; 3/7; 0.7/1.3; 2/3; 9/11
    hard_rate = 9 / 11 * 2 / 3
    # "Solution accepted" is reached by 0.5 x 0.6 x 0.7 = 0.21 and by 1/3 x 3/7 x 7/13 = 1/13 of the cases
    expected = (0.21 * 0.72 + 1 / 13 * hard_rate) / (0.21 + 1 / 13)
    assert mixed["hard"]["Solution accepted"] == pytest.approx(hard_rate)
    assert mixed["all"]["Solution accepted"] == pytest.approx(expected)


def test_drift_lowers_the_rates_of_later_cases() -> None:
    first, last = (
        true_hit_rates(FUNNEL_TRUTH, day)["all"] for day in (FUNNEL_TRUTH.start, date(2026, 6, 30))
    )
    assert (last < first).all()
    assert true_hit_rates(STEADY_FUNNEL, date(2026, 6, 30)).equals(true_hit_rates(STEADY_FUNNEL))
