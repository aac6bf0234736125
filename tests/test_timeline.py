"""What falls into which month, worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_toolkit.finance import capital_charge, npv
from vs_toolkit.timeline import Grid, between_months

YEARS, MONTHS = Grid(36, every=12), Grid(36)
YEAR_ENDS = [0, 12, 24, 36]


def test_a_yearly_amount_falls_at_the_end_of_every_year():
    assert YEARS.flow().nonzero()[0].tolist() == [12, 24, 36]
    assert YEARS.flow()[YEAR_ENDS].tolist() == [0, 1, 1, 1]


def test_a_month_gets_a_twelfth():
    assert MONTHS.flow() == pytest.approx([0] + [1 / 12] * 36)


def test_a_quarter_gets_a_fourth_at_its_end():
    assert Grid(12, every=3).flow()[[3, 6, 9, 12]].tolist() == [0.25] * 4


def test_in_the_middle_and_in_advance():
    assert Grid(24, every=12, middle=True).flow().nonzero()[0].tolist() == [6, 18]
    assert YEARS.flow(in_advance=True).nonzero()[0].tolist() == [0, 12, 24]
    # the middle of a quarter is month 1.5: half in month 1, half in month 2
    assert Grid(3, every=3, middle=True).flow().tolist() == [0, 0.125, 0.125, 0]


def test_mid_year_is_worth_half_a_year_more():
    # NPV mid-year = CF0 + (NPV at year ends - CF0) x 1.1^0.5
    end, middle = YEARS.flow(by_year=[-9, 4, 5, 6]), Grid(36, 12, middle=True).flow(by_year=[-9, 4, 5, 6])
    rate = YEARS.rate(0.1)
    assert npv(rate, middle) == pytest.approx(-9 + (npv(rate, end) + 9) * 1.1**0.5)


@pytest.mark.parametrize(
    ("timing", "by_year"),
    [
        ({"start": 9}, [0, 3 / 12, 1, 1]),
        ({"end": 15}, [0, 1, 3 / 12, 0]),
        ({"start": 3, "end": 9}, [0, 6 / 12, 0, 0]),
        # the mean of a line from 0 to 1 is a half; over 24 months the years average 1/4 and 3/4
        ({"ramp": 12}, [0, 1 / 2, 1, 1]),
        ({"ramp": 24}, [0, 1 / 4, 3 / 4, 1]),
        # 6 months nothing, then 6 months from 0 to 1/2 (mean 1/4), then from 1/2 to 1 (mean 3/4)
        ({"start": 6, "ramp": 12}, [0, 1 / 8, (6 * 3 / 4 + 6) / 12, 1]),
        ({"by_year": [5, 12, 24]}, [5, 12, 24, 0]),
        ({"by_year": [5, 12, 24], "start": 6}, [5, 6, 24, 0]),
    ],
)
def test_flow_by_year(timing, by_year):
    assert YEARS.flow(**timing)[YEAR_ENDS] == pytest.approx(by_year)
    assert YEARS.yearly(MONTHS.flow(**timing)) == pytest.approx(by_year)


def test_month_by_month_a_ramp_passes_the_middle_of_each_month():
    # over 4 months from month 1: the months' means are 1/8, 3/8, 5/8, 7/8 of a twelfth
    assert MONTHS.flow(start=1, ramp=4)[:7] * 12 == pytest.approx([0, 0, 1 / 8, 3 / 8, 5 / 8, 7 / 8, 1])


@pytest.mark.parametrize(
    ("timing", "levels"),
    [
        ({}, [1, 1, 1, 0]),  # all is released at the horizon
        ({"start": 6}, [0, 1, 1, 0]),
        ({"ramp": 24}, [0, 1 / 2, 1, 0]),
        ({"end": 24}, [1, 1, 0, 0]),
        ({"by_year": [1, 5, 9, 9]}, [1, 5, 9, 0]),
        ({"by_year": [1, 5]}, [1, 5, 0, 0]),
    ],
)
def test_levels_stand_at_the_end_of_the_month(timing, levels):
    assert YEARS.level(**timing)[YEAR_ENDS] == pytest.approx(levels)
    assert YEARS.year_ends(MONTHS.level(**timing)) == pytest.approx(levels)


def test_a_level_moves_in_its_month_on_every_grid():
    assert YEARS.level(start=2, ramp=4)[:8].tolist() == MONTHS.level(start=2, ramp=4)[:8].tolist()
    assert YEARS.level(start=2, ramp=4)[:8].tolist() == [0, 0, 0, 0.25, 0.5, 0.75, 1, 1]


def test_levels_by_year_move_evenly_by_month_and_in_steps_by_year():
    assert MONTHS.level(by_year=[0, 12, 24, 24])[[0, 1, 6, 12, 18, 35, 36]] == pytest.approx(
        [0, 1, 6, 12, 18, 24, 0]
    )
    assert YEARS.level(by_year=[0, 12, 24, 24])[[0, 11, 12, 23, 24, 36]].tolist() == [0, 0, 12, 12, 24, 0]


def test_a_payment_falls_in_its_month():
    assert YEARS.at(13).argmax() == MONTHS.at(13).argmax() == 13
    assert not YEARS.at(37).any()


def test_after_the_horizon_there_is_only_the_tail():
    late = Grid(24, every=12, tail=12)
    assert late.size == 37
    assert late.flow().nonzero()[0].tolist() == [12, 24]
    assert late.level()[23:].tolist() == [1.0] + [0.0] * 13
    assert not late.at(30).any()


def test_rates():
    assert (1 + YEARS.rate(0.08)) ** 12 == pytest.approx(1.08)
    rates = YEARS.rate([0.1, 0.21])
    assert (1 + rates[[1, 12, 13, 36]]) ** 12 == pytest.approx([1.1, 1.1, 1.21, 1.21])


def test_the_charge_of_a_year_is_the_yearly_rate_on_constant_capital():
    charge = capital_charge(YEARS.level(), YEARS.rate(0.1))
    found = YEARS.compounded(charge, YEARS.rate(0.1))
    assert found[YEAR_ENDS] == pytest.approx([0, 0.1, 0.1, 0.1])
    assert npv(YEARS.rate(0.1), found) == pytest.approx(float(npv(YEARS.rate(0.1), charge)))


def test_a_grid_is_made_of_whole_periods():
    with pytest.raises(ValueError, match="no whole number"):
        Grid(14, every=12)
    with pytest.raises(ValueError, match="a month has no middle"):
        Grid(14, middle=True)


@given(st.integers(0, 20), st.integers(0, 30), st.sampled_from([1, 3, 12]))
def test_the_periods_of_a_year_add_up_to_the_year(start, ramp, every):
    yearly = YEARS.yearly(Grid(36, every).flow(start, ramp))
    assert yearly == pytest.approx(YEARS.flow(start, ramp)[YEAR_ENDS])


@given(st.floats(0, 12), st.integers(0, 3), st.integers(9, 15))
def test_uncertain_months_are_shared_by_their_neighbours(month, low, high):
    weights = between_months(month, low, high)
    assert sum(weights.values()) == pytest.approx(1)
    assert sum(m * w for m, w in weights.items()) == pytest.approx(month)


def test_uncertain_months_in_draws():
    weights = between_months(np.array([1.0, 2.5]), 1, 3)
    assert {m: w.tolist() for m, w in weights.items()} == {1: [1, 0], 2: [0, 0.5], 3: [0, 0.5]}
