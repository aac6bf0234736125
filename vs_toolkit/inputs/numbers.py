"""Numbers as people write them, in any locale: what a text can mean, and when it is ambiguous.

``12.500`` is twelve and a half in London and twelve thousand five hundred in Munich. One text alone does not
tell; the other values of its column do (``sources/columns``), and where nothing does, it is refused with both
readings. The same reader serves tables and business cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

BLANKS = " \t\u00a0\u2007\u2009\u202f"  # no-break, figure, thin spaces: thousands marks in many locales
APOSTROPHES = "'’"
MINUS_SIGNS = r"\-−–"
SYMBOLS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "kr": "", "$": "", "US$": "USD",
           "Fr.": "CHF", "R$": "BRL", "C$": "CAD", "A$": "AUD"}  # fmt: skip
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_MONEY = "|".join(re.escape(symbol) for symbol in sorted(SYMBOLS, key=len, reverse=True)) + "|[A-Z]{3}"
_SIGN = rf"[+{MINUS_SIGNS}]?"
_BLANK = f"[{BLANKS}]*"
_PARTS = re.compile(
    rf"{_BLANK}(?P<open>\()?{_BLANK}(?P<sign>{_SIGN}){_BLANK}(?P<before>{_MONEY})?{_BLANK}(?P<inner>{_SIGN}){_BLANK}"
    rf"(?P<body>[0-9.,](?:[0-9.,{BLANKS}{APOSTROPHES}]*[0-9.,])?(?:[eE][-+]?[0-9]{{1,3}})?){_BLANK}"
    rf"(?P<percent>%)?(?P<after>{_MONEY})?(?P<behind>[{MINUS_SIGNS}])?{_BLANK}(?P<close>\))?{_BLANK}"
)
_WHOLE = re.compile("[0-9]+")


@dataclass(frozen=True)
class Readings:
    """What a text can mean: the number by decimal mark, and what stood around it.

    ``point`` and ``comma`` are the readings with a decimal point and a decimal comma, None where the text
    cannot be read so. ``currency`` is the symbol or code that stood beside it; ``percent`` whether a percent
    sign did (the number is then divided by 100 already).
    """

    point: float | None
    comma: float | None
    currency: str = ""
    percent: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Whether both readings are possible, and differ."""
        return self.point is not None and self.comma is not None and self.point != self.comma

    @property
    def is_number(self) -> bool:
        """Whether there is any reading."""
        return self.point is not None or self.comma is not None

    @property
    def settles(self) -> str:
        """Decimal mark that this text alone proves, nothing where it proves none."""
        if not self.is_number or self.point == self.comma:
            return ""
        return "" if self.is_ambiguous else "," if self.point is None else "."


NONE = Readings(None, None)


def readings(text: str) -> Readings:
    """Find all that a text can mean as a number.

    >>> readings("1.355,90").comma, readings("1.355,90").point
    (1355.9, None)
    >>> readings("12.500").is_ambiguous, readings("0.500").is_ambiguous, readings("1.250.000").comma
    (True, False, 1250000.0)
    >>> readings("(250)").point, readings("35 %").point, readings("$1,500"), readings("1 500,00").comma
    (-250.0, 0.35, Readings(point=1500.0, comma=None, currency='$', percent=False), 1500.0)
    """
    parts = _PARTS.fullmatch(text)
    if parts is None or bool(parts["open"]) != bool(parts["close"]):
        return NONE
    signs = sum(bool(parts[name]) for name in ("open", "sign", "inner", "behind"))
    currency, percent = parts["before"] or parts["after"] or "", bool(parts["percent"])
    if signs > 1 or (parts["before"] and parts["after"]) or (percent and currency):
        return NONE
    negative = bool(parts["open"] or parts["behind"] or (parts["sign"] + parts["inner"]).strip("+"))
    point, comma = (_read(parts["body"], mark) for mark in ".,")
    if currency and SYMBOLS.get(currency, currency) not in THREE_DECIMALS:
        point, comma = _as_money(parts["body"], point, comma)
    return Readings(_scaled(point, negative, percent), _scaled(comma, negative, percent), currency, percent)


def _as_money(body: str, point: float | None, comma: float | None) -> tuple[float | None, float | None]:
    """Money has two decimals: three digits after its only mark are thousands."""
    if point != comma and re.fullmatch("[0-9]{1,3}[.,][0-9]{3}", body):
        return (point, None) if "," in body else (None, comma)
    return point, comma


def _scaled(value: float | None, negative: bool, percent: bool) -> float | None:
    if value is None:
        return None
    size = round(value / 100, 15) if percent else value  # 8.25% is 0.0825, not 0.08249999999999999
    return -size if negative else size


def _read(body: str, decimal: str) -> float | None:
    """Read digits with marks, ``decimal`` being the decimal mark; None where they cannot be read so."""
    if not _pattern(decimal).fullmatch(body):
        return None
    return float(re.sub(f"[^0-9eE+{MINUS_SIGNS}{decimal}]", "", body).replace(decimal, "."))


@cache
def _pattern(decimal: str) -> re.Pattern[str]:
    point, other = re.escape(decimal), re.escape("," if decimal == "." else ".")
    plain = rf"(?:[0-9]+(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][-+]?[0-9]{{1,3}})?"
    mark = f"(?P<mark>[{other}{BLANKS}{APOSTROPHES}])"
    groups = rf"[1-9][0-9]{{0,2}}{mark}[0-9]{{3}}(?:(?P=mark)[0-9]{{3}})*(?:{point}[0-9]+)?"
    indian = r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?" if decimal == "." else "(?!)"
    return re.compile(f"{plain}|{groups}|{indian}")


def both_readings(text: str) -> str:
    """Say what an ambiguous number could mean.

    >>> both_readings("12.500")
    '12.500 can be 12.5 or 12500; write 12.5 or 12500'
    """
    found = readings(text)
    point, comma = (f"{value:.15g}" for value in (found.point or 0.0, found.comma or 0.0))
    if found.percent:
        point, comma = (f"{100 * (value or 0.0):.15g}%" for value in (found.point, found.comma))
    small, large = (point, comma) if abs(found.point or 0) <= abs(found.comma or 0) else (comma, point)
    return f"{text.strip()} can be {small} or {large}; write {small} or {large}"


def read_number(text: str) -> float | None:
    """Read a number that stands alone; None where it is no number, or money (the caller words that).

    Raises
    ------
    ValueError
        Where the text is ambiguous, with both readings.

    >>> read_number("12,5"), read_number("1250"), read_number("12k")
    (12.5, 1250.0, None)
    >>> read_number("400.000")
    Traceback (most recent call last):
    ValueError: 400.000 can be 400 or 400000; write 400 or 400000
    """
    if _WHOLE.fullmatch(text):
        return float(text)
    found = readings(text)
    if found.currency or not found.is_number:
        return None
    if found.is_ambiguous:
        raise ValueError(both_readings(text))
    return found.point if found.point is not None else found.comma


def settled_mark(texts: Iterable[Readings]) -> str:
    """Find the decimal mark that the values of a column prove.

    Returns nothing where none does, and both marks where the values contradict each other.

    >>> settled_mark(map(readings, ["12.500", "3,5"])), settled_mark(map(readings, ["12.500", "700"]))
    (',', '')
    """
    marks = {found.settles for found in texts} - {""}
    return "".join(sorted(marks))
