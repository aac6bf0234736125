"""The files of a report beside its page: PDF, workbook, slides; and what joins all reports of a customer."""

from __future__ import annotations

import atexit
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from nbformat import NotebookNode

from vs_toolkit.batch.failure import reason
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.ledger import Entry
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.formats import day
from vs_toolkit.reports.files import MAKERS, taken_files
from vs_toolkit.reports.pages import title_of
from vs_toolkit.reports.pdf import Paper, Printers
from vs_toolkit.reports.review_pack import pack_html

HTML, PDF, DECK = "html", "pdf", "pptx"
FORMATS = (HTML, PDF, *MAKERS)
PACK = "review_pack"
COVER = "index.html"


@dataclass
class Files:
    """What was made of a report beside its page: name -> size in bytes, and format -> why it failed."""

    sizes: dict[str, int] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)


@cache
def _printers() -> Printers:
    printers = Printers(os.cpu_count() or 1)
    atexit.register(printers.close)
    return printers


def close_printers() -> None:
    """End the browsers of this process."""
    if _printers.cache_info().currsize:
        _printers().close()


def write_files(
    folder: Folder, name: str, formats: Iterable[str], paper: Paper, page: str, notebook: NotebookNode
) -> Files:
    """Write the other formats of a report; one that fails costs neither the report nor the others."""
    files, made = Files(), taken_files(notebook)
    for one in formats:
        try:
            content = _printers().print(page, paper) if one == PDF else made.get(one, "was not made")
            if isinstance(content, str):
                raise VsToolkitError(content)
            folder.write(f"{name}.{one}", content)
        except Exception as error:  # whatever a browser or a disk can do
            files.lost[one] = reason(error)
            folder.remove(f"{name}.{one}")  # an older file would be taken for this one
        else:
            files.sizes[f"{name}.{one}"] = len(content)
    return files


def write_review_packs(
    folder: Folder, entries: Iterable[Entry], formats: Collection[str], paper: Paper
) -> dict[str, str]:
    """Join the cover and all reports of each customer; gives what failed, by customer.

    One PDF for each, and where decks are wanted one review deck; only the deck where no PDF is wanted.
    """
    by_place: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.ok and entry.href:
            by_place.setdefault(entry.href.partition("/")[0], []).append(entry)
    failed: dict[str, str] = {}
    for place, unordered in by_place.items():
        reports = sorted(unordered, key=lambda entry: entry.notebook)
        try:
            if DECK in formats:
                _write_deck(folder, place, reports)
            if PDF in formats or DECK not in formats:
                _write_pack(folder, place, reports, paper)
        except Exception as error:  # one customer's pack must not cost the others theirs
            failed[place] = reason(error)
    return failed


def _write_pack(folder: Folder, place: str, reports: list[Entry], paper: Paper) -> None:
    names = [f"{place}/{COVER}", *(entry.href for entry in reports)]
    pages: Mapping[str, bytes] = folder.read_all(names)
    head = f"{_who(reports)} · {_facts(reports)}"
    joined = pack_html(_who(reports), head, (pages[name].decode() for name in names if name in pages))
    folder.write(f"{place}/{PACK}.{PDF}", _printers().print(joined, paper))


def _write_deck(folder: Folder, place: str, reports: list[Entry]) -> None:
    from vs_toolkit.reports.review_deck import Report, review_deck

    names = {f"{place}/{entry.notebook}.{DECK}": entry for entry in reports}
    found = [
        Report(title_of(names[name].notebook), content, names[name].figures)
        for name, content in folder.read_all(names).items()
    ]
    if found:
        newest = date.fromisoformat(max(entry.as_of for entry in reports))
        folder.write(f"{place}/{PACK}.{DECK}", review_deck(_who(reports), _facts(reports), found, newest))


def _who(reports: list[Entry]) -> str:
    return reports[0].customer_name or "Company"


def _facts(reports: list[Entry]) -> str:
    newest = date.fromisoformat(max(entry.as_of for entry in reports))
    return f"as of {day(newest)} · {reports[0].edition} edition"
