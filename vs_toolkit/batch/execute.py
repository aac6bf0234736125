"""One notebook through papermill in one fresh kernel; what went wrong is told from exceptions alone."""

from __future__ import annotations

import contextlib
import random
import signal
import tempfile
import textwrap
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import papermill
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from vs_toolkit.batch.flood import MOST_OUTPUT
from vs_toolkit.batch.kernels import RUNNING, KernelStartError, ReportKernel, StoppedError, new_kernel
from vs_toolkit.batch.ledger import Status

ATTEMPTS = {"start": 3, "killed": 2}  # a kernel that did not come up; one that a signal ended in mid-report
START_SECONDS = 60
MESSAGE_SECONDS = 60  # a busy machine may deliver late; the stock 4 s would call that a timeout


@dataclass(frozen=True)
class Task:
    """A notebook to run from top to bottom, parameters and all, in a kernel that starts in ``folder``.

    ``environment`` is added to the kernel's; ``timeout`` is in seconds for all cells together, ``memory`` in
    MiB (None: no limit); the kernel's sockets lie below ``scratch``.
    """

    notebook: NotebookNode
    environment: Mapping[str, str]
    folder: str
    timeout: float
    scratch: str | None = None
    warm: bool = False
    memory: int | None = None


@dataclass(frozen=True)
class Executed:
    """What came of it: ``notebook`` as far as it got, ``error`` empty when all of it ran."""

    notebook: NotebookNode
    status: Status
    error: str = ""


class _Run:
    """A run under way: papermill returns nothing when it fails, so the notebook is caught as it goes."""

    def __init__(self, task: Task, kernel: ReportKernel) -> None:
        self.notebook = task.notebook
        self.kernel = kernel
        self.cell = ""
        self.node = NotebookNode()
        self.limit = threading.Timer(task.timeout, kernel.expire)

    def begin(self, notebook: NotebookNode) -> None:
        self.notebook = notebook
        self.limit.start()

    def enter(self, cell: NotebookNode, cell_index: int) -> None:
        self.node = cell
        self.cell = textwrap.shorten(cell.source.strip().splitlines()[0], 60, placeholder=" …")

    def ended(self, status: Status, error: str) -> Executed:
        return Executed(self.notebook, status, f"{error} (cell: {self.cell})")


class _KilledError(Exception):
    """A signal ended the kernel, and not ours: another attempt may go well."""

    def __init__(self, executed: Executed) -> None:
        super().__init__(executed.error)
        self.executed = executed


def execute(task: Task) -> Executed:
    """Run the task. A kernel that does not start or is killed is tried again, a notebook that fails is not.

    Raises
    ------
    StoppedError
        If the batch was stopped meanwhile.
    """
    starts = kills = 0
    while True:
        try:
            return _attempt(task)
        except KernelStartError as error:
            starts += 1
            if RUNNING.stopped:
                raise StoppedError from error
            if starts == ATTEMPTS["start"]:
                return Executed(task.notebook, "kernel died", str(error))
        except _KilledError as death:
            kills += 1
            if kills == ATTEMPTS["killed"]:
                return death.executed
        time.sleep(random.uniform(0.1, 0.5) * (starts + kills))


def _attempt(task: Task) -> Executed:
    with (
        contextlib.closing(ensure_event_loop()),  # Jupyter makes one for each thread and never closes it
        tempfile.TemporaryDirectory(prefix="k-", dir=task.scratch, ignore_cleanup_errors=True) as private,
        RUNNING.holding(new_kernel(Path(private), task.environment, task.warm, task.memory)) as kernel,
    ):
        run = _Run(task, kernel)
        try:
            _papermill(task, run)
        except PapermillExecutionError as error:
            return run.ended("failed", _told(task, error))
        except DeadKernelError as error:
            return _death(task, run, error)
        finally:
            run.limit.cancel()
        return _checked(run)


def _told(task: Task, error: PapermillExecutionError) -> str:
    if error.ename == "MemoryError" and task.memory:
        return f"MemoryError: the report needs more than its limit of {task.memory:,} MiB (--memory)"
    return f"{error.ename}: {error.evalue}"


def _papermill(task: Task, run: _Run) -> None:
    papermill.execute_notebook(
        task.notebook,
        None,
        kernel_name="python3",
        language="python",
        progress_bar=False,
        request_save_on_cell_execute=False,
        start_timeout=START_SECONDS,
        km=run.kernel,
        resources={"metadata": {"path": task.folder}},
        record_timing=False,
        iopub_timeout=MESSAGE_SECONDS,
        on_notebook_start=run.begin,
        on_cell_execute=run.enter,
    )


def _death(task: Task, run: _Run, error: DeadKernelError) -> Executed:
    if RUNNING.stopped:
        raise StoppedError from error
    if run.kernel.expired:
        return run.ended("timed out", f"took longer than {task.timeout:g} s")
    if run.kernel.flooded:
        run.node.outputs = []
        return run.ended("failed", f"wrote more than {MOST_OUTPUT // 2**20} MiB of output")
    code = run.kernel.exit_code() or 0
    if code < 0:
        name = signal.Signals(-code).name
        text = f"the kernel was killed twice by {name}, possibly because the machine ran out of memory"
        raise _KilledError(run.ended("kernel died", text))
    return run.ended("kernel died", f"the kernel exited with exit code {code}")


def _checked(run: _Run) -> Executed:
    """A run that raised nothing may have stopped early all the same: papermill lets ``sys.exit(0)`` pass."""
    for cell in run.notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                text = f"the notebook stopped itself: {output.ename} {output.evalue}".rstrip()
                return run.ended("failed", text)
    return Executed(run.notebook, "ok")
