"""The same jobs on a Dask cluster: its workers need the package, and reach the output folder.

``distributed`` offers its machines as an executor of ``concurrent.futures``, so nothing else changes. A job
whose worker dies is given to another one; one that takes three workers along is a failed row.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cache
from typing import Any

from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.ledger import Entry
from vs_toolkit.batch.runner import Means
from vs_toolkit.batch.toolkit import toolkit_digest
from vs_toolkit.batch.worker import Site, failure, make_report
from vs_toolkit.errors import VsToolkitError

CONNECT_SECONDS = 20
LEAST_AHEAD = 8  # jobs handed over while the cluster has no worker yet, so that an adaptive one grows


@contextlib.contextmanager
def connected(scheduler: str) -> Iterator[Means]:
    """Use the cluster with that scheduler (``tcp://host:8786``, ``tls://…``).

    Raises
    ------
    VsToolkitError
        If Dask is not installed or no scheduler answers.
    """
    client = _client(scheduler)
    try:
        yield Means(client.get_executor(pure=False), lambda: _ahead(client), make_report_there)
    finally:
        client.close()


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise VsToolkitError("--scheduler needs Dask: pip install 'vs-toolkit[cluster]'") from error
    try:
        client: Any = Client  # it has no types
        return client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise VsToolkitError(f"no Dask scheduler answers at {scheduler}: {error}") from error


def _ahead(client: Any) -> int:
    """Twice as many jobs as the cluster has threads now, so that none waits for the next."""
    try:
        threads: int = sum(client.nthreads().values())
        return max(LEAST_AHEAD, 2 * threads)
    except OSError:  # no connection now: the jobs that are handed over will tell
        return LEAST_AHEAD


def make_report_there(job: Job, site: Site) -> Entry:
    """Make a report on a worker of a cluster, with the same toolkit as the batch or not at all."""
    if job.made_from["toolkit"] != _own_digest():
        return failure(job, "the worker that got it has another vs-toolkit: install the same one everywhere")
    return make_report(job, site)


@cache
def _own_digest() -> str:
    """Hash of the toolkit as this process has loaded it."""
    return toolkit_digest()
