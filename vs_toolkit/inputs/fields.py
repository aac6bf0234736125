"""The field types that row models and documents share, and what is declared about a field.

A field is internal unless its annotation says ``Shown[...]``: what nobody marked stays in the house.
``Key``, ``Known`` and ``Refers`` say which column names the row, from which day a row is known, and which
table an id points to; checks, as-of cut and data dictionary read these marks and nothing else.
"""

from __future__ import annotations

import ast
import inspect
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from operator import is_not
from typing import Annotated, Any, TypeVar, cast, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic.fields import FieldInfo

from vs_toolkit.inputs.numbers import read_number
from vs_toolkit.texts import isolated, not_text

SHOWN = "shown to the customer"
KEY = "names the row"
KNOWN = "the row is known from this day on"
KNOWN_AFTER_MONTH = "the row is known when its month is over"
KNOWN_LATER = "known only when the case is closed"
SHARED = "only rows in which this is true are shown to the customer"
FRACTION = "fraction"
T = TypeVar("T")
Shown = Annotated[T, SHOWN]
Key = Annotated[T, KEY]
Known = Annotated[T, KNOWN]
KnownAfterMonth = Annotated[T, KNOWN_AFTER_MONTH]
WhenClosed = Annotated[T, KNOWN_LATER]
SharedRow = Annotated[T, SHARED]


@dataclass(frozen=True)
class Refers:
    """Mark of an id that must stand in the key column of another table."""

    table: str


class Model(BaseModel):
    """Base of all inputs: frozen, and a field nobody knows is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
    )


def shown_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields of ``model`` that the customer edition may contain.

    >>> class Row(Model):
    ...     name: Shown[str]
    ...     margin: float
    >>> sorted(shown_fields(Row))
    ['name']
    """
    return frozenset(name for name, field in model.model_fields.items() if SHOWN in field.metadata)


def described(model: type[BaseModel]) -> dict[str, str]:
    """What the text below each field of ``model`` says of it.

    Read from the source when it is needed: pydantic's own way costs every kernel a quarter of a second.

    >>> from vs_toolkit.inputs.tables.company import Person
    >>> described(Person)["role"]
    'What the person does.'
    """
    body = cast(ast.ClassDef, ast.parse(inspect.getsource(model)).body[0]).body
    pairs = pairwise(body)
    return {
        field.target.id: str(text.value.value)
        for field, text in pairs
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


def marks(field: FieldInfo) -> tuple[Any, ...]:
    """Everything declared about a field, also what stands inside ``... | None``.

    >>> class Row(Model):
    ...     owner: Annotated[str, Refers("people")] | None = None
    >>> marks(Row.model_fields["owner"])
    (Refers(table='people'),)
    """
    return (*field.metadata, *_inner_marks(field.annotation))


def _inner_marks(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _inner_marks(inner)


def marked(model: type[BaseModel], mark: Any) -> tuple[str, ...]:
    """Names of the fields of ``model`` that bear ``mark``, in their order."""
    return tuple(name for name, field in model.model_fields.items() if mark in marks(field))


def rebuilt(value: T, rule: Callable[[Model], Model]) -> T:
    """Apply ``rule`` to each part of a document, the innermost first; what stays as it is is not copied."""
    if isinstance(value, tuple):
        items = tuple(rebuilt(item, rule) for item in value)
        return items if any(map(is_not, items, value)) else value  # type: ignore[return-value]
    if isinstance(value, dict):
        named = {name: rebuilt(part, rule) for name, part in value.items()}
        return named if any(named[name] is not value[name] for name in value) else value  # type: ignore[return-value]
    if not isinstance(value, Model):
        return value
    parts = {name: rebuilt(part, rule) for name, part in value.__dict__.items()}
    changed = {name: part for name, part in parts.items() if part is not value.__dict__[name]}
    return rule(value.model_copy(update=changed) if changed else value)  # type: ignore[return-value]


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("write a number, not true or false")
    return value


def _number(value: Any) -> Any:
    """Read a number in any locale; an ambiguous one is refused with both readings, other text passes."""
    if isinstance(value, str) and "%" not in value and (number := read_number(value)) is not None:
        return number
    return _no_bool(value)


def _percent(value: Any) -> Any:
    """Read ``"8%"`` or ``"8 %"`` as 0.08, and numbers in any locale; other text passes unchanged."""
    if isinstance(value, str) and (number := read_number(value)) is not None:
        return number
    return _no_bool(value)


def _fraction(value: float) -> float:
    if abs(value) > 1:
        raise ValueError(f"{value:g} would be {value * 100:g} %; write {value / 100:g} or {value:g}%")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("write a finite number")
    return value


def _no_serial(value: Any) -> Any:
    """Refuse a bare number where a day belongs: it would be read as seconds since 1970."""
    if isinstance(value, int | float) or (
        isinstance(value, str) and re.fullmatch(r"\s*[-+]?[\d.]+\s*", value)
    ):
        raise ValueError("write a date as 2026-06-30")
    return value


def _day(value: Any) -> Any:
    """A day written with a time (Excel does that) is a day."""
    if isinstance(value, datetime) and value.tzinfo is not None and value.timetz() != time(tzinfo=UTC):
        raise ValueError(
            "write a date as 2026-06-30, without a time: a time with a zone is another day elsewhere"
        )
    return value.date() if isinstance(value, datetime) else _no_serial(value)


def _month_text(value: Any) -> Any:
    """Read ``"2026-06"`` as the first day of that month; anything else passes unchanged."""
    return (
        f"{value.strip()}-01"
        if isinstance(value, str) and re.fullmatch(r"\s*\d{4}-\d{2}\s*", value)
        else value
    )


def _utc(value: datetime) -> datetime:
    return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)


def _text(value: str) -> str:
    """Any text, also of several lines; it cannot turn round what stands beside it."""
    if wrong := not_text(value):
        raise ValueError(wrong)
    return isolated(value)


def _id(value: str) -> str:
    """An id stands on one line, and is never changed."""
    if wrong := not_text(value):
        raise ValueError(wrong)
    if len(value.splitlines()) > 1 or "\t" in value:
        raise ValueError("contains a line break or a tab: write it on one line")
    return value


Id = Annotated[
    str,
    BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
    StringConstraints(min_length=1, max_length=300),
    AfterValidator(_id),
]
Text = Annotated[str, StringConstraints(min_length=1), AfterValidator(_text)]
Number = Annotated[float, BeforeValidator(_number), AfterValidator(_finite)]
Rate = Annotated[float, FRACTION, BeforeValidator(_percent), AfterValidator(_fraction)]
Share = Annotated[Rate, AfterValidator(lambda v: _at_least_zero(v))]
Count = Annotated[int, Field(ge=0)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Day = Annotated[date, BeforeValidator(_day)]
Month = Annotated[Day, BeforeValidator(_month_text), AfterValidator(lambda day: day.replace(day=1))]
Moment = Annotated[datetime, BeforeValidator(_no_serial), AfterValidator(_utc)]
CustomerId = Annotated[Id, Refers("customers")]
PersonId = Annotated[Id, Refers("people")]
OpportunityId = Annotated[Id, Refers("opportunities")]
ContactId = Annotated[Id, Refers("contacts")]
StatusName = Annotated[Text, Refers("statuses")]


def _at_least_zero(value: float) -> float:
    if value < 0:
        raise ValueError(f"{value:g} is negative; write a fraction between 0 and 1")
    return value


class Estimate(Model):
    """An assumption with its range; a plain number means that all three points are the same.

    ``low <= expected <= high`` as numbers; which end is the worse one depends on where it is used.

    >>> Estimate.model_validate(5).high
    5.0
    >>> Estimate.model_validate({"low": 1, "expected": 2, "high": 4}).is_range
    True
    """

    low: Annotated[Shown[float], BeforeValidator(_percent)]
    expected: Annotated[Shown[float], BeforeValidator(_percent)]
    high: Annotated[Shown[float], BeforeValidator(_percent)]

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, value: Any) -> Any:
        if isinstance(value, Estimate | dict):
            return value
        return {"low": value, "expected": value, "high": value}

    @model_validator(mode="after")
    def _ordered(self) -> Estimate:
        if not self.low <= self.expected <= self.high:
            raise ValueError(
                f"low <= expected <= high must hold, found {self.low:g}, {self.expected:g}, {self.high:g}"
            )
        return self

    @classmethod
    def of(cls, value: float) -> Estimate:
        """Make the estimate that is sure of its value."""
        return cls(low=value, expected=value, high=value)

    @property
    def is_range(self) -> bool:
        """Whether there is anything uncertain about it."""
        return self.low < self.high
