"""Months: actual, expected with interval, and target, side by side in time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vs_toolkit.charts.axes import FloatArray, month_axis, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import column
from vs_toolkit.charts.labels import headline, key, nothing
from vs_toolkit.charts.style import BLACK, BLUE, GREY, LIGHT, VERMILLION

NAMES = {
    "actual": "actual", "expected": "expected", "interval": "80% interval", "target": "target",
    "added": "added",
}  # fmt: skip

ORDER = ("actual", "expected", "added", "interval", "target")


@form
def months(
    ax: Axes,
    frame: pd.DataFrame,
    unit: str,
    *,
    title: str,
    labels: Mapping[str, str] | None = None,
    label: str = "",
) -> Axes:
    """Draw a bar per month: actual where it is known, expected elsewhere, with interval and target.

    ``frame``: index month; any of expected, low, high, target, actual, and ``added`` (the part of expected
    that is hollow: new business). A month with both shows actual as the bar and expected as a dot. ``labels``
    renames the parts in the key: actual, expected, interval, target, added. NaN is not drawn.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> frame = pd.DataFrame({"expected": [3.0], "target": [4.0]}, index=pd.to_datetime(["2026-07-01"]))
    >>> _ = months(ax, frame, "", title="Below target", label="orders")
    >>> ax.get_ylabel(), [float(bar.get_height()) for bar in ax.patches]
    ('orders', [3.0])
    """
    headline(ax, title)
    names = {**NAMES, **(labels or {})}
    parts = {name: column(frame, name) for name in ("actual", "expected", "low", "high", "target", "added")}
    known = np.concatenate([values for name, values in parts.items() if name != "added"])
    if frame.empty or np.isnan(known).all():
        return nothing(ax)
    _bars(ax, parts, names)
    _interval(ax, parts, names)
    place = np.arange(len(frame))
    target = parts["target"]
    has = ~np.isnan(target)
    if has.any():
        ax.hlines(target[has], place[has] - 0.36, place[has] + 0.36, color=VERMILLION, linewidth=2.4,
                  label=names["target"])  # fmt: skip
    month_axis(ax, frame.index)
    low = min(float(np.nanmin(known)), 0.0)
    high = max(float(np.nanmax(known)), 0.0)
    ax.set_ylim(1.08 * low, 1.08 * high or 1.0)
    if low < 0:
        ax.axhline(0, color=GREY, linewidth=0.8)
    unit_axis(ax.yaxis, unit, known, label)
    half = max(len(frame), 5) / 2
    ax.set_xlim((len(frame) - 1) / 2 - half, (len(frame) - 1) / 2 + half)
    return key(ax, [names[part] for part in ORDER])


def _bars(ax: Axes, parts: Mapping[str, FloatArray], names: Mapping[str, str]) -> None:
    """Solid bars for what is; where some months are actual, those to come are hollow."""
    actual, expected, added = parts["actual"], parts["expected"], np.nan_to_num(parts["added"])
    place = np.arange(len(actual))
    done = ~np.isnan(actual)
    if done.any():
        ax.bar(
            place[done],
            actual[done],
            0.55,
            color=LIGHT if _both(parts).any() else BLUE,
            label=names["actual"],
        )
    ahead = ~done & ~np.isnan(expected)
    if not ahead.any():
        return
    face, edge = ("white", BLUE) if done.any() else (BLUE, BLUE)
    base = (expected - added)[ahead]
    ax.bar(place[ahead], base, 0.55, color=face, edgecolor=edge, label=names["expected"])
    if added[ahead].any():
        ax.bar(place[ahead], added[ahead], 0.55, base, color="white", edgecolor=BLUE, label=names["added"],
               hatch="////" if done.any() else "")  # fmt: skip


def _interval(ax: Axes, parts: Mapping[str, FloatArray], names: Mapping[str, str]) -> None:
    """Thin lines over bars of what is expected; pale ones about the dots beside what came."""
    both, low, high = _both(parts), parts["low"], parts["high"]
    place = np.arange(len(low))
    known = ~np.isnan(low) & ~np.isnan(high)
    for chosen, colour, width, alpha in ((known & ~both, BLACK, 1.4, 1.0), (known & both, BLUE, 6.0, 0.3)):
        if chosen.any():
            ax.vlines(place[chosen], low[chosen], high[chosen], color=colour, linewidth=width, alpha=alpha,
                      label=names["interval"])  # fmt: skip
    if both.any():
        ax.plot(place[both], parts["expected"][both], "o", color=BLUE, markersize=5, label=names["expected"])


def _both(parts: Mapping[str, FloatArray]) -> NDArray[np.bool_]:
    return ~np.isnan(parts["actual"]) & ~np.isnan(parts["expected"])
