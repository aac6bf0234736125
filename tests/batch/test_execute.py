"""Every way a notebook can end gets its true status, from exceptions and never from papermill's metadata."""

import os
import subprocess
import threading
import time

import pytest

from tests.batch.notebooks import notebook
from tests.waiting import wait_for
from vs_toolkit.batch import kernels
from vs_toolkit.batch.execute import Task, execute


def run(tmp_path, *sources, timeout=30.0, environment=None):
    return execute(Task(notebook(*sources), environment or {}, str(tmp_path), timeout, str(tmp_path)))


def outputs(executed):
    return "".join(o.get("text", "") for c in executed.notebook.cells for o in c.get("outputs", []))


def test_environment_and_folder_reach_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setenv("VS_SOURCE", "the whole company")
    home = tmp_path / "home"
    home.mkdir()
    source = "import os\nprint(factor, os.getcwd(), os.environ['VS_PARTITION'], 'VS_SOURCE' in os.environ)"
    environment = {"VS_PARTITION": "only mine"}
    executed = execute(Task(notebook(source), environment, str(home), 30, str(tmp_path)))
    assert executed.status == "ok"
    assert outputs(executed) == f"2.0 {home} only mine False\n"
    assert [p.name for p in tmp_path.iterdir()] == ["home"]  # connection file and sockets are gone


def test_a_failing_cell_is_a_failure_and_keeps_the_notebook_so_far(tmp_path):
    executed = run(tmp_path, "print('before')", "1 / 0", "print('after')")
    assert (executed.status, executed.error) == (
        "failed",
        "ZeroDivisionError: division by zero (cell: 1 / 0)",
    )
    assert outputs(executed) == "before\n"


def test_leaving_with_exit_code_zero_is_a_failure(tmp_path):
    executed = run(tmp_path, "import sys\nsys.exit(0)", "print('after')")
    assert executed.status == "failed"
    assert executed.error.startswith("the notebook stopped itself: SystemExit: 0")


def test_a_kernel_that_ends_itself_died(tmp_path):
    executed = run(tmp_path, "import os\nos._exit(3)")
    assert (executed.status, executed.error) == (
        "kernel died",
        "the kernel exited with exit code 3 (cell: import os)",
    )


def test_a_killed_kernel_died(tmp_path):
    executed = run(tmp_path, "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    assert executed.status == "kernel died"
    assert executed.error.startswith("the kernel was killed")


def test_a_cell_that_never_ends_is_timed_out(tmp_path):
    executed = run(tmp_path, "while True:\n    pass", timeout=0.5)
    assert (executed.status, executed.error) == ("timed out", "took longer than 0.5 s (cell: while True:)")


def test_work_left_behind_the_last_cell_is_timed_out_too(tmp_path):
    source = "import asyncio, time\nasyncio.get_running_loop().call_later(0.1, time.sleep, 600)"
    assert run(tmp_path, source, "await asyncio.sleep(0.2)", timeout=1).status == "timed out"


def test_a_kernel_that_does_not_start_is_tried_again_and_then_told(tmp_path, monkeypatch):
    starts = []

    async def die(self, timeout=None):
        starts.append(self)
        raise kernels.KernelStartError("the kernel died while it was starting")

    monkeypatch.setattr(kernels.PromptClient, "wait_for_ready", die)
    executed = run(tmp_path, "print('never')")
    assert (executed.status, executed.error) == ("kernel died", "the kernel died while it was starting")
    assert len(starts) == 3


def test_a_batch_that_is_stopped_says_nothing_about_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels.RUNNING, "stopped", False)
    threading.Timer(1.5, kernels.RUNNING.stop).start()
    started = time.monotonic()
    with pytest.raises(kernels.StoppedError):
        run(tmp_path, "import time\ntime.sleep(60)", timeout=60)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(("parent", "left"), [("the batch", False), ("a process that is gone", True)])
def test_a_kernel_whose_batch_ended_before_it_started_leaves(tmp_path, parent, left):
    """Also where a process other than the first one of the machine takes its place as the parent."""
    known = kernels.OwnKernelSpec(provisioner=kernels.ORDINARY).get_kernel_spec("python3")
    connection = tmp_path / "kernel.json"
    command = [word.format(connection_file=connection) for word in known.argv]
    with subprocess.Popen(["true"]) as gone:
        pass
    pid = gone.pid if left else os.getpid()
    environment = {**os.environ, "JPY_PARENT_PID": str(pid)}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(connection.exists)
        if left:
            assert process.wait(60) == 1
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(3)
    finally:
        process.kill()
        process.wait()
