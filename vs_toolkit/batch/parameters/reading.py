"""From text to single values: numbers, days, choices; and lists and pairs taken apart at their commas."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from vs_toolkit.batch.parameters.kinds import Kind
from vs_toolkit.inputs.wording import did_you_mean

YES, NO = ("true", "yes", "1", "on"), ("false", "no", "0", "off")
MOST_DIGITS = 300
QUOTED = r'"(?:[^"]|"")*"|' + r"'(?:[^']|'')*'"
# A quote counts where an item begins and only if it ends where an item ends: O'Brien is a name.
TOKEN = re.compile(rf"(?<![^\s,=:\[({{])(?:{QUOTED})(?=\s*(?:[,=:\])}}]|$))|.", re.S)
BRACKETS = {"list": [("[", "]")], "tuple": [("(", ")"), ("[", "]")], "dict": [("{", "}")]}


def scalar(kind: Kind, value: object) -> Any:
    """Turn a value, or its text, into one of a scalar type or a Literal.

    Raises
    ------
    ValueError
        With what would be right.

    >>> scalar(Kind("float"), "8%"), scalar(Kind("date"), "2026-06-30"), scalar(Kind("bool"), "yes")
    (0.08, datetime.date(2026, 6, 30), True)
    """
    if kind.name == "Literal":
        return _option(kind.options, value)
    if value is None or isinstance(value, list | tuple | Mapping | set):
        raise ValueError("write a single value")
    if kind.name == "str" and isinstance(value, str):
        return value
    if isinstance(value, datetime) and value.time() == time.min:  # such as a Timestamp of pandas
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    return READERS[kind.name](text)


def day(text: str) -> date:
    """Read a day.

    Raises
    ------
    ValueError
        If it is not written as YYYY-MM-DD.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("write a date as YYYY-MM-DD") from None


def _option(options: tuple[Any, ...], value: object) -> Any:
    for option in options:
        if type(option) is type(value) and option == value:
            return option
    texts = {str(option): option for option in options}
    if str(value).strip() in texts:
        return texts[str(value).strip()]
    raise ValueError(f"no such choice; {did_you_mean(str(value), texts)}")


def _as_int(text: str) -> int:
    number = _as_number(text)
    if number.adjusted() > MOST_DIGITS or number != int(number):
        raise ValueError("write a whole number")
    return int(number)


def _as_float(text: str) -> float:
    number = float(_as_decimal(text))
    if not math.isfinite(number):
        raise ValueError("write a smaller number")
    return number


def _as_decimal(text: str) -> Decimal:
    return _as_number(text[:-1]) / 100 if text.endswith("%") else _as_number(text)


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


READERS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "int": _as_int,
    "float": _as_float,
    "bool": _as_bool,
    "date": day,
    "Decimal": _as_decimal,
}


def items(kind: Kind, value: object) -> list[Any]:
    """Take a list or tuple apart; in a text, items are separated by commas, with or without brackets around.

    An item that holds a comma stands in quotes. Empty items are left out unless quoted.

    Raises
    ------
    ValueError
        If it is no list.

    >>> items(Kind("list", parts=(Kind("str"),)), "north, 'west, east',")
    ['north', 'west, east']
    """
    if isinstance(value, str):
        return [_bare(piece) for piece in _pieces(kind, _inner(kind, value), ",") if piece.strip()]
    if isinstance(value, list | tuple):
        return [item.strip() if isinstance(item, str) else item for item in value]
    raise ValueError("write a list, items separated by commas")


def pairs(kind: Kind, value: object) -> list[tuple[Any, Any]]:
    """Take a dict apart; in a text, ``key=value`` separated by commas, or a Python dict.

    Raises
    ------
    ValueError
        If it is no dict.

    >>> pairs(Kind("dict", parts=(Kind("str"), Kind("float"))), "north=0.6, 'west, east'=0.4")
    [('north', '0.6'), ('west, east', '0.4')]
    """
    if isinstance(value, Mapping):
        return [*value.items()]
    if not isinstance(value, str):
        raise ValueError("write key=value, separated by commas")
    inner = _inner(kind, value)
    at = ":" if inner != value.strip() and ":" in inner else "="
    return [_pair(kind, piece, at) for piece in _pieces(kind, inner, ",") if piece.strip()]


def _pair(kind: Kind, text: str, at: str) -> tuple[str, str]:
    key, *rest = _pieces(kind, text, at)
    if not rest:
        raise ValueError("write key=value, separated by commas")
    return _bare(key), _bare(at.join(rest))


def _inner(kind: Kind, text: str) -> str:
    text = text.strip()
    for opening, closing in BRACKETS[kind.name]:
        if text.startswith(opening) and _closing(text, opening, closing) == len(text) - 1:
            return text[1:-1]
    return text


def _closing(text: str, opening: str, closing: str) -> int:
    """Place where the bracket closes that the text begins with, -1 if it never does."""
    depth = 0
    for token in TOKEN.finditer(text):
        depth += (token[0] == opening) - (token[0] == closing)
        if depth == 0:
            return token.start()
    return -1


def _pieces(kind: Kind, text: str, at: str) -> Iterator[str]:
    """Pieces between the separators that stand outside quotes and, where lists lie in lists, brackets."""
    nested = any(part.parts for part in kind.parts)
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


def _bare(piece: str) -> str:
    text = piece.strip()
    if re.fullmatch(QUOTED, text, re.S):
        return text[1:-1].replace(text[0] * 2, text[0])
    return text
