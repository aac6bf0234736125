"""Tables of what the funnel will bring and of what has to be done, named in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, common_scale, day, number, percent
from vs_toolkit.funnel.exhibits.record import between
from vs_toolkit.funnel.outlook.cash import MoneyFlow
from vs_toolkit.funnel.outlook.forecast import Forecast
from vs_toolkit.funnel.pipeline.steps import Steps
from vs_toolkit.funnel.rates.landmark import NOMINAL

MEASURED = "Weighted, measured"
PASSED, LATER, UNDATED, TOGETHER = "date passed", "later", "no date", "together"
WHAT_TO_DO = {
    "status claims more than its milestones show": "find out who decides, how and when",
    "no next step": "agree on the next step",
    "decision date in the past": "get a new decision date",
    "value missing": "put a value on it",
    "duplicate": "check whether it stands here twice",
}
FADING = "win it back or close it"
ACCURACY_NOTE = (
    "Orders of a unit in a month. Too much by: forecast less what came, on average. Off by: whichever way. "
    "Against last month: that error over the one of taking last month's orders; below 1 is better. "
    "Held: 80 % intervals of the value that held what came."
)


def by_expected_month(open_cases: pd.DataFrame, as_of: Any, months: pd.Index[Any]) -> pd.DataFrame:
    """Open cases by the month in which their decision is expected, as recorded, plain and weighted.

    Returns
    -------
    DataFrame
        Index: date passed, each month, later, no date, together. Cases, Value, and the value weighted by the
        nominal and, if anything could be measured, by the measured probability.
    """
    expected = open_cases["expected_decision"]
    names = {f"{month:%b %Y}": expected.dt.to_period("M") == month.to_period("M") for month in months}
    passed, late = (
        expected < pd.Timestamp(as_of).normalize(),
        expected.dt.to_period("M") > months[-1].to_period("M"),
    )
    rows = {PASSED: passed, **{name: hit & ~passed for name, hit in names.items()}, LATER: late}
    rows |= {UNDATED: expected.isna(), TOGETHER: pd.Series(True, open_cases.index)}
    amounts = pd.DataFrame(
        {
            "Cases": 1.0,
            "Value": open_cases["value"],
            "Weighted, nominal": open_cases["value"] * open_cases["nominal"],
            MEASURED: open_cases["value"] * open_cases["win_probability"],
        },
        index=open_cases.index,
        dtype=float,
    )
    sums = {name: amounts[hit].sum(min_count=1 if hit.any() else 0) for name, hit in rows.items()}
    table = pd.DataFrame(sums).T
    needed = (table["Cases"] > 0) | ~table.index.isin([PASSED, LATER, UNDATED])
    shown = table[needed].rename_axis("Decision expected")
    measured = (open_cases["rule"] != NOMINAL).any()
    return shown if measured else shown.drop(columns=MEASURED)


def units(currency: str) -> dict[str, str]:
    """Units of the open funnel by month."""
    return dict.fromkeys(("Value", "Weighted, nominal", MEASURED), currency)


def forecast(outlook: Forecast, targets: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Orders and value expected by month with their intervals beside the targets."""
    if not outlook.total["orders"] > 0:
        return pd.DataFrame()
    scale, unit = common_scale(outlook.table["value_high"], currency)
    names = [f"{month:%b %Y}" for month in outlook.table.index]
    table = pd.concat([outlook.table, outlook.total.to_frame().T]).set_axis([*names, TOGETHER])
    goal = pd.concat([targets, targets.sum(skipna=False).to_frame().T]).set_axis([*names, TOGETHER])
    return pd.DataFrame(
        {
            "Orders": [number(orders, 1) for orders in table["orders"]],
            "8 of 10 times": _ranges(table["orders_low"], table["orders_high"]),
            "Target": [number(orders, 1) for orders in goal["orders"]],
            f"Value, {unit}": (table["value"] / scale).round(),
            "8 of 10 times ": _ranges(table["value_low"] / scale, table["value_high"] / scale),
            f"Target, {unit}": (goal["value"] / scale).round(),
        },
        index=table.index,
    ).rename_axis("Month")


def _ranges(low: pd.Series[float], high: pd.Series[float]) -> list[str]:
    return [f"{number(a)}–{number(b)}" for a, b in zip(low, high, strict=True)]


def money_by_quarter(flow: MoneyFlow, quarters: int = 6) -> pd.DataFrame:
    """Orders, deliveries and cash from the open cases by quarter, the rest as ``later``."""
    if not flow.table["cash"].any():
        return pd.DataFrame()
    table = flow.table.set_axis(["Orders", "Deliveries", "Cash"], axis=1)
    sums = table.groupby(pd.DatetimeIndex(table.index).to_period("Q")).sum()
    shown = sums.head(quarters).set_axis([f"Q{q.quarter} {q.year}" for q in sums.index[:quarters]])
    shown.loc[LATER] = sums.iloc[quarters:].sum()
    return shown.rename_axis("Quarter")


def past(table: pd.DataFrame) -> pd.DataFrame:
    """Target, forecast and actual of past months; months of which nothing is recorded are left out."""
    known = table.dropna(subset=["forecast", "target"], how="all")
    named = known.set_axis([f"{month:%b %Y}" for month in known.index])
    columns = {"target": "Target", "forecast": "Forecast", "low": "Low", "high": "High", "actual": "Came"}
    return named[list(columns)].rename(columns=columns).rename_axis("Month")


def accuracy(scores: pd.DataFrame) -> pd.DataFrame:
    """How far kept forecasts of the orders of a unit were off, by method and months ahead."""
    return (
        pd.DataFrame(
            {
                "Forecasts": scores["n"],
                "Too much by": [number(bias, 2) for bias in scores["orders_bias"]],
                "Off by": [number(error, 2) for error in scores["orders_mae"]],
                "Against last month": [number(ratio, 2) for ratio in scores["orders_mase"]],
                "Held": scores["coverage"],
            }
        )
        .set_axis([f"{method}, {months} ahead" for method, months in scores.index])
        .rename_axis("Method, months")
    )


def trend_effect(effect: pd.DataFrame) -> pd.DataFrame:
    """Orders that came for each to be expected, by trend."""
    effect = effect[effect["rows"] > 0]
    return pd.DataFrame(
        {
            "Cases": effect["cases"],
            "Orders": effect["won"],
            "To be expected": [number(orders, 1) for orders in effect["expected"]],
            "Came for each": [number(ratio, 2) for ratio in effect["ratio"]],
            "90 % interval": [
                _range(low, high) for low, high in zip(effect["low"], effect["high"], strict=True)
            ],
        },
        index=effect.index,
    ).rename_axis("Trend")


def _range(low: float, high: float) -> str:
    return MISSING if np.isnan(low) else f"{number(low, 2)}–{number(high, 2)}"


def steps(walked: Steps) -> pd.DataFrame:
    """Step by step: share that goes on, how long that takes, and how many cases stall."""
    table = walked.table
    return pd.DataFrame(
        {
            "Visits": table["visits"],
            "Goes on": table["conversion"],
            "90 % interval": between(table["low"], table["high"]),
            "Goes back": table["back"],
            "Lost here": table["lost"],
            "Days": table["days"].round(),
            "Nine of ten within": table["days_90"].round(),
            "Stalled now": table["stalled"],
        }
    ).rename_axis("Status")


def leads(plan: pd.DataFrame) -> pd.DataFrame:
    """Leads needed by the month in which they come."""
    known = plan.dropna(subset="on_average")
    named = known.set_axis([day(on) for on in known.index])
    return pd.DataFrame(
        {
            "Won in time": named["hit_rate"],
            "Leads on average": named["on_average"].round(),
            "To be 80 % sure": named["to_be_sure"].round(),
        }
    ).rename_axis("If the leads come on")


def standing_out(table: pd.DataFrame) -> pd.DataFrame:
    """Groups whose hit rate differs from the others by more than chance, clearest first."""
    clear = table[table["stands_out"].astype(bool)].sort_values("p_value", kind="stable").reset_index()
    return pd.DataFrame(
        {
            "Closed": clear["closed"],
            "Won": clear["won"],
            "Hit rate": clear["hit_rate"],
            "90 % interval": between(clear["low"], clear["high"]),
            "Hit rate of others": clear["others"],
        }
    ).set_axis([f"{factor}: {group}" for factor, group in zip(clear["factor"], clear["group"], strict=True)])


def faults(found: pd.DataFrame) -> pd.DataFrame:
    """How many open cases have each fault, and what they are worth."""
    grouped = found.groupby("fault", sort=False)
    return pd.DataFrame(
        {
            "Cases": grouped.size(),
            "Value": grouped["value"].sum(min_count=1),
            "What to do": pd.Series(WHAT_TO_DO).reindex(grouped.size().index),
        }
    ).rename_axis("Fault")


def to_do(
    open_cases: pd.DataFrame,
    found: pd.DataFrame,
    owners: Mapping[str, str],
    customers: Mapping[str, str],
    most: int = 10,
) -> pd.DataFrame:
    """The open cases that need something, those worth most first: what is to be done and by whom."""
    action = found["fault"].map(WHAT_TO_DO).groupby(found["opportunity_id"]).agg("; ".join)
    fading = (open_cases["trend"] == "fading").map({True: FADING, False: None})
    both = pd.DataFrame({"fading": fading, "fault": action.reindex(open_cases.index)}, dtype=object)
    needs = pd.Series(
        ["; ".join(row.dropna()) for _, row in both.iterrows()], index=open_cases.index, dtype=object
    )
    worth = (open_cases["win_probability"] * open_cases["value"]).astype(float)
    chosen = open_cases.assign(needs=needs, worth=worth)[needs != ""]
    chosen = chosen.sort_values("worth", ascending=False, kind="stable").head(most)
    return (
        pd.DataFrame(
            {
                "Customer": chosen["customer_id"].map(dict(customers)),
                "Owner": chosen["owner_id"].map(dict(owners)),
                "Chance": [percent(chance, 0) for chance in chosen["win_probability"]],
                "Worth": chosen["worth"],
                "Needs": chosen["needs"],
            }
        )
        .set_axis([_called(row) for row in chosen.itertuples()])
        .rename_axis("Case")
    )


def _called(case: Any) -> str:
    return f"{case.name} ({case.Index})" if isinstance(case.name, str) else str(case.Index)
