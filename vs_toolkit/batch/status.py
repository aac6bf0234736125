"""What lies in an output folder: done, failed or stale, and the key figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from vs_toolkit import formats
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.ledger import Entry, changes, read_ledger
from vs_toolkit.batch.notebooks import find_notebooks, load_notebook
from vs_toolkit.batch.recipients import recipients
from vs_toolkit.batch.toolkit import toolkit_digest
from vs_toolkit.inputs import read_source, view
from vs_toolkit.inputs.views.editions import edition_named


def status_lines(folder: Folder, source: str | None = None) -> Iterator[str]:
    """Write a line for every report of an output folder, failures first.

    Parameters
    ----------
    folder
        Output folder of a batch.
    source
        Where the data is; with it, reports made from other data than there is now are marked as stale.
        Reports made from another toolkit, or another state of one of our notebooks, are marked without it.
    """
    entries = sorted(read_ledger(folder).entries.values(), key=lambda entry: entry.ok)
    today = Today(source)
    for entry in entries:
        changed = changes(entry, today.made_from(entry)) if entry.ok else ()
        yield _line(entry, f"stale ({', '.join(changed)})" if changed else entry.status)


def _line(entry: Entry, status: str) -> str:
    figures = (f"{f['label']} {formats.measured(f['value'], f['unit'])}" for f in entry.figures.values())
    said = "; ".join(figures) if entry.ok else entry.error
    who = entry.customer_id or "company"
    return f"{status}: {who} {entry.notebook}, as of {entry.as_of}, {entry.seconds:g} s: {said}".rstrip(": ")


class Today:
    """What reports would be made from now, as far as it can be known."""

    def __init__(self, source: str | None) -> None:
        self._inputs = read_source(source) if source else None
        self._toolkit = toolkit_digest()
        self._notebooks = {path.stem: path for path in find_notebooks(())}
        self._data = cache(self._read_data)
        self._digest = cache(lambda name, edition: load_notebook(self._notebooks[name], edition).digest)

    def made_from(self, entry: Entry) -> dict[str, str]:
        """Hashes as in the ledger, of what is known."""
        known = {"toolkit": self._toolkit}
        if entry.notebook in self._notebooks:
            known["notebook"] = self._digest(entry.notebook, entry.edition)
        if self._inputs is not None:
            known["data"] = self._data(entry.as_of, entry.edition).get(entry.customer_id, "no data")
        return known

    def _read_data(self, as_of: str, edition: str) -> dict[str, str]:
        assert self._inputs is not None
        seen = view(self._inputs, date.fromisoformat(as_of), edition_named(edition))
        return {recipient.customer_id: recipient.data for recipient in recipients(seen)}
