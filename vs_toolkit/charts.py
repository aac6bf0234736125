"""The look all charts share: palette, style for the call only, figures made as objects (no pyplot)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe-Ito colours that reach 3:1 on white; grey carries everything that is not the point.
BLUE, VERMILLION, GREEN, PURPLE, BLACK, GREY, LIGHT = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#1a1a1a", "#767676", "#c8c8c8",
)  # fmt: skip
STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.titlesize": 10.5,
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


def figure(width: float = 7.2, height: float = 3.2) -> tuple[Figure, Axes]:
    """Make one figure with one axes in the house style; width and height in inches.

    >>> fig, ax = figure()
    >>> ax.spines["top"].get_visible()
    False
    """
    with style():
        fig = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(fig)
        return fig, fig.add_subplot()
