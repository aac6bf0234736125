"""From values, or their texts on the command line, to what the notebook expects; pydantic checks them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BeforeValidator, ConfigDict, TypeAdapter, ValidationError, WrapValidator

from vs_toolkit.batch.parameters import units
from vs_toolkit.batch.parameters.declared import Parameter
from vs_toolkit.batch.parameters.types import CONTAINERS, bare, leaves
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.fields import Day
from vs_toolkit.inputs.wording import did_you_mean, found, message

QUOTED = r'"(?:[^"]|"")*"|' + r"'(?:[^']|'')*'"
# A quote counts where an item begins and only if it ends where an item ends: O'Brien is a name.
TOKEN = re.compile(rf"(?<![^\s,=:\[({{])(?:{QUOTED})(?=\s*(?:[,=:\])}}]|$))|.", re.S)
BRACKETS = {list: [("[", "]")], tuple: [("(", ")"), ("[", "]")], dict: [("{", "}")]}
CONFIG = ConfigDict(coerce_numbers_to_str=True, allow_inf_nan=False)


def convert(parameter: Parameter, value: object) -> Any:
    """Turn a value, or its text from the command line, into what the notebook expects.

    Raises
    ------
    ParameterError
        If it has another type, lies outside the range or is none of the choices.

    >>> convert(Parameter("wacc", float, 0.1, "fraction per year"), "8%")
    0.08
    >>> convert(Parameter("regions", list[str], []), "north, south")
    ['north', 'south']
    """
    try:
        return adapter(parameter.kind, parameter.unit).validate_python(value)
    except ValidationError as error:
        told = (_told(problem, parameter.is_secret) for problem in error.errors(include_url=False))
        raise ParameterError("\n".join(f"{parameter.name}: {text}" for text in dict.fromkeys(told))) from None


def _told(problem: Mapping[str, Any], is_secret: bool) -> str:
    shown = "" if is_secret else found(problem["input"]) or repr(problem["input"])
    return message(problem) + (f" (found: {shown})" if shown else "")


def check_default(parameter: Parameter) -> None:
    """Check a default against its own type, range and choices.

    Raises
    ------
    ValueError
        If it does not fit, or nothing could.

    >>> check_default(Parameter("draws", int, 5, "100..1_000"))
    Traceback (most recent call last):
    ...
    ValueError: the default is invalid: must lie in 100..1_000 (found: 5)
    """
    for leaf in leaves(parameter.kind):
        _check_unit(parameter.unit, leaf)
    if parameter.is_computed:
        return
    try:
        _strict(parameter.kind).validate_python(parameter.default, strict=True)
    except ValidationError:
        advice = f"; write {parameter.type} | None" if parameter.default is None else ""
        raise ValueError(
            f"the default {parameter.default!r} is not of type {parameter.type}{advice}"
        ) from None
    try:
        convert(parameter, parameter.default)
    except ParameterError as error:
        raise ValueError(
            f"the default is invalid: {str(error).removeprefix(f'{parameter.name}: ')}"
        ) from None


def _check_unit(unit: str, leaf: Any) -> None:
    if get_origin(leaf) is Literal:
        return
    try:
        low, high = units.limits(unit, _reader(leaf)) if leaf not in (str, bool) else (None, None)
        for choice in units.choices(unit):
            _reader(leaf)(choice)
    except ValidationError as error:
        (first, *_) = error.errors()
        raise ValueError(
            f"the comment says {unit!r}, which does not fit {leaf.__name__}: {message(first)}"
        ) from None
    if low is not None and high is not None and low > high:
        raise ValueError(f"the range {unit} is upside down")


_strict = cache(TypeAdapter)


@cache
def adapter(kind: Any, unit: str = "") -> TypeAdapter[Any]:
    """Make what reads and checks the values of a parameter."""
    return TypeAdapter(_reading(kind, unit), config=CONFIG)


def _reader(scalar: Any) -> Callable[[str], Any]:
    return adapter(scalar).validate_python


def _reading(kind: Any, unit: str) -> Any:
    inner, optional = bare(kind)
    read = _reading_one(inner, unit)
    return Annotated[read, WrapValidator(_none)] if optional else read


def _reading_one(kind: Any, unit: str) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return Annotated[kind, BeforeValidator(partial(_option, parts))]
    if origin is dict:
        pairs: Any = dict.__class_getitem__((_reading(parts[0], ""), _reading(parts[1], unit)))
        return Annotated[pairs, BeforeValidator(partial(_pairs, kind))]
    if origin in CONTAINERS:
        inner = tuple(part if part is ... else _reading(part, unit) for part in parts)
        items: Any = origin[inner]
        return Annotated[items, BeforeValidator(partial(_items, kind))]
    if kind is str and unit == "date":
        return Annotated[Day, BeforeValidator(_single), AfterValidator(date.isoformat), WrapValidator(_empty)]
    single: Any = Day if kind is date else kind
    typed = Annotated[single, BeforeValidator(PREPARED.get(kind, _single))]
    return Annotated[typed, AfterValidator(partial(units.check, unit, _reader(kind)))] if unit else typed


def _none(value: Any, inner: Callable[[Any], Any]) -> Any:
    return None if value is None or str(value).strip().lower() in ("", "none") else inner(value)


def _empty(value: Any, inner: Callable[[Any], Any]) -> Any:
    return value if value == "" else inner(value)


def _option(options: tuple[Any, ...], value: object) -> Any:
    given = [option for option in options if type(option) is type(value) and option == value]
    return next(iter(given), {str(option): option for option in options}.get(str(value).strip(), value))


def _single(value: object) -> Any:
    """Texts of numbers and dates, so that one of numpy or pandas is read as any other."""
    if value is None or isinstance(value, list | tuple | Mapping | set):
        raise ValueError("write a single value")
    return value if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)


def _number(value: object) -> Any:
    text = _single(value).strip()
    try:
        return str(Decimal(text[:-1].strip()) / 100) if text.endswith("%") else text
    except ArithmeticError:
        return text


def _whole(value: object) -> Any:
    text = _single(value).strip()
    return (
        str(int(float(text)))
        if re.fullmatch(r"\d(\.\d+)?e\d{1,2}", text) and float(text).is_integer()
        else text
    )


PREPARED: dict[Any, Callable[[object], Any]] = {float: _number, Decimal: _number, int: _whole}


def _items(kind: Any, value: object) -> Any:
    """Take a list or tuple apart; in a text, items are separated by commas, with or without brackets around.

    An item that holds a comma stands in quotes. Empty items are left out unless quoted.
    """
    if isinstance(value, str):
        items = [_unquoted(piece) for piece in _pieces(kind, _inside(kind, value), ",") if piece.strip()]
    elif isinstance(value, list | tuple):
        items = [item.strip() if isinstance(item, str) else item for item in value]
    else:
        raise ValueError("write a list, items separated by commas")
    parts = get_args(kind)
    if get_origin(kind) is list:
        return items
    if ... not in parts and len(parts) != len(items):
        raise ValueError(f"write {len(parts)} items, separated by commas, not {len(items)}")
    return tuple(items)


def _pairs(kind: Any, value: object) -> Any:
    """Take a dict apart; in a text, ``key=value`` separated by commas, or a Python dict."""
    if not isinstance(value, str):
        if isinstance(value, Mapping):
            return value
        raise ValueError("write key=value, separated by commas")
    inner = _inside(kind, value)
    at = ":" if inner != value.strip() and ":" in inner else "="
    pairs = [_pair(kind, piece, at) for piece in _pieces(kind, inner, ",") if piece.strip()]
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key is given twice")
    return dict(pairs)


def _pair(kind: Any, text: str, at: str) -> tuple[str, str]:
    pieces = list(_pieces(kind, text, at))
    if len(pieces) < 2:
        raise ValueError("write key=value, separated by commas")
    return _unquoted(pieces[0]), _unquoted(at.join(pieces[1:]))


def _inside(kind: Any, text: str) -> str:
    text = text.strip()
    for opening, closing in BRACKETS[get_origin(kind)]:
        if text.startswith(opening) and _closing(text, opening, closing) == len(text) - 1:
            return text[1:-1]
    return text


def _closing(text: str, opening: str, closing: str) -> int:
    """Return where the bracket closes that the text begins with, -1 if it never does."""
    depth = 0
    for token in TOKEN.finditer(text):
        depth += (token[0] == opening) - (token[0] == closing)
        if depth == 0:
            return token.start()
    return -1


def _pieces(kind: Any, text: str, at: str) -> Iterator[str]:
    """Split at the separators outside quotes and, where lists lie in lists, outside brackets."""
    nested = any(get_origin(bare(part)[0]) in CONTAINERS for part in get_args(kind) if part is not ...)
    piece, depth = "", 0
    for token in TOKEN.findall(text):
        if token == at and depth == 0:
            yield piece
            piece = ""
            continue
        if nested and token in "[](){}":
            depth += 1 if token in "[({" else -1
        piece += token
    yield piece


def _unquoted(piece: str) -> str:
    text = piece.strip()
    return text[1:-1].replace(text[0] * 2, text[0]) if re.fullmatch(QUOTED, text, re.S) else text


def check(declared: Sequence[Parameter], given: Mapping[str, object]) -> dict[str, Any]:
    """Check and convert the given parameters against the declared ones; all problems at once.

    Raises
    ------
    ParameterError
        If a name is unknown or cannot be set, or a value is invalid.

    >>> check([Parameter("draws", int, 100)], {"drows": 5})
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
    if name not in by_name:
        settable = [known for known, parameter in by_name.items() if not parameter.fixed]
        hint = did_you_mean(name, settable) if settable else "the notebook has none"
        raise ParameterError(f"there is no parameter {name!r}; {hint}")
    if by_name[name].fixed:
        raise ParameterError(f"{name} cannot be set: {by_name[name].fixed}")
    return by_name[name]
