"""What the comment of a parameter says about its values: choices, a range, a fraction, a date, a secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vs_toolkit.inputs.wording import did_you_mean

RANGE = re.compile(r"(\S*?)(?<!\.)\.\.(?!\.)(\S*)(?:\s.*)?", re.S)
FRACTION = re.compile(r"fraction\b(?: per \w+)?")
CHOICES = re.compile(r"[^\s|]+(?:\s*\|\s*[^\s|]+)+")
SECRET = "secret"


def split(comment: str) -> tuple[str, str]:
    """Split a comment ``unit; meaning``; without a semicolon it is a unit only if it has the form of one.

    >>> split("0..10; how many"), split("internal | customer"), split("customer id | see CRM")
    (('0..10', 'how many'), ('internal | customer', ''), ('', 'customer id | see CRM'))
    """
    unit, semicolon, meaning = comment.partition(";")
    if semicolon:
        return unit.strip(), meaning.strip()
    forms = (RANGE, FRACTION, CHOICES, re.compile(rf"date|{SECRET}"))
    return (comment, "") if any(form.fullmatch(comment) for form in forms) else ("", comment)


def choices(unit: str) -> tuple[str, ...]:
    """Return the choices that a unit names; none if it is prose."""
    return tuple(part.strip() for part in unit.split("|")) if CHOICES.fullmatch(unit) else ()


def limits(unit: str, read: Callable[[str], Any]) -> tuple[Any, Any]:
    """Return the lowest and highest value that a unit allows; None for an open end, or no range.

    >>> limits("0.. years", int), limits("years", int)
    ((0, None), (None, None))
    """
    found = RANGE.fullmatch(unit)
    low, high = found.groups() if found else ("", "")
    return (read(low) if low else None), (read(high) if high else None)


def check(unit: str, read: Callable[[str], Any], value: Any) -> Any:
    """Return a value that lies in the choices or the range of a unit.

    Raises
    ------
    ValueError
        If it does not, with what would be right.

    >>> check("fraction per year", float, 9.0)
    Traceback (most recent call last):
    ...
    ValueError: 9 would be 900 %; write 0.09 or 9%
    """
    if (known := choices(unit)) and value not in [read(choice) for choice in known]:
        raise ValueError(
            f"write one of {', '.join(known)}; {did_you_mean(str(value), known)}".split("; available")[0]
        )
    if read is not str:
        _check_range(unit, *limits(unit, read), value)
    if FRACTION.match(unit) and not isinstance(value, bool | str) and abs(value) > 1:
        number = float(value)
        raise ValueError(f"{number:g} would be {number * 100:g} %; write {number / 100:g} or {number:g}%")
    return value


def _check_range(unit: str, low: Any, high: Any, value: Any) -> None:
    if (low is None or low <= value) and (high is None or value <= high):
        return
    written = unit.split()[0]
    if low is None or high is None:
        raise ValueError(f"must be {'at least' if high is None else 'at most'} {written.strip('.')}")
    raise ValueError(f"must lie in {written}")
