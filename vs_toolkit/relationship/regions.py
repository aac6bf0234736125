"""Where a customer earns and where it costs money: contribution by region and product group."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.periods import last_twelve

TOTAL = "Total"


def contribution(sales: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Contribution after cost to serve by region and product group, over the last twelve full months.

    Parameters
    ----------
    sales
        The table ``sales``.
    as_of
        As-of date; later data is ignored.

    Returns
    -------
    DataFrame
        Index regions, columns product groups, both with ``Total``; NaN where a cost is not recorded, 0 where
        nothing was sold. Without sales, or with any region not named, empty.
    """
    period = last_twelve(as_of)
    rows = sales[sales["month"].between(period.first, period.last)]
    if rows.empty or rows["region"].isna().any():
        return pd.DataFrame()
    earned = rows["net_sales"] - rows["direct_cost"] - rows["cost_to_serve"]
    product = rows["product_group"].fillna("Other")
    cells = earned.groupby([rows["region"], product]).agg(lambda values: values.sum(skipna=False))
    grid = cells.unstack(fill_value=0)
    grid[TOTAL] = grid.sum(axis=1, skipna=False)
    grid.loc[TOTAL] = grid.sum(axis=0, skipna=False)
    return grid.rename_axis(index="region", columns=None).astype(np.float64)


def losing(grid: pd.DataFrame) -> pd.Series[float]:
    """Regions that lose money in all, the largest loss first."""
    if grid.empty:
        return pd.Series(dtype=float)
    totals = grid[TOTAL].drop(TOTAL)
    return totals[totals < 0].sort_values()
