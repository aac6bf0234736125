"""A Dask cluster on this machine for the tests: one scheduler and workers, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.waiting import wait_for


class Cluster:
    """Scheduler and workers; each worker runs in an empty folder, so that it finds nothing by chance."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", *self._file())
        self.address = self._address()

    def _file(self) -> tuple[str, str]:
        return "--scheduler-file", str(self.folder / "scheduler.json")

    def _start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        home = self.folder / f"process-{len(self.processes)}"
        home.mkdir()
        command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
        with (home / "log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=home, env={**os.environ, **environment}, stdout=log, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process

    def _address(self) -> str:
        told = Path(self._file()[1])
        until = time.monotonic() + 240
        while time.monotonic() < until:
            with contextlib.suppress(OSError, ValueError):
                return str(json.loads(told.read_text())["address"])
            time.sleep(0.1)
        raise AssertionError("the scheduler did not start")

    def worker(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        return self._start("worker", *self._file(), "--nthreads", "1", *arguments, **environment)

    def has_workers(self) -> bool:
        """Whether one that an earlier test has started still runs."""
        return any(process.poll() is None for process in self.processes[1:])

    def wait_for_workers(self, number: int) -> None:
        """Wait until there are exactly so many: new ones have come, killed ones are given up."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            wait_for(lambda: len(client.nthreads()) == number, seconds=240)

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    folder.mkdir()
    running = Cluster(folder)
    try:
        yield running
    finally:
        running.close()
