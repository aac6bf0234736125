"""Periods of whole months: full months as of a day, fiscal years, year to date, last twelve months, targets.

A month stands for itself as the timestamp of its first day. A fiscal year is named after the calendar year
in which it ends. A month counts when it is over: on 29 June the last full month is May.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

MONTHS = 12


@dataclass(frozen=True)
class Period:
    """Whole months from the first to the last, both included.

    >>> Period(pd.Timestamp(2024, 2, 1), pd.Timestamp(2024, 2, 1), "Feb 2024").days
    29
    """

    first: pd.Timestamp
    last: pd.Timestamp
    label: str = ""

    @property
    def months(self) -> pd.DatetimeIndex:
        """First days of its months."""
        return pd.date_range(self.first, self.last, freq="MS")

    @property
    def start(self) -> pd.Timestamp:
        """First day."""
        return self.first

    @property
    def end(self) -> pd.Timestamp:
        """Last day."""
        return self.last + pd.offsets.MonthEnd(0)

    @property
    def days(self) -> int:
        """Number of days; a leap year has 366."""
        return (self.end - self.start).days + 1

    @property
    def opening(self) -> pd.Timestamp:
        """Month whose closing balance is the opening balance of the period."""
        return self.first - pd.DateOffset(months=1)

    def moved(self, months: int) -> Period:
        """Return as many months, moved by ``months``.

        >>> last_twelve(date(2026, 6, 30)).moved(-12).label
        'Jul 2024–Jun 2025'
        """
        move = pd.DateOffset(months=months)
        return between(self.first + move, self.last + move)

    @property
    def year_before(self) -> Period:
        """The same months a year earlier."""
        return self.moved(-MONTHS)

    def holds(self, days: pd.Series[Any]) -> pd.Series[bool]:
        """Tell which days (or months) lie within the period; a missing day does not."""
        return (days >= self.start) & (days < self.end + pd.Timedelta(days=1))

    def missing(self, months: pd.Series[Any]) -> list[pd.Timestamp]:
        """Months of the period for which nothing is given.

        >>> given = pd.Series(pd.to_datetime(["2026-01-01", "2026-03-01"]))
        >>> period = between(given.min(), given.max())
        >>> [f"{month:%b}" for month in period.missing(given)]
        ['Feb']
        """
        return [month for month in self.months if month not in set(months.dropna())]


def between(first: pd.Timestamp, last: pd.Timestamp) -> Period:
    """Return the period from one month to another, labelled with both."""
    label = f"{first:%b %Y}" if first == last else f"{first:%b %Y}–{last:%b %Y}"
    return Period(first, last, label)


def last_full_month(as_of: date) -> pd.Timestamp:
    """Return the first day of the last month that is over on ``as_of``.

    >>> last_full_month(date(2026, 6, 30)).date(), last_full_month(date(2026, 6, 29)).date()
    (datetime.date(2026, 6, 1), datetime.date(2026, 5, 1))
    >>> last_full_month(date(2024, 2, 28)).date()
    datetime.date(2024, 1, 1)
    """
    day = pd.Timestamp(as_of).normalize()
    over = day if day.is_month_end else day - pd.offsets.MonthEnd(1)
    return over.replace(day=1)


def last_months(as_of: date, count: int) -> Period:
    """Return the last ``count`` full months.

    >>> last_months(date(2026, 6, 15), 3).label
    'Mar 2026–May 2026'
    """
    last = last_full_month(as_of)
    return between(last - pd.DateOffset(months=count - 1), last)


def last_twelve(as_of: date) -> Period:
    """Return the last twelve full months.

    >>> last_twelve(date(2026, 6, 30)).label
    'Jul 2025–Jun 2026'
    """
    return last_months(as_of, MONTHS)


def fiscal_year(month: pd.Timestamp | date, first_month: int = 1) -> int:
    """Return the fiscal year of a month: named after the calendar year in which it ends.

    >>> fiscal_year(date(2025, 7, 1), first_month=7), fiscal_year(date(2025, 6, 1), first_month=7)
    (2026, 2025)
    >>> fiscal_year(date(2025, 7, 1))
    2025
    """
    return month.year + (first_month > 1 and month.month >= first_month)


def full_year(year: int, first_month: int = 1) -> Period:
    """Return the twelve months of a fiscal year.

    >>> full_year(2026, first_month=7).label
    'Jul 2025–Jun 2026'
    """
    first = pd.Timestamp(year - (first_month > 1), first_month, 1)
    return between(first, first + pd.DateOffset(months=MONTHS - 1))


def year_to_date(as_of: date, first_month: int = 1) -> Period:
    """Return the full months of the fiscal year of the last full month.

    In the first month of a fiscal year, that is the whole year before: nothing of the new one is over yet.

    >>> year_to_date(date(2026, 6, 30)).label, year_to_date(date(2026, 8, 10), first_month=7).label
    ('Jan 2026–Jun 2026', 'Jul 2026')
    """
    last = last_full_month(as_of)
    return between(full_year(fiscal_year(last, first_month), first_month).first, last)


def trailing(period: Period, count: int, months: int = 3) -> list[Period]:
    """Return ``count`` periods of ``months`` months, one after the other, that end with ``period``.

    >>> [part.label for part in trailing(last_twelve(date(2026, 6, 30)), 2)]
    ['Jan 2026–Mar 2026', 'Apr 2026–Jun 2026']
    """
    newest = between(period.last - pd.DateOffset(months=months - 1), period.last)
    return [newest.moved(-months * back) for back in reversed(range(count))]


PERIODS: dict[str, Callable[[date, int], Period]] = {
    "last twelve months": lambda as_of, first_month: last_twelve(as_of),
    "year to date": year_to_date,
    "last quarter": lambda as_of, first_month: last_months(as_of, 3),
    "last month": lambda as_of, first_month: last_months(as_of, 1),
}


def prorated(amount: float, days: int, days_of_year: int = 365) -> float:
    """Return the part of a yearly amount for a number of days.

    >>> prorated(146_000, 60)
    24000.0
    """
    return amount * days / days_of_year


def split_target(amount: float, period: Period) -> pd.Series[float]:
    """Split a target over the months of a period by their days; the parts sum to the whole.

    >>> float(split_target(366.0, full_year(2024)).loc["2024-02-01"])
    29.0
    """
    months = period.months
    return pd.Series(amount * months.days_in_month.to_numpy() / period.days, index=months)


def joined_target(by_month: pd.Series[float], period: Period) -> float:
    """Add the targets of the months of a period; a month without one makes the whole unknown (NaN).

    >>> halves = split_target(100.0, full_year(2025))
    >>> round(joined_target(halves, full_year(2025)), 9)
    100.0
    >>> joined_target(halves, full_year(2025).moved(1))
    nan
    """
    return float(by_month.reindex(period.months).sum(skipna=False))
