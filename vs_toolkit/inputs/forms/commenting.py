"""A copy of a workbook with every problem as a comment at its cell, for whoever filled it in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from vs_toolkit.errors import Problem

CELL = re.compile(r"sheet (?P<sheet>.+), cell (?P<cell>[A-Z]{1,3}\d+)")
AUTHOR = "vs-toolkit check"
COLOURS = {"error": "FFF4B6B6", "warning": "FFFFE8A3"}


def commented(content: bytes, problems: Iterable[Problem]) -> bytes:
    """Copy a workbook with comments; what has no cell of its own is listed on the sheet *Problems*."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = openpyxl.load_workbook(io.BytesIO(content))
    rest: list[Problem] = []
    for problem in problems:
        place = CELL.fullmatch(problem.where)
        if place is None or place["sheet"] not in book.sheetnames:
            rest.append(problem)
            continue
        cell: Any = book[place["sheet"]][place["cell"]]
        before = cell.comment.text + "\n" if cell.comment and cell.comment.author == AUTHOR else ""
        cell.comment = Comment(before + _text(problem), AUTHOR, width=320, height=120)
        cell.fill = PatternFill("solid", fgColor=COLOURS[problem.severity])
    if rest:
        sheet = book.create_sheet("_Problems", 0)
        for problem in rest:
            sheet.append([f"'{problem}" if str(problem).startswith("=") else str(problem)])
        sheet.column_dimensions["A"].width = 120
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _text(problem: Problem) -> str:
    field = f"{problem.field}: " if problem.field else ""
    return f"{problem.severity.capitalize()}: {field}{problem.message}"
