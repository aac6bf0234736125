"""Customer equity: the sum of the values of all relationships, with what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError

NOTEBOOK = "relationship_npv"
FIGURES = {"relationship_npv": "npv", "npv_downside": "low", "npv_upside": "high"}
COLUMNS = ["npv", "low", "high"]


@dataclass(frozen=True)
class Equity:
    """Sum of relationship values: ``total`` with ``low`` and ``high``, and what it covers.

    ``valued`` of ``customers`` that buy have a value; they bring ``sales_share`` of net sales. Customers
    without one are counted here, and are not zero.
    """

    total: float | None
    low: float | None
    high: float | None
    valued: int
    customers: int
    sales_share: float


def from_table(values: pd.DataFrame) -> pd.DataFrame:
    """Newest value of each relationship; index customer_id; npv, low, high (NaN: no interval is recorded)."""
    newest = values.sort_values("valued_on").drop_duplicates("customer_id", keep="last")
    return newest.set_index("customer_id").reindex(columns=COLUMNS).astype(float)


def from_results(path: str | Path) -> pd.DataFrame:
    """Values of relationships from the ``results.parquet`` of a batch that ran ``relationship_npv``.

    Raises
    ------
    ParameterError
        Where the file cannot be read or holds no such result.
    """
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise ParameterError(f"results {path}: cannot be read as results.parquet: {error}") from None
    missing = {"customer_id", "notebook", "figure", "value"} - set(table.columns)
    own = table if missing else table[(table["notebook"] == NOTEBOOK) & table["figure"].isin(list(FIGURES))]
    if missing or own.empty:
        raise ParameterError(f"results {path}: holds no result of {NOTEBOOK}; run that notebook first")
    named = own.assign(column=own["figure"].map(FIGURES))
    wide = named.pivot_table(index="customer_id", columns="column", values="value", aggfunc="last")
    return wide.reindex(columns=COLUMNS).astype(float)


def equity(values: pd.DataFrame, base: pd.DataFrame) -> Equity:
    """Add up the values of the relationships of customers that buy.

    The range runs from the downside to the upside of relationships that are independent: half-widths add up
    as the root of their squares.

    >>> values = pd.DataFrame({"npv": [100.0], "low": [60.0], "high": [130.0]}, index=["A"])
    >>> result = equity(values, pd.DataFrame({"net_sales": [3.0, 1.0]}, index=["A", "B"]))
    >>> result.total, result.low, result.high, result.valued, result.customers, result.sales_share
    (100.0, 60.0, 130.0, 1, 2, 0.75)
    """
    active = base[base["net_sales"] > 0]
    known = values.reindex(active.index).dropna(subset="npv")
    sales = float(active["net_sales"].sum())
    part = float(active.loc[known.index, "net_sales"].sum()) / sales if sales > 0 else 0.0
    if known.empty:
        return Equity(None, None, None, 0, len(active), 0.0)
    total = float(known["npv"].sum())
    if known[["low", "high"]].isna().any(axis=None):
        return Equity(total, None, None, len(known), len(active), part)
    down = float(np.sqrt(((known["npv"] - known["low"]) ** 2).sum()))
    up = float(np.sqrt(((known["high"] - known["npv"]) ** 2).sum()))
    return Equity(total, total - down, total + up, len(known), len(active), part)
