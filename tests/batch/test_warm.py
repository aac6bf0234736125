"""A warm kernel behaves as an ordinary one, keeps nothing of its siblings, and leaves with its batch."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from multiprocessing import resource_tracker
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from nbformat.v4 import new_output

from tests.batch.notebooks import notebook
from tests.waiting import wait_for
from vs_toolkit.batch import warm
from vs_toolkit.batch.execute import Task, execute

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")


def run(tmp_path, *sources, timeout=30.0, warm=True):
    return execute(Task(notebook(*sources), {}, str(tmp_path), timeout, str(tmp_path), warm))


def said(executed):
    return [o.text.strip() for c in executed.notebook.cells for o in c.get("outputs", []) if "text" in o]


FACTS = """\
import os, random, sys
import numpy as np
print(os.getppid(), os.getpid(), os.getpgid(0) == os.getpid(), "pandas" in sys.modules)
print(random.random(), np.random.rand())
print(os.getcwd(), "" in sys.path, [p for p in sys.path if p], "VS_TOOLKIT_NURSERY" in os.environ)
"""


def test_each_is_a_fresh_process_of_one_parent_with_its_own_chance(tmp_path):
    first, second = (said(run(tmp_path, FACTS))[0].splitlines() for _ in range(2))
    assert first[0].split()[0] == second[0].split()[0] == str(warm.NURSERY._server._forkserver_pid)
    assert first[0].split()[1] != second[0].split()[1]
    assert first[0].split()[2:] == ["True", "True"]
    assert not set(first[1].split()) & set(second[1].split())


def test_it_sees_the_same_as_an_ordinary_kernel(tmp_path):
    warmed, ordinary = (said(run(tmp_path, FACTS, warm=w))[0].splitlines() for w in (True, False))
    assert warmed[2] == ordinary[2]
    assert warmed[2].startswith(str(tmp_path)) and warmed[2].endswith("False")


def test_nothing_is_carried_from_one_to_the_next(tmp_path):
    changes = "import os, pandas as pd\npd.secret = 1\nos.environ['SECRET'] = '1'\nsecret = 1"
    looks = (
        "import os, pandas as pd\nprint(hasattr(pd, 'secret'), 'SECRET' in os.environ, 'secret' in globals())"
    )
    assert run(tmp_path, changes).status == "ok"
    assert said(run(tmp_path, looks)) == ["False False False"]


def test_pyplot_draws_into_the_notebook(tmp_path):
    executed = run(tmp_path, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    assert [list(o.data) for c in executed.notebook.cells for o in c.get("outputs", [])] == [
        ["text/plain", "image/png"]
    ]


@pytest.mark.parametrize(
    ("source", "status", "error"),
    [
        ("import os\nos._exit(3)", "kernel died", "exit code 3"),
        ("import os\nos.kill(os.getpid(), 9)", "kernel died", "the kernel was killed"),
        ("while True: pass", "timed out", "took longer than 0.5 s"),
    ],
)
def test_its_end_is_told_as_it_was(tmp_path, source, status, error):
    executed = run(tmp_path, source, timeout=0.5 if status == "timed out" else 30)
    assert executed.status == status and error in executed.error


def test_any_jupyter_client_can_use_it(tmp_path, monkeypatch):
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "vs-toolkit-warm")
    node = notebook("import os\nprint(os.getppid())")
    with (tmp_path / "stderr").open("w") as stderr:
        NotebookClient(node).execute(stderr=stderr)
    assert node.cells[-1].outputs[0].text.strip() == str(warm.NURSERY._server._forkserver_pid)


def test_it_can_be_interrupted(monkeypatch):
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "vs-toolkit-warm")
    node = notebook("import time\ntime.sleep(60)")
    NotebookClient(node, timeout=1, interrupt_on_timeout=True, allow_errors=True).execute()
    assert node.cells[-1].outputs[-1].ename == "KeyboardInterrupt"


def test_where_forking_fails_an_ordinary_kernel_is_started_and_the_reason_logged(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(warm, "sys", SimpleNamespace(platform="win32"))
    warm._log_once.cache_clear()
    executed = run(tmp_path, "import os\nprint(os.getppid())")
    assert said(executed) == [str(os.getpid())]
    assert caplog.messages == [
        "kernels start without forking, which takes longer: processes are forked on Linux only"
    ]


def test_a_server_that_does_not_come_up_is_not_tried_again(monkeypatch):
    nursery = warm.Nursery()
    monkeypatch.setattr(warm.nursery, "__name__", "vs_toolkit.batch.no_such_module_to_preload")
    monkeypatch.setattr(warm, "KERNEL_ENVIRONMENT", {"PYTHONHOME": "/nowhere"})
    resource_tracker.ensure_running()  # it must not be started with that home
    order = warm.KernelOrder((), {**os.environ, "PYTHONHOME": "/nowhere"}, "/")
    with pytest.raises(warm.CannotForkError, match="does not answer"):
        nursery.fork(order, [])
    pid = nursery._server._forkserver_pid
    with pytest.raises(warm.CannotForkError, match="it did not come up"):
        nursery.fork(order, [])
    assert nursery._server._forkserver_pid == pid


def test_a_server_that_cannot_import_everything_does_not_serve(tmp_path, monkeypatch):
    (tmp_path / "seaborn.py").write_text("raise ImportError('this seaborn is broken')")
    monkeypatch.setattr(warm, "KERNEL_ENVIRONMENT", {"PYTHONPATH": str(tmp_path)})
    order = warm.KernelOrder((), {**os.environ, "PYTHONPATH": str(tmp_path)}, "/")
    with pytest.raises(warm.CannotForkError, match="does not answer"):
        warm.Nursery().fork(order, [])


def test_a_server_looks_for_modules_where_an_interpreter_does(tmp_path, monkeypatch):
    """Since Python 3.13 a fork server gets the path of its parent: here one that lacks a folder."""
    (tmp_path / "spoils_the_path.py").write_text(
        f"import sys\nsys.path[:] = ['/nowhere', *(p for p in sys.path if p != {str(tmp_path)!r})]"
    )
    monkeypatch.setattr(warm, "KERNEL_ENVIRONMENT", {**warm.KERNEL_ENVIRONMENT, "PYTHONPATH": str(tmp_path)})
    monkeypatch.setattr(warm, "NURSERY", warm.Nursery())
    preload = warm.ForkServer.set_forkserver_preload
    monkeypatch.setattr(
        warm.ForkServer, "set_forkserver_preload", lambda s, names: preload(s, ["spoils_the_path", *names])
    )
    warmed, ordinary = (
        said(
            execute(Task(notebook(FACTS), {"PYTHONPATH": str(tmp_path)}, str(tmp_path), 30, str(tmp_path), w))
        )
        for w in (True, False)
    )
    assert warmed[0].split()[0] == str(warm.NURSERY._server._forkserver_pid)
    assert warmed[0].splitlines()[2] == ordinary[0].splitlines()[2]
    assert "/nowhere" not in warmed[0]


@pytest.mark.parametrize(
    ("name", "value", "expression", "seen"),
    [
        ("PYTHONPATH", "/mine", "'/mine' in sys.path", "True"),
        ("OMP_NUM_THREADS", "3", "os.environ['OMP_NUM_THREADS']", "3"),
        ("PYTHONUTF8", "0", "sys.flags.utf8_mode", "0"),
        ("PYTHONWARNINGS", "ignore::BytesWarning", "sys.warnoptions", "['ignore::BytesWarning']"),
    ],
)
def test_settings_of_a_kernel_that_an_interpreter_reads_at_its_start_are_honoured(
    tmp_path, monkeypatch, name, value, expression, seen
):
    monkeypatch.setenv("PYTHONUTF8", "1" if name == "PYTHONUTF8" else "0")
    monkeypatch.setattr(warm, "NURSERY", warm.Nursery())
    source = f"import os, sys\nprint(os.getppid(), {expression})"
    executed = execute(Task(notebook(source), {name: value}, str(tmp_path), 30, str(tmp_path), True))
    assert said(executed) == [f"{os.getpid()} {seen}"]


def test_a_server_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(warm, "ANSWER_SECONDS", 0.2)
    read, write = os.pipe()
    with pytest.raises(EOFError, match="did not answer"):
        warm.ForkedKernel(read)
    os.close(write)


def test_a_server_whose_driver_lives_leaves_the_driver_s_folder_alone(monkeypatch):
    nursery = warm.Nursery()
    nursery.start()
    socket = Path(nursery._server._forkserver_address)
    os.close(nursery._server._forkserver_alive_fd)  # it leaves by itself, as when we had gone
    assert wait_for(lambda: not nursery._is_up())
    assert socket.exists()


TELLS = "import sys\nprint('seaborn' in sys.modules)"


def test_nbval_can_use_it(tmp_path):
    node = notebook(TELLS)
    node.cells[-1].outputs, node.cells[-1].execution_count = [new_output("stream", text="True\n")], 1
    nbformat.write(node, tmp_path / "tells.ipynb")
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "tells.ipynb"]
    for provisioner, code in (("vs-toolkit-warm", 0), ("local-provisioner", 1)):
        environment = {**os.environ, "JUPYTER_DEFAULT_PROVISIONER_NAME": provisioner}
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == code, done.stdout


def test_changed_code_gets_a_new_server(monkeypatch):
    nursery = warm.Nursery()
    nursery.start()
    first = nursery._server
    nursery.start()
    assert nursery._server is first
    monkeypatch.setattr(warm, "_fingerprint", lambda: (("changed.py", 1, 1),))
    nursery.start()
    assert nursery._server is not first


def test_a_server_that_was_killed_is_replaced_by_a_warm_one(tmp_path):
    assert said(run(tmp_path, FACTS))[0].split()[3] == "True"
    killed = warm.NURSERY._server._forkserver_pid
    os.kill(killed, 9)
    wait_for(lambda: not _alive(killed))
    facts = said(run(tmp_path, FACTS))[0].split()
    assert facts[0] == str(warm.NURSERY._server._forkserver_pid) != str(killed) and facts[3] == "True"


INTERRUPTED = """\
import os, signal, time
try:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(9)
except KeyboardInterrupt:
    print("interrupted", os.getppid())
"""


def test_ctrl_c_is_nothing_to_a_server_that_just_starts_but_interrupts_its_kernels(tmp_path, monkeypatch):
    monkeypatch.setattr(warm, "NURSERY", warm.Nursery())
    warm.NURSERY.start()
    server = warm.NURSERY._server._forkserver_pid
    os.kill(server, signal.SIGINT)
    assert said(run(tmp_path, INTERRUPTED)) == [f"interrupted {server}"]


def test_starting_a_server_does_not_disturb_who_reads_the_environment(monkeypatch):
    before = dict(os.environ)
    with warm._environment():
        assert dict(os.environ) == before
        inside = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    after = subprocess.run(["env"], capture_output=True, text=True, check=True).stdout
    assert f"{warm.nursery.MARK}={os.getpid()}" in inside.splitlines() and warm.nursery.MARK not in after


def test_a_server_that_hangs_up_leaves_no_descriptor_open():
    read, write = os.pipe()
    os.close(write)
    with pytest.raises(EOFError):
        warm.ForkedKernel(read)
    with pytest.raises(OSError):
        os.fstat(read)


@pytest.mark.parametrize("warmed", [True, False])
def test_a_report_is_not_told_how_to_open_the_source(tmp_path, monkeypatch, warmed):
    for name in ("VS_SOURCE", "VS_DATABASE_PASSWORD"):
        monkeypatch.setenv(name, "postgresql://us:secret@db/company")
    source = "import os\nprint([name for name, value in os.environ.items() if 'secret' in value])"
    assert said(run(tmp_path, source, warm=warmed)) == ["[]"]


BATCH = """\
import sys, threading
from pathlib import Path
from tests.batch.notebooks import notebook
from vs_toolkit.batch.execute import Task, execute
source = "import os, pathlib\\npathlib.Path('pids').write_text(f'{os.getpid()} {os.getppid()}')"
execute(Task(notebook(source, "while True: pass"), {}, sys.argv[1], 60, sys.argv[1], True))
"""


def test_nothing_is_left_when_the_batch_is_killed(tmp_path):
    root = Path(__file__).resolve().parents[2]
    temporary = Path(tempfile.mkdtemp(prefix="t-"))  # short: a socket lies in it
    environment = {**os.environ, "TMPDIR": str(temporary)}
    batch = subprocess.Popen([sys.executable, "-c", BATCH, str(tmp_path)], cwd=root, env=environment)
    pids = wait_for(lambda: (tmp_path / "pids").exists() and (tmp_path / "pids").read_text().split())
    assert all(_alive(int(pid)) for pid in pids)
    batch.kill()
    batch.wait()
    assert wait_for(lambda: not any(_alive(int(pid)) for pid in pids))
    assert wait_for(lambda: not list(temporary.glob("pymp-*")))
    shutil.rmtree(temporary)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] not in "ZX"
    except OSError:
        return False


def test_a_kernel_of_a_batch_keeps_no_history(tmp_path):
    source = "ip = get_ipython()\nprint(ip.history_manager.enabled, type(ip.history_manager.db).__name__)"
    assert said(run(tmp_path, source)) == ["False DummyDB"]


def test_other_kernels_have_the_debugger(tmp_path, monkeypatch):
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", "vs-toolkit-warm")
    node = notebook("print(get_ipython().kernel.debugger is not None)")
    NotebookClient(node).execute()
    assert node.cells[-1].outputs[0].text.strip() == "True"


def test_nothing_that_our_notebooks_use_is_imported_after_the_fork(tmp_path):
    notebooks = Path(__file__).resolve().parents[2] / "notebooks"
    imports = {
        line
        for path in notebooks.glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        for line in cell.source.splitlines()
        if cell.cell_type == "code" and line.startswith(("from vs_toolkit", "import vs_toolkit"))
    }
    lines = ["import sys", "before = set(sys.modules)", *sorted(imports)]
    assert said(run(tmp_path, "\n".join([*lines, "print(set(sys.modules) - before)"]))) == ["set()"]


def test_a_kernel_of_a_batch_has_no_debugger_and_nobodys_start_up_code(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text("mine = 1")
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "mine.py"))
    startup = tmp_path / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "own.py").write_text("own = 1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    source = (
        "import sys\nprint('pydevd' in sys.modules, 'mine' in globals(), 'own' in globals())\nimport debugpy"
    )
    node = notebook(source)
    executed = execute(Task(node, {"VS_PARTITION": "x"}, str(tmp_path), 30, str(tmp_path), warm=True))
    assert executed.status == "ok" and said(executed) == ["False False False"]


def test_a_server_that_is_replaced_leaves_no_socket():
    nursery = warm.Nursery()
    nursery.start()
    first = Path(nursery._server._forkserver_address)
    os.kill(nursery._server._forkserver_pid, 9)
    assert wait_for(lambda: not nursery._is_up())
    nursery.start()
    assert not first.exists() and Path(nursery._server._forkserver_address).exists()
