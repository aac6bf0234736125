"""Files beside the page are part of a report: made, found again, failed apart, and joined in a pack."""

import io

import openpyxl
import pytest

from tests.batch.company import SHOWS_NAME, STATES, write_company
from tests.batch.notebooks import saved
from tests.batch.test_batch import OPTIONS, entries, planned
from tests.browser import needs_browser
from tests.shared import ROOT
from vs_toolkit.batch import batch, formats
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.status import read_status

pytest.importorskip("pptx")
TABLE = "import pandas as pd\nreports.table(pd.DataFrame({'Sales': [12.5]}, index=['A']), 'Sales')"
ENDS = "reports.colophon(data)"


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", C001="First <b>&", C002="Second")
    saved(tmp_path / "plan.ipynb", SHOWS_NAME, TABLE, STATES, ENDS)
    return tmp_path


def run(world, *wanted, options=OPTIONS, **request):
    return batch.run(planned(world, formats=wanted, **request), options)


def test_sheets_and_slides_hold_what_the_report_shows(world):
    assert run(world, "pptx", "xlsx").failed == ()
    book = openpyxl.load_workbook(world / "out/C001/plan.xlsx")
    assert book["Sales"]["B4"].value == 12.5
    assert (world / "out/C001/plan.pptx").read_bytes().startswith(b"PK")
    index = (world / "out/index.html").read_text()
    assert 'href="./C001/plan.xlsx"' in index and "First &lt;b&gt;&amp;" in index


def test_a_further_format_makes_the_report_again_and_a_missing_file_too(world):
    run(world)
    assert len(run(world, "xlsx").done) == 2
    assert run(world, "xlsx").done == ()
    (world / "out/C002/plan.xlsx").unlink()
    assert [entry.customer_id for entry in run(world, "xlsx").done] == ["C002"]
    assert run(world).done == ()  # without formats nothing is missing


def test_another_template_makes_the_decks_again(world, monkeypatch):
    import pptx

    run(world, "pptx", "xlsx")
    own = world / "company.pptx"
    for author in ("One", "Two"):
        template = pptx.Presentation(str(ROOT / "templates/deck/review.pptx"))
        template.core_properties.author = author
        template.save(str(own))
        monkeypatch.setenv("VS_DECK", str(own))
        assert len(run(world, "pptx", "xlsx").done) == 2
        assert run(world, "pptx", "xlsx").done == ()


def test_a_format_that_fails_is_a_failure_of_its_own_and_is_tried_again(world, monkeypatch):
    monkeypatch.setenv("VS_BROWSER", "/bin/false")
    formats.printers.cache_clear()
    summary = run(world, "pdf", "xlsx")
    assert len(summary.failed) == 2 and all(entry.ok for entry in summary.failed)
    assert (world / "out/C001/plan.html").exists() and (world / "out/C001/plan.xlsx").exists()
    assert not (world / "out/C001/plan.pdf").exists()
    assert "does not start" in entries(world)[0].lost["pdf"]
    assert (world / "out/index.html").read_text().count("pdf: ") == 2
    told = read_status(Folder(world / "out")).failed
    assert [(one.customer_id, one.notebook) for one in told] == [("C001", "plan pdf"), ("C002", "plan pdf")]
    assert len(run(world, "pdf", "xlsx").done) == 2


@needs_browser
def test_a_pack_joins_the_cover_and_all_reports(world):
    pikepdf = pytest.importorskip("pikepdf")
    formats.printers.cache_clear()
    summary = run(world, "pdf", pack=True)
    assert summary.failed == () and summary.packs == {}
    content = io.BytesIO((world / "out/C001/review_pack.pdf").read_bytes())
    with pikepdf.open(content) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root] == ["First <b>&", "A test"]
