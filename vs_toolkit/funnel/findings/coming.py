"""What will come, and how far past estimates were right, in sentences that hold for every gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import between, money, number, number_of, percent
from vs_toolkit.funnel.outlook.backtest import Backtest
from vs_toolkit.funnel.outlook.bridge import THEN
from vs_toolkit.funnel.outlook.cash import MoneyFlow
from vs_toolkit.funnel.outlook.correction import GATE, REPORTED, Correction
from vs_toolkit.funnel.outlook.dates import DateEffect
from vs_toolkit.funnel.outlook.forecast import LATER, NO_CHANCE, NO_VALUE, Forecast

METHODS = {
    "nominal": "the default probabilities",
    "closed_only": "the rate of closed opportunities",
    "landmark": "the landmark estimate",
    "corrected": "the corrected landmark estimate",
}
LARGE = 0.2  # share of the expected value from which one opportunity is named
SKEWED = 0.8  # median over mean below which it is named too
CHANCE = 0.1  # two-sided probability from which a difference is called chance


def orders(outlook: Forecast, targets: pd.DataFrame) -> str:
    """How many orders are expected, and how that compares with the target."""
    total, months = outlook.total, number_of(len(outlook.table), "month")
    if not total["orders"] > 0:
        return f"No orders can be forecast for the next {months}"
    interval = between(total["orders_low"], total["orders_high"])
    said = f"{count(total['orders'])} orders expected in {months} (80% interval {interval})"
    return f"{said}{_against(total['orders'], targets['orders'], count)}"


def value(outlook: Forecast, targets: pd.DataFrame, currency: str) -> str:
    """What the expected orders are worth, and how that compares with the target."""
    total, months = outlook.total, number_of(len(outlook.table), "month")
    if not total["value"] > 0:
        return f"No order value can be forecast for the next {months}: no value is recorded"
    interval = between(total["value_low"], total["value_high"], currency)
    said = f"{money(total['value'], currency)} expected in {months} (80% interval {interval})"
    return f"{said}{_against(total['value'], targets['value'], lambda x: money(x, currency))}"


def count(expected: float) -> str:
    """Write a number of expected orders, which need not be whole.

    >>> count(5.63), count(472.4)
    ('5.6', '472')
    """
    return number(expected, 1 if expected < 100 else 0)


def _against(expected: float, target: pd.Series[Any], write: Callable[[float], str]) -> str:
    """Compare with the sum of the targets, if every month has one."""
    if target.isna().any() or not len(target):
        return ""
    total = float(target.sum())
    return f", {percent(expected / total, 0)} of the target of {write(total)}" if total else ""


def hangs_on_one(outlook: Forecast, names: pd.Series[Any], currency: str) -> str:
    """Name the opportunity that makes much of the expected value."""
    worth, total = outlook.by_opportunity["value"].dropna(), outlook.total
    order, adds = outlook.recurring
    if total["value"] > 0 and adds >= LARGE * total["value"] and adds > (worth.max() if len(worth) else 0.0):
        return (
            f"{percent(adds / total['value'], 0)} of the expected value rests on one past order of "
            f"{money(order, currency)}, as if it could recur among leads to come; half of the "
            "outcomes stay below "
            f"{money(total['value_median'], currency)}."
        )
    if not len(worth) or not total["value"] > 0 or worth.max() < LARGE * total["value"]:
        return ""
    largest: Any = worth.idxmax()
    chance = outlook.by_opportunity["orders"][largest]
    name = names.get(largest)
    called = f"{name} ({largest})" if isinstance(name, str) else str(largest)
    low = total["value_median"] < SKEWED * total["value"]
    median = f", and half of the outcomes stay below {money(total['value_median'], currency)}" if low else ""
    rest = money(total["value"] - worth[largest], currency)
    return (
        f"{percent(worth[largest] / total['value'], 0)} of the expected value is one opportunity, "
        f"{called}, with a "
        f"{percent(chance, 0)} probability of an order in time; without it {rest} are expected{median}."
    )


def left_out(outlook: Forecast) -> list[str]:
    """What the forecast does not hold."""
    table = outlook.left_out
    later, unknown, valueless = (table.loc[name].to_dict() for name in (LATER, NO_CHANCE, NO_VALUE))
    said = []
    if later["orders"] >= 0.05:
        said.append(
            f"{count(later['orders'])} orders of open opportunities are expected after the last month."
        )
    if unknown["opportunities"]:
        n = number_of(int(unknown["opportunities"]), "open opportunity", "open opportunities")
        said.append(f"{n} without a win probability: neither history nor a default tells one.")
    if valueless["opportunities"]:
        n = number_of(int(valueless["opportunities"]), "open opportunity", "open opportunities")
        said.append(f"{n} without a value: counted as orders, not in the value.")
    return said


def correction(found: Correction) -> str:
    """Whether the forecast is corrected for drift, how far and why."""
    if not found.exits:
        return ""
    was = (
        f"in the last {number(REPORTED)} days {number(found.lost)} of {number(found.exits)} stage exits were "
        f"losses, where {number(found.expected)} were expected from earlier ones"
    )
    if found.active:
        odds = percent(np.expm1(found.shift), 0, signed=True)
        return f"The forecast is corrected for drift (odds of winning {odds}): {was}."
    if abs(found.z) <= GATE:
        return f"The forecast needs no correction for drift: {was}, a difference within chance."
    return (
        "The forecast is not corrected for drift: a correction would have made the estimates of past days "
        f"worse ({was})."
    )


def dates(effect: DateEffect, stated: int) -> str:
    """Whether stated decision dates are used."""
    if effect.is_known:
        return "Stated decision dates shift the timing as far as they did so for past orders."
    if stated:
        return (
            "Stated decision dates are not used for timing: they stand only in the present table, "
            "not with past "
            "status changes, so their reliability is not known."
        )
    return "No decision date is recorded; orders are timed from history alone."


def change(steps: pd.Series[float], day: str, currency: str) -> str:
    """How the expected value of open opportunities changed since an earlier day, and the largest cause."""
    then, now = float(steps[THEN]), float(steps.sum())
    if not (then > 0 or now > 0):
        return "The change since the last forecast is not known: no value is recorded"
    parts = steps.drop(THEN)
    causes = parts[np.sign(parts) == np.sign(now - then)]
    largest = f"; largest cause: {causes.abs().idxmax()}" if len(causes) and now != then else ""
    move = "rose" if now > then else "fell"
    return (
        f"The expected value of open opportunities {move} from {money(then, currency)} on {day} to "
        f"{money(now, currency)}{largest}"
    )


def money_flow(flow: MoneyFlow, currency: str) -> str:
    """When half of the cash has come."""
    table = flow.table
    if not table.to_numpy(float).any():
        return "Deliveries and cash are not known: no open opportunity has a value and a probability"
    if not table["cash"].any():
        return "Deliveries and cash are not known: no lead time from order to delivery is recorded"
    running = table["cash"].cumsum()
    half = running.index[int((running >= running.iloc[-1] / 2).to_numpy().argmax())]
    total = money(running.iloc[-1], currency)
    return f"Half of the {total} of cash from open opportunities is due by {half:%B %Y}"


def past_forecasts(past: pd.DataFrame, currency: str) -> str:
    """How far past forecasts were from what came, and how often the interval held it."""
    known = past.dropna(subset=["forecast", "actual"])
    if known.empty:
        return "No past forecast is on record, so forecast accuracy is not known"
    came, said = float(known["actual"].sum()), float(known["forecast"].sum())
    ratio = f"{percent(said / came, 0)} of actual" if came else "where nothing came"
    bounded = known.dropna(subset=["low", "high"])
    held = int(((bounded["actual"] >= bounded["low"]) & (bounded["actual"] <= bounded["high"])).sum())
    inside = f"; {held} of {number_of(len(bounded), 'month')} within the 80% interval" if len(bounded) else ""
    return (
        f"Forecasts a month ahead totalled {money(said, currency)}, {ratio} ({money(came, currency)} in "
        f"{number_of(len(known), 'month')}){inside}"
    )


def backtest(tested: Backtest) -> str:
    """How many orders each method would have expected, and how many came."""
    if not len(tested.rows):
        return "The record is too short for a back-test"
    score = tested.scores
    ours = "corrected" if "corrected" in score.index else "landmark"
    days = number_of(tested.rows["seen_on"].nunique(), "past day")
    expected, came = score["expected"][ours], score["actual"][ours]
    usual = score["expected"]["nominal"] if score["n"]["nominal"] else np.nan
    other = "" if np.isnan(usual) else f"; the default probabilities would have promised {number(usual)}"
    return f"Back-test over {days}: {number(expected)} orders expected, {number(came)} came{other}"


def judged(tested: Backtest) -> str:
    """Which method is the best calibrated, and on how many rows."""
    if not len(tested.rows):
        return ""
    score = tested.scores
    best = str(score["brier"].idxmin())
    n = number(score["n"].max())
    return (
        f"Smallest Brier score: {METHODS[best]}. Scores are over {n} opportunity-dates, which are "
        "not independent."
    )


def reliability(tested: Backtest) -> str:
    """Which method is the best calibrated, and which the worst."""
    if tested.rows["won"].nunique() < 2:
        return "Reliability is not known: past opportunities do not differ in outcome"
    off = tested.scores["miscalibration"].dropna()
    best, worst = str(off.idxmin()), str(off.idxmax())
    said = METHODS[best][:1].upper() + METHODS[best][1:]
    return f"{said} {_verb(best)} the best calibrated; {METHODS[worst]} {_verb(worst)} the furthest off"


def _verb(method: str) -> str:
    return "are" if method == "nominal" else "is"
