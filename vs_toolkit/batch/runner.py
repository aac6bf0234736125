"""Work through the jobs on an executor: a few ahead at a time, each outcome told as it comes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.ledger import Entry
from vs_toolkit.batch.worker import Site, entry, make_report

Done = Callable[[Job, Entry], None]


def default_workers() -> int:
    """Twice the cores, because a report waits for its kernel half of the time; at most 32.

    >>> 1 < default_workers() <= 32
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(32, 2 * cores)


def run_jobs(orders: Iterable[tuple[Job, Site]], executor: Executor, ahead: int, done: Done) -> None:
    """Make the reports that are ordered.

    Parameters
    ----------
    orders
        Jobs and where they work, taken one by one.
    executor
        Any ``concurrent.futures.Executor``: threads, or the machines of a cluster. Only ``submit`` is used.
    ahead
        How many may be under way: a batch of any size needs the same memory.
    done
        Called in this thread with each job and its entry.
    """
    waiting: dict[Future[Entry], Job] = {}
    try:
        for job, site in orders:
            waiting[executor.submit(make_report, job, site)] = job
            if len(waiting) >= ahead:
                _collect(waiting, done)
        while waiting:
            _collect(waiting, done)
    finally:
        for future in waiting:
            future.cancel()


def _collect(waiting: dict[Future[Entry], Job], done: Done) -> None:
    finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in finished:
        job = waiting.pop(future)
        done(job, _outcome(job, future))


def _outcome(job: Job, future: Future[Entry]) -> Entry:
    error = future.exception()
    if error is None:
        return future.result()
    return entry(
        job, "failed", time.monotonic(), error=f"the worker was lost: {type(error).__name__}: {error}"
    )
