"""What a reader of values does not see in a sheet: merged cells, hidden rows, formulas that were never
calculated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

CELL = re.compile(r"([A-Z]{1,3})(\d+)")


@dataclass
class SheetFacts:
    """Facts of one sheet; rows and columns count from 1 as in Excel.

    ``last_row`` is the last one with a value (a sheet formatted to its end has a million rows);
    ``uncalculated``
    are cells whose formula has no stored result, ``zeros`` formulas whose stored result is 0.
    """

    last_row: int = 0
    merged: list[tuple[int, int, int, int]] = field(
        default_factory=list
    )  # row, column, last row, last column
    hidden_rows: set[int] = field(default_factory=set)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    zeros: set[tuple[int, int]] = field(default_factory=set)


def sheet_facts(xml: bytes) -> SheetFacts:
    """Scan the XML of a sheet once.

    >>> sheet_facts(b'<sheetData><row r="2"><c r="B2"><f>A1</f></c></row></sheetData>').uncalculated
    {(2, 2)}
    """
    scan = _Scan()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    parser.EntityDeclHandler = _refuse_entities
    parser.Parse(xml, True)
    return scan.facts


def _refuse_entities(*_: Any) -> None:
    raise ValueError("a workbook does not declare entities")


class _Scan:
    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.row = self.column = 0
        self.has_formula = self.has_value = self.in_value = self.is_text = False
        self.value = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.facts.hidden_rows.add(self.row)
        elif tag == "c":
            self._cell(attributes.get("r", ""), attributes.get("t", ""))
        elif tag == "f":
            self.has_formula = True
        elif tag in ("v", "is"):
            self.has_value = self.in_value = True
        elif tag == "mergeCell" and (merged := _range(attributes.get("ref", ""))):
            self.facts.merged.append(merged)

    def _cell(self, reference: str, kind: str) -> None:
        self.is_text = kind == "str"
        cell = CELL.fullmatch(reference)
        self.column = _number(cell[1]) if cell else self.column + 1
        self.has_formula = self.has_value = False
        self.value = ""

    def end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag in ("v", "is"):
            self.in_value = False
        elif tag == "c":
            if self.has_value or self.has_formula:
                self.facts.last_row = max(self.facts.last_row, self.row)
            if self.has_formula and not (self.value or (self.has_value and self.is_text)):
                self.facts.uncalculated.add((self.row, self.column))
            if self.has_formula and self.value == "0":
                self.facts.zeros.add((self.row, self.column))

    def text(self, text: str) -> None:
        if self.in_value and self.has_formula and len(self.value) < 2:
            self.value += text


def _range(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    start, end = CELL.fullmatch(first), CELL.fullmatch(last or first)
    if not start or not end:
        return None
    return int(start[2]), _number(start[1]), int(end[2]), _number(end[1])


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def cell_name(row: int, column: int) -> str:
    """Name a cell as Excel does, row and column from 1.

    >>> cell_name(4, 3), cell_name(2, 28)
    ('C4', 'AB2')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
