"""Bars: one per name, lying, in the order given; parts of a bar, or parts stacked to a whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts.axes import FloatArray, Write, bare, name_rows, room, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import colours_of, names_of, reach
from vs_toolkit.charts.labels import headline, key, nothing, say
from vs_toolkit.charts.style import BLACK, BLUE, GREEN, GREY, LIGHT, PURPLE, VERMILLION

STACK = (BLUE, LIGHT, VERMILLION, GREEN, PURPLE, GREY)
HATCHES = ("", "", "///", "...", "xxx", "\\\\\\")


@form
def bars(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    values: pd.Series[float] | pd.DataFrame,
    unit: str,
    *,
    title: str,
    strong: Sequence[str] = (),
    line: float | None = None,
    line_label: str = "",
    texts: Sequence[str] | None = None,
    part: pd.Series[float] | None = None,
    outline: pd.Series[float] | None = None,
    labels: tuple[str, str] = ("", ""),
    hatched: Sequence[str] = (),
    label: str = "",
) -> Axes:
    """Draw a bar per name with its value at the end; a frame of columns is stacked, with a key.

    Where ``strong`` names rows, all others are light. ``line`` is drawn across. ``texts`` replace the values.
    ``part`` is a darker part of each bar, ``outline`` a hollow bar about it (plan, promise); ``labels``
    name the bar and the other in the key. ``hatched`` columns of a stack are hollow: what is
    not known. NaN is said.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> _ = bars(ax, pd.Series({"North": 3.0, "South": -1.0}), "EUR", title="South loses money")
    >>> [text.get_text() for text in ax.texts]
    ['3', '−1']
    """
    headline(ax, title)
    known: FloatArray = np.asarray(values, dtype=float)
    if values.empty or np.isnan(known).all():
        return nothing(ax)
    names = names_of(values)
    if isinstance(values, pd.DataFrame):
        ends, low = _stacked(ax, values, hatched), np.minimum(np.nan_to_num(known), 0).sum(axis=1)
        sums = np.nansum(known, axis=1)
    else:
        sums = known
        ends, low = _single(ax, known, colours_of(names, strong), labels[0]), np.minimum(known, 0)
        ends = _beside(ax, names, ends, part, outline, labels[1])
    if line is not None:
        ax.axvline(line, color=BLACK, linewidth=1)
    room(ax, np.append(np.concatenate([ends, low]), [0.0, line or 0.0]), left=bool((low < 0).any()))
    write = unit_axis(ax.xaxis, unit, np.append(known.ravel(), sums), label)
    if line is not None and line_label:
        ax.xaxis.set_label_text(
            "; ".join(filter(None, [ax.get_xlabel(), f"line: {line_label}, {write(line)}"]))
        )
    elif texts is None or not unit:
        _quiet(ax)
    name_rows(ax, names)
    _say(ax, sums, ends, texts, write)
    return key(ax)


def _single(ax: Axes, values: FloatArray, colours: list[str], name: str) -> FloatArray:
    shown = np.nan_to_num(values)
    tints = [
        VERMILLION if value < 0 and tint == BLUE else tint for value, tint in zip(shown, colours, strict=True)
    ]
    ax.barh(range(len(shown)), shown, height=0.62, color=tints, label=name or None)
    if (shown < 0).any():
        ax.axvline(0, color=GREY, linewidth=0.8)
    return np.maximum(shown, 0)


def _beside(
    ax: Axes, names: list[str], ends: FloatArray, part: pd.Series[float] | None,
    outline: pd.Series[float] | None, name: str,
) -> FloatArray:  # fmt: skip
    """Draw the part of each bar, or the outline about it; returns how far each row reaches."""
    rows = range(len(names))
    if part is not None:
        ax.barh(rows, np.nan_to_num(part.to_numpy(float)), height=0.34, color=BLACK, label=name or None)
    if outline is None:
        return ends
    wide: FloatArray = np.asarray(outline, dtype=float)
    there = np.flatnonzero(~np.isnan(wide))
    ax.barh(there, wide[there], height=0.72, facecolor="none", edgecolor=BLACK, linewidth=1.1,
            label=name or None)  # fmt: skip
    return reach(ends, wide)


def _stacked(ax: Axes, frame: pd.DataFrame, hatched: Sequence[str]) -> FloatArray:
    """Draw columns beside each other, gains to the right and losses to the left of zero."""
    right, left = np.zeros(len(frame)), np.zeros(len(frame))
    looks = zip(frame.columns, STACK * len(frame.columns), HATCHES * len(frame.columns), strict=False)
    for name, colour, hatch in looks:
        widths = np.nan_to_num(frame[name].to_numpy(float, na_value=np.nan))
        starts = np.where(widths >= 0, right, left)
        open_ = name in hatched
        ax.barh(range(len(frame)), widths, left=starts, height=0.62, color="white" if open_ else colour,
                edgecolor=GREY if open_ else "white", hatch="////" if open_ else hatch, linewidth=0.6,
                label=str(name))  # fmt: skip
        right, left = right + np.maximum(widths, 0), left + np.minimum(widths, 0)
    if (left < 0).any():
        ax.axvline(0, color=GREY, linewidth=0.8)
    return right


def _say(ax: Axes, sums: FloatArray, ends: FloatArray, texts: Sequence[str] | None, write: Write) -> None:
    """Write the value at the right of each bar; that of a loss at its left, where nothing else stands."""
    for row, (value, end) in enumerate(zip(sums, ends, strict=True)):
        text = texts[row] if texts is not None else "not known" if np.isnan(value) else write(value)
        alone = value < 0 and end <= 0
        say(ax, value if alone else end, row, text, left=bool(alone))


def _quiet(ax: Axes) -> None:
    """Keep the label of the axis, which names the unit, without ticks that the values repeat."""
    if ax.get_xlabel():
        ax.set_xticks([])
        ax.spines["bottom"].set_visible(False)
    else:
        bare(ax)
