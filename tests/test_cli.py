"""The command line: what it says, what it answers to the shell, and how it is stopped."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.batch.company import SHOWS_NAME, STATES, write_case, write_company
from tests.batch.conftest import code_stays_as_it_is  # noqa: F401
from tests.batch.notebooks import saved
from tests.waiting import wait_for
from vs_toolkit import cli
from vs_toolkit.cli import main

RUN = ["--as-of", "2026-06-30", "--workers", "2"]


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", C001="First", C002="Second")
    saved(tmp_path / "plan.ipynb", SHOWS_NAME, STATES)
    return tmp_path


def call(*arguments):
    result = CliRunner().invoke(main, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.output


def run(world, *more):
    return call(
        "run", world / "plan.ipynb", "--source", world / "source", "--out", world / "out", *RUN, *more
    )


def test_check_lists_every_problem_and_answers_with_its_exit_code(world):
    assert call("check", world / "source") == (0, "no problems found: 0 business cases; customers 2\n")
    write_case(
        world / "source", "C001", ("customer_wacc: 9%", "customer_wacc: 8"), ("\nyears: 5", "\nyears: many")
    )
    code, said = call("check", world / "source")
    assert code == 1
    assert "cases/C001-01.yaml\n" in said and "2 problems in 1 file" in said
    assert "  line 13, customer_wacc: 8 would be 800 %; write 0.08 or 8% (found: 8)" in said
    assert "  line 12, years: write a whole number" in said
    assert call("check", world / "nowhere")[0] == 1


def test_run_makes_reports_says_where_and_then_has_nothing_to_do(world):
    code, said = run(world)
    assert code == 0
    assert re.search(r"^2 reports created, 0 failed, 0 up to date \(\d+\.\d s\)$", said, re.M)
    assert f"index: {world}/out/index.html" in said
    assert "0 reports created, 0 failed, 2 up to date" in run(world)[1]
    code, said = call("status", world / "out")
    assert code == 0 and re.search(r"^ok: C001 plan, as of 2026-06-30, .* s: Tables \d", said, re.M)
    write_company(world / "source", C001="First", C002="Renamed")
    assert "stale (data): C002 plan" in call("status", world / "out", "--source", world / "source")[1]
    assert "C002/plan  (changed: data)\n1 report to create, 1 up to date" in run(world, "--dry-run")[1]


def test_a_failed_report_is_told_and_answered_with_one(world):
    saved(world / "plan.ipynb", "assert customer == 'C001', 'no such thing'")
    code, said = run(world)
    assert code == 1 and "1 report created, 1 failed" in said
    assert "failed: C002 plan" in call("status", world / "out")[1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["-p", "facter=3"], "there is no parameter 'facter'; did you mean 'factor'?"),
        (["-p", "factor=11"], "must lie in 0..10"),
        (["-p", "factor"], "write NAME=VALUE"),
        (["--customer", "C01"], "there is no customer C01; did you mean"),
        (["--as-of", "June"], "write a date as YYYY-MM-DD"),
        (["--edition", "public"], "internal"),
        (["--workers", "0"], "workers"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_two(world, more, said):
    code, output = run(world, *more)
    assert code == 2 and said in output
    assert not (world / "out").exists()


def test_a_notebook_that_is_not_there_is_answered_with_two_and_the_nearest_name(world):
    code, said = call("run", "busines_impact", "--source", world / "source", "--out", world / "out")
    assert code == 2 and "did you mean 'business_impact'" in said
    assert call("run", "--out", world / "out", "--source", "")[0] in (1, 2)
    assert "--out is missing" in call("run", "--source", world / "source")[1]


def test_a_source_with_broken_tables_is_refused_with_all_problems(world):
    (world / "source" / "activities.csv").write_text("dat,customer_id,type\n")
    code, said = run(world)
    assert code == 1 and "activities.csv, line 1" in said
    assert not (world / "out").exists()


def test_parameters_are_explained(world, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    code, said = call("run", world / "plan.ipynb", "--help-parameters")
    assert code == 0
    assert re.search(r"^factor +float +2.0 +0..10 +multiplies$", said, re.M)
    assert re.search(r"^customer +str +C001 +id of the customer; set by --customer$", said, re.M)
    saved(world / "bare.ipynb", parameters="print('nothing to set')")
    assert "bare\nno parameters" in call("run", world / "bare.ipynb", "--help-parameters")[1]
    saved(world / "wrong.ipynb", parameters="factor: set[int] = {1}")
    code, said = call("run", world / "wrong.ipynb", "--help-parameters")
    assert code == 2 and "wrong.ipynb, parameters cell, line 1, factor: set[int] is not supported" in said


def test_help_shows_examples():
    for command in ("check", "run", "status", "demo"):
        code, said = call(command, "--help")
        assert code == 0 and re.search(r"Examples?:", said) and "\\b" not in said


def test_demo_writes_a_company_that_is_well(tmp_path):
    assert call("demo", "-o", tmp_path / "company", "--customers", 2)[0] == 0
    assert call("check", tmp_path / "company")[0] == 0


SLOW = "import time, pathlib\ntime.sleep(0.4 if customer < 'C003' else 60)"


def start(world):
    script = Path(sys.executable).parent / "vs-toolkit"
    command = [script, "run", "plan.ipynb", "--source", "source", "--out", "out", *RUN]
    return subprocess.Popen(command, cwd=world, text=True, stdout=-1, stderr=-1, start_new_session=True)


def finished(world):
    return sorted(path.parent.name for path in (world / "out").glob("*/plan.json"))


def result_of(world):
    """Every report, cover page, ledger entry and day of the history, times left out."""
    found = {}
    for path in sorted((world / "out").glob("*/*")):
        text = path.read_bytes().decode("latin-1")  # a Parquet file is no text
        if path.suffix == ".json":
            text = json.dumps({**json.loads(text), "seconds": 0})
        found[path.relative_to(world).as_posix()] = text
    return found


@pytest.mark.parametrize("kill", [signal.SIGTERM, signal.SIGKILL])
def test_a_batch_stopped_half_way_goes_on_to_the_same_result(world, kill):
    write_company(world / "source", C001="First", C002="Second", C003="Third", C004="Fourth")
    saved(world / "plan.ipynb", SHOWS_NAME, SLOW, STATES)
    batch = start(world)
    wait_for(lambda: finished(world) == ["C001", "C002"])
    batch.send_signal(kill)
    said, _ = batch.communicate(timeout=30)
    assert finished(world) == ["C001", "C002"]
    if kill != signal.SIGKILL:
        assert batch.returncode == 130
        assert "stopped with 2 reports not done: run the same command again to continue" in said
        assert "First" in (world / "out/index.html").read_text()
    saved(world / "plan.ipynb", SHOWS_NAME, SLOW.replace("60", "0"), STATES)
    run(world)
    interrupted = result_of(world)
    assert run(world, "--force")[0] == 0
    assert result_of(world) == interrupted
    assert finished(world) == ["C001", "C002", "C003", "C004"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_being_stopped_is_not_forgotten_where_a_library_swallows_it(world, monkeypatch, sign):
    read = cli._plan

    def swallowing(*arguments):
        with contextlib.suppress(BaseException):
            os.kill(os.getpid(), sign)
            time.sleep(5)
        return read(*arguments)

    monkeypatch.setattr(cli, "_plan", swallowing)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        assert run(world) == (130, "stopped\n")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert not list((world / "out").glob("C00*"))
