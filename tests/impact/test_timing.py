"""What part of an effect falls into which period, worked by hand."""

import pytest

from vs_toolkit.impact.timing import Grid

YEARS, MONTHS = Grid(3, 12), Grid(36, 1)


def test_a_yearly_amount_falls_at_the_end_of_every_year():
    assert YEARS.flow().tolist() == [0, 1, 1, 1]


def test_a_month_gets_a_twelfth():
    assert MONTHS.flow() == pytest.approx([0] + [1 / 12] * 36)


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
    assert YEARS.flow(**timing) == pytest.approx(by_year)


@pytest.mark.parametrize("timing", [{"start": 5}, {"ramp": 17}, {"start": 2, "ramp": 9, "end": 30}])
def test_the_months_of_a_year_add_up_to_the_year(timing):
    months = MONTHS.flow(**timing)
    assert months[1:].reshape(3, 12).sum(axis=1) == pytest.approx(YEARS.flow(**timing)[1:])


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
def test_levels_stand_at_the_end_of_the_period(timing, levels):
    assert YEARS.level(**timing) == pytest.approx(levels)


def test_between_two_year_ends_a_level_moves_evenly():
    assert MONTHS.level(by_year=[0, 12, 24, 24])[[0, 1, 6, 12, 18, 35, 36]] == pytest.approx(
        [0, 1, 6, 12, 18, 24, 0]
    )


@pytest.mark.parametrize(("month", "year"), [(0, 0), (1, 1), (12, 1), (13, 2), (36, 3)])
def test_a_payment_falls_at_the_end_of_its_year(month, year):
    assert YEARS.at(month).tolist() == [float(place == year) for place in range(4)]
    assert MONTHS.at(month).argmax() == month


def test_what_is_paid_after_the_horizon_is_not_paid():
    assert not YEARS.at(37).any()


def test_the_rate_of_twelve_months_is_the_yearly_one():
    assert YEARS.rate(0.08) == pytest.approx(0.08)
    assert (1 + MONTHS.rate(0.08)) ** 12 == pytest.approx(1.08)
