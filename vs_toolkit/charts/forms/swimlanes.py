"""Swimlanes: phases of several parties beside each other on one scale, with milestones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from vs_toolkit.charts.axes import are_days, date_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.labels import headline, nothing, wrapped
from vs_toolkit.charts.style import BLACK, GREY

LETTERS = 80  # small letters that fit over the width of a report's column
FILLS = ("#dbe9f4", "#f3e3d3", "#e3efe3", "#efe3ee")
SMALL = 8.0


@form
def swimlanes(ax: Axes, frame: pd.DataFrame, *, title: str, unit: str = "") -> Axes:
    """Draw one lane per party with its phases as boxes, and a diamond with its name where a phase has one.

    ``frame``: lane, phase, start, end (numbers or days), optional milestone (reached at the end of the
    phase). Phases of a lane that overlap stand below each other. ``unit`` names the axis; without it the
    axis is left out.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> steps = pd.DataFrame([("Customer", "Need", 0, 1, "Budget"), ("We", "Qualify", 0, 1, None)],
    ...                      columns=["lane", "phase", "start", "end", "milestone"])
    >>> _ = swimlanes(ax, steps, title="Side by side")
    >>> [text.get_text() for text in ax.texts]
    ['Need', 'Qualify', 'Budget']
    """
    headline(ax, title)
    frame = frame.dropna(subset=["start", "end"])
    if frame.empty:
        return nothing(ax)
    days = are_days(frame["start"])
    start, end = (_numbers(frame[side]) for side in ("start", "end"))
    lanes = list(dict.fromkeys(frame["lane"]))
    rows, heads = _rows(frame["lane"].tolist(), start, end, lanes)
    extent = float(np.max(end) - np.min(start)) or 1.0
    fills = [FILLS[lanes.index(lane) % len(FILLS)] for lane in frame["lane"]]
    ax.barh(rows, end - start, left=start, height=0.66, color=fills, edgecolor="white", linewidth=2)
    for row, left, right, phase in zip(rows, start, end, frame["phase"], strict=True):
        width = int(LETTERS * (right - left) / extent) - 1
        ax.text((left + right) / 2, row, _fitted(str(phase), width), ha="center", va="center", fontsize=SMALL)
    _milestones(ax, frame, rows, end, extent)
    ax.set_yticks([np.mean(places) for places in heads], [wrapped(str(lane), 16, 3) for lane in lanes])
    ax.set_ylim(float(rows.max()) + 0.75, -0.5)
    ax.set_xlim(float(np.min(start)) - 0.005 * extent, float(np.max(end)) + 0.03 * extent)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if days:
        ax.xaxis_date()
        date_axis(ax)
    elif unit:
        ax.set_xlabel(unit)
    else:
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
    return ax


def _numbers(values: pd.Series[Any]) -> Any:
    """Places on the axis: numbers as they are, days as matplotlib counts them."""
    if are_days(values):
        return np.asarray(date2num(pd.to_datetime(values)), float)  # type: ignore[no-untyped-call]
    return values.to_numpy(float)


def _rows(names: list[Any], start: Any, end: Any, lanes: list[Any]) -> tuple[Any, list[list[float]]]:
    """Row of each phase, below each other where they overlap in a lane; and the rows of each lane."""
    rows, heads, first = np.zeros(len(names)), [], 0.0
    for lane in lanes:
        free: list[float] = []
        for i in sorted((i for i, name in enumerate(names) if name == lane), key=lambda i: start[i]):
            track = next((n for n, until in enumerate(free) if until <= start[i] + 1e-9), len(free))
            free[track : track + 1] = [end[i]]
            rows[i] = first + track
        heads.append([first + track for track in range(len(free))])
        first += len(free) + 0.35
    return rows, heads


def _milestones(ax: Axes, frame: pd.DataFrame, rows: Any, end: Any, extent: float) -> None:
    """Mark milestones at the ends of phases, their names below, as wide as the way to the next one."""
    if "milestone" not in frame:
        return
    has = frame["milestone"].fillna("").astype(str).str.len().to_numpy() > 0
    ax.plot(end[has], rows[has] + 0.33, "D", color=BLACK, markersize=5, zorder=3)
    for row, x, text in zip(rows[has], end[has], frame["milestone"][has], strict=True):
        earlier = [other for r, other in zip(rows[has], end[has], strict=True) if r == row and other < x]
        width = int(LETTERS * (x - max(earlier, default=x - extent)) / extent) - 1
        ax.annotate(_fitted(str(text), width), (x, row + 0.33), (-5, -3), textcoords="offset points",
                    ha="right", va="top", fontsize=7.5, color=GREY)  # fmt: skip


def _fitted(text: str, width: int) -> str:
    """Break a text into lines of so many letters, without breaking words."""
    return wrapped(text, max([width, 1, *(len(word) for word in text.split())]), 3)
