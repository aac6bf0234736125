"""A batch from end to end: do what there is to do, and write the index of it all."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.ledger import Entry, changes, read_entries
from vs_toolkit.batch.lock import working_in
from vs_toolkit.batch.pack import write_pack
from vs_toolkit.batch.partitions import Partitions
from vs_toolkit.batch.plan import Plan, to_do
from vs_toolkit.batch.runner import default_workers, run_jobs
from vs_toolkit.batch.subjects import UNREAD, unread_places
from vs_toolkit.batch.warm import NURSERY
from vs_toolkit.batch.worker import Site, failure

Progress = Callable[[int, Entry | None], None]


@dataclass(frozen=True)
class Options:
    """How a batch is run.

    ``workers`` reports are made at the same time, each in at most ``timeout`` seconds; ``force`` makes every
    report again, ``only_failed`` only those that failed before.
    """

    workers: int = default_workers()
    timeout: float = 600.0
    force: bool = False
    only_failed: bool = False


@dataclass(frozen=True)
class Summary:
    """What came of a batch: ``done`` as the jobs ended, ``left`` the number not done when it was stopped."""

    done: tuple[Entry, ...]
    up_to_date: int
    left: int
    seconds: float
    index: Path

    @property
    def failed(self) -> tuple[Entry, ...]:
        """Entries without a report."""
        return tuple(entry for entry in self.done if not entry.ok)


def run(
    plan: Plan,
    options: Options,
    executor: Executor | None = None,
    progress: Progress = lambda total, entry: None,
) -> Summary:
    """Do what is to be done and write the index.

    Ctrl-C ends the kernels that run; the index of what there is is written all the same, and running the
    batch again goes on from there.

    Parameters
    ----------
    plan
        From :func:`vs_toolkit.batch.plan.plan`.
    options
        How to run it.
    executor
        Where jobs run; threads of this process by default, each with its kernel.
    progress
        Called with the number of jobs to do and each entry as it comes (None at the start).

    Raises
    ------
    FolderInUseError
        If another batch is writing into the folder.
    ParameterError
        If the folder holds reports of the other edition.
    """
    started = time.monotonic()
    done: list[Entry] = []
    with working_in(plan.request.out) as scratch:
        jobs = [job for job, _ in to_do(plan, options.force, options.only_failed)]
        if jobs:
            NURSERY.start()  # it imports while the first partitions are written
        _forget_mended(plan)
        progress(len(jobs), None)

        def tell(entry: Entry) -> None:
            done.append(entry)
            progress(len(jobs), entry)

        _work(plan, jobs, _Means(scratch, options, executor), tell)
        index = plan.request.out / write_pack(Folder(plan.request.out), index_rows(plan, done))
    left = len(jobs) - len(done)
    return Summary(tuple(done), len(plan.wanted) - len(jobs), left, time.monotonic() - started, index)


@dataclass(frozen=True)
class _Means:
    scratch: Path
    options: Options
    executor: Executor | None


def _work(plan: Plan, jobs: Sequence[Job], means: _Means, tell: Callable[[Entry], None]) -> None:
    options, partitions = means.options, Partitions(plan.view, means.scratch, jobs)

    def done(job: Job, entry: Entry) -> None:
        partitions.release(job)
        tell(entry)

    def orders() -> Iterator[tuple[Job, Site]]:
        for job in jobs:
            site = Site(str(plan.request.out), str(partitions.path(job)), str(means.scratch), options.timeout)
            try:
                partitions.provide(job)
            except OSError as error:
                done(job, failure(job, f"its data could not be written: {error}"))
            else:
                yield job, site

    with contextlib.ExitStack() as stack:
        executor = means.executor or stack.enter_context(ThreadPoolExecutor(options.workers))
        run_jobs(orders(), executor, 2 * options.workers, done)


def _forget_mended(plan: Plan) -> None:
    """Remove failed rows of what is well or gone now: unread case files, and jobs that are no more."""
    folder = Folder(plan.request.out)
    still = unread_places(plan.view)
    for name in folder.names(f"{UNREAD}-*"):
        if name not in still:
            folder.remove_folder(name)
    for entry in read_entries(folder):
        if not entry.ok and _is_gone(plan, entry):
            folder.remove(entry.partial.replace(".failed.ipynb", ".json"))
            folder.remove(entry.partial)


def _is_gone(plan: Plan, entry: Entry) -> bool:
    """Whether a notebook of this plan no longer reports on that customer.

    With parameters (``-p case=...``) a plan leaves customers out that are still there: then nobody is gone.
    """
    is_there = (entry.customer_id, entry.notebook) in plan.by_report
    return not plan.request.parameters and entry.notebook in plan.notebooks and not is_there


def index_rows(plan: Plan, done: Iterable[Entry] = ()) -> list[dict[str, Any]]:
    """List everything that lies in the output folder as rows of the index.

    A report that this plan would make differently, or of a customer that is gone, is marked as stale.
    """
    jobs = plan.by_report
    entries = {(entry.customer_id, entry.notebook): entry for entry in read_entries(Folder(plan.request.out))}
    entries |= {
        (entry.customer_id, entry.notebook): entry for entry in done
    }  # also what could not be written
    return [_row(entry, entry.ok and _is_stale(plan, entry, jobs.get(key))) for key, entry in entries.items()]


def _is_stale(plan: Plan, entry: Entry, job: Job | None) -> bool:
    """Whether it is out of date; parameters given for this run do not make other reports stale."""
    if job is None:
        return _is_gone(plan, entry)
    lasting = {name: value for name, value in job.made_from.items() if name != "parameters"}
    return bool(changes(entry, lasting))


def _row(entry: Entry, is_stale: bool) -> dict[str, Any]:
    status = "stale" if is_stale else entry.status
    return {**asdict(entry), "status": status, "href": entry.href or entry.partial}
