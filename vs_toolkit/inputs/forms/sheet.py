"""One way to write a sheet of a form: every return value of the writer is checked, no text becomes a
formula.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs.sources.sheets import FORM

BLANK_ROWS = 40
LONGEST = 32_767
COLOURS = {"head": "#1f3a5f", "note": "#f2f2f2", "input": "#fffbe6"}


class Form:
    """A workbook that is a form: hidden keys, titles, notes, drop-downs, protection."""

    def __init__(self, made_on: date) -> None:
        self._content = io.BytesIO()
        self.book = xlsxwriter.Workbook(
            self._content,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        self.book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day)})
        self.book.set_custom_property("vs-toolkit form", "1")
        self._formats = {
            "head": self.book.add_format({"bold": True, "font_color": "white", "bg_color": COLOURS["head"],
            "text_wrap": True, "valign": "top"}),
            "note": self.book.add_format({"italic": True, "bg_color": COLOURS["note"], "text_wrap": True,
            "valign": "top", "font_size": 9}),
            "input": self.book.add_format({"locked": False, "bg_color": COLOURS["input"], "border": 4,
            "border_color": "#bbbbbb"}),
            "day": self.book.add_format({"locked": False, "bg_color": COLOURS["input"],
            "num_format": "yyyy-mm-dd", "border": 4, "border_color": "#bbbbbb"}),
            "time": self.book.add_format({"locked": False, "bg_color": COLOURS["input"],
            "num_format": "yyyy-mm-dd hh:mm:ss", "border": 4, "border_color": "#bbbbbb"}),
            "plain": self.book.add_format({"text_wrap": True, "valign": "top"}),
        }  # fmt: skip
        self._lists = 0
        self._list_sheet: Any = None

    def sheet(self, title: str, holds: str) -> Sheet:
        """Add a sheet; ``holds`` says in its first cell what it is."""
        page = self.book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
        page.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "insert_rows": True,
                "sort": True,
                "autofilter": True,
            },
        )
        page.hide_gridlines(2)
        page.set_column(0, 0, None, None, {"hidden": True})
        sheet = Sheet(self, page)
        sheet.write(0, 0, f"{FORM}: {holds}", "plain")
        return sheet

    def format(self, name: str) -> Any:
        """Format by its name."""
        return self._formats[name]

    def named_list(self, choices: Sequence[str]) -> str:
        """Put a list of choices on a hidden sheet and name it: a drop-down of its own holds 255 characters
        only.
        """
        if self._list_sheet is None:
            self._list_sheet = self.book.add_worksheet("_lists")
            self._list_sheet.hide()
        column = self._lists
        self._lists += 1
        for row, choice in enumerate(choices):
            checked(self._list_sheet.write_string(row, column, choice), choice)
        letter = xlsxwriter.utility.xl_col_to_name(column)
        name = f"vs_list_{column + 1}"
        checked(self.book.define_name(name, f"='_lists'!${letter}$1:${letter}${len(choices)}"), name)
        return name

    def content(self) -> bytes:
        """Bytes of the finished workbook."""
        self.book.close()
        return self._content.getvalue()


class Sheet:
    """One sheet of a form."""

    def __init__(self, form: Form, page: Any) -> None:
        self.form, self.page = form, page

    def write(self, row: int, column: int, value: Any, style: str = "input") -> None:
        """Write a value; a number that Excel would round is written as text, so that it comes back
        exactly.
        """
        style = {"input": _style(value)}.get(style, style)
        cell = self.form.format(style)
        if value is None or value == "":
            result = self.page.write_blank(row, column, None, cell)
        elif isinstance(value, bool):
            result = self.page.write_boolean(row, column, value, cell)
        elif isinstance(value, int | float) and float(f"{value:.15g}") == value:
            result = self.page.write_number(row, column, value, cell)
        elif isinstance(value, date | datetime):
            moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
            result = self.page.write_datetime(row, column, moment.replace(tzinfo=None), cell)
        else:
            result = self.page.write_string(
                row, column, value if isinstance(value, str) else repr(value), cell
            )
        checked(result, value)

    def drop_down(self, rows: tuple[int, int], column: int, choices: Sequence[str]) -> None:
        """Offer choices in a range of cells."""
        rule = {"validate": "list", "source": f"={self.form.named_list(choices)}", "error_type": "warning"}
        checked(self.page.data_validation(rows[0], column, rows[1], column, rule), choices)

    def widths(self, widths: Iterable[int], start: int = 1) -> None:
        """Set the widths of columns."""
        for column, width in enumerate(widths, start):
            checked(self.page.set_column(column, column, width), width)


def _style(value: Any) -> str:
    if isinstance(value, datetime):
        return "time"
    return "day" if isinstance(value, date) else "input"


def checked(result: Any, value: Any) -> None:
    """Refuse what the writer refuses in silence: a text that is too long, a cell beyond the sheet.

    Raises
    ------
    VsToolkitError
        With the beginning of the value.
    """
    if result not in (0, None):
        raise VsToolkitError(
            f"Excel cannot hold this: {str(value)[:60]!r} (at most {LONGEST:,} characters in a cell)"
        )
