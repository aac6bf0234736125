"""Customer equity: the sum of the values of all relationships, with what it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError

NOTEBOOK = "relationship_npv"
FIGURES = {"relationship_npv": "npv", "npv_downside": "low", "npv_upside": "high"}
COLUMNS = ["npv", "low", "high"]
NEEDED = {"customer_id", "notebook", "figure", "value", "as_of"}


@dataclass(frozen=True)
class Equity:
    """Sum of relationship values: ``total`` with ``low`` and ``high``, and what it covers.

    ``valued`` of ``customers`` that buy have a value, as of days from ``first`` to ``last``; they bring
    ``sales_share`` of net sales. Customers without one are named in ``missing``, and are not zero.
    """

    total: float | None
    low: float | None
    high: float | None
    valued: int
    customers: int
    sales_share: float
    missing: tuple[str, ...] = ()
    first: pd.Timestamp | None = None
    last: pd.Timestamp | None = None


def from_table(values: pd.DataFrame) -> pd.DataFrame:
    """Newest value of each relationship; index customer_id; npv, low, high (NaN: no interval), valued_on."""
    newest = values.sort_values("valued_on").drop_duplicates("customer_id", keep="last")
    table = newest.set_index("customer_id").reindex(columns=[*COLUMNS, "valued_on"])
    return table.astype(dict.fromkeys(COLUMNS, float))


def from_results(path: str | Path, as_of: date) -> pd.DataFrame:
    """Values of relationships as of a day or earlier from the ``results.parquet`` of a batch.

    Columns as :func:`from_table` gives them; no row where the batch had no report ``relationship_npv``.

    Raises
    ------
    ParameterError
        Where the file cannot be read or is none of that kind.
    """
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise ParameterError(f"results {path}: cannot be read as results.parquet: {error}") from None
    if missing := NEEDED - set(table.columns):
        raise ParameterError(
            f"results {path}: is no results.parquet, {', '.join(sorted(missing))} is missing"
        )
    rows = table.assign(valued_on=pd.to_datetime(table["as_of"]), column=table["figure"].map(FIGURES))
    own = rows[(rows["notebook"] == NOTEBOOK) & (rows["valued_on"] <= pd.Timestamp(as_of))]
    own = own.dropna(subset="column").sort_values("valued_on", kind="stable")
    wide = own.pivot_table(index="customer_id", columns="column", values="value", aggfunc="last")
    newest = own.groupby("customer_id")["valued_on"].max()
    return wide.reindex(columns=COLUMNS).astype(float).assign(valued_on=newest)


def equity(values: pd.DataFrame, base: pd.DataFrame) -> Equity:
    """Add up the values of the relationships of customers that buy.

    The range runs from the downside to the upside of relationships that are independent: half-widths add up
    as the root of their squares.

    >>> values = pd.DataFrame({"npv": [100.0], "low": [60.0], "high": [130.0]}, index=["A"])
    >>> values = values.assign(valued_on=pd.Timestamp("2026-06-30"))
    >>> result = equity(values, pd.DataFrame({"net_sales": [3.0, 1.0]}, index=["A", "B"]))
    >>> result.total, result.low, result.high, result.valued, result.missing, result.sales_share
    (100.0, 60.0, 130.0, 1, ('B',), 0.75)
    """
    active = base[base["net_sales"] > 0]
    known = values.reindex(active.index).dropna(subset="npv")
    sales = float(active["net_sales"].sum())
    part = float(active.loc[known.index, "net_sales"].sum()) / sales if sales > 0 else 0.0
    count, missing = len(active), tuple(active.index.difference(known.index, sort=False))
    if known.empty:
        return Equity(None, None, None, 0, count, 0.0, missing)
    total, low, high = float(known["npv"].sum()), None, None
    if known[["low", "high"]].notna().all(axis=None):
        low = total - float(np.sqrt(((known["npv"] - known["low"]) ** 2).sum()))
        high = total + float(np.sqrt(((known["high"] - known["npv"]) ** 2).sum()))
    days = known["valued_on"]
    return Equity(total, low, high, len(known), count, part, missing, days.min(), days.max())
