"""The page of one customer for the account review: in the customer's edition service and value alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.inputs.views.data import CustomerData
from vs_toolkit.metrics.book import Book, Terms
from vs_toolkit.metrics.bridge import Bridge, bridge
from vs_toolkit.metrics.measure import BLANK, Measure, in_order
from vs_toolkit.metrics.prepare import prepare
from vs_toolkit.metrics.scorecard import cells, trend
from vs_toolkit.periods import PERIODS, Period

SHOWN = ("satisfaction_index", "net_promoter_score", "value_promised", "value_realised", "fulfilment")
QUARTERS = 8


@dataclass(frozen=True)
class Account:
    """One customer as of a day; what the edition may not show is not in its tables.

    Attributes
    ----------
    data
        As :func:`vs_toolkit.inputs.open_customer` gives it.
    period_name, first_month
        Period of the review and first month of the fiscal year.
    terms
        Conventions.
    """

    data: CustomerData
    period_name: str = "last twelve months"
    first_month: int = 1
    terms: Terms = field(default_factory=Terms)

    @cached_property
    def book(self) -> Book:
        """The customer's own rows; a month in which it bought nothing is no gap."""
        given = {
            name: _filled(name, frame) for name, frame in (self.data.tables | self.data.reference).items()
        }
        return prepare(given, self.data.as_of, self.terms, whole=False)

    @cached_property
    def period(self) -> Period:
        """Period of the review."""
        return PERIODS[self.period_name](self.data.as_of, self.first_month)

    @property
    def name(self) -> str:
        """Name of the customer."""
        return str(self.data.customer["name"])

    @property
    def currency(self) -> str:
        """Currency of all amounts."""
        return self.book.currency

    @property
    def measures(self) -> list[Measure]:
        """Measures that are meaningful for a customer; in its own edition those about it alone."""
        own = [measure for measure in in_order() if measure.mark("customer") != BLANK]
        return own if self.data.edition == "internal" else [m for m in own if m.name in SHOWN]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Measures of the customer: index measure name; see :func:`scorecard.cells`."""
        table = cells(self.book, "customer", self.period, self.measures)
        own = table[table.index.get_level_values("member") == self.data.customer_id]
        return own.droplevel("member")

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Net sales and profit contribution of eight quarters."""
        chosen = [m for m in self.measures if m.name in ("net_sales", "profit_contribution")]
        return pd.DataFrame(
            {m.label: trend(self.book, m, "company", self.period, QUARTERS).iloc[0] for m in chosen}
        )

    @cached_property
    def bridge(self) -> Bridge:
        """From last year's margin with the customer to this year's."""
        return bridge(self.book, self.period.year_before, self.period)

    @cached_property
    def service(self) -> pd.DataFrame:
        """Service of the period: index indicator; value, agreed, previous (the year before), unit, better."""
        rows = self.book.tables["service_levels"].sort_values("month", kind="stable")
        now = rows[self.period.holds(rows["month"])].groupby("indicator", sort=False)
        before = rows[self.period.year_before.holds(rows["month"])].groupby("indicator", sort=False)
        table = now[["agreed", "measured_in", "better"]].last().assign(value=now["value"].mean())
        return table.assign(previous=before["value"].mean().reindex(table.index), n=now.size())

    @cached_property
    def answers(self) -> pd.DataFrame:
        """Ratings of the period by item, 0–100: index item; before, after, n; nothing for under five."""
        rows = self.book.placed["satisfaction"].frame
        rows = rows[rows["rated"] > 0]
        now = rows[self.period.holds(rows["answered_on"])].groupby("item")["index"]
        before = rows[self.period.year_before.holds(rows["answered_on"])].groupby("item")["index"].mean()
        table = pd.DataFrame(
            {"before": before.reindex(now.mean().index), "after": now.mean(), "n": now.size()}
        )
        return table if table["n"].sum() >= 5 else table.iloc[:0]

    @cached_property
    def value(self) -> pd.DataFrame:
        """Value of the period: index effect; promised, realised, due and measured periods."""
        rows = self.book.placed["value_delivered"].frame
        rows = rows[self.period.holds(rows["period_end"])]
        known = rows.assign(due=1.0)
        sums = known.groupby("effect")[
            ["promised", "confirmed", "promised_measured", "measured", "due"]
        ].sum()
        return sums.assign(realised=sums["confirmed"].where(sums["measured"] > 0, np.nan))


def _filled(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Table with all columns of its model: those that the edition may not show are blank."""
    return pd.concat([empty_frame(TABLES[name]), frame]) if len(frame) else empty_frame(TABLES[name])
