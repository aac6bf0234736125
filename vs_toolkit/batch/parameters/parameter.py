"""A notebook's parameters: what they are, and values checked and converted before a kernel starts.

The parameters cell holds one assignment a line, with what may stand there in the comment::

    from datetime import date
    from decimal import Decimal
    from typing import Literal

    customer_wacc: float = 0.09  # fraction per year; what the customer's capital costs
    draws: int = 20_000  # 100..1_000_000; how many worlds are drawn
    as_of: date = date(2026, 6, 30)  # day; from which everything is seen
    list_price: Decimal = Decimal("12.50")  # 0.. EUR; before discounts
    audience: Literal["board", "plant"] = "board"  # who reads it
    edition: str = "internal"  # internal | customer
    regions: list[str] = []  # names; empty for all
    shares: dict[str, float] = {}  # fraction; part of each region
    unit: str | None = None  # sales unit

What stands before the semicolon is the unit: a range ``low..high``, ``low..`` or ``..high``,
``fraction ...``, the choices separated by bars, ``date`` for a text that is a day, or any other word. What
stands after it is the meaning. A line without an annotation takes the type of its default. How the cell is
read is in :mod:`~vs_toolkit.batch.parameters.cell`, how values come into the notebook in
:mod:`~vs_toolkit.batch.parameters.injection`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vs_toolkit.batch.parameters import bounds, reading
from vs_toolkit.batch.parameters.kinds import Kind, fits
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.wording import did_you_mean, found


@dataclass(frozen=True)
class Computed:
    """A default that is not written out but worked out by the cell, such as ``date.today()``."""

    source: str

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell."""

    name: str
    kind: Kind
    default: Any
    unit: str = ""
    meaning: str = ""

    @property
    def type(self) -> str:
        """Its type in words."""
        return str(self.kind)

    @property
    def limits(self) -> tuple[Any, Any] | None:
        """Lowest and highest value, if the unit is a range; None for an open end."""
        return bounds.limits(self.unit, self.kind.leaves[0])


def convert(parameter: Parameter, value: object) -> Any:
    """Turn a value, or its text from the command line, into what the notebook expects.

    Raises
    ------
    ParameterError
        If it is of the wrong type, outside the limits or not among the choices.

    >>> convert(Parameter("wacc", Kind("float"), 0.1, "fraction per year"), "8%")
    0.08
    >>> convert(Parameter("regions", Kind("list", parts=(Kind("str"),)), []), "north, south")
    ['north', 'south']
    """
    try:
        return _converted(parameter.kind, value, parameter.unit)
    except ValueError as error:
        raise ParameterError(f"{parameter.name}: {error}") from error


def check_default(parameter: Parameter) -> None:
    """Check the cell's own default against its type, range and choices.

    Raises
    ------
    ValueError
        If it does not hold them, or they cannot be held.

    >>> check_default(Parameter("draws", Kind("int"), 5, "100..1_000"))
    Traceback (most recent call last):
    ...
    ValueError: the default cannot be used: must lie in 100..1_000 (found: 5)
    """
    kind, default, unit = parameter.kind, parameter.default, parameter.unit
    bounds.check_unit(unit, kind)
    if isinstance(default, Computed):
        return
    if not fits(kind, default):
        advice = f"; write {kind} | None" if default is None else ""
        raise ValueError(f"the default {default!r} is not of type {kind}{advice}")
    try:
        _converted(kind, default, unit)
    except ValueError as error:
        raise ValueError(f"the default cannot be used: {error}") from None


class _ToldError(ValueError):
    """A problem that names the very value it is about, also where that lies within a list."""


def _converted(kind: Kind, value: object, unit: str) -> Any:
    if kind.optional and (value is None or str(value).strip().lower() in ("", "none")):
        return None
    try:
        return READERS[kind.name](kind, value, unit) if kind.name in READERS else _single(kind, value, unit)
    except _ToldError:
        raise
    except ValueError as error:
        shown = found(value) or repr(value)
        raise _ToldError(f"{error} (found: {shown})") from error


def _single(kind: Kind, value: object, unit: str) -> Any:
    return bounds.checked(unit, kind, reading.scalar(kind, value))


def _list(kind: Kind, value: object, unit: str) -> list[Any]:
    given = reading.items(kind, value)
    kinds = kind.of_items(len(given))
    return [_converted(part, item, unit) for part, item in zip(kinds, given, strict=True)]


def _tuple(kind: Kind, value: object, unit: str) -> tuple[Any, ...]:
    return tuple(_list(kind, value, unit))


def _dict(kind: Kind, value: object, unit: str) -> dict[Any, Any]:
    key, item = kind.parts
    given = reading.pairs(kind, value)
    converted = {_converted(key, k, ""): _converted(item, v, unit) for k, v in given}
    if len(converted) < len(given):
        raise ValueError("a key is there twice")
    return converted


READERS: dict[str, Callable[[Kind, Any, str], Any]] = {"list": _list, "tuple": _tuple, "dict": _dict}


def check(declared: Sequence[Parameter], given: Mapping[str, object]) -> dict[str, Any]:
    """Check and convert the given parameters against the declared ones; all problems at once.

    Raises
    ------
    ParameterError
        If a name is unknown or a value cannot be used.

    >>> check([Parameter("draws", Kind("int"), 100)], {"drows": 5})
    Traceback (most recent call last):
    ...
    vs_toolkit.errors.ParameterError: there is no parameter 'drows'; did you mean 'draws'?
    """
    by_name = {parameter.name: parameter for parameter in declared}
    values, problems = {}, []
    for name, value in given.items():
        try:
            values[name] = convert(_named(by_name, name), value)
        except ParameterError as error:
            problems.append(str(error))
    if problems:
        raise ParameterError("\n".join(problems))
    return values


def _named(by_name: Mapping[str, Parameter], name: str) -> Parameter:
    if name in by_name:
        return by_name[name]
    if not by_name:
        raise ParameterError(f"there is no parameter {name!r}: there are none at all")
    raise ParameterError(f"there is no parameter {name!r}; {did_you_mean(name, by_name)}")
