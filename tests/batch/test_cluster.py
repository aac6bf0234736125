"""The same batch on a real Dask cluster: two worker processes, one of which is killed at work."""

import json
import shutil
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.batch.cluster import cluster
from tests.batch.company import SHOWS_NAME, STATES, write_company
from tests.batch.notebooks import saved
from tests.shared import ROOT
from tests.waiting import wait_for as waiting_for
from vs_toolkit.batch.cluster import connected
from vs_toolkit.errors import VsToolkitError

SLOW = "import time, helper\ntime.sleep(1.5)\nprint(helper.WORD)"

wait_for = partial(waiting_for, seconds=240)  # each starts a toolkit of its own


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", C001="A", C002="B", C003="C", C004="D", C005="E")
    saved(tmp_path / "plan.ipynb", SHOWS_NAME, SLOW, STATES)
    (tmp_path / "helper.py").write_text("WORD = 'from the file beside it'")
    return tmp_path


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    """A scheduler for all tests, which each start the workers they need; the last one kills it."""
    with cluster(tmp_path_factory.mktemp("machines") / "cluster") as running:
        yield running


def command(world, out, *more):
    script = str(Path(sys.executable).parent / "vs-toolkit")
    return [script, "run", "plan.ipynb", "--source", "source", "--out", out, "--as-of", "2026-06-30", *more]


def run(world, out, *more):
    done = subprocess.run(command(world, out, *more), cwd=world, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def files(out):
    """Every file, times left out."""
    found = {}
    for path in sorted(
        p
        for p in out.rglob("*")
        if p.is_file() and p.name[0] != "." and p.name not in ("index.html", "run.json")
    ):
        content = path.read_bytes()
        if path.suffix == ".json":
            content = json.dumps({**json.loads(content), "seconds": 0}).encode()
        found[str(path.relative_to(out))] = content
    return found


@pytest.fixture
def store(tmp_path):
    """A file server: what a remote folder can do without."""
    servers = pytest.importorskip("pyftpdlib.servers")
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler

    root = tmp_path / "store"
    root.mkdir()
    authorizer = DummyAuthorizer()
    authorizer.add_user("us", "secret", str(root), perm="elradfmwMT")
    handler = type("Handler", (FTPHandler,), {"authorizer": authorizer, "log_prefix": ""})
    server = servers.ThreadedFTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield root, f"ftp://us:secret@127.0.0.1:{server.address[1]}/reports"
    server.close_all()
    thread.join(10)


def test_a_cluster_that_cannot_be_used_is_told_before_anything_is_made(world, machines):
    for address, reason in (("nonsense", "missing port"), ("tls://127.0.0.1:1", "no Dask scheduler answers")):
        with pytest.raises(VsToolkitError, match=reason), connected(address):
            pass
    copy = world / "other" / "vs_toolkit"
    shutil.copytree(ROOT / "vs_toolkit", copy)
    (copy / "errors.py").write_text((copy / "errors.py").read_text() + "\nCHANGED = 1\n")
    other = machines.worker("--no-nanny", PYTHONPATH=str(copy.parent))
    machines.wait_for_workers(1)
    code, said = run(world, "out", "--scheduler", machines.address)
    assert code == 1 and "have another vs-toolkit than this machine, or none: tcp://127.0.0.1" in said
    assert not list((world / "out").glob("*/*")) and "Traceback" not in said
    other.kill()
    machines.wait_for_workers(0)


def test_a_worker_killed_at_work_costs_no_report_at_a_url_that_only_the_workers_share(world, machines, store):
    root, url = store
    workers = [machines.worker("--no-nanny"), machines.worker("--no-nanny")]
    machines.wait_for_workers(2)
    batch = subprocess.Popen(
        command(world, url, "--scheduler", machines.address, "--snapshot", f"{url}-snapshot"),
        cwd=world, text=True, stdout=-1, stderr=-1,
    )  # fmt: skip
    wait_for(lambda: list((root / "reports").glob("*/plan.json")))
    workers[0].kill()  # two at the most are done, so it was at work on another one
    said, problems = batch.communicate(timeout=300)
    assert batch.returncode == 0 and "5 reports created, 0 failed" in said, said + problems
    assert "secret" not in said + problems
    assert "from the file beside it" in (root / "reports/C005/plan.html").read_text()
    assert (root / "reports-snapshot/customers.parquet").exists()
    assert [path.name for path in root.rglob("*") if path.name.startswith(".")] == []
    code, said = run(world, url)
    assert code == 0 and "0 reports created, 0 failed, 5 up to date" in said
    assert run(world, "here")[0] == 0
    assert files(world / "here") == files(root / "reports")


def test_a_scheduler_that_is_lost_stops_the_batch_which_goes_on_later(world, machines):
    if not machines.has_workers():
        machines.worker("--no-nanny")
    machines.wait_for_workers(1)
    batch = subprocess.Popen(
        command(world, "out", "--scheduler", machines.address), cwd=world, text=True, stdout=-1, stderr=-1
    )
    wait_for(lambda: list((world / "out").glob("*/plan.json")))
    machines.scheduler.kill()
    said, problems = batch.communicate(timeout=300)
    assert batch.returncode == 130 and "run the same command again to continue" in said
    assert "the connection to the scheduler" in problems and "Traceback" not in problems
    code, said = run(world, "out")
    assert code == 0 and "0 failed" in said and ", 0 up to date" not in said
