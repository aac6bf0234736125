"""Dots with intervals: one row per name, further marks beside them, a reference and a band behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts.axes import FloatArray, name_rows, room, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import colours_of, column, names_of, reach, say_ends, texts_of
from vs_toolkit.charts.labels import headline, key, nothing, past_line
from vs_toolkit.charts.style import BLACK, BLUE, GREEN, GREY, LIGHT, LOOKS, VERMILLION

FURTHER = (("s", VERMILLION, "white"), ("D", GREY, GREY), ("^", GREEN, "white"), ("|", BLACK, BLACK))


@form
def dots(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    frame: pd.DataFrame,
    unit: str,
    *,
    title: str,
    reference: float | None = None,
    reference_label: str = "",
    muted: Sequence[str] = (),
    strong: Sequence[str] = (),
    marks: Mapping[str, str] | None = None,
    band: tuple[float, float] | None = None,
    label: str = "",
) -> Axes:
    """Draw a dot per row with its interval, and the value beside it.

    ``frame``: index names; value, low, high; optional ``text`` (written instead of the value), ``group``
    (dots of each group get a shape of their own) and further columns that ``marks`` names. ``marks`` is
    column -> name in the key, also for ``value``. Rows in ``muted`` are grey; where ``strong`` names rows,
    all others are. ``band`` is shaded; ``label`` names the axis. NaN is not drawn.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> rates = pd.DataFrame({"value": [0.2], "low": [0.1], "high": [0.4]}, index=["Lead"])
    >>> _ = dots(ax, rates, "share", title="One lead in five is won", reference=0.3)
    >>> [text.get_text() for text in ax.texts]
    ['20%']
    """
    headline(ax, title)
    marks = dict(marks or {})
    further = [name for name in marks if name not in ("value", "low", "high") and name in frame]
    parts = {name: column(frame, name) for name in ("value", "low", "high", *further)}
    known = np.concatenate(list(parts.values()))
    if frame.empty or np.isnan(known).all():
        return nothing(ax)
    if band:
        ax.axvspan(*band, color=BLUE, alpha=0.12, linewidth=0)
    if reference is not None:
        ax.axvline(reference, color=BLACK, linewidth=1)
    colours = np.array(colours_of(names_of(frame), strong, muted))
    rows = np.arange(len(frame))
    _intervals(ax, parts["low"], parts["high"], colours)
    _main(ax, frame, parts["value"], colours, marks.get("value", ""))
    for name, (shape, edge, face) in zip(further, FURTHER * len(further), strict=False):
        ax.plot(parts[name], rows, shape, color=edge, markerfacecolor=face, markersize=6, label=marks[name],
                zorder=2.5)  # fmt: skip
    extra = [value for value in (reference, *(band or ())) if value is not None]
    room(ax, np.append(known, extra))
    write = unit_axis(ax.xaxis, unit, known, label)
    if reference is not None and reference_label:
        ax.xaxis.set_label_text(_joined(ax.get_xlabel(), f"line: {reference_label}, {write(reference)}"))
    name_rows(ax, names_of(frame))
    ends = reach(*parts.values())
    places = ends if reference is None else past_line(ax, ends, reference)
    say_ends(ax, places, texts_of(frame, parts["value"], write))
    return key(ax)


def _intervals(ax: Axes, low: FloatArray, high: FloatArray, colours: FloatArray) -> None:
    known = ~np.isnan(low) & ~np.isnan(high)
    if known.any():
        shown = np.where(colours == LIGHT, GREY, colours)[known]
        ax.hlines(np.flatnonzero(known), low[known], high[known], color=list(shown), linewidth=7, alpha=0.3)


def _main(ax: Axes, frame: pd.DataFrame, values: FloatArray, colours: FloatArray, name: str) -> None:
    """Draw the dots: one shape per group, or per colour where there are no groups."""
    rows = np.arange(len(frame))
    if "group" in frame:
        groups = list(dict.fromkeys(frame["group"]))
        for group, (colour, _, shape) in zip(groups, LOOKS * len(groups), strict=False):
            chosen = (frame["group"] == group).to_numpy()
            ax.plot(
                values[chosen], rows[chosen], shape, color=colour, markersize=7, label=str(group), zorder=3
            )
        return
    for colour, shade in ((BLUE, BLUE), (LIGHT, GREY)):
        chosen = colours == colour
        if chosen.any():
            ax.plot(values[chosen], rows[chosen], "o", color=shade, markersize=7, label=name, zorder=3)
            name = ""


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
