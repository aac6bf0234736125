"""The page on running batches is true: what can be run here runs, and what it names exists."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from tests.shared import ROOT
from vs_toolkit.cli import main

PAGE = (ROOT / "docs/running.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.S)


def test_the_cluster_on_one_machine_works_as_written(tmp_path):
    (block,) = blocks("sh")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = "set -m; trap 'kill %1 %2 2>/dev/null' EXIT\n" + block.replace(
        "8786", str(20_000 + os.getpid() % 20_000)
    )
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^[1-9]\d* reports? created, 0 failed", done.stdout, re.M), done.stdout
    assert list((tmp_path / "my-batch").glob("*/business_impact.html"))


def test_the_python_is_python_and_its_command_is_one_of_ours():
    (block,) = blocks("python")
    ast.parse(block)
    options = set(re.findall(r"--[a-z-]+", "".join([*blocks("crontab"), block, *blocks("sh")])))
    known = CliRunner().invoke(main, ["run", "--help"]).output + "--host --port --nthreads --customers"
    assert options <= set(re.findall(r"--[a-z-]+", known))
