"""Frames as tables: labels left, numbers right in their units, what is missing as a dash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import pandas as pd
from IPython.display import HTML

from vs_toolkit import formats
from vs_toolkit.reports.html import around, element, html, tied

ONE_PAGE = 16  # rows of a table that is kept together on paper
NARROW = 3  # text columns that a phone can show side by side


def table(
    frame: pd.DataFrame,
    caption: str = "",
    *,
    units: Mapping[str, str] | str = "",
    scaled: str = "",
    strong: Iterable[str] = (),
    note: str = "",
) -> HTML:
    """Show a frame with its index as row heads; a frame without rows shows only the note.

    Parameters
    ----------
    frame
        Labels in the index; numbers, days or text in the columns.
    caption
        What the table shows.
    units
        Unit of all numbers, or by column name, as :func:`vs_toolkit.formats.measured` knows them.
    scaled
        Currency in which all numbers are amounts: written in one scale, which the caption names.
    strong
        Row labels to be set bold (totals).
    note
        A line below the table: units, conventions, gaps.

    >>> sales = pd.DataFrame({"Year 1": [1200.0]}, index=["Sales"])
    >>> "<td>1 200 EUR</td>" in table(sales, units="EUR").data
    True
    """
    remark = element("p", note, class_="note") if note else ""
    if frame.empty:
        return html(remark)
    if scaled:
        scale, unit = formats.common_scale(frame.to_numpy(float).ravel(), scaled)
        frame, caption = (frame / scale).round(), f"{caption} ({unit})"
    title = element("caption", caption) if caption else ""
    inner = around(
        "table", title + around("thead", _head(frame)) + around("tbody", _body(frame, units, strong))
    )
    box = around(
        "div", inner, class_=_shape(frame), role="region", tabindex="0", aria_label=caption or "Table"
    )
    return html(box + remark)


def _shape(frame: pd.DataFrame) -> str:
    """Whether it is kept on one page, and whether a phone shows its rows as cards."""
    texts = sum(not pd.api.types.is_numeric_dtype(frame[name]) for name in frame.columns)
    words = sum(_align(frame[name]) == "words" for name in frame.columns)
    cards = texts > NARROW or words > 1
    return "table" + (" long" if len(frame) > ONE_PAGE else "") + (" cards" if cards else "")


def _head(frame: pd.DataFrame) -> str:
    corner = element("th", frame.index.name or "", class_="words", scope="col")
    names = (element("th", name, class_=_align(frame[name]), scope="col") for name in frame.columns)
    return around("tr", corner + "".join(names))


def _body(frame: pd.DataFrame, units: Mapping[str, str] | str, strong: Iterable[str]) -> str:
    of_all = units if isinstance(units, str) else ""
    of_each = {} if isinstance(units, str) else units
    labelled = "cards" in _shape(frame)
    columns = [
        _column(frame[name], of_each.get(str(name), of_all), str(name) if labelled else "")
        for name in frame.columns
    ]
    bold = set(strong)
    rows = zip(frame.index, *columns, strict=True)
    return "".join(_row(str(label), cells, bold) for label, *cells in rows)


def _row(label: str, cells: Iterable[str], strong: set[str]) -> str:
    head = element("th", label, class_="words", scope="row")
    return around("tr", head + "".join(cells), class_="strong" if label in strong else "")


def _column(values: pd.Series[Any], unit: str, label: str) -> list[str]:
    align = _align(values)
    texts = (_written(value, unit) for value in values)
    return [element("td", tied(text) if align else text, class_=align, data_label=label) for text in texts]


def _align(values: pd.Series[Any]) -> str:
    """Numbers stand right; so do short texts when most of them begin with a figure."""
    if pd.api.types.is_numeric_dtype(values):
        return ""
    if (values == formats.MISSING).all():
        return ""
    known = [str(value) for value in values if not pd.isna(value) and value != formats.MISSING]
    figures = sum(bool(re.match(r"[+−]?\d.{,25}$", value)) for value in known)
    return "" if 2 * figures > len(known) else "words"


def _written(value: Any, unit: str) -> str:
    if value is None or pd.isna(value):
        return formats.MISSING
    if isinstance(value, Real):
        return formats.measured(float(value), unit)
    return formats.day(value) if hasattr(value, "isoformat") else str(value)
