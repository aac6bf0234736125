"""One column at a time: from what stands in a file to the type that the row model declares.

Each distinct value goes through the model's own validator once: the row models stay the only definition of
what is right, and a million rows take about a second per column.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import numpy as np
import pandas as pd
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from vs_toolkit.inputs.fields import FRACTION, Model, marks
from vs_toolkit.inputs.tables.native import native_column
from vs_toolkit.inputs.tables.settling import Settled, settle
from vs_toolkit.inputs.wording import message

DTYPES: dict[type, str] = {
    str: "str",
    float: "float64",
    int: "Int64",
    bool: "boolean",
    date: "datetime64[us]",
    datetime: "datetime64[us]",
}
CONFIG = ConfigDict(str_strip_whitespace=True, allow_inf_nan=False)
EXCEL_ERROR = "is an error of the workbook's formula: correct it there, or clear the cell"
EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


@dataclass(frozen=True)
class Column:
    """A typed column and the rows (by position) that could not be typed, with the reason.

    ``notes`` says what was decided on the column and how many rows that touches; ``signs`` the currency that
    stands beside the number of a row.
    """

    values: pd.Series[Any]
    wrong: dict[int, str]
    notes: tuple[str, ...] = ()
    signs: dict[int, str] = field(default_factory=dict)


def base_type(annotation: Any) -> type:
    """Plain type behind an annotation.

    >>> base_type(Annotated[float, "fraction"] | None), base_type(Literal["a", "b"])
    (<class 'float'>, <class 'str'>)
    """
    if get_origin(annotation) is Annotated:
        return base_type(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return base_type(next(arg for arg in get_args(annotation) if arg is not type(None)))
    return str if get_origin(annotation) is Literal else annotation


@cache
def dtypes(model: type[Model]) -> dict[str, str]:
    """Data types of the columns of a table; what may be missing has a type that can say so."""
    return {name: _dtype(field) for name, field in model.model_fields.items()}


def _dtype(field: FieldInfo) -> str:
    name = DTYPES[base_type(field.annotation)]
    return "int64" if name == "Int64" and field.is_required() else name


def empty_frame(model: type[Model]) -> pd.DataFrame:
    """Table without rows, with the columns and types of its row model.

    >>> class Row(Model):
    ...     name: str
    ...     n: int
    >>> empty_frame(Row).dtypes.astype(str).to_dict()
    {'name': 'str', 'n': 'int64'}
    """
    return _empty(model).copy()


@cache
def _empty(model: type[Model]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in dtypes(model).items()})


def blank_column(index: pd.Index[Any], model: type[Model], name: str) -> pd.Series[Any]:
    """Column that is not given: missing in every row."""
    return pd.Series(index=index, dtype=DTYPES[base_type(model.model_fields[name].annotation)])


def read_column(raw: pd.Series[Any], model: type[Model], name: str) -> Column:
    """Type one column; blank cells are missing, which is wrong only where the model requires a value."""
    declared = model.model_fields[name]
    if (ready := native_column(raw, declared)) is not None:
        return Column(ready, {})
    codes, distinct = pd.factorize(raw)
    settled = _settled(distinct.tolist(), declared)
    values, reasons = _read_distinct(settled, _validator(model, name))
    wrong = _positions(codes, reasons)
    if declared.is_required():
        blank = [value is None and index not in reasons for index, value in enumerate(values)]
        missing = np.array([*blank, True])[codes]  # the last one is for code -1: no value at all
        wrong |= dict.fromkeys(np.flatnonzero(missing).tolist(), "is missing")
    typed = pd.array(values, dtype=DTYPES[base_type(declared.annotation)])  # type: ignore[call-overload]
    return Column(
        pd.Series(typed.take(codes, allow_fill=True), index=raw.index),
        wrong,
        tuple(_notes(settled, codes)),
        _positions(codes, settled.signs),
    )


def _settled(values: list[Any], declared: FieldInfo) -> Settled:
    """Blank texts are missing, errors of a workbook wrong; then the column decides what its texts mean."""
    values = [None if isinstance(value, str) and not value.strip() else value for value in values]
    errors = {}
    if not EXCEL_ERRORS.isdisjoint(values):
        errors = {i: EXCEL_ERROR for i, v in enumerate(values) if v in EXCEL_ERRORS}
    choices = _choices(declared.annotation)
    if choices:
        values = [choices.get(v.strip().casefold(), v) if isinstance(v, str) else v for v in values]
    kind, given = base_type(declared.annotation), _without(values, errors)
    settled = settle(given, kind, FRACTION in marks(declared))
    settled.wrong |= errors
    return settled


def _choices(annotation: Any) -> dict[str, str]:
    """Words of a choice, found without regard to case."""
    if get_origin(annotation) is Literal:
        return {str(choice).casefold(): str(choice) for choice in get_args(annotation)}
    return next(filter(None, map(_choices, get_args(annotation))), {})


def _notes(settled: Settled, codes: np.ndarray[Any, np.dtype[np.intp]]) -> Iterator[str]:
    """Say of how many rows each decision is."""
    if not settled.notes:
        return
    counts = np.bincount(codes[codes >= 0], minlength=len(settled.values))
    for note in settled.notes:
        if rows := int(counts[list(note.positions)].sum()):
            yield f"{note.text} ({rows:,})"


def _positions(codes: np.ndarray[Any, np.dtype[np.intp]], reasons: Mapping[int, str]) -> dict[int, str]:
    if not reasons:
        return {}
    rows = np.flatnonzero(np.isin(codes, list(reasons)))
    return {int(row): reasons[int(codes[row])] for row in rows}


@cache
def _validator(model: type[Model], name: str) -> TypeAdapter[list[Any]]:
    """Validator of a list of values of one field, as the model declares it; None passes."""
    declared: Any = model.model_fields[name].annotation
    for mark in model.model_fields[name].metadata:
        declared = Annotated[declared, mark]
    return TypeAdapter(list[declared | None], config=CONFIG)


def _read_distinct(settled: Settled, validator: TypeAdapter[list[Any]]) -> tuple[list[Any], dict[int, str]]:
    """Validate distinct values; what is wrong becomes None, with its reason."""
    reasons = {i: reason for i, reason in settled.wrong.items() if reason}
    try:
        return validator.validate_python(_without(settled.values, reasons)), reasons
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            reasons.setdefault(int(detail["loc"][0]), message(detail))
    return validator.validate_python(_without(settled.values, reasons)), reasons


def _without(values: list[Any], wrong: dict[int, str]) -> list[Any]:
    return [None if index in wrong else value for index, value in enumerate(values)] if wrong else values
