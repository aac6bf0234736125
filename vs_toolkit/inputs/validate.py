"""One raw table against its row model: a typed frame, and every cell that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.columns import empty_frame, read_column
from vs_toolkit.inputs.fields import Model, described
from vs_toolkit.inputs.readers import Places, Raw
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

    table: str
    file: str
    frame: pd.DataFrame
    raw: pd.DataFrame
    places: Places
    problems: tuple[RowProblem, ...]

    def cells(self, column: str, wrong: Mapping[int, str]) -> Iterator[RowProblem]:
        """Word what is wrong with cells of one column: position of the row -> message."""
        position = list(self.raw.columns).index(column)
        values = self.raw[column].iloc[list(wrong)].tolist()
        for (row, message), value in zip(wrong.items(), values, strict=True):
            problem = Problem(self.file, self.places(row, position), column, found(value), message)
            yield RowProblem(self.table, row, problem)


def validate(raw: Raw, model: type[Model]) -> Checked:
    r"""Type every column of a table and list every cell and column that does not fit.

    >>> from vs_toolkit.inputs.readers import read_csv
    >>> from vs_toolkit.inputs.tables import TABLES
    >>> raw = read_csv(b"customer_id,name,wacc\nC1,Acme,8\n", "customers", "customers.csv")
    >>> print(validate(raw, TABLES["customers"]).problems[0].problem)
    customers.csv, line 2, wacc: 8 would be 800 %; write 0.08 or 8% (found: 8)
    """
    frame = raw.frame.set_axis([str(name).strip() for name in raw.frame.columns], axis=1)
    typed = empty_frame(model).reindex(frame.index)
    checked = Checked(
        raw.table, raw.file, typed, frame, raw.places, tuple(_header_problems(raw, frame, model))
    )
    problems = list(checked.problems)
    for name, field in model.model_fields.items():
        if name in frame:
            column = read_column(frame[name], field)
            typed[name] = column.values
            problems += checked.cells(name, column.wrong)
    return Checked(raw.table, raw.file, typed, frame, raw.places, tuple(problems))


def _header_problems(raw: Raw, frame: pd.DataFrame, model: type[Model]) -> Iterator[RowProblem]:
    absent = [name for name in model.model_fields if name not in frame]
    for position, name in enumerate(frame.columns):
        if name not in model.model_fields:
            text = f"unknown column; {did_you_mean(name, absent or list(model.model_fields))}"
            yield RowProblem(raw.table, None, Problem(raw.file, raw.places(None, position), name, "", text))
    for name in absent:
        if model.model_fields[name].is_required():
            text = f"the column is missing: {described(model)[name]}"
            yield RowProblem(raw.table, None, Problem(raw.file, raw.places(None, None), name, "", text))
