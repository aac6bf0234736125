"""Measures of a period beside plan, last year and their usual band, for the cells that figure 22 marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from vs_toolkit.metrics.book import Book
from vs_toolkit.metrics.facts import Facts
from vs_toolkit.metrics.formulas import usual_band
from vs_toolkit.metrics.measure import BLANK, CARE, Measure, in_order
from vs_toolkit.periods import Period, joined_target, trailing

TREND = 8
ADD_UP = ("money", "")  # units of measures whose months add up to a period


def cells(book: Book, level: str, period: Period, measures: Iterable[Measure] | None = None) -> pd.DataFrame:
    """Work out measures for all members of a level.

    Returns
    -------
    DataFrame
        Index: measure name and member. Columns: ``value``, ``low``, ``high``, ``n``, ``last_year``, ``plan``,
        ``mark`` (x or (x)), ``few`` (fewer than the measure's minimum). Measures that figure 22 leaves
        blank at the level, and members of which nothing is known, are left out.
    """
    chosen = [measure for measure in measures or in_order() if measure.mark(level) != BLANK]
    facts, before = Facts(book, period, level), Facts(book, period.year_before, level)
    planned = plans(book, level, period)
    parts = {measure.name: _cell(measure, facts, before, planned) for measure in chosen}
    if not parts:
        return pd.DataFrame(columns=["value", "low", "high", "n", "last_year", "plan", "mark", "few"])
    table = pd.concat(parts, names=["measure", "member"])
    return table[table[["value", "last_year", "plan"]].notna().any(axis=1)]


def _cell(measure: Measure, facts: Facts, before: Facts, planned: pd.DataFrame) -> pd.DataFrame:
    now = measure.at(facts)
    plan = planned[measure.name] if measure.name in planned else pd.Series(dtype=float)
    return now.assign(
        last_year=measure.at(before)["value"],
        plan=plan.reindex(now.index).astype(float),
        mark=measure.mark(facts.level),
        few=(now["n"] < measure.minimum).to_numpy(dtype=bool),
    )


def plans(book: Book, level: str, period: Period, version: str = "latest") -> pd.DataFrame:
    """Return the plan of a period: index members, a column for each planned measure.

    Amounts and numbers add up over the months, other measures are averaged; a month without a plan makes the
    whole unknown. ``version`` is ``latest`` (a restated plan replaces the first) or ``first``.
    """
    rows = book.tables["budgets"]
    rows = rows[(rows["level"] == level) & period.holds(rows["month"])].sort_values("set_on", kind="stable")
    rows = rows.drop_duplicates(["measure", "name", "month"], keep="last" if version == "latest" else "first")
    units = {measure.name: measure.unit for measure in in_order()}
    found: dict[str, dict[str, float]] = {}
    for (measure, name), own in rows.groupby(["measure", "name"]):
        by_month = own.set_index("month")["value"]
        total = joined_target(by_month, period)
        adds = units.get(str(measure), "") in ADD_UP
        found.setdefault(str(measure), {})[str(name)] = total if adds else total / len(period.months)
    return pd.DataFrame(found, index=pd.Index(book.members[level], dtype=object))


def trend(book: Book, measure: Measure, level: str, period: Period, count: int = TREND) -> pd.DataFrame:
    """Return the values of the last ``count`` quarters: index members, columns labels of the quarters."""
    parts = trailing(period, count)
    return pd.DataFrame({part.label: measure.at(Facts(book, part, level))["value"] for part in parts})


def against_band(values: Sequence[float]) -> tuple[float, float, str]:
    """Compare the last value with the usual band of those before it: ``above``, ``below``, ``within``, or "".

    >>> against_band([10, 12, 10, 12, 30])[2], against_band([10, 12, 10, 12, 13])[2], against_band([1, 2])[2]
    ('above', 'within', '')
    """
    low, high = usual_band(values[:-1])
    last = values[-1] if len(values) else np.nan
    if np.isnan(low) or np.isnan(last):
        return low, high, ""
    return low, high, "above" if last > high else "below" if last < low else "within"


def verdict(measure: Measure, change: float) -> str:
    """Say whether a change is good, by the direction of the measure: ``better``, ``worse`` or "".

    >>> from vs_toolkit.metrics.measure import MEASURES
    >>> verdict(MEASURES["discount_rate"], 0.02), verdict(MEASURES["net_sales"], 5.0)
    ('worse', 'better')
    """
    if not measure.better or not change or np.isnan(change):
        return ""
    return "better" if (change > 0) == (measure.better == "higher") else "worse"


def reading(measure: Measure, level: str, few: bool) -> str:
    """Say how a cell is to be read: with care, or as too few observations.

    >>> from vs_toolkit.metrics.measure import MEASURES
    >>> reading(MEASURES["sales_cycle"], "person", few=True)
    'read with care; n < 5'
    """
    notes = ["read with care"] if measure.mark(level) == CARE else []
    return "; ".join([*notes, f"n < {measure.minimum}"] if few else notes)
