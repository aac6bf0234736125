"""Tornado: an outcome with each assumption at either end, all others as expected."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts.axes import bars, room, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import column
from vs_toolkit.charts.labels import headline, nothing, say
from vs_toolkit.charts.style import BLACK, BLUE, GREY, VERMILLION


@form
def tornado(ax: Axes, swings: pd.DataFrame, centre: float, unit: str, *, title: str) -> Axes:
    """Draw the outcome at the low and high end of each assumption, about the expected outcome ``centre``.

    ``swings``: name, low, high (values of the outcome, either may be the larger), the widest first.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> swings = pd.DataFrame({"name": ["Price"], "low": [40.0], "high": [160.0]})
    >>> _ = tornado(ax, swings, 100.0, "EUR", title="Price has the largest effect")
    >>> [float(bar.get_width()) for bar in ax.patches]
    [-60.0, 60.0]
    """
    headline(ax, title)
    swings = swings.dropna(subset=["low", "high"], how="all")
    if swings.empty:
        return nothing(ax)
    ends = np.vstack([column(swings, "low"), column(swings, "high")])
    worse, better = np.minimum(np.fmin(*ends), centre), np.maximum(np.fmax(*ends), centre)
    bars(ax, list(swings["name"]), worse - centre, np.full(len(swings), centre), [VERMILLION] * len(swings))
    ax.barh(range(len(swings)), better - centre, left=centre, height=0.62, color=BLUE)
    reach = np.concatenate([worse, better, [centre]])
    room(ax, reach, left=True)
    write = unit_axis(ax.xaxis, unit, reach)
    for row, (low, high) in enumerate(zip(worse, better, strict=True)):
        say(ax, low, row, write(low), left=True)
        say(ax, high, row, write(high))
    ax.axvline(centre, color=BLACK, linewidth=1)
    if reach.min() < 0 < reach.max():
        ax.axvline(0, color=GREY, linewidth=0.8, linestyle=":")
    return ax
