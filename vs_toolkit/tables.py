"""Tables as numbers: a frame, and how each of its columns is to be written.

A page, a sheet, a slide and a CSV file are renderings of the same table, so that none computes or words
anything of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from html import escape
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit import formats

FRACTIONS = ("share", "fraction")


@dataclass(frozen=True)
class Column:
    """One column of a table as a reader sees it.

    Attributes
    ----------
    label
        Head of the column.
    name
        Column of the frame that holds the values; empty: the label.
    unit
        As :func:`vs_toolkit.formats.measured` knows it; a currency stands in the head, not in each cell.
    upper
        Column of the frame with the upper ends: the values are then the lower ends of intervals.
    digits
        Decimals; None: about three figures.
    signed
        Whether positive numbers bear a sign.
    unit_from
        Column of the frame that holds the unit of each row, for a list of unlike figures.
    """

    label: str
    name: str = ""
    unit: str = ""
    upper: str = ""
    digits: int | None = None
    signed: bool = False
    unit_from: str = ""

    @property
    def values(self) -> str:
        """Column of the frame that is shown."""
        return self.name or self.label

    @property
    def head(self) -> str:
        """Label with the unit, where that stands in the head.

        >>> Column("Value", unit="EUR").head, Column("Won", unit="share").head
        ('Value, EUR', 'Won')
        """
        in_head = self.unit and self.unit not in (*FRACTIONS, "years")
        return f"{self.label}, {self.unit}" if in_head else self.label


@dataclass(frozen=True, eq=False)
class Table:
    """A frame of numbers, days, names and truth values, with its rows named by the index.

    Attributes
    ----------
    frame
        The values; a number is never a string.
    columns
        What is shown, in order; empty: every column of the frame as it is.
    caption, note
        What the table shows; what has to be known to read it.
    strong
        Labels of rows that stand out (totals).
    scaled
        Currency in which all amounts without a unit of their own are; they are written in one scale.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...] = ()
    caption: str = ""
    note: str = ""
    strong: tuple[str, ...] = field(default=())
    scaled: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is no row to show."""
        return self.frame.empty

    @property
    def shown(self) -> tuple[Column, ...]:
        """Columns as they are shown."""
        return self.columns or tuple(Column(str(name)) for name in self.frame.columns)

    @property
    def scale(self) -> tuple[float, str]:
        """Divisor of the amounts, and the name of their unit."""
        amounts = [self.frame[name] for column in self.shown for name in self._amounts(column)]
        values = np.concatenate([np.zeros(1), *(amount.to_numpy(float) for amount in amounts)])
        return formats.common_scale(values, self.scaled)

    def _amounts(self, column: Column) -> list[str]:
        names = [name for name in (column.values, column.upper) if name]
        plain = column.unit in ("", self.scaled) and not column.unit_from and column.digits is None
        return [name for name in names if plain and is_numeric(self.frame[name])] if self.scaled else []

    @property
    def title(self) -> str:
        """Caption with the scale of the amounts."""
        return f"{self.caption} ({self.scale[1]})".strip() if self.scaled and self.caption else self.caption

    def head(self, column: Column) -> str:
        """Head of a column; the unit that the title names is not repeated."""
        return column.label if self.scaled and column.unit == self.scaled else column.head

    def written(self) -> pd.DataFrame:
        """Write every value as a reader sees it: strings, by column heads.

        >>> frame = pd.DataFrame({"rate": [0.25, None], "low": [0.2, None], "high": [0.31, None]}, ["A", "B"])
        >>> shown = (Column("Win rate", "rate", "share"), Column("90% interval", "low", "share", "high"))
        >>> Table(frame, shown).written()
          Win rate 90% interval
        A    25.0%   20.0–31.0%
        B        –            –
        """
        cells = [pd.Series(self._cells(column), self.frame.index, dtype=object) for column in self.shown]
        heads = [self.head(column) for column in self.shown]
        return pd.concat(cells, axis=1, keys=heads) if cells else self.frame[[]]

    def _cells(self, column: Column) -> list[str]:
        frame = self.frame
        low = self._written(frame[column.values], column)
        if not column.upper:
            return low
        ends = zip(low, self._written(frame[column.upper], column), strict=True)
        return [formats.MISSING if formats.MISSING in pair else formats.joined(*pair) for pair in ends]

    def _written(self, values: pd.Series[Any], column: Column) -> list[str]:
        if column.unit_from:
            units = self.frame[column.unit_from]
            return [
                _value(value, partial(formats.measured, unit=u))
                for value, u in zip(values, units, strict=True)
            ]
        if self._amounts(column):
            scale = self.scale[0]
            return [
                _value(value, lambda x: formats.number(x / scale, signed=column.signed)) for value in values
            ]
        return [_value(value, partial(_figure, column=column)) for value in values]

    def _repr_html_(self) -> str:
        """Show the table where it is the value of a cell."""
        written = self.written()
        title = f"<p><b>{escape(self.title)}</b></p>" if self.caption else ""
        return title + str(written.to_html(border=0))


def is_numeric(values: pd.Series[Any]) -> bool:
    """Whether a column holds numbers (truth values are none).

    >>> is_numeric(pd.Series([1.0])), is_numeric(pd.Series([True])), is_numeric(pd.Series(["1"]))
    (True, False, False)
    """
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _figure(value: float, column: Column) -> str:
    unit, digits = column.unit, column.digits
    if unit in FRACTIONS:
        return formats.percent(value, 1 if digits is None else digits, signed=column.signed)
    if formats.is_currency(unit):
        return formats.money(value, "", digits, signed=column.signed)
    if unit == "years":
        return formats.months(value)
    if digits is not None or column.signed:
        return formats.number(value, digits or 0, signed=column.signed)
    return formats.plain(value)


def _value(value: Any, write: Callable[[float], str]) -> str:
    if value is None or pd.isna(value):
        return formats.MISSING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Real):
        return write(float(value))
    return formats.day(value) if hasattr(value, "isoformat") else str(value)
