"""How far the customer base is from the ideal one that the strategy states."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.portfolio.base import share
from vs_toolkit.portfolio.concentration import concentration


def distance(base: pd.DataFrame, ideal: pd.DataFrame, new: pd.Index[str]) -> pd.DataFrame:
    """How far the base is from the ideal that the strategy states, line by line.

    Parameters
    ----------
    base
        As :func:`vs_toolkit.portfolio.base.customer_base` gives it.
    ideal
        measure, name, set_on, low, high; the newest row of a line counts.
    new
        Customers that are new.

    Returns
    -------
    DataFrame
        Index: line in words; actual, low, high (shares of net sales), gap (share to be moved, 0 inside them),
        amount (that in money); the largest gap first.
    """
    newest = ideal.sort_values("set_on").drop_duplicates(["measure", "name"], keep="last")
    sales = float(base["net_sales"].clip(lower=0).sum())
    rows = {}
    for line in newest.to_dict("records"):
        measure, name = str(line["measure"]), _text(line["name"])
        actual = _actual(base, measure, name, new)
        low, high = _limit(line["low"], 0.0), _limit(line["high"], 1.0)
        gap = max(low - actual, actual - high, 0.0) if actual == actual else np.nan
        label = f"{measure.capitalize()}: {name}" if name else measure.capitalize()
        rows[label] = (actual, low, high, gap, gap * sales)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["actual", "low", "high", "gap", "amount"])
    return table.sort_values("gap", ascending=False, kind="stable")


def _actual(base: pd.DataFrame, measure: str, name: str, new: pd.Index[str]) -> float:
    """Share of net sales that a line of the strategy is about; NaN where nothing is known of it."""
    sales = base["net_sales"].clip(lower=0)
    whole = float(sales.sum())
    if measure in ("largest customer", "ten largest"):
        found = concentration(base["net_sales"])
        value = found.largest if measure == "largest customer" else found.top10
        return np.nan if value is None else value
    if measure == "loss-making customers":
        return (
            share(float(sales[base["profit"] < 0].sum()), whole) if base["profit"].notna().any() else np.nan
        )
    if measure == "new customers":
        return share(float(sales[base.index.isin(new)].sum()), whole)
    column = base["market_fit" if measure == "market fit" else measure]
    known = float(sales[column.notna()].sum())
    return share(float(sales[column == name].sum()), known)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _limit(value: Any, otherwise: float) -> float:
    return otherwise if pd.isna(value) else float(value)
