"""A JupyterLab of the tests' own: a server with nothing of the user's, and a page of Chromium in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.browser import CHROMIUM
from tests.shared import ROOT

playwright = pytest.importorskip("playwright.sync_api")
OWN = (
    "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR",
)  # fmt: skip
RUN_ALL = """async path => {
  const app = window.jupyterapp;
  await app.restored;
  const panel = await app.commands.execute('docmanager:open', {path});
  await panel.context.ready;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  app.shell.activateById(panel.id);
  await app.commands.execute('notebook:run-all-cells');
}"""
SAVE = "async () => { await window.jupyterapp.commands.execute('docmanager:save'); }"


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """Serve a folder; gives the address with its token."""
    settings = folder / ".settings"
    env = os.environ | {name: str(settings / name.lower()) for name in OWN}
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep)
    overrides = Path(settings / "jupyter_config_dir" / "labconfig")
    overrides.mkdir(parents=True)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0",
        "--IdentityProvider.token=test", "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=50",
    ]  # fmt: skip
    log = folder / ".lab.log"
    with log.open("w") as out:
        server = subprocess.Popen(command, env=env, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    try:
        yield _address(server, log)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    for _ in range(600):
        if found := re.search(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab", log.read_text()):
            return f"http://127.0.0.1:{found[1]}/lab?token=test"
        assert server.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())


@contextmanager
def page(address: str, *, height: int = 1400) -> Iterator[Any]:
    """Open a tab on a server."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            tab = browser.new_page(viewport={"width": 1300, "height": height})
            tab.set_default_timeout(120_000)
            tab.goto(address)
            tab.wait_for_function("() => window.jupyterapp !== undefined")
            yield tab
        finally:
            browser.close()


def run_all(tab: Any, notebook: str) -> None:
    """Open a notebook and run all its cells, as Run All Cells does."""
    tab.evaluate(RUN_ALL, notebook)


def save(tab: Any) -> None:
    """Save the notebook that is open."""
    tab.evaluate(SAVE)


def copied(folder: Path, notebook: str) -> Path:
    """Copy one of our notebooks; its kernel is the one that runs the tests."""
    target = folder / notebook
    shutil.copy(ROOT / "notebooks" / notebook, target)
    return target


def stored(path: Path) -> Any:
    """Give what a notebook file says."""
    return json.loads(path.read_text(encoding="utf-8"))
