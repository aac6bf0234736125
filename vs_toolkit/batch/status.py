"""The state of an output folder: completed, failed and stale reports, their key figures, the last run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from typing import Any

from vs_toolkit import formats
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.ledger import Entry, changes, read_ledger
from vs_toolkit.batch.notebooks import find_notebooks, load_notebook
from vs_toolkit.batch.recipients import recipients
from vs_toolkit.batch.record import PACK, Failure, Run, entry_failures, read_run
from vs_toolkit.batch.toolkit import packages_digest, toolkit_digest
from vs_toolkit.inputs import read_source, view
from vs_toolkit.inputs.views.editions import edition_named


@dataclass(frozen=True)
class State:
    """What lies in an output folder: its reports, failures first, and what the last run said.

    ``rows`` are entries with the status ``stale (…)`` where it applies, ``known`` what failed by the ledger.
    """

    rows: tuple[dict[str, Any], ...]
    known: tuple[Failure, ...]
    run: Run | None

    @property
    def failed(self) -> tuple[Failure, ...]:
        """Reports and files that failed, also those of the last run that no ledger entry tells of."""
        known = {(one.customer_id, one.notebook) for one in self.known}
        lost = self.run.failures if self.run else ()
        return (*self.known, *(one for one in lost if (one.customer_id, one.notebook) not in known))

    def lines(self) -> Iterator[str]:
        """Write a line for every report, then what is missing, then counts."""
        shown = {(row["customer_id"], row["notebook"]) for row in self.rows if row["failed"]}
        for one in self.failed:
            if (one.customer_id, one.notebook) not in shown:
                who = one.customer_id or "company"
                unknown = " (not in the ledger)" * (one not in self.known and one.notebook != PACK)
                yield f"{one.status}: {who} {one.notebook}: {one.error}{unknown}"
        yield from map(_line, self.rows)
        for notebook, customers in (self.run.without_report if self.run else {}).items():
            yield f"no business case for {notebook}: {', '.join(customers)}"
        failed = len(self.failed)
        yield f"{len(self.rows):,} report{'s' * (len(self.rows) != 1)}, {failed} failed"

    def to_json(self) -> str:
        """Write it for other programs."""
        failed = [asdict(one) for one in self.failed]
        content = {"reports": self.rows, "failed": failed, "run": asdict(self.run) if self.run else None}
        return json.dumps(content, indent=1, ensure_ascii=False)


def read_status(folder: Folder, source: str | None = None) -> State:
    """Read the state of an output folder.

    Parameters
    ----------
    folder
        Output folder of a batch.
    source
        Where the data is; with it, reports made from other data than there is now are marked as stale.
        Reports made from another toolkit, or another state of a built-in notebook, are marked without it.
    """
    today, run = Today(source), read_run(folder)
    recent = {(one.customer_id, one.notebook) for one in run.failures} if run else set()
    entries = read_ledger(folder).entries.values()
    told = [entry for entry in entries if entry.key not in recent or not entry.ok]
    rows = sorted((_row(entry, today) for entry in told), key=lambda row: not row["failed"])
    return State(tuple(rows), tuple(one for entry in told for one in entry_failures(entry)), run)


def _row(entry: Entry, today: Today) -> dict[str, Any]:
    changed = changes(entry, today.made_from(entry)) if entry.ok else ()
    status = f"stale ({', '.join(changed)})" if changed else entry.status
    row = {**asdict(entry), "status": status, "failed": not entry.ok}
    return {name: value for name, value in row.items() if name != "detail"}


def _line(row: Mapping[str, Any]) -> str:
    figures = (f"{f['label']} {formats.measured(f['value'], f['unit'])}" for f in row["figures"].values())
    said = row["error"] if row["failed"] else "; ".join(figures)
    who = row["customer_id"] or "company"
    place = f"{row['status']}: {who} {row['notebook']}, as of {row['as_of']}, {row['seconds']:g} s"
    return f"{place}: {said}".rstrip(": ")


class Today:
    """What reports would be made from now, as far as it can be known."""

    def __init__(self, source: str | None) -> None:
        self._inputs = read_source(source) if source else None
        self._toolkit, self._packages = toolkit_digest(), packages_digest()
        self._notebooks = {path.stem: path for path in find_notebooks(())}
        self._data = cache(self._read_data)
        self._digest = cache(lambda name, edition: load_notebook(self._notebooks[name], edition).digest)

    def made_from(self, entry: Entry) -> dict[str, str]:
        """Hashes as in the ledger, of what is known."""
        known = {"toolkit": self._toolkit, "packages": self._packages}
        if entry.notebook in self._notebooks:
            known["notebook"] = self._digest(entry.notebook, entry.edition)
        if self._inputs is not None:
            known["data"] = self._data(entry.as_of, entry.edition).get(entry.customer_id, "no data")
        return known

    def _read_data(self, as_of: str, edition: str) -> dict[str, str]:
        assert self._inputs is not None
        seen = view(self._inputs, date.fromisoformat(as_of), edition_named(edition))
        return {recipient.customer_id: recipient.data for recipient in recipients(seen)}
