"""Figures as SVG elements: the same bytes for the same figure, text as text, nothing about the machine."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, cast

from matplotlib.backend_bases import RendererBase
from matplotlib.backends import backend_mixed, backend_svg
from matplotlib.figure import Figure

from vs_toolkit.charts.layout import settled
from vs_toolkit.charts.style import style

FONT = "font-family: 'DejaVu Sans'; "  # as the drawings name it, text by text
POINTS = 72  # per inch: what an SVG counts in
TITLES: tuple[Literal["left", "center"], ...] = ("left", "center")


def svg(fig: Figure) -> str:
    """Draw a figure as an ``<svg>`` element for a page.

    The title of the axes is left out: it is the finding, and the page writes it as text that wraps.

    >>> from vs_toolkit.charts.style import figure
    >>> fig, ax = figure()
    >>> _ = ax.set_title("Cost & value")
    >>> svg(fig) == svg(fig), "Cost" in svg(fig), "<metadata" in svg(fig)
    (True, False, False)
    """
    with style(), _untitled(fig):
        drawing = _drawing(fig)
    return _lean("<svg" + drawing.partition("<svg")[2])


def title(fig: Figure) -> str:
    """Finding of a figure: the titles of its axes as one text."""
    titles = (ax.get_title(loc=loc) for ax in fig.axes for loc in TITLES)
    return " ".join(" ".join(text.split()) for text in titles if text)


class _Canvas(backend_svg.FigureCanvasSVG):
    """Lets the layout measure texts with the renderer that draws them, which then need not measure again."""

    def __init__(self, fig: Figure, renderer: RendererBase) -> None:
        super().__init__(fig)
        self._renderer = renderer

    def get_renderer(self) -> RendererBase:
        """Give the renderer; called by the layout of the figure."""
        return self._renderer


def _drawing(fig: Figure) -> str:
    """Draw as ``savefig`` would, which draws everything twice and measures three times."""
    target = io.StringIO()
    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    resolution, fig.dpi = fig.dpi, POINTS
    width, height = fig.get_size_inches()
    svg_of, mixed_of = cast(Any, backend_svg.RendererSVG), cast(Any, backend_mixed.MixedModeRenderer)
    vectors = svg_of(width * POINTS, height * POINTS, target, image_dpi=resolution, metadata=nothing)
    renderer = mixed_of(fig, width, height, resolution, vectors)
    _Canvas(fig, renderer)
    with settled(fig):
        fig.draw(renderer)
    renderer.finalize()
    return target.getvalue()


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
    """Drop what would repeat or leak in a page with many drawings: group ids, page-wide style, metadata.

    Also what changes nothing: groups without attributes, turns by 0°, and a font that the root can name once.
    """
    drawing = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r' id="[A-Za-z0-9.]+_\d+"| transform="rotate\(-0 [^"]*\)"', "", drawing)
    drawing = re.sub(r'="[^"<>]*"', lambda attribute: re.sub(r"(\.\d\d)\d+", r"\1", attribute[0]), drawing)
    drawing = _ungrouped(re.sub(r"\s*\n\s*", " ", drawing))
    if FONT not in drawing:
        return drawing
    return f'<svg style="{FONT.rstrip("; ")}"' + drawing.replace(FONT, "").removeprefix("<svg")


def _ungrouped(drawing: str) -> str:
    """Take out groups without attributes, but not what they hold."""
    kept: list[bool] = []

    def tag(found: re.Match[str]) -> str:
        if found[0].startswith("</"):
            return found[0] if kept.pop() else ""
        kept.append(found[0].startswith("<g "))
        return found[0] if kept[-1] else ""

    drawing = re.sub(r"<g/> ?|<defs> </defs> ?", "", drawing)
    return re.sub(r"<g> ?|<g [^>]*>|</g> ?", tag, drawing)
