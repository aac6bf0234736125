"""One raw table against its row model: a typed frame, and every cell that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.fields import Model, described
from vs_toolkit.inputs.sources.raw import Raw, Wanted
from vs_toolkit.inputs.sources.record import Reading, folded
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import Column, blank_column, read_column
from vs_toolkit.inputs.wording import did_you_mean, found


@dataclass(frozen=True)
class RowProblem:
    """A problem and the row (by position) that it makes unusable; without a row, the whole table."""

    table: str
    row: int | None
    problem: Problem


@dataclass(frozen=True)
class Checked:
    """A table with all its rows, also the wrong ones (their wrong cells are missing), and what is wrong."""

    raw: Raw
    frame: pd.DataFrame
    problems: tuple[RowProblem, ...]

    @property
    def reading(self) -> Reading:
        """What was decided when it was read."""
        return self.raw.reading


@cache
def _folded_tables() -> dict[str, str]:
    return {folded(name): name for name in TABLES}


def table_named(name: str) -> str:
    """Find the table that a file or sheet is named after, without regard to case, blanks and underscores.

    >>> table_named("Status Changes"), table_named("other")
    ('status_changes', 'other')
    """
    return _folded_tables().get(folded(name), name)


@cache
def wanted_of(table: str) -> Wanted:
    """Columns that a table may have; those of any table for what is not named after one."""
    if table not in TABLES:
        return Wanted.of(name for model in TABLES.values() for name in model.model_fields)
    fields = TABLES[table].model_fields
    return Wanted.of(fields, (name for name, field in fields.items() if field.is_required()))


def cell_problems(raw: Raw, column: str, wrong: Mapping[int, str]) -> Iterator[RowProblem]:
    """Word what is wrong with cells of one column: position of the row -> message."""
    if not wrong:
        return
    values = raw.frame[column].iloc[list(wrong)].tolist()
    for (row, message), value in zip(wrong.items(), values, strict=True):
        part, at = raw.part(row)
        place = part.places(at, list(part.frame.columns).index(column))
        yield RowProblem(raw.table, row, Problem(part.file, place, column, found(value), message))


def validate(raw: Raw, model: type[Model]) -> Checked:
    r"""Type every column of a table and list every cell and column that does not fit.

    >>> from vs_toolkit.inputs.sources.readers import read_csv
    >>> from vs_toolkit.inputs.tables import TABLES
    >>> raw = read_csv(b"customer_id,name,wacc\nC1,Acme,8\n", "customers", "customers.csv")
    >>> print(validate(raw, TABLES["customers"]).problems[0].problem)
    customers.csv, line 2, wacc: 8 would be 800 %; write 0.08 or 8% (found: 8)
    """
    raw = replace(raw, frame=raw.frame.set_axis([str(name).strip() for name in raw.frame.columns], axis=1))
    problems = list(_header_problems(raw, model))
    read = {
        name: read_column(raw.frame[name], model, name) for name in model.model_fields if name in raw.frame
    }
    for name, column in read.items():
        problems += cell_problems(raw, name, column.wrong | _other_currency(column, read, raw))
    typed = {
        name: read[name].values if name in read else blank_column(raw.frame.index, model, name)
        for name in model.model_fields
    }
    decided = tuple((name, text) for name, column in read.items() for text in column.notes)
    reading = replace(raw.reading, table=raw.table, rows=len(raw.frame), columns=decided)
    return Checked(replace(raw, reading=reading), pd.DataFrame(typed), tuple(problems))


def joined(upper: Checked, lower: Checked) -> Checked:
    """Put the rows of one table from two files below each other."""
    first, parts = len(upper.frame), (upper.raw, lower.raw)
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    raw = replace(upper.raw, frame=frame, parts=parts, adds=False)

    def places(row: int | None, column: int | None) -> str:
        part, at = raw.part(row)
        return f"{part.file}, {part.places(at, column)}"

    typed = pd.concat([upper.frame, lower.frame], ignore_index=True).astype(upper.frame.dtypes)
    below = (replace(p, row=None if p.row is None else p.row + first) for p in lower.problems)
    return Checked(replace(raw, places=places), typed, (*upper.problems, *below))


def _other_currency(column: Column, read: Mapping[str, Column], raw: Raw) -> dict[int, str]:
    """Amounts whose own sign says another currency than the row's column ``currency``."""
    if not column.signs or "currency" not in read:
        return {}
    currency = read["currency"].values
    return {
        row: f"stands in {sign} by its sign, the column currency says {currency.iloc[row]}"
        for row, sign in column.signs.items()
        if len(sign) == 3 and isinstance(currency.iloc[row], str) and currency.iloc[row] != sign
    }


def _header_problems(raw: Raw, model: type[Model]) -> Iterator[RowProblem]:
    absent = [name for name in model.model_fields if name not in raw.frame]
    for position, name in enumerate(raw.frame.columns):
        if name not in model.model_fields:
            text = f"unknown column; {did_you_mean(name, absent or list(model.model_fields))}"
            yield RowProblem(raw.table, None, Problem(raw.file, raw.places(None, position), name, "", text))
    for name in absent:
        if model.model_fields[name].is_required():
            text = f"the column is missing: {described(model)[name]}"
            yield RowProblem(raw.table, None, Problem(raw.file, raw.places(None, None), name, "", text))
