"""What can befall a batch while it works: each fault costs one report at the most, and is told as it was."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tests.batch.company import SHOWS_NAME, STATES, write_company
from tests.batch.notebooks import notebook, saved
from tests.waiting import wait_for as waiting_for
from vs_toolkit.batch import batch, execute, flood, warm
from vs_toolkit.batch.batch import Options
from vs_toolkit.batch.execute import Task
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.ledger import read_ledger
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import VsToolkitError

AS_OF = date(2026, 6, 30)
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="limits and forked kernels are Linux's")

wait_for = partial(waiting_for, seconds=120)  # each starts a toolkit of its own


def run(tmp_path, *sources, **more):
    return execute.execute(Task(notebook(*sources), {}, str(tmp_path), 30, str(tmp_path), **more))


def said(executed):
    return "".join(o.get("text", "") for c in executed.notebook.cells for o in c.get("outputs", []))


KILLED_ONCE = """\
import os, pathlib, signal
tries = pathlib.Path("tries")
tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
if tries.read_text() == "x":
    os.kill(os.getpid(), signal.SIGKILL)
print("went well")"""


@pytest.mark.parametrize("is_warm", [True, False])
def test_a_kernel_that_is_killed_gets_a_second_chance(tmp_path, is_warm):
    executed = run(tmp_path, KILLED_ONCE, warm=is_warm)
    assert (executed.status, said(executed)) == ("ok", "went well\n")


def test_a_kernel_that_is_killed_each_time_is_told_after_the_second(tmp_path):
    source = KILLED_ONCE.replace('if tries.read_text() == "x":', "if True:")
    executed = run(tmp_path, source)
    assert executed.status == "kernel died" and "killed twice by SIGKILL" in executed.error
    assert (tmp_path / "tries").read_text() == "xx"


def test_a_notebook_that_leaves_by_itself_is_not_tried_again(tmp_path):
    executed = run(tmp_path, KILLED_ONCE.replace("os.kill(os.getpid(), signal.SIGKILL)", "os._exit(3)"))
    assert executed.status == "kernel died" and "exit code 3" in executed.error
    assert (tmp_path / "tries").read_text() == "x"


KILLS_SERVER_ONCE = KILLED_ONCE.replace(
    "os.kill(os.getpid(), signal.SIGKILL)",
    "os.kill(os.getppid(), signal.SIGKILL); __import__('time').sleep(9)",
)


@ON_LINUX
def test_a_fork_server_that_is_killed_is_started_again_and_its_kernels_too(tmp_path):
    executed = run(tmp_path, KILLS_SERVER_ONCE + "\nprint('seaborn' in __import__('sys').modules)", warm=True)
    assert (executed.status, said(executed)) == ("ok", "went well\nTrue\n")


@ON_LINUX
@pytest.mark.parametrize("is_warm", [True, False])
@pytest.mark.parametrize(
    "eats",
    [
        "x = bytearray(900 * 2**20)",
        "import numpy as np\nx = np.ones(10**9)",
        "x = []\nwhile True: x.append('a' * 10**6 + str(len(x)))",
    ],
)
def test_a_cell_that_eats_memory_fails_and_says_what_it_may_take(tmp_path, is_warm, eats):
    executed = run(tmp_path, eats, warm=is_warm, memory=500)
    assert executed.status == "failed"
    assert executed.error.startswith(
        "MemoryError: the report needs more than its limit of 500 MiB (--memory)"
    )


@ON_LINUX
def test_memory_within_the_limit_is_given(tmp_path):
    assert run(tmp_path, "x = bytearray(300 * 2**20)", warm=True, memory=500).status == "ok"


def test_a_cell_that_writes_without_end_is_stopped_and_its_flood_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(flood, "MOST_OUTPUT", 10**6)
    executed = run(tmp_path, "print('kept')", "while True: print('x' * 10_000)", warm=True)
    assert executed.status == "failed" and "MiB of output (cell: while True" in executed.error
    assert said(executed) == "kept\n"


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", C001="First", C002="Second", C003="Third")
    saved(tmp_path / "plan.ipynb", SHOWS_NAME, STATES)
    return tmp_path


def make(world, out="out", **options):
    request = Request(str(world / "source"), str(world / out), AS_OF, notebooks=(str(world / "plan.ipynb"),))
    return batch.run(plan(request), Options(workers=2, timeout=60, **options))


def command(world, *more):
    script = str(Path(sys.executable).parent / "vs-toolkit")
    return [script, "run", "plan.ipynb", "--source", "source", "--as-of", "2026-06-30", *more]


def call(world, *more):
    done = subprocess.run(command(world, *more), cwd=world, capture_output=True, text=True, timeout=240)
    return done.returncode, done.stdout + done.stderr


def mounted(place, *options):
    """Mount a small file system, or skip where that is not allowed."""
    place.mkdir()
    done = subprocess.run(["mount", *options, str(place)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount: {done.stderr.strip()}")


@pytest.fixture
def small_disk(world):
    place = world / "disk"
    mounted(place, "-t", "tmpfs", "-o", "size=260k", "tmpfs")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@ON_LINUX
def test_a_full_disk_leaves_nothing_half_written_and_the_batch_goes_on_when_there_is_room(world, small_disk):
    (small_disk / "filler").write_bytes(bytes(210_000))
    saved(world / "plan.ipynb", SHOWS_NAME, "print('x' * 30_000)", STATES)
    code, told = call(world, "--out", str(small_disk / "out"))
    assert code == 1 and "No space left on device" in told and "Traceback" not in told
    files = [path for path in (small_disk / "out").rglob("*") if path.is_file()]
    assert not [path for path in files if path.name.endswith(".part")]
    assert all(path.read_text().rstrip().endswith("</html>") for path in files if path.suffix == ".html")
    (small_disk / "filler").unlink()
    code, told = call(world, "--out", str(small_disk / "out"))
    assert code == 0, told
    assert len(list((small_disk / "out").glob("*/plan.html"))) == 3


@ON_LINUX
def test_an_output_folder_that_is_read_only_is_told_before_anything_is_made(world):
    place = world / "disk"
    mounted(place, "-t", "tmpfs", "-o", "ro", "tmpfs")
    try:
        code, told = call(world, "--out", str(place / "out"))
    finally:
        subprocess.run(["umount", str(place)], check=True)
    assert code == 1 and "cannot write into" in told and "Read-only file system" in told
    assert "Traceback" not in told


def test_an_index_that_cannot_be_written_is_told(world, monkeypatch):
    write = Folder.write

    def refuse(self, name, content):
        if name == "index.html":
            raise PermissionError(13, "Permission denied")
        write(self, name, content)

    monkeypatch.setattr(Folder, "write", refuse)
    with pytest.raises(VsToolkitError, match=r"the index cannot be written into .*Permission denied"):
        make(world)
    assert len(read_ledger(Folder(world / "out")).entries) == 3


def test_a_clock_that_jumps_changes_neither_limits_nor_results(world, monkeypatch):
    real, calls = time.time, []

    def jumping():
        calls.append(1)
        return real() + (10**8 if len(calls) % 2 else -(10**8))

    monkeypatch.setattr(time, "time", jumping)
    summary = make(world)
    assert not summary.failed and 0 <= summary.seconds < 200
    assert all(0 <= entry.seconds < 200 for entry in summary.done)
    for path in (world / "out").rglob("*"):
        os.utime(path, (0, 0))
    assert make(world).up_to_date == 3


def test_a_second_batch_is_refused_with_the_process_that_works(world):
    saved(world / "plan.ipynb", SHOWS_NAME, "import time\ntime.sleep(60)")
    first = subprocess.Popen(command(world, "--out", "out"), cwd=world, stdout=-1, stderr=-1, text=True)
    try:
        wait_for(lambda: lock_of(world))
        code, told = call(world, "--out", "out")
        assert code == 1
        assert f"another batch (process {first.pid}) is writing into {world}/out" in told
    finally:
        first.send_signal(signal.SIGTERM)
        first.communicate(timeout=60)


def lock_of(world):
    lock = world / "out" / ".vs-toolkit.lock"
    return lock.exists() and "pid" in json.loads(lock.read_text() or "{}")


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_stops_cleanly_and_says_what_is_left_also_when_it_comes_twice_at_once(world, times):
    saved(world / "plan.ipynb", SHOWS_NAME, "import time\ntime.sleep(0 if customer == 'C001' else 60)")
    running = subprocess.Popen(command(world, "--out", "out"), cwd=world, stdout=-1, stderr=-1, text=True)
    wait_for(lambda: (world / "out/C001/plan.json").exists())
    for _ in range(times):
        running.send_signal(signal.SIGINT)
    told, problems = running.communicate(timeout=60)
    assert running.returncode == 130 and "stopped with 2 reports not done" in told
    assert "Traceback" not in problems and "Aborted" not in problems
    assert (world / "out/index.html").exists() and not (world / "out/C002").exists()


IN_R = """{"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": {"language": "R"}},
"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# R"}]}"""


def test_an_error_without_end_is_a_flood_too(tmp_path, monkeypatch):
    monkeypatch.setattr(flood, "MOST_OUTPUT", 10**6)
    executed = run(tmp_path, "raise ValueError('x' * 10**7)", warm=True)
    assert executed.status == "failed" and len(executed.error) < 10**6


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_before_any_report_is_told_as_such(world, sign):
    rows = "\n".join(f"X{number},Name" for number in range(200_000))
    (world / "source" / "customers.csv").write_text(f"customer_id,name\n{rows}\n")
    running = subprocess.Popen(
        command(world, "--out", "out"), cwd=world, stdout=-1, stderr=-1, text=True, start_new_session=True
    )
    try:
        time.sleep(2.5)  # it has started and reads the source
        os.killpg(running.pid, sign)
        _, problems = running.communicate(timeout=120)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)  # or 200,000 reports would be made beside the other tests
    assert running.returncode == 130 and "Traceback" not in problems, problems


def test_broken_notebooks_are_told_before_a_kernel_starts(world, monkeypatch):
    monkeypatch.setattr(warm.NURSERY, "start", lambda: pytest.fail("nothing was to be started"))
    for text, reason in (
        ("{", "is not a notebook"),
        ("[]", "is not a notebook"),
        ('{"cells": []}', "has no cells"),
        (IN_R, "written in R"),
    ):  # fmt: skip
        (world / "plan.ipynb").write_text(text)
        with pytest.raises(VsToolkitError, match=reason):
            make(world)
