"""Dumbbell: two values of each row and the way between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit import formats
from vs_toolkit.charts.axes import name_rows, room, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import column, names_of, reach, say_ends, texts_of
from vs_toolkit.charts.labels import headline, key, nothing
from vs_toolkit.charts.style import BLUE, GREY, LIGHT, VERMILLION


@form
def dumbbell(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    frame: pd.DataFrame,
    unit: str,
    *,
    title: str,
    labels: tuple[str, str] = ("before", "now"),
    strong: Sequence[str] = (),
    others: pd.DataFrame | None = None,
    others_label: str = "",
    label: str = "",
) -> Axes:
    """Draw a hollow mark for ``before``, a full one for ``after``, joined, and the change beside them.

    ``frame``: index names; before, after; optional ``text``, written instead of the change. Ways of rows in
    ``strong`` stand out. ``others`` (same index) holds the values behind the full mark, one column each:
    units, respondents; drawn as ticks which ``others_label`` names. NaN is not drawn.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> share = pd.DataFrame({"before": [0.2], "after": [0.5]}, index=["Strategy"])
    >>> _ = dumbbell(ax, share, "share", title="Better", labels=("2025", "2026"))
    >>> ax.texts[0].get_text()
    '+30.0 points'
    """
    headline(ax, title)
    before, after = column(frame, "before"), column(frame, "after")
    inner = np.empty((0, len(frame))) if others is None else others.to_numpy(float, na_value=np.nan).T
    known = np.concatenate([before, after, inner.ravel()])
    if frame.empty or np.isnan(known).all():
        return nothing(ax)
    rows = np.arange(len(frame))
    ways = [VERMILLION if name in strong else LIGHT for name in names_of(frame)]
    both = ~np.isnan(before) & ~np.isnan(after)
    ax.hlines(rows[both], before[both], after[both], color=list(np.array(ways)[both]), linewidth=3)
    if len(inner):
        ax.plot(inner.ravel(), np.tile(rows, len(inner)), "|", color=GREY, markersize=9, label=others_label)
    ax.plot(before, rows, "D", color=GREY, markerfacecolor="white", markersize=6, label=labels[0])
    ax.plot(after, rows, "o", color=BLUE, markersize=7, label=labels[1])
    room(ax, known)
    write = unit_axis(ax.xaxis, unit, known, label)
    name_rows(ax, names_of(frame))
    changes = [formats.difference(change, unit) if change == change else "" for change in after - before]
    texts = texts_of(frame, after, write) if "text" in frame else changes
    say_ends(ax, reach(before, after, *inner), texts)
    return key(ax, labels)
