"""What a measure may ask: totals, counts and balances of a period, by member of a level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.metrics.book import Array, Book, Pairs, Terms
from vs_toolkit.metrics.formulas import ratio
from vs_toolkit.periods import MONTHS, Period, between


def over(part: Any, whole: Any) -> pd.Series[float]:
    """Divide by member; missing where the divisor is not above 0."""
    found: pd.Series[float] = ratio(part, whole)
    return found


@dataclass(frozen=True)
class Facts:
    """The book seen for a period at a level; every answer is a Series by member of that level.

    An answer is missing (NaN) where the table does not cover the whole period, or where a value that is
    needed is blank in any row: what is not known is never taken for zero.
    """

    book: Book
    period: Period
    level: str = "company"

    @property
    def terms(self) -> Terms:
        """Conventions of the review."""
        return self.book.terms

    @property
    def members(self) -> pd.Index[Any]:
        """Members of the level."""
        return self.book.members[self.level]

    @property
    def year_before(self) -> Facts:
        """The same months a year earlier."""
        return replace(self, period=self.period.year_before)

    def series(self, values: npt.ArrayLike) -> pd.Series[float]:
        """Name values by member."""
        return pd.Series(np.asarray(values, dtype=float), index=self.members)

    @cached_property
    def nothing(self) -> pd.Series[float]:
        """Not known, for every member."""
        return self.series(np.full(len(self.members), np.nan))

    def total(self, table: str, column: str) -> pd.Series[float]:
        """Sum a column over the period; missing where a row is blank or the table does not cover it."""
        return self._kept((table, column), self._total)

    def rows(self, table: str) -> pd.Series[float]:
        """Count the rows of a table in the period; missing where the table does not cover it."""
        return self._kept((table,), self._rows)

    def _kept(self, asked: tuple[str, ...], work_out: Callable[..., pd.Series[float]]) -> pd.Series[float]:
        """Many measures ask for the same few totals: each is worked out once."""
        key = (*asked, self.level, self.period.first, self.period.last)
        if key not in self.book.totals:
            self.book.totals[key] = work_out(*asked)
        return self.book.totals[key]

    def _total(self, table: str, column: str) -> pd.Series[float]:
        if not self.book.covers(table, self.period):
            return self.nothing
        grid, span = self.book.grid(table, column, self.level), self.book.span(self.period)
        sums, missing = grid.sums[:, span].sum(axis=1), grid.missing[:, span].sum(axis=1)
        known = grid.missing.sum() < grid.rows.sum()
        return self.series(np.where((missing > 0) | (not known and grid.rows.sum() > 0), np.nan, sums))

    def _rows(self, table: str) -> pd.Series[float]:
        if not self.book.covers(table, self.period):
            return self.nothing
        frame = self.book.placed[table].frame
        grid = self.book.grid(table, self._any_number(frame), self.level)
        return self.series(grid.rows[:, self.book.span(self.period)].sum(axis=1))

    @staticmethod
    def _any_number(frame: pd.DataFrame) -> str:
        return next(str(name) for name in frame if pd.api.types.is_numeric_dtype(frame[name]))

    def frame(self, table: str, *columns: str) -> pd.DataFrame:
        """Rows of the period with the column ``member``, for what does not add up, such as medians."""
        placed, span = self.book.placed[table], self.book.span(self.period)
        if span is None:
            return placed.frame.iloc[:0].assign(member=pd.Series(dtype=int))
        rows = (placed.months >= span.start) & (placed.months < span.stop)
        given = placed.frame[list(columns)] if columns else placed.frame
        found: pd.DataFrame = given[rows].assign(member=placed.codes[self.level][rows])
        return found

    def overhead(self, name: str) -> pd.Series[float]:
        """Cost of units in the period: as recorded for a unit or the company, else by share of net sales."""
        if self.level in ("company", "unit") and self.book.scope in ("", "unit"):
            return self.total("unit_costs", name)
        return self.total("sales", f"share_{name}") if len(self.book.tables["unit_costs"]) else self.nothing

    def balance(self, *columns: str, at: str = "closing") -> pd.Series[float]:
        """Sum balances at the end (``closing``) or before the start (``opening``) of the period."""
        month = self.period.last if at == "closing" else self.period.opening
        moment = replace(self, period=between(month, month))
        if not self.book.covers("balances", moment.period):
            return self.nothing
        given = moment.rows("balances") > 0
        return sum((moment.total("balances", column) for column in columns), self.series(0 * given)).where(
            given
        )

    def average_balance(self, *columns: str) -> pd.Series[float]:
        """Mean of opening and closing balance; missing where either is."""
        return (self.balance(*columns, at="opening") + self.balance(*columns, at="closing")) / 2

    def capital(self, at: str = "closing") -> pd.Series[float]:
        """Capital tied up: receivables, inventory and other capital less payables."""
        tied = self.balance("receivables", "inventory", "other_capital", at=at)
        return tied - self.balance("payables", at=at)

    def open_at_end(self) -> pd.Series[float]:
        """Number of the opportunities that are open at the end of the period."""
        placed, end = self.book.placed["opened"], self.period.end + pd.Timedelta(days=1)
        if not self.book.covers("opened", self.period):
            return self.nothing
        cases = placed.frame
        is_open = ((cases["created_at"] < end) & ~(cases["decided_on"] < end)).to_numpy(dtype=bool)
        member = placed.codes[self.level][is_open]
        return self.by_member(member, np.ones(len(member)))

    def of_customers(self, period: Period) -> Pairs | None:
        """Net sales of each customer of each member in a period: member, customer, amount; or None."""
        if not self.book.covers("sales", period):
            return None
        member, customer, sums = self.book.pairs(self.level)
        return member, customer, sums[:, self.book.span(period)].sum(axis=1)

    def by_member(self, member: npt.NDArray[np.intp], values: Array) -> pd.Series[float]:
        """Add values up by member."""
        return self.series(np.bincount(member, values, minlength=len(self.members)))

    @property
    def before(self) -> Period:
        """The twelve months that end before the period."""
        last = self.period.opening
        return between(last - pd.DateOffset(months=MONTHS - 1), last)

    @property
    def lately(self) -> Period:
        """The twelve months that end with the period."""
        return between(self.period.last - pd.DateOffset(months=MONTHS - 1), self.period.last)
