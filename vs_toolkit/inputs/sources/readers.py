"""Files and sheets to raw tables: what stands there, and where each cell stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from vs_toolkit.errors import InputError, Problem


class Places(Protocol):
    """Tells where in a file a cell stands."""

    def __call__(self, row: int | None, column: int | None) -> str:
        """Name the place of a cell: ``row`` None is the header, ``column`` None the whole row."""


@dataclass(frozen=True)
class Raw:
    """One table as it stands in its file: values not yet typed."""

    table: str
    file: str
    frame: pd.DataFrame
    places: Places


@dataclass(frozen=True)
class CsvPlaces:
    """Lines of the rows of a CSV file; counted only when a problem needs one."""

    content: bytes

    @cached_property
    def rows(self) -> list[tuple[int, int]]:
        """First line and number of cells of every row, the header first; blank lines are no rows."""
        reader = csv.reader(io.StringIO(self.content.decode("utf-8-sig"), newline=""))
        rows, before = [], 0
        for row in reader:
            if row:
                rows.append((before + 1, len(row)))
            before = reader.line_num
        return rows

    def ragged(self, file: str) -> list[Problem]:
        """Rows with more or fewer cells than the header."""
        width = self.rows[0][1]
        return [
            Problem(file, f"line {line}", "", "", f"has {cells} cells, the header has {width}")
            for line, cells in self.rows
            if cells != width
        ]

    def __call__(self, row: int | None, column: int | None) -> str:
        """Name the line of a row."""
        return f"line {self.rows[0 if row is None else row + 1][0]}"


@dataclass(frozen=True)
class SheetPlaces:
    """Cells of a sheet; ``rows`` are the sheet's own numbers of the rows of the table."""

    sheet: str
    rows: tuple[int, ...]

    def __call__(self, row: int | None, column: int | None) -> str:
        """Name sheet and cell."""
        number = 1 if row is None else self.rows[row]
        cell = f"row {number}" if column is None else f"cell {_letters(column)}{number}"
        return f"sheet {self.sheet}, {cell}"


def _letters(column: int) -> str:
    """Name a column as a workbook does: 0 is A, 26 is AA."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def row_places(row: int | None, column: int | None) -> str:
    """Name a row of a file without lines (Parquet), counted from 1."""
    return "" if row is None else f"row {row + 1}"


def read_csv(content: bytes, table: str, file: str) -> Raw:
    """Read a CSV file: UTF-8, commas, names of the columns in the first line.

    Raises
    ------
    InputError
        When it is empty, not UTF-8, not separated by commas, or has rows with too many or too few cells.
    """
    header = _header(content, file)
    places = CsvPlaces(content)
    try:
        cells = pa.csv.read_csv(
            io.BytesIO(content),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid as error:
        raise InputError(
            places.ragged(file) or [Problem(file, "", "", "", f"not readable as CSV: {error}")]
        ) from None
    return Raw(table, file, cells.to_pandas(), places)


def _header(content: bytes, file: str) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            [Problem(file, f"line {line}", "", "", "not UTF-8: save it as 'CSV UTF-8'")]
        ) from None
    header = next((row for row in csv.reader(io.StringIO(text, newline="")) if row), None)
    if header is None:
        raise InputError([Problem(file, "", "", "", "the file is empty: the first line names the columns")])
    if len(header) == 1 and ";" in header[0]:
        raise InputError(
            [Problem(file, "line 1", "", "", "separate the cells with commas, not with semicolons")]
        )
    _refuse_twice(header, CsvPlaces(content), file)
    return header


def _refuse_twice(header: list[Any], places: Places, file: str) -> None:
    twice = [(i, name) for i, name in enumerate(header) if name is not None and name in header[:i]]
    if twice:
        raise InputError(
            Problem(file, places(None, i), str(name), "", "this column stands twice") for i, name in twice
        )


def read_parquet(content: bytes, table: str, file: str) -> Raw:
    """Read a Parquet file.

    Raises
    ------
    InputError
        When it is not a Parquet file.
    """
    try:
        frame = pa.parquet.read_table(pa.BufferReader(content)).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise InputError([Problem(file, "", "", "", f"not readable as Parquet: {error}")]) from None
    return Raw(table, file, frame.reset_index(drop=True), row_places)


FILES: dict[str, Callable[[bytes, str, str], Raw]] = {".csv": read_csv, ".parquet": read_parquet}


def read_sheets(content: bytes, file: str) -> Iterator[Raw | InputError]:
    """Read every sheet of a workbook whose name does not begin with ``_``; the first row names the columns.

    Yields the table of each sheet, or what is wrong with the sheet as a whole.
    """
    import openpyxl  # here, because it is slow to import and few sources are workbooks

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets through whatever zipfile and the XML parser raise
        yield InputError([Problem(file, "", "", "", f"not readable as an Excel workbook: {error}")])
        return
    for sheet in book.worksheets:
        if not sheet.title.startswith("_"):
            yield _sheet(sheet.title, list(sheet.iter_rows(values_only=True)), file)
    book.close()


def _sheet(name: str, rows: list[tuple[Any, ...]], file: str) -> Raw | InputError:
    if not rows or not any(rows[0]):
        message = "the sheet is empty: its first row names the columns"
        return InputError([Problem(file, f"sheet {name}", "", "", message)])
    filled = [
        (number, row) for number, row in enumerate(rows[1:], 2) if any(cell is not None for cell in row)
    ]
    places = SheetPlaces(name, tuple(number for number, _ in filled))
    width = max(i for i, cell in enumerate(rows[0]) if cell is not None) + 1
    header = [str(cell).strip() if cell is not None else None for cell in rows[0][:width]]
    try:
        _refuse_twice(header, places, file)
    except InputError as error:
        return error
    if beyond := [
        places(i, width) for i, (_, row) in enumerate(filled) if any(c is not None for c in row[width:])
    ]:
        return InputError(
            Problem(file, place, "", "", "a value in a column without a name") for place in beyond
        )
    frame = pd.DataFrame([row[:width] for _, row in filled], columns=header, dtype=object)
    return Raw(name, file, frame, places)
