"""Nothing that axe-core knows of keeps a reader out: index, cover and every report."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser import CHROMIUM, needs_browser
from tests.shared import ROOT

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
playwright = pytest.importorskip("playwright.sync_api")
pytestmark = needs_browser
NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    out = tmp_path_factory.mktemp("batch")
    of_company = [p.stem for p in NOTEBOOKS.glob("*.ipynb") if "customer: str" not in p.read_text()]
    for chosen in (["--customer", "C001"], of_company):
        command = [str(Path(sys.executable).parent / "vs-toolkit"), "run", *chosen, "--source",
                   str(ROOT / "data/demo"), "--out", str(out), "--as-of", "2026-06-30"]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def violations(browser, page: Path) -> list[str]:
    tab = browser.new_page(bypass_csp=True)
    try:
        tab.goto(page.as_uri())
        found = axe.Axe().run(tab).response["violations"]
    finally:
        tab.close()
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"]]


def test_every_page_of_a_batch_is_accessible(batch, browser):
    pages = sorted(batch.rglob("*.html"))
    assert len(pages) >= 3
    found = {str(page.relative_to(batch)): violations(browser, page) for page in pages}
    assert not {name: wrong for name, wrong in found.items() if wrong}


def test_axe_finds_what_is_wrong(browser, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<html><body><img src='data:,'></body></html>")
    assert any(found.startswith("image-alt") for found in violations(browser, page))
