"""The same jobs on a Dask cluster: its workers need the package, and reach the output folder.

``distributed`` offers its machines as an executor of ``concurrent.futures``, so nothing else changes. A job
whose worker dies is given to another one; one that takes four workers along is a failed row.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from functools import cache
from typing import Any

from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.ledger import Entry
from vs_toolkit.batch.runner import Means
from vs_toolkit.batch.toolkit import toolkit_digest
from vs_toolkit.batch.worker import Site, failure, make_report
from vs_toolkit.errors import VsToolkitError

LOG = logging.getLogger(__name__)
CONNECT_SECONDS = 20
LEAST_AHEAD = 8  # jobs handed over while the cluster has no worker yet, so that an adaptive one grows


@contextlib.contextmanager
def connected(scheduler: str) -> Iterator[Means]:
    """Use the cluster with that scheduler (``tcp://host:8786``, ``tls://…``).

    Raises
    ------
    VsToolkitError
        If Dask is not installed, no scheduler answers, or a worker has another toolkit.
    """
    client = _client(scheduler)
    try:
        _refuse_others(client)
        yield Means(client.get_executor(pure=False), lambda: _ahead(client), make_report_there)
        if client.status != "running":
            LOG.error("the connection to the scheduler at %s was lost", scheduler)
    finally:
        client.close()


def _client(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise VsToolkitError("--scheduler needs Dask: pip install 'vs-toolkit[cluster]'") from error
    try:
        asyncio.run(_knock(scheduler))
    except (OSError, ValueError, TypeError) as error:  # TypeError: tls:// without certificates
        raise VsToolkitError(f"no Dask scheduler answers at {scheduler}: {error}") from error
    for talkative in (Client.__module__, "tornado.application"):  # they tell of a lost scheduler at length
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    client: Any = Client  # it has no types
    return client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)


async def _knock(scheduler: str) -> None:
    """Connect once: a client that cannot connect goes on trying when it is thrown away, and prints that."""
    from distributed.comm.core import connect
    from distributed.security import Security

    untyped: Any = (connect, Security)
    connecting, security = untyped
    arguments = security().get_connection_args("client")
    (await connecting(scheduler, timeout=CONNECT_SECONDS, **arguments)).abort()


def _refuse_others(client: Any) -> None:
    """A worker that may not work would take one job after the other and fail it at once."""
    digests = client.run(own_digest, on_error="return")
    if others := [worker for worker, digest in digests.items() if digest != own_digest()]:
        raise VsToolkitError(
            f"these workers have another vs-toolkit than this machine, or none: {', '.join(others)}; "
            "install the same one and start them again"
        )


def _ahead(client: Any) -> int:
    """Twice as many jobs as the cluster has threads now, so that none waits; 0 once it is lost."""
    if client.status != "running":
        return 0
    try:
        threads: int = sum(client.nthreads().values())
    except OSError:
        return 0
    return max(LEAST_AHEAD, 2 * threads)


def make_report_there(job: Job, site: Site) -> Entry:
    """Make a report on a worker of a cluster, with the same toolkit as the batch or not at all."""
    if job.made_from["toolkit"] != own_digest():
        return failure(job, "the worker that got it has another vs-toolkit: install the same one everywhere")
    return make_report(job, site)


@cache
def own_digest() -> str:
    """Hash of the toolkit as this process has loaded it."""
    return toolkit_digest()
