"""Relationship plans of one or many customers as arrays: lines by year, with their ranges."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray

LINES = ("sales_investment", "revenue", "margin", "cost_to_serve", "capital", "survival")
REQUIRED = LINES[:4]
COSTS = ("sales_investment", "cost_to_serve", "capital")  # whose high end is the worse one
SALES_INVESTMENT, REVENUE, MARGIN, COST_TO_SERVE, CAPITAL, SURVIVAL = range(6)
LOW, EXPECTED, HIGH = range(3)
POINTS = ("low", "expected", "high")
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Horizon:
    """Periods after a day: the rest of its calendar year, if any, then whole years.

    >>> Horizon.until(date(2026, 6, 30), 2028).fraction.tolist()
    [0.5, 1.0, 1.0]
    """

    as_of: date
    years: tuple[int, ...]
    fraction: FloatArray

    @classmethod
    def until(cls, as_of: date, last: int) -> Horizon:
        """Make the periods from ``as_of`` to the end of the year ``last``."""
        days = calendar.monthrange(as_of.year, as_of.month)[1]
        rest = (12 - as_of.month + 1 - as_of.day / days) / 12
        parts = {as_of.year: rest} | dict.fromkeys(range(as_of.year + 1, last + 1), 1.0)
        kept = {year: part for year, part in parts.items() if part > 0 and year <= last}
        return cls(as_of, tuple(kept), np.array(list(kept.values())))

    def rates(self, yearly: float) -> FloatArray:
        """Rate of each period that compounds to ``yearly``; shape (periods+1,), the first without effect."""
        return np.array([0.0, *(finance.convert_rate(yearly, part) for part in self.fraction)])

    def factors(self, yearly: float) -> FloatArray:
        """Discount factors at the end of each period, today first; shape (periods+1,)."""
        return finance.discount_factors(self.rates(yearly), len(self.years))

    @property
    def labels(self) -> tuple[str, ...]:
        """Name of each period."""
        return tuple(
            f"rest of {year}" if part < 1 else str(year)
            for year, part in zip(self.years, self.fraction, strict=True)
        )


@dataclass(frozen=True)
class Plans:
    """Newest plan of each customer.

    Attributes
    ----------
    customers
        Their ids, in the order of the arrays.
    horizon
        Periods of all plans together.
    values
        Shape (points, lines, customers, periods), yearly figures as written; NaN where not given.
    planned_on
        Day of each plan.
    """

    customers: tuple[str, ...]
    horizon: Horizon
    values: FloatArray
    planned_on: tuple[date, ...]

    @cached_property
    def given(self) -> BoolArray:
        """Which line each customer has a figure for; shape (lines, customers)."""
        known: BoolArray = ~np.isnan(self.values[EXPECTED]).all(axis=-1)
        return known

    @cached_property
    def planned(self) -> BoolArray:
        """Which period each customer has planned; shape (customers, periods)."""
        known: BoolArray = ~np.isnan(self.values[EXPECTED]).all(axis=0)
        return known

    @cached_property
    def holes(self) -> BoolArray:
        """Planned periods without a figure for a line that is required or given otherwise; as ``values``."""
        wanted = self.given | (np.arange(len(LINES)) < len(REQUIRED))[:, None]
        missing: BoolArray = np.isnan(self.values[EXPECTED]) & wanted[..., None] & self.planned
        return missing

    @cached_property
    def complete(self) -> BoolArray:
        """Whose plan can be valued; shape (customers,)."""
        gapless = [self._gapless(row) for row in self.planned]
        whole: BoolArray = ~self.holes.any(axis=(0, 2)) & np.array(gapless, dtype=bool)
        return whole

    @staticmethod
    def _gapless(row: BoolArray) -> bool:
        """Whether the planned periods follow one another from the first on."""
        return bool(row.any()) and bool(row[: row.sum()].all())

    def missing(self, customer: str) -> tuple[str, ...]:
        """What keeps the customer's plan from being valued, as line or year."""
        place = self.customers.index(customer)
        lines = [LINES[line] for line in np.flatnonzero(self.holes[:, place].any(axis=-1))]
        if self._gapless(self.planned[place]):
            return tuple(lines)
        blank = np.flatnonzero(~self.planned[place])
        return (*lines, *(str(self.horizon.years[period]) for period in blank))

    def of(self, customer: str) -> Plans:
        """Plan of one customer."""
        place = self.customers.index(customer)
        end = int(np.flatnonzero(self.planned[place]).max(initial=-1)) + 1
        horizon = Horizon(self.horizon.as_of, self.horizon.years[:end], self.horizon.fraction[:end])
        own = self.values[:, :, place : place + 1, :end]
        return Plans((customer,), horizon, own, (self.planned_on[place],))

    def scenario(self, point: int) -> FloatArray:
        """All lines at their worse end (``LOW``), expected or better end: (lines, customers, periods)."""
        mirrored = [2 - point if line in COSTS else point for line in LINES]
        return self.values[mirrored, range(len(LINES))]


def read_plans(rows: pd.DataFrame, as_of: date) -> Plans:
    """Read the newest version of each customer's plan, from ``as_of`` on.

    Parameters
    ----------
    rows
        The table ``relationship_plans``; versions dated after ``as_of`` are not looked at.
    as_of
        As-of date; later data is ignored; years before it are left out.
    """
    known = rows[rows["planned_on"] <= pd.Timestamp(as_of)]
    newest = known[known["planned_on"] == known.groupby("customer_id")["planned_on"].transform("max")]
    horizon = Horizon.until(as_of, int(newest["year"].max()) if len(newest) else as_of.year - 1)
    ahead = newest[newest["year"].isin(horizon.years)]
    customers = tuple(dict.fromkeys(ahead["customer_id"]))
    values = np.full((3, len(LINES), len(customers), len(horizon.years)), np.nan)
    place = tuple(
        _places(ahead[column], among)
        for column, among in (("line", LINES), ("customer_id", customers), ("year", horizon.years))
    )
    for point, name in enumerate(POINTS):
        values[point][place] = ahead[name].fillna(ahead["expected"])
    dated = ahead.groupby("customer_id")["planned_on"].first()
    return Plans(customers, horizon, values, tuple(dated[name].date() for name in customers))


def _places(values: pd.Series[Any], among: Sequence[Any]) -> NDArray[np.int64]:
    """Number of each value among those that there are."""
    number = {value: place for place, value in enumerate(among)}
    return np.array([number[value] for value in values], dtype=np.int64)
