"""Files to raw tables, by the ending of their names."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pyarrow as pa
import pyarrow.parquet

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.sources.delimited import read_delimited
from vs_toolkit.inputs.sources.raw import Raw, Wanted
from vs_toolkit.inputs.sources.record import Reading

UNREADABLE = {  # ending -> what to do
    ".xls": "open it in Excel and save it as .xlsx",
    ".xlsb": "open it in Excel and save it as .xlsx",
    ".ods": "open it and save it as .xlsx",
    ".numbers": "export it as .xlsx",
    ".zip": "unpack it",
    ".gz": "unpack it",
    ".7z": "unpack it",
}
COPY = re.compile(r"(?P<name>.+?)(?: ?\(\d+\)| ?- ?(?:Copy|Kopie)(?: \(\d+\))?)", re.IGNORECASE)


def read_csv(content: bytes, table: str, file: str, wanted: Wanted | None = None) -> Raw:
    """Read a file of delimited text; see :func:`read_delimited`."""
    return read_delimited(content, table, file, wanted)


def row_places(row: int | None, column: int | None) -> str:
    """Name a row of a file without lines (Parquet), counted from 1."""
    return "" if row is None else f"row {row + 1}"


def read_parquet(content: bytes, table: str, file: str, wanted: Wanted | None = None) -> Raw:
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
    reading = Reading(file, table, len(frame), "")
    return Raw(table, file, frame.reset_index(drop=True), row_places, reading)


FILES: dict[str, Callable[[bytes, str, str, Wanted | None], Raw]] = {
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_csv,
    ".parquet": read_parquet,
}


def odd_file(name: str) -> Problem | None:
    """Say what is the matter with a file that is no table by its name alone; None where nothing is.

    >>> print(odd_file("customers (2).csv"))
    customers (2).csv: looks like a second copy of customers.csv: keep one, under that name
    >>> print(odd_file("~$book.xlsx"))
    ~$book.xlsx: warning: Excel has book.xlsx open: what is not saved yet is not read
    """
    path = PurePosixPath(name)
    if name.startswith("~$"):
        text = f"Excel has {name[2:]} open: what is not saved yet is not read"
        return Problem(name, "", "", "", text, "warning")
    if path.suffix.lower() in UNREADABLE:
        return Problem(name, "", "", "", f"cannot be read: {UNREADABLE[path.suffix.lower()]}")
    if path.suffix.lower() in (*FILES, ".xlsx", ".xlsm") and (copy := COPY.fullmatch(path.stem)):
        original = copy["name"] + path.suffix
        text = f"looks like a second copy of {original}: keep one, under that name"
        return Problem(name, "", "", "", text)
    return None
