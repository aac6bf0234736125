"""A large source is read by a process of its own, with the same result."""

import contextlib
import os
import pickle
import subprocess
import sys
from datetime import date

import pytest

from tests.batch.company import write_case, write_company
from vs_toolkit.batch import data
from vs_toolkit.batch.data import FarData, NearData
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import InputError, Problem, VsToolkitError


@pytest.fixture
def request_(tmp_path):
    source = write_company(tmp_path / "source", C001="First", C002="Second")
    write_case(source, "C001")
    write_case(source, "C002", ("customer_wacc: 9%", "customer_wacc: 8"))
    return Request(str(source), str(tmp_path / "out"), date(2026, 6, 30))


def test_the_other_process_tells_and_writes_the_same_and_ends(request_, tmp_path):
    near, far = NearData(request_), FarData(request_)
    with contextlib.closing(far):
        assert (far.recipients, far.folder) == (near.recipients, near.folder)
        far.freeze(str(tmp_path / "snapshot"))
        wanted = {one: str(tmp_path / f"far-{one}.arrow") for one in ("C001", "C002")}
        far.announce({"C001": wanted["C001"], "C002": wanted["C002"], "": "/dev/null/company.arrow"})
        far.write("C001", wanted["C001"])
        near.write("C001", str(tmp_path / "near.arrow"))
        written = (tmp_path / "far-C001.arrow").read_bytes()
        assert written == (tmp_path / "near.arrow").read_bytes() and len(written) > 1000
        with pytest.raises(InputError, match=r"C002-01\.yaml, line \d+, customer_wacc: 8 would be 800 %"):
            far.write("C002", wanted["C002"])
        with pytest.raises(OSError, match="File exists"):
            far.write("", "")
        assert far._process.wait(10) == 0  # nothing is left of the tables
    near.freeze(str(tmp_path / "other"))
    for name in ("customers.parquet", "cases/C001-01.yaml"):
        assert (tmp_path / "snapshot" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_what_is_wrong_and_a_process_that_is_gone_are_told(request_, monkeypatch):
    problem = Problem("a.csv", "line 2", "wacc", "x", "write a number")
    told = pickle.loads(pickle.dumps(InputError([problem])))
    assert told.problems == (problem,) and str(told) == str(InputError([problem]))
    monkeypatch.setattr(data, "SERVE", "import sys; sys.exit(3)")
    with pytest.raises(VsToolkitError, match=r"ended \(exit code 3\), possibly because the machine ran"):
        FarData(request_)


def test_only_a_large_source_or_a_database_is_worth_a_process(request_, tmp_path, monkeypatch):
    assert not data.is_large(request_.source) and not data.is_large("memory://source")
    assert data.is_large("sqlite:///company.db") and data.is_large("company.yaml")
    with (tmp_path / "source" / "sales.csv").open("wb") as file:
        os.truncate(file.fileno(), data.LARGE + 1)
    assert data.is_large(request_.source)
    monkeypatch.setattr(data, "FarData", lambda request: "far")
    assert data.opened(request_) == "far"


PRESSES = """\
import io, os, random, signal, sys, threading
from datetime import date
import pyarrow.csv
from vs_toolkit.batch.data import NearData
from vs_toolkit.batch.request import Request

chance, heard = random.Random(1), []
signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
NearData(Request(sys.argv[1], sys.argv[2], date(2026, 6, 30)))
table = b"a,b,c\\n" + 3000 * b"1,2,x\\n"
for press in range(1, 201):
    timer = threading.Timer(chance.uniform(0, 0.005), os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    while timer.is_alive():
        pyarrow.csv.read_csv(io.BytesIO(table))
    if len(heard) < press:
        sys.exit(f"lost: {press}")
"""


def test_ctrl_c_is_not_lost_while_a_table_is_read(request_):
    arguments = [request_.source, request_.out]
    done = subprocess.run([sys.executable, "-c", PRESSES, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
