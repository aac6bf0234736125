"""Portfolios of customers by revenue and risk: what each is for, and what it brings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.portfolio.risk import Weights, changes, group_changes, minimum_variance, volatility

SMALL, LARGE, STEADY, VOLATILE = "small", "large", "steady", "volatile"
UNKNOWN = "Risk not known"
LARGE_TOGETHER = 0.8  # large customers bring this part of net sales together
NAMES = {
    (LARGE, STEADY): "Large and steady", (LARGE, VOLATILE): "Large and volatile",
    (SMALL, STEADY): "Small and steady", (SMALL, VOLATILE): "Small and volatile",
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What parts customers: net sales from which on one is large, volatility from which on it is volatile."""

    sales: float
    volatility: float


def limits(base: pd.DataFrame, volatility: pd.Series[float]) -> Limits:
    """Limits from the base itself: the customers that bring 80% of net sales, the median volatility of sales.

    >>> base = pd.DataFrame({"net_sales": [80.0, 15.0, 5.0]})
    >>> limits(base, pd.Series([0.1, 0.3, 0.5]))
    Limits(sales=80.0, volatility=0.1)
    """
    ordered = base["net_sales"].clip(lower=0).sort_values(ascending=False)
    total = ordered.sum()
    if not total > 0:
        return Limits(np.inf, np.inf)
    inside = int((ordered.cumsum() < LARGE_TOGETHER * total - 1e-9).sum())
    known = volatility.dropna()
    weights = base["net_sales"].reindex(known.index).clip(lower=0)
    by_size = known.sort_values()
    half = weights[by_size.index].cumsum() >= weights.sum() / 2
    middle = float(by_size[half].iloc[0]) if half.any() else np.inf
    return Limits(float(ordered.iloc[inside]), middle)


def assign(
    base: pd.DataFrame, volatility: pd.Series[float], at: Limits, roles: pd.DataFrame
) -> pd.Series[str]:
    """Portfolio of each customer, by the names in ``roles`` (portfolio, revenue, risk) if there are any."""
    names = NAMES | {(row.revenue, row.risk): str(row.portfolio) for row in roles.itertuples()}
    size = np.where(base["net_sales"] >= at.sales, LARGE, SMALL)
    risk = volatility.reindex(base.index)
    kind = np.where(risk > at.volatility, VOLATILE, STEADY)
    found = [names[(s, k)] if r == r else UNKNOWN for s, k, r in zip(size, kind, risk, strict=True)]
    return pd.Series(found, base.index, dtype=object)


def summary(
    base: pd.DataFrame, of: pd.Series[str], quarters: pd.DataFrame, roles: pd.DataFrame
) -> pd.DataFrame:
    """What each portfolio brings beside what it should.

    Returns
    -------
    DataFrame
        Index: portfolio, by net sales; customers, net_sales, share, target_share, eva, eva_margin,
        target_eva_margin, volatility, role. EVA is that of the customers of which it is known.
    """
    grouped = base.groupby(of)
    table = pd.DataFrame({"customers": grouped.size(), "net_sales": grouped["net_sales"].sum()})
    table["share"] = table["net_sales"] / table["net_sales"].sum()
    known = base.dropna(subset="eva")
    table["eva"] = known.groupby(of.reindex(known.index))["eva"].sum()
    known_sales = known.groupby(of.reindex(known.index))["net_sales"].sum().reindex(table.index)
    table["eva_margin"] = table["eva"] / known_sales.where(known_sales > 0)
    table["volatility"] = volatility(group_changes(quarters, of[of != UNKNOWN])).reindex(table.index)
    given = roles.set_index("portfolio").reindex(columns=["role", "target_share", "target_eva_margin"])
    return table.join(given).sort_values("net_sales", ascending=False, kind="stable")


def reference(
    base: pd.DataFrame, of: pd.Series[str], quarters: pd.DataFrame
) -> tuple[pd.DataFrame, Weights | None]:
    """Shares of portfolios that would vary least together, beside today's; a reference, not advice.

    Nothing where fewer than two portfolios have a known history, or the history is too short to tell.
    """
    known = of[of != UNKNOWN]
    own = changes(quarters.fillna(0.0).groupby(known.reindex(quarters.index)).sum()).dropna()
    sales = base["net_sales"].groupby(known.reindex(base.index)).sum().reindex(own.index)
    if len(own) < 2 or own.shape[1] <= len(own):
        return pd.DataFrame(columns=["share", "least_variance"]), None
    try:
        least = minimum_variance(np.cov(own.to_numpy(float)))
    except ParameterError:
        return pd.DataFrame(columns=["share", "least_variance"]), None
    return pd.DataFrame(
        {"share": sales / sales.sum(), "least_variance": least.weights}, index=own.index
    ), least
