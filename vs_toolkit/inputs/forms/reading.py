"""A filled form to the document that it means; every field remembers its cell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.document import Document, Path, dotted
from vs_toolkit.inputs.forms.case_form import ENDS, parts_of_case
from vs_toolkit.inputs.forms.leaves import Block, Leaf
from vs_toolkit.inputs.sources.sheet_facts import cell_name
from vs_toolkit.inputs.sources.sheets import UNCALCULATED, Sheet, form_of, open_sheets
from vs_toolkit.inputs.wording import did_you_mean

Cell = tuple[str, int, int]  # sheet, row, column from 1
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")


@dataclass(frozen=True)
class FormDocument(Document):
    """A document read from a form: problems name sheet and cell."""

    cells: dict[Path, Cell] = field(default_factory=dict)

    def problem(self, path: Path, message: str, found: str = "", field: str = "") -> Problem:
        """Word a problem of the field at ``path``, at its cell or that of what it stands in."""
        here, _ = self.locate(path)
        cell = next((self.cells[part] for part in _shorter(path) if part in self.cells), None)
        where = f"sheet {cell[0]}, cell {cell_name(cell[1], cell[2])}" if cell else ""
        return Problem(self.file, where, field or dotted(here), found, message)


def _shorter(path: Path) -> Iterator[Path]:
    for length in range(len(path), 0, -1):
        yield path[:length]


def read_case_form(content: bytes, file: str) -> FormDocument:
    """Read the form of a business case.

    Raises
    ------
    InputError
        When it is no such form, or holds what no form can hold, with sheet and cell.
    """
    sheets = {form_of(sheet): sheet for sheet in open_sheets(content, file) if form_of(sheet)}
    if "case" not in sheets:
        message = "is no form of a business case: make one with vs-toolkit form case"
        raise InputError([Problem(file, "", "", "", message)])
    reader = _Reader(file)
    single, blocks = parts_of_case()
    reader.single(sheets["case"], {leaf.key: leaf for leaf in single})
    for block in blocks:
        if block.key in sheets:
            reader.block(sheets[block.key], block)
    if "more" in sheets:
        reader.more(sheets["more"])
    if reader.problems:
        raise InputError(reader.problems)
    reader.renumber()
    lines = {part: cell[1] for path, cell in reversed(reader.cells.items()) for part in _shorter(path)}
    return FormDocument(file, reader.data, {(): 1, **lines}, reader.cells)


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.data: dict[str, Any] = {}
        self.cells: dict[Path, Cell] = {}
        self.problems: list[Problem] = []

    def single(self, sheet: Sheet, leaves: dict[str, Leaf]) -> None:
        for row, cells in sheet.rows[1:]:
            key = cells[0] if cells else None
            if key is None:
                self._keyless(sheet, row, cells)
            elif key not in leaves:
                self._wrong(sheet, row, 2, f"no field is called {key!r}; {did_you_mean(str(key), leaves)}")
            else:
                low, value, high = (
                    self._value(sheet, row, cells, column, leaves[key]) for column in (3, 4, 5)
                )
                self._put(leaves[key].path, leaves[key], (low, value, high), (sheet.title, row, 4))

    def _keyless(self, sheet: Sheet, row: int, cells: list[Any]) -> None:
        """A row that somebody inserted: nothing can be known of what stands in it."""
        if any(cell is not None for cell in cells[2:5]):
            self._wrong(
                sheet,
                row,
                4,
                "stands in a row that was added: its hidden key is missing; use the row of the field",
            )

    def block(self, sheet: Sheet, block: Block) -> None:
        keys = [str(cell) if cell is not None else "" for cell in sheet.rows[0][1]]
        known = {leaf.key: leaf for leaf in block.leaves}
        number = 0
        for row, cells in sheet.rows[1:]:
            if (cells and cells[0] in ("title", "note")) or not any(cell is not None for cell in cells[1:]):
                continue
            name = self._item_name(sheet, row, cells, keys) if block.named else number
            if name is not None:
                self._item(sheet, row, cells, keys, known, (*block.path, name))
                number += 1

    def _item_name(self, sheet: Sheet, row: int, cells: list[Any], keys: list[str]) -> str | None:
        column = keys.index("_name") if "_name" in keys else 1
        name = cells[column] if column < len(cells) else None
        if name is None:
            self._wrong(sheet, row, column + 1, "the name is missing")
            return None
        return str(name)

    def _item(
        self, sheet: Sheet, row: int, cells: list[Any], keys: list[str], known: dict[str, Leaf], place: Path
    ) -> None:
        columns = {key: column for column, key in enumerate(keys, 1) if key and column > 1}
        self.cells[place] = (sheet.title, row, 2)
        _set(self.data, place, {}, only_new=True)
        for key, leaf in known.items():
            names = [f"{key}.{end}".strip(".") for end in ENDS] if leaf.kind == "estimate" else ["", key, ""]
            values = tuple(
                self._value(sheet, row, cells, columns[name], leaf) if name in columns else None
                for name in names
            )
            cell = (sheet.title, row, columns.get(names[1], 2))
            self._put((*place, *leaf.path), leaf, values, cell)

    def _value(self, sheet: Sheet, row: int, cells: list[Any], column: int, leaf: Leaf) -> Any:
        if (row, column) in sheet.uncalculated:
            self._wrong(sheet, row, column, UNCALCULATED)
            return None
        value = cells[column - 1] if column <= len(cells) else None
        if isinstance(value, str) and value in ERRORS:
            self._wrong(
                sheet, row, column, "is an error of the workbook's formula: correct it, or clear the cell"
            )
            return None
        return _fitting(value, leaf)

    def _put(self, path: Path, leaf: Leaf, values: tuple[Any, ...], cell: Cell) -> None:
        low, value, high = values
        if low is None and value is None and high is None:
            return
        if leaf.kind == "estimate" and (low is not None or high is not None):
            given = {end: part for end, part in zip(ENDS, values, strict=True) if part is not None}
            _set(self.data, path, given)
            for offset, end in enumerate(ENDS, -1):
                self.cells[(*path, end)] = (cell[0], cell[1], cell[2] + offset)
        elif leaf.kind == "list":
            _set(self.data, path, [part.strip() for part in str(value).split(";") if part.strip()])
        elif leaf.kind == "estimate" and not leaf.path:
            _set(self.data, path, {"expected": value})
        else:
            _set(self.data, path, value)
        self.cells[path] = cell

    def more(self, sheet: Sheet) -> None:
        """Fields by their path; a number in it counts items from 1."""
        for row, cells in sheet.rows[1:]:
            path, text = ([*cells, None, None, None][i] for i in (1, 2))
            if path is None and text is None:
                continue
            try:
                value = json.loads(str(text))
            except ValueError:
                self._wrong(
                    sheet, row, 3, 'is no JSON: write text in quotation marks, such as "customer_figure"'
                )
                continue
            self._more(tuple(_part(part) for part in str(path).split(".")), value, (sheet.title, row, 3))

    def _more(self, path: Path, value: Any, cell: Cell) -> None:
        parent = _get(self.data, path[:-1])
        if (
            path
            and path[-1] in ("evidence", "formula")
            and not isinstance(parent, dict)
            and parent is not None
        ):
            _set(self.data, path[:-1], dict.fromkeys(ENDS, parent))  # a plain number gets its source
        try:
            _set(self.data, path, value)
        except (TypeError, IndexError):
            message = f"there is no {dotted(path[:-1])}: the field names an item that the form does not hold"
            self.problems.append(
                Problem(self.file, f"sheet {cell[0]}, cell {cell_name(cell[1], 2)}", "", "", message)
            )
            return
        self.cells[path] = cell

    def renumber(self) -> None:
        """Lists were filled by position: make them lists."""
        self.data = _lists(self.data)

    def _wrong(self, sheet: Sheet, row: int, column: int, message: str) -> None:
        self.problems.append(
            Problem(self.file, f"sheet {sheet.title}, cell {cell_name(row, column)}", "", "", message)
        )


def _part(text: str) -> str | int:
    return int(text) - 1 if text.isdigit() else text


def _fitting(value: Any, leaf: Leaf) -> Any:
    """What Excel made of a value, as the field takes it."""
    if isinstance(value, datetime) and leaf.kind == "date":
        return value.date()
    if leaf.text and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:.15g}"
    if leaf.text and isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and leaf.kind in ("whole number", "list") and value.is_integer():
        return int(value)
    return value


def _get(data: Any, path: Path) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _set(data: dict[Any, Any], path: Path, value: Any, only_new: bool = False) -> None:
    """Set a value deep in a document; lists are kept by position until the end."""
    for part in path[:-1]:
        if isinstance(part, int) and part not in data:
            raise IndexError(part)
        inner = data.setdefault(part, {})
        if not isinstance(inner, dict):
            raise TypeError(part)
        data = inner
    if only_new:
        data.setdefault(path[-1], value)
    elif isinstance(value, dict) and isinstance(data.get(path[-1]), dict):
        data[path[-1]] = data[path[-1]] | value
    else:
        data[path[-1]] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(isinstance(key, int) for key in value):
        return [_lists(value[key]) for key in sorted(value)]
    return {key: _lists(part) for key, part in value.items()}
