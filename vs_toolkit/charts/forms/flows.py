"""Flows: bars by period, gains up and costs down, with their running total and the moments that matter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vs_toolkit import formats
from vs_toolkit.charts.axes import FloatArray, money_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.forms.parts import upright
from vs_toolkit.charts.labels import at_end, headline, key, nothing
from vs_toolkit.charts.style import BLACK, BLUE, GREEN, GREY, LIGHT, PURPLE, VERMILLION

COLOURS = (BLUE, VERMILLION, LIGHT, GREEN, PURPLE)
HATCHES = ("", "////", "", "...", "xxx")


@form
def flows(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    amounts: pd.Series[float] | pd.DataFrame,
    currency: str,
    *,
    title: str,
    line: pd.Series[float] | None = None,
    line_label: str = "cumulative",
    band: pd.DataFrame | None = None,
    plan_from: float | None = None,
    plan_label: str = "plan",
    points: Mapping[str, tuple[float, float]] | None = None,
    x_label: str = "",
) -> Axes:
    r"""Draw amounts by period as bars and a running total as a line with its end named.

    ``amounts``: index period (numbers: years, months); a series, or a frame whose columns are stacked, gains
    up and costs down, with a key. ``line``: index on the same scale, also finer. ``band``: index as ``line``;
    low, high. Periods from ``plan_from`` on are drawn light, behind a line named ``plan_label``. ``points``
    is name -> (x, y): payback, deepest funding.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> year, total = pd.Series({0: -100.0, 1: 150.0}), pd.Series({0: -100.0, 1: 50.0})
    >>> _ = flows(ax, year, "EUR", title="Payback in year 1", line=total)
    >>> ax.texts[0].get_text().split("\n")[0], [float(bar.get_height()) for bar in ax.patches]
    ('cumulative', [-100.0, 150.0])
    """
    headline(ax, title)
    frame = amounts.to_frame() if isinstance(amounts, pd.Series) else amounts
    if frame.empty or frame.isna().all(axis=None):
        return nothing(ax)
    single = isinstance(amounts, pd.Series)
    levels = _stack(ax, frame, single, plan_from)
    if band is not None:
        ax.fill_between(band.index, band["low"], band["high"], color=GREY, alpha=0.2, linewidth=0)
        levels = np.concatenate([levels, band[["low", "high"]].to_numpy(float).ravel()])
    if line is not None and len(line.dropna()):
        levels = np.append(levels, line)
        _total(ax, line.dropna(), currency, line_label)
    ax.axhline(0, color=GREY, linewidth=0.8)
    low, high = float(np.nanmin(levels, initial=0.0)), float(np.nanmax(levels, initial=0.0))
    extent = high - low or 1.0
    deep = any(y < 0 for _, y in (points or {}).values())
    ax.set_ylim(low - (0.2 if deep else 0.1) * extent, high + (0.3 if points else 0.18) * extent)
    ax.xaxis.set_major_locator(MaxNLocator(12, integer=True))
    ax.set_xlabel(x_label)
    money_axis(ax.yaxis, currency, levels)
    if plan_from is not None:
        upright(ax, {plan_label: plan_from - 0.5}, ax.get_ylim()[1])
    _mark(ax, points or {}, high, extent)
    return ax if single else key(ax)


def _stack(ax: Axes, frame: pd.DataFrame, single: bool, plan_from: float | None) -> FloatArray:
    """Draw the bars; returns the levels that they reach."""
    periods = frame.index.to_numpy(float)
    alpha = None if plan_from is None else np.where(periods >= plan_from, 0.45, 1.0)
    up, down = np.zeros(len(frame)), np.zeros(len(frame))
    for n, name in enumerate(frame):
        heights = np.nan_to_num(frame[name].to_numpy(float, na_value=np.nan))
        colours = [COLOURS[n % len(COLOURS)]] * len(frame)
        if single:
            colours = [BLUE if height >= 0 else VERMILLION for height in heights]
        starts = np.where(heights >= 0, up, down)
        drawn = ax.bar(periods, heights, 0.6, starts, color=colours, edgecolor="white", linewidth=0.4,
                       hatch="" if single else HATCHES[n % len(HATCHES)], label=str(name))  # fmt: skip
        for bar, tone in zip(drawn, [] if alpha is None else alpha, strict=False):
            bar.set_alpha(tone)
        up, down = up + np.maximum(heights, 0), down + np.minimum(heights, 0)
    return np.concatenate([up, down])


def _total(ax: Axes, line: pd.Series[float], currency: str, name: str) -> None:
    few = len(line) < 25
    ax.plot(line.index, line, color=BLACK, linewidth=1.6, marker="o" if few else "", markersize=3.5)
    last = float(line.iloc[-1])
    at_end(ax, float(line.index[-1]) + 0.3, last, f"{name}\n{formats.money(last, currency)}", BLACK)


def _mark(ax: Axes, points: Mapping[str, tuple[float, float]], high: float, extent: float) -> None:
    """Mark moments; names of those at or above zero stand above all bars, of those below beside them."""
    above = high + 0.12 * extent
    middle = sum(ax.get_xlim()) / 2
    for name, (x, y) in points.items():
        ax.plot([x], [y], "D", color=VERMILLION, markersize=5.5, zorder=5)
        if y < 0:
            ax.annotate(name, (x, y), (0, -9), textcoords="offset points", va="top",
                        ha="left" if x < middle else "right")  # fmt: skip
            continue
        ax.plot([x, x], [y, above], color=VERMILLION, linewidth=1, linestyle=":")
        side, shift = ("left", 5) if x < middle else ("right", -5)
        ax.annotate(name, (x, above), (shift, 0), textcoords="offset points", va="center", ha=side)
