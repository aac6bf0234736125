"""The what-if in a real JupyterLab: slider by keyboard and mouse, number box, save."""

import nbformat
import pytest

from tests import lab
from tests.browser import needs_browser
from vs_toolkit import formats, impact
from vs_toolkit.shipped import shipped

pytestmark = needs_browser
START = shipped("templates", "start", "cases", "NORTHMILL-01.yaml")
CELL = f"""from vs_toolkit import impact
panel = impact.what_if(impact.read_case({str(START)!r}), "saved")
panel"""
GAIN = {n.key: n.name for n in impact.numbers(impact.read_case(START))}["numbers.yield_gain"]
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("what-if")
    cells = [nbformat.v4.new_code_cell(CELL)]
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), folder / "case.ipynb"
    )
    return folder


def npv_shown(tab):
    row = tab.locator("table.what-if tr", has_text="Net present value").last
    return row.locator("td").last.text_content()


def changed(tab, before):
    tab.wait_for_function(
        "old => [...document.querySelectorAll('table.what-if tr')].some(row =>"
        " row.innerText.includes('Net present') && row.lastElementChild.innerText !== old)",
        arg=before,
    )
    return npv_shown(tab)


def test_turned_by_keyboard_mouse_and_box_and_saved(folder):
    with lab.lab(folder) as address, lab.page(address) as tab:
        lab.run_all(tab, "case.ipynb")
        tab.wait_for_selector("table.what-if")
        row = tab.locator(".widget-hbox", has=tab.get_by_label(GAIN, exact=True)).last
        shown = [npv_shown(tab)]
        handle = row.locator(".noUi-handle")
        handle.focus()
        tab.keyboard.press("ArrowRight")
        shown.append(changed(tab, shown[-1]))
        box = row.locator(".noUi-target").bounding_box()
        tab.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        shown.append(changed(tab, shown[-1]))
        number = row.locator("input[type=number]")
        number.fill("0.011")
        number.press("Enter")
        shown.append(changed(tab, shown[-1]))
        tab.get_by_role("button", name="Save as new case").click()
        tab.get_by_text("saved as").wait_for()
        tab.get_by_role("button", name="Save as live workbook").click()
        tab.get_by_text(".xlsx").wait_for()
    assert (folder / "saved" / "NORTHMILL-01-2.xlsx").read_bytes().startswith(b"PK")
    saved = impact.read_case(folder / "saved" / "NORTHMILL-01-2.yaml")
    assert {n.key: n.expected for n in impact.numbers(saved)}["numbers.yield_gain"] == 0.011
    assert shown[-1] == formats.money(impact.evaluate(saved).npv, "EUR")
    assert len(set(shown)) == 4
