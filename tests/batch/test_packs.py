"""Review packs are joined anew when a report in them has changed, and only then."""

import json
from dataclasses import replace

import pytest

from tests.batch.company import SHOWS_NAME, STATES, write_company
from tests.batch.notebooks import saved
from tests.batch.test_batch import OPTIONS, planned
from tests.batch.test_formats import ENDS, TABLE
from vs_toolkit.batch import batch, packs
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.status import read_status

NAMES = {"C001": "First", "C002": "Second", "C003": "Third"}


class Printer:
    """Prints a page as its length, and notes whose pack it was; fails for those named."""

    def __init__(self):
        self.printed, self.fails = [], {}

    def print(self, page, paper, limits):
        who = next(name for name in (*NAMES.values(), "Fourth") if name in page)
        if who in self.fails:
            raise self.fails[who]
        self.printed.append(who)
        return f"{paper} {len(page)}".encode()


@pytest.fixture
def printer(monkeypatch):
    own = Printer()
    monkeypatch.setattr(packs, "printers", lambda: own)
    return own


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", **NAMES)
    saved(tmp_path / "plan.ipynb", SHOWS_NAME, STATES)
    return tmp_path


def run(world, **request):
    return batch.run(planned(world, **{"pack": True, **request}), OPTIONS)


def made(printer):
    """Whose packs were printed since this was asked last."""
    found, printer.printed = sorted(printer.printed), []
    return found


def pack_of(world, customer):
    return world / f"out/{customer}/review_pack.pdf"


def test_only_the_pack_of_the_customer_that_changed_is_printed_again(world, printer):
    run(world)
    assert made(printer) == ["First", "Second", "Third"]
    run(world)
    assert made(printer) == []
    write_company(world / "source", **{**NAMES, "C002": "Fourth"})
    run(world)
    assert made(printer) == ["Fourth"]


def test_a_pack_that_is_gone_or_on_other_paper_is_printed_again(world, printer):
    run(world)
    made(printer)
    pack_of(world, "C003").unlink()
    run(world)
    assert made(printer) == ["Third"]
    run(world, paper="Letter")
    assert made(printer) == ["First", "Second", "Third"]


def test_a_record_that_cannot_be_read_costs_time_not_packs(world, printer):
    run(world)
    made(printer)
    (world / "out" / packs.RECORD).write_text("[half")
    run(world)
    assert made(printer) == ["First", "Second", "Third"]


def test_a_pack_that_fails_costs_nobody_else_theirs_is_told_everywhere_and_tried_again(world, printer):
    run(world)
    write_company(world / "source", **{**NAMES, "C002": "Fourth"})
    printer.fails = {"Fourth": RuntimeError("no ink")}
    assert run(world).packs == {"C002": "RuntimeError: no ink"}
    assert not pack_of(world, "C002").exists()  # the one of Second would be taken for it
    assert pack_of(world, "C001").exists()
    [told] = json.loads((world / "out/run.json").read_text())["failures"]
    assert (told["customer_id"], told["notebook"], told["error"]) == (
        "C002",
        "review_pack",
        "RuntimeError: no ink",
    )
    assert "failed: C002 review_pack: RuntimeError: no ink" in [*read_status(Folder(world / "out")).lines()]
    printer.fails, printer.printed = {}, []
    assert run(world).packs == {}
    assert made(printer) == ["Fourth"]
    assert read_status(Folder(world / "out")).failed == ()


def test_what_an_interrupted_run_left_is_printed_by_the_next(world, printer):
    def stop(_done, _total):
        raise KeyboardInterrupt

    one_at_a_time = replace(OPTIONS, workers=1)
    with pytest.raises(KeyboardInterrupt):
        batch.run(planned(world, pack=True), one_at_a_time, packing=stop)
    assert len(json.loads((world / "out" / packs.RECORD).read_text())) < len(NAMES)
    run(world)
    assert all(pack_of(world, customer).exists() for customer in NAMES)
    made(printer)
    run(world)
    assert made(printer) == []


def test_a_run_without_packs_removes_those_that_show_older_reports(world, printer):
    run(world)
    write_company(world / "source", **{**NAMES, "C002": "Fourth"})
    run(world, pack=False)
    assert [pack_of(world, customer).exists() for customer in NAMES] == [True, False, True]


def test_a_run_without_a_format_removes_files_of_the_report_before(world, printer):
    saved(world / "plan.ipynb", SHOWS_NAME, TABLE, STATES, ENDS)
    run(world, formats=("xlsx",))
    write_company(world / "source", **{**NAMES, "C002": "Fourth"})
    run(world)
    assert [(world / f"out/{customer}/plan.xlsx").exists() for customer in NAMES] == [True, False, True]


def test_an_older_pack_that_cannot_be_removed_costs_nobody_a_report(world, printer, monkeypatch):
    run(world)
    write_company(world / "source", **{**NAMES, "C002": "Fourth"})
    remove = Folder.remove

    def refused(self, name):
        if name.endswith("review_pack.pdf"):
            raise PermissionError(13, "Permission denied")
        remove(self, name)

    monkeypatch.setattr(Folder, "remove", refused)
    summary = run(world, pack=False)
    assert [entry.ok for entry in summary.done] == [True]


def test_a_customer_whose_reports_fail_has_no_pack_with_the_old_ones(world, printer):
    run(world)
    saved(world / "plan.ipynb", SHOWS_NAME, 'if customer == "C001":\n    raise ValueError("no")', STATES)
    made(printer)
    run(world)
    assert made(printer) == ["Second", "Third"]
    assert not pack_of(world, "C001").exists()
