"""Who this customer is to us: relationship value index, segment, and good, neutral and bad money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit import periods, scoring
from vs_toolkit.plan import contacts as coverage_
from vs_toolkit.plan.versions import Frames, newest, table

MONEY = ("good", "neutral", "bad")
FITS = ("inside", "borderline", "outside")


@dataclass(frozen=True)
class Care:
    """Sales investment for a customer of a segment; what is None is not set."""

    served_by: str | None
    meetings: int | None
    budget: float | None = None
    currency: str = ""
    customers: int | None = None


DEFAULTS = {
    "key": Care("account team with an account manager", 24),
    "important": Care("sales manager, product expert on request", 8),
    "normal": Care("other channels, sales manager on request", 2),
}
"""Sales investment by segment (book, chapter 6); meetings a year are our defaults."""
YEAR = pd.Timedelta(days=365.25)


def segments(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Newest known row of each segment, by segment."""
    known = rows[rows["set_on"] <= pd.Timestamp(as_of)]
    return newest(known, "segment", dated="set_on").set_index("segment")


def care(segment: str, segments: pd.DataFrame) -> Care:
    """Sales investment of a segment as the table gives it; the default where it has no row for it."""
    if segment not in segments.index:
        return DEFAULTS.get(segment, Care(None, None))
    row = {name: None if pd.isna(value) else value for name, value in segments.loc[segment].items()}
    return Care(row["served_by"], row["meetings"], row["budget"], row["currency"] or "", row["customers"])


def with_limits(scale: scoring.Scale, lowest: pd.Series[float]) -> scoring.Scale:
    """Take the lowest values of the segments from the table where they are set, else from the scale."""
    above = {name for name, limit in scale.classes.items() if limit > scoring.LOWEST}
    given = {str(name): float(value) for name, value in lowest.dropna().items() if name in above}
    return scale.model_copy(update={"classes": scale.classes | given}) if given else scale


def limits(values: pd.Series[float], capacity: Mapping[str, int]) -> dict[str, float]:
    """Lowest relationship value of each segment that can hold only so many customers.

    Customers fill the segments from the highest value on; customers of equal value stay together, so that a
    segment never holds more than it can. A segment that nobody reaches begins above the highest value.

    Parameters
    ----------
    values
        Relationship value by customer; what is not known is left out.
    capacity
        Number of customers by segment, the highest segment first.

    >>> values = pd.Series([90.0, 80.0, 80.0, 70.0, 40.0])
    >>> limits(values, {"key": 2, "important": 2}), limits(values, {"key": 3})
    ({'key': 90.0, 'important': 80.0}, {'key': 80.0})
    """
    ranked = sorted(values.dropna(), reverse=True)
    found: dict[str, float] = {}
    used = 0
    for segment, count in capacity.items():
        left = ranked[used:]
        held = [value for value in left[:count] if len(left) <= count or value > left[count]]
        before = found[list(found)[-1]] if found else scoring.HIGHEST
        found[segment] = float(held[-1]) if held else before
        used += len(held)
    return found


def last_year(sales: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Sales of the last twelve full months."""
    return sales[periods.last_twelve(as_of).holds(sales["month"])]


def contribution(sales: pd.DataFrame) -> float | None:
    """Net sales less direct cost and cost to serve; None without sales, or where a cost is blank."""
    costs = sales[["direct_cost", "cost_to_serve"]]
    if sales.empty or costs.isna().any(axis=None):
        return None
    return float(sales["net_sales"].sum() - costs.sum().sum())


def by_region(sales: pd.DataFrame) -> pd.DataFrame:
    """Net sales and profit contribution by region of delivery, the lowest contribution first."""
    rows = {
        str(region): {"net_sales": float(own["net_sales"].sum()), "contribution": contribution(own)}
        for region, own in sales.dropna(subset=["region"]).groupby("region")
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["net_sales", "contribution"]).astype(float)
    return frame.sort_values("contribution", kind="stable")


def measured(
    tables: Frames, customer: Mapping[str, Any], share: float | None, as_of: date
) -> dict[str, float | None]:
    """Values of the measured elements of the index: revenue, growth, profitability, customer share, length.

    What the tables do not give is None. ``share`` is the customer share (share of wallet).
    """
    sales = table(tables, "sales")
    year = last_year(sales, as_of)
    before = sales[periods.last_twelve(as_of).year_before.holds(sales["month"])]["net_sales"].sum()
    revenue = float(year["net_sales"].sum()) if len(year) else None
    profit = contribution(year)
    since = customer.get("since")
    return {
        "revenue": revenue,
        "volume_growth": revenue / before - 1 if revenue is not None and before > 0 else None,
        "profitability": profit / revenue if profit is not None and revenue else None,
        "customer_share": share,
        "length": (pd.Timestamp(as_of) - since) / YEAR if since is not None else None,
    }


def from_contacts(
    covered: coverage_.Coverage, persons: pd.DataFrame, lately: pd.Series[bool]
) -> dict[str, float]:
    """Scores of scope and level of contacts, as the contacts show them.

    Scope: share of needed cells covered. Level: the highest level met lately (operational 0, management 50,
    executive 100). Without any contact on record, nothing is known.
    """
    if persons.empty:
        return {}
    scores = {} if covered.share is None else {"contact_scope": 100 * covered.share}
    levels = persons.loc[lately, "level"].dropna()
    if len(levels):
        scores["contact_level"] = float(max(50.0 * coverage_.LEVELS.index(level) for level in levels))
    return scores


def index_answers(
    scale: scoring.Scale, assessed: Mapping[str, float], values: Mapping[str, float | None],
    from_people: Mapping[str, float],
) -> dict[str, float]:  # fmt: skip
    """Answers of the index: an assessment first, else the measured value on its points, else the contacts."""
    leaves = scale.leaves
    scores = {
        name: leaves[name].element.score_of(value)
        for name, value in values.items()
        if value is not None and name in leaves and leaves[name].element.points
    }
    known = {name: score for name, score in from_people.items() if name in leaves}
    return {**known, **scores, **assessed}


def money(sales: pd.DataFrame, customer_fit: str | None, offerings: pd.DataFrame) -> pd.DataFrame:
    """Net sales by calendar year as good, neutral and bad money (book, chapter 6).

    Revenue inside the chosen markets is good, borderline or one-off neutral, outside bad; of the fit of the
    customer and of the product group, the worse one counts. Without the customer's fit nothing is classified.

    Returns
    -------
    DataFrame
        Index year; good, neutral, bad. Empty where it cannot be said.
    """
    if customer_fit not in FITS or sales.empty:
        return pd.DataFrame(columns=list(MONEY), dtype=float)
    rank = offerings.dropna(subset=["product_group", "market_fit"])
    worst = rank["market_fit"].map(FITS.index).groupby(rank["product_group"]).max()
    own = sales["product_group"].map(worst).fillna(0).astype(int)
    kinds = np.array(MONEY)[np.maximum(own, FITS.index(customer_fit))]
    sums = sales.groupby([sales["month"].dt.year, kinds])["net_sales"].sum()
    return sums.unstack().reindex(columns=list(MONEY)).fillna(0.0).rename_axis(index="year")
