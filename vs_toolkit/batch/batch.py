"""A batch from end to end: do what there is to do, and write the index of it all."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from vs_toolkit.batch import history, unchanged
from vs_toolkit.batch.cluster import connected
from vs_toolkit.batch.folder import Folder, shown
from vs_toolkit.batch.formats import FORMATS, close_printers
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.ledger import Entry, Ledger, changes, read_ledger
from vs_toolkit.batch.lock import working_in
from vs_toolkit.batch.memory import default_memory
from vs_toolkit.batch.pack import INDEX, write_pack, write_results
from vs_toolkit.batch.packs import Packing, ReviewPacks
from vs_toolkit.batch.partitions import Partitions
from vs_toolkit.batch.plan import Plan, informed, to_do
from vs_toolkit.batch.recipients import UNREAD
from vs_toolkit.batch.record import PACK, RUN, Run, failures, versions
from vs_toolkit.batch.runner import Means, default_workers, run_jobs
from vs_toolkit.batch.warm import NURSERY
from vs_toolkit.batch.watching import changed
from vs_toolkit.batch.worker import Site, failure, make_report
from vs_toolkit.errors import ParameterError, VsToolkitError
from vs_toolkit.reports.pdf import Limits

Progress = Callable[[int, Entry | None], None]  # is told how many jobs there are, and each entry
WORK = ".work"  # below the output folder: partitions for the machines of a cluster, while a batch runs


@dataclass(frozen=True)
class Options:
    """How a batch is run.

    ``workers`` reports are made at the same time, each in at most ``timeout`` seconds and with at most
    ``memory`` MiB (None: its share of the machine); ``force`` makes every report again, ``only_failed`` only
    those that failed before. ``scheduler`` is the address of a Dask cluster that makes them, ``snapshot`` a
    folder (path or URL) that gets a snapshot of the input data.
    """

    workers: int = default_workers()
    timeout: float = 600.0
    memory: int | None = None
    force: bool = False
    only_failed: bool = False
    scheduler: str = ""
    snapshot: str = ""

    @property
    def limits(self) -> Limits:
        """What one report, or one pack, may take."""
        share = None if self.scheduler else default_memory(self.workers)
        return Limits(self.timeout, self.memory or share)


@dataclass(frozen=True)
class Summary:
    """What came of a batch: ``done`` as the jobs ended, ``left`` the number not done when it was stopped.

    ``packs`` names the folders whose review pack failed, with the reason.
    """

    done: tuple[Entry, ...]
    up_to_date: int
    left: int
    seconds: float
    index: str
    packs: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[Entry, ...]:
        """Entries without a report, or without one of its formats."""
        return tuple(entry for entry in self.done if not entry.is_complete)


def run(
    plan: Plan,
    options: Options,
    executor: Executor | None = None,
    progress: Progress = lambda total, entry: None,
    packing: Packing = lambda done, total: None,
) -> Summary:
    """Do what is to be done and write the index.

    Ctrl-C ends the kernels that run; the index of what there is is written all the same, and running the
    batch again goes on from there.

    Parameters
    ----------
    plan
        From :func:`vs_toolkit.batch.plan.plan`; it is run once, as its data is let go of then.
    options
        How to run it.
    executor
        Where jobs run instead of threads of this process, each with its kernel, or a cluster.
    progress
        Called with the number of jobs to do and each entry as it comes (None at the start).
    packing
        Called with the number of review packs that are done, and of how many.

    Raises
    ------
    FolderInUseError
        If another batch is writing into the folder.
    ParameterError
        If the folder holds reports of the other edition.
    VsToolkitError
        If the folder cannot be written, or the cluster cannot be used.
    """
    started = time.monotonic()
    done: list[Entry] = []
    folder = Folder(plan.request.out)
    if options.snapshot:
        _refuse_shared(plan, options.snapshot)
    with contextlib.closing(plan.data), working_in(folder) as scratch:
        before = read_ledger(folder)
        folder.remove_drafts(before.sizes)
        _refuse_remembered(plan, folder, before)
        jobs = [job for job, _ in to_do(plan, before, options.force, options.only_failed)]
        forgotten = _forget_mended(plan, folder, before)
        entries = [entry for name, entry in before.entries.items() if name not in forgotten]
        progress(len(jobs), None)

        def tell(entry: Entry) -> None:
            _remove_older(folder, before, entry, plan.request.pack)
            done.append(entry)
            progress(len(jobs), entry)

        if options.snapshot:
            _freeze(plan, options.snapshot)
        if jobs:
            with _workplace(folder, options, str(scratch)) as place, _means(options, executor) as means:
                waves = _waves(plan, jobs, folder, lambda: [*entries, *done])
                _work(plan, jobs, waves, _Place(folder, place, str(scratch), options), means, tell)
        rows = index_rows(plan, [*entries, *done])
        left = len(jobs) - len(done)
        index = _write_pack(folder, rows, plan.without_report)
        packs = _write_review_packs(plan, folder, options, packing) if plan.request.pack and not left else {}
        close_printers()
        summary = Summary(
            tuple(done), len(plan.wanted) - len(jobs), left, time.monotonic() - plan.started, index, packs
        )
        _write_record(folder, plan, summary, rows, time.monotonic() - started)
        if not (left or summary.failed or packs or options.only_failed):
            _note(plan, [*entries, *done])
    return summary


def _note(plan: Plan, entries: Iterable[Entry]) -> None:
    """Note that nothing is left to do, so that the same run need not read anything while that is so."""
    latest = {entry.key: entry for entry in entries if entry.key in plan.by_report}
    read: dict[str, set[str]] = {}
    for key, entry in latest.items():
        if changed(entry.read, plan.by_report[key].notebook.folder):
            return
        read.setdefault(entry.notebook, set()).update(entry.read)
    noted = unchanged.Noted(
        reports=len(plan.wanted),
        hints=plan.hints,
        read={name: tuple(sorted(names)) for name, names in read.items()},
    )
    with contextlib.suppress(OSError):  # a full disk has been told of already
        unchanged.note(plan.request, plan.made_from, noted)


def _write_record(
    folder: Folder, plan: Plan, summary: Summary, rows: Sequence[Mapping[str, Any]], seconds: float
) -> None:
    """Write ``run.json``; a disk that is full by now has been told of already."""
    states = Counter(row["status"] if row["status"] in ("ok", "stale") else "failed" for row in rows)
    record = Run(
        edition=plan.request.edition,
        as_of=plan.request.as_of.isoformat(),
        started=(datetime.now(UTC) - timedelta(seconds=summary.seconds)).isoformat(timespec="seconds"),
        seconds={
            "reading": round(plan.read_seconds, 2),
            "reports": round(seconds, 2),
            "total": round(summary.seconds, 2),
        },
        counts={
            "created": len(summary.done) - len(summary.failed),
            "failed": len(summary.failed),
            "up_to_date": summary.up_to_date,
            "not_done": summary.left,
            "all_ok": states["ok"],
            "all_stale": states["stale"],
            "all_failed": states["failed"],
        },
        failures=failures(summary.done, summary.packs),
        without_report=plan.without_report,
        notebooks=tuple(sorted(plan.notebooks)),
        versions=versions(),
    )
    with contextlib.suppress(OSError):
        folder.write(RUN, record.to_json())


def _write_review_packs(plan: Plan, folder: Folder, options: Options, packing: Packing) -> dict[str, str]:
    """Join the reports of each customer that was asked for."""
    packs = ReviewPacks(folder, plan.request.formats, plan.request.paper, options.limits)
    customers = {job.recipient.customer_id for job in plan.wanted}
    return packs.write(read_ledger(folder), customers, options.workers, packing)


def _remove_older(folder: Folder, before: Ledger, entry: Entry, packed: bool) -> None:
    """Remove what was made of an older state of a report and is not made anew."""
    place = (entry.href or entry.partial).partition("/")[0]
    stems = (f"{place}/{entry.notebook}", *([] if packed else [f"{place}/{PACK}"]))
    for name in (f"{stem}.{one}" for stem in stems for one in FORMATS):
        if name in before.sizes and name not in (entry.href, *entry.files):
            with contextlib.suppress(OSError):  # one customer's folder must not cost the others their reports
                folder.remove(name)


def _refuse_remembered(plan: Plan, folder: Folder, ledger: Ledger) -> None:
    """A folder whose reports somebody removed may still remember the figures of another edition."""
    others = set() if ledger.entries else history.editions(folder) - {plan.request.edition}
    if others:
        raise ParameterError(
            f"{folder.shown}/{history.HISTORY} has key figures of the {others.pop()} edition: "
            "choose another folder"
        )


def _refuse_shared(plan: Plan, snapshot: str) -> None:
    """A snapshot replaces what lies in its folder: never the inputs or the reports."""
    own = Folder(snapshot)
    for other in (plan.data.folder, plan.request.source, plan.request.out):
        here, there = f"{own.url}/", f"{Folder(other).url}/"
        if here.startswith(there) or there.startswith(here):
            raise ParameterError(f"--snapshot needs a separate folder, apart from {shown(other)}")


def _freeze(plan: Plan, snapshot: str) -> None:
    try:
        plan.data.freeze(snapshot)
    except OSError as error:
        raise VsToolkitError(f"the snapshot cannot be written to {shown(snapshot)}: {error}") from error


def anticipate(out: str, force: bool) -> None:
    """Let the fork server import while the input is read, where it is sure that there will be work."""
    is_here = "://" not in out  # a look elsewhere takes longer
    if force or (is_here and not Path(out, INDEX).exists()):
        NURSERY.start()


def _write_pack(
    folder: Folder, rows: list[dict[str, Any]], without_report: Mapping[str, Sequence[str]]
) -> str:
    """Write index, covers, results and history; return where the index is."""
    with _telling(folder, "index"):
        return f"{folder.shown}/{write_pack(folder, rows, without_report)}"


@contextlib.contextmanager
def _telling(folder: Folder, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VsToolkitError(f"the {what} cannot be written into {folder.shown}: {error}") from error


@contextlib.contextmanager
def _means(options: Options, executor: Executor | None) -> Iterator[Means]:
    """What makes the reports: the given executor, the machines of a cluster, or threads of this process."""
    if executor:
        yield Means(executor, lambda: 2 * options.workers, make_report)
    elif options.scheduler:
        with connected(options.scheduler) as means:
            yield means
    else:
        with ThreadPoolExecutor(options.workers) as threads:
            yield Means(threads, lambda: 2 * options.workers, make_report)


@contextlib.contextmanager
def _workplace(folder: Folder, options: Options, scratch: str) -> Iterator[Folder]:
    """Folder for the partitions: private to this machine, or where the machines of the cluster reach it."""
    if not options.scheduler:
        yield Folder(scratch)
        return
    folder.remove_folder(WORK)  # what a killed batch left
    try:
        yield Folder(
            folder.child(f"{WORK}/{uuid.uuid4().hex}")
        )  # a worker knows by it when its batch is over
    finally:
        folder.remove_folder(WORK)


@dataclass(frozen=True)
class _Place:
    """Where a batch works."""

    out: Folder
    partitions: Folder
    scratch: str
    options: Options

    def site(self, partition: str) -> Site:
        """Tell a worker."""
        options = self.options
        return Site(
            out=self.out.url,
            partition=partition,
            scratch=None if options.scheduler else self.scratch,
            timeout=options.timeout,
            memory=options.limits.memory,
            is_remote=bool(options.scheduler),
        )


def _waves(
    plan: Plan, jobs: Sequence[Job], folder: Folder, known: Callable[[], list[Entry]]
) -> Iterator[list[Job]]:
    """All jobs but those that read results; then these, told the results that there are by now."""
    asked = [(job, plan.by_report[job.recipient.customer_id, job.notebook.name]) for job in jobs]
    before = len(known())
    first = [job for job, planned in asked if not planned.reads_results]
    yield first
    if len(first) < len(jobs) and len(known()) - before == len(first):  # nobody stopped it
        with _telling(folder, "results"):
            write_results(folder, index_rows(plan, known()))
        yield [informed(planned, known(), plan.request.out) for _, planned in asked if planned.reads_results]


def _work(
    plan: Plan,
    jobs: Sequence[Job],
    waves: Iterable[Sequence[Job]],
    place: _Place,
    means: Means,
    tell: Callable[[Entry], None],
) -> None:
    partitions = Partitions(plan.data, place.partitions, jobs)

    def done(job: Job, entry: Entry) -> None:
        partitions.release(job)
        tell(entry)

    def orders(wave: Sequence[Job]) -> Iterator[tuple[Job, Site]]:
        if not place.options.scheduler and any(not job.problem for job in wave):
            NURSERY.start()  # it imports while the first partitions are written
        for job in wave:
            try:
                partitions.provide(job)
            except OSError as error:
                done(job, failure(job, f"its data could not be written: {error}"))
            else:
                yield job, place.site(partitions.url(job))

    for wave in waves:
        run_jobs(orders(wave), means, done)


def _forget_mended(plan: Plan, folder: Folder, ledger: Ledger) -> set[str]:
    """Remove failed rows of what is well or gone now: unread case files, and jobs that are no more.

    Returns the names of their ledger entries.
    """
    still = {one.place for one in plan.data.recipients if one.place.startswith(f"{UNREAD}-")}
    mended = {
        name: entry
        for name, entry in ledger.entries.items()
        if not entry.ok and (_is_read(name, still) or _is_gone(plan, entry))
    }
    for name, entry in mended.items():
        folder.remove(name)
        folder.remove(entry.partial)
    return set(mended)


def _is_read(name: str, unread: set[str]) -> bool:
    """Whether the entry is of a case file that could not be read then and is well or gone now."""
    place = name.partition("/")[0]
    return place.startswith(f"{UNREAD}-") and place not in unread


def _is_gone(plan: Plan, entry: Entry) -> bool:
    """Whether a notebook of this plan no longer reports on that customer.

    With parameters (``-p case=...``) a plan leaves customers out that are still there: then nobody is gone.
    """
    is_there = entry.key in plan.by_report
    return not plan.request.parameters and entry.notebook in plan.notebooks and not is_there


def index_rows(plan: Plan, entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """List reports as rows of the index; of several entries for one report the last counts.

    A report that this plan would make differently, or of a customer that is gone, is marked as stale.
    """
    latest: Mapping[tuple[str, str], Entry] = {entry.key: entry for entry in entries}
    jobs = plan.by_report
    for key, job in jobs.items():
        if key in latest and job.reads_results:
            jobs = {**jobs, key: informed(job, latest.values(), plan.request.out)}
    return [_row(entry, entry.ok and _is_stale(plan, entry, jobs.get(key))) for key, entry in latest.items()]


def _is_stale(plan: Plan, entry: Entry, job: Job | None) -> bool:
    """Whether it is out of date; parameters given for this run do not make other reports stale."""
    if job is None:
        return _is_gone(plan, entry)
    lasting = {name: value for name, value in job.made_from.items() if name != "parameters"}
    return bool(changes(entry, lasting) or changed(entry.read, job.notebook.folder))


def _row(entry: Entry, is_stale: bool) -> dict[str, Any]:
    status = "stale" if is_stale else entry.status
    return {**vars(entry), "status": status, "href": entry.href or entry.partial}
