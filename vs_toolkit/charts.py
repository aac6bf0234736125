"""The look all charts share: palette, style for the call only, figures made as objects (no pyplot)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Okabe-Ito colours that reach 3:1 on white; grey carries everything that is not the point.
BLUE, VERMILLION, GREEN, PURPLE, BLACK, GREY, LIGHT = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#1a1a1a", "#767676", "#c8c8c8",
)  # fmt: skip
TITLES: tuple[Literal["left", "center"], ...] = ("left", "center")
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


def figure(width: float = 6.4, height: float = 3.2) -> tuple[Figure, Axes]:
    """Make one figure with one axes in the house style; width and height in inches.

    >>> fig, ax = figure()
    >>> ax.spines["top"].get_visible()
    False
    """
    with style():
        fig = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(fig)
        return fig, fig.add_subplot()


def svg(fig: Figure) -> str:
    """Draw a figure as an ``<svg>`` element for a page: same figure, same bytes; text stays text.

    The title of the axes is left out: it is the finding, and the page writes it as text that wraps.

    >>> fig, ax = figure()
    >>> _ = ax.set_title("Cost & value")
    >>> svg(fig) == svg(fig), "Cost" in svg(fig), "<metadata" in svg(fig)
    (True, False, False)
    """
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with style(), _untitled(fig):
        fig.savefig(buffer, format="svg", metadata=nothing)
    drawing = buffer.getvalue().partition("<svg")
    return _lean("<svg" + drawing[2])


def title(fig: Figure) -> str:
    """Finding of a figure: the titles of its axes as one text."""
    return " ".join(
        text for ax in fig.axes if (text := ax.get_title(loc="left") or ax.get_title(loc="center"))
    )


@contextmanager
def _untitled(fig: Figure) -> Iterator[None]:
    titles = [(ax, loc, ax.get_title(loc=loc)) for ax in fig.axes for loc in TITLES]
    for ax, loc, _ in titles:
        ax.set_title("", loc=loc)
    try:
        yield
    finally:
        for ax, loc, text in titles:
            ax.set_title(text, loc=loc)


def _lean(drawing: str) -> str:
    """Drop what would repeat or leak in a page with many drawings: group ids, page-wide style, metadata."""
    drawing = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r' id="[A-Za-z0-9.]+_\d+"', "", drawing)
    drawing = re.sub(r'="[^"<>]*"', lambda attribute: re.sub(r"(\.\d\d)\d+", r"\1", attribute[0]), drawing)
    return re.sub(r"\s*\n\s*", " ", drawing)
