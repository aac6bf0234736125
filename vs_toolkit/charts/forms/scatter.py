"""Scatter: points named where there is room, quarters with dividers, lines between points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from vs_toolkit.charts.axes import FloatArray, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import column
from vs_toolkit.charts.labels import LETTER, LINE, Box, apart, headline, key, nothing, wrapped
from vs_toolkit.charts.style import BLACK, GREY, LIGHT, LOOKS

PLOT = (0.84, 0.78)  # about the part of a figure that the axes take
ROOM = {"x": 0.16, "y": 0.13}  # beyond the outermost points: their names need it
CORNERS = ((0.012, 0.985, "left", "top"), (0.988, 0.985, "right", "top"),
           (0.012, 0.015, "left", "bottom"), (0.988, 0.015, "right", "bottom"))  # fmt: skip


@form
def scatter(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    frame: pd.DataFrame,
    *,
    title: str,
    x_label: str,
    y_label: str,
    x_unit: str = "",
    y_unit: str = "",
    x_divide: float | None = None,
    y_divide: float | None = None,
    ghost: tuple[float, float] | None = None,
    corners: Sequence[str] = (),
    links: Sequence[tuple[str, str, str]] = (),
    joined: bool = False,
    diagonal: str = "",
    x_limits: tuple[float, float] | None = None,
    y_limits: tuple[float, float] | None = None,
) -> Axes:
    """Draw a point per row; larger points are named first, and names that find no room are left out.

    ``frame``: x, y; optional size (any scale: the area), label (default: no name), group (own colour and
    shape each, with a key), to_x and to_y (an arrow to where the point moves). Dividers part the plane,
    ``ghost`` is a second, pale pair; ``corners`` are texts at upper left, upper right, lower left, lower
    right. ``links`` are (label, label, kind): a line, dashed where ``kind`` is not "". ``joined`` joins the
    points of a group; ``diagonal`` names the line x = y. Rows without x or y are not drawn.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> frame = pd.DataFrame({"x": [1.0, 3.0], "y": [2.0, 1.0], "label": ["Acme", "Borg"]})
    >>> _ = scatter(ax, frame, title="Two customers", x_label="Growth", y_label="Risk", x_divide=2)
    >>> [text.get_text() for text in ax.texts]
    ['Acme', 'Borg']
    """
    headline(ax, title)
    frame = frame.dropna(subset=["x", "y"])
    if frame.empty:
        return nothing(ax)
    x, y = column(frame, "x"), column(frame, "y")
    moved = np.concatenate([column(frame, "to_x"), column(frame, "to_y")]).reshape(2, -1)
    _limits(ax, np.append(x, [*moved[0], *_given(x_divide, ghost, 0)]), "x", x_limits)
    _limits(ax, np.append(y, [*moved[1], *_given(y_divide, ghost, 1)]), "y", y_limits)
    unit_axis(ax.xaxis, x_unit, x, x_label)
    unit_axis(ax.yaxis, y_unit, y, y_label)
    _divide(ax, x_divide, y_divide, GREY, "-")
    if ghost:
        _divide(ax, ghost[0], ghost[1], LIGHT, "--")
    if diagonal:
        ax.axline((0, 0), slope=1, color=LIGHT, linewidth=1.2, linestyle="--")
        at = min(ax.get_xlim()[1], ax.get_ylim()[1]) / 2
        ax.annotate(diagonal, (at, at), (-6, 4), textcoords="offset points", ha="right", color=GREY)
    _links(ax, frame, links)
    _arrows(ax, x, y, moved)
    sizes = _sizes(column(frame, "size"))
    _points(ax, frame, sizes, joined)
    _names(ax, frame, sizes, corners)
    for text, (at_x, at_y, ha, va) in zip(corners, CORNERS, strict=False):
        ax.text(at_x, at_y, text, transform=ax.transAxes, ha=ha, va=va, color=GREY, fontsize=8.5)
    return key(ax)


def _given(divide: float | None, ghost: tuple[float, float] | None, place: int) -> list[float]:
    return [value for value in (divide, ghost[place] if ghost else None) if value is not None]


def _limits(ax: Axes, values: FloatArray, which: str, limits: tuple[float, float] | None) -> None:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = ROOM[which] * (high - low or abs(high) or 1.0)
    ax.set(**{f"{which}lim": limits or (low - margin, high + margin)})


def _divide(ax: Axes, x: float | None, y: float | None, colour: str, stroke: str) -> None:
    if x is not None:
        ax.axvline(x, color=colour, linewidth=0.9, linestyle=stroke, zorder=0)
    if y is not None:
        ax.axhline(y, color=colour, linewidth=0.9, linestyle=stroke, zorder=0)


def _links(ax: Axes, frame: pd.DataFrame, links: Sequence[tuple[str, str, str]]) -> None:
    """Draw lines between named points: full where the kind is empty, else dashed with the kind in the key."""
    if not links:
        return
    places = {
        str(label): (float(x), float(y))
        for label, x, y in zip(frame["label"], frame["x"], frame["y"], strict=True)
    }
    for kind in dict.fromkeys(kind for _, _, kind in links):
        ends = [(places[a], places[b]) for a, b, k in links if k == kind and a in places and b in places]
        lines = LineCollection(ends, colors=BLACK if kind else GREY, linewidths=1,
                               linestyles="--" if kind else "-", label=kind or None, zorder=1)  # fmt: skip
        ax.add_collection(lines, autolim=False)


def _arrows(ax: Axes, x: FloatArray, y: FloatArray, to: FloatArray) -> None:
    moving = ~np.isnan(to).any(axis=0)
    if moving.any():
        ax.quiver(x[moving], y[moving], *(to - [x, y])[:, moving], angles="xy", scale_units="xy", scale=1,
                  width=0.003, headwidth=5, color=GREY, zorder=1)  # fmt: skip


def _sizes(given: FloatArray) -> FloatArray:
    """Areas of the points: in proportion to what is given, the largest as large as is good to read."""
    if np.isnan(given).all():
        return np.full(len(given), 36.0)
    top = float(np.nanmax(given)) or 1.0
    return np.asarray(16 + 384 * np.nan_to_num(np.maximum(given, 0.0)) / top, dtype=float)


def _points(ax: Axes, frame: pd.DataFrame, sizes: FloatArray, joined: bool) -> None:
    groups = list(dict.fromkeys(frame["group"])) if "group" in frame else [None]
    for group, (colour, stroke, shape) in zip(groups, LOOKS * len(groups), strict=False):
        chosen = np.ones(len(frame), bool) if group is None else (frame["group"] == group).to_numpy()
        part = frame[chosen]
        if joined:
            ax.plot(part["x"], part["y"], color=colour, linestyle=stroke, linewidth=1.6, zorder=1.5)
        ax.scatter(part["x"], part["y"], s=sizes[chosen], color=colour, marker=shape, alpha=0.75, zorder=2,
                   edgecolor="white", linewidth=0.8, label=None if group is None else str(group))  # fmt: skip


def _names(ax: Axes, frame: pd.DataFrame, sizes: FloatArray, corners: Sequence[str]) -> None:
    """Name the points beside them, the largest first."""
    if "label" not in frame:
        return
    fig: Any = ax.get_figure()
    page = tuple(72 * size * part for size, part in zip(fig.get_size_inches(), PLOT, strict=True))
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    order = np.argsort(-sizes, kind="stable")
    points = np.column_stack([(column(frame, "x") - x0) / (x1 - x0), (column(frame, "y") - y0) / (y1 - y0)])
    texts = ["" if pd.isna(name) else wrapped(str(name), 24) for name in frame["label"]]
    away = 3 + np.sqrt(sizes) / 2
    size = (page[0], page[1])
    full = [_corner(n, text, size) for n, text in enumerate(corners) if text]
    places = apart(points[order] * page, [texts[i] for i in order], size, list(away[order] - 2), full)
    for i, side in zip(order, places, strict=True):
        if side:
            at, shift = (frame["x"].iloc[i], frame["y"].iloc[i]), (away[i] * side[0], away[i] * side[1])
            across, up = ("right", "center", "left")[side[0] + 1], ("top", "center", "bottom")[side[1] + 1]
            ax.annotate(texts[i], at, shift, textcoords="offset points", ha=across, va=up, zorder=3)


def _corner(place: int, text: str, page: tuple[float, float]) -> Box:
    """Box that the text in a corner takes: upper left, upper right, lower left, lower right."""
    width = LETTER * len(text)
    left = page[0] - width if place % 2 else 0.0
    low = page[1] - LINE if place < 2 else 0.0
    return left, low, left + width, low + LINE
