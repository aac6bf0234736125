"""How values of measures and names are written."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.metrics.measure import Measure


def unit_of(measure: Measure, currency: str) -> str:
    """Unit of a measure as :func:`vs_toolkit.formats.measured` knows it.

    >>> from vs_toolkit.metrics.measure import MEASURES
    >>> unit_of(MEASURES["net_sales"], "EUR"), unit_of(MEASURES["hit_rate"], "EUR")
    ('EUR', 'share')
    """
    return currency if measure.unit.startswith("money") else measure.unit


def written(value: float | None, measure: Measure, currency: str) -> str:
    """Write a value of a measure.

    >>> from vs_toolkit.metrics.measure import MEASURES
    >>> written(0.1234, MEASURES["discount_rate"], "EUR"), written(None, MEASURES["dso"], "EUR")
    ('12.3%', '–')
    """
    return formats.measured(value, unit_of(measure, currency))


def change(now: float, before: float, measure: Measure, currency: str) -> str:
    """Write the change of a measure: money and numbers in percent, others as they are.

    >>> from vs_toolkit.metrics.measure import MEASURES
    >>> change(110, 100, MEASURES["net_sales"], "EUR"), change(0.10, 0.08, MEASURES["discount_rate"], "EUR")
    ('+10.0%', '+2.0 points')
    """
    if formats.is_missing(now) or formats.is_missing(before):
        return formats.MISSING
    if measure.unit in ("money", "money per day", "") and before > 0:
        return formats.percent(now / before - 1, signed=True)
    return formats.difference(now - before, unit_of(measure, currency))


def row_of(table: pd.DataFrame, name: str) -> dict[str, Any]:
    """One row of a table of cells by column; empty where the measure is not in it."""
    return {str(column): table.at[name, column] for column in table} if name in table.index else {}
