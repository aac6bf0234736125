"""The processes of a running batch: its fork server, its kernels, and what is left after its end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psutil
from measuring import is_killed

GRACE_SECONDS = 20.0  # for helpers to notice that their driver is gone


def fork_servers(run: psutil.Process) -> Iterator[psutil.Process]:
    """The fork server of a driver, if it runs."""
    for process in _children(run):
        if any("forkserver" in word for word in _words(process)):
            yield process


def kernels(run: psutil.Process) -> Iterator[psutil.Process]:
    """Kernels of a driver, ordinary and forked ones."""
    for process in _children(run):
        if any("ipykernel_launcher" in word for word in _words(process)):
            yield process
    for server in fork_servers(run):
        yield from _children(server)


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children())
    except psutil.NoSuchProcess:
        return []


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def left_over() -> list[str]:
    """Wait until no process of the batch is left; those that stay are killed and told."""
    until = time.monotonic() + GRACE_SECONDS
    while left := psutil.Process().children(recursive=True):
        if time.monotonic() > until:
            told = [" ".join(_words(process)) for process in left]
            for process in left:
                is_killed(process)
            psutil.wait_procs(left)
            return told
        psutil.wait_procs(left, timeout=0.05)  # reaps those that have become our children
    return []
