"""An output folder in which somebody else has put things: nothing outside is written, emptied or removed."""

import json
from dataclasses import asdict
from datetime import date

import pytest

from tests.batch.company import SHOWS_NAME, write_company
from tests.batch.notebooks import saved
from vs_toolkit.batch import batch
from vs_toolkit.batch.batch import Options
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.ledger import Entry, read_ledger
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import VsToolkitError

GONE = Entry("plan", "GONE", "Gone", "internal", "2026-06-30", {"data": "a"}, "failed")


@pytest.fixture
def world(tmp_path):
    write_company(tmp_path / "source", C001="First", C002="Second")
    saved(tmp_path / "plan.ipynb", SHOWS_NAME)
    (tmp_path / "out").mkdir()
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("precious")
    return tmp_path


def run(world):
    request = Request(
        str(world / "source"), str(world / "out"), date(2026, 6, 30), notebooks=(str(world / "plan.ipynb"),)
    )
    return batch.run(plan(request), Options(workers=2, timeout=60))


def test_a_customer_s_folder_that_leads_elsewhere_fails_that_customer_only(world):
    (world / "out" / "C001").symlink_to(world / "precious")
    (failed,) = run(world).failed
    assert failed.customer_id == "C001" and "leads out of the folder" in failed.error
    assert [path.name for path in (world / "precious").iterdir()] == ["file"]
    assert (world / "out" / "C002" / "plan.html").exists()


def test_a_lock_that_leads_elsewhere_empties_no_file(world):
    (world / "out" / ".vs-toolkit.lock").symlink_to(world / "precious" / "file")
    with pytest.raises(VsToolkitError, match="cannot write into"):
        run(world)
    assert (world / "precious" / "file").read_text() == "precious"


def planted(world, **changes):
    text = json.dumps({**asdict(GONE), **changes})
    (world / "out" / "Z").mkdir(exist_ok=True)
    (world / "out" / "Z" / "plan.json").write_text(text)


def test_a_ledger_entry_removes_no_file_elsewhere(world):
    planted(world, partial="../precious/file")
    assert not run(world).failed
    assert (world / "precious" / "file").exists()


FALSE = {
    "figures": [5, {"a": 1}, {"npv": {"value": "<b>", "unit": "EUR", "label": "x"}}], "seconds": ["x"],
    "href": [5], "status": [7, "fine"], "made_from": [5], "customer_name": [["a"]],
    "partial": ["../a", "/etc/passwd"], "as_of": ["", "June", "../../x", "20260630"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [(name, value) for name, all_ in FALSE.items() for value in all_]
)
def test_an_entry_that_no_index_could_show_is_not_ours(field, value, world):
    planted(world)
    assert len(read_ledger(Folder(world / "out")).entries) == 1
    planted(world, **{field: value})
    assert read_ledger(Folder(world / "out")).entries == {}
