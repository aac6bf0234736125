"""Days and times as people write them, in any locale: what a text can mean, and when it is ambiguous.

``03/04/2026`` is a day in March or in April; one text does not tell, the others of its column may. Words for
months are read in English, German and French. A time stays with its zone where one is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan janv", "feb fev fév févr", "mar mär mrz march mars märz", "apr avr", "may mai",
        "jun juin june juni",
         "jul juil july juli", "aug aoû août", "sep sept", "oct okt", "nov", "dec dez déc"), 1,
    ) for name in names.split()
}  # fmt: skip
_TIME = (
    r"(?:[T ,]+(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})(?P<mark>[-/.])(?P<a>\d{{1,2}})(?P=mark)(?P<b>\d{{1,2}}){_TIME}", re.ASCII
)
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<mark>[-/.])(?P<b>\d{{1,2}})(?P=mark)(?P<y>\d{{4}}|\d{{2}}){_TIME}", re.ASCII
)
_NAMED = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,\s+)?(?:(?P<d1>\d{1,2})\.?[- ]+(?P<m1>[^\W\d_]{3,10})\.?|"
    r"(?P<m2>[^\W\d_]{3,10})\.? (?P<d2>\d{1,2}),?)"
    rf"[- ]+(?P<y>\d{{4}}|\d{{2}}){_TIME}"
)
_SERIAL, _EPOCH = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII), re.compile(r"1\d{12}", re.ASCII)
_COMPACT = re.compile(r"(?:19|20)\d{6}", re.ASCII)
EXCEL_ZERO = datetime(1899, 12, 30)
SERIALS = (20_000, 80_000)  # 1954 to 2119: what a day of business can be
MISREAD = "write a date as 2026-06-30"


@dataclass(frozen=True)
class Written:
    """One text, taken apart: either ``day`` is known, or ``first`` and ``second`` are day and month in an
    order.
    """

    day: datetime | None = None
    first: int = 0
    second: int = 0
    year: int = 0
    rest: timedelta = timedelta()
    zone: timezone | None = None
    short_year: bool = False
    style: str = ""

    @property
    def order(self) -> str:
        """Order that this text alone proves: ``day`` or ``month`` first; nothing where it proves none."""
        if self.day is not None or self.first == self.second:
            return ""
        return "day" if self.first > 12 else "month" if self.second > 12 else ""

    def read(self, order: str) -> datetime | None:
        """Day and time, with day or month first; None where there is no such day."""
        if self.day is not None:
            return self.day
        day, month = (self.first, self.second) if order == "day" else (self.second, self.first)
        return _moment(self.year, month, day, self.rest, self.zone)


def _moment(year: int, month: int, day: int, rest: timedelta, zone: timezone | None) -> datetime | None:
    try:
        return datetime(year, month, day, tzinfo=zone) + rest
    except (ValueError, OverflowError):
        return None


def written(text: str) -> Written | None:
    """Take a text apart; None where it is no day.

    >>> written("30.06.2026").day, written("02/23/26 08:55 PM").order
    (datetime.datetime(2026, 6, 30, 0, 0), 'month')
    >>> written("03/04/2026").order, written("2017-08-04T09:09:33.000+0000").day.isoformat()
    ('', '2017-08-04T09:09:33+00:00')
    >>> written("31.02.2026") is None, written("5 Mai 2026").day.month
    (True, 5)
    """
    text = text.strip().replace("\u202f", " ").replace("\u00a0", " ")
    if found := _YEAR_FIRST.fullmatch(text):
        return _known(found, int(found["a"]), int(found["b"]), "")
    if found := _YEAR_LAST.fullmatch(text):
        if found["mark"] == ".":
            return _known(found, int(found["b"]), int(found["a"]), "dd.mm.yyyy")
        return _open(found)
    if found := _NAMED.fullmatch(text):
        month = _month(found["m1"] or found["m2"])
        return _known(found, month, int(found["d1"] or found["d2"]), "months in words") if month else None
    return None


def _month(word: str) -> int:
    folded = word.casefold()
    return MONTHS.get(folded) or MONTHS.get(folded[:3], 0)


def _known(found: re.Match[str], month: int, day: int, style: str) -> Written | None:
    rest, zone = _rest(found), _zone(found["zone"])
    moment = None if rest is None else _moment(_year(found["y"]), month, day, rest, zone)
    return None if moment is None else Written(moment, short_year=len(found["y"]) == 2, style=style)


def _open(found: re.Match[str]) -> Written | None:
    first, second, rest = int(found["a"]), int(found["b"]), _rest(found)
    if rest is None or not (1 <= first <= 31 and 1 <= second <= 31) or min(first, second) > 12:
        return None
    return Written(
        None, first, second, _year(found["y"]), rest, _zone(found["zone"]), len(found["y"]) == 2, "slashes"
    )


def _year(text: str) -> int:
    """Two digits mean 1970 to 2069, as in POSIX and Excel, near enough."""
    number = int(text)
    return number if len(text) == 4 else number + (2000 if number < 70 else 1900)


def _rest(found: re.Match[str]) -> timedelta | None:
    if found["h"] is None:
        return timedelta()
    hour, minute, second = int(found["h"]), int(found["min"]), int(found["s"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] in "Pp" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        return None
    micro = int((found["f"] or "0").ljust(6, "0")[:6])
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    shift = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-shift if text[0] == "-" else shift) if shift < timedelta(hours=24) else UTC


def from_serial(text: str) -> datetime | None:
    """Day number of Excel (1900 system).

    >>> from_serial("46113")
    datetime.datetime(2026, 4, 1, 0, 0)
    """
    if not _SERIAL.fullmatch(text.strip()) or not SERIALS[0] <= float(text) <= SERIALS[1]:
        return None
    return EXCEL_ZERO + timedelta(seconds=round(float(text) * 86_400))


def from_epoch(text: str) -> datetime | None:
    """Milliseconds since 1970, as interfaces (APIs) give them.

    >>> from_epoch("1774915200000")
    datetime.datetime(2026, 3, 31, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if not _EPOCH.fullmatch(text.strip()):
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def from_compact(text: str) -> datetime | None:
    """Eight digits, year first.

    >>> from_compact("20260630")
    datetime.datetime(2026, 6, 30, 0, 0)
    """
    text = text.strip()
    if not _COMPACT.fullmatch(text):
        return None
    return _moment(int(text[:4]), int(text[4:6]), int(text[6:]), timedelta(), None)


def both_days(text: str, one: Written) -> str:
    """Say what an ambiguous day could mean.

    >>> both_days("3/4/2026", written("3/4/2026"))[:68]
    '3/4/2026 can be 3 Apr 2026 or 4 Mar 2026, and nothing in the column '
    """
    days = [moment for order in ("day", "month") if (moment := one.read(order)) is not None]
    words = " or ".join(f"{moment.day} {moment:%b %Y}" for moment in days)
    iso = " or ".join(f"{moment:%Y-%m-%d}" for moment in days)
    return f"{text.strip()} can be {words}, and nothing in the column tells which; write {iso}"
