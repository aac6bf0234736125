"""Drawings of what a status is worth, who over-promises and how probabilities did in the past.

Each takes a result, draws on the given axes and returns them. The title is the finding; colour never carries
it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.ticker import MaxNLocator, PercentFormatter

from vs_toolkit import formats
from vs_toolkit.charts import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LIGHT,
    PURPLE,
    VERMILLION,
    name_rows,
    nothing,
    say,
    spread,
    style,
)
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.outlook.backtest import Backtest
from vs_toolkit.funnel.outlook.scores import reliability as reliability_curve
from vs_toolkit.funnel.rates.people import GroupHitRates
from vs_toolkit.funnel.rates.stated import StatedCheck

METHODS = {
    "nominal": (GREY, "nominal"),
    "closed_only": (VERMILLION, "closed only"),
    "landmark": (BLUE, "landmark"),
}
LINES = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, GREY)
MOST_PEOPLE = 16
YEAR = 365.0


@style()
def worth(ax: Axes, table: pd.DataFrame) -> Axes:
    """Hit rate of each status with its interval, the closed-only rate and the nominal beside it.

    ``table`` as in :class:`vs_toolkit.funnel.rates.calibration.Calibration`.
    """
    ax.set_title(findings.worth(table))
    if table[["hit_rate", "nominal"]].isna().all(axis=None):
        return nothing(ax)
    rows = np.arange(len(table))
    ax.hlines(rows, table["low"], table["high"], color=BLUE, linewidth=7, alpha=0.3)
    ax.plot(table["hit_rate"], rows, "o", color=BLUE, markersize=7, label="measured, with 90 % interval")
    ax.plot(table["closed_only"], rows, "s", markerfacecolor="white", color=VERMILLION, markersize=6,
            label="closed cases only", zorder=1.9)  # fmt: skip
    ax.plot(table["nominal"], rows, "D", color=GREY, markersize=6, label="nominal")
    ends = table[["high", "closed_only", "nominal", "hit_rate"]].max(axis=1)
    for row, (rate, reached, end) in enumerate(zip(table["hit_rate"], table["reached"], ends, strict=True)):
        if not np.isnan(end):
            say(
                ax,
                end,
                row,
                f"{formats.percent(rate, 0)} of {reached}" if rate == rate else "not measured",
                away=9,
            )
    name_rows(ax, [str(name) for name in table.index])
    ax.set_xlim(0, 1.25)
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    _percent(ax.xaxis, "won of the cases that reached the status")
    return key(ax)


@style()
def by_age(ax: Axes, chances: pd.DataFrame, horizon_days: float) -> Axes:
    """Win probability within a horizon by the days a case has been in its status.

    ``chances``: index age in days, one column per status, NaN where too few comparable cases tell.
    """
    ax.set_title(findings.by_age(chances, horizon_days))
    known = chances.dropna(axis="columns", how="all").dropna(how="all")
    if known.empty:
        return nothing(ax)
    ends = [known[name].dropna() for name in known]
    places = spread([line.iloc[-1] for line in ends], 0.065)
    for line, colour, place in zip(ends, LINES * len(ends), places, strict=False):
        ax.plot(line.index, line, color=colour, linewidth=2, marker="o", markersize=3)
        far = (known.index.max(), place)
        ax.plot(
            [line.index[-1], far[0]],
            [line.iloc[-1], far[1]],
            color=LIGHT,
            linewidth=0.8,
            zorder=0,
            clip_on=False,
        )
        at_end(ax, *far, str(line.name), colour)
    ax.set_ylim(0, 1)
    ax.set_xlabel("days in the status")
    _percent(ax.yaxis, f"won within {horizon_days:.0f} days")
    return ax


@style()
def promises(ax: Axes, check: StatedCheck, names: Mapping[str, str]) -> Axes:
    """What each person stated on average and what came of it, the most optimistic first."""
    ax.set_title(findings.promises(check, names))
    table = _ends_only(check.table)
    if table.empty:
        return nothing(ax)
    rows = np.arange(len(table))
    clear = (table["verdict"] != "in line").to_numpy()
    ax.hlines(rows, table["realised"], table["stated"], color=np.where(clear, VERMILLION, LIGHT), linewidth=3)
    ax.plot(table["stated"], rows, "D", color=GREY, markersize=6, label="stated on average")
    ax.plot(table["realised"], rows, "o", color=BLUE, markersize=7, label="came true")
    for row, (_, person) in enumerate(table.iterrows()):
        word = "" if person["verdict"] == "in line" else person["verdict"]
        say(ax, person[["stated", "realised"]].max(), row, word, away=9)
    name_rows(ax, [names.get(str(person), str(person)) for person in table.index])
    ax.set_xlim(0, min(1.12, float(table[["stated", "realised"]].to_numpy().max()) * 1.25 + 0.02))
    _percent(ax.xaxis, "probability stated, share won")
    return key(ax)


@style()
def people(ax: Axes, rates: GroupHitRates, names: Mapping[str, str]) -> Axes:
    """Hit rate of each person as counted and as it may be taken, with its interval, around the common one."""
    ax.set_title(findings.people(rates))
    table = _ends_only(rates.table.dropna(subset="hit_rate"))
    if len(table) < 2:
        return nothing(ax)
    rows = np.arange(len(table))
    ax.axvline(rates.overall, color=BLACK, linewidth=1)
    ax.hlines(rows, table["low"], table["high"], color=BLUE, linewidth=7, alpha=0.3)
    ax.plot(table["shrunk"], rows, "o", color=BLUE, markersize=7, label="taken to be, with 90 % interval")
    ax.plot(
        table["hit_rate"], rows, "o", markerfacecolor="white", color=GREY, markersize=6, label="as counted"
    )
    ends = table[["high", "hit_rate"]].max(axis=1)
    for row, (won, lost, end) in enumerate(zip(table["won"], table["lost"], ends, strict=True)):
        say(ax, end, row, f"{won} of {won + lost}", away=9)
    name_rows(ax, [names.get(str(person), str(person)) for person in table.index])
    ax.set_xlim(0, min(1.15, float(ends.max()) * 1.3))
    _percent(ax.xaxis, f"won of closed cases; the line is all together, {formats.percent(rates.overall, 0)}")
    return key(ax)


@style()
def past_expectations(ax: Axes, tested: Backtest) -> Axes:
    """Orders that each method expected on each past day, and those that came."""
    ax.set_title(findings.backtest(tested))
    by_day = tested.by_day()
    if len(by_day) < 2:
        return nothing(ax)
    lines = {name: (by_day[name], *METHODS[name]) for name in METHODS}
    lines["won"] = (by_day["won"], BLACK, "came")
    top = max(float(values.max()) for values, _, _ in lines.values())
    places = spread([float(values.iloc[-1]) for values, _, _ in lines.values()], 0.07 * (top or 1))
    for (name, (values, colour, label)), place in zip(lines.items(), places, strict=True):
        ax.plot(values.index, values, color=colour, linewidth=2.4 if name == "won" else 1.8)
        at_end(ax, values.index[-1], place, label, colour)
    ax.set_ylim(0, top * 1.08 or 1)
    ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_ylabel(f"orders within {tested.horizon_days:.0f} days")
    ax.set_xlabel("seen from")
    date_axis(ax)
    return ax


@style()
def reliability(ax: Axes, tested: Backtest) -> Axes:
    """Share won against the probability given before, for each method (CORP curves)."""
    ax.set_title(findings.reliability(tested))
    rows = tested.rows
    if rows["won"].nunique() < 2:
        return nothing(ax)
    ax.plot([0, 1], [0, 1], color=LIGHT, linewidth=1.2, linestyle="--")
    ax.annotate("as promised", (0.5, 0.5), (-6, 4), textcoords="offset points", ha="right", color=GREY)
    for name, (colour, label) in METHODS.items():
        curve = reliability_curve(rows[name], rows["won"])
        points = curve[["lowest", "highest"]].to_numpy(float).ravel()
        line = ax.plot(points, curve["observed"].repeat(2), color=colour, linewidth=1.8, label=label)[0]
        line.set_solid_joinstyle("miter")
        ax.scatter(curve["probability"], curve["observed"], s=2 + 120 * curve["n"] / len(rows), color=colour)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    _percent(ax.xaxis, "probability given; the size of a dot is the number of cases")
    _percent(ax.yaxis, f"won within {tested.horizon_days:.0f} days")
    return key(ax)


def shown(table: pd.DataFrame) -> int:
    """How many rows of a table of people are drawn.

    >>> shown(pd.DataFrame(index=range(40)))
    16
    """
    return min(len(table), MOST_PEOPLE)


def _ends_only(table: pd.DataFrame) -> pd.DataFrame:
    """First and last rows of a long table: those who differ."""
    half = MOST_PEOPLE // 2
    return table if len(table) <= MOST_PEOPLE else pd.concat([table.head(half), table.tail(half)])


def _percent(axis: Axis, label: str) -> None:
    axis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=" %"))
    axis.set_label_text(label)


def at_end(ax: Axes, x: Any, y: float, text: str, colour: str) -> None:
    """Name a line beside its end, also where labels had to move beyond the axes."""
    ax.annotate(text, (x, y), (6, 0), textcoords="offset points", va="center", color=colour,
                annotation_clip=False)  # fmt: skip


def date_axis(ax: Axes) -> None:
    """Few dates, written as month and year, or with the day where they span less than a year."""
    low, high = ax.get_xlim()
    pattern, most = ("%b %Y", 8) if high - low > YEAR else ("%d %b %Y", 5)
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=most))  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(DateFormatter(pattern))  # type: ignore[no-untyped-call]


def key(ax: Axes) -> Axes:
    """Name the marks in one line above the drawing."""
    fig = ax.get_figure()
    if fig is not None:
        fig.legend(loc="outside upper left", ncols=4, frameon=False, handletextpad=0.3, columnspacing=1.4)
    return ax
