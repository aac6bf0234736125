"""Bridge: how amounts lead step by step from nothing, or from a level, to their sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts.axes import bars, room, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import names_of
from vs_toolkit.charts.labels import headline, nothing, past_line, say
from vs_toolkit.charts.style import BLACK, BLUE, GREY, VERMILLION


@form
def bridge(
    ax: Axes, steps: pd.Series[float], unit: str, *, title: str, total: str = "Total", start: str = ""
) -> Axes:
    """Draw one bar per step, each beginning where the last one ended, and their sum.

    ``steps`` is label -> amount in ``unit``; an unknown amount (NaN) adds nothing and says so. ``start``
    names the first bar where the first step is a level (last year) and not a change.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> _ = bridge(ax, pd.Series({"Less scrap": 300.0, "Price": -120.0}), "EUR", title="Worth it")
    >>> [text.get_text() for text in ax.texts]
    ['+300', '−120', '180']
    """
    headline(ax, title)
    if steps.empty:
        return nothing(ax)
    given = steps.to_numpy(float)
    known = np.nan_to_num(given)
    levels = np.cumsum(known)
    amounts, starts = np.append(known, levels[-1]), np.append(levels - known, 0.0)
    colours = [BLUE if amount >= 0 else VERMILLION for amount in known] + [BLACK]
    names = [*names_of(steps), total]
    if start:
        names[0], colours[0] = start, GREY
    bars(ax, names, amounts, starts, colours)
    rows = np.arange(len(known))
    ax.vlines(levels, rows - 0.31, rows + 1.31, color=GREY, linewidth=0.8)
    ax.axvline(0, color=GREY, linewidth=0.8)
    ends = np.concatenate([starts, starts + amounts])
    room(ax, ends)
    write = unit_axis(ax.xaxis, unit, ends)
    places = past_line(ax, np.maximum(starts, starts + amounts), 0.0)
    for row, (place, amount) in enumerate(zip(places, amounts, strict=True)):
        signed = "+" if amount > 0 and row < len(known) and not (start and row == 0) else ""
        unknown = row < len(known) and np.isnan(given[row])
        say(ax, place, row, "not known" if unknown else signed + write(amount))
    return ax
