"""Sheets of an Excel workbook to raw tables: header found, merged ids filled down, what cannot be trusted
refused.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.sources.raw import Raw, Wanted, column_names, header_row
from vs_toolkit.inputs.sources.record import Reading
from vs_toolkit.inputs.sources.sheet_facts import SheetFacts, cell_name, sheet_facts
from vs_toolkit.inputs.sources.tidying import no_data

Numbered = tuple[int, list[Any]]  # number of a row in the sheet, its cells
FORM = "vs-toolkit form 1"  # begins the first cell of every sheet of a form
ANSWERS = "answers"  # begins what a form of one respondent holds
UNCALCULATED = "holds a formula that was never calculated: open the workbook in Excel and save it"


@dataclass(frozen=True)
class SheetPlaces:
    """Cells of a sheet; ``rows`` are the sheet's own numbers of the rows of the table."""

    sheet: str
    rows: tuple[int, ...]
    header: int = 1
    columns: tuple[int, ...] | None = None

    def __call__(self, row: int | None, column: int | None) -> str:
        """Name sheet and cell."""
        number = self.header if row is None else self.rows[row]
        if column is None:
            return f"sheet {self.sheet}, row {number}"
        position = column if self.columns is None else self.columns[column]
        return f"sheet {self.sheet}, cell {cell_name(number, position + 1)}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, whether it is hidden, the numbered rows that hold something, and its facts."""

    title: str
    hidden: bool
    rows: list[Numbered]
    facts: SheetFacts
    unsaved: bool = False
    is_form: bool = False

    @property
    def uncalculated(self) -> set[tuple[int, int]]:
        """Cells with a formula whose result is not stored, or a 0 that a program put there."""
        return self.facts.uncalculated | (self.facts.zeros if self.unsaved else set())


def form_of(sheet: Sheet) -> str:
    """What a sheet of a form holds (``case``, ``table customers``); nothing for any other sheet."""
    first = sheet.rows[0][1][0] if sheet.rows and sheet.rows[0][0] == 1 and sheet.rows[0][1] else None
    return first.removeprefix(f"{FORM}: ") if isinstance(first, str) and first.startswith(FORM) else ""


def without_form_rows(sheet: Sheet) -> Sheet:
    """Leave out what a form says to its reader: titles, notes, the example; its hidden first column."""
    if not form_of(sheet):
        return sheet
    said = ("title", "note", "example")
    rows = [(number, [None, *cells[1:]]) for number, cells in sheet.rows if not (cells and cells[0] in said)]
    filled = [(number, cells) for number, cells in rows if any(cell is not None for cell in cells)]
    return replace(sheet, rows=filled, is_form=True)


def open_sheets(content: bytes, file: str) -> list[Sheet]:
    """Read the values of every sheet whose name does not begin with ``_``.

    Raises
    ------
    InputError
        When it is no workbook.
    """
    import openpyxl  # here, because it is slow to import and few sources are workbooks

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        unsaved = bool(getattr(book.calculation, "fullCalcOnLoad", False))
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheets = [
                _opened(sheet, parts.read(_path(sheet)), unsaved)
                for sheet in book.worksheets
                if not sheet.title.startswith("_")
            ]
        book.close()
    except InputError:
        raise
    except Exception as error:  # openpyxl lets through whatever zipfile and the XML parser raise
        why = _why(content) or f"not readable as an Excel workbook: {error}"
        raise InputError([Problem(file, "", "", "", why)]) from None
    return sheets


def _path(sheet: Any) -> str:
    """Where the XML of a sheet lies in the workbook."""
    return str(sheet._worksheet_path).lstrip("/")


def _why(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return (
            "is an old Excel workbook, or one with a password: open it in Excel and save it as .xlsx, "
            "without one"
        )
    return "the file is empty" if not content else ""


def _opened(sheet: Any, xml: bytes, unsaved: bool) -> Sheet:
    facts = sheet_facts(xml)
    sheet.reset_dimensions()  # what a program wrote there may be wrong
    rows = []
    if facts.last_row:
        for number, row in enumerate(sheet.iter_rows(max_row=facts.last_row, values_only=True), 1):
            cells = [None if isinstance(cell, str) and not cell.strip() else cell for cell in row]
            if any(cell is not None for cell in cells) or _formula_in(number, facts):
                rows.append((number, cells))
    return Sheet(sheet.title, sheet.sheet_state != "visible", rows, facts, unsaved)


def _formula_in(row: int, facts: SheetFacts) -> bool:
    return any(cell[0] == row for cell in facts.uncalculated) if facts.uncalculated else False


def read_sheet(sheet: Sheet, table: str, wanted: Wanted, file: str) -> Raw | InputError:
    """Read one sheet as a table, or say what is wrong with the sheet as a whole."""
    try:
        return _table(sheet, table, wanted, file)
    except InputError as error:
        return error


def _table(sheet: Sheet, table: str, wanted: Wanted, file: str) -> Raw:
    if not sheet.rows:
        message = "the sheet is empty: its first row names the columns"
        raise InputError([Problem(file, f"sheet {sheet.title}", "", "", message)])
    position = header_row(sheet.rows, wanted)
    number, header = sheet.rows[position]
    while header and header[-1] is None:
        header = header[:-1]
    rows = _filled_down(sheet, position, len(header), file)
    places = SheetPlaces(sheet.title, tuple(n for n, _ in rows), number)
    _refuse(sheet, number, len(header), rows, places, file)
    kept = [i for i, cell in enumerate(header) if cell is not None]
    place = lambda i: places(None, kept[i])  # noqa: E731
    names = column_names([header[i] for i in kept], wanted, place, file)
    frame = pd.DataFrame([[_cell(row, i) for i in kept] for _, row in rows], columns=names, dtype=object)
    raw = Raw(table, file, frame, replace(places, columns=tuple(kept)))
    return _tidy(sheet, raw, [header[i] for i in kept], wanted)


def _tidy(sheet: Sheet, raw: Raw, header: list[Any], wanted: Wanted) -> Raw:
    """Take out the rows that are no data; say so, and what else was decided."""
    places = raw.places
    assert isinstance(places, SheetPlaces)
    out = no_data(raw.frame, list(raw.frame.columns), header, wanted)
    stays = [i for i in range(len(raw.frame)) if i not in out]
    rows = tuple(places.rows[i] for i in stays)
    merged = sum(_is_down(area, places.header) for area in sheet.facts.merged)
    reading = Reading(
        f"{raw.file}, sheet {sheet.title}",
        raw.table,
        len(stays),
        "",
        f"row {places.header}" if places.header > 1 else "",
        tuple(f"{places(i, None)}: {reason}" for i, reason in out.items() if reason),
        notes=(f"{merged} merged area{'s' * (merged > 1)} filled down",) if merged else (),
    )
    return replace(
        raw,
        frame=raw.frame.iloc[stays].reset_index(drop=True),
        places=replace(places, rows=rows),
        reading=reading,
        warnings=tuple(_hidden(sheet, [row for row in rows if row in sheet.facts.hidden_rows], raw.file)),
    )


def _hidden(sheet: Sheet, hidden: list[int], file: str) -> Iterator[Problem]:
    if hidden:
        rows = ", ".join(map(str, hidden[:5])) + (" …" if len(hidden) > 5 else "")
        message = (
            f"{len(hidden)} hidden row{'s are' if len(hidden) > 1 else ' is'} read too (row "
            f"{rows}): delete what does not count"
        )
        yield Problem(file, f"sheet {sheet.title}", "", "", message, "warning")


def _cell(row: list[Any], i: int) -> Any:
    return row[i] if i < len(row) else None


def _is_down(area: tuple[int, int, int, int], header: int) -> bool:
    first, column, last, last_column = area
    return first > header and column == last_column and last > first


def _filled_down(sheet: Sheet, position: int, width: int, file: str) -> list[Numbered]:
    """Give every row of a cell merged downwards its value; cells merged sideways are refused."""
    header = sheet.rows[position][0]
    rows = {number: list(cells) for number, cells in sheet.rows[position + 1 :]}
    sideways = []
    for area in sheet.facts.merged:
        first, column, last, _ = area
        if last < header or column > width:
            continue
        if not _is_down(area, header):
            sideways.append(area)
            continue
        value = _cell(rows.get(first, []), column - 1)
        for number in range(first + 1, last + 1):
            if number in rows:  # a row with nothing else in it is no row of the table
                rows[number] += [None] * (column - len(rows[number]))
                rows[number][column - 1] = value
    if problems := [
        Problem(file, f"sheet {sheet.title}, cells {cell_name(a, b)}:{cell_name(c, d)}", "", "",
                "are merged: unmerge them, so that every cell stands for itself")
        for a, b, c, d in sideways if c > header or (sheet.rows and d > b)
    ]:  # fmt: skip
        raise InputError(problems)
    return sorted(rows.items())


def _refuse(
    sheet: Sheet, header: int, width: int, rows: list[Numbered], places: SheetPlaces, file: str
) -> None:
    problems = [
        Problem(file, places(i, width), "", "", "a value in a column without a name")
        for i, (_, row) in enumerate(rows)
        if any(cell is not None for cell in row[width:])
    ]
    numbers = {number for number, _ in rows}
    problems += [
        Problem(file, f"sheet {sheet.title}, cell {cell_name(row, column)}", "", "", UNCALCULATED)
        for row, column in sorted(sheet.uncalculated)
        if row in numbers and column <= width
    ]
    if problems:
        raise InputError(problems)
