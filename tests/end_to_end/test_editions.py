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

import pytest

from tests.end_to_end.planting import WORD, marks_in, planted_case, planted_tables
from tests.shared import ROOT
from vs_toolkit.inputs import read_source, write_snapshot

AS_OF = date(2026, 6, 30)
CUSTOMERS = ("C001", "C002", "C003")
FORMATS = ("--format", "xlsx", "--format", "pptx")


def run(source: Path, out: Path, edition: str, notebooks: str, *options: str) -> None:
    chosen = [word for customer in CUSTOMERS for word in ("--customer", customer)]
    command = [
        str(Path(sys.executable).parent / "vs-toolkit"), "run", *notebooks.split(),
        "--source", str(source), "--out", str(out), "--as-of", str(AS_OF),
        "--edition", edition, *options, *FORMATS, *chosen,
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
        run(planted / "source", planted / edition, edition, "business_impact", "-p", "draws=2000")
        run(planted / "source", planted / f"plan-{edition}", edition, "customer_plan")
    return planted


def files(folder: Path, edition: str) -> list[Path]:
    places = [folder / edition, folder / f"plan-{edition}"]
    found = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert len(found) > len(CUSTOMERS)
    return found


def parts_of(content: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """The file itself, and every part of a workbook or deck, also of workbooks within decks."""
    yield name, content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from parts_of(archive.read(part), f"{name}!{part}")


def test_no_internal_mark_in_any_file_of_the_customer_edition(reports):
    leaks = {
        f"{path.relative_to(reports)}{part}": list(marks_in(content.decode("utf-8", "replace")))
        for path in files(reports, "customer")
        for part, content in parts_of(path.read_bytes())
    }
    assert not {name: marks for name, marks in leaks.items() if marks}


def test_the_search_can_find_marks(reports):
    """The same search over the internal edition finds them: otherwise the test above proves nothing."""
    found = {
        path.suffix
        for path in files(reports, "internal")
        for _, content in parts_of(path.read_bytes())
        if WORD.encode() in content
    }
    assert found >= {".html", ".xlsx", ".pptx"}


def test_no_report_holds_another_customers_name(reports):
    names = read_source(ROOT / "data/demo").tables["customers"].set_index("customer_id")["name"]
    for edition in ("customer", "internal"):
        for report in reports.glob(f"*{edition}/C*/*.html"):
            text = html.unescape(report.read_text())
            own = names[report.parent.name]
            assert own in text
            strangers = [name for name in names.drop(report.parent.name) if name in text and name not in own]
            assert not strangers, f"{report} names {strangers}"
