"""The parameters of a notebook as a table, and how their values are written on the command line."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from vs_toolkit.batch.parameters.declared import Parameter
from vs_toolkit.batch.parameters.types import bare, leaves, walk

HEAD = ("name", "type", "default", "unit", "meaning")
LONGEST_DEFAULT = 28
NARROWEST_MEANING = 24
NONE = "no parameters: nothing can be set in this notebook"


def describe(
    declared: Sequence[Parameter], width: int = 100, options: Mapping[str, str] | None = None
) -> str:
    """Write the parameters that can be set as a table, with hints how to write their values.

    Parameters
    ----------
    declared
        Parameters of a notebook.
    width
        Of the terminal; meanings are wrapped to it.
    options
        Options of the command line, such as ``--as-of``, by the name of the parameter that they set.

    >>> from vs_toolkit.batch.parameters.declared import read_parameters
    >>> print(describe(read_parameters("draws: int = 100  # 1..500; number of draws")))
    name   type  default  unit    meaning
    draws  int   100      1..500  number of draws
    """
    settable = [parameter for parameter in declared if not parameter.fixed]
    if not settable:
        return NONE
    rows = [HEAD, *(_row(parameter, options or {}) for parameter in settable)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    left = sum(widths) + 2 * len(widths)
    lines = [line for row in rows for line in _lines(row, widths, max(width - left, NARROWEST_MEANING))]
    hints = _hints(settable)
    return "\n".join([*lines, *([""] if hints else []), *hints])


def _row(parameter: Parameter, options: Mapping[str, str]) -> tuple[str, ...]:
    option = options.get(parameter.name)
    meaning = "; ".join(part for part in (parameter.meaning, f"set by {option}" if option else "") if part)
    default = shown(parameter.default)
    default = default if default.isprintable() else repr(default)
    if len(default) > LONGEST_DEFAULT:
        default = default[: LONGEST_DEFAULT - 1] + "…"
    return (parameter.name, _type(parameter), default, _unit(parameter), meaning)


def _type(parameter: Parameter) -> str:
    if parameter.unit == "date" and get_origin(bare(parameter.kind)[0]) is not dict:
        return parameter.type.replace("str", "date")
    return parameter.type.replace("Literal", "choice")


def _unit(parameter: Parameter) -> str:
    literals = (get_args(leaf) for leaf in leaves(parameter.kind) if get_origin(leaf) is Literal)
    choices = (" | ".join(str(option) for option in options if option is not None) for options in literals)
    return "; ".join(part for part in (*dict.fromkeys(choices), parameter.unit) if part)


def _lines(row: Sequence[str], widths: Sequence[int], room: int) -> list[str]:
    first, *others = textwrap.wrap(row[-1], room, break_long_words=False) or [""]
    cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
    indent = " " * (sum(widths) + 2 * len(widths))
    return ["  ".join([*cells, first]).rstrip(), *(indent + other for other in others)]


def shown(value: Any) -> str:
    """Write a value as it would be written on the command line.

    >>> from datetime import date
    >>> shown(["north", "west, east"]), shown({"a": 0.5}), shown(date(2026, 6, 30)), shown(None), shown(True)
    ('north,"west, east"', 'a=0.5', '2026-06-30', 'none', 'true')
    """
    if isinstance(value, list | tuple) and any(isinstance(item, list | tuple | dict) for item in value):
        return _item(value)
    return _inside(value)


def _inside(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ",".join(f"{_item(key)}={_item(item)}" for key, item in value.items())
    return ",".join(map(_item, value)) if isinstance(value, list | tuple) else str(value)


def _item(value: Any) -> str:
    text = _inside(value)
    if isinstance(value, list | tuple | dict):
        return f"{{{text}}}" if isinstance(value, dict) else f"[{text}]"
    is_plain = text and text == text.strip() and not set(text) & set(",=:[](){}\"'")
    return text if is_plain else '"{}"'.format(text.replace('"', '""'))


def _hints(declared: Sequence[Parameter]) -> list[str]:
    """How to write what is not a single word."""
    kinds = [kind for parameter in declared for kind in walk(parameter.kind)]
    forms = {get_origin(bare(kind)[0]) for kind in kinds} | {NoneType for kind in kinds if bare(kind)[1]}
    return [f"{what}: {how}" for what, of, how in HINTS if not forms.isdisjoint(of)]


HINTS = (
    ("list, tuple", {list, tuple}, """-p NAME=a,b  (an item with a comma in quotes: -p 'NAME="a, b",c')"""),
    ("dict", {dict}, """-p NAME=key=value,key=value  (quotes as in a list)"""),
    ("None", {NoneType}, "-p NAME=none"),
)
