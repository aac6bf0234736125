"""What the unit of a parameter says about its values: choices, a range, a fraction, a day."""

from __future__ import annotations

import re
from typing import Any

from vs_toolkit.batch.parameters.kinds import Kind
from vs_toolkit.batch.parameters.reading import day, scalar
from vs_toolkit.inputs.wording import did_you_mean

RANGE = re.compile(r"(\S*?)(?<!\.)\.\.(?!\.)(\S*)(?:\s.*)?", re.S)
ORDERED = ("int", "float", "Decimal", "date")


def is_unit(text: str) -> bool:
    """Whether a comment without a semicolon is a unit, and not a meaning.

    >>> is_unit("0..10"), is_unit("internal | customer"), is_unit("id of the customer")
    (True, True, False)
    """
    return "|" in text or text == "date" or text.startswith("fraction") or bool(RANGE.fullmatch(text))


def choices(unit: str) -> tuple[str, ...]:
    """Texts between the bars of a unit; empty if it names no choices.

    >>> choices("internal | customer")
    ('internal', 'customer')
    """
    return tuple(part.strip() for part in unit.split("|")) if "|" in unit else ()


def limits(unit: str, kind: Kind) -> tuple[Any, Any] | None:
    """Lowest and highest value that the unit allows a number or day; None for an open end.

    Raises
    ------
    ValueError
        If it is written as a range, but not of such values.

    >>> limits("0.. years", Kind("int")), limits("years", Kind("int"))
    ((0, None), None)
    """
    found = RANGE.fullmatch(unit)
    if not found or kind.name not in ORDERED or not any(found.groups()):
        return None
    low, high = (scalar(kind, end) if end else None for end in found.groups())
    return low, high


def checked(unit: str, kind: Kind, value: Any) -> Any:
    """Check a single value against the unit, and give it back.

    Raises
    ------
    ValueError
        With what would be right.

    >>> checked("fraction per year", Kind("float"), 9.0)
    Traceback (most recent call last):
    ...
    ValueError: 9 would be 900 %; write 0.09 or 9%
    """
    if value is None:
        return None
    for check in (_choice, _range, _fraction):
        check(unit, kind, value)
    return day(value).isoformat() if value and _is_day(unit, kind) else value


def _choice(unit: str, kind: Kind, value: Any) -> None:
    known = choices(unit)
    if known and value not in [scalar(kind, choice) for choice in known]:
        raise ValueError(f"no such choice; {did_you_mean(str(value), known)}")


def _range(unit: str, kind: Kind, value: Any) -> None:
    low, high = limits(unit, kind) or (None, None)
    if (low is None or low <= value) and (high is None or value <= high):
        return
    written = unit.split()[0]
    if low is None or high is None:
        raise ValueError(f"must be {'at least' if high is None else 'at most'} {written.strip('.')}")
    raise ValueError(f"must lie in {written}")


def _fraction(unit: str, kind: Kind, value: Any) -> None:
    if unit.startswith("fraction") and kind.name in ("float", "Decimal") and abs(value) > 1:
        number = float(value)
        raise ValueError(f"{number:g} would be {number * 100:g} %; write {number / 100:g} or {number:g}%")


def _is_day(unit: str, kind: Kind) -> bool:
    return unit == "date" and kind.name == "str"


def check_unit(unit: str, kind: Kind) -> None:
    """Check that choices and range of a unit are such as the parameter can have.

    Raises
    ------
    ValueError
        If not: they would never let a value pass.

    >>> check_unit("0..ten", Kind("int"))
    Traceback (most recent call last):
    ...
    ValueError: the comment says '0..ten', which does not fit int: write a number
    """
    for leaf in kind.leaves:
        try:
            low, high = limits(unit, leaf) or (None, None)
            for choice in choices(unit):
                scalar(leaf, choice)
        except ValueError as error:
            raise ValueError(f"the comment says {unit!r}, which does not fit {leaf}: {error}") from None
        if low is not None and high is not None and low > high:
            raise ValueError(f"the range {unit} is upside down")
