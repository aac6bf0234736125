"""How much memory one report may take, so that one that eats it fails and does not take others along."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import psutil

MIB = 2**20
LEAST = 1024  # MiB: below this, a default would stop reports that are well
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def default_memory(workers: int) -> int:
    """Give each of the workers an equal share of the machine (or container), in MiB, but 1,024 at least.

    >>> default_memory(1) >= default_memory(2) >= 1024
    True
    """
    total: int = psutil.virtual_memory().total
    with contextlib.suppress(OSError, ValueError):  # no container, or one without limit ("max")
        total = min(total, int(CGROUP_LIMIT.read_text()))
    return max(LEAST, total // MIB // workers)


def limit_memory(pid: int, limit: int) -> None:
    """Let a process take at most ``limit`` MiB for itself beyond what it has now (Linux only).

    What it shares with the process it was forked from, and code, do not count. At the limit, Python raises
    MemoryError. What the process starts is limited likewise, each process by itself.
    """
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError):  # it has ended already
        allowed = _private_data(pid) + limit * MIB
        resource.prlimit(pid, resource.RLIMIT_DATA, (allowed, allowed))


def _private_data(pid: int) -> int:
    """Bytes that the kernel counts as the process's data, also those never touched."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) * 1024
    return 0
