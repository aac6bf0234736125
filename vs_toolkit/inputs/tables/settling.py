"""What the text cells of one column mean: decided for the column as a whole, with what was decided.

A decimal mark, the order of day and month, a currency sign: one value may leave it open, the others of the
column settle it. What nothing settles is refused with both readings; what contradicts the rest is refused
too.
Values that stand as the toolkit itself writes them pass untouched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vs_toolkit.inputs import days, numbers
from vs_toolkit.inputs.tables.native import NATIVE_DAY, NATIVE_NUMBER, all_match, is_settled
from vs_toolkit.inputs.wording import NUMBER

NATIVE_RATE = r"^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)? ?%?$"
DOTTED_DAY = r"^(\d{2})\.(\d{2})\.(\d{4})((?: \d{2}:\d{2}(?::\d{2})?)?)$"
YES = frozenset({"true", "yes", "y", "1", "x", "ja", "j", "wahr", "oui", "vrai", "si", "sí", "on", "t", "✓"})
NO = frozenset({"false", "no", "n", "0", "nein", "falsch", "non", "faux", "off", "f"})


@dataclass(frozen=True)
class Note:
    """One decision on a column, and the distinct values (by position) that it touches."""

    text: str
    positions: tuple[int, ...] = ()


@dataclass
class Settled:
    """Distinct values of a column, converted; what is wrong, by position; what was decided.

    ``signs`` holds the currency written beside a number, by position.
    """

    values: list[Any]
    wrong: dict[int, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    signs: dict[int, str] = field(default_factory=dict)


def settle(values: list[Any], kind: type, is_rate: bool = False) -> Settled:
    """Convert the texts among the distinct values of a column to numbers, days, times or truth values.

    >>> settle(["12.500", "3,5"], float).values
    [12500.0, 3.5]
    >>> settle(["12.500"], float).wrong
    {0: '12.500 can be 12.5 or 12500; write 12.5 or 12500'}
    >>> settle(["03/04/2026", "25/04/2026"], date).notes[0].text
    'days as dd/mm/yyyy'
    """
    if kind not in SETTLERS:
        return Settled(values)
    if kind in (date, datetime):
        values = _serials_as_text(values)
    texts = {i: value for i, value in enumerate(values) if isinstance(value, str)}
    if not texts:
        return Settled(values)
    return SETTLERS[kind](values, texts, is_rate)


def _serials_as_text(values: list[Any]) -> list[Any]:
    """A workbook's day that lost its format stands there as a number: only where nothing else does."""
    if any(isinstance(value, str) for value in values[:10]):
        return values  # nearly always, and fast
    given = [value for value in values if value is not None]
    is_number = [isinstance(value, int | float) and not isinstance(value, bool) for value in given]
    return [None if v is None else f"{v:.15g}" for v in values] if given and all(is_number) else values


def _numbers(values: list[Any], texts: dict[int, str], is_rate: bool) -> Settled:
    if is_settled(list(texts.values()), NATIVE_RATE if is_rate else NATIVE_NUMBER):
        return Settled(_native_numbers(values, texts))
    found = {i: numbers.readings(text) for i, text in texts.items()}
    mark = numbers.settled_mark(found.values())
    settled = Settled(list(values))
    usual = _usual(one.settles for one in found.values()) if len(mark) == 2 else mark
    for i, one in found.items():
        _number(settled, i, texts[i], one, usual, is_rate)
    _note_numbers(settled, found, texts, usual)
    _one_currency(settled)
    return settled


def _native_numbers(values: list[Any], texts: dict[int, str]) -> list[Any]:
    """Take plain numbers, some of them with a percent sign."""
    settled = list(values)
    for i, text in texts.items():
        settled[i] = round(float(text[:-1]) / 100, 15) if text[-1] == "%" else float(text)
    return settled


def _usual(marks: Iterable[str]) -> str:
    return next((mark for mark, _ in Counter(mark for mark in marks if mark).most_common(1)), "")


def _number(settled: Settled, i: int, text: str, one: numbers.Readings, mark: str, is_rate: bool) -> None:
    if not one.is_number:
        settled.wrong[i] = (
            NUMBER if not text.strip().endswith("%") else "write a number, without a percent sign"
        )
        return
    if one.percent and not is_rate:
        settled.wrong[i] = "write a number, without a percent sign"
        return
    small = [value for value in (one.point, one.comma) if value is not None and abs(value) <= 1]
    if one.is_ambiguous and not mark and not (is_rate and len(small) == 1):
        settled.wrong[i] = numbers.both_readings(text)
        return
    value = one.comma if mark == "," else one.point
    if one.is_ambiguous and not mark:
        value = small[0]  # the other reading would be above 100 %
    if one.settles and mark and one.settles != mark:
        other = {".": "point", ",": "comma"}
        settled.wrong[i] = (
            f"has a decimal {other[one.settles]}; the others of the column have a {other[mark]}"
        )
        return
    if value is None:
        value = one.point if one.point is not None else one.comma
    settled.values[i] = value
    if one.currency:
        settled.signs[i] = numbers.SYMBOLS.get(one.currency, one.currency) or one.currency


def _note_numbers(
    settled: Settled, found: dict[int, numbers.Readings], texts: dict[int, str], mark: str
) -> None:
    comma = [i for i, text in texts.items() if i not in settled.wrong and "," in text and mark == ","]
    if comma:
        settled.notes.append(Note("decimal commas", tuple(comma)))
    groups = [i for i, one in found.items() if one.is_ambiguous and i not in settled.wrong]
    if groups and mark:
        text = (
            "thousands points"
            if mark == ","
            else "decimal points with three digits, as the other values show"
        )
        settled.notes.append(Note(text, tuple(groups)))
    grouped = [
        i
        for i, text in texts.items()
        if i not in settled.wrong and i not in groups and _has_groups(text, mark)
    ]
    if grouped:
        settled.notes.append(Note("thousands marks", tuple(grouped)))
    if signs := tuple(settled.signs):
        words = ", ".join(sorted(set(settled.signs.values())))
        settled.notes.append(Note(f"currency {words} beside the number", signs))


def _has_groups(text: str, mark: str) -> bool:
    thousands = numbers.BLANKS + numbers.APOSTROPHES + ("." if mark == "," else ",")
    return any(character in thousands for character in text.strip().strip("%€$£¥() "))


def _one_currency(settled: Settled) -> None:
    """Amounts with signs of two currencies in one column are never added: the rarer are refused."""
    usual = _usual(settled.signs.values())
    for i, sign in settled.signs.items():
        if sign != usual:
            settled.wrong[i] = f"stands in {sign}, the others of the column in {usual}: convert this one"


def _days(values: list[Any], texts: dict[int, str], _: bool) -> Settled:
    if all_match(list(texts.values()), NATIVE_DAY):
        return Settled(values)
    if (dotted := _dotted(list(texts.values()))) is not None:
        settled = Settled(list(values), notes=[Note("days as dd.mm.yyyy", tuple(texts))])
        for i, moment in zip(texts, dotted, strict=True):
            settled.values[i] = moment
        return settled
    if len(texts) == len(values) - values.count(None):
        for read, note in WHOLE_COLUMN:
            moments = [read(text) for text in texts.values()]
            if all(moment is not None for moment in moments):
                known = dict(zip(texts, moments, strict=True))
                return Settled([known.get(i) for i in range(len(values))], notes=[Note(note, tuple(texts))])
    return _settled_days(values, texts)


def _dotted(texts: list[str]) -> list[datetime] | None:
    """Read many days as 30.06.2026 at once; None where one of them is written in another way."""
    if not all_match(texts, DOTTED_DAY):
        return None
    iso = pc.replace_substring_regex(pa.array(texts, pa.string()), DOTTED_DAY, r"\3-\2-\1\4")
    try:
        return list(pd.to_datetime(iso.to_pylist(), format="ISO8601").to_pydatetime())
    except ValueError:  # 31.02.2026
        return None


def _settled_days(values: list[Any], texts: dict[int, str]) -> Settled:
    found = {i: days.written(text) for i, text in texts.items()}
    open_ = {i: one for i, one in found.items() if one is not None and one.day is None}
    orders = {one.order for one in open_.values()} - {""}
    settled = Settled(list(values))
    order = orders.pop() if len(orders) == 1 else ""
    for i, one in found.items():
        if one is None:
            settled.wrong[i] = ""  # the field's own validator words it
        elif i in open_ and not order and one.first != one.second:
            settled.wrong[i] = _undecided(texts[i], one, bool(orders))
        elif (moment := one.read(order or "day")) is None:
            settled.wrong[i] = days.MISREAD
        else:
            settled.values[i] = moment
    _note_days(settled, found, order)
    return settled


def _undecided(text: str, one: days.Written, contradicted: bool) -> str:
    if contradicted:
        return "the column holds days first and months first: write dates as 2026-06-30"
    return days.both_days(text, one)


def _note_days(settled: Settled, found: dict[int, days.Written | None], order: str) -> None:
    used = {i: one for i, one in found.items() if one is not None and i not in settled.wrong}
    slashes = tuple(i for i, one in used.items() if one.style == "slashes")
    if slashes:
        settled.notes.append(Note(f"days as {'mm/dd' if order == 'month' else 'dd/mm'}/yyyy", slashes))
    for style in ("dd.mm.yyyy", "months in words"):
        if positions := tuple(i for i, one in used.items() if one.style == style):
            settled.notes.append(Note(style if style[0] == "m" else f"days as {style}", positions))
    if short := tuple(i for i, one in used.items() if one.short_year):
        settled.notes.append(Note("years of two digits, taken as 1970 to 2069", short))


def _truths(values: list[Any], texts: dict[int, str], _: bool) -> Settled:
    settled = Settled(list(values))
    for i, text in texts.items():
        word = text.strip().casefold()
        if word in YES or word in NO:
            settled.values[i] = word in YES
        else:
            settled.wrong[i] = "write true or false"
    if ticks := tuple(i for i, text in texts.items() if text.strip().casefold() in ("x", "✓")):
        settled.notes.append(Note("x taken as true", ticks))
    return settled


WHOLE_COLUMN: tuple[tuple[Callable[[str], datetime | None], str], ...] = (
    (days.from_serial, "day numbers of Excel"),
    (days.from_epoch, "milliseconds since 1970, UTC"),
    (days.from_compact, "days as yyyymmdd"),
)
SETTLERS: dict[type, Callable[[list[Any], dict[int, str], bool], Settled]] = {
    float: _numbers,
    int: _numbers,
    bool: _truths,
    date: _days,
    datetime: _days,
}
