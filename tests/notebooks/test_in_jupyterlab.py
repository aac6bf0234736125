"""In JupyterLab a report looks like a report, and saving it changes nothing that counts."""

import subprocess
import sys

import pytest

from tests import lab
from tests.browser import needs_browser

pytestmark = needs_browser
LOOK = """() => {
  const style = (selector, name) => {
    const found = document.querySelector('.jp-OutputArea ' + selector);
    return found ? getComputedStyle(found)[name] : null;
  };
  const tiles = [...document.querySelectorAll('.jp-OutputArea ul.tiles > li')];
  const tops = tiles.map(e => e.getBoundingClientRect().top);
  return {
    tiles: tops.length, rows: new Set(tops).size, floating: style('ul.tiles > li', 'float'),
    words: style('td.words', 'textAlign'), figures: style('td:not(.words)', 'textAlign'),
    callout: style('.callout', 'borderLeftWidth'),
  };
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    with lab.lab(folder) as address:
        yield folder, address


def test_a_report_keeps_its_look_and_a_save_its_content(served):
    folder, address = served
    notebook = lab.copied(folder, "business_impact.ipynb")
    with lab.page(address) as tab:
        lab.run_all(tab, notebook.name)
        tab.wait_for_selector(".jp-OutputArea ul.tiles > li")
        look = tab.evaluate(LOOK)
        lab.save(tab)
    assert look["tiles"] == 4 and look["rows"] == 1 and look["floating"] == "none"
    assert look["words"] == "left" and look["figures"] == "right" and look["callout"] == "4px"
    check = [sys.executable, "-m", "vs_toolkit.reports.canonical", "--check", str(notebook)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_parameter_is_one_message_without_a_traceback(served):
    folder, address = served
    notebook = lab.copied(folder, "business_impact.ipynb")
    text = notebook.read_text().replace('customer: str = \\"C001\\"', 'customer: str = \\"C01\\"')
    notebook.with_name("wrong.ipynb").write_text(text)
    with lab.page(address) as tab:
        lab.run_all(tab, "wrong.ipynb")
        shown = tab.locator(".jp-OutputArea pre", has_text="there is no customer").first
        message = shown.text_content()
    assert "there is no customer 'C01'" in message and "did you mean" in message
    assert len(message.strip().splitlines()) == 1
