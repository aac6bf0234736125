"""Histogram: how values spread, with marked values and the part below a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from vs_toolkit import formats
from vs_toolkit.charts.axes import unit_axis
from vs_toolkit.charts.labels import LETTER, headline, nothing
from vs_toolkit.charts.style import BLACK, BLUE, VERMILLION, style

BINS = 40


@style()
def histogram(
    ax: Axes,
    values: Sequence[float] | Any,
    unit: str,
    *,
    title: str,
    marks: Mapping[str, float] | None = None,
    threshold: float | None = None,
) -> Axes:
    r"""Draw how often values occur; those below ``threshold`` differ in colour and hatching.

    ``marks`` is name -> value, drawn as lines with name and value above them, moved up where they would meet.
    All values alike, or none known, draw nothing.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> _ = histogram(ax, [-1.0, 1.0, 2.0, 3.0], "EUR", title="Mostly gains", marks={"P50": 1.5}, threshold=0)
    >>> ax.texts[0].get_text().split("\n")[0], ax.texts[0].get_position()[0]
    ('P50', 1.5)
    """
    headline(ax, title)
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known)]
    if not len(known) or known.min() == known.max():
        return nothing(ax)
    edges = _edges(known, threshold)
    heights, _ = np.histogram(known, edges)
    middle, top = (edges[:-1] + edges[1:]) / 2, float(heights.max())
    below = middle < (-np.inf if threshold is None else threshold)
    for chosen, colour, hatch in ((~below, BLUE, ""), (below, VERMILLION, "////")):
        if chosen.any():
            ax.bar(middle[chosen], heights[chosen], np.diff(edges)[chosen], color=colour, hatch=hatch,
                   edgecolor="white", linewidth=0.3)  # fmt: skip
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    unit_axis(ax.xaxis, unit, edges)
    _mark(ax, dict(marks or {}), unit, top)
    return ax


def _edges(known: Any, threshold: float | None) -> Any:
    """Edges of the bins, one of them at the threshold, so that no bar is on both sides."""
    edges = np.histogram_bin_edges(known, min(BINS, max(5, int(2 * len(known) ** 0.5))))
    if threshold is None or not edges[0] < threshold < edges[-1]:
        return edges
    width = edges[1] - edges[0]
    below, above = np.ceil((threshold - edges[0]) / width), np.ceil((edges[-1] - threshold) / width)
    return threshold + width * np.arange(-below, above + 1)


def _mark(ax: Axes, marks: Mapping[str, float], unit: str, top: float) -> None:
    """Name marked values above their lines, on as many levels as keep the names apart."""
    low, high = ax.get_xlim()
    per_point = (high - low) / (0.92 * 72 * float(ax.get_figure().get_figwidth()))  # type: ignore[union-attr]
    ends: list[float] = []
    highest = 1.05 if not marks else 1.0
    for name, value in sorted(marks.items(), key=lambda mark: mark[1]):
        text = f"{name}\n{formats.measured(value, unit)}"
        half = per_point * LETTER * max(len(line) for line in text.split("\n")) / 2
        level = next((n for n, end in enumerate(ends) if value - half > end), len(ends))
        ends[level : level + 1] = [value + half]
        height = 1.06 + 0.24 * level
        highest = max(highest, height + 0.24)
        ax.plot([value, value], [0, top * (height - 0.02)], color=BLACK, linewidth=1)
        ax.text(value, top * height, text, ha="center", va="bottom")
    ax.set_ylim(0, top * highest)
