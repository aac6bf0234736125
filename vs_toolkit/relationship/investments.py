"""The register of customer investments: what was put into a customer, what came of it, what it adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

SMALL = 0.05  # of the total: below it nobody would have looked at an item alone


@dataclass(frozen=True)
class Register:
    """Investments of one or many customers as of a day.

    Attributes
    ----------
    items
        One row per investment, largest first, with ``return`` (measured where known, else NaN).
    by_kind
        Index ``kind``; ``n``, ``amount``, ``expected_return``, ``actual_return``, largest first.
    total
        Sum of all amounts.
    """

    items: pd.DataFrame
    by_kind: pd.DataFrame
    total: float

    @property
    def small(self) -> pd.DataFrame:
        """Items that are each less than a twentieth of the total."""
        return self.items[self.items["amount"] < SMALL * self.total]

    @property
    def scrutinised(self) -> float:
        """Amount that went through the capital budget."""
        return float(self.items.loc[self.items["approval"] == "capital budget", "amount"].sum())

    @property
    def measured(self) -> pd.DataFrame:
        """Items whose return was both expected and measured."""
        return self.items.dropna(subset=["expected_return", "actual_return"])

    @property
    def realisation(self) -> float | None:
        """Measured return as a fraction of the expected one, over the items that have both."""
        expected = self.measured["expected_return"].sum()
        return float(self.measured["actual_return"].sum() / expected) if expected > 0 else None


def by_day(items: pd.DataFrame) -> pd.Series[float]:
    """Running total of investments in order of their decisions, by day."""
    return items.groupby("decided_on")["amount"].sum().sort_index().cumsum()


def register(investments: pd.DataFrame, as_of: date) -> Register:
    """Add up the investments decided until ``as_of``; a return measured later is not seen.

    Parameters
    ----------
    investments
        The table ``investments``.
    as_of
        As-of date; later data is ignored.
    """
    items = investments[investments["decided_on"] <= pd.Timestamp(as_of)]
    late = items["measured_on"] > pd.Timestamp(as_of)
    items = items.assign(
        actual_return=items["actual_return"].mask(late), measured_on=items["measured_on"].mask(late)
    )
    items = items.sort_values("amount", ascending=False, kind="stable", ignore_index=True)
    groups = items.groupby("kind")
    sums = groups[["expected_return", "actual_return"]].sum(min_count=1)
    by_kind = groups["amount"].agg(n="size", amount="sum").join(sums)
    return Register(items, by_kind.sort_values("amount", ascending=False), float(items["amount"].sum()))
