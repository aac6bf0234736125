"""One notebook through papermill in one fresh kernel; what went wrong is told from exceptions alone."""

from __future__ import annotations

import contextlib
import random
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import papermill
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from vs_toolkit.batch import watching
from vs_toolkit.batch.failure import failing_cell, reason, shortened
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
    MiB (None: no limit); the kernel's sockets lie below ``scratch``. What it reads
    below the folder ``watched`` is noted.
    """

    notebook: NotebookNode
    environment: Mapping[str, str]
    folder: str
    timeout: float
    scratch: str | None = None
    warm: bool = False
    memory: int | None = None
    watched: str = ""


@dataclass(frozen=True)
class Executed:
    """What came of it: ``notebook`` as far as it got, ``error`` empty when all of it ran.

    ``public`` is the error without anything that a cell could have put into it; ``read`` are the files that
    the kernel has read below the folder that was watched.
    """

    notebook: NotebookNode
    status: Status
    error: str = ""
    public: str = ""
    read: frozenset[str] = frozenset()


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
        self.cell = _first_line(cell)

    def ended(self, status: Status, error: str, public: str = "") -> Executed:
        cell = f" (cell: {self.cell})" if self.cell else ""
        place = f" ({place})" if (place := self._number()) else ""
        return Executed(self.notebook, status, f"{error}{cell}", f"{public or error}{place}")

    def _number(self) -> str:
        """Which code cell it was, in words that quote nothing of the notebook."""
        code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        places = [
            place for place, cell in enumerate(code, 1) if cell.source and _first_line(cell) == self.cell
        ]
        return f"code cell {places[0]} of {len(code)}" if places else ""


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
        if task.watched:
            watching.prepare(Path(private), task.watched)
        executed = _outcome(task, _Run(task, kernel))
        return replace(executed, read=watching.noted(Path(private)))


def _outcome(task: Task, run: _Run) -> Executed:
    try:
        _papermill(task, run)
    except DeadKernelError as error:
        return _death(task, run, error)
    except PapermillExecutionError:
        pass  # it names the last cell that failed, also one that was meant to
    except (KernelStartError, StoppedError):
        raise
    except Exception as error:  # an output that no notebook can hold, and whatever else Jupyter refuses
        return run.ended("failed", reason(error), type(error).__name__)
    finally:
        run.limit.cancel()
    return _checked(task, run)


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


def _checked(task: Task, run: _Run) -> Executed:
    """Tell by the cells whether all went well: papermill lets ``sys.exit(0)`` pass."""
    run.notebook.cells = [cell for cell in run.notebook.cells if not is_note(cell)]
    if (found := failing_cell(run.notebook)) is None:
        return Executed(run.notebook, "ok")
    cell, text = found
    if text.startswith("MemoryError") and task.memory:
        text = f"MemoryError: the report needs more than its limit of {task.memory:,} MiB (--memory)"
    run.cell = _first_line(cell)
    kind = text.partition(":")[0]
    if kind == "SystemExit":
        text = f"the notebook stopped itself: {text}"
    return run.ended("failed", text, kind if kind.isidentifier() else "an error")


def is_note(cell: NotebookNode) -> bool:
    """Whether papermill has put a cell in to tell of a failure."""
    return "papermill-error-cell-tag" in cell.metadata.get("tags", [])


def _first_line(cell: NotebookNode) -> str:
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return shortened(lines[0].strip(), 60) if lines else "empty"
