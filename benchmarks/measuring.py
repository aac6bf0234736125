"""What a command costs with everything it starts: seconds, processor seconds, memory (Linux).

    python benchmarks/measuring.py vs-toolkit run --source my-source --out reports

This process adopts whatever the command leaves behind (a subreaper), because a driver need not wait for its
helpers and their kernels: each is reaped here, and the system hands over its processor time. Memory is the
share of each process (PSS: what several share counts once), looked at every 0.2 s.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import psutil

PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.2
GRACE_SECONDS = 10.0  # for helpers to notice that their driver is gone
KIB, MIB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Cost:
    """What a command cost.

    ``cpu_seconds`` of the whole process tree; ``driver`` is the peak of the command's own process, ``others``
    of all its descendants together, ``largest`` of the largest of them, all in MiB; ``left`` is how many of
    them had to be killed because they outlived it; ``said`` and ``warned`` are what it wrote to its outputs.
    """

    code: int
    seconds: float
    cpu_seconds: float
    driver: float
    others: float
    largest: float
    left: int
    said: str
    warned: str


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and that of all it started; no other child process may be there."""
    adopt_orphans()
    started = time.monotonic()
    # Files, because a pipe would be held open by whatever outlives the driver.
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        driver = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        memory = Memory(driver.pid)
        try:
            cpu, driver.returncode = _until_ended(driver.pid)
            seconds = time.monotonic() - started
            more, left = _last_ones()
        finally:
            memory.stop()
            _last_ones(grace=0)
        said, warned = (_content(file) for file in (output, errors))
    return Cost(driver.returncode, seconds, cpu + more, *memory.peaks(), left, said, warned)


def _content(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this process cannot adopt orphans")


def _until_ended(driver: int) -> tuple[float, int]:
    """Reap until the driver has ended; processor seconds of all that was reaped, and its exit code."""
    total = 0.0
    while True:
        pid, status, usage = os.wait4(-1, 0)
        total += usage.ru_utime + usage.ru_stime
        if pid == driver:
            return total, os.waitstatus_to_exitcode(status)


def _last_ones(grace: float = GRACE_SECONDS) -> tuple[float, int]:
    """Reap what outlives the driver, killing it after a grace; processor seconds, how many were killed."""
    total, until = 0.0, time.monotonic() + grace
    killed: set[int] = set()
    while True:
        try:
            pid, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return total, len(killed)
        if pid:
            total += usage.ru_utime + usage.ru_stime
            continue
        if time.monotonic() > until:
            killed |= {process.pid for process in _descendants() if is_killed(process)}
        time.sleep(0.01)


def is_killed(process: psutil.Process) -> bool:
    """Kill it; False if it has ended before."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def _descendants() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


class Memory:
    """Looks at the memory of the driver and its descendants, in a thread, until told to stop."""

    def __init__(self, driver: int) -> None:
        self._driver = driver
        self._highest = self._together = self._largest = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(LOOK_SECONDS):
            self._highest = max(self._highest, _high_water(self._driver))
            shares = list(_shares(self._driver))
            self._together = max(self._together, sum(shares))
            self._largest = max(self._largest, *shares, 0.0)

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self._thread.join()

    def peaks(self) -> tuple[float, float, float]:
        """Driver, others together, largest of the others, in MiB."""
        return self._highest, self._together, self._largest


def _high_water(pid: int) -> float:
    """Peak resident memory of a process so far in MiB.

    Not ``ru_maxrss`` of the reaped process: that is the largest of itself and all the children it waited for.
    """
    return _kib(f"/proc/{pid}/status", "VmHWM:") * KIB / MIB


def _shares(driver: int) -> Iterator[float]:
    for process in _descendants():
        if process.pid != driver:
            yield _kib(f"/proc/{process.pid}/smaps_rollup", "Pss:") * KIB / MIB


def _kib(file: str, field: str) -> int:
    try:
        lines = Path(file).read_text().splitlines()
    except OSError:  # it has just ended
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field)), 0)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(sys.argv[1:])), indent=1))
