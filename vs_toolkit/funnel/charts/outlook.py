"""Drawings of what the funnel will bring: orders by month, past forecasts, money, shape, losses.

Each takes a result, draws on the given axes and returns them. The title is the finding.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vs_toolkit import formats
from vs_toolkit.charts import (
    BLACK,
    BLUE,
    GREY,
    LIGHT,
    VERMILLION,
    bars,
    money_axis,
    name_rows,
    nothing,
    room,
    say,
    spread,
    style,
)
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.charts.record import at_end, date_axis, key
from vs_toolkit.funnel.outlook.cash import MoneyFlow
from vs_toolkit.funnel.outlook.forecast import Forecast
from vs_toolkit.funnel.pipeline.steps import Steps
from vs_toolkit.funnel.rates.won_lost import NOT_RECORDED

MONTHS_SHOWN = 18


@style()
def orders(ax: Axes, outlook: Forecast, targets: pd.DataFrame) -> Axes:
    """Orders expected by month with their interval, and the target of each month.

    ``targets``: index month; orders, value.
    """
    ax.set_title(findings.orders(outlook, targets))
    if not outlook.total["orders"] > 0:
        return nothing(ax)
    _months(ax, outlook.table, "orders", targets["orders"])
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_ylabel("orders in the month")
    return key(ax)


@style()
def value(ax: Axes, outlook: Forecast, targets: pd.DataFrame, currency: str) -> Axes:
    """Value of the orders expected by month with its interval, and the target of each month."""
    ax.set_title(findings.value(outlook, targets, currency))
    if not outlook.total["value"] > 0:
        return nothing(ax)
    _months(ax, outlook.table, "value", targets["value"])
    money_axis(ax.yaxis, currency, outlook.table["value_high"])
    return key(ax)


def _months(ax: Axes, table: pd.DataFrame, what: str, target: pd.Series[float]) -> None:
    """Bars for the open cases and for new leads, a line for the interval, a mark for the target."""
    place = np.arange(len(table))
    new = table["of_new" if what == "orders" else "value_of_new"]
    ax.bar(place, table[what] - new, width=0.55, color=BLUE, label="open cases")
    if new.any():
        ax.bar(place, new, 0.55, table[what] - new, color="white", edgecolor=BLUE, label="leads to come")
    ax.vlines(
        place, table[f"{what}_low"], table[f"{what}_high"], color=BLACK, linewidth=1.4, label="8 of 10 times"
    )
    known = target.reindex(table.index).to_numpy(float)
    if not np.isnan(known).all():
        ax.hlines(known, place - 0.36, place + 0.36, color=VERMILLION, linewidth=2.4, label="target")
    month_axis(ax, table.index)
    ax.set_ylim(0)


@style()
def money(ax: Axes, flow: MoneyFlow, currency: str) -> Axes:
    """Running totals of orders, deliveries and cash expected from the cases now open."""
    ax.set_title(findings.money_flow(flow, currency))
    if not flow.table["cash"].any():
        return nothing(ax)
    total = flow.table.cumsum().iloc[:MONTHS_SHOWN]
    looks = {"orders": (BLUE, "-"), "deliveries": (GREY, "-"), "cash": (VERMILLION, "--")}
    places = spread([float(total[name].iloc[-1]) for name in looks], 0.17 * float(total.to_numpy().max()))
    for (name, (colour, line)), place in zip(looks.items(), places, strict=True):
        ax.plot(total.index, total[name], color=colour, linestyle=line, linewidth=2)
        last = formats.money(total[name].iloc[-1], currency)
        at_end(ax, total.index[-1], place, f"{name}\n{last}", colour)
    ax.set_ylim(0)
    date_axis(ax)
    money_axis(ax.yaxis, currency, total)
    return ax


@style()
def past_forecasts(ax: Axes, past: pd.DataFrame, currency: str) -> Axes:
    """Target, forecast of a month before and actual value by past month.

    ``past``: index month; target, forecast, low, high, actual; NaN where not recorded.
    """
    ax.set_title(findings.past_forecasts(past, currency))
    past = past.dropna(subset=["forecast", "target"], how="all")
    if past.empty:
        return nothing(ax)
    place = np.arange(len(past))
    ax.bar(place, past["actual"], width=0.55, color=LIGHT, label="came")
    ax.vlines(place, past["low"], past["high"], color=BLUE, linewidth=6, alpha=0.3)
    ax.plot(place, past["forecast"], "o", color=BLUE, markersize=5, label="forecast a month before")
    if past["target"].notna().any():
        ax.hlines(past["target"], place - 0.36, place + 0.36, color=VERMILLION, linewidth=2.4, label="target")
    month_axis(ax, past.index)
    ax.set_ylim(0)
    money_axis(ax.yaxis, currency, past[["forecast", "high", "actual", "target"]])
    return key(ax)


@style()
def funnel(ax: Axes, walked: Steps, finding: str) -> Axes:
    """Cases that came to each status, as a funnel, with the share that goes on and the cases there now."""
    ax.set_title(finding)
    table = walked.table
    if not table["visits"].sum() > 0:
        return nothing(ax)
    widest = float(table["visits"].max())
    for row, (visits, still, goes_on) in enumerate(
        table[["visits", "still", "conversion"]].itertuples(index=False)
    ):
        ax.barh(row, visits, left=-visits / 2, height=0.72, color=BLUE, alpha=0.85)
        ax.barh(row, still, left=-still / 2, height=0.72, color=VERMILLION)
        going = "" if np.isnan(goes_on) else f", {formats.percent(goes_on, 0)} go on"
        say(ax, widest / 2, row, f"{visits:.0f} came, {still:.0f} there now{going}", away=8)
    name_rows(ax, [str(name) for name in table.index])
    ax.set_xlim(-0.52 * widest, 1.75 * widest)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    return ax


@style()
def losses(ax: Axes, lost: pd.DataFrame, finding: str) -> Axes:
    """How many cases were lost for a reason, or from a status.

    ``lost`` as :func:`vs_toolkit.funnel.rates.won_lost.closed_by` gives it.
    """
    ax.set_title(finding)
    if lost.drop(NOT_RECORDED, errors="ignore").empty:
        return nothing(ax)
    counts = lost["cases"].to_numpy(float)
    bars(
        ax,
        [str(name) for name in lost.index],
        counts,
        np.zeros(len(lost)),
        [BLUE] + [LIGHT] * (len(lost) - 1),
    )
    for row, (cases, share) in enumerate(zip(counts, lost["share"], strict=True)):
        say(ax, cases, row, f"{cases:.0f} ({formats.percent(share, 0)})")
    room(ax, np.append(counts, 0.0))
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    return ax


def month_axis(ax: Axes, months: pd.Index[pd.Timestamp]) -> None:
    """Name bars by month, with the year below the first and every January."""
    names = [
        f"{month:%b}\n{month:%Y}" if not i or month.month == 1 else f"{month:%b}"
        for i, month in enumerate(months)
    ]
    ax.set_xticks(range(len(months)), names)
    ax.tick_params(axis="x", length=0)
