"""Quality of the base, looking back and ahead; and what it can be managed for: revenue, profit or EVA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.estimates import wilson
from vs_toolkit.periods import Period
from vs_toolkit.portfolio.base import first_sales, share

FADING = 0.2  # part of net sales by which a fading customer buys less than the year before
JOINT = ("joint project", "joint R&D")
YEARS_OF_PROJECTS = 3
SATISFIED = pd.DateOffset(years=2)
Figure = tuple[float, float, float, float]  # value, low, high, n
Tables = Mapping[str, pd.DataFrame]


def quality(tables: Tables, base: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Quality of the base in figures, each with the number of customers behind it.

    Returns
    -------
    DataFrame
        Index: what is measured; value, low, high (90% interval of a rate of customers), n, unit, view
        ("past" or "future"). NaN: not known.
    """
    active, bought = base["net_sales"] > 0, base["previous"] > 0
    ids = base.index[active]
    first = first_sales(tables["sales"], tables["customers"]).reindex(base.index)
    new = active & (first >= period.start)
    less = base.index.isin(fading(base))
    rows = {
        "New customers": (*_rate(new.sum(), len(ids)), "share", "future"),
        "Net sales from new customers": (*_of_sales(base, new), "share", "future"),
        "Customers lost (churn)": (*_rate((bought & ~active).sum(), bought.sum()), "share", "past"),
        "Fading customers": (*_rate(less.sum(), (bought & active).sum()), "share", "future"),
        "Net sales with fading customers": (*_of_sales(base, less), "share", "future"),
        "Satisfaction index": (*_satisfaction(tables["satisfaction"], ids, period), "points", "past"),
        "Customers with joint projects": (*_joint(tables["investments"], ids, period), "share", "future"),
        "Relationship strength": (*_strength(tables["assessments"], ids), "points", "past"),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high", "n", "unit", "view"])


def churn(base: pd.DataFrame) -> float:
    """Share of last year's customers that bought nothing in the period, half a customer added to both."""
    bought = base["previous"] > 0
    lost = (bought & ~(base["net_sales"] > 0)).sum()
    return float((lost + 0.5) / (bought.sum() + 1))


def fading(base: pd.DataFrame) -> pd.Index[str]:
    """Customers that still buy, but at least a fifth less than the year before."""
    less = base["net_sales"] < (1 - FADING) * base["previous"]
    return base.index[less & (base["net_sales"] > 0)]


def _rate(part: float, whole: float) -> Figure:
    low, high = wilson(part, whole)
    return share(float(part), float(whole)), float(low), float(high), float(whole)


def _satisfaction(answers: pd.DataFrame, ids: pd.Index[str], period: Period) -> Figure:
    """Mean of the customers' mean ratings of the last two years, each rescaled to 0–100."""
    recent = answers[(answers["kind"] == "rating") & answers["customer_id"].isin(ids)]
    recent = recent[recent["answered_on"] > period.end - SATISFIED]
    scale = recent["high"] - recent["low"]
    points = 100 * (recent["score"] - recent["low"]) / scale.where(scale > 0)
    means = points.astype(float).groupby(recent["customer_id"]).mean()
    return float(means.mean()) if len(means) else np.nan, np.nan, np.nan, float(len(means))


def _strength(assessments: pd.DataFrame, ids: pd.Index[str]) -> Figure:
    """Mean score on the scale of partnering, newest assessments, over the customers scored."""
    own = assessments[assessments["customer_id"].isin(ids) & (assessments["scale"] == "partnering")]
    newest = own.sort_values("assessed_on").drop_duplicates(
        ["customer_id", "opportunity_id", "element"], keep="last"
    )
    means = newest["score"].astype(float).groupby(newest["customer_id"]).mean()
    return float(means.mean()) if len(means) else np.nan, np.nan, np.nan, float(len(means))


def _joint(investments: pd.DataFrame, ids: pd.Index[str], period: Period) -> Figure:
    recent = investments["decided_on"] > period.end - pd.DateOffset(years=YEARS_OF_PROJECTS)
    joint = investments[investments["kind"].isin(JOINT) & recent & investments["customer_id"].isin(ids)]
    return _rate(joint["customer_id"].nunique(), len(ids))


def _of_sales(base: pd.DataFrame, chosen: Any) -> Figure:
    """Share of net sales with chosen customers, and how many these are."""
    sales = base["net_sales"].clip(lower=0)
    return share(float(sales[chosen].sum()), float(sales.sum())), np.nan, np.nan, float(np.sum(chosen))


def past_and_future(base: pd.DataFrame, value: pd.Series[float], most: int = 10) -> pd.DataFrame:
    """Rank of customers by the profit of the period and by the value of the relationship ahead.

    Returns
    -------
    DataFrame
        Index: customers among the ``most`` largest of either with both known; profit, value, rank_past,
        rank_future.
    """
    both = pd.DataFrame({"profit": base["profit"], "value": value.reindex(base.index)}).dropna()
    both["rank_past"] = both["profit"].rank(ascending=False, method="first")
    both["rank_future"] = both["value"].rank(ascending=False, method="first")
    chosen = both[(both["rank_past"] <= most) | (both["rank_future"] <= most)]
    return chosen.sort_values("rank_future", kind="stable")


def three_steps(base: pd.DataFrame, budgets: pd.DataFrame) -> pd.DataFrame:
    """What can be managed today: for which part of net sales revenue, profit and EVA are known, and targets.

    Returns
    -------
    DataFrame
        Index: Revenue, Profit, EVA (book, figure 23); measured (share of net sales), targets (budgeted
        measures of that step).
    """
    sales = float(base["net_sales"].clip(lower=0).sum())
    weight = base["net_sales"].clip(lower=0)
    words = {"Revenue": ("sales", "revenue"), "Profit": ("margin", "profit", "contribution"), "EVA": ("eva",)}
    known = {"Revenue": "net_sales", "Profit": "profit", "EVA": "eva"}
    measures = sorted(budgets["measure"].dropna().unique())
    rows = {
        step: (
            share(float(weight[base[column].notna()].sum()), sales),
            ", ".join(m.replace("_", " ") for m in measures if any(word in m for word in words[step])),
        )
        for step, column in known.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["measured", "targets"])
