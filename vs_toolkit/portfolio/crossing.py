"""Who carries whom: profit by customer, region and product group."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.portfolio.base import total_known

NOT_KNOWN = "not known"
COSTS = ["direct_cost", "cost_to_serve"]


def profit_rows(sales: pd.DataFrame) -> pd.DataFrame:
    """Sales with the profit of each row: net sales less direct cost and posted cost to serve, where known."""
    costs = sales[COSTS].astype(float).sum(axis=1, skipna=False)
    named = {name: sales[name].fillna(NOT_KNOWN) for name in ("region", "product_group")}
    return sales.assign(profit=sales["net_sales"].astype(float) - costs, **named)


def grid(rows: pd.DataFrame, down: str, across: str) -> pd.DataFrame:
    """Profit of ``rows`` (see :func:`profit_rows`) by customer_id, region or product_group, two of them.

    A cell of which a part is not known is NaN.
    """
    keys = rows[down].astype(str) + "\0" + rows[across].astype(str)
    sums = total_known(rows[["profit"]], keys)["profit"]
    parts = sums.index.str.split("\0")
    index = pd.MultiIndex.from_arrays([parts.str[0], parts.str[1]], names=[down, across])
    return sums.set_axis(index).unstack()


def carried(by_part: pd.DataFrame) -> pd.DataFrame:
    """Rows (customers) with a profit that parts of them earn and other parts lose again.

    Parameters
    ----------
    by_part
        Profit: a row per customer, a column per region or product group.

    Returns
    -------
    DataFrame
        Index: customer with at least one part that earns and one that loses, the largest loss first; carrier
        (the part that earns most), earns (of it), loses (sum of the losses), total.

    >>> carried(pd.DataFrame({"North": [90.0], "South": [-60.0]}, index=["Acme"]))["total"].tolist()
    [30.0]
    """
    gains, losses = by_part.clip(lower=0), by_part.clip(upper=0).sum(axis=1)
    both = by_part[(losses < 0) & (gains.max(axis=1) > 0)]
    table = pd.DataFrame(
        {
            "carrier": both.idxmax(axis=1),
            "earns": both.max(axis=1),
            "loses": losses[both.index],
            "total": both.sum(axis=1),
        }
    )
    return table.sort_values("loses", kind="stable")
