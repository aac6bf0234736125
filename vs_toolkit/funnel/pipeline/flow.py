"""The flow through the pipeline over time: win rate by quarter, cohorts, ageing, velocity and coverage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

AGES = {"under 30 days": 30.0, "30–90 days": 90.0, "90–180 days": 180.0, "over 180 days": np.inf}
OUTSIDE = 0.0027  # chance of a point outside the limits of a control chart while nothing changes (3 sigma)
COHORT_MONTHS = (3, 6, 9, 12, 18, 24)
YEAR_DAYS = 365


def win_rate_by_quarter(cases: pd.DataFrame, as_of: Any, quarters: int = 12) -> pd.DataFrame:
    """Win rate of each full quarter by day of decision, with control limits about the common rate.

    Limits are those of a p-chart, exact for the number of decisions in the quarter (binomial, 0.27% outside).

    Parameters
    ----------
    cases
        One row per opportunity: outcome, closed_at.
    as_of
        As-of date, later data is ignored; the quarter that is not over is left out.
    quarters
        How many quarters back.

    Returns
    -------
    DataFrame
        Index: first day of the quarter. won, decided, rate, low, high (limits), outside.

    Examples
    --------
    >>> cases = pd.DataFrame({"outcome": ["won", "lost"], "closed_at": pd.to_datetime(["2026-02-01"] * 2)})
    >>> win_rate_by_quarter(cases, "2026-03-31")["rate"].tolist()
    [0.5]
    """
    over = pd.Period(pd.Timestamp(as_of).normalize() + pd.Timedelta(days=1), freq="Q")
    closed = cases[(cases["outcome"] != "open") & cases["closed_at"].notna()]
    quarter = closed["closed_at"].astype("datetime64[us]").dt.to_period("Q")
    won = (closed["outcome"] == "won").astype(int)
    table = won.groupby(quarter).agg(["sum", "size"]).set_axis(["won", "decided"], axis=1)
    table = table[(table.index < over) & (table.index >= over - quarters)]
    common = table["won"].sum() / max(table["decided"].sum(), 1)
    low, high = (
        stats.binom.ppf(end, table["decided"], common) / table["decided"]
        for end in (OUTSIDE / 2, 1 - OUTSIDE / 2)
    )
    rate = table["won"] / table["decided"]
    full = table.assign(rate=rate, low=low, high=high, outside=(rate < low) | (rate > high))
    return full.set_axis(pd.PeriodIndex(full.index, freq="Q").to_timestamp().rename("quarter"))


def cohorts(cases: pd.DataFrame, as_of: Any, quarters: int = 8) -> pd.DataFrame:
    """Share won of the leads of each quarter by so many months after the end of the quarter.

    Parameters
    ----------
    cases
        One row per opportunity: outcome, first_at, closed_at.
    as_of
        As-of date, later data is ignored: what lies after it is missing.
    quarters
        How many quarters back.

    Returns
    -------
    DataFrame
        Index: first day of the quarter; leads, and a column for each number of months.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> cases = pd.DataFrame({"outcome": ["won", "open"], "first_at": day(["2026-01-05"] * 2),
    ...                       "closed_at": day(["2026-04-20", None])})
    >>> cohorts(cases, "2026-09-30").iloc[0][["leads", 3, 6]].tolist()
    [2.0, 0.5, 0.5]
    """
    end = pd.Timestamp(as_of).normalize() + pd.Timedelta(days=1)
    quarter = cases["first_at"].dt.to_period("Q")
    rows: dict[Any, dict[Any, float]] = {}
    for name in sorted(quarter.dropna().unique())[-quarters:]:
        leads, close = cases[quarter == name], (name + 1).to_timestamp()
        won = leads.loc[leads["outcome"] == "won", "closed_at"]
        until = {months: close + pd.DateOffset(months=months) for months in COHORT_MONTHS}
        shares = {
            m: float((won < day).sum() / len(leads)) if day <= end else np.nan for m, day in until.items()
        }
        rows[name.to_timestamp()] = {"leads": float(len(leads)), **shares}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["leads", *COHORT_MONTHS]).rename_axis(
        "quarter"
    )


def stage_ageing(open_cases: pd.DataFrame, stages: list[str]) -> pd.DataFrame:
    """Open value by stage and days in it.

    >>> cases = pd.DataFrame({"status": ["Offer"], "age_days": [100.0], "value": [5.0]})
    >>> stage_ageing(cases, ["Lead", "Offer"]).loc["Offer"].tolist()
    [0.0, 0.0, 5.0, 0.0]
    """
    place = np.searchsorted(list(AGES.values()), open_cases["age_days"], side="right")
    band = pd.Categorical.from_codes(place, categories=pd.Index(list(AGES)))
    status = open_cases["status"].astype(object)
    table = (
        open_cases["value"]
        .astype(float)
        .groupby([status, pd.Series(band, open_cases.index)], observed=False)
        .sum()
    )
    return (
        table.unstack()
        .fillna(0.0)
        .reindex(index=stages, columns=list(AGES), fill_value=0.0)
        .rename_axis(index="stage", columns=None)
    )


def velocity(open_cases: pd.DataFrame, dimensions: pd.Series[float]) -> float:
    """Sales velocity: open opportunities x mean order value x win rate / cycle in days; value per day.

    >>> year = pd.Series({"order_value": 1000.0, "orders": 10.0, "hit_rate": 0.25, "length_days": 50.0})
    >>> velocity(pd.DataFrame(index=range(40)), year)
    20.0
    """
    mean_value = dimensions["order_value"] / dimensions["orders"] if dimensions["orders"] else np.nan
    return float(
        len(open_cases) * mean_value * dimensions["hit_rate"] / (dimensions["length_days"] or np.nan)
    )
