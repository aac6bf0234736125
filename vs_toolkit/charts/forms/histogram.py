"""Histogram: how values spread, with marked values and the part below a threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes

from vs_toolkit import formats
from vs_toolkit.charts.axes import FloatArray, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.labels import LETTER, headline, nothing
from vs_toolkit.charts.style import BLACK, BLUE, VERMILLION

BINS = 40
FAR = 4  # times the range of 99% of the values: what lies further out is counted, not drawn
NAME_HEIGHT = 28.0  # points: a name and its value


@form
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
    shown = _middle(known)
    edges = _edges(shown, threshold)
    heights, _ = np.histogram(shown, edges)
    middle, top = (edges[:-1] + edges[1:]) / 2, float(heights.max())
    below = middle < (-np.inf if threshold is None else threshold)
    for chosen, colour, hatch in ((~below, BLUE, ""), (below, VERMILLION, "////")):
        if chosen.any():
            ax.bar(middle[chosen], heights[chosen], np.diff(edges)[chosen], color=colour, hatch=hatch,
                   edgecolor="white", linewidth=0.3)  # fmt: skip
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    outside = len(known) - len(shown)
    unit_axis(ax.xaxis, unit, edges)
    if outside:
        said = f"{formats.number(outside)} of {formats.number(len(known))} values lie outside"
        ax.set_xlabel("; ".join(part for part in (ax.get_xlabel(), said) if part))
    _mark(ax, dict(marks or {}), unit, top)
    return ax


def _middle(known: FloatArray) -> FloatArray:
    """All values, or those within the usual range where a few lie so far out that the rest would vanish."""
    low, high = np.quantile(known, [0.005, 0.995])
    if known.max() - known.min() <= FAR * (high - low):
        return known
    margin = 0.2 * (high - low)
    inside: FloatArray = known[(known >= low - margin) & (known <= high + margin)]
    return inside


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
    width, height = (72 * float(size) for size in cast(Any, ax.get_figure()).get_size_inches())
    per_point = (high - low) / (0.92 * width)
    ends: list[float] = []
    names: list[tuple[float, str, int]] = []
    for name, value in sorted(marks.items(), key=lambda mark: mark[1]):
        text = f"{name}\n{formats.measured(value, unit)}"
        half = per_point * LETTER * max(len(line) for line in text.split("\n")) / 2
        level = next((n for n, end in enumerate(ends) if value - half > end), len(ends))
        ends[level : level + 1] = [value + half]
        names.append((value, text, level))
    step = min(NAME_HEIGHT / (0.78 * height), 0.6 / max(len(ends), 1))  # part of the axes
    reach = top / (0.96 - step * len(ends))
    for value, text, level in names:
        foot = top + reach * (0.03 + step * level)
        ax.plot([value, value], [0, foot - 0.015 * reach], color=BLACK, linewidth=1)
        ax.text(value, foot, text, ha="center", va="bottom")
    ax.set_ylim(0, reach)
