"""What the key figures were: one file for each day as of which reports were made, beside the reports."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from io import BytesIO
from itertools import islice, starmap
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from vs_toolkit.batch.folder import Folder
from vs_toolkit.reports.changes import DONE, Earlier, Key, Row, keys_of, results_of

HISTORY = "history"
DAY = re.compile(rf"{HISTORY}/(\d{{4}}-\d\d-\d\d)\.parquet")


class Line(NamedTuple):
    """A key figure of a report as of a day; a row of SCHEMA."""

    as_of: date
    customer_id: str
    customer_name: str
    notebook: str
    edition: str
    figure: str
    label: str
    unit: str
    about: str
    value: float | None

    @property
    def key(self) -> Key:
        """What it is compared by with the same figure of another day."""
        return self.customer_id, self.notebook, self.edition, self.figure


SCHEMA = pa.schema(
    {
        "as_of": pa.date32(),
        "customer_id": pa.string(),
        "customer_name": pa.string(),
        "notebook": pa.string(),
        "edition": pa.string(),
        "figure": pa.string(),
        "label": pa.string(),
        "unit": pa.string(),
        "about": pa.string(),
        "value": pa.float64(),
    }
)
KEY = ("customer_id", "notebook", "edition", "figure")
MOST_AT_ONCE = 32  # files in memory; a day of 1,000 customers has about 100 KB


def merged(content: bytes | None, rows: Sequence[Row]) -> bytes:
    """File of a day with the figures of these reports in the place of what they were before.

    Reports that are not among the rows keep theirs, unless they are of another edition: a folder holds one
    edition only. The same rows give the same bytes, whatever was merged in between.

    Parameters
    ----------
    content
        The file as it is, None if there is none yet.
    rows
        Rows of the index, all finished and of one day.
    """
    made = {(row["customer_id"] or "", row["notebook"]) for row in rows}
    editions = {row["edition"] for row in rows}
    lines = [
        line
        for line in _lines(_read(content))
        if line.edition in editions and (line.customer_id, line.notebook) not in made
    ]
    lines += (line for row in rows for line in _told(row))
    lines.sort(key=lambda line: line.key)
    sink = BytesIO()
    pq.write_table(_table(lines), sink, compression="zstd")
    return sink.getvalue()


def _table(lines: Sequence[Line]) -> pa.Table:
    columns = zip(*lines, strict=True) if lines else ((),) * len(SCHEMA)
    return pa.table([pa.array(values, one.type) for values, one in zip(columns, SCHEMA, strict=True)], SCHEMA)


def _lines(table: pa.Table) -> Iterator[Line]:
    return starmap(Line, zip(*(column.to_pylist() for column in table.columns), strict=True))


def _told(row: Row) -> Iterator[Line]:
    for result in results_of(row, {}):
        yield Line(
            date.fromisoformat(row["as_of"]),
            row["customer_id"] or "",
            row["customer_name"] or "",
            row["notebook"],
            row["edition"],
            result.name,
            result.label,
            result.unit,
            result.about,
            result.value,
        )


def _read(content: bytes | None) -> pa.Table:
    """Rows of a file; a file of another kind tells nothing."""
    try:
        return pq.read_table(BytesIO(content or b"")).cast(SCHEMA)
    except (pa.ArrowException, ValueError, OSError):
        return SCHEMA.empty_table()


def editions(folder: Folder) -> set[str]:
    """Editions of the reports whose figures are remembered in a folder."""
    contents = folder.read_all(folder.names(f"{HISTORY}/*.parquet"))
    return {edition for content in contents.values() for edition in _read(content)["edition"].to_pylist()}


def remembered(folder: Folder, rows: Sequence[Row]) -> Iterator[tuple[str, bytes]]:
    """Name and content of the files of the days as of which finished reports were made."""
    by_day: dict[str, list[Row]] = {}
    for row in rows:
        if row["status"] in DONE:
            by_day.setdefault(f"{HISTORY}/{row['as_of']}.parquet", []).append(row)
    names = iter(sorted(by_day))
    while some := list(islice(names, MOST_AT_ONCE)):
        known = folder.read_all(some)
        for name in some:
            yield name, merged(known.get(name), by_day[name])


def last_time(folder: Folder, rows: Sequence[Row]) -> dict[Key, Earlier]:
    """Find what each figure was the last time before the day as of which its report was made.

    Days are read from the newest back, only as far as there is something left to find.

    >>> folder = Folder("memory://history-example")
    >>> figures = {"npv": {"value": 2.0, "unit": "EUR", "label": "NPV"}}
    >>> may, june = (dict(customer_id="C1", customer_name="One", notebook="plan", edition="internal",
    ...              status="ok", as_of=day, figures=figures) for day in ("2026-05-31", "2026-06-30"))
    >>> for name, content in remembered(folder, [may, june]):
    ...     folder.write(name, content)
    >>> last_time(folder, [june])["C1", "plan", "internal", "npv"].as_of, last_time(folder, [may])
    ('2026-05-31', {})
    """
    missing = {key: row["as_of"] for row in rows if row["status"] in DONE for key in keys_of(row).values()}
    found: dict[Key, Earlier] = {}
    for day, content in _newest_first(folder, before=max(missing.values(), default="")):
        for line in _sought(_read(content), missing):
            if missing.get(line.key, "") > day:
                found[line.key] = Earlier(day, line.label, line.unit, line.about, line.value)
                del missing[line.key]
        if not missing:
            break
    return found


def _newest_first(folder: Folder, before: str) -> Iterator[tuple[str, bytes]]:
    """Read days back from the one before: mostly the newest is enough, and else more and more at a time."""
    matches = map(DAY.fullmatch, reversed(folder.names(f"{HISTORY}/*.parquet")))
    names = iter([(match[1], match[0]) for match in matches if match and match[1] < before])
    size = 1
    while some := list(islice(names, size)):
        contents = folder.read_all([name for _, name in some])
        yield from ((day, contents[name]) for day, name in some if name in contents)
        size = min(2 * size, MOST_AT_ONCE)


def _sought(table: pa.Table, keys: Collection[Key]) -> list[Line]:
    """Leave out what nobody looks for before it becomes Python objects: most of it by customer and figure."""
    for name, values in zip(KEY, zip(*keys, strict=True), strict=True):
        table = table.filter(pc.is_in(table[name], pa.array(sorted(set(values)))))
    names = pc.binary_join_element_wise(*(table[name] for name in KEY), "\0")
    return list(_lines(table.filter(pc.is_in(names, pa.array(map("\0".join, keys))))))
