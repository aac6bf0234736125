"""What each unit of the example company was to bring, and what it forecast month after month."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.demo.company import CURRENCY, UNITS
from vs_toolkit.demo.truth import STATUSES

AMBITION = 1.1  # targets stand this much above what the company brought on average
MONTHS_BACK, MONTHS_AHEAD = 12, 6
MONTH, HALF_A_YEAR = pd.Timedelta(days=365.25 / 12), pd.DateOffset(months=6)
NOMINAL = {status.status: status.nominal_probability for status in STATUSES if status.outcome == "open"}
WON = next(status.status for status in STATUSES if status.outcome == "won")
Z80 = 1.2816  # quantile of the normal distribution for an 80 % interval


def targets(cases: pd.DataFrame, changes: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Set monthly targets of each unit, from a year after the first case to half a year after ``as_of``."""
    orders = _with_unit(changes[changes["status"] == WON], cases)
    start = cases["created_at"].min()
    months = pd.date_range(
        start + pd.DateOffset(years=1, day=1), pd.Timestamp(as_of) + HALF_A_YEAR, freq="MS"
    )
    share = AMBITION * MONTH / (pd.Timestamp(as_of) - start)
    units = orders.groupby("unit")["value"].agg(["size", "sum"]).reindex(UNITS, fill_value=0) * share
    every = pd.MultiIndex.from_product([UNITS, months], names=["unit", "month"]).to_frame(index=False)
    return every.assign(
        orders=every["unit"].map(units["size"].round(1)),
        value=every["unit"].map(units["sum"].round(-3)),
        currency=CURRENCY,
    )


def forecast_snapshots(cases: pd.DataFrame, changes: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Repeat what was forecast at each past month's end from the nominal probabilities."""
    known = _with_unit(changes, cases)
    ends = pd.date_range(end=pd.Timestamp(as_of), periods=MONTHS_BACK, freq="ME")
    return pd.concat([_forecast(known, end) for end in ends], ignore_index=True)


def _forecast(known: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    then = known[known["changed_at"].dt.tz_localize(None).dt.normalize() <= end]
    then = then.drop_duplicates("opportunity_id", keep="last").dropna(subset=["expected_decision"])
    p = then["status"].map(NOMINAL)
    month = then["expected_decision"].dt.to_period("M").dt.to_timestamp()
    parts = then.assign(month=month, p=p, mean=p * then["value"], variance=p * (1 - p) * then["value"] ** 2)
    ahead = pd.date_range(end + pd.Timedelta(days=1), periods=MONTHS_AHEAD, freq="MS")
    every = pd.MultiIndex.from_product([UNITS, ahead], names=["unit", "month"])
    sums = parts.groupby(["unit", "month"])[["p", "mean", "variance"]].sum().reindex(every, fill_value=0.0)
    width = Z80 * np.sqrt(sums["variance"])
    return pd.DataFrame(
        {
            "taken_on": end,
            "unit": every.get_level_values("unit"),
            "month": every.get_level_values("month"),
            "method": "nominal",
            "expected_orders": sums["p"].round(2).to_numpy(),
            "expected_value": sums["mean"].round(-2).to_numpy(),
            "low_value": (sums["mean"] - width).clip(lower=0).round(-2).to_numpy(),
            "high_value": (sums["mean"] + width).round(-2).to_numpy(),
        }
    )


def _with_unit(changes: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    number = cases["owner_id"].str[1:].astype(int) - 1
    unit = pd.Series(np.array(UNITS)[number % len(UNITS)], index=cases["opportunity_id"])
    return changes.assign(unit=changes["opportunity_id"].map(unit))
