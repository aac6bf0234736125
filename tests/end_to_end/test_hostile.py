"""A company of hostile customers: nothing outside the folder, nothing active, nobody mixed up or left out."""

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from tests.batch.company import CASE
from tests.batch.notebooks import saved
from tests.browser import asked, needs_browser, ran
from tests.reports.attacks import CALLS, RUNS, numbered
from vs_toolkit.texts import isolated

SCRIPT, IMAGE = numbered(RUNS)[0], numbered(RUNS)[2]
IDS = [
    "../../x", "..\\..\\x", "/etc/passwd", "C:\\x", "x/../../y", "%2e%2e%2fx", ".", "..", ".hidden",
    "<script>alert(1)</script>", '"><b>', "'", "&amp;", "{{ 7 * 7 }}", "{% raw %}", "$(touch x)", "`x`",
    '=HYPERLINK("http://evil.example","x")', "+1", "@x", "-rf", "~root", "a|b?*:", "CON", "con", "Con",
    "CON.txt", "NUL", "AUX", "COM1.csv", "LPT¹", "x.", "x..", "x" * 300, "y" * 299 + "Z", "Acme", "acme",
    "ACME", "аcme", "é", "e\u0301", "👩\u200d🚀", "\u202egnp.exe", "\u200fx", "שלום", "株式会社", "_company",
    "_unread-x", "history", "index.html", "results.csv", "ACME-0123456789", "customer",
]  # fmt: skip
FAILS = "acme"
NAMES = {  # of some; the others are called as their id says
    "../../x": SCRIPT, ".": f"</h1></main>{IMAGE}", "..": "n" * 300, "-rf": "👩\u200d🚀" * 40,
    "CON": "\u202eACME\u202c\u202e GmbH", "con": CALLS["image"], "Con": "]]></svg>\ufe0f\u200b",
    "~root": "</title></style><script>alert(1)</script>", "'": "<!-- <textarea> <plaintext>",
    ".hidden": 'a" onmouseover="alert(1)', "AUX": "line\nbreak", "é": "e" + "\u0301" * 100,
    FAILS: "FAILS <script>alert(1)</script>",
}  # fmt: skip
NOTEBOOK = "what & why 'b'.ipynb"
SHOWS = """\
import pandas as pd
from IPython.display import HTML, Javascript, Latex, Markdown, display
from vs_toolkit import charts, inputs, reports
data = inputs.open_customer(customer, as_of=as_of, edition=edition)
name = data.customer["name"]
both = f"{name} {customer}"
display(reports.heading("Plan", name, customer), reports.text(both), reports.callout(both))
display(HTML(f"<b>{both}</b><i title='{both}' onclick={customer}>a</i>"))
display(reports.listing([both]), Markdown(f"**{name}** {customer}"))
display({"image/svg+xml": f"<svg><text>{both}</text></svg>"}, {"text/html": f"<style>{both}"}, raw=True)
display(Javascript("document.title = 'x'"), Latex(both))
frame = pd.DataFrame({customer: [name]}, index=[both])
display(frame, frame.style.highlight_max(), reports.table(frame, both, note=both))
print(f"\\x1b[31m{both}\\x1b]0;x\\x07\\x00")
fig, ax = charts.figure()
_ = ax.bar([both], [1.0]), ax.set_title(both, loc="left"), ax.set_xlabel(both)
display(reports.figure(fig, both), reports.key_figures(length=(float(len(name)), "", both)))
if name.startswith("FAILS"):
    raise ValueError(f"\\x1b]0;{both}\\x07 <script>alert(1)</script>")"""


def name_of(customer: str) -> str:
    return NAMES.get(customer, customer)


def run(world: Path, notebook: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the batch in a process whose temporary files have a place of their own."""
    command = [
        str(Path(sys.executable).parent / "vs-toolkit"), "run", notebook, "--source", "source",
        "--out", "in/out", "--as-of", "2026-06-30", "--workers", "2", *words,
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="t") as temporary:  # a short path: sockets lie in it
        environment = {**os.environ, "TMPDIR": temporary, "HOME": str(world / "home")}
        done = subprocess.run(
            command, cwd=world, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert os.listdir(temporary) == []  # noqa: PTH208
    return done


def listing(folder: Path) -> set[str]:
    ours = ("in/out", "home/", "__pycache__")
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return {name for name in found if not name.startswith(ours)}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    world = tmp_path_factory.mktemp("w")
    (world / "source" / "cases").mkdir(parents=True)
    (world / "in").mkdir()
    (world / "home").mkdir()
    with (world / "source" / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("customer_id", "name"), *((one, name_of(one)) for one in IDS)])
    for number, customer in enumerate(["../../x", "."]):
        case = yaml.load(CASE.replace("NORTHMILL", "N"), yaml.BaseLoader)
        case |= {"id": f"../{number}", "customer": customer, "title": name_of(customer)}
        path = world / "source" / "cases" / f"<b> {number}.yaml"
        path.write_text(yaml.safe_dump(case, allow_unicode=True, sort_keys=False), encoding="utf-8")
    saved(world / NOTEBOOK, SHOWS)
    return world


@pytest.fixture(scope="module")
def batch(world):
    before = listing(world)
    done = run(world, NOTEBOOK)
    impact = run(world, "business_impact", "-p", "draws=2000")
    assert impact.returncode == 0, impact.stdout + impact.stderr
    return before, done


@pytest.fixture(scope="module")
def out(world, batch):
    return world / "in" / "out"


def entries(out: Path, notebook: str = "") -> dict[str, dict]:
    found = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in out.glob("*/*.json")]
    return {
        entry["customer_id"]: {**entry, "folder": path.parent.name}
        for path, entry in found
        if notebook in path.stem
    }


class Seen(HTMLParser):
    """A page as another reader sees it: its text, its tags, its links."""

    def __init__(self, page: Path):
        super().__init__()
        self.texts, self.tags, self.links, self.active = [], [], [], []
        self.feed(page.read_text(encoding="utf-8"))
        self.close()

    def handle_data(self, data):
        self.texts.append(data)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.active += [
            name for name, _ in attributes if name.startswith("on") or name in ("srcdoc", "ping", "action")
        ]
        found = [value for name, value in attributes if name in ("href", "src", "xlink:href") and value]
        if tag == "img":  # a formula is a picture; anything else would be asked for elsewhere
            found = [value for value in found if not value.startswith("data:image/png;base64,")] or found[1:]
        self.links += found

    @property
    def text(self):
        return "".join(self.texts)


def test_every_customer_has_its_report_and_the_one_that_fails_its_row(out, batch):
    _, done = batch
    found = entries(out, "what")
    assert set(found) == set(IDS)
    assert {one for one, entry in found.items() if entry["status"] != "ok"} == {FAILS}
    assert done.returncode == 1 and f"{len(IDS) - 1} reports created, 1 failed" in done.stdout


def test_nothing_is_written_outside_the_folder(world, out, batch):
    before, _ = batch
    assert listing(world) == before
    assert {path.name for path in (world / "in").iterdir()} == {"out"}
    assert all(path.resolve().is_relative_to(out) for path in out.rglob("*"))


WINDOWS = re.compile(
    r"(?!(?:CON|PRN|AUX|NUL|COM[\d¹²³]|LPT[\d¹²³])(?:\.|$))[^<>:\"/\\|?*\x00-\x1f]*[^. <>:\"/\\|?*\x00-\x1f]",
    re.I,
)


def test_every_customer_has_a_folder_of_its_own_on_every_system(out):
    folders = {entry["folder"] for entry in entries(out, "what").values()}
    folded = {unicodedata.normalize("NFKC", folder).casefold() for folder in folders}
    assert len(folded) == len(folders) == len(IDS)
    for path in out.rglob("*"):
        assert WINDOWS.fullmatch(path.name) and len(path.name) <= 100, path


ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "link",
    "base",
    "form",
    "textarea",
    "template",
    "button",
}


def test_no_page_holds_anything_active(out):
    pages = list(out.rglob("*.html"))
    assert len(pages) > len(IDS)
    for page in pages:
        seen, is_index = Seen(page), page == out / "index.html"
        assert is_index or not ACTIVE & set(seen.tags), page
        assert seen.active == [] and seen.tags.count("script") == is_index, page
        for part in ("html", "head", "title", "style", "body", "main"):
            assert seen.tags.count(part) == 1, (page, part)
        assert {urlsplit(link).scheme for link in seen.links} <= {"", "http"}, page  # one name is an address
        assert "default-src 'none'" in page.read_text(encoding="utf-8")


def test_every_page_shows_the_name_as_text(out):
    for customer, entry in entries(out, "what").items():
        if entry["status"] == "ok":
            page = Seen(out / entry["href"])
            assert isolated(name_of(customer)) in page.text, customer
            assert page.tags.count("h1") == 2  # of the notebook, and of the report: all cells are there
            assert page.tags.count("svg") >= 2, customer


def test_business_impact_tells_the_worst_names_as_text(out):
    found = entries(out, "business_impact")
    assert set(found) == {"../../x", "."}
    for customer, entry in found.items():
        page = Seen(out / entry["href"])
        assert name_of(customer) in page.text and "colophon" in (out / entry["href"]).read_text(
            encoding="utf-8"
        )


def test_the_links_of_the_index_lead_to_the_files(out):
    index = Seen(out / "index.html")
    links = [link for link in index.links if not link.startswith("#")]
    assert len({link for link in links if "what" in link}) >= len(IDS)
    for link in links:
        assert (out / unquote(link)).resolve().is_relative_to(out) and (out / unquote(link)).is_file(), link
    assert "FAILS <script>alert(1)</script>" in index.text


def test_a_terminal_is_given_no_orders_by_a_failing_notebook(batch):
    _, done = batch
    said = done.stdout + done.stderr
    assert "\\x1b]0;FAILS" in said
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said.replace("\r", ""))


@needs_browser
def test_nothing_runs_and_nobody_is_called_in_a_browser(out, tmp_path):
    worst = [entries(out, "what")[one]["href"] for one in ("../../x", ".", "~root", "con", "'")]
    for href in [*worst, "index.html"]:
        text = (out / href).read_text(encoding="utf-8")
        assert ran(tmp_path, text) == set(), href
        assert asked(tmp_path, text) == [], href
