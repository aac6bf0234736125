"""Tables of win rates: by stage, age, segment, quarter and person, and how probabilities did in the past."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vs_toolkit.funnel.outlook.backtest import Backtest
from vs_toolkit.funnel.pipeline.steps import Steps
from vs_toolkit.funnel.rates.calibration import Calibration
from vs_toolkit.funnel.rates.people import GroupHitRates
from vs_toolkit.funnel.rates.stated import StatedCheck
from vs_toolkit.funnel.record.history import History
from vs_toolkit.tables import Column, Table

METHODS = {
    "nominal": "Default probability",
    "closed_only": "Closed opportunities only",
    "landmark": "Landmark estimate",
    "corrected": "Landmark, corrected",
}
MOST_PEOPLE = 16
INTERVAL = Column("90% interval", "low", "share", "high", digits=0)


def win_rates(calibration: Calibration) -> Table:
    """Win rate of each stage: opportunities, the three rates side by side, and the time to order."""
    columns = (
        Column("Reached", "reached", digits=0),
        Column("Won", "won", digits=0),
        Column("Lost", "lost", digits=0),
        Column("Open", "open", digits=0),
        Column("Default", "nominal", "share", digits=0),
        Column("Closed only", "closed_only", "share", digits=0),
        Column("Win rate", "hit_rate", "share", digits=0),
        INTERVAL,
        Column("Per order", "cases_per_order", digits=1),
        Column("Days to order", "days_to_order", digits=0),
    )
    frame = calibration.table.replace(float("inf"), float("nan")).rename_axis("Stage")
    note = "Per order: opportunities of the stage that make one order. Days to order: median."
    return Table(frame, columns, "Win rate by stage", note)


def by_segment(rates: pd.DataFrame) -> Table:
    """Win rate of each stage in the largest segments (stages x segments); missing where too few are
    closed.
    """
    columns = tuple(Column(str(name), str(name), "share", digits=0) for name in rates.columns)
    return Table(rates.rename_axis("Stage"), columns, "Win rate by stage and segment")


def repairs(history: History) -> Table:
    """What was dropped, repaired or noticed in the record; rules that found nothing are left out."""
    found = history.report[history.report["rows"] > 0].set_index("what").rename_axis("Found in the record")
    columns = (
        Column("Treatment", "done"),
        Column("Rows", "rows", digits=0),
        Column("Opportunities", "cases", digits=0),
        *([Column("Detail", "detail")] if found["detail"].any() else []),
    )
    return Table(found, columns, "Data repairs")


def quarter(day: pd.Timestamp) -> str:
    """Name of a quarter.

    >>> quarter(pd.Timestamp("2026-07-01"))
    'Q3 2026'
    """
    return f"Q{day.quarter} {day.year}"


def people(rates: GroupHitRates, check: StatedCheck, names: Mapping[str, str]) -> Table:
    """By person: win rate observed and adjusted, and stated against realised; the best and the worst of
    many.
    """
    joined = (
        rates.table.join(check.table[["stated", "realised", "verdict"]]) if len(check.table) else rates.table
    )
    frame = ends_only(joined.dropna(subset="hit_rate")).rename(index=dict(names)).rename_axis("Salesperson")
    told = (
        Column("Stated", "stated", "share", digits=0),
        Column("Realised", "realised", "share", digits=0),
        Column("Forecast bias", "verdict"),
    )
    columns = (
        Column("Won", "won", digits=0),
        Column("Lost", "lost", digits=0),
        Column("Observed", "hit_rate", "share", digits=0),
        Column("Adjusted", "shrunk", "share", digits=0),
        INTERVAL,
        *(told if "stated" in frame else ()),
    )
    left = len(rates.table["hit_rate"].dropna()) - len(frame)
    note = f"The {len(frame)} with the highest and lowest adjusted rates; {left:,} others are in between."
    return Table(frame, columns, "Win rate by salesperson", note if left else "")


def shown(table: pd.DataFrame) -> int:
    """How many rows of a long table are shown."""
    return min(len(table), MOST_PEOPLE)


def ends_only(table: pd.DataFrame, most: int = MOST_PEOPLE) -> pd.DataFrame:
    """Rows at the top and at the bottom of a long table."""
    half = most // 2
    return table if len(table) <= most else pd.concat([table.head(half), table.tail(half)])


def scores(tested: Backtest) -> Table:
    """How each method did on the past days."""
    table = tested.scores[tested.scores["n"] > 0].rename(index=METHODS).rename_axis("Method")
    columns = (
        Column("Expected orders", "expected", digits=0),
        Column("Actual orders", "actual", digits=0),
        Column("Expected-to-actual ratio", "ratio", digits=2),
        Column("Brier score", "brier", digits=3),
        Column("Log loss", "log_loss", digits=3),
        Column("Calibration slope", "slope", digits=2),
    )
    return Table(table, columns, "Back-test")


def steps(walked: Steps) -> Table:
    """Stage by stage: conversion, time, and what stalls."""
    columns = (
        Column("Visits", "visits", digits=0),
        Column("Advance rate", "conversion", "share", digits=0),
        INTERVAL,
        Column("Regressions", "back", digits=0),
        Column("Lost at this stage", "lost", digits=0),
        Column("Median days", "days", digits=0),
        Column("90th percentile", "days_90", digits=0),
        Column("Stalled now", "stalled", digits=0),
    )
    return Table(walked.table.rename_axis("Stage"), columns, "Conversion and time by stage")


def ageing(table: pd.DataFrame, currency: str) -> Table:
    """Open value by stage and days in it, with totals."""
    if not table.to_numpy().any():
        return Table(table.iloc[:0])
    full = table.assign(Total=table.sum(axis=1)).rename_axis("Stage")
    full.loc["Total"] = full.sum()
    columns = tuple(Column(str(name)) for name in full.columns)
    return Table(full, columns, "Open value by stage and days in it", strong=("Total",), scaled=currency)
