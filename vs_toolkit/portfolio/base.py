"""The customer base in a period: what each customer bought, brought and tied up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vs_toolkit.periods import Period
from vs_toolkit.portfolio.costing import cost_by_activity

REGISTER = ["name", "industry", "region", "market_fit", "parent_id", "beta"]
CAPITAL = {"receivables": 1.0, "inventory": 1.0, "other_capital": 1.0, "payables": -1.0}
MERGED = ("sales", "balances", "activity_use", "satisfaction", "investments")
Tables = Mapping[str, pd.DataFrame]


def customer_base(tables: Tables, period: Period, wacc: float) -> pd.DataFrame:
    """Sales, profit and EVA of every customer that bought in a period or in the year before.

    Profit is net sales less direct cost and cost to serve: by activity where activities are recorded for the
    period, else as posted with the sales. EVA is profit less ``wacc`` × average capital of the period, before
    overhead and tax. What is not known for a part of a customer's sales is not known for the customer.

    Returns
    -------
    DataFrame
        Index: customer_id, by net sales; the columns of the register; net_sales, previous, direct_cost,
        cost_to_serve, gross, profit, capital, charge, eva: amounts of the period (NaN: not known).
    """
    sales = tables["sales"]
    now = sums_by_customer(sales[period.holds(sales["month"])])
    before = sales[period.year_before.holds(sales["month"])].groupby("customer_id")["net_sales"].sum()
    table = now.reindex(now.index.union(before.index))
    table["net_sales"] = table["net_sales"].fillna(0.0)
    gone = ~table.index.isin(now.index)
    table.loc[gone, ["direct_cost", "cost_to_serve"]] = 0.0
    table["previous"] = before.reindex(table.index).fillna(0.0)
    table["cost_to_serve"] = _cost_to_serve(tables, period, table["cost_to_serve"])
    table["gross"] = table["net_sales"] - table["direct_cost"]
    table["profit"] = table["gross"] - table["cost_to_serve"]
    table["capital"] = average_capital(tables["balances"], period).reindex(table.index)
    table["charge"] = table["capital"] * wacc * len(period.months) / 12
    table["eva"] = table["profit"] - table["charge"]
    register = tables["customers"].set_index("customer_id").reindex(columns=REGISTER)
    named = register.reindex(table.index)
    return named.join(table).sort_values("net_sales", ascending=False, kind="stable")


def merged(tables: Tables) -> dict[str, pd.DataFrame]:
    """Tables in which the business of customers that became part of another counts under the successor."""
    mergers = tables["mergers"].sort_values("merged_on")
    now = dict(zip(mergers["customer_id"], mergers["successor_id"], strict=True))
    if not now:
        return dict(tables)
    chosen = {name: tables[name] for name in MERGED}
    for _ in now:  # a successor may have merged as well
        chosen = {
            name: frame.assign(customer_id=frame["customer_id"].replace(now))
            for name, frame in chosen.items()
        }
    return {**tables, **chosen}


def sums_by_customer(sales: pd.DataFrame) -> pd.DataFrame:
    """Amounts by customer; NaN where a part is not known."""
    amounts = sales[["net_sales", "direct_cost", "cost_to_serve"]].astype(float)
    return total_known(amounts, sales["customer_id"])


def total_known(amounts: pd.DataFrame, by: pd.Series[str]) -> pd.DataFrame:
    """Sums by group; a sum of which a part is not known is not known.

    >>> total_known(pd.DataFrame({"cost": [1.0, None, 2.0]}), pd.Series(["A", "A", "B"]))["cost"].tolist()
    [nan, 2.0]
    """
    grouped = amounts.groupby(by)
    sums, known = grouped.sum(), grouped.count()
    return sums.where(known.eq(grouped.size(), axis=0))


def _cost_to_serve(tables: Tables, period: Period, posted: pd.Series[float]) -> pd.Series[float]:
    """Cost by activity where activities are recorded (a customer without any has none), else as posted."""
    by_activity = cost_by_activity(tables["activity_use"], tables["activity_costs"], period)
    if by_activity.empty:
        return posted
    return by_activity.sum(axis=1).reindex(posted.index).fillna(0.0)


def average_capital(balances: pd.DataFrame, period: Period) -> pd.Series[float]:
    """Average of the month-end balances by customer: receivables, inventory and other less payables.

    A kind of capital that the table never records is left out; one that is blank for a customer makes its
    capital unknown.
    """
    kinds = [name for name in CAPITAL if balances[name].notna().any()]
    within = balances[period.holds(balances["month"])]
    if not kinds or within.empty:
        return pd.Series(dtype=float)
    capital = (within[kinds].astype(float) * pd.Series(CAPITAL)[kinds]).sum(axis=1, skipna=False)
    averages: pd.Series[float] = capital.groupby(within["customer_id"]).mean()
    known = capital.groupby(within["customer_id"]).count() == within.groupby("customer_id").size()
    return averages.where(known)


def quarters(sales: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Net sales by customer and quarter of a period, quarters counted back from its last month.

    A customer counts from its first sale on (before: NaN); a quarter without sales after that is zero.
    """
    within = sales[period.holds(sales["month"])]
    count = len(period.months) // 3
    months_back = (
        (period.last.year - within["month"].dt.year) * 12 + period.last.month - within["month"].dt.month
    )
    place = count - 1 - months_back // 3
    table = within["net_sales"].astype(float).groupby([within["customer_id"], place]).sum().unstack()
    table = table.reindex(columns=range(count))
    started = table.notna().cummax(axis=1)
    return table.fillna(0.0).where(started)


def first_sales(sales: pd.DataFrame, customers: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Month in which each customer began to buy: as the register says, else its first sale."""
    seen = sales.groupby("customer_id")["month"].min()
    since = customers.set_index("customer_id")["since"]
    both = pd.DataFrame({"since": pd.to_datetime(since), "first": seen})
    return both.min(axis=1)


def named(base: pd.DataFrame, ids: object) -> list[str]:
    """Names of customers as they are written; the id where the register has none."""
    found = base["name"].reindex(pd.Index(ids))  # type: ignore[call-overload]
    return [str(key) if pd.isna(name) else str(name) for key, name in found.items()]


def share(part: float, whole: float) -> float:
    """Part of a whole; NaN where the whole is not above zero.

    >>> share(1.0, 4.0), share(1.0, 0.0)
    (0.25, nan)
    """
    return part / whole if whole > 0 else np.nan
