"""What a relationship has brought and cost so far, by calendar year, and where it joins the plan.

Missing is not zero: a year whose direct cost or cost to serve is not recorded has no contribution and no cash
flow, and nothing that adds it up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.relationship.plan import Horizon
from vs_toolkit.relationship.value import Flows

HELD = ["receivables", "inventory", "other_capital"]
ELSEWHERE = ("financed inventory", "financed channel", "financed equipment", "discount")
JOINED = [
    "revenue",
    "contribution",
    "cost_to_serve",
    "sales_investment",
    "investments",
    "capital_change",
    "cash",
]


def history(tables: Mapping[str, pd.DataFrame], as_of: date) -> pd.DataFrame:
    """Add up one customer's past by calendar year.

    Investments that are financed capital or a discount stand in balances and sales already, and are not
    counted again. Cost to serve is without the selling effort, which comes from activities.

    Parameters
    ----------
    tables
        Tables ``sales``, ``balances``, ``activities`` and ``investments`` of one customer; any may be empty
        or absent.
    as_of
        As-of date; later data is ignored.

    Returns
    -------
    DataFrame
        Index ``year``; ``revenue``, ``contribution`` (before cost to serve), ``cost_to_serve``,
        ``sales_investment`` (from activities), ``investments`` (from the register), ``capital`` (at the end),
        ``capital_change`` and ``cash``, in currency; NaN where not known.
    """
    sales = _seen(tables, "sales", "month", as_of)
    cost = sales["net_sales"] - sales["direct_cost"] if len(sales) else pd.Series(dtype=float)
    parts = {
        "revenue": _by_year(sales, "month", "net_sales"),
        "contribution": _by_year(sales.assign(contribution=cost), "month", "contribution"),
        "cost_to_serve": _by_year(sales, "month", "cost_to_serve"),
        "sales_investment": _by_year(_seen(tables, "activities", "date", as_of), "date", "cost"),
        "investments": _by_year(
            cash_items(_seen(tables, "investments", "decided_on", as_of)), "decided_on", "amount"
        ),
        "capital": _levels(capital_by_month(_seen(tables, "balances", "month", as_of))),
    }
    table = pd.DataFrame(parts, dtype=float).rename_axis("year").sort_index()
    known = table.reindex(range(table.index.min(), table.index.max() + 1)) if len(table) else table
    return _with_cash(known, given={name for name, part in parts.items() if len(part)})


def _with_cash(table: pd.DataFrame, given: set[str]) -> pd.DataFrame:
    """Cash flow of each year; a source that is there but silent about a year spent nothing in it."""
    spent = [name for name in ("sales_investment", "investments") if name in given]
    table[spent] = table[spent].fillna(0.0)
    change = table["capital"].ffill().diff()
    change = change.where(change.notna() | table["capital"].isna(), table["capital"])
    outlay = table[["sales_investment", "investments"]].fillna(0.0).sum(axis=1) + change.fillna(0.0)
    cash = table["contribution"] - table["cost_to_serve"] - outlay
    return table.assign(capital_change=change, cash=cash)


def _seen(tables: Mapping[str, pd.DataFrame], name: str, day: str, as_of: date) -> pd.DataFrame:
    """Rows up to the day; of a table that is not there, none."""
    if name not in tables or tables[name].empty:
        return pd.DataFrame({column: pd.Series(dtype=float) for column in _COLUMNS[name]} | {day: _NO_DAYS})
    frame = tables[name]
    return frame[frame[day] <= pd.Timestamp(as_of)]


_NO_DAYS = pd.Series(dtype="datetime64[us]")
_COLUMNS = {
    "sales": ("net_sales", "direct_cost", "cost_to_serve"),
    "balances": (*HELD, "payables"),
    "activities": ("cost",),
    "investments": ("kind", "amount"),
}


def _by_year(frame: pd.DataFrame, day: str, amount: str) -> pd.Series[float]:
    """Sum by calendar year; a year with a missing amount has none."""
    years = frame[day].dt.year.to_numpy()
    sums = frame.groupby(years)[amount].agg(lambda values: values.sum(skipna=False))
    return pd.Series(sums, dtype=float)


def cash_items(investments: pd.DataFrame) -> pd.DataFrame:
    """Investments that are paid and stand nowhere else."""
    return investments[~investments["kind"].isin(ELSEWHERE)]


def capital_by_month(balances: pd.DataFrame) -> pd.Series[float]:
    """Capital tied up by month: what is known of receivables, inventory and other capital, less payables."""
    if balances.empty:
        return pd.Series(dtype=float)
    rows = balances.set_index("month").sort_index()
    held = rows[HELD].astype(float).sum(axis=1, min_count=1)
    owed = rows["payables"].astype(float).fillna(0.0) if "payables" in rows else 0.0
    return pd.Series(held - owed).dropna()


def _levels(by_month: pd.Series[float]) -> pd.Series[float]:
    """Level at the end of each year, or as of now."""
    if by_month.empty:
        return by_month
    return by_month.groupby(pd.DatetimeIndex(by_month.index).year).last()


def opening_capital(balances: pd.DataFrame, customers: tuple[str, ...]) -> np.ndarray:
    """Latest known capital tied up for each customer, shape (customers,); NaN where not known."""
    if balances.empty:
        return np.full(len(customers), np.nan)
    latest = {
        str(name): float(levels.iloc[-1])
        for name, rows in balances.groupby("customer_id")
        if len(levels := capital_by_month(rows))
    }
    return np.array([latest.get(name, np.nan) for name in customers])


@dataclass(frozen=True)
class Growth:
    """Yearly growth of revenue between two full years; an estimate. ``planned`` goes on to ``until``."""

    rate: float
    first: int
    last: int
    planned: float | None = None
    until: int | None = None


def growth(
    sales: pd.DataFrame, revenue: pd.Series[float], planned: Mapping[int, float], as_of: date
) -> Growth | None:
    """Estimate the yearly growth of revenue from full calendar years; None with fewer than two.

    >>> rows = pd.DataFrame({"month": pd.to_datetime(["2023-01-01", "2024-12-01"])})
    >>> found = growth(rows, pd.Series({2023: 100.0, 2024: 110.0}), {2026: 110.0}, date(2025, 6, 30))
    >>> round(found.rate, 9), found.last, found.planned
    (0.1, 2024, 0.0)
    """
    if sales.empty:
        return None
    begin = sales["month"].min()
    first = begin.year if begin.month == 1 else begin.year + 1
    last = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    if last <= first or not (revenue.get(first, 0.0) > 0 and revenue.get(last, 0.0) > 0):
        return None
    rate = (revenue[last] / revenue[first]) ** (1 / (last - first)) - 1
    until = max(planned, default=last)
    if until <= last or not planned[until] > 0:
        return Growth(float(rate), first, last)
    ahead = (planned[until] / revenue[last]) ** (1 / (until - last)) - 1
    return Growth(float(rate), first, last, float(ahead), until)


def joined(past: pd.DataFrame, flows: Flows, horizon: Horizon) -> pd.DataFrame:
    """Past years and planned periods in one table, as figure 16 of the book has them.

    Parameters
    ----------
    past
        As :func:`history` returns it.
    flows
        Expected flows of one customer, shape (1, periods+1), today first; capital tied up today is in the
        past already.
    horizon
        Periods of the flows.

    Returns
    -------
    DataFrame
        Index ``period``; the columns of ``JOINED``, ``cumulative`` (missing from where the past is not known)
        and ``planned``.
    """
    names = [name for name in JOINED if name != "investments"]
    ahead = pd.DataFrame({name: getattr(flows, name)[0, 1:] for name in names}, index=horizon.labels)
    ahead = ahead.assign(investments=0.0, planned=True)
    starts = horizon.as_of.year in past.index and horizon.fraction[:1].sum() < 1
    labels = [
        f"{year} to date" if starts and year == horizon.as_of.year else str(year) for year in past.index
    ]
    behind = past[JOINED].set_axis(labels, axis=0).assign(planned=False)
    table = pd.concat([frame for frame in (behind, ahead) if len(frame)]) if len(past) else ahead
    return table.assign(cumulative=table["cash"].cumsum(skipna=False)).rename_axis("period")
