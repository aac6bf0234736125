"""What is written on a drawing: title, values, names, key, and how they keep apart."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.transforms import blended_transform_factory
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
TITLE_WIDTH = 68
KEY_CHARACTERS = 11.6  # of a key that fit into an inch
KEY_LINE = 17.0  # points that a line of the key takes
Box = tuple[float, float, float, float]  # left, low, right, high
SHORT = 0.12  # of an axis: about what a written value takes
LETTER, LINE = 5.4, 11.5  # points: about how wide a letter is and how high a line


def wrapped(text: str, width: int = 30, lines: int = 2) -> str:
    r"""Break a label into lines; what does not fit ends in an ellipsis.

    >>> wrapped("Less raw material for the same output", 20)
    'Less raw material\nfor the same output'
    """
    return "\n".join(textwrap.wrap(text, width, max_lines=lines, placeholder=" …"))


def spread(values: Sequence[float], gap: float) -> list[float]:
    """Move values apart until neighbours are ``gap`` from each other: places for labels.

    >>> spread([0.0, 0.1, 5.0], 1.0)
    [-0.45, 0.55, 5.0]
    """
    order = np.argsort(values, kind="stable")
    places = np.asarray(values, dtype=float)[order]
    for _ in range(len(places)):
        for low in range(len(places) - 1):
            overlap = gap - (places[low + 1] - places[low])
            if overlap > 1e-12:
                places[low] -= overlap / 2
                places[low + 1] += overlap / 2
    result = np.empty_like(places)
    result[order] = places
    return [float(place) for place in result]


def headline(ax: Axes, finding: str) -> None:
    """Say what the drawing shows, in the place of a title."""
    ax.set_title(wrapped(finding, TITLE_WIDTH, lines=6))


def nothing(ax: Axes) -> Axes:
    """Draw nothing, because there is nothing to draw: the title says why."""
    ax.set_axis_off()
    return ax


def say(ax: Axes, x: float, row: float, text: str, *, left: bool = False, away: int = 4) -> None:
    """Write a value beside the end ``x`` of a row, ``away`` points from it."""
    shift, side = (-away, "right") if left else (away, "left")
    ax.annotate(text, (x, row), (shift, 0), textcoords="offset points", va="center", ha=side)


def past_line(ax: Axes, ends: Any, line: float) -> FloatArray:
    """Where labels to the right of ``ends`` begin, so that a vertical ``line`` does not run through them.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> _ = ax.set_xlim(-10, 90)
    >>> past_line(ax, [-5.0, 3.0, -20.0], 0.0)
    array([  0.,   3., -20.])
    """
    given, (low, high) = np.asarray(ends, dtype=float), ax.get_xlim()
    return np.where((given < line) & (given > line - SHORT * (high - low)), line, given)


def at_end(ax: Axes, x: Any, y: float, text: str, colour: str) -> None:
    """Name a line beside its end, also where labels had to move beyond the axes."""
    ax.annotate(
        text, (x, y), (6, 0), textcoords="offset points", va="center", color=colour, annotation_clip=False
    )


def key(ax: Axes, order: Sequence[str] = ()) -> Axes:
    """Name the marks in a line above the drawing, below the title; those in ``order`` first."""
    handles, names = ax.get_legend_handles_labels()
    if not names:
        return ax
    ranks = {name: rank for rank, name in enumerate(order)}
    places = sorted(range(len(names)), key=lambda n: ranks.get(str(names[n]), len(ranks)))
    handles, names = [handles[n] for n in places], [names[n] for n in places]
    fig: Any = ax.get_figure()
    per_line = _fitting([str(name) for name in names], KEY_CHARACTERS * fig.get_figwidth())
    lines = -(-len(names) // per_line)
    where = blended_transform_factory(fig.transFigure, ax.transAxes)
    legend = ax.legend(handles, names, loc="lower left", bbox_to_anchor=(0.01, 1.0), bbox_transform=where,
              borderaxespad=0.25, ncols=per_line, frameon=False, handletextpad=0.5, columnspacing=1.4,
              handlelength=1.4)  # fmt: skip
    for mark in legend.legend_handles:
        if isinstance(mark, PathCollection):
            mark.set_sizes([36])
    ax.set_title(ax.get_title(loc="left"), loc="left", pad=6 + KEY_LINE * lines)
    return ax


def _fitting(names: list[str], room: float) -> int:
    """How many columns of a key fit beside each other into so many characters."""
    for columns in range(len(names), 1, -1):
        widths = [max(len(name) for name in names[i::columns]) + 6 for i in range(columns)]
        if sum(widths) <= room:
            return columns
    return 1


def apart(
    points: FloatArray,
    texts: Sequence[str],
    page: tuple[float, float],
    radii: Sequence[float] = (),
    taken: Sequence[Box] = (),
) -> list[tuple[int, int] | None]:
    """Find places for the names of points, so that none covers another or a point; none where none is left.

    ``points``: (n, 2) in points (1/72 inch) from the lower left; ``page``: width and height; ``radii``: of
    the points; ``taken``: boxes where nothing may stand. Names that come first choose first. Returns the side
    of each point: right or left (1, 0, -1), above or below (1, 0, -1).

    >>> apart(np.array([[50.0, 50.0], [70.0, 50.0]]), ["Acme", "Borg"], (200.0, 100.0))
    [(-1, 0), (1, 0)]
    """
    sizes = list(radii) or [4.0] * len(points)
    full = [*taken, *((x - r, y - r, x + r, y + r) for (x, y), r in zip(points, sizes, strict=True))]
    places: list[tuple[int, int] | None] = []
    for (x, y), text, radius in zip(points, texts, sizes, strict=True):
        boxes = {side: _box(x, y, side, text, radius + 2) for side in _SIDES}
        free = (side for side, box in boxes.items() if _inside(box, page) and not _covers(box, full))
        side = next(free, None) if text else None
        places.append(side)
        if side:
            full.append(boxes[side])
    return places


_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def _box(x: float, y: float, side: tuple[int, int], text: str, away: float) -> Box:
    lines = text.split("\n")
    width, height = LETTER * max(len(line) for line in lines), LINE * len(lines)
    left = x + away * side[0] - width * (1 - side[0]) / 2
    low = y + away * side[1] - height * (1 - side[1]) / 2
    return left, low, left + width, low + height


def _inside(box: Box, page: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= page[0] and box[3] <= page[1]


def _covers(box: Box, taken: list[Box]) -> bool:
    return any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken)
