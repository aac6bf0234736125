"""How numbers, money, shares, months and days are written; rounding happens here and nowhere else."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from datetime import date

MISSING = "–"  # what a reader sees where nothing is known: missing is not zero
MINUS = "−"
THIN = "\u202f"


def _missing(value: float | None) -> bool:
    return value is None or math.isnan(value)


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with thin spaces between thousands and a true minus sign.

    >>> number(-1234567.8)
    '−1\u202f234\u202f568'
    >>> number(None)
    '–'
    """
    if value is None or math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    text = f"{abs(value):,.{digits}f}".replace(",", THIN)
    is_zero = not text.strip("0.")
    return text if value >= 0 or is_zero else MINUS + text


def money(value: float | None, currency: str, digits: int | None = None) -> str:
    """Write an amount to three figures (below 10,000 in full) with its ISO currency.

    >>> money(5496170, "USD"), money(950, "EUR"), money(-12600, "USD"), money(862086, "EUR")
    ('5.50 M USD', '950 EUR', '−12.6 k USD', '862 k EUR')
    >>> money(0.4, "EUR")
    '0.40 EUR'
    """
    if _missing(value):
        return MISSING
    assert value is not None
    scale, suffix = _scale(value)
    places = digits if digits is not None else _places(abs(value) / scale, bool(suffix))
    return f"{number(value / scale, places)}{' ' + suffix if suffix else ''} {currency}"


def _places(size: float, scaled: bool) -> int:
    """Decimals that make three figures; an amount written in full has cents only when it is small."""
    if not scaled:
        return 2 if size < 100 and size % 1 else 0
    return 0 if size >= 99.95 else 2 if size < 9.995 else 1


def _scale(value: float) -> tuple[float, str]:
    size = abs(value)
    for limit, scale, suffix in ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k")):
        if size >= limit * 0.9995:
            return scale, suffix
    return 1.0, ""


def percent(value: float | None, digits: int = 1) -> str:
    """Write a fraction as per cent.

    >>> percent(0.0825), percent(-0.5, 0), percent(None)
    ('8.2 %', '−50 %', '–')
    """
    return MISSING if _missing(value) else f"{number(value * 100, digits)} %"  # type: ignore[operator]


def months(value: float | None) -> str:
    """Write a number of years as months or years, as one would say it.

    >>> months(0.21), months(2.5), months(None)
    ('2.5 months', '2.5 years', 'never')
    """
    if _missing(value):
        return "never"
    assert value is not None
    return f"{number(value * 12, 1)} months" if value < 2 else f"{number(value, 1)} years"


def day(value: date | None) -> str:
    """Write a day so that no reader takes the month for the day.

    >>> day(date(2026, 3, 9))
    '9 Mar 2026'
    """
    return MISSING if value is None else f"{value.day} {value:%b %Y}"


def number_of(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun.

    >>> number_of(1, "assumption"), number_of(3, "currency", "currencies")
    ('1 assumption', '3 currencies')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def plain(value: float | None) -> str:
    """Write a number to about three figures, without digits that say nothing.

    >>> plain(8.25), plain(3.0), plain(1234.5), plain(0.0125)
    ('8.25', '3', '1\u202f234', '0.0125')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return number(value)
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = number(value, places)
    return text.rstrip("0").rstrip(".") if places else text


_UNITS: dict[str, Callable[[float | None], str]] = {
    "share": percent,
    "fraction": percent,
    "years": months,
    "": plain,
}


def measured(value: float | None, unit: str) -> str:
    """Write a number in its unit: an ISO currency, ``share`` or ``fraction``, ``years``, nothing, or a word.

    >>> measured(5496170, "USD"), measured(0.31, "share"), measured(0.5, "years"), measured(4, "turns")
    ('5.50 M USD', '31.0 %', '6.0 months', '4 turns')
    """
    if unit in _UNITS:
        return _UNITS[unit](value)
    if re.fullmatch("[A-Z]{3}", unit):
        return money(value, unit)
    return MISSING if _missing(value) else f"{plain(value)} {unit}"


def difference(value: float | None, unit: str) -> str:
    """Write how much a figure has changed, with its sign; that of a share in percentage points.

    >>> difference(12600, "EUR"), difference(-0.021, "share"), difference(0, ""), difference(None, "EUR")
    ('+12.6 k EUR', '−2.1 points', 'unchanged', '–')
    >>> difference(0.0001, "share"), difference(-2.5, "years")
    ('about the same', '−2.5 years')
    """
    if _missing(value):
        return MISSING
    assert value is not None
    if value == 0:
        return "unchanged"
    size = abs(value)
    text = f"{number(size * 100, 1)} points" if unit in ("share", "fraction") else measured(size, unit)
    return f"{'+' if value > 0 else MINUS}{text}" if re.search("[1-9]", text) else "about the same"


def common_scale(values: Iterable[float], currency: str) -> tuple[float, str]:
    """Divisor and name of the one unit in which a whole table of amounts is written.

    >>> common_scale([1_250_000, -40_000], "USD"), common_scale([900, 40], "EUR")
    ((1000.0, 'k USD'), (1.0, 'EUR'))
    """
    sizes = [abs(value) for value in values if math.isfinite(value)]
    scale = next((s for limit, s in ((1e9, 1e6), (1e5, 1e3)) if max(sizes, default=0.0) >= limit), 1.0)
    return scale, {1e6: "M ", 1e3: "k ", 1.0: ""}[scale] + currency
