"""Axes: how amounts, names and room for labels are set out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from numpy.typing import NDArray

from vs_toolkit import formats
from vs_toolkit.charts.labels import wrapped

FloatArray = NDArray[np.float64]


def money_axis(axis: Axis, currency: str, values: Any) -> Callable[[float], str]:
    """Write the ticks of an amount in the scale of its largest value, and the scale as the label.

    Returns the function that writes a value in the same scale, to three figures of the largest.

    >>> from vs_toolkit.charts.style import figure
    >>> fig, ax = figure()
    >>> write = money_axis(ax.xaxis, "EUR", [-40_000, 2_400_000])
    >>> write(-40_000), ax.get_xlabel()
    ('−0.04', 'EUR million')
    """
    biggest = float(np.nanmax(np.abs(np.asarray(values, dtype=float)), initial=0.0))
    scales = ((1e9, " billion"), (1e6, " million"), (1e3, " thousand"), (0.0, ""))
    limit, unit = next((limit, unit) for limit, unit in scales if biggest >= limit)
    scale = limit or 1.0
    digits = max(0, 2 - int(np.log10(max(biggest / scale, 1.0))))
    axis.set_major_formatter(lambda value, _: f"{value / scale:g}".replace("-", formats.MINUS))
    axis.set_label_text(currency + unit)
    return lambda value: formats.number(value / scale, digits)


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows 0, 1, ... of a drawing, the first at the top, without a line beside them."""
    ax.set_yticks(range(len(names)), [wrapped(name) for name in names])
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def bars(
    ax: Axes, names: Sequence[str], widths: FloatArray, starts: FloatArray, colours: Sequence[str]
) -> None:
    """Draw one horizontal bar per name, from ``starts`` on and ``widths`` long (negative: to the left)."""
    ax.barh(range(len(names)), widths, left=starts, height=0.62, color=colours)
    name_rows(ax, names)


def room(ax: Axes, ends: FloatArray, *, left: bool = False) -> None:
    """Leave room for the labels at the ``ends`` of bars: on the right, and on the ``left`` if asked."""
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    margin = 0.15 * (high - low or 1.0)
    ax.set_xlim(low - (margin if left else margin / 5), high + margin)
