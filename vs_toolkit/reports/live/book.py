"""A workbook whose every write is checked, with the formats its sheets share."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import CellFormulaTuple, Worksheet

from vs_toolkit.errors import VsToolkitError

AMOUNT, PERCENT, NUMBER, FACTOR, DAY = '#,##0;-#,##0;"–"', "0.0%", "#,##0.00", "0.0000", "d mmm yyyy"
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom"},
    "head_right": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "align": "right"},
    "centred": {"align": "center"},
    "section": {"bold": True, "font_color": "#0B5394"},
    "text": {},
    "wrapped": {"text_wrap": True},
    "grey": {"font_color": "#565656"},
    "input": {"font_color": "#1F4E9E", "bg_color": "#FFF8DC", "num_format": "#,##0.######", "locked": False},
    "input_percent": {
        "font_color": "#1F4E9E",
        "bg_color": "#FFF8DC",
        "num_format": "0.0##%",
        "locked": False,
    },
    "general": {"num_format": "#,##0.######"},
    "amount": {"align": "right", "num_format": AMOUNT},
    "total": {"num_format": AMOUNT, "bold": True, "top": 1},
    "strong": {"bold": True},
    "percent": {"align": "right", "num_format": PERCENT},
    "number": {"align": "right", "num_format": NUMBER},
    "factor": {"num_format": FACTOR},
    "day": {"num_format": DAY, "align": "left", "indent": 1},
}
LINE = 15  # points
BASE = {"font_name": "Calibri", "valign": "top"}
ASIDE = {"align": "left", "indent": 1}  # words beyond the first column, set off from the figures before them


class SheetError(VsToolkitError):
    """A value does not fit into a sheet."""


class PlainWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet whose formulas hold classic functions only: none has to be searched for new ones.

    A model has tens of thousands of formulas; these two methods are most of what a workbook costs.
    """

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format, value: float | str = 0
    ) -> int:
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(formula, cell_format, value)
        return 0

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if not isinstance(cell, CellFormulaTuple) or isinstance(cell.value, str):
            super()._write_cell(row, col, cell)
            return
        formula = cell.formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        place, look = f"{column_name(col)}{row + 1}", cell.format._get_xf_index()
        self.fh.write(f'<c r="{place}" s="{look}"><f>{formula}</f><v>{cell.value!r}</v></c>')


class Page:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, sheet: Worksheet) -> None:
        self._book, self.sheet, self.name = book, sheet, sheet.get_name()

    def put(self, row: int, column: int, value: object, look: str = "text") -> None:
        """Write a constant: a number, a day, or text that stays text."""
        form = self._book.look(look, column > 0 and isinstance(value, str))
        if value is None or value == "":
            failed = self.sheet.write_blank(row, column, None, form)
        elif isinstance(value, str):
            failed = self.sheet.write_string(row, column, value, form)
        elif isinstance(value, date):
            day = datetime(value.year, value.month, value.day)
            failed = self.sheet.write_datetime(row, column, day, form)
        else:
            failed = self.sheet.write_number(row, column, float(value), form)  # type: ignore[arg-type]
        self._checked(failed, row, column, value)

    def formula(self, row: int, column: int, text: str, value: object, look: str = "general") -> None:
        """Write a formula with the value that it has."""
        words = isinstance(value, str)
        own = value if words else float(value)  # type: ignore[arg-type]
        form = self._book.look(look, words and column > 0)
        failed = self.sheet._write_formula(row, column, text, form, own)
        self._checked(failed, row, column, text)

    def texts(self, row: int, texts: list[str], look: str = "text", first: int = 0) -> None:
        """Write a row of texts from a column on."""
        for column, text in enumerate(texts, first):
            self.put(row, column, text, look)

    def heads(self, row: int, texts: Iterable[str], words: Container[int]) -> None:
        """Write the heads of columns: those of ``words`` stand left, those of figures right."""
        for column, text in enumerate(texts):
            self.put(row, column, text, "head" if column in words else "head_right")

    def _checked(self, failed: int, row: int, column: int, value: object) -> None:
        if failed:
            raise SheetError(f"a value does not fit into cell {row + 1}, {column + 1}: {str(value)[:40]!r}")


class Book:
    """The workbook that the sheets of a live case go into."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self._looks: dict[str, Format] = {}

    def look(self, name: str, aside: bool = False) -> Format:
        """Format by its name; ``aside`` for words that stand beside figures."""
        key = f"{name} aside" if aside else name
        if key not in self._looks:
            own = ASIDE if aside and "align" not in LOOKS[name] else {}
            self._looks[key] = self.book.add_format(BASE | own | LOOKS[name])
        return self._looks[key]

    def page(self, name: str, *, title: str, colour: str = "#7F7F7F", wide: int = 1) -> Page:
        """Add a sheet with a title, set up for print: ``wide`` pages beside each other."""
        sheet = self.book.add_worksheet(name, worksheet_class=PlainWorksheet)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(wide, 0)
        sheet.set_footer("&L&F · &A&R&P / &N")
        sheet.set_tab_color(colour)
        page = Page(self, sheet)
        page.put(0, 0, title, "title")
        return page


@cache
def column_name(column: int) -> str:
    """Letters of a column.

    >>> column_name(27)
    'AB'
    """
    return str(xl_col_to_name(column))


def cell(row: int, column: int, fixed: str = "") -> str:
    """Name of a cell; ``fixed`` holds ``$`` for what stays when copied: "r", "c" or "rc".

    >>> cell(4, 2), cell(4, 2, "r"), cell(4, 2, "rc")
    ('C5', 'C$5', '$C$5')
    """
    column_mark, row_mark = "$" if "c" in fixed else "", "$" if "r" in fixed else ""
    return f"{column_mark}{column_name(column)}{row_mark}{row + 1}"


def span(first: str, last: str) -> str:
    """Range between two cells."""
    return f"{first}:{last}"
