"""Files of an export to frames of text, and columns of them to numbers, times and truth values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs import days
from vs_toolkit.inputs.sources.raw import Places, Raw, Wanted
from vs_toolkit.inputs.sources.readers import FILES, odd_file, row_places
from vs_toolkit.inputs.sources.record import Reading, folded
from vs_toolkit.inputs.sources.sheets import open_sheets, read_sheet
from vs_toolkit.inputs.tables.native import NAIVE_DAY, ZONED_DAY, all_match, native_numbers
from vs_toolkit.inputs.tables.settling import settle
from vs_toolkit.inputs.wording import found

EVIDENCE = 50  # values of other columns that may settle the order of day and month


@dataclass
class Export:
    """One file or sheet as text; remembers which columns were used and what was decided on them.

    ``zone`` is the time zone of the days (None: as they stand); ``naive_is_utc`` says that times without a
    zone
    are in UTC, because the system writes them so.
    """

    file: str
    frame: pd.DataFrame
    places: Places
    reading: Reading
    zone: ZoneInfo | None = None
    naive_is_utc: bool = False
    used: set[str] = field(default_factory=set)
    notes: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    zones: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._names = {folded(name): str(name) for name in self.frame.columns}

    def __len__(self) -> int:
        return len(self.frame)

    def name_of(self, *names: str) -> str:
        """Find the column that bears the first of these names; nothing where there is none."""
        return next((self._names[folded(name)] for name in names if folded(name) in self._names), "")

    def has(self, *names: str) -> bool:
        """Whether every one of these columns is there."""
        return all(folded(name) in self._names for name in names)

    def text(self, *names: str) -> pd.Series[Any]:
        """Text of a column; missing everywhere where there is no such column."""
        column = self.name_of(*names)
        if not column:
            return pd.Series(pd.NA, index=self.frame.index, dtype="str")
        self.used.add(column)
        stripped: pd.Series[Any] = self.frame[column].str.strip()
        return stripped.mask(stripped == "")

    def numbers(self, *names: str) -> pd.Series[float]:
        """Numbers of a column, its decimal mark decided for the whole column."""
        if (native := native_numbers(self.text(*names))) is not None:
            return native
        return self._typed(names, float, float).astype("float64")

    def truths(self, *names: str) -> pd.Series[Any]:
        """Truth values of a column, missing where it is blank."""
        return self._typed(names, bool, bool).astype("boolean")

    def moments(self, *names: str) -> pd.Series[Any]:
        """Times of a column, in the zone of the import; without a zone where none is known."""
        column = self.name_of(*names)
        if not column:
            return pd.Series(pd.NaT, index=self.frame.index, dtype="datetime64[us]")
        native = self._native(self.text(column))
        if native is None:
            return self._typed((column,), datetime, self._local).astype("datetime64[us]")
        return native

    def _native(self, text: pd.Series[Any]) -> pd.Series[Any] | None:
        """Times as the toolkit writes them, at once, where all bear a zone or none does."""
        zoned = all_match(text, ZONED_DAY)
        if not text.notna().any() or not (zoned or all_match(text, NAIVE_DAY)):
            return None
        try:
            moments = pd.to_datetime(text, format="ISO8601", utc=True)
        except ValueError:  # 2026-02-30 looks like a day
            return None
        self.zones.add("UTC" if zoned else "none")
        if self.zone and (zoned or self.naive_is_utc):
            moments = moments.dt.tz_convert(self.zone)
        return moments.dt.tz_localize(None).astype("datetime64[us]")

    def _local(self, value: Any) -> datetime:
        moment = value if isinstance(value, datetime) else _from_iso(str(value))
        self.zones.add("none" if moment.tzinfo is None else "UTC")
        if moment.tzinfo is None and not self.naive_is_utc:
            return moment
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return aware.astimezone(self.zone or UTC).replace(tzinfo=None)

    def _typed(self, names: Iterable[str], kind: type, convert: Callable[[Any], Any]) -> pd.Series[Any]:
        column = self.name_of(*names)
        if not column:
            return pd.Series(None, index=self.frame.index, dtype=object)
        codes, distinct = pd.factorize(self.text(column))
        values = distinct.tolist()
        settled = settle([*values, *self._evidence(column, kind)], kind)
        typed = [None] * len(values)
        for i in range(len(values)):
            try:
                typed[i] = None if i in settled.wrong else convert(settled.values[i])
            except ValueError:  # 2026-02-30 looks like a day
                settled.wrong[i] = days.MISREAD
            if i in settled.wrong:
                self._refuse(column, codes, i, settled.wrong[i] or days.MISREAD)
        for note in settled.notes:
            counts = sum(int((codes == i).sum()) for i in note.positions if i < len(values))
            if counts:
                self.notes.append((column, f"{note.text} ({counts:,})"))
        array = np.empty(len(typed) + 1, dtype=object)
        array[:-1], array[-1] = typed, None
        return pd.Series(array[codes], index=self.frame.index, dtype=object)

    def _evidence(self, column: str, kind: type) -> list[str]:
        """Days of other columns that settle the order of day and month: one export has one locale."""
        if kind is not datetime:
            return []
        texts = []
        for name in self.frame.columns:
            if name != column:
                sample = self.frame[name].dropna().unique()[:EVIDENCE].tolist()
                texts += [t for t in sample if (one := days.written(str(t))) is not None and one.order]
        return texts[:EVIDENCE]

    def _refuse(self, column: str, codes: np.ndarray[Any, Any], i: int, message: str) -> None:
        position = list(self.frame.columns).index(column)
        for row in np.flatnonzero(codes == i)[:20]:
            value = self.frame[column].iloc[int(row)]
            self.problems.append(
                Problem(self.file, self.places(int(row), position), column, found(value), message)
            )

    @property
    def unused(self) -> tuple[str, ...]:
        """Columns that nothing was taken from."""
        return tuple(str(name) for name in self.frame.columns if name not in self.used)


def _from_iso(text: str) -> datetime:
    written = days.written(text)
    if written is None or written.day is None:
        raise ValueError(days.MISREAD)
    return written.day


def read_exports(paths: Iterable[Path], known: Iterable[str]) -> list[Export]:
    """Read every file; a folder stands for the files in it. ``known`` are headers that help to find the
    header.

    Raises
    ------
    InputError
        With everything that is wrong with the files.
    """
    exports: list[Export] = []
    problems: list[Problem] = []
    wanted = Wanted.of(known)
    for path in _files(paths):
        try:
            exports += [_export(raw) for raw in _raws(path, wanted)]
        except InputError as error:
            problems += error.problems
        except OSError as error:
            problems.append(Problem(path.name, "", "", "", f"cannot be read: {error.strerror or error}"))
    if problems:
        raise InputError(problems)
    if not exports:
        raise InputError([Problem("export", "", "", "", "no file to import was found")])
    return exports


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                p for p in path.iterdir() if p.suffix.lower() in READERS and p.name[0] not in "._~"
            )
        else:
            yield path


def _raws(path: Path, wanted: Wanted) -> list[Raw]:
    suffix = path.suffix.lower()
    if suffix not in READERS:
        odd = odd_file(path.name)
        message = odd.message if odd else "is no file that can be imported: CSV, Excel or JSON"
        raise InputError([Problem(path.name, "", "", "", message)])
    return READERS[suffix](path.read_bytes(), path.stem, path.name, wanted)


def _one(content: bytes, stem: str, name: str, wanted: Wanted) -> list[Raw]:
    return [FILES[Path(name).suffix.lower()](content, stem, name, wanted)]


def _sheets(content: bytes, stem: str, name: str, wanted: Wanted) -> list[Raw]:
    raws = []
    for sheet in open_sheets(content, name):
        if sheet.rows and not sheet.hidden:
            raw = read_sheet(sheet, sheet.title, wanted, name)
            if isinstance(raw, InputError):
                raise raw
            raws.append(raw)
    return raws


def _json(content: bytes, stem: str, name: str, wanted: Wanted) -> list[Raw]:
    """A page of an interface (``results``, ``data``, ``value``), a list, or one object a line."""
    try:
        text = content.decode("utf-8-sig")
        items = _items(text)
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(name, "", "", "", f"not readable as JSON: {error}")]) from None
    rows = [_flat(item) for item in items if isinstance(item, dict)]
    frame = pd.DataFrame(rows, dtype=object)
    return [Raw(stem, name, frame, row_places, Reading(name, stem, len(frame), "JSON"))]


def _items(text: str) -> list[Any]:
    try:
        data = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(data, dict):
        held = next(
            (data[key] for key in ("results", "data", "value", "records") if isinstance(data.get(key), list)),
            None,
        )
        return [data] if held is None else held
    return data if isinstance(data, list) else []


def _flat(item: dict[str, Any]) -> dict[str, Any]:
    """Bring ``properties`` of HubSpot and the like to the top; what is a list stays JSON text."""
    flat: dict[str, Any] = {}
    for key, value in item.items():
        if key == "properties" and isinstance(value, dict):
            flat |= {
                k: v.get("value") if isinstance(v, dict) and "value" in v else v for k, v in value.items()
            }
        elif isinstance(value, dict) and key in ("_source", "fields"):
            flat |= value
        elif value is not None or key not in flat:
            flat[key] = value
    return {k: _plain(v) for k, v in flat.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.15g}" if abs(value) < 1e15 else str(value)
    return json.dumps(value)


READERS: dict[str, Callable[[bytes, str, str, Wanted], list[Raw]]] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".parquet"), _one),
    **dict.fromkeys((".xlsx", ".xlsm"), _sheets),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), _json),
}


def _export(raw: Raw) -> Export:
    frame = pd.DataFrame({str(name).strip(): _as_text(raw.frame[name]) for name in raw.frame.columns})
    return Export(raw.file, frame, raw.places, raw.reading)


def _as_text(column: pd.Series[Any]) -> pd.Series[Any]:
    if column.dtype == "str":
        return column
    return pd.Series([_cell(value) for value in column], index=column.index, dtype="str")


def _cell(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if isinstance(value, str) else str(value)
