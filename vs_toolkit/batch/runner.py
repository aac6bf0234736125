"""Work through the jobs on an executor: a few ahead at a time, each outcome told as it comes."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass

from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.kernels import RUNNING, StoppedError
from vs_toolkit.batch.ledger import Entry
from vs_toolkit.batch.worker import Site, failure

AT_ONCE = 1.0  # seconds within which a second signal is the first one again
Done = Callable[[Job, Entry], None]
Make = Callable[[Job, Site], Entry]


def default_workers() -> int:
    """Twice the cores, because a report waits for its kernel half of the time; at most 32.

    >>> 1 < default_workers() <= 32
    True
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(32, 2 * cores)


@dataclass(frozen=True)
class Means:
    """What does the work: ``make`` is run by ``executor``, for ``ahead()`` jobs at the same time.

    The executor is any of ``concurrent.futures``: threads, or the machines of a cluster; only ``submit`` is
    used. As few jobs are handed over at once, a batch of any size needs the same memory; 0 means that no
    more can be handed over.
    """

    executor: Executor
    ahead: Callable[[], int]
    make: Make


def run_jobs(orders: Iterable[tuple[Job, Site]], means: Means, done: Done) -> None:
    """Make the reports that are ordered, until they are made or the user wants to stop.

    On Ctrl-C or SIGTERM no other job is begun and the kernels of this process are ended; what had come to its
    end before is still told to ``done``. A second Ctrl-C interrupts as usual.

    Parameters
    ----------
    orders
        Jobs and where they work, taken one by one.
    means
        What makes them.
    done
        Called in this thread with each job and its entry.
    """
    waiting: dict[Future[Entry], Job] = {}
    RUNNING.begin()
    try:
        with _wish_to_stop() as wish:
            _hand_over(orders, means, waiting, done, wish)
            while waiting and means.ahead() and not wish.is_set():
                _collect(waiting, done)
            if waiting:
                _stop(waiting)
            while waiting:
                _collect(waiting, done)
    except BaseException:
        _stop(waiting)  # or the executor would work off what it has been given
        raise


def _hand_over(
    orders: Iterable[tuple[Job, Site]],
    means: Means,
    waiting: dict[Future[Entry], Job],
    done: Done,
    wish: threading.Event,
) -> None:
    for job, site in orders:
        if wish.is_set() or not means.ahead():
            return
        waiting[means.executor.submit(means.make, job, site)] = job
        while waiting and len(waiting) >= means.ahead() > 0 and not wish.is_set():
            _collect(waiting, done)


@contextlib.contextmanager
def _wish_to_stop() -> Iterator[threading.Event]:
    """Note Ctrl-C and SIGTERM instead of being interrupted by them just anywhere."""
    wish = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield wish
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    noted: list[float] = []

    def note(number: int, frame: object) -> None:
        noted.append(time.monotonic())
        if len(noted) == 1:
            wish.set()  # once only: another signal may come in the middle of this
        elif noted[-1] - noted[0] > AT_ONCE:  # some programs send the same signal to us and to our group
            for other, handler in before.items():
                signal.signal(other, handler)
            signal.raise_signal(number)

    for number in before:
        signal.signal(number, note)
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(waiting: Iterable[Future[Entry]]) -> None:
    for future in waiting:
        future.cancel()
    RUNNING.stop()


def _collect(waiting: dict[Future[Entry], Job], done: Done) -> None:
    finished, _ = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
    cancelled = {future for future in waiting if future.cancelled()}  # a lost cluster does not confirm it
    for future in finished | cancelled:
        job = waiting.pop(future)
        with contextlib.suppress(CancelledError, StoppedError):
            done(job, _outcome(job, future))


def _outcome(job: Job, future: Future[Entry]) -> Entry:
    try:
        return future.result()
    except (CancelledError, StoppedError):
        raise
    except Exception as error:  # whatever a cluster raises when a machine is gone
        why = f": {error}" if job.edition == "internal" else ""  # it may name our machines
        return failure(job, f"the worker was lost: {type(error).__name__}{why}")
