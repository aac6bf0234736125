"""All tables of a review, each row placed: in a month, and with its unit, person, segment and customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.metrics.cases import Frames
from vs_toolkit.periods import Period

LEVELS = ("company", "unit", "team", "person", "segment", "customer", "region", "product")
UNKNOWN = "not known"
MONTHLY = ("sales", "balances", "unit_costs")  # a month without any row of these is a gap, not a zero
Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]
Pairs = tuple[Numbers, Numbers, Array]


@dataclass(frozen=True)
class Terms:
    """Conventions of a review.

    Attributes
    ----------
    wacc
        Our cost of capital, a fraction per year.
    segment_by
        Column of ``customers`` that names the segment.
    visits, proposals
        Types of ``activities`` that count as visits and as proposals.
    confidence
        Of all intervals.
    """

    wacc: float = 0.08
    segment_by: str = "industry"
    visits: tuple[str, ...] = ("visit",)
    proposals: tuple[str, ...] = ("proposal", "offer", "quote")
    confidence: float = 0.9


@dataclass(frozen=True)
class Placed:
    """A table whose rows have a month (its number in the book, −1 outside) and a member at each level."""

    frame: pd.DataFrame
    months: npt.NDArray[np.intp]
    codes: Mapping[str, npt.NDArray[np.intp]]

    def kept(self, rows: npt.NDArray[np.bool_]) -> Placed:
        """Return some of its rows."""
        codes = {level: code[rows] for level, code in self.codes.items()}
        return Placed(self.frame[rows], self.months[rows], codes)


@dataclass(frozen=True)
class Grid:
    """Sums of a column, number of rows and of rows without a value, each of shape (members, months)."""

    sums: Array
    missing: Array
    rows: Array


@dataclass(frozen=True)
class Book:
    """All tables of a review as of a day, prepared once and asked many times; see :func:`books.prepare`.

    Attributes
    ----------
    placed
        Tables by name.
    members
        Names of the members at each level; ``not known`` for rows that name none.
    months
        First days of all months, in order.
    covered
        For each table, whether it covers the month.
    scope
        Level to which the book was narrowed, empty for the whole.
    """

    as_of: date
    terms: Terms
    currency: str
    placed: Mapping[str, Placed]
    members: Mapping[str, pd.Index[Any]]
    months: pd.DatetimeIndex
    covered: Mapping[str, npt.NDArray[np.bool_]]
    names: Mapping[str, Mapping[str, str]]
    tables: Frames
    scope: str = ""
    _grids: dict[Any, Grid] = field(default_factory=dict, compare=False, repr=False)
    _pairs: dict[str, Pairs] = field(default_factory=dict, compare=False, repr=False)
    totals: dict[Any, pd.Series[float]] = field(default_factory=dict, compare=False, repr=False)

    def of(self, level: str, name: str) -> Book:
        """Narrow the book to one unit, team, person, segment or customer."""
        code = self.members[level].get_indexer(pd.Index([name]))[0]
        placed = {key: table.kept(table.codes[level] == code) for key, table in self.placed.items()}
        return replace(self, placed=placed, scope=level, _grids={}, _pairs={}, totals={})

    def grid(self, table: str, column: str, level: str) -> Grid:
        """Sum a column by member and month; kept, since most measures ask for the same few."""
        key = (table, column, level)
        if key not in self._grids:
            self._grids[key] = self._grid(*key)
        return self._grids[key]

    def _grid(self, table: str, column: str, level: str) -> Grid:
        placed, shape = self.placed[table], (len(self.members[level]), len(self.months))
        inside = placed.months >= 0
        code = (placed.codes[level] * shape[1] + placed.months)[inside]
        values = placed.frame[column].to_numpy(dtype=float, na_value=np.nan)[inside]
        blank = np.isnan(values)
        size = shape[0] * shape[1]

        def counted(weights: Any = None) -> Array:
            return np.bincount(code, weights, minlength=size).astype(float).reshape(shape)

        return Grid(counted(np.where(blank, 0.0, values)), counted(blank.astype(float)), counted())

    def pairs(self, level: str) -> Pairs:
        """Net sales of each customer within each member: member, customer, sums of shape (pairs, months)."""
        if level not in self._pairs:
            sales, count = self.placed["sales"], len(self.members["customer"])
            inside = sales.months >= 0
            pair = (sales.codes[level] * count + sales.codes["customer"])[inside]
            known, place = np.unique(pair, return_inverse=True)
            net = sales.frame["net_sales"].to_numpy(dtype=float)[inside]
            code = place * len(self.months) + sales.months[inside]
            sums = np.bincount(code, net, minlength=len(known) * len(self.months))
            self._pairs[level] = (known // count, known % count, sums.reshape(len(known), -1).astype(float))
        return self._pairs[level]

    def span(self, period: Period) -> slice | None:
        """Numbers of the months of a period; None where some lie outside the book."""
        if not len(self.months):
            return None
        start = self.months[0]
        first, last = (
            12 * (day.year - start.year) + day.month - start.month for day in (period.first, period.last)
        )
        return slice(first, last + 1) if 0 <= first <= last < len(self.months) else None

    def covers(self, table: str, period: Period) -> bool:
        """Tell whether a table covers every month of a period."""
        span = self.span(period)
        return span is not None and bool(self.covered[table][span].all())

    def label(self, level: str, member: str) -> str:
        """Name of a member as a reader knows it."""
        return str(self.names.get(level, {}).get(member, member))

    @cached_property
    def first_covered(self) -> pd.Timestamp | None:
        """First month that sales cover without a gap up to the last one."""
        covered = self.covered["sales"]
        if not covered.any():
            return None
        gaps = np.flatnonzero(~covered)
        return self.months[
            gaps[-1] + 1 if len(gaps) and gaps[-1] + 1 < len(covered) else int(covered.argmax())
        ]
