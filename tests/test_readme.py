"""Nothing in the README is untested: its commands run, its Python runs, its message is the one you get."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import ROOT

README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.S)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder that looks like the checkout, so that what the tour writes does not land in it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("templates", "data", "notebooks"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )


def test_the_tour_works_command_by_command(checkout):
    for block in blocks("sh"):
        done = run(["bash", "-e", "-c", block], checkout)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    assert (checkout / "my-reports/index.html").exists()
    assert "business_impact.html" in (checkout / "my-batch/index.html").read_text()


def test_the_python_runs(checkout):
    for block in blocks("python"):
        done = run([sys.executable, "-c", block], checkout)
        assert done.returncode == 0, done.stderr


def test_the_message_is_the_one_you_get(checkout):
    case = (ROOT / "templates/start/cases/NORTHMILL-01.yaml").read_text()
    bad = checkout / "bad/cases/NORTHMILL-01.yaml"
    bad.parent.mkdir(parents=True)
    bad.write_text(case.replace("customer_wacc: 9%", "customer_wacc: 9"))
    (bad.parents[1] / "customers.csv").write_text((ROOT / "templates/start/customers.csv").read_text())
    done = run(["vs-toolkit", "check", "bad"], checkout)
    assert done.returncode == 1
    (message,) = blocks("text")
    assert done.stdout == message
