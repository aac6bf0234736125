"""How numbers, money, shares, durations and days are written; rounding happens here and nowhere else.

One style for everything a person reads: ``EUR 1.12m``, ``8.3%``, ``1,234``, ``12–27``. Halves are rounded up,
as Excel shows them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html import escape

THOUSANDS, POINT = ",", "."  # the marks of every number that is written
MISSING = "–"  # what a reader sees where nothing is known: missing is not zero
MINUS = "−"
SCALES = ("k", "m", "bn")
LARGEST_EXACT = 1e15  # beyond, a float has no digits behind the point


class Brief:
    """Shows itself as a few facts instead of everything it holds; for results that a notebook displays."""

    def facts(self) -> Mapping[str, object]:
        """Name of each fact with its value, as a reader sees it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Write the facts on one line."""
        facts = ", ".join(f"{name}: {value}" for name, value in self.facts().items())
        return f"{type(self).__name__}({facts})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th style="text-align: left">{escape(name)}</th>'
            f'<td style="text-align: left">{escape(str(value))}</td></tr>'
            for name, value in self.facts().items()
        )
        return f"<table><tbody>{rows}</tbody></table>"


def is_missing(value: float | None) -> bool:
    """Whether there is no number: None or NaN.

    >>> is_missing(None), is_missing(float("nan")), is_missing(0.0)
    (True, True, False)
    """
    return value is None or math.isnan(value)


def number(value: float | None, digits: int = 0, *, signed: bool = False) -> str:
    """Write a number to ``digits`` decimals, with its sign if ``signed``.

    >>> number(-1234567.8), number(2.5), number(0.125, 2), number(None)
    ('−1,234,568', '3', '0.13', '–')
    >>> number(12, signed=True), number(-0.01, 1)
    ('+12', '0.0')
    """
    return MISSING if is_missing(value) else _scaled(value, digits, signed=signed)  # type: ignore[arg-type]


def _scaled(value: float, digits: int, *, times: int = 1, over: float = 1.0, signed: bool = False) -> str:
    """Write ``value * times / over``; fifteen digits count, as in Excel, so that 0.285 is 28.5%."""
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    exact = Decimal(f"{float(value):.15g}") * times / Decimal(over)
    if abs(exact) < LARGEST_EXACT:
        exact = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(exact):,.{digits}f}".translate({ord(","): THOUSANDS, ord("."): POINT})
    if exact == 0:
        return text
    return (MINUS if exact < 0 else "+" if signed else "") + text


def money(value: float | None, currency: str, digits: int | None = None, *, signed: bool = False) -> str:
    """Write an amount to three figures (below 10,000 in full) with its ISO currency.

    >>> money(5496170, "USD"), money(950, "EUR"), money(-12600, "USD"), money(862086, "EUR")
    ('USD 5.50m', 'EUR 950', 'USD −12.6k', 'EUR 862k')
    >>> money(0.4, "EUR"), money(0.085, "EUR"), money(1.2e9, "EUR", signed=True)
    ('EUR 0.40', 'EUR 0.085', 'EUR +1.20bn')
    """
    if is_missing(value):
        return MISSING
    assert value is not None
    scale, suffix = _scale(value)
    places = digits if digits is not None else _places(abs(value) / scale, bool(suffix))
    return f"{currency} {_scaled(value, places, over=scale, signed=signed)}{suffix}".strip()


def _places(size: float, scaled: bool) -> int:
    """Decimals that make three figures; an amount written in full has cents only when it is small."""
    if not scaled and 0 < size < 0.1:
        return 1 - math.floor(math.log10(size))
    if not scaled:
        return 2 if size < 100 and size % 1 else 0
    return 0 if size >= 99.95 else 2 if size < 9.995 else 1


def _scale(value: float) -> tuple[float, str]:
    size = abs(value)
    for limit, scale, suffix in ((1e9, 1e9, "bn"), (1e6, 1e6, "m"), (1e4, 1e3, "k")):
        if size >= limit * 0.9995:
            return scale, suffix
    return 1.0, ""


def percent(value: float | None, digits: int = 1, *, signed: bool = False) -> str:
    """Write a fraction as per cent.

    >>> percent(0.0825), percent(-0.5, 0), percent(None), percent(0.285, 0)
    ('8.3%', '−50%', '–', '29%')
    """
    if is_missing(value):
        return MISSING
    return f"{_scaled(value, digits, times=100, signed=signed)}%"  # type: ignore[arg-type]


def sample_share(value: float) -> str:
    """Write a share of simulations; what never happened in a sample is rare, not impossible.

    >>> sample_share(1.0), sample_share(0.9996), sample_share(0.93), sample_share(0.0)
    ('all', 'over 99%', '93%', 'none')
    """
    if value in (0.0, 1.0):
        return "all" if value else "none"
    if value > 0.99:
        return "over 99%"
    return "under 1%" if value < 0.01 else percent(value, 0)


def simulations(share: float, draws: int) -> str:
    """Write in how many of the simulations something happened.

    >>> simulations(1.0, 5000), simulations(0.996, 5000)
    ('all 5,000 simulations', 'over 99% of 5,000 simulations')
    """
    return f"{sample_share(share)} {'' if share == 1 else 'of '}{number(draws)} simulations"


def months(value: float | None, missing: str = MISSING) -> str:
    """Write a number of years in months, or in years from two years on.

    >>> months(0.21), months(2.5), months(None), months(None, "never")
    ('2.5 months', '2.5 years', '–', 'never')
    """
    if is_missing(value):
        return missing
    assert value is not None
    return f"{number(value * 12, 1)} months" if abs(value) < 2 else f"{number(value, 1)} years"


def day(value: date | None) -> str:
    """Write a day so that no reader takes the month for the day.

    >>> day(date(2026, 3, 9))
    '9 Mar 2026'
    """
    return MISSING if value is None else f"{value.day} {value:%b %Y}"


def number_of(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun.

    >>> number_of(1, "assumption"), number_of(3, "currency", "currencies"), number_of(1239, "day")
    ('1 assumption', '3 currencies', '1,239 days')
    """
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def listed(names: Iterable[str], most: int | None = 3, word: str = "and") -> str:
    """Join names, the first few in full; without a limit, all of them.

    >>> listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C", "D", "E"])
    ('A', 'A and B', 'A, B, C and 2 more')
    """
    given = list(names)
    more = 0 if most is None else len(given) - most
    shown = [*given[:most], f"{more} more"] if more > 0 else given
    return f" {word} ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def plain(value: float | None) -> str:
    """Write a number to about three figures, without trailing zeros.

    >>> plain(8.25), plain(3.0), plain(1234.5), plain(0.0125)
    ('8.25', '3', '1,235', '0.0125')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return number(value)
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = number(value, places)
    return text.rstrip("0").rstrip(POINT) if places else text


def fraction(value: float | None) -> str:
    """Write a fraction that is multiplied with other numbers: about three figures, however small it is.

    >>> fraction(0.0008), fraction(0.84), fraction(0.1255), fraction(None)
    ('0.08%', '84%', '12.6%', '–')
    """
    return MISSING if is_missing(value) else f"{plain(float(f'{100 * value:.12g}'))}%"  # type: ignore[operator]


_UNITS: dict[str, Callable[[float | None], str]] = {
    "share": percent,
    "fraction": fraction,
    "years": months,
    "": plain,
}


def measured(value: float | None, unit: str) -> str:
    """Write a number in its unit: an ISO currency, ``share`` or ``fraction``, ``years``, nothing, or a word.

    >>> measured(5496170, "USD"), measured(0.31, "share"), measured(0.5, "years"), measured(4, "turns")
    ('USD 5.50m', '31.0%', '6.0 months', '4 turns')
    """
    if unit in _UNITS:
        return _UNITS[unit](value)
    if is_currency(unit):
        return money(value, unit)
    return MISSING if is_missing(value) else f"{plain(value)} {unit}"


def is_currency(unit: str) -> bool:
    """Whether a unit has the form of an ISO currency.

    >>> is_currency("EUR"), is_currency("share")
    (True, False)
    """
    return re.fullmatch("[A-Z]{3}", unit) is not None


def between(low: float | None, high: float | None, unit: str = "") -> str:
    """Write an interval; what both ends share is written once.

    >>> between(12, 27), between(0.25, 0.384, "share"), between(900_000, 1_300_000, "EUR")
    ('12–27', '25.0–38.4%', 'EUR 900k–1.30m')
    >>> between(-5, 3, "days"), between(None, 3)
    ('−5 to 3 days', '–')
    """
    if is_missing(low) or is_missing(high):
        return MISSING
    return joined(measured(low, unit), measured(high, unit))


def joined(low: str, high: str) -> str:
    """Join the two ends of an interval, each written; unit and scale stand once where both have the same.

    >>> joined("EUR 1.10m", "EUR 1.30m"), joined("3.0 months", "2.5 years")
    ('EUR 1.10–1.30m', '3.0 months–2.5 years')
    >>> joined("EUR −36.7k", "EUR 595k")
    'EUR −36.7k to 595k'
    """
    if low == high:
        return low
    before = re.match(r"[A-Z]{3} ", low)
    start = before.group() if before and high.startswith(before.group()) else ""
    tails = [re.search(r"[^\d∞]*$", text).group() for text in (low, high)]  # type: ignore[union-attr]
    negative = MINUS in low + high  # "−21.7 to 872k" would leave open whether −21.7 is in thousands
    end = tails[0] if tails[0] == tails[1] and not (negative and tails[0] in SCALES) else ""
    near, far = low.removeprefix(start).removesuffix(end), high.removeprefix(start)
    return f"{start}{near}{' to ' if negative else '–'}{far}"


def difference(value: float | None, unit: str) -> str:
    """Write how much a figure has changed, with its sign; that of a share in percentage points.

    >>> difference(12600, "EUR"), difference(-0.021, "share"), difference(0, ""), difference(None, "EUR")
    ('EUR +12.6k', '−2.1 points', 'unchanged', '–')
    >>> difference(0.0001, "share"), difference(-2.5, "years")
    ('about the same', '−2.5 years')
    """
    if is_missing(value):
        return MISSING
    assert value is not None
    if value == 0:
        return "unchanged"
    if is_currency(unit):
        text = money(value, unit, signed=True)
    elif unit in ("share", "fraction"):
        text = f"{number(value * 100, 1, signed=True)} points"
    else:
        text = measured(value, unit) if value < 0 else f"+{measured(value, unit)}"
    return text if re.search("[1-9]", text) else "about the same"


def common_scale(values: Iterable[float], currency: str) -> tuple[float, str]:
    """Divisor and name of the one unit in which a whole table of amounts is written.

    >>> common_scale([1_250_000, -40_000], "USD"), common_scale([900, 40], "EUR")
    ((1000.0, 'USD thousand'), (1.0, 'EUR'))
    """
    sizes = [abs(value) for value in values if math.isfinite(value)]
    scale = next((s for limit, s in ((1e9, 1e6), (1e5, 1e3)) if max(sizes, default=0.0) >= limit), 1.0)
    return scale, currency + {1e6: " million", 1e3: " thousand", 1.0: ""}[scale]
