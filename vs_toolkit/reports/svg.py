"""Figures as SVG elements: the same bytes for the same figure, text as text, nothing about the machine."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from vs_toolkit import charts

TITLES: tuple[Literal["left", "center"], ...] = ("left", "center")


def svg(fig: Figure) -> str:
    """Draw a figure as an ``<svg>`` element for a page.

    The title of the axes is left out: it is the finding, and the page writes it as text that wraps.

    >>> fig, ax = charts.figure()
    >>> _ = ax.set_title("Cost & value")
    >>> svg(fig) == svg(fig), "Cost" in svg(fig), "<metadata" in svg(fig)
    (True, False, False)
    """
    buffer = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with charts.style(), _untitled(fig):
        canvas: Any = FigureCanvasSVG(fig)
        canvas.print_svg(buffer, metadata=nothing)  # what savefig would give, which draws everything twice
    return _lean("<svg" + buffer.getvalue().partition("<svg")[2])


def title(fig: Figure) -> str:
    """Finding of a figure: the titles of its axes as one text."""
    titles = (ax.get_title(loc=loc) for ax in fig.axes for loc in TITLES)
    return " ".join(" ".join(text.split()) for text in titles if text)


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
