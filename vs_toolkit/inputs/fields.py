"""The field types that row models and documents share, and who may see a field.

A field is internal unless its annotation says ``Shown[...]``: what nobody marked stays in the house.
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

SHOWN = "shown to the customer"
T = TypeVar("T")
Shown = Annotated[T, SHOWN]


class Model(BaseModel):
    """Base of all inputs: frozen, and a field nobody knows is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False)


def shown_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields of ``model`` that the customer edition may contain.

    >>> class Row(Model):
    ...     name: Shown[str]
    ...     margin: float
    >>> sorted(shown_fields(Row))
    ['name']
    """
    return frozenset(name for name, field in model.model_fields.items() if SHOWN in field.metadata)


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("write a number, not true or false")
    return value


def _percent(value: Any) -> Any:
    """Read ``"8%"`` or ``"8 %"`` as 0.08; anything else passes unchanged."""
    if isinstance(value, str) and (match := re.fullmatch(r"\s*([-+]?\d+(?:\.\d+)?)\s*%\s*", value)):
        return float(match[1]) / 100
    return _no_bool(value)


def _fraction(value: float) -> float:
    if abs(value) > 1:
        raise ValueError(f"{value:g} would be {value * 100:g} %; write {value / 100:g} or {value:g}%")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("write a finite number")
    return value


def _not_datetime(value: Any) -> Any:
    """A day written with a time of midnight (Excel does that) is a day."""
    return value.date() if hasattr(value, "date") and not isinstance(value, str) else value


Id = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, int) and not isinstance(v, bool) else v),
               StringConstraints(min_length=1, max_length=300)]
Text = Annotated[str, StringConstraints(min_length=1)]
Number = Annotated[float, BeforeValidator(_no_bool), AfterValidator(_finite)]
Rate = Annotated[float, BeforeValidator(_percent), AfterValidator(_fraction)]
Share = Annotated[Rate, AfterValidator(lambda v: _at_least_zero(v))]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Day = Annotated[date, BeforeValidator(_not_datetime)]


def _at_least_zero(value: float) -> float:
    if value < 0:
        raise ValueError(f"{value:g} is negative; write a fraction between 0 and 1")
    return value


class Estimate(Model):
    """An assumption with its range; a plain number means that all three points are the same.

    ``low <= expected <= high`` as numbers; which end is the adverse one depends on where it is used.

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

    @property
    def is_range(self) -> bool:
        """Whether there is anything uncertain about it."""
        return self.low < self.high
