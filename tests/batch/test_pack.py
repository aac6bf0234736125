"""What joins the reports of a folder: written where it differs, the same whatever happened in between."""

import csv
import io
import re
from datetime import date

import pytest

from tests.batch.company import SHOWS_NAME, STATES, write_company
from tests.batch.notebooks import saved
from tests.reports.rows import failed, figure, row
from vs_toolkit.batch import batch
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.notebooks import find_notebooks
from vs_toolkit.batch.pack import write_pack
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs import safe_name

ROWS = [
    row("C1", "Acme", figures={"npv": figure(1.0)}),
    row("C2", "Bolt", figures={"npv": figure(None)}, status="stale"),
    row("", "", notebook="funnel_calibration", href="_company/funnel_calibration.html"),
    failed("C3", "Cog", href="C3/business_impact.failed.ipynb"),
]


class Watched(Folder):
    """Notes what is written."""

    def __init__(self, location):
        super().__init__(location)
        self.written = []

    def write(self, name, content):
        self.written.append(name)
        super().write(name, content)


@pytest.fixture(params=["{tmp}", "memory://pack-test{tmp}"])
def folder(request, tmp_path):
    return Watched(request.param.format(tmp=tmp_path))


def files(folder):
    return folder.read_all([name for depth in ("*", "*/*") for name in folder.names(depth) if "." in name])


def test_everything_is_written_anywhere_and_the_index_last(folder):
    assert write_pack(folder, ROWS) == "index.html"
    assert sorted(folder.written) == [
        "C1/index.html", "C2/index.html", "C3/index.html", "_company/index.html",
        "history/2026-06-30.parquet", "index.html", "results.csv", "results.parquet",
    ]  # fmt: skip
    assert folder.written[-1] == "index.html"


def test_an_unchanged_pack_touches_nothing_and_one_change_only_what_shows_it(folder):
    write_pack(folder, ROWS)
    folder.written.clear()
    write_pack(folder, ROWS)
    assert folder.written == []
    write_pack(folder, [row("C1", "Acme", figures={"npv": figure(2.0)}), *ROWS[1:]])
    assert sorted(folder.written) == [
        "C1/index.html", "history/2026-06-30.parquet", "index.html", "results.csv", "results.parquet",
    ]  # fmt: skip


def test_the_same_rows_give_the_same_bytes_in_any_order_and_after_any_halt(folder, tmp_path):
    write_pack(folder, ROWS)
    halted = Folder(f"memory://halted{tmp_path}")
    write_pack(halted, [failed("C1", "Acme"), *ROWS[2:]])
    write_pack(halted, ROWS[::-1])
    assert files(halted) == files(folder)


def test_last_time_is_shown_and_a_later_batch_changes_nothing_for_an_earlier_day(folder):
    may = row("C1", as_of="2026-05-31", figures={"npv": figure(1e6)})
    june = row("C1", figures={"npv": figure(1.5e6)})
    write_pack(folder, [may])
    write_pack(folder, [june])
    for name in ("index.html", "C1/index.html"):
        assert "EUR +500k" in folder.read(name)
    (line,) = csv.DictReader(io.StringIO(folder.read("results.csv").removeprefix("\ufeff")))
    assert (line["previous_as_of"], line["previous"], line["change"]) == (
        "2026-05-31",
        "1000000.0",
        "500000.0",
    )
    before = files(folder)
    write_pack(folder, [row("C1", as_of="2026-07-31", figures={"npv": figure(9e9)})])
    write_pack(folder, [june])
    after = files(folder)
    assert after.pop("history/2026-07-31.parquet")
    assert after == before


def test_a_cover_goes_with_the_last_entry_of_its_customer_and_other_pages_stay(folder):
    write_pack(folder, ROWS)
    folder.write("site/index.html", "<h1>somebody else's</h1>")
    write_pack(folder, ROWS[:1])
    assert folder.names("*/index.html") == ["C1/index.html", "site/index.html"]


def test_a_report_that_could_not_be_written_leads_to_the_cover_of_its_customer(folder):
    lost = failed("../../x", "Lost", href="", error="the worker was lost")
    case = failed("cases/bad.yaml", "cases/bad.yaml", href="_unread-bad/business_impact.failed.ipynb")
    write_pack(folder, [lost, case, row("", "", href="")])
    cover = f"{safe_name('../../x')}/index.html"
    assert folder.names("*/index.html") == ["_company/index.html", cover]
    assert f'<a href="./{cover}"><bdi>Lost</bdi></a>' in folder.read("index.html")
    assert "<bdi>cases/bad.yaml</bdi> <small>" in folder.read("index.html")


def test_a_name_that_no_file_can_hold_stops_nobody(folder):
    write_pack(folder, [row("C1", "half a pair: \ud800"), row("C2", "Bolt")])
    assert "half a pair: ?" in folder.read("index.html") and "Bolt" in folder.read("index.html")


def test_nothing_is_left_half_written(folder, monkeypatch):
    write_pack(folder, ROWS[:1])
    before = folder.read("index.html")
    write = Folder.write

    def full(self, name, content):
        if name == "results.csv":
            raise OSError(28, "No space left on device")
        write(self, name, content)

    monkeypatch.setattr(Folder, "write", full)
    with pytest.raises(OSError, match="No space left"):
        write_pack(folder, ROWS)
    assert folder.read("index.html") == before
    monkeypatch.undo()
    write_pack(folder, ROWS)
    whole = Folder(f"{folder.root}-whole" if folder.is_local else f"memory://{folder.root}-whole")
    write_pack(whole, ROWS)
    assert files(folder) == files(whole)


@pytest.mark.parametrize("name", ["index", "Index"])
def test_a_notebook_must_not_take_the_place_of_the_cover(tmp_path, name):
    with pytest.raises(ParameterError, match="a notebook cannot be named index"):
        find_notebooks([str(saved(tmp_path / f"{name}.ipynb", "1"))])


def test_a_batch_leaves_the_pack_whatever_the_edition(tmp_path):
    source = write_company(tmp_path / "source", C001="First")
    notebook = str(saved(tmp_path / "plan.ipynb", SHOWS_NAME, STATES))
    for edition in ("internal", "customer"):
        out = tmp_path / edition
        summary = batch.run(
            plan(Request(str(source), str(out), date(2026, 6, 30), edition, (notebook,))), batch.Options(1)
        )
        assert summary.index == str(out / "index.html")
        names = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
        assert {"index.html", "results.csv", "C001/index.html", "history/2026-06-30.parquet"} <= names
        cover = (out / "C001/index.html").read_text()
        assert f"{edition} edition" in cover
        assert re.findall(r'href="\./([^"]+)"', cover) == ["plan.html"]
