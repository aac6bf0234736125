"""What joins the reports of a folder: history, results, a cover page for each customer, and the index."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.history import last_time, remembered
from vs_toolkit.batch.notebooks import COVER
from vs_toolkit.batch.recipients import COMPANY, UNREAD
from vs_toolkit.inputs import safe_name
from vs_toolkit.reports.changes import Past, Row
from vs_toolkit.reports.cover import MARK, cover_html
from vs_toolkit.reports.index import index_html
from vs_toolkit.reports.pages import in_order
from vs_toolkit.reports.results import as_csv, as_parquet, results_table

LOG = logging.getLogger(__name__)
INDEX = "index.html"
RESULTS = "results.parquet"
MOST_AT_ONCE = 100  # files compared at a time, so that memory does not grow with the number of customers


def write_pack(
    folder: Folder,
    rows: Sequence[Mapping[str, Any]],
    without_report: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Write what joins the reports of a folder and return the name of the index.

    Only files whose content differs are written. The same rows give the same bytes, whatever their order.

    Parameters
    ----------
    folder
        Output folder of a batch.
    rows
        Rows of the index: the entries of the ledger, with the status ``stale`` where it applies and ``href``
        the report or the partial notebook.
    without_report
        Customers without a business case, by the notebook that needs one.

    >>> row = dict(customer_id="C1", customer_name="Acme", notebook="plan", edition="internal", status="ok",
    ...            seconds=1.5, error="", href="C1/plan.html", as_of="2026-06-30",
    ...            figures={"npv": {"value": 2.0, "unit": "EUR", "label": "NPV"}})
    >>> folder = Folder("memory://pack-example")
    >>> write_pack(folder, [row])
    'index.html'
    >>> folder.names("*"), folder.names("*/*")
    (['C1', 'history', 'index.html', 'results.csv', 'results.parquet'],
     ['C1/index.html', 'history/2026-06-30.parquet'])
    """
    ordered = sorted(map(_placed, map(_writable, rows)), key=_order)
    _write_changed(folder, remembered(folder, ordered))
    past = last_time(folder, ordered)
    pa.default_memory_pool().release_unused()
    lost = _write_covers(folder, ordered, past)
    for row in ordered if lost else ():
        row["cover"] = "" if row["cover"] in lost else row["cover"]
    _write_changed(folder, _joined(ordered, past, without_report))
    return INDEX


def write_results(folder: Folder, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the key figures alone, for reports that read those of others."""
    ordered = sorted(map(_placed, map(_writable, rows)), key=_order)
    table = results_table(ordered, last_time(folder, ordered))
    _write_changed(folder, [(RESULTS, as_parquet(table))])


def _writable(row: Row) -> Row:
    """Take out what no file can hold: half of a surrogate pair, which an escape in YAML can give."""
    text = json.dumps(row, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return dict(json.loads(text.encode("utf-8", "replace")))
    return row


def _placed(row: Row) -> dict[str, Any]:
    """Add the name of the customer's cover page; a case file that could not be read belongs to nobody."""
    place = row["href"].partition("/")[0] or (
        safe_name(row["customer_id"]) if row["customer_id"] else COMPANY
    )
    return {**row, "cover": "" if place.startswith(UNREAD) else f"{place}/{COVER}.html"}


def _order(row: Row) -> tuple[str, tuple[int, str], str]:
    return row["customer_id"] or "", in_order(row["notebook"]), row["edition"]


def _joined(
    rows: Sequence[Row], past: Past, without_report: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, bytes]]:
    index = index_html(rows, past, without_report=without_report).encode()  # first: it takes the most memory
    table = results_table(rows, past)
    yield RESULTS, as_parquet(table)
    yield "results.csv", as_csv(table)
    yield INDEX, index


def _write_covers(folder: Folder, rows: Sequence[Row], past: Past) -> set[str]:
    """Write a cover page for each customer and remove those of customers without any report.

    Returns the names of those that could not be written: one customer's folder must not cost the index.
    """
    by_cover: dict[str, list[Row]] = {}
    for row in rows:
        if row["cover"]:
            by_cover.setdefault(row["cover"], []).append(row)
    lost: set[str] = set()
    pages = ((name, cover_html(of_one, past).encode()) for name, of_one in by_cover.items())
    for name, content in _changed(folder, pages):
        try:
            folder.write(name, content)
        except OSError as error:
            LOG.warning("the cover page %s cannot be written: %s", name, error)
            lost.add(name)
    others = [name for name in folder.names(f"*/{COVER}.html") if name not in by_cover]
    for name, content in folder.read_all(others).items():
        if MARK.encode() in content:  # a page of that name may be somebody else's
            with contextlib.suppress(OSError):  # a folder that only somebody else may write
                folder.remove(name)
    return lost


def _write_changed(folder: Folder, files: Iterable[tuple[str, bytes]]) -> None:
    for name, content in _changed(folder, files):
        folder.write(name, content)


def _changed(folder: Folder, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Those files that do not lie in the folder just so."""
    left = iter(files)
    while some := dict(islice(left, MOST_AT_ONCE)):
        there = folder.read_all(some)
        yield from ((name, content) for name, content in some.items() if there.get(name) != content)
