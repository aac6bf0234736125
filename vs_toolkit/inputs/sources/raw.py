"""A table as it stands in its file: values not yet typed, where each stands, and what was decided on the
way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pandas as pd

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.sources.record import Reading, folded

HEADER_WITHIN = 30  # rows among which the names of the columns are looked for


class Places(Protocol):
    """Tells where in a file a cell stands."""

    def __call__(self, row: int | None, column: int | None) -> str:
        """Name the place of a cell: ``row`` None is the header, ``column`` None the whole row."""


@dataclass(frozen=True)
class Raw:
    """One table as it stands in its file: values not yet typed.

    ``adds``: it holds the answers of one respondent, which stand beside those in other files; ``parts`` are
    the tables of these files, whose rows then stand below each other.
    """

    table: str
    file: str
    frame: pd.DataFrame
    places: Places
    reading: Reading = field(default_factory=lambda: Reading("", ""))
    warnings: tuple[Problem, ...] = ()
    adds: bool = False
    parts: tuple[Raw, ...] = ()

    def part(self, row: int | None) -> tuple[Raw, int | None]:
        """Find the table of the file in which a row stands, and its position there."""
        for one in self.parts:
            if row is None or row < len(one.frame):
                return one.part(row)
            row -= len(one.frame)
        return self, row


@dataclass(frozen=True)
class Wanted:
    """Columns that are looked for: how they are called (by folded name), and which a row cannot be
    without.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], required: Iterable[str] = ()) -> Wanted:
        """Make it from the names of the columns."""
        known: dict[str, str] = {}
        for name in names:
            known.setdefault(folded(name), name)
        return cls(known, frozenset(required))

    def matches(self, cells: Iterable[Any]) -> int:
        """How many different columns a row of cells names."""
        return len({folded(cell) for cell in cells if cell is not None} & set(self.names))


def header_row(rows: list[tuple[int, list[Any]]], wanted: Wanted) -> int:
    """Position, among the first rows of a file, of the one that names the columns.

    It is the row that names most of the wanted columns, at least two of them or half of its own cells; where
    none does, the first one that is not blank.
    """
    best, most = 0, 0
    for position, (_, cells) in enumerate(rows[:HEADER_WITHIN]):
        filled = [cell for cell in cells if cell is not None and str(cell).strip()]
        found = wanted.matches(filled)
        if found > most and (found >= 2 or 2 * found >= len(filled)):
            best, most = position, found
    return best


def column_names(header: list[Any], wanted: Wanted, place: Callable[[int], str], file: str) -> list[str]:
    """Names of the columns as the toolkit calls them; those it does not know as they stand.

    Raises
    ------
    InputError
        When two columns mean the same one, naming both.
    """
    names: list[str] = []
    problems = []
    for position, cell in enumerate(header):
        text = "" if cell is None else str(cell).strip()
        name = wanted.names.get(folded(text), text)
        if name and name in names:
            first = str(header[names.index(name)]).strip()
            same = (
                "this column stands twice"
                if first == text
                else f"means the same column as {first!r}: keep one"
            )
            problems.append(Problem(file, place(position), text, "", same))
        names.append(name)
    if problems:
        raise InputError(problems)
    return names
