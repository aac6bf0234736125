"""Periods of whole months: what is over on a day, fiscal years, leap years, targets split and joined."""

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_toolkit import periods

DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))
STARTS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        (date(2026, 6, 30), "2026-06-01"),
        (date(2026, 6, 29), "2026-05-01"),
        (date(2026, 1, 1), "2025-12-01"),
        (date(2024, 2, 29), "2024-02-01"),  # leap year: 28 February is not its end
        (date(2024, 2, 28), "2024-01-01"),
        (date(2025, 2, 28), "2025-02-01"),
    ],
)
def test_a_month_counts_when_it_is_over(as_of, month):
    assert periods.last_full_month(as_of) == pd.Timestamp(month)


@pytest.mark.parametrize(
    ("as_of", "first_month", "label"),
    [
        (date(2026, 6, 30), 1, "Jan 2026–Jun 2026"),
        (date(2026, 6, 30), 7, "Jul 2025–Jun 2026"),  # a whole fiscal year
        (date(2026, 7, 30), 7, "Jul 2025–Jun 2026"),  # July is not over: the new year has no full month yet
        (date(2026, 7, 31), 7, "Jul 2026"),
        (date(2026, 3, 31), 4, "Apr 2025–Mar 2026"),
    ],
)
def test_year_to_date_follows_the_fiscal_year(as_of, first_month, label):
    assert periods.year_to_date(as_of, first_month).label == label


@given(DAYS, STARTS)
def test_every_month_lies_in_the_fiscal_year_that_bears_it(day, first_month):
    year = periods.full_year(periods.fiscal_year(day, first_month), first_month)
    assert year.start.date() <= day <= year.end.date()
    assert len(year.months) == 12
    assert year.first.month == first_month


@given(DAYS)
def test_last_twelve_months_are_whole_and_over(day):
    period = periods.last_twelve(day)
    assert len(period.months) == 12
    assert period.end.date() <= day
    assert period.days in (365, 366)
    assert period.year_before.end + pd.Timedelta(days=1) == period.start


def test_a_leap_year_has_366_days_and_its_february_29():
    assert periods.full_year(2024).days == 366
    assert periods.full_year(2025, first_month=7).days == 365  # July 2024 to June 2025: no 29 February
    assert periods.full_year(2024, first_month=7).days == 366  # July 2023 to June 2024
    february = periods.last_months(date(2024, 2, 29), 1)
    assert february.year_before.end == pd.Timestamp(2023, 2, 28)
    assert february.moved(12).days == 28


def test_a_period_holds_its_last_day_to_the_last_minute():
    days = ["2026-04-30 23:59", "2026-05-01 00:00", "2026-05-31 23:59", "2026-06-01 00:00", None]
    may = periods.last_months(date(2026, 5, 31), 1)
    assert may.holds(pd.Series(pd.to_datetime(days))).tolist() == [False, True, True, False, False]


def test_trailing_quarters_follow_each_other_without_gap():
    parts = periods.trailing(periods.last_twelve(date(2026, 5, 31)), 8)
    assert [part.label for part in parts[-2:]] == ["Dec 2025–Feb 2026", "Mar 2026–May 2026"]
    assert all(a.end + pd.Timedelta(days=1) == b.start for a, b in pairwise(parts))


def test_part_of_a_yearly_target_goes_by_days():
    # Kizen support, sales leaderboard: 60 days of 146,000 a year are 146,000 / 365 × 60 = 24,000
    assert periods.prorated(146_000, 60) == pytest.approx(24_000, abs=1e-6)


@given(st.floats(1, 1e9), DAYS, STARTS, st.integers(1, 11))
def test_the_targets_of_two_halves_are_the_whole(amount, day, first_month, cut):
    year = periods.full_year(periods.fiscal_year(day, first_month), first_month)
    by_month = periods.split_target(amount, year)
    first = periods.between(year.months[0], year.months[cut - 1])
    second = periods.between(year.months[cut], year.months[-1])
    halves = periods.joined_target(by_month, first) + periods.joined_target(by_month, second)
    assert halves == pytest.approx(amount)
    assert periods.joined_target(by_month, year) == pytest.approx(amount)


def test_a_month_without_a_target_makes_the_whole_unknown():
    year = periods.full_year(2025)
    by_month = periods.split_target(120.0, year).drop(pd.Timestamp(2025, 5, 1))
    assert pd.isna(periods.joined_target(by_month, year))
