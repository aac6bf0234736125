"""What the funnel will bring, in sentences that hold for every record and every gap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, money, number, number_of, percent
from vs_toolkit.funnel.outlook.cash import MoneyFlow
from vs_toolkit.funnel.outlook.forecast import Forecast
from vs_toolkit.funnel.pipeline.shape import UNSAID, Shape
from vs_toolkit.funnel.pipeline.trend import TRENDS
from vs_toolkit.funnel.rates.won_lost import NOT_RECORDED


def orders(outlook: Forecast, targets: pd.DataFrame) -> str:
    """How many orders are to be expected, and whether that reaches the target."""
    total = outlook.total
    if not total["orders"] > 0:
        return "No orders can be forecast: no open case has a decision date and a chance"
    span, between = number_of(len(outlook.table), "month"), _whole(total["orders_low"], total["orders_high"])
    said = f"The next {span} should bring {between} orders, {count(total['orders'])} expected"
    return said + _against(total["orders"], targets["orders"].reindex(outlook.table.index), count)


def value(outlook: Forecast, targets: pd.DataFrame, currency: str) -> str:
    """What the orders are worth, and whether that reaches the target."""
    total = outlook.total
    if not total["value"] > 0:
        return "No value can be forecast: no open case has a value, a date and a chance"

    def amount(figure: float) -> str:
        return money(figure, currency)

    low, high, expected = (amount(total[name]) for name in ("value_low", "value_high", "value"))
    said = f"The orders of these months are worth {low} to {high}, {expected} expected"
    return said + _against(total["value"], targets["value"].reindex(outlook.table.index), amount)


def left_out(outlook: Forecast) -> list[str]:
    """Open cases that the forecast holds not at all, or not in full."""
    held_back = outlook.left_out[outlook.left_out["cases"] > 0]
    return [
        f"Not in the forecast, or not in full: {number_of(int(cases), 'case')}, {why}"
        + ("." if np.isnan(orders) else f" ({number(orders, 1)} orders).")
        for why, cases, orders in held_back[["cases", "orders"]].itertuples()
    ]


def count(expected: float) -> str:
    """Write an expected number of orders, which need not be whole.

    >>> count(5.63), count(472.4)
    ('5.6', '472')
    """
    return number(expected, 1 if expected < 100 else 0)


def _whole(low: float, high: float) -> str:
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def _against(expected: float, target: pd.Series[Any], write: Callable[[float], str]) -> str:
    """Compare with the sum of the targets, if every month has one."""
    if target.isna().any() or not len(target):
        return "; no target is set for all of these months" if len(target) else ""
    total = float(target.sum())
    share = percent(expected / total, 0) if total else MISSING
    return f"; that is {share} of the target, {write(total)}"


def money_flow(flow: MoneyFlow, currency: str) -> str:
    """When half of the cash has come."""
    table = flow.table
    if not table.to_numpy(float).any():
        return "Deliveries and cash cannot be dated: no open case has a value and a decision date"
    if not table["cash"].any():
        return "Deliveries and cash cannot be dated: no lead time from order to delivery is known"
    running = table["cash"].cumsum()
    half = running.index[int((running >= running.iloc[-1] / 2).to_numpy().argmax())]
    total = money(running.iloc[-1], currency)
    return f"Half of the {total} of cash from cases now open will be in by {half:%B %Y}"


def past_forecasts(past: pd.DataFrame, currency: str) -> str:
    """How far past forecasts were from what came, and how often the interval held it."""
    known = past.dropna(subset=["forecast", "actual"])
    if known.empty:
        return "No past forecast is on record, so its accuracy cannot be judged"
    came, said = float(known["actual"].sum()), float(known["forecast"].sum())
    ratio = f"{percent(said / came, 0)} of what came" if came else "more than nothing, where nothing came"
    bounded = known.dropna(subset=["low", "high"])
    held = int(((bounded["actual"] >= bounded["low"]) & (bounded["actual"] <= bounded["high"])).sum())
    inside = (
        f"; {held} of {number_of(len(bounded), 'month')} fell within the 80 % interval"
        if len(bounded)
        else ""
    )
    both = f"{money(said, currency)}, {ratio} ({money(came, currency)})"
    return f"Forecasts a month ahead added up to {both}{inside}"


def trend_effect(effect: pd.DataFrame) -> str:
    """What fading did to the chance of cases."""
    ratio = effect["ratio"]
    if ratio.isna().all():
        return "What developing, stable or fading does to the chance cannot be measured yet"
    if not np.isnan(ratio["fading"]):
        sure = "" if effect["high"]["fading"] < 1 else ", which may be chance"
        share = percent(ratio["fading"], 0)
        return f"Of fading cases {share} of the orders came that status and age promise{sure}"
    named = ratio.dropna().index[0]
    return f"Of {named} cases {percent(ratio[named], 0)} of the orders came that status and age promise"


def trends(open_cases: pd.DataFrame) -> str:
    """How many open cases develop, stand and fade."""
    if open_cases.empty:
        return "No case is open."
    counts = open_cases["trend"].value_counts()
    said = ", ".join(f"{counts.get(name, 0)} {name}" for name in TRENDS)
    return f"Of {number_of(len(open_cases), 'open case')}: {said}."


def shape(found: Shape) -> str:
    """What shape the funnel has."""
    if found.kind == UNSAID:
        return "What shape the funnel has cannot be said"
    return f"The funnel is {found.kind}"


def evidence(found: Shape) -> list[str]:
    """The measures behind the shape, one sentence each."""
    return [f"{said[:1].upper()}{said[1:]}." for said in found.evidence]


def causes(found: Shape) -> str:
    """What usually lies behind such a shape."""
    if not found.causes:
        return ""
    return f"Usually behind such a shape, to be looked into, not proven: {'; '.join(found.causes)}."


def standing_out(compared: pd.DataFrame) -> str:
    """How many groups differ, of how many compared."""
    if compared.empty:
        return (
            "No case is closed of which more is recorded than its status, so won and lost cannot be compared."
        )
    clear, all_groups = int(compared["stands_out"].astype(bool).sum()), number_of(len(compared), "group")
    if not clear:
        return f"Of {all_groups} compared, none is won more or less often than chance would have it."
    return f"Of {all_groups} compared, {clear} are won more or less often than chance would have it."


def lost_reasons(lost: pd.DataFrame) -> str:
    """Why most cases are lost, as recorded."""
    recorded = lost.drop(NOT_RECORDED, errors="ignore")
    if recorded.empty:
        return "Why cases are lost is not recorded" if len(lost) else "No case has been lost yet"
    top = recorded.iloc[0]
    return f"{recorded.index[0]} is the reason given most often for a loss: {_part(top, lost)}"


def _part(row: pd.Series[Any], whole: pd.DataFrame) -> str:
    return f"{row['cases']:.0f} of {whole['cases'].sum():.0f}"
