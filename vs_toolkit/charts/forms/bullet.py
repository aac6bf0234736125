"""Bullet: actual against target and the previous value, on bands of what is usual."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts.axes import name_rows, room, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import column, names_of, reach, say_ends, texts_of
from vs_toolkit.charts.labels import headline, key, nothing
from vs_toolkit.charts.style import BLACK, BLUE, GREY, LIGHT, VERMILLION

NAMES = {"actual": "actual", "target": "target", "previous": "previous", "band": "usual range"}


@form
def bullet(
    ax: Axes, frame: pd.DataFrame, unit: str, *, title: str, labels: dict[str, str] | None = None
) -> Axes:
    """Draw a bar for ``actual``, a line across for ``target`` and a hollow mark for ``previous``.

    ``frame``: index names; actual, and where known target, previous, low and high (the usual range, shaded),
    and ``text``, written instead of the value. ``labels`` renames actual, target, previous, band in the key.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> sales = pd.DataFrame({"actual": [90.0], "target": [100.0]}, index=["Sales"])
    >>> _ = bullet(ax, sales, "EUR", title="Sales are below target")
    >>> [text.get_text() for text in ax.texts]
    ['90']
    """
    headline(ax, title)
    names = {**NAMES, **(labels or {})}
    actual, target, previous = (column(frame, name) for name in ("actual", "target", "previous"))
    low, high = column(frame, "low"), column(frame, "high")
    known = np.concatenate([actual, target, previous, low, high])
    if frame.empty or np.isnan(known).all():
        return nothing(ax)
    rows = np.arange(len(frame))
    if not np.isnan(low + high).all():
        ax.barh(rows, np.nan_to_num(high - low), left=np.nan_to_num(low), height=0.78, color=LIGHT, alpha=0.6,
                label=names["band"])  # fmt: skip
    ax.barh(rows, np.nan_to_num(actual), height=0.36, label=names["actual"],
            color=[VERMILLION if value < 0 else BLUE for value in actual])  # fmt: skip
    has = ~np.isnan(target)
    if has.any():
        ax.vlines(target[has], rows[has] - 0.36, rows[has] + 0.36, color=BLACK, linewidth=2.6,
                  label=names["target"], zorder=3)  # fmt: skip
    if not np.isnan(previous).all():
        ax.plot(previous, rows, "D", color=GREY, markerfacecolor="white", markersize=5.5,
                label=names["previous"], zorder=4)  # fmt: skip
    room(ax, np.append(known, 0.0), left=bool(np.nanmin(known) < 0))
    write = unit_axis(ax.xaxis, unit, known)
    name_rows(ax, names_of(frame))
    say_ends(ax, reach(actual, target, previous, high), texts_of(frame, actual, write), away=6)
    return key(ax, [names["actual"], names["target"]])
