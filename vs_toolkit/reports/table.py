"""Frames as tables: labels left, numbers right in their units, what is missing as a dash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import pandas as pd
from IPython.display import HTML

from vs_toolkit import formats
from vs_toolkit.reports.html import around, element, html


def table(
    frame: pd.DataFrame,
    caption: str = "",
    *,
    units: Mapping[str, str] | str = "",
    strong: Iterable[str] = (),
    note: str = "",
) -> HTML:
    """Show a frame with its index as row heads.

    Parameters
    ----------
    frame
        Labels in the index; numbers, days or text in the columns.
    caption
        What the table shows.
    units
        Unit of all numbers, or by column name, as :func:`vs_toolkit.formats.measured` knows them.
    strong
        Row labels to be set bold (totals).
    note
        A line below the table: units, conventions, gaps.

    >>> sales = pd.DataFrame({"Year 1": [1200.0]}, index=["Sales"])
    >>> "<td>1\u202f200 EUR</td>" in table(sales, units="EUR").data
    True
    """
    columns = [_column(frame[name], _unit(units, str(name))) for name in frame.columns]
    bold = set(strong)
    rows = (_row(str(label), cells, bold) for label, *cells in zip(frame.index, *columns, strict=True))
    body = around("thead", _head(frame)) + around("tbody", "".join(rows))
    title = element("caption", caption) if caption else ""
    box = around("div", around("table", title + body), class_="table", role="region", tabindex="0",
                 aria_label=caption or "Table")  # fmt: skip
    return html(box + (element("p", note, class_="note") if note else ""))


def _unit(units: Mapping[str, str] | str, column: str) -> str:
    return units if isinstance(units, str) else units.get(column, "")


def _head(frame: pd.DataFrame) -> str:
    corner = element("th", frame.index.name or "", class_="words", scope="col")
    names = (element("th", name, class_=_align(frame[name]), scope="col") for name in frame.columns)
    return around("tr", corner + "".join(names))


def _row(label: str, cells: Iterable[str], strong: set[str]) -> str:
    head = element("th", label, class_="words", scope="row")
    return around("tr", head + "".join(cells), class_="strong" if label in strong else "")


def _column(values: pd.Series[Any], unit: str) -> list[str]:
    align = _align(values)
    return [element("td", _written(value, unit), class_=align) for value in values]


def _align(values: pd.Series[Any]) -> str:
    return "" if all(isinstance(value, Real) or pd.isna(value) for value in values) else "words"


def _written(value: Any, unit: str) -> str:
    if value is None or pd.isna(value):
        return formats.MISSING
    if isinstance(value, Real):
        return formats.measured(float(value), unit)
    return formats.day(value) if hasattr(value, "isoformat") else str(value)
