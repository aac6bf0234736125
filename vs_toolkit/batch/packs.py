"""Review packs: all reports of a customer joined in one PDF and one deck, made anew when one has changed.

Printing a pack takes longer than all else that a run does for a customer whose reports are up to date, so
that a record tells what each was joined from. An entry leaves the record before its pack is written and comes
back after it: what a killed run left is made again.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import islice

from vs_toolkit.batch.failure import reason
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.formats import PDF, printers
from vs_toolkit.batch.ledger import Entry, Ledger, digest
from vs_toolkit.batch.pack import MOST_AT_ONCE
from vs_toolkit.batch.record import PACK
from vs_toolkit.batch.toolkit import toolkit_digest
from vs_toolkit.formats import day
from vs_toolkit.reports.pages import in_order, title_of
from vs_toolkit.reports.pdf import Limits, Paper
from vs_toolkit.reports.review_pack import pack_html

DECK, COVER = "pptx", "index.html"
RECORD = ".review_packs.json"
Packing = Callable[[int, int], None]  # is told how many are done, of how many


@dataclass(frozen=True)
class ReviewPacks:
    """The packs of a folder: for each customer a PDF, and a deck where decks are wanted.

    Where decks are wanted and no PDF, there is the deck only.
    """

    folder: Folder
    formats: Collection[str]
    paper: Paper
    limits: Limits

    def write(
        self, ledger: Ledger, customers: Collection[str], workers: int, packing: Packing
    ) -> dict[str, str]:
        """Write the packs that are not up to date; gives what failed, by the customer's folder."""
        reports = _by_place(entry for entry in ledger.entries.values() if entry.customer_id in customers)
        now = dict(self._digests(reports))
        before = self._recorded()
        keep = {place: own for place, own in before.items() if place not in reports}
        keep |= {
            place: own
            for place, own in now.items()
            if before.get(place) == own and self._names(place) <= ledger.sizes.keys()
        }
        anew = {place: own for place, own in now.items() if place not in keep}
        for name in (f"{place}/{PACK}.{one}" for place in {*reports} - {*keep} for one in (PDF, DECK)):
            if name in ledger.sizes:  # it would be taken for the one that is to come
                with contextlib.suppress(OSError):  # then it cannot be written either, which is told
                    self.folder.remove(name)
        if not anew:
            return {}
        self._record(keep)
        failed: dict[str, str] = {}
        try:
            for done, (place, why) in enumerate(self._made(reports, anew, workers), 1):
                packing(done, len(anew))
                if why:
                    failed[place] = why
                else:
                    keep[place] = anew[place]
        finally:
            self._record(keep)
        return failed

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(one for one in (PDF, DECK) if one in self.formats) or (PDF,)

    def _names(self, place: str) -> set[str]:
        return {f"{place}/{PACK}.{one}" for one in self._kinds}

    def _digests(self, reports: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[str, str]]:
        """What each pack is joined from; a customer without any report has none."""
        made_by = (toolkit_digest(), self.paper, self._kinds)
        places = (place for place, own in reports.items() if any(entry.ok for entry in own))
        while some := list(islice(places, MOST_AT_ONCE)):
            covers = self.folder.read_all(f"{place}/{COVER}" for place in some)
            for place in some:
                cover = covers.get(f"{place}/{COVER}", b"").decode(errors="replace")
                yield place, digest((made_by, cover, [entry.to_json() for entry in reports[place]]))

    def _recorded(self) -> dict[str, str]:
        try:
            found = json.loads(self.folder.read(RECORD) or "{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _record(self, packs: Mapping[str, str]) -> None:
        self.folder.write(RECORD, json.dumps(packs, sort_keys=True, indent=0))

    def _made(
        self, reports: Mapping[str, Sequence[Entry]], places: Iterable[str], workers: int
    ) -> Iterator[tuple[str, str]]:
        """Make packs at the same time; one customer's failure must not cost the others theirs."""
        with ThreadPoolExecutor(workers) as threads:
            try:
                made = {threads.submit(self._make, place, reports[place]): place for place in places}
                for future in as_completed(made):
                    error = future.exception()
                    yield made[future], reason(error) if error else ""
            except BaseException:  # such as Ctrl-C
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _make(self, place: str, entries: Sequence[Entry]) -> None:
        reports = [entry for entry in entries if entry.ok]
        if DECK in self._kinds:
            self._write_deck(place, reports)
        if PDF in self._kinds:
            self._write_pdf(place, reports)

    def _write_pdf(self, place: str, reports: Sequence[Entry]) -> None:
        names = [f"{place}/{COVER}", *(entry.href for entry in reports)]
        pages = self.folder.read_all(names)
        head = f"{_who(reports)} · {_facts(reports)}"
        joined = pack_html(_who(reports), head, (pages[name].decode() for name in names if name in pages))
        self.folder.write(f"{place}/{PACK}.{PDF}", printers().print(joined, self.paper, self.limits))

    def _write_deck(self, place: str, reports: Sequence[Entry]) -> None:
        from vs_toolkit.reports.review_deck import Report, review_deck

        names = {f"{place}/{entry.notebook}.{DECK}": entry for entry in reports}
        found = [
            Report(title_of(names[name].notebook), content, names[name].figures)
            for name, content in self.folder.read_all(names).items()
        ]
        if found:
            newest = date.fromisoformat(max(entry.as_of for entry in reports))
            deck = review_deck(_who(reports), _facts(reports), found, newest)
            self.folder.write(f"{place}/{PACK}.{DECK}", deck)


def _by_place(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries of each customer's folder, in the order of the pack."""
    found: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: in_order(entry.notebook)):
        if place := (entry.href or entry.partial).partition("/")[0]:
            found.setdefault(place, []).append(entry)
    return found


def _who(reports: Sequence[Entry]) -> str:
    return reports[0].customer_name or "Company"


def _facts(reports: Sequence[Entry]) -> str:
    newest = date.fromisoformat(max(entry.as_of for entry in reports))
    return f"as of {day(newest)} · {reports[0].edition} edition"
