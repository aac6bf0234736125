"""The customer's indicators beside what is usual in its industry; each gap in money a year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.plan.indicators import DAYS
from vs_toolkit.plan.versions import newest

CLOSED = 0.5  # share of the gap to the median that is taken as closed
COLUMNS = [
    "indicator", "unit", "own", "low", "median", "high", "n", "source", "better", "gap", "capital", "yearly",
]  # fmt: skip


@dataclass(frozen=True)
class Indicator:
    """How an indicator is named in ``benchmarks``, which direction is better, and what a unit of it moves.

    ``profit`` and ``capital`` name the yearly amount that one unit of the gap is worth: once a year as
    profit, or once as released capital, whose yearly worth is the customer's cost of capital on it.
    """

    name: str
    label: str
    unit: str
    higher_is_better: bool
    profit: Callable[[pd.Series[Any]], float] | None = None
    capital: Callable[[pd.Series[Any]], float] | None = None


def _sales(row: pd.Series[Any]) -> float:
    return float(row["revenue"])


def _sales_a_day(row: pd.Series[Any]) -> float:
    return float(row["revenue"]) / DAYS


def _goods_a_day(row: pd.Series[Any]) -> float:
    return float(row["revenue"] * (1 - row["gross_margin"])) / DAYS


INDICATORS = (
    Indicator("gross_margin", "Gross margin", "share", True, profit=_sales),
    Indicator("operating_expenses", "Operating expenses, share of revenue", "share", False, profit=_sales),
    Indicator("operating_margin", "Operating margin", "share", True),
    Indicator("dso", "Days sales outstanding (DSO)", "days", False, capital=_sales_a_day),
    Indicator("dio", "Days inventory outstanding (DIO)", "days", False, capital=_goods_a_day),
    Indicator("dpo", "Days payables outstanding (DPO)", "days", True, capital=_goods_a_day),
    Indicator("capital_turnover", "Capital turnover", "turns", True),
    Indicator("roce", "ROCE", "share", True),
)
"""Margins and turnover that contain others (operating margin, ROCE) have no money of their own."""


def gaps(
    by_year: pd.DataFrame, benchmarks: pd.DataFrame, industry: str | None, wacc: float | None
) -> pd.DataFrame:
    """Compare the newest year with the industry; what closing half of each gap is worth a year.

    Parameters
    ----------
    by_year
        As :func:`~vs_toolkit.plan.indicators.indicators` returns it.
    benchmarks
        The table ``benchmarks``; of several sources of an indicator, the one with most companies counts.
    industry
        The customer's, in the words of ``benchmarks``.
    wacc
        Its cost of capital; None: released capital has no yearly worth.

    Returns
    -------
    DataFrame
        One row per indicator that has a benchmark, largest yearly worth first: own, low, median, high, n,
        source, better (whether own is at least the median), gap (distance to a better median, 0 if
        better), capital (released, else NaN) and yearly (profit, or capital x wacc; NaN where not known).
    """
    own = by_year.dropna(subset=["revenue"]).iloc[-1:] if len(by_year) else by_year
    rows = benchmarks[benchmarks["industry"] == industry]
    rows = newest(rows, "indicator", dated="n").set_index("indicator")
    if own.empty or rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    typical = {str(name): row for name, row in rows.iterrows()}
    found = [_gap(i, own.iloc[0], typical[i.label], wacc) for i in INDICATORS if i.label in typical]
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values("yearly", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _gap(
    indicator: Indicator, year: pd.Series[Any], typical: pd.Series[Any], wacc: float | None
) -> dict[str, Any]:
    own, way = float(year[indicator.name]), 1 if indicator.higher_is_better else -1
    gap = np.nan if np.isnan(own) else max(way * (float(typical["median"]) - own), 0.0)
    capital = CLOSED * gap * indicator.capital(year) if indicator.capital else np.nan
    profit = CLOSED * gap * indicator.profit(year) if indicator.profit else np.nan
    charge = np.nan if wacc is None else wacc
    return {
        **{name: typical[name] for name in ("low", "median", "high", "n", "source")},
        "indicator": indicator.label,
        "unit": indicator.unit,
        "own": own,
        "better": None if np.isnan(own) else bool(gap == 0),
        "gap": gap,
        "capital": capital,
        "yearly": capital * charge if indicator.capital else profit,
    }
