"""Drawings of a business impact: each takes a result, draws on the given axes and returns them.

The title is the finding. Colour never carries it alone: signs, positions and labels do.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from vs_toolkit import finance, formats
from vs_toolkit.charts import (
    BLACK,
    BLUE,
    GREY,
    VERMILLION,
    bars,
    headline,
    money_axis,
    nothing,
    room,
    say,
    spread,
    style,
    wrapped,
)
from vs_toolkit.impact import findings
from vs_toolkit.impact.investment import BusinessImpact
from vs_toolkit.impact.simulation import MonteCarlo
from vs_toolkit.impact.timing import MONTHS

SCENARIO_NAMES = {"low": "adverse", "expected": "expected", "high": "favourable"}
TORNADO_BARS = 8


@style()
def value_bridge(ax: Axes, steps: pd.Series[float], currency: str) -> Axes:
    """Lead from the base to the net present value; ``steps`` is label -> present value in ``currency``."""
    _bridge(ax, steps, currency, "Net present value")
    headline(ax, findings.bridge(steps, currency))
    return ax


@style()
def year_bridge(ax: Axes, steps: pd.Series[float], year: int, currency: str) -> Axes:
    """Lead from the base to the profit after capital charge of a year; ``steps`` is line -> difference."""
    _bridge(ax, steps, currency, "Profit after capital charge")
    headline(ax, findings.year_of_effect(steps, year, currency))
    return ax


def _bridge(ax: Axes, steps: pd.Series[float], currency: str, total: str) -> None:
    """Draw one bar per step, each beginning where the last one ended, and their sum."""
    amounts = np.append(steps.to_numpy(float), steps.sum())
    starts = np.append(np.cumsum(amounts[:-1]) - amounts[:-1], 0.0)
    colours = [BLUE if amount >= 0 else VERMILLION for amount in amounts[:-1]] + [BLACK]
    bars(ax, [*steps.index, total], amounts, starts, colours)
    for row, level in enumerate(np.cumsum(amounts[:-1])):
        ax.plot([level, level], [row - 0.31, row + 1.31], color=GREY, linewidth=0.8)
    ends = np.concatenate([starts, starts + amounts])
    room(ax, ends)
    write = money_axis(ax.xaxis, currency, ends)
    for row, (start, amount) in enumerate(zip(starts, amounts, strict=True)):
        sign = "+" if amount > 0 and row < len(steps) else ""
        say(ax, max(start, start + amount), row, sign + write(amount))


@style()
def cash_flow(ax: Axes, impact: BusinessImpact) -> Axes:
    """Cash flow of each year as bars, its running total as a line, and the moment it is paid back."""
    years = _by_year(impact)
    running = impact.cash_flows.cumsum()
    time = running.index / _periods_per_year(impact)
    ax.bar(years.index, years, width=0.6, color=[BLUE if amount >= 0 else VERMILLION for amount in years])
    ax.plot(time, running, color=BLACK, linewidth=1.6, marker="o" if len(time) < 25 else "", markersize=3.5)
    ax.axhline(0, color=GREY, linewidth=0.8)
    total = formats.money(running.iloc[-1], impact.currency)
    _beside(ax, time[-1] + 0.3, running.iloc[-1], f"running total\n{total}")
    if impact.payback_years:
        _mark_payback(ax, impact.payback_years)
    _year_axis(ax)
    money_axis(ax.yaxis, impact.currency, np.append(running, years))
    headline(ax, findings.payback(impact))
    return ax


@style()
def npv_profile(ax: Axes, impact: BusinessImpact, wacc: float) -> Axes:
    """Net present value against the rate it is discounted with, with the customer's rate marked."""
    profile = impact.npv_profile
    reach = max(0.3, 2 * wacc, *(1.3 * root for root in impact.irr.roots if root < 0.75))
    shown = profile[profile["rate"] <= reach]
    ax.plot(shown["rate"], shown["npv"], color=BLUE, linewidth=1.8)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.plot([wacc], [impact.npv], "o", color=BLACK)
    at_wacc = f"{formats.money(impact.npv, impact.currency)} at {formats.percent(wacc)}"
    rising = shown["npv"].iloc[-1] > shown["npv"].iloc[0]
    near, far = ("right", "left") if rising else ("left", "right")
    away = -8 if rising else 8
    ax.annotate(at_wacc, (wacc, impact.npv), (away, 6), textcoords="offset points", ha=near)
    for root in (root for root in impact.irr.roots if 0 <= root <= reach):
        ax.plot([root], [0], "D", color=VERMILLION, markersize=5)
        zero = f"zero at {formats.percent(root)}"
        ax.annotate(zero, (root, 0), (-away, -14), textcoords="offset points", ha=far)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    ax.set_xlabel("discount rate per year")
    ax.margins(y=0.15)
    money_axis(ax.yaxis, impact.currency, shown["npv"])
    headline(ax, findings.rate_of_return(impact, wacc))
    return ax


@style()
def scenarios(ax: Axes, impacts: Mapping[str, BusinessImpact], wacc: float) -> Axes:
    """Running total of the discounted cash flow in each scenario; it ends at the net present value."""
    headline(ax, findings.scenarios(impacts))
    if impacts["low"].npv == impacts["high"].npv:
        return nothing(ax)
    paths = {name: _discounted_total(impact, wacc) for name, impact in impacts.items()}
    for name, path in paths.items():
        main = name == "expected"
        colour, width, line = (BLUE, 2, "-") if main else (GREY, 1.4, "--")
        ax.plot(path.index, path, color=colour, linewidth=width, linestyle=line)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ends = [path.iloc[-1] for path in paths.values()]
    low, high = ax.get_ylim()
    currency = next(iter(impacts.values())).currency
    for (name, path), place in zip(paths.items(), spread(ends, 0.09 * (high - low)), strict=True):
        text = f"{SCENARIO_NAMES[name]}: {formats.money(path.iloc[-1], currency)}"
        _beside(ax, path.index[-1], place, text)
    _year_axis(ax)
    money_axis(ax.yaxis, currency, [low, high])
    return ax


@style()
def tornado(ax: Axes, swings: pd.DataFrame, npv: float, currency: str) -> Axes:
    """Net present value with each assumption at either end, all others as expected; the widest first.

    ``swings`` as :func:`vs_toolkit.impact.uncertainty.tornado` gives it.
    """
    headline(ax, findings.tornado(swings, currency))
    if swings.empty:
        return nothing(ax)
    top = swings.head(TORNADO_BARS)
    worse = top[["npv_at_low", "npv_at_high"]].min(axis=1).to_numpy(float)
    better = top[["npv_at_low", "npv_at_high"]].max(axis=1).to_numpy(float)
    bars(ax, list(top["name"]), worse - npv, np.full(len(top), npv), [VERMILLION] * len(top))
    ax.barh(range(len(top)), better - npv, left=npv, height=0.62, color=BLUE)
    ends = np.concatenate([worse, better, [npv]])
    room(ax, ends, left=True)
    write = money_axis(ax.xaxis, currency, ends)
    for row, (low, high) in enumerate(zip(worse, better, strict=True)):
        say(ax, low, row, write(low), left=True)
        say(ax, high, row, write(high))
    ax.axvline(npv, color=BLACK, linewidth=1)
    if ends.min() < 0 < ends.max():
        ax.axvline(0, color=GREY, linewidth=0.8, linestyle=":")
    return ax


@style()
def distribution(ax: Axes, draws: MonteCarlo, currency: str) -> Axes:
    """How the net present value spreads over the draws, with its percentiles and the part below zero."""
    headline(ax, findings.chance(draws))
    if not draws.uncertain:
        return nothing(ax)
    heights, edges = np.histogram(draws.npv, bins=40)
    middle, top = (edges[:-1] + edges[1:]) / 2, heights.max()
    ax.bar(middle, heights, np.diff(edges), color=np.where(middle < 0, VERMILLION, BLUE))
    for value, name, height in ((draws.p10, "P10", 1.08), (draws.p50, "P50", 1.22), (draws.p90, "P90", 1.08)):
        ax.plot([value, value], [0, top * (height - 0.02)], color=BLACK, linewidth=1)
        ax.text(value, top * height, f"{name}\n{formats.money(value, currency)}", ha="center")
    ax.set_ylim(0, top * 1.42)
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    money_axis(ax.xaxis, currency, edges)
    return ax


@style()
def cost_of_delay(ax: Axes, impact: BusinessImpact) -> Axes:
    """What each month of waiting costs: when everything moves, and when the end of the horizon stands."""
    delay = impact.cost_of_delay
    names = {"same_end": "the lost months do not come back", "same_length": "everything moves by the delay"}
    low, high = float(np.nanmin(delay, initial=0.0)), float(np.nanmax(delay, initial=0.0))
    places = spread([delay[column].iloc[-1] for column in names], 0.36 * (high - low or 1.0))
    for (column, name), colour, place in zip(names.items(), (BLUE, GREY), places, strict=True):
        ax.plot(delay.index, delay[column], color=colour, linewidth=1.8, marker="o", markersize=3.5)
        text = f"{wrapped(name, 20)}\n{formats.money(delay[column].iloc[-1], impact.currency)}"
        _beside(ax, delay.index[-1], place, text)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("months of delay")
    money_axis(ax.yaxis, impact.currency, delay)
    headline(ax, findings.cost_of_delay(impact))
    return ax


def _mark_payback(ax: Axes, years: float) -> None:
    """Mark the moment on the zero line and say it above all bars."""
    low, high = ax.get_ylim()
    top = high + 0.08 * (high - low)
    ax.plot([years, years], [0, top], color=VERMILLION, linewidth=1, linestyle=":")
    ax.plot([years], [0], "D", color=VERMILLION, markersize=5.5, zorder=5)
    ax.set_ylim(low, top + 0.06 * (high - low))
    _beside(ax, years, top, f"paid back after {formats.months(years)}")


def _beside(ax: Axes, x: float, y: float, text: str) -> None:
    """Write a text to the right of a point."""
    ax.annotate(text, (x, y), (6, 0), textcoords="offset points", va="center", annotation_clip=False)


def _year_axis(ax: Axes) -> None:
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlabel("year (0 is the start)")


def _periods_per_year(impact: BusinessImpact) -> int:
    return MONTHS if impact.period == "month" else 1


def _by_year(impact: BusinessImpact) -> pd.Series[float]:
    """Cash flow summed over the periods of each year; year 0 is the start."""
    years = -(-impact.cash_flows.index.to_numpy() // _periods_per_year(impact))
    return impact.cash_flows.groupby(years).sum()


def _discounted_total(impact: BusinessImpact, wacc: float) -> pd.Series[float]:
    per_year = _periods_per_year(impact)
    rate = finance.convert_rate(wacc, 1 / per_year)
    factors = finance.discount_factors(rate, len(impact.cash_flows) - 1)
    total = (impact.cash_flows * factors).cumsum()
    return total.set_axis(total.index / per_year)
