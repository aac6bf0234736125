"""What is done and what it was made from: one small JSON file beside each report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter

from vs_toolkit.batch.folder import Folder
from vs_toolkit.reports.key_figures import is_figure

Status = Literal["ok", "failed", "timed out", "kernel died"]


def digest(value: object) -> str:
    """Hash of anything that JSON can write, the same on every machine and day.

    >>> digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Entry:
    """One row of the ledger, of the index and of ``vs-toolkit status``.

    ``made_from`` has a hash each of notebook, parameters, data, toolkit and installed packages, ``read`` of
    the files beside the notebook that it read; ``href`` leads to the report, ``partial`` to the partial
    notebook of a failed job, both from the output folder, empty if absent; ``size`` is that of the report in
    bytes; ``files`` are the other formats of the report with their sizes, ``lost`` those that failed with the
    reason;
    ``remarks`` name what the page could not show. ``detail`` is the whole reason of a failure, for the person
    who runs the batch: it is not stored.
    """

    notebook: str
    customer_id: str
    customer_name: str
    edition: str
    as_of: str
    made_from: Mapping[str, str]
    status: Status
    seconds: float = 0.0
    error: str = ""
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    href: str = ""
    partial: str = ""
    size: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    lost: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    read: Mapping[str, str] = field(default_factory=dict)
    detail: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Customer and notebook: what a report is a report on."""
        return self.customer_id, self.notebook

    @property
    def ok(self) -> bool:
        """Whether there is a report."""
        return self.status == "ok"

    @property
    def is_complete(self) -> bool:
        """Whether there is a report in every format that was wanted."""
        return self.ok and not self.lost

    def to_json(self) -> str:
        """Write it as the text of its file."""
        return json.dumps(asdict(replace(self, detail="")), indent=1, ensure_ascii=False) + "\n"


def changes(entry: Entry, made_from: Mapping[str, str]) -> tuple[str, ...]:
    """Name what the report would now be made from differently; empty if it is up to date.

    >>> entry = Entry("plan", "C001", "One", "internal", "2026-06-30", {"data": "a", "notebook": "n"}, "ok")
    >>> changes(entry, {"data": "b", "notebook": "n"})
    ('data',)
    """
    return tuple(name for name, value in made_from.items() if entry.made_from.get(name) != value)


@dataclass(frozen=True)
class Ledger:
    """What lies in an output folder: the entries by the name of their file, and the size of every file."""

    entries: Mapping[str, Entry]
    sizes: Mapping[str, int]

    def is_whole(self, entry: Entry) -> bool:
        """Whether the report of an entry is there in all its formats, as long as when it was written."""
        files = {entry.href: entry.size, **entry.files}
        return all(self.sizes.get(name) == size for name, size in files.items())


def read_ledger(folder: Folder) -> Ledger:
    """Read every entry of an output folder, in the order of the names; files not ours are left out."""
    sizes = folder.sizes()
    names = [name for name in sizes if name.count("/") == 1 and name.endswith(".json")]
    entries = {name: _entry(name, text) for name, text in folder.read_all(names).items()}
    return Ledger({name: entry for name, entry in entries.items() if entry}, sizes)


def _entry(name: str, text: bytes) -> Entry | None:
    """Read one; anybody may have put it there, so that what it leads to must lie beside it."""
    try:
        entry = _ENTRY.validate_json(text)
        is_day = date.fromisoformat(entry.as_of).isoformat() == entry.as_of
    except ValueError:
        return None
    stem = name.removesuffix(".json")
    is_beside = entry.href in ("", f"{stem}.html") and entry.partial in ("", f"{stem}.failed.ipynb")
    stated = all(is_figure({"name": key, **figure}) for key, figure in entry.figures.items())
    return entry if is_day and is_beside and stated else None


_ENTRY = TypeAdapter(Entry)
