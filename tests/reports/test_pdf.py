"""A page printed by a browser: tagged, with outline and alt texts, on the paper asked for, offline."""

import io
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import psutil
import pytest

from tests.browser import needs_browser
from tests.shared import ROOT
from tests.waiting import wait_for
from vs_toolkit import charts, reports
from vs_toolkit.reports import pdf
from vs_toolkit.reports.review_pack import pack_html

pikepdf = pytest.importorskip("pikepdf")


def page(name="Acme & Sons"):
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

    fig, ax = charts.figure()
    ax.bar(["a", "b"], [3, 2])
    charts.headline(ax, "A is larger")
    shown = new_output("display_data", {"text/html": reports.figure(fig).data})
    cells = [
        new_markdown_cell(f"# {name}"),
        new_markdown_cell("## Why"),
        new_code_cell("f()", outputs=[shown]),
    ]
    return reports.render_html(
        new_notebook(cells=cells), name, f"{name} · as of 30 Jun 2026 · internal edition"
    )


@pytest.fixture(scope="module")
def tab():
    with pdf.browser() as opened:
        yield opened


def outline(document):
    with document.open_outline() as found:
        return [(item.title, [child.title for child in item.children]) for item in found.root]


def alt_texts(document):
    return [
        str(item.Alt) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
    ]


@needs_browser
def test_a_printed_page_has_tags_outline_and_alt_texts(tab):
    document = pikepdf.open(io.BytesIO(tab.print(page())))
    assert document.Root.MarkInfo.Marked
    assert outline(document) == [("Acme & Sons", ["Why"])]
    assert alt_texts(document) == ["A is larger."]


@needs_browser
@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_the_paper_is_the_one_asked_for(tab, paper, size):
    document = pikepdf.open(io.BytesIO(tab.print(page(), paper)))
    box = document.pages[0].MediaBox
    assert [round(float(value)) for value in box[2:]] == pytest.approx(size, abs=1)


@needs_browser
def test_a_pack_has_a_chapter_for_each_report(tab):
    joined = pack_html("Acme", "Acme · as of 30 Jun 2026", [page("Cover"), page("Business impact")])
    document = pikepdf.open(io.BytesIO(tab.print(joined)))
    assert [title for title, _ in outline(document)] == ["Cover", "Business impact"]
    assert len(document.pages) == 2


FIRST_PAGES = {"customer_plan": "next", "business_impact": "first-page", "relationship_npv": "one-page"}


@needs_browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize(("name", "last"), FIRST_PAGES.items())
def test_a_first_page_fits_on_one_sheet(tab, name, last, paper):
    report = nbformat.read(ROOT / f"notebooks/{name}.ipynb", 4)
    report.cells = report.cells[: [cell.id for cell in report.cells].index(last) + 1]
    printed = tab.print(reports.render_html(report, name, f"{name} · internal edition"), paper)
    assert len(pikepdf.open(io.BytesIO(printed)).pages) == 1


@needs_browser
def test_one_tab_prints_page_after_page(tab):
    first, other, again = tab.print(page("One")), tab.print(page("Two")), tab.print(page("One"))
    titles = [outline(pikepdf.open(io.BytesIO(printed)))[0][0] for printed in (first, other, again)]
    assert titles == ["One", "Two", "One"]
    timeless = [re.sub(rb"\(D:[^)]*\)", b"", printed) for printed in (first, again)]
    assert timeless[0] == timeless[1]


def test_without_a_browser_the_message_says_what_to_install(monkeypatch):
    monkeypatch.delenv("VS_BROWSER", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(pdf, "MACS", ())
    with pytest.raises(pdf.PdfError, match="install one"):
        pdf.browser_path()


def test_a_browser_that_does_not_start_is_named(monkeypatch):
    monkeypatch.setenv("VS_BROWSER", "/bin/false")
    with pytest.raises(pdf.PdfError, match="does not start"), pdf.browser():
        pass


@needs_browser
def test_browsers_serve_many_threads_and_are_replaced_after_a_failure():
    printers = pdf.Printers(1)
    with ThreadPoolExecutor(3) as threads:
        printed = list(threads.map(printers.print, [page("One"), page("Two"), page("Three")]))
    assert all(content.startswith(b"%PDF") for content in printed)
    assert len(printers._free) == 1
    with pytest.raises(pdf.PdfError, match=r"did not print the page within 0\.001 s"):
        printers.print(page("Late"), limits=pdf.Limits(seconds=0.001))
    assert printers.print(page("Again")).startswith(b"%PDF")
    printers.close()
    assert printers._free == []


@needs_browser
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_a_page_that_needs_too_much_memory_fails_with_the_limit_and_the_next_is_printed():
    huge = "<!DOCTYPE html><title>Huge</title>" + "<i></i>" * 1_000_000
    printers, limits = pdf.Printers(1), pdf.Limits(memory=64)
    try:
        with pytest.raises(pdf.PdfError, match="each of its processes may take 64 MiB"):
            printers.print(huge, limits=limits)
        assert printers.print(page("Small"), limits=limits).startswith(b"%PDF")
    finally:
        printers.close()


@needs_browser
@pytest.mark.skipif(os.name != "posix", reason="the shell that keeps watch is that of POSIX")
def test_a_browser_ends_with_the_process_that_started_it():
    """In a folder with a short path, as temporary ones are: that of a socket has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="vs-") as folder:
        started = start_and_kill(Path(folder))
        assert len(started) > 1
        assert psutil.wait_procs(started, timeout=20)[1] == []
        wait_for(lambda: not any(Path(folder).iterdir()))


def start_and_kill(folder):
    """Processes of the browser of a process that was killed."""
    code = """import sys, time
from vs_toolkit.reports import pdf
with pdf.browser():
    print("ready", flush=True)
    time.sleep(60)
"""
    environment = {**os.environ, "TMPDIR": str(folder)}
    program = [sys.executable, "-c", code]
    with subprocess.Popen(program, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        every = psutil.process_iter(["cmdline"])
        started = [each for each in every if str(folder) in " ".join(each.info["cmdline"] or ())]
        process.kill()
    return started
