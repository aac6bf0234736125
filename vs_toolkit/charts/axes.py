"""Axes: how amounts, shares, months, days and names are set out, by their unit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from vs_toolkit import formats
from vs_toolkit.charts.labels import wrapped
from vs_toolkit.charts.style import HALF

FloatArray = NDArray[np.float64]
Write = Callable[[float], str]
SCALES = ((1e9, 1e9, " billion"), (1e6, 1e6, " million"), (1e4, 1e3, " thousand"), (0.0, 1.0, ""))
SHARES = ("share", "fraction")
MOST_MONTHS = 18  # names of months that fit beside each other
YEAR = 365.0
STEPS = (1, 2, 2.5, 5, 10)  # between ticks


def unit_axis(axis: Axis, unit: str, values: Any, label: str = "") -> Write:
    """Write the ticks of an axis in a unit as :func:`vs_toolkit.formats.measured` knows it.

    Returns the function that writes one value for this axis, all with the same number of decimals.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> unit_axis(ax.xaxis, "share", [0.2, 0.4])(0.25)
    '25%'
    >>> unit_axis(ax.yaxis, "turns", [3.5, 12], "Capital turnover")(3.5), ax.get_ylabel()
    ('3.5', 'Capital turnover, turns')
    """
    if unit in SHARES:
        return percent_axis(axis, values, label)
    if formats.is_currency(unit):
        return money_axis(axis, unit, values, label)
    return number_axis(axis, values, ", ".join(part for part in (label, unit) if part))


def money_axis(axis: Axis, currency: str, values: Any, label: str = "") -> Write:
    """Write the ticks of an amount in the scale of its largest value, and the scale as the label.

    Returns the function that writes a value in the same scale, to three figures of the largest.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> write = money_axis(ax.xaxis, "EUR", [-40_000, 2_400_000])
    >>> write(-40_000), ax.get_xlabel()
    ('−0.04', 'EUR million')
    """
    biggest = _biggest(values)
    scale, suffix = next((scale, suffix) for limit, scale, suffix in SCALES if biggest >= limit)
    digits = max(0, 2 - int(np.log10(max(biggest / scale, 1.0))))
    if scale == 1 and _whole(values):
        digits = 0
    axis.set_major_locator(MaxNLocator(7, steps=STEPS))
    axis.set_major_formatter(lambda value, _: formats.plain(round(value / scale, 9)))
    unit = currency + suffix
    axis.set_label_text(f"{label}, {unit}" if label else unit)
    return lambda value: _written(value / scale, digits)


def percent_axis(axis: Axis, values: Any, label: str = "") -> Write:
    """Write the ticks of shares as per cent; returns the function that writes a share likewise.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> percent_axis(ax.yaxis, [0.011, 0.034])(0.034)
    '3.4%'
    """
    digits = 0 if _biggest(values) >= 0.1 else 1
    axis.set_major_locator(MaxNLocator(6, steps=STEPS))
    axis.set_major_formatter(lambda value, _: _percent_tick(value))
    axis.set_label_text(label)
    return lambda value: formats.percent(value, digits)


def number_axis(axis: Axis, values: Any, label: str = "") -> Write:
    """Write the ticks of plain numbers; returns the function that writes a number likewise.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> number_axis(ax.xaxis, [0.3, 12.5])(12.5)
    '12.5'
    """
    whole = _whole(values)
    digits = _decimals(values)
    axis.set_major_locator(MaxNLocator(6, integer=whole, steps=STEPS))
    axis.set_major_formatter(lambda value, _: formats.plain(round(value, 9)))
    axis.set_label_text(label)
    return lambda value: formats.number(value, digits)


def month_axis(ax: Axes, months: Sequence[Any] | pd.Index[Any]) -> None:
    r"""Name the places 0, 1, ... by month, with the year below the first and every January.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> month_axis(ax, pd.to_datetime(["2025-12-01", "2026-01-01"]))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['Dec\n2025', 'Jan\n2026']
    """
    stamps = [pd.Timestamp(month) for month in months]
    every = 1 if len(stamps) <= MOST_MONTHS else 3 if len(stamps) <= 3 * MOST_MONTHS else 12
    shown = [i for i, month in enumerate(stamps) if every == 1 or (month.month - 1) % every == 0]
    names = [
        f"{stamps[i]:%b}\n{stamps[i]:%Y}" if i == shown[0] or stamps[i].month == 1 else f"{stamps[i]:%b}"
        for i in shown
    ]
    ax.set_xticks(shown, names)
    ax.tick_params(axis="x", length=0)


def date_axis(ax: Axes) -> None:
    """Few dates, written as month and year, or with the day where they span less than a year."""
    low, high = ax.get_xlim()
    pattern, most = ("%b %Y", 8) if high - low > YEAR else ("%d %b %Y", 5)
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=most))  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(DateFormatter(pattern))  # type: ignore[no-untyped-call]


def are_days(values: Any) -> bool:
    """Whether values are dates or times.

    >>> are_days(pd.to_datetime(["2026-01-01"])), are_days([date(2026, 1, 1)]), are_days([1, 2])
    (True, True, False)
    """
    index = pd.Index(values)
    return isinstance(index, pd.DatetimeIndex) or (len(index) > 0 and isinstance(index[0], date))


def name_rows(ax: Axes, names: Sequence[str], width: int = 30) -> None:
    """Name the rows 0, 1, ... of a drawing, the first at the top, without a line beside them."""
    fig: Any = ax.get_figure()
    width = width if fig.get_figwidth() > HALF else min(width, 22)
    ax.set_yticks(range(len(names)), [wrapped(name, width) for name in names])
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
    known = ends[np.isfinite(ends)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    margin = 0.15 * (high - low or abs(high) or 1.0)
    ax.set_xlim(low - (margin if left else margin / 5), high + margin)


def bare(ax: Axes) -> None:
    """Take away the axis of values, where each value is written beside its mark."""
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)


def _percent_tick(value: float) -> str:
    digits = 0 if abs(value * 100 - round(value * 100)) < 1e-6 else 1
    return formats.percent(value, digits)


def _biggest(values: Any) -> float:
    sizes = np.abs(np.asarray(values, dtype=float)).ravel()
    return float(np.max(sizes[np.isfinite(sizes)], initial=0.0))


def _written(value: float, digits: int) -> str:
    """Write a number with so many decimals; with one figure where nothing would be left of it.

    >>> _written(9.4, 0), _written(-0.0783, 0), _written(0.0, 0)
    ('9', '−0.08', '0')
    """
    if value and not round(value, digits):
        digits = -math.floor(math.log10(abs(value)))
    return formats.number(value, digits)


def _decimals(values: Any) -> int:
    """Decimals that all values need, as far as three figures of the largest say something."""
    given = np.asarray(values, dtype=float).ravel()
    given = given[np.isfinite(given)]
    most = max(0, min(3, 2 - int(np.floor(np.log10(_biggest(given) or 1.0)))))
    return next((n for n in range(most) if np.allclose(given, np.round(given, n), atol=1e-9)), most)


def _whole(values: Any) -> bool:
    given = np.asarray(values, dtype=float).ravel()
    given = given[np.isfinite(given)]
    return bool(np.all(given == np.round(given)))
