"""The tables of a report as a workbook: one formatted sheet each, numbers as numbers.

What XlsxWriter refuses it tells by a return value; one place looks at them all. No text becomes a formula or
a link.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from math import ceil
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from vs_toolkit.formats import MISSING, is_currency
from vs_toolkit.reports.live.book import ASIDE, BASE, LINE, SheetError
from vs_toolkit.reports.live.workbook import write_model
from vs_toolkit.reports.parts import Part
from vs_toolkit.tables import FRACTIONS, Column, Table

WIDEST = 46  # characters of a column
DAY = "d mmm yyyy"
ACROSS, BESIDE = 105, 38  # characters of a line over all columns of the first sheet, and in one of them
NAME = 31  # characters of a sheet's name


def sheets(parts: Iterable[Part], title: str, as_of: date) -> bytes:
    """Write the tables that a report has shown, and a first sheet with its head and sentences.

    A business case, plan or forecast that was given stands before them as a model that recalculates.

    Parameters
    ----------
    parts
        What was shown, in order.
    title
        Title of the workbook.
    as_of
        Day of the report; stands as the day of creation, so that equal content has equal bytes.

    Raises
    ------
    SheetError
        If a value does not fit into a cell.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                 "strings_to_numbers": False, "nan_inf_to_errors": False},
    )  # fmt: skip
    book.set_properties(
        {"title": title, "author": "", "company": "", "created": datetime(as_of.year, as_of.month, as_of.day)}
    )
    writer = _Writer(book)
    given = list(parts)
    live = [part.content for part in given if part.kind == "model"]
    for own, edition in live[:1]:
        write_model(book, own, as_of, edition)
        writer.taken({sheet.get_name() for sheet in book.worksheets()})
    writer.about(given, "Summary" if book.worksheets() else "About")
    for part in given:
        if part.kind == "table" and not part.content[0].empty:
            writer.table(part.content[0])
    book.close()
    return target.getvalue()


class _Writer:
    """Writes sheets with the formats they share."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._names: set[str] = set()

    def taken(self, names: Iterable[str]) -> None:
        """Keep names of sheets that are there already."""
        self._names |= {name.casefold() for name in names}

    def about(self, parts: Iterable[Part], name: str = "About") -> None:
        """First sheet: what it is about, its sentences and its tiles."""
        sheet = self._sheet(name)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 2, 40)
        row = 0
        for part in parts:
            for cells in _lines(part):
                look = self._format(bold=part.kind in ("heading", "lead"), text_wrap=True)
                if len(cells) == 1:  # a sentence: over all columns, in as many lines as it takes
                    sheet.merge_range(row, 0, row, 2, "", look)
                room = ACROSS if len(cells) == 1 else BESIDE
                sheet.set_row(row, LINE * max(ceil(len(text) / room) for text in cells))
                for column, text in enumerate(cells):
                    self._put(sheet, row, column, text, look)
                row += 1

    def table(self, table: Table) -> None:
        """Write one sheet for a table."""
        sheet = self._sheet(table.caption or "Table")
        self._put(sheet, 0, 0, table.caption, self._format(bold=True, font_size=13))
        if table.note:
            self._put(sheet, 1, 0, table.note, self._format(font_color="#565656"))
        columns = [(column, name) for column in table.shown for name in _names(column)]
        heads = [_head(table, column, name) for column, name in columns]
        labels = [str(label) for label in table.frame.index]
        for place, head in enumerate([str(table.frame.index.name or ""), *heads]):
            is_text = place and _is_text(table.frame[columns[place - 1][1]])
            side = _side(not is_text) if place else {}
            top = self._format(**{"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", **side})
            self._put(sheet, 2, place, head, top)
        sheet.set_row(2, 2 * LINE)
        for row, label in enumerate(labels):
            strong = label in table.strong
            self._put(sheet, 3 + row, 0, label, self._format(bold=strong, top=int(strong), text_wrap=True))
        for place, (column, name) in enumerate(columns, 1):
            self._column(sheet, place, table, column, name)
        words = [list(_texts(table.frame, column, name)) for column, name in columns]
        _sizes(sheet, ["", *heads], [labels, *words])
        sheet.freeze_panes(3, 1)
        sheet.repeat_rows(2)

    def _column(self, sheet: Worksheet, place: int, table: Table, column: Column, name: str) -> None:
        units = table.frame[column.unit_from] if column.unit_from else [column.unit] * len(table.frame)
        is_text = _is_text(table.frame[name])
        rows = zip(table.frame.index, table.frame[name], units, strict=True)
        for row, (label, value, unit) in enumerate(rows, 3):
            strong = str(label) in table.strong
            own = str(unit) if column.unit_from else _unit(table, column)
            form = DAY if hasattr(value, "isoformat") else _number_format(own, column, value)
            wraps = isinstance(value, str) or (is_text and pd.isna(value))
            look = self._format(bold=strong, top=int(strong), num_format=form, **_side(not wraps))
            self._put(sheet, row, place, value, look)

    def _sheet(self, wanted: str) -> Worksheet:
        sheet = self._book.add_worksheet(_sheet_name(wanted, self._names))
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&F&R&P / &N")
        return sheet

    def _format(self, **looks: Any) -> Format:
        key = tuple(sorted(looks.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(BASE | looks)
        return self._formats[key]

    def _put(self, sheet: Worksheet, row: int, column: int, value: Any, look: Format) -> None:
        if value == "":
            failed = sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            failed = sheet.write_string(row, column, value, look)
        elif isinstance(value, bool):
            failed = sheet.write_string(row, column, "yes" if value else "no", look)
        elif value is None or pd.isna(value):
            failed = sheet.write_string(row, column, MISSING, look)
        elif hasattr(value, "isoformat"):
            day = datetime(value.year, value.month, value.day)
            failed = sheet.write_datetime(row, column, day, look)
        else:
            failed = sheet.write_number(row, column, float(value), look)
        if failed:
            raise SheetError(f"a value does not fit into cell {row + 1}, {column + 1}: {str(value)[:40]!r}")


def _lines(part: Part) -> list[list[str]]:
    """Rows of the first sheet that a part fills."""
    if part.kind == "heading":
        return [[str(text)] for text in part.content if text]
    if part.kind == "tiles":
        return [[str(text) for text in fact] for fact in part.content]
    if part.kind == "listing":
        return [[f"• {item}"] for item in part.content[0]]
    if part.kind in ("lead", "callout"):
        return [[str(part.content[0])]] if part.content[0] else []
    return []


def _names(column: Column) -> list[str]:
    return [name for name in (column.values, column.upper) if name]


def _head(table: Table, column: Column, name: str) -> str:
    end = "" if not column.upper else ", low" if name == column.values else ", high"
    unit = _unit(table, column)
    shown = "" if unit in FRACTIONS or column.unit_from else f", {unit}" if unit else ""
    return f"{column.label}{end}{shown}"


def _unit(table: Table, column: Column) -> str:
    """Unit of a column: the currency of the table where none is its own, as on the page."""
    plain = not column.unit and column.digits is None and not column.unit_from
    return table.scaled if plain and not _is_text(table.frame[column.values]) else column.unit


def _is_text(values: pd.Series[Any]) -> bool:
    """Whether a column holds words, which stand left."""
    return any(isinstance(value, str) for value in values)


def _side(right: object) -> dict[str, Any]:
    """Figures stand right; words are set off from those before them, and wrap."""
    return {"align": "right"} if right else {**ASIDE, "text_wrap": True}


def _number_format(unit: str, column: Column, value: Any) -> str:
    if unit in FRACTIONS:
        digits = 1 if column.digits is None else column.digits
        return "0" + ("." + "0" * digits if digits else "") + "%"
    whole = is_currency(unit) or (isinstance(value, int | float) and float(value).is_integer())
    digits = (0 if whole else 2) if column.digits is None else column.digits
    told = unit.replace('"', "") if column.unit_from else ""  # a list of unlike figures has it in each cell
    return "#,##0" + ("." + "0" * digits if digits else "") + (f'" {told}"' if told else "")


def _sizes(sheet: Worksheet, heads: list[str], texts: list[list[str]]) -> None:
    """Make columns as wide as their words, and rows as high as the longest of them."""
    widths = [_width(own, head) for own, head in zip(texts, heads, strict=True)]
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    for row, cells in enumerate(zip(*texts, strict=True), 3):
        lines = max(ceil(len(text) / (width - 2)) for text, width in zip(cells, widths, strict=True))
        if lines > 1:
            sheet.set_row(row, LINE * lines)


def _texts(frame: pd.DataFrame, column: Column, name: str) -> Iterable[str]:
    """Words of a column, and figures that bear their unit; others need no more room than their head."""
    units = frame[column.unit_from] if column.unit_from else [""] * len(frame)
    for value, unit in zip(frame[name], units, strict=True):
        is_figure = bool(unit) and isinstance(value, int | float) and unit not in FRACTIONS
        words = value.replace("…", "...") if isinstance(value, str) else ""  # as wide as three
        yield f"{value:,.2f} {unit}" if is_figure else words


def _width(texts: Iterable[str], head: str) -> int:
    """Characters of a column: its longest words, and its head in two lines."""
    longest = max((len(line) for text in texts for line in text.split("\n")), default=0)
    word = max(map(len, head.split()), default=0)
    return min(max(longest + 3, len(head) * 2 // 3 + 2, word + 3, 11), WIDEST)


def _sheet_name(wanted: str, taken: set[str]) -> str:
    """Name that Excel accepts and that no other sheet has, whatever its case.

    >>> _sheet_name("Cash flow: 2026/27?", set()), _sheet_name("about", {"about"})
    ('Cash flow 2026 27', 'about (2)')
    """
    plain = re.sub(r"[\[\]:*?/\\\s']+", " ", wanted).strip()[:NAME] or "Sheet"
    name, count = plain, 1
    while name.casefold() in taken:
        count += 1
        name = f"{plain[: NAME - 4]} ({count})"
    taken.add(name.casefold())
    return name
