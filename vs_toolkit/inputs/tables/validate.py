"""One raw table against its row model: a typed frame, and every cell that does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.fields import Model, described
from vs_toolkit.inputs.sources.readers import Raw
from vs_toolkit.inputs.tables.columns import blank_column, read_column
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


def cell_problems(raw: Raw, column: str, wrong: Mapping[int, str]) -> Iterator[RowProblem]:
    """Word what is wrong with cells of one column: position of the row -> message."""
    if not wrong:
        return
    position = list(raw.frame.columns).index(column)
    values = raw.frame[column].iloc[list(wrong)].tolist()
    for (row, message), value in zip(wrong.items(), values, strict=True):
        problem = Problem(raw.file, raw.places(row, position), column, found(value), message)
        yield RowProblem(raw.table, row, problem)


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
    typed = {}
    for name in model.model_fields:
        if name in raw.frame:
            column = read_column(raw.frame[name], model, name)
            typed[name] = column.values
            problems += cell_problems(raw, name, column.wrong)
        else:
            typed[name] = blank_column(raw.frame.index, model, name)
    return Checked(raw, pd.DataFrame(typed), tuple(problems))


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
