"""Messages for invalid values: they say what would be right, not what the validator thought."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from vs_toolkit.texts import visible

NUMBER = "write a number such as 1250.5, without currency, unit or thousands separators"
DAY = "write a date as 2026-06-30"
MOMENT = "write a date or a time as 2026-06-30 or 2026-06-30T14:05:00"
TEXT = "write a text"
FOUND_LIMIT = 60


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, or list all of them.

    >>> did_you_mean("waac", ["name", "wacc"])
    "did you mean 'wacc'?"
    >>> did_you_mean("x", ["b", "a"])
    'available: b, a'
    """
    known = list(known)
    folded = {name.casefold(): name for name in reversed(known)}
    near = difflib.get_close_matches(found.strip().casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[near[0]]!r}?" if near else f"available: {', '.join(known)}"


def _choice(error: Mapping[str, Any]) -> str:
    choices = [word.strip("'") for word in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    return f"write one of {', '.join(choices)}; {did_you_mean(str(error['input']), choices)}".split(
        "; available"
    )[0]


def _kind(error: Mapping[str, Any]) -> str:
    return f"write one of {error['ctx'].get('expected_tags', 'the known kinds')} as its kind".replace("'", "")


def _value_error(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


WORDS: dict[str, str | Callable[[Mapping[str, Any]], str]] = {
    "float_parsing": NUMBER,
    "float_type": NUMBER,
    "decimal_parsing": NUMBER,
    "decimal_type": NUMBER,
    "finite_number": "write a finite number",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "bool_parsing": "write true or false",
    "bool_type": "write true or false",
    "date_parsing": DAY,
    "date_type": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY + ", without a time",
    "datetime_parsing": MOMENT,
    "datetime_type": MOMENT,
    "datetime_from_date_parsing": MOMENT,
    "string_type": TEXT,
    "string_too_short": TEXT,
    "string_too_long": lambda e: f"write at most {e['ctx']['max_length']} characters",
    "string_pattern_mismatch": "write one ISO currency in three capitals, such as EUR",
    "literal_error": _choice,
    "missing": "is missing",
    "greater_than_equal": lambda e: f"write a number of at least {e['ctx']['ge']:g}",
    "greater_than": lambda e: f"write a number above {e['ctx']['gt']:g}",
    "less_than": lambda e: f"write a number below {e['ctx']['lt']:g}",
    "less_than_equal": lambda e: f"write a number of at most {e['ctx']['le']:g}",
    "too_short": "write at least one item",
    "tuple_type": "write a list, each item on a line that begins with '-'",
    "model_type": "write fields as 'name: value', each on a line of its own",
    "model_attributes_type": "write fields as 'name: value', each on a line of its own",
    "dict_type": "write fields as 'name: value', each on a line of its own",
    "union_tag_invalid": _kind,
    "union_tag_not_found": _kind,
    "value_error": _value_error,
}


def message(error: Mapping[str, Any]) -> str:
    """Return the message for one error of a pydantic validation.

    >>> message({"type": "date_type", "msg": "Input should be a valid date", "input": 1})
    'write a date as 2026-06-30'
    """
    words = WORDS.get(error["type"], str(error["msg"]))
    return words if isinstance(words, str) else words(error)


def found(value: Any) -> str:
    """Show an invalid value on one line, shortened; nothing for a whole section.

    >>> found("12k"), found({"a": 1}), found("x" * 70) == "x" * 60 + "…"
    ('12k', '', True)
    """
    if value is None or value != value or isinstance(value, dict | list | tuple):
        return ""
    text = visible(" ".join(str(value).split()))
    return text if len(text) <= FOUND_LIMIT else text[:FOUND_LIMIT] + "…"
