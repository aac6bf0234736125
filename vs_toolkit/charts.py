"""The look all charts share: palette, style for the call only, figures made as objects (no pyplot)."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from vs_toolkit import formats
from vs_toolkit.layout import QuickLayout

FloatArray = NDArray[np.float64]
P = ParamSpec("P")

# Okabe-Ito colours that reach 3:1 on white; grey carries everything that is not the point.
BLUE, VERMILLION, GREEN, PURPLE, BLACK, GREY, LIGHT = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#1a1a1a", "#767676", "#c8c8c8",
)  # fmt: skip
WIDTH = 6.4  # inches: the column of a report
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.parse_math": False,  # a name with two dollar signs is a name, not a formula
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": "#444444",
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
    "svg.fonttype": "none",
    "svg.hashsalt": "vs_toolkit",
    "figure.dpi": 100,
}


@contextmanager
def style() -> Iterator[None]:
    """Apply the house style for the duration of a call."""
    with mpl.rc_context(STYLE):
        yield


def figure(width: float = WIDTH, height: float = 3.2) -> tuple[Figure, Axes]:
    """Make one figure with one axes in the house style; width and height in inches.

    >>> fig, ax = figure()
    >>> ax.spines["top"].get_visible()
    False
    """
    with style():
        fig = Figure(figsize=(width, height), layout=QuickLayout())
        FigureCanvasAgg(fig)
        return fig, fig.add_subplot()


def drawn(
    draw: Callable[Concatenate[Axes, P], Axes], height: float, *args: P.args, **options: P.kwargs
) -> Figure:
    """Make a figure of the given height (inches) and let ``draw`` draw on it.

    >>> fig = drawn(lambda ax, days: ax.axhline(days).axes, 2.0, 5)
    >>> float(fig.get_figheight())
    2.0
    """
    fig, ax = figure(height=height)
    draw(ax, *args, **options)
    return fig


def rows(count: int) -> float:
    """Height in inches that ``count`` horizontal bars and an axis need.

    >>> rows(4) < rows(8)
    True
    """
    return 0.85 + 0.42 * max(count, 1)


def money_axis(axis: Axis, currency: str, values: Any) -> Callable[[float], str]:
    """Write the ticks of an amount in the scale of its largest value, and the scale as the label.

    Returns the function that writes a value in the same scale, to three figures of the largest.

    >>> fig, ax = figure()
    >>> write = money_axis(ax.xaxis, "EUR", [-40_000, 2_400_000])
    >>> write(-40_000), ax.get_xlabel()
    ('−0.04', 'M EUR')
    """
    biggest = float(np.nanmax(np.abs(np.asarray(values, dtype=float)), initial=0.0))
    scales = ((1e9, "bn "), (1e6, "M "), (1e3, "k "), (0.0, ""))
    limit, unit = next((limit, unit) for limit, unit in scales if biggest >= limit)
    scale = limit or 1.0
    digits = max(0, 2 - int(np.log10(max(biggest / scale, 1.0))))
    axis.set_major_formatter(lambda value, _: f"{value / scale:g}".replace("-", formats.MINUS))
    axis.set_label_text(unit + currency)
    return lambda value: formats.number(value / scale, digits)


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


def say(ax: Axes, x: float, row: float, text: str, *, left: bool = False, away: int = 4) -> None:
    """Write a value beside the end ``x`` of a row, ``away`` points from it."""
    shift, side = (-away, "right") if left else (away, "left")
    ax.annotate(text, (x, row), (shift, 0), textcoords="offset points", va="center", ha=side)
