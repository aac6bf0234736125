"""The reading record: what was decided when a file was read, what was left out of it, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LISTED = 8  # decisions on a file that a report lists; the command lists all
PLAIN = "UTF-8, commas"  # how the toolkit writes its own files: not worth a word


@dataclass(frozen=True)
class Reading:
    """What became of one file or sheet.

    ``format`` says encoding and separator; ``header`` where the names of the columns stand, where that is not
    the first row; ``rows`` how many rows were read; ``left_out`` which were not, with the reason; ``columns``
    what was decided on a column; ``notes`` anything else.
    """

    file: str
    table: str
    rows: int = 0
    format: str = PLAIN
    header: str = ""
    left_out: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def decisions(self) -> tuple[str, ...]:
        """Everything that had to be decided, one text each; nothing for a file in the toolkit's own form."""
        plain = () if self.format in (PLAIN, "") else (self.format,)
        header = (f"column names in {self.header}",) if self.header else ()
        columns = (f"{name}: {text}" for name, text in self.columns)
        return (*plain, *header, *columns, *(f"left out {text}" for text in self.left_out), *self.notes)


def describe_readings(readings: Iterable[Reading]) -> str:
    """Write the records for a reader: a line per file on which something was decided, and below it what.

    >>> print(describe_readings([Reading("a.csv", "customers", 3, "Windows-1252, semicolons")]))
    a.csv -> customers: 3 rows
      Windows-1252, semicolons
    """
    lines = []
    for reading in readings:
        if not reading.decisions:
            continue
        lines.append(
            f"{reading.file} -> {reading.table}: {reading.rows:,} row{'' if reading.rows == 1 else 's'}"
        )
        lines += [f"  {text}" for text in reading.decisions]
    return "\n".join(lines)


def summary(readings: Iterable[Reading]) -> str:
    """Say in one sentence what had to be decided on the whole source; nothing where nothing had to.

    >>> summary([Reading("a.csv", "customers", 3, left_out=("line 5: a row of totals",))])
    '1 row left out (1 file); vs-toolkit check lists it'
    """
    touched = [reading for reading in readings if reading.decisions]
    if not touched:
        return ""
    out = sum(len(reading.left_out) for reading in touched)
    columns = sum(len(reading.columns) for reading in touched)
    parts = [
        *([f"{out} row{'s' * (out != 1)} left out"] if out else []),
        *([f"{columns} column{'s' * (columns != 1)} converted"] if columns else []),
    ] or ["format recognised"]
    files = len({reading.file for reading in touched})
    return f"{', '.join(parts)} ({files} file{'s' * (files != 1)}); vs-toolkit check lists it"


def by_file(readings: Iterable[Reading]) -> tuple[tuple[str, str, int, str], ...]:
    """File, table, rows and decisions of every file on which something was decided.

    >>> by_file([Reading("a.csv", "customers", 3, "Windows-1252, semicolons")])
    (('a.csv', 'customers', 3, 'Windows-1252, semicolons'),)
    """
    return tuple(
        (reading.file, reading.table, reading.rows, "; ".join([*texts[:LISTED], *more]))
        for reading in readings
        if (texts := reading.decisions)
        for more in [[f"and {len(texts) - LISTED:,} more"] * (len(texts) > LISTED)]
    )


def folded(name: object) -> str:
    """Bring a name into the form in which names are compared: without case, blanks, hyphens and underscores.

    >>> folded("Customer ID"), folded("customer_id")
    ('customerid', 'customerid')
    """
    return re.sub(r"[\s_\-\u00a0\ufeff]+", "", str(name)).casefold()
