"""What is written on a drawing: title, values, names, and how they keep apart."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes


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
    ax.set_title(wrapped(finding, 68, lines=3))


def nothing(ax: Axes) -> Axes:
    """Draw nothing, because there is nothing to draw: the title says why."""
    ax.set_axis_off()
    return ax


def say(ax: Axes, x: float, row: float, text: str, *, left: bool = False, away: int = 4) -> None:
    """Write a value beside the end ``x`` of a row, ``away`` points from it."""
    shift, side = (-away, "right") if left else (away, "left")
    ax.annotate(text, (x, row), (shift, 0), textcoords="offset points", va="center", ha=side)
