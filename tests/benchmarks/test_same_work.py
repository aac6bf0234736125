"""The benchmark compares like with like: each way makes the same report, and all its cost is counted."""

import html
import json
import re
import subprocess
import sys

import pytest

from tests.shared import ROOT
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.batch.worker import Site, make_report
from vs_toolkit.demo import write_demo
from vs_toolkit.demo.write import AS_OF

BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture(scope="module")
def ordered(tmp_path_factory):
    """A customer that is not the notebook's default: the job of our batch, the order for the other ways."""
    folder = tmp_path_factory.mktemp("ordered")
    made = plan(Request(str(write_demo(folder / "source", 3)), str(folder / "ours"), AS_OF))
    *_, job = (job for job in made.jobs if job.notebook.name == "business_impact")
    assert job.recipient.customer_id != "C001"
    partition = folder / "one.arrow"
    made.data.write(job.recipient.customer_id, str(partition))
    notebook = f"{job.notebook.folder}/{job.notebook.name}.ipynb"
    order = {"notebook": notebook, "parameters": dict(job.parameters), "partition": str(partition)}
    return folder, job, order


@pytest.fixture(scope="module")
def ours(ordered):
    folder, job, order = ordered
    made = make_report(job, Site(str(folder / "ours"), order["partition"], str(folder), 300.0, warm=False))
    assert made.ok, made.error
    return words(folder / "ours" / f"{job.name}.html")


def words(page):
    """Text of a page as a list of words, without drawings and the numbers of outputs."""
    text = page.read_text(encoding="utf-8").partition("<body")[2].partition(">")[2]
    text = re.sub(r"<(script|style|svg).*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL)
    return re.sub(r"Out\[\d+\]:|¶", " ", html.unescape(text)).split()


@pytest.mark.parametrize("way", ["loop", "floor"])
def test_other_ways_make_the_same_report(ordered, ours, way):
    folder, _, order = ordered
    file = folder / f"{way}.json"
    file.write_text(json.dumps([{**order, "out": str(folder / way)}]))
    subprocess.run([sys.executable, BENCHMARKS / "ways.py", way, file], check=True, capture_output=True)
    theirs = words(folder / f"{way}.html")
    assert len(ours) > 1000
    assert theirs[-len(ours) :] == ours
    assert len(theirs) - len(ours) < 50  # stock tools show the cell that says what the notebook is for


ORPHAN = """
import os, sys, time
if os.fork() == 0:  # its parent does not wait for it
    if os.fork() == 0:  # nor this one for its own child
        while time.process_time() < 0.5: pass
    os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux only")
def test_time_of_processes_that_nobody_waits_for_is_counted():
    command = [sys.executable, BENCHMARKS / "measuring.py", sys.executable, "-c", ORPHAN]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert json.loads(said)["cpu_seconds"] >= 0.5  # what the orphan used, by its own clock
