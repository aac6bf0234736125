"""Drawings of what is done with the value: the price, ways of sharing, and what came true."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit import formats
from vs_toolkit.charts import (
    BLUE,
    GREY,
    VERMILLION,
    headline,
    money_axis,
    name_rows,
    nothing,
    room,
    say,
    style,
)
from vs_toolkit.impact import findings
from vs_toolkit.impact.pricing import PriceCorridor
from vs_toolkit.impact.realised import Fulfilment
from vs_toolkit.impact.sharing import NO_VALUE

CASE_PRICE, NEXT_BEST = "Price of the case", "Ceiling: next best alternative and what differs"


@style()
def price_corridor(ax: Axes, corridor: PriceCorridor) -> Axes:
    """Floor, ceilings and the price of the case on one scale; the band is where a price serves both sides."""
    marks = {label: value for label, value in _price_marks(corridor).items() if value is not None}
    headline(ax, findings.price(corridor))
    if len(marks) < 2:
        return nothing(ax)
    ceilings = [v for v in (corridor.practical_ceiling, corridor.theoretical_ceiling) if v is not None]
    if corridor.floor is not None and ceilings and not corridor.stop:
        ax.axvspan(corridor.floor, min(ceilings), color=BLUE, alpha=0.12, linewidth=0)
    name_rows(ax, list(marks))
    write = money_axis(ax.xaxis, corridor.currency, list(marks.values()))
    for row, (label, value) in enumerate(marks.items()):
        ours = label == CASE_PRICE
        far = (corridor.practical_high if label == NEXT_BEST else None) or value
        ax.plot([value], [row], "D" if ours else "o", color=VERMILLION if ours else BLUE, markersize=8)
        say(ax, max(value, far), row, write(value), away=8)
        if label == NEXT_BEST and corridor.practical_low is not None:
            ax.plot([corridor.practical_low, far], [row, row], color=BLUE, linewidth=1.5)
    room(ax, np.array([*marks.values(), 0.0]))
    return ax


def _price_marks(corridor: PriceCorridor) -> dict[str, float | None]:
    return {
        "Our cost": corridor.cost,
        "Floor: cost and required margin": corridor.floor,
        CASE_PRICE: corridor.price,
        NEXT_BEST: corridor.practical_ceiling,
        "Ceiling: value to the customer": corridor.theoretical_ceiling,
    }


@style()
def schemes(ax: Axes, table: pd.DataFrame, currency: str) -> Axes:
    """What each way of sharing leaves to both sides: the range of scenarios, and a hollow mark without value.

    ``table`` as :func:`vs_toolkit.impact.sharing.compare_schemes` gives it.
    """
    headline(ax, findings.schemes(table, currency))
    known = table.dropna(subset="total")
    if known.empty:
        return nothing(ax)
    sides = {"customer": ("customer_npv", "o", BLUE), "us": ("provider_npv", "s", VERMILLION)}
    names = list(dict.fromkeys(known["scheme"]))
    ends = known[["customer_npv", "provider_npv"]].to_numpy(float).ravel()
    room(ax, ends, left=True)
    write = money_axis(ax.xaxis, currency, ends)
    name_rows(ax, [label for name in names for label in (f"{name}: customer", "us")])
    for row, (name, side) in enumerate((name, side) for name in names for side in sides):
        column, marker, colour = sides[side]
        values = known[known["scheme"] == name].set_index("scenario")[column]
        ax.plot([values["low"], values["high"]], [row, row], color=colour, linewidth=2)
        ax.plot([values["expected"]], [row], marker, color=colour, markersize=7)
        ax.plot([values[NO_VALUE]], [row], marker, markerfacecolor="white", color=colour, markersize=6)
        ax.annotate(write(values["expected"]), (values["expected"], row), (0, 6), textcoords="offset points",
                    ha="center")  # fmt: skip
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    return ax


@style()
def realised(ax: Axes, result: Fulfilment) -> Axes:
    """What was promised (outline) and what was measured (bar), by effect, for the periods measured."""
    effects = result.effects[result.effects["measured"] > 0]
    headline(ax, findings.fulfilment(result))
    if effects.empty:
        return nothing(ax)
    rows = np.arange(len(effects))
    ax.barh(rows, effects["promised"], height=0.62, facecolor="white", edgecolor=GREY, linewidth=1.2)
    ax.barh(rows, effects["realised"], height=0.34, color=BLUE)
    reach = effects[["promised", "realised"]].max(axis=1)
    room(ax, np.append(reach, 0.0))
    for row, (far, rate) in enumerate(zip(reach, effects["rate"], strict=True)):
        say(ax, far, row, formats.percent(rate, 0))
    name_rows(ax, list(effects["effect"]))
    money_axis(ax.xaxis, effects["currency"].iloc[0], reach)
    return ax
