"""Finding, filtering and sorting work in a browser, under the page's own policy and without network."""

import json
import re
import shutil
import subprocess

import pytest

from tests.reports.rows import failed, figure, row
from vs_toolkit.reports.index import index_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom")
PHONE = 500  # the narrowest window Chromium makes: rows are cards there
STARTS = r"""
const names = (table) => [...table.tBodies[0].rows].filter((row) => row.getClientRects().length)
  .map((row) => row.cells[0].textContent.trim().split(/\s+/)[0]);
const table = document.querySelector("table.sortable");
const sorted = (column) => {
  const head = table.tHead.rows[0].cells[column];
  head.querySelector("button").click();
  return [names(table), head.getAttribute("aria-sort")];
};
const found = (text) => {
  find.value = text;
  find.dispatchEvent(new Event("input"));
  return [names(table), document.getElementById("found").value];
};
const shown = (state) => {
  document.querySelector(`[value="${state}"]`).click();
  return [names(table), [...document.querySelectorAll("section")].map((section) => section.hidden)];
};
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


def opened(page, folder, width=1200):
    """What the page has become in the browser."""
    path = folder / "index.html"
    path.write_text(page, encoding="utf-8")
    command = [
        str(CHROMIUM),
        *OPTIONS,
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={width},900",
        path.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def asked(page, question, folder, width=1200):
    """Answer of the page to a question in JavaScript; for that the policy is taken off."""
    free = re.sub('<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    ask = f"<script>{STARTS} document.title = JSON.stringify({question});</script></body>"
    told = re.search("<title>(.*?)</title>", opened(free.replace("</body>", ask), folder, width))
    return json.loads(told[1].replace("&amp;", "&"))


def worth(customer, name, value, **changes):
    return row(customer, name, figures={"npv": figure(value)}, **changes)


PAGE = index_html(
    [
        worth("C1", "Zoo", 9.0),
        worth("C2", "Müller", -20.0),
        worth("C5", "Cog", -3.0),
        worth("C3", "Łódź", 100.0, status="stale"),
        worth("C10", "Ant", None),
        failed("C4", "Bolt"),
    ]
)


def test_the_script_runs_under_the_page_s_policy_and_no_other_one_does(tmp_path):
    page = opened(PAGE.replace("</body>", "<script>document.title = 'bad'</script></body>"), tmp_path)
    assert page.count('<button type="button">') == 4
    assert '<search class="bar">' in page and "<title>Reports</title>" in page


def test_numbers_sort_as_numbers_both_ways_and_what_is_missing_stays_last(tmp_path):
    up, down = asked(PAGE, "[sorted(2), sorted(2)]", tmp_path)
    # −20, −3, 9, 100; as words −3 would come before −20
    assert up == [["Müller", "Cog", "Zoo", "Łódź", "Ant", "Bolt"], "ascending"]
    assert down == [["Łódź", "Zoo", "Cog", "Müller", "Ant", "Bolt"], "descending"]


def test_names_sort_as_words_and_statuses_by_what_needs_attention(tmp_path):
    by_name, by_status = asked(PAGE, "[sorted(0), sorted(1)]", tmp_path)
    assert by_name[0] == ["Ant", "Bolt", "Cog", "Łódź", "Müller", "Zoo"]
    assert by_status[0][:2] == ["Bolt", "Łódź"]


@pytest.mark.parametrize("width", [1200, PHONE])
def test_finding_needs_every_word_in_any_order_and_no_accents(tmp_path, width):
    one, other, none, all_ = asked(
        PAGE, "[found('c2 MULL'), found('timed'), found('nobody'), found('')]", tmp_path, width
    )
    assert one == [["Müller"], "1 of 6 reports"]
    assert other == [["Bolt"], "1 of 6 reports"]
    assert none == [[], "0 of 6 reports"]
    assert len(all_[0]) == 6 and all_[1] == ""


def test_what_failed_or_is_stale_can_be_shown_alone_and_empty_lists_go(tmp_path):
    bad, stale = asked(PAGE, "[shown('failed'), shown('stale')]", tmp_path)
    assert bad == [["Bolt"], [False, False]]
    assert stale == [["Łódź"], [True, False]]
