"""What a customer may not see is absent from its edition; nobody finds another customer's name."""

import html
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.browser import needs_browser
from tests.end_to_end.planting import WORD, marks_in, planted_case, planted_tables
from tests.shared import ROOT
from vs_toolkit.inputs import read_source, write_snapshot

pikepdf = pytest.importorskip("pikepdf")
AS_OF = date(2026, 6, 30)
CUSTOMERS = ("C001", "C002", "C003")
FORMATS = ("--format", "xlsx", "--format", "pptx", "--format", "pdf", "--pack")


def run(source: Path, out: Path, edition: str, *notebooks: str) -> None:
    chosen = [word for customer in CUSTOMERS for word in ("--customer", customer)]
    command = [
        str(Path(sys.executable).parent / "vs-toolkit"), "run", *notebooks,
        "--source", str(source), "--out", str(out), "--as-of", str(AS_OF),
        "--edition", edition, *FORMATS, *chosen,
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    inputs = read_source(ROOT / "data/demo")
    cases = tuple(planted_case(case) for case in inputs.cases)
    marked = replace(inputs, tables=planted_tables(inputs), cases=cases)
    write_snapshot(marked, str(folder / "source"), AS_OF)
    return folder


@pytest.fixture(scope="module")
def reports(planted):
    for edition in ("customer", "internal"):
        run(planted / "source", planted / edition, edition, "business_impact", "customer_plan")
    return planted


def files(folder: Path, edition: str) -> list[Path]:
    found = [path for path in (folder / edition).rglob("*") if path.is_file()]
    assert {path.suffix for path in found} >= {".html", ".xlsx", ".pptx", ".pdf"}
    return found


def parts_of(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """The file itself, every part of a workbook or deck, also of workbooks within decks, and of a PDF."""
    if content.startswith(
        b"%PDF"
    ):  # the file itself is offsets and compressed bytes, in which any digits occur
        yield from parts_of_pdf(content, name)
        return
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from parts_of(archive.read(part), f"{name}!{part}")


def parts_of_pdf(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """Its text, and every string and stream: title, outline, alt texts, links, attachments."""
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
    yield f"{name}!text", text.stdout
    with pikepdf.open(io.BytesIO(content)) as document:
        for number, item in enumerate(document.objects):
            yield f"{name}!{number}", "\n".join(strings_in(item)).encode()
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") not in ("/Image", "/Type1C"):
                yield f"{name}!{number} stream", item.read_bytes()


def strings_in(item: Any) -> Iterator[str]:
    """Strings of an object of a PDF; what it refers to is an object of its own."""
    if isinstance(item, pikepdf.String):
        yield str(item)
    elif isinstance(item, pikepdf.Array):
        yield from (text for own in item if not is_indirect(own) for text in strings_in(own))
    elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        values = (item[key] for key in item.keys())  # noqa: SIM118 - a stream has no other way
        yield from (text for own in values if not is_indirect(own) for text in strings_in(own))


def is_indirect(item: Any) -> bool:
    return isinstance(item, pikepdf.Object) and item.is_indirect


@needs_browser
def test_no_internal_mark_in_any_file_of_the_customer_edition(reports):
    leaks = {
        f"{path.relative_to(reports)}{part}": list(marks_in(content.decode("utf-8", "replace")))
        for path in files(reports, "customer")
        for part, content in parts_of(path.read_bytes())
    }
    assert not {name: marks for name, marks in leaks.items() if marks}


@needs_browser
def test_the_search_can_find_marks(reports):
    """The same search over the internal edition finds them: otherwise the test above proves nothing."""
    found = {
        path.suffix
        for path in files(reports, "internal")
        for _, content in parts_of(path.read_bytes())
        if WORD.encode() in content
    }
    assert found >= {".html", ".xlsx", ".pptx", ".pdf"}


def test_no_report_holds_another_customers_name(reports):
    names = read_source(ROOT / "data/demo").tables["customers"].set_index("customer_id")["name"]
    for edition in ("customer", "internal"):
        for report in reports.glob(f"{edition}/C*/*.html"):
            text = html.unescape(report.read_text())
            own = names[report.parent.name]
            assert own in text
            strangers = [name for name in names.drop(report.parent.name) if name in text and name not in own]
            assert not strangers, f"{report} names {strangers}"
