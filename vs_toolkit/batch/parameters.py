"""A notebook's parameters: read from its parameters cell, checked and converted before a kernel starts.

The cell holds one annotated literal a line, with what may stand there in the comment::

    customer_wacc: float = 0.09  # fraction per year; what the customer's capital costs
    draws: int = 20_000  # 100..1_000_000; how many worlds are drawn
    as_of: str = "2026-06-30"  # date; the day from which everything is seen
    edition: str = "internal"  # internal | customer
    regions: list[str] = []  # names; empty for all

What stands before the semicolon is the unit: ``date``, ``fraction ...``, a range ``low..high``, the choices
separated by bars, or any other word. What stands after it is the meaning.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.wording import did_you_mean

YES, NO = ("true", "yes", "1", "on"), ("false", "no", "0", "off")


@dataclass(frozen=True)
class Parameter:
    """One line of the parameters cell.

    >>> Parameter("edition", "str", "internal", "internal | customer", "").choices
    ('internal', 'customer')
    """

    name: str
    type: str
    default: Any
    unit: str
    meaning: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it may take, empty if any."""
        return tuple(part.strip() for part in self.unit.split("|")) if "|" in self.unit else ()

    @property
    def limits(self) -> tuple[float, float] | None:
        """Lowest and highest value, if the unit is a range."""
        low, dots, high = self.unit.partition("..")
        try:
            return (float(low), float(high)) if dots else None
        except ValueError:
            return None

    @property
    def is_date(self) -> bool:
        """Whether the text is a day."""
        return self.type.startswith("str") and self.unit == "date"


def read_parameters(source: str) -> tuple[Parameter, ...]:
    """Read the parameters that a parameters cell declares.

    Parameters
    ----------
    source
        Text of the cell. Lines that do not assign a literal cannot be set from outside and are left out.

    Raises
    ------
    ParameterError
        If the cell is not valid Python.

    >>> read_parameters("draws: int = 100  # 1..500; how many draws")
    (Parameter(name='draws', type='int', default=100, unit='1..500', meaning='how many draws'),)
    """
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise ParameterError(f"the parameters cell is not valid Python: {error}") from error
    comments = _comments(source)
    found = (_parameter(node, comments.get(node.end_lineno or 0, "")) for node in body)
    return tuple(parameter for parameter in found if parameter)


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}


def _parameter(node: ast.stmt, comment: str) -> Parameter | None:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value, kind = node.targets[0], node.value, ""
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        target, value, kind = node.target, node.value, ast.unparse(node.annotation)
    else:
        return None
    try:
        default = ast.literal_eval(value)
    except ValueError:
        return None
    before, semicolon, after = comment.partition(";")
    described = (before.strip(), after.strip()) if semicolon or "|" in before else ("", comment)
    if not isinstance(target, ast.Name):
        return None
    return Parameter(target.id, kind or type(default).__name__, default, *described)


def convert(parameter: Parameter, value: object) -> Any:
    """Turn a value, or its text from the command line, into what the notebook expects.

    Returns
    -------
    A value that survives JSON: str, int, float, bool, list or None; a day as ISO text.

    Raises
    ------
    ParameterError
        If it is of the wrong type, outside the limits or not among the choices.

    >>> convert(Parameter("wacc", "float", 0.1, "fraction per year", ""), "8%")
    0.08
    >>> convert(Parameter("regions", "list[str]", [], "", ""), "north, south")
    ['north', 'south']
    """
    kind, _, optional = parameter.type.partition("|")
    kind = kind.strip()
    if optional.strip() == "None" and value in (None, "", "none", "None"):
        return None
    if kind.startswith("list"):
        items = value.split(",") if isinstance(value, str) else value
        return [_one(parameter, kind[5:-1] or "str", item) for item in _listed(parameter, items)]
    return _one(parameter, kind, value)


def _listed(parameter: Parameter, items: object) -> list[object]:
    if not isinstance(items, list | tuple):
        raise ParameterError(f"{parameter.name}: write a list, items separated by commas (found: {items!r})")
    stripped = [item.strip() if isinstance(item, str) else item for item in items]
    return [item for item in stripped if item != ""]


def _one(parameter: Parameter, kind: str, value: object) -> Any:
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    try:
        converted = CONVERTERS.get(kind, _as_text)(text)
        return _checked(parameter, converted)
    except ValueError as error:
        raise ParameterError(f"{parameter.name}: {error} (found: {text})") from error


def _checked(parameter: Parameter, value: Any) -> Any:
    if parameter.choices and value not in parameter.choices:
        raise ValueError(f"no such choice; {did_you_mean(str(value), parameter.choices)}")
    if parameter.limits and not parameter.limits[0] <= value <= parameter.limits[1]:
        raise ValueError(f"must lie in {parameter.unit}")
    if parameter.unit.startswith("fraction") and isinstance(value, float) and abs(value) > 1:
        raise ValueError(f"{value:g} would be {value * 100:g} %; write {value / 100:g} or {value:g}%")
    if parameter.is_date and value:
        return _day(value)
    return value


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError("write a day as YYYY-MM-DD") from None


def _as_text(text: str) -> str:
    return text


def _as_int(text: str) -> int:
    number = _as_number(text)
    if number != int(number):
        raise ValueError("write a whole number")
    return int(number)


def _as_float(text: str) -> float:
    return float(_as_number(text[:-1]) / 100 if text.endswith("%") else _as_number(text))


def _as_number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except ArithmeticError:
        hint = " with a decimal point" if "," in text else ""
        raise ValueError(f"write a number{hint}") from None
    if not number.is_finite():
        raise ValueError("write a finite number")
    return number


def _as_bool(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise ValueError("write true or false")
    return text.lower() in YES


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "str": _as_text,
    "int": _as_int,
    "float": _as_float,
    "bool": _as_bool,
}


def check(declared: Sequence[Parameter], given: Mapping[str, object]) -> dict[str, Any]:
    """Check and convert the given parameters against the declared ones; all problems at once.

    Raises
    ------
    ParameterError
        If a name is unknown or a value cannot be used.

    >>> check(read_parameters("draws: int = 100"), {"drows": 5})
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
    raise ParameterError(f"there is no parameter {name!r}; {did_you_mean(name, by_name)}")


def describe(declared: Sequence[Parameter]) -> str:
    """Write the parameters as a table: name, type, default, unit, meaning.

    >>> print(describe(read_parameters("draws: int = 100  # 1..500; how many draws")))
    name   type  default  unit    meaning
    draws  int   100      1..500  how many draws
    """
    rows = [("name", "type", "default", "unit", "meaning")]
    rows += [(p.name, "date" if p.is_date else p.type, str(p.default), p.unit, p.meaning) for p in declared]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows
    )
