"""The look: palette, style for the call only, figures made as objects (no pyplot)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Concatenate, ParamSpec, cast

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vs_toolkit.charts.layout import QuickLayout

P = ParamSpec("P")
Size = float | tuple[float, float]  # inches: height, or width and height

# Okabe-Ito colours that reach 3:1 on white; grey carries everything that is not the point.
BLUE, VERMILLION, GREEN, PURPLE, BLACK, GREY, LIGHT = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#1a1a1a", "#767676", "#c8c8c8",
)  # fmt: skip
# Looks of lines and marks that differ in colour, stroke and shape: they read in grey too.
LOOKS: tuple[tuple[str, Any, str], ...] = (
    (BLUE, "-", "o"), (VERMILLION, "--", "s"), (GREEN, "-.", "D"),
    (PURPLE, (0, (1, 1)), "^"), (BLACK, (0, (6, 2)), "v"), (GREY, (0, (3, 1, 1, 1, 1, 1)), "P"),
)  # fmt: skip
WIDTH = 6.4  # inches: the column of a report
HALF = 3.3  # inches: one of two columns beside each other
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
USUAL_TICKS = 8  # on an axis
_AHEAD: list[Figure] = []
_SETTINGS: dict[str, Any] = {}  # of matplotlib, with which they were made


@contextmanager
def style() -> Iterator[None]:
    """Apply the house style for the duration of a call."""
    before = {name: mpl.rcParams[name] for name in STYLE}
    mpl.rcParams.update(STYLE)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


def figure(width: float = WIDTH, height: float = 3.2) -> tuple[Figure, Axes]:
    """Make one figure with one axes in the house style; width and height in inches.

    >>> fig, ax = figure()
    >>> ax.spines["top"].get_visible()
    False
    """
    with style():
        fig = _AHEAD.pop() if _AHEAD and _settings() == _SETTINGS else _blank()
    fig.set_size_inches(width, height)
    return fig, fig.axes[0]


def make_ahead(count: int) -> None:
    """Make figures, with ticks, before they are asked for: processes forked from this one need not make them.

    They are used as long as matplotlib's settings are what they are now.
    """
    with style():
        _SETTINGS.update(_settings())
        for _ in range(count):
            fig = _blank()
            for axis in (fig.axes[0].xaxis, fig.axes[0].yaxis):
                axis.get_major_ticks(USUAL_TICKS)
            _AHEAD.append(fig)


def _settings() -> dict[str, Any]:
    return dict.copy(cast(dict[str, Any], mpl.rcParams))


def _blank() -> Figure:
    fig = Figure(layout=QuickLayout())
    FigureCanvasAgg(fig)
    fig.add_subplot()
    return fig


def drawn(
    draw: Callable[Concatenate[Axes, P], Axes], size: Size, *args: P.args, **options: P.kwargs
) -> Figure:
    """Make a figure and let ``draw`` draw on it; size in inches: height, or width and height.

    >>> fig = drawn(lambda ax, days: ax.axhline(days).axes, 2.0, 5)
    >>> float(fig.get_figheight())
    2.0
    """
    width, height = size if isinstance(size, tuple) else (WIDTH, size)
    fig, ax = figure(width, height)
    draw(ax, *args, **options)
    return fig


def rows(count: int) -> float:
    """Height in inches that ``count`` horizontal bars and an axis need.

    >>> rows(4) < rows(8)
    True
    """
    return 0.85 + 0.42 * max(count, 1)


def half(count: int, lines: int = 1) -> tuple[float, float]:
    """Width and height in inches of ``count`` bars beside another column; names take ``lines`` at most.

    >>> half(4)[0] < WIDTH
    True
    """
    return HALF, 0.5 + (0.11 + 0.14 * lines) * max(count, 1)
