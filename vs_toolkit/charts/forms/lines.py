"""Lines over time, age or any scale, named at their ends, with intervals, marked places and points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vs_toolkit import formats
from vs_toolkit.charts.axes import SHARES, are_days, date_axis, percent_axis, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import upright
from vs_toolkit.charts.labels import at_end, headline, nothing, spread, wrapped
from vs_toolkit.charts.style import BLACK, GREY, LIGHT, LOOKS, VERMILLION

LABEL_GAP = 0.085  # part of the height that a one-line label takes


@form
def lines(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    frame: pd.DataFrame,
    unit: str,
    *,
    title: str,
    bands: Mapping[str, tuple[str, str]] | None = None,
    muted: Sequence[str] = (),
    mark: Mapping[str, Any] | None = None,
    points: Mapping[str, tuple[Any, float]] | None = None,
    end_values: bool = True,
    x_label: str = "",
    x_unit: str = "",
    label: str = "",
) -> Axes:
    """Draw one line per column, named at its end.

    ``frame``: index x (numbers, days or names), one column per line and the columns that ``bands`` (line ->
    low and high column) takes for intervals. NaN interrupts nothing: a line joins what is known. ``muted``
    lines are grey. ``mark`` is name -> x of an upright line (today); ``points`` is name -> (x, y) of a
    point to be named. ``end_values`` writes the last value beside the name.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> paths = pd.DataFrame({"plan": [0.0, 10.0], "actual": [0.0, 8.0]}, index=[2025, 2026])
    >>> _ = lines(ax, paths, "t", title="Below plan", muted=["plan"])
    >>> [text.get_text() for text in ax.texts]
    ['plan: 10 t', 'actual: 8 t']
    """
    headline(ax, title)
    taken = {name for pair in (bands or {}).values() for name in pair}
    paths = {str(name): frame[name].dropna() for name in frame if name not in taken}
    paths = {name: path for name, path in paths.items() if len(path)}
    if not paths:
        return nothing(ax)
    looks = _looks(paths, muted)
    named = not are_days(frame.index) and not pd.api.types.is_numeric_dtype(frame.index)
    if named:
        places = {name: place for place, name in enumerate(frame.index)}
        ax.set_xticks(range(len(frame)), [wrapped(str(name), 12) for name in frame.index])
        paths = {name: path.set_axis(path.index.map(places)) for name, path in paths.items()}
        frame = frame.set_axis(range(len(frame)))
    for name, (low, high) in (bands or {}).items():
        ax.fill_between(frame.index, frame[low].to_numpy(float), frame[high].to_numpy(float), alpha=0.18,
                        color=looks[name][0], linewidth=0)  # fmt: skip
    for name, path in paths.items():
        colour, stroke, shape = looks[name]
        few = len(path) < 25
        ax.plot(path.index, path, color=colour, linestyle=stroke, linewidth=1.8, marker=shape if few else "",
                markersize=3.5 if len(path) > 1 else 6)  # fmt: skip
    everything = np.concatenate(
        [frame.to_numpy(float, na_value=np.nan).ravel(), [p[1] for p in (points or {}).values()]]
    )
    _height(ax, everything)
    if not named:
        _x_axis(ax, frame.index, x_unit)
    ax.set_xlabel(x_label)
    unit_axis(ax.yaxis, unit, everything, label)
    _name_ends(ax, paths, looks, unit if end_values else None)
    _name_points(ax, points or {}, next(iter(paths.values())))
    upright(ax, dict(mark or {}), ax.get_ylim()[1])
    return ax


def _looks(paths: Mapping[str, Any], muted: Sequence[str]) -> dict[str, tuple[str, Any, str]]:
    free = iter(LOOKS * len(paths))
    quiet = iter([(GREY, (0, (4, 2)), ""), (GREY, (0, (1, 1.5)), ""), (LIGHT, "-", "")] * len(paths))
    return {name: next(quiet) if name in muted else next(free) for name in paths}


def _height(ax: Axes, values: Any) -> None:
    """Leave room above and below; begin at zero where no value is below and zero is not far."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    extent = high - low or abs(high) or 1.0
    bottom = 0.0 if 0 <= low < 2 * extent else low - 0.08 * extent
    ax.set_ylim(bottom, high + 0.1 * (high - bottom or 1.0))
    if low < 0:
        ax.axhline(0, color=GREY, linewidth=0.8)


def _x_axis(ax: Axes, index: pd.Index[Any], unit: str) -> None:
    if are_days(index):
        date_axis(ax)
    elif unit in SHARES:
        percent_axis(ax.xaxis, index)
    elif index.nunique() == 1:
        ax.set_xticks([float(index[0])])
    else:
        whole = bool(np.all(np.asarray(index, float) == np.round(np.asarray(index, float))))
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=whole))


def _name_ends(ax: Axes, paths: Mapping[str, Any], looks: Mapping[str, Any], unit: str | None) -> None:
    """Write names at the ends, moved apart; a thin line leads to those that moved or ended before others."""
    low, high = ax.get_ylim()
    far = max(path.index[-1] for path in paths.values())
    texts = [_end_text(name, float(path.iloc[-1]), unit) for name, path in paths.items()]
    lines_of = max(text.count("\n") + 1 for text in texts)
    ends = [float(path.iloc[-1]) for path in paths.values()]
    gap = LABEL_GAP * lines_of * (high - low)
    places = spread(ends, gap)
    for (name, path), text, end, place in zip(paths.items(), texts, ends, places, strict=True):
        colour = BLACK if looks[name][0] == LIGHT else looks[name][0]
        if path.index[-1] != far or abs(place - end) > gap / 2:
            ax.plot([path.index[-1], far], [end, place], color=LIGHT, linewidth=0.8, zorder=0, clip_on=False)
        at_end(ax, far, place, text, colour)


def _end_text(name: str, value: float, unit: str | None) -> str:
    if unit is None:
        return wrapped(name, 22)
    written = formats.measured(value, unit)
    return f"{name}: {written}" if len(name) + len(written) < 22 else f"{wrapped(name, 22)}\n{written}"


def _name_points(ax: Axes, points: Mapping[str, tuple[Any, float]], path: pd.Series[float]) -> None:
    """Mark points and write their names above the line, on the side that it leaves free."""
    rising = bool(path.iloc[-1] > path.iloc[0])
    for n, (name, (x, y)) in enumerate(points.items()):
        shape, colour = ("o", BLACK) if n == 0 else ("D", VERMILLION)
        ax.plot([x], [y], shape, color=colour, markersize=6, zorder=4)
        ax.annotate(name, (x, y), (-7 if rising else 7, 8), textcoords="offset points", va="center", zorder=5,
                    ha="right" if rising else "left")  # fmt: skip
