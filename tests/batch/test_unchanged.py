"""A run with nothing to do is told from the content of files, and only then."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.batch.company import write_case, write_company
from tests.batch.notebooks import saved
from vs_toolkit.batch import batch, unchanged, worker
from vs_toolkit.batch.batch import Options
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.lock import working_in
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import FolderInUseError


def made(job, site):
    """A report without a kernel, which has read a file beside the notebook."""
    status = "failed" if job.recipient.customer_id == "BAD" else "ok"
    read = {"rates.csv": worker.watching.digest(str(Path(job.notebook.folder, "rates.csv")))}
    Folder(site.out).write(f"{job.name}.html", "a page")
    return replace(worker.entry(job, status, 0.0), read=read)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A run that has left nothing to do."""
    monkeypatch.setattr("vs_toolkit.batch.batch.make_report", made)
    monkeypatch.setattr(batch.NURSERY, "start", lambda: None)
    write_case(write_company(tmp_path / "source", C001="First", C002="Second"), "C001")
    (tmp_path / "notebooks").mkdir()
    saved(tmp_path / "notebooks" / "tiny.ipynb", "1")
    (tmp_path / "notebooks" / "rates.csv").write_text("rate\n5\n")
    request = Request(
        str(tmp_path / "source"), str(tmp_path / "out"), date(2026, 6, 30),
        notebooks=(str(tmp_path / "notebooks" / "tiny.ipynb"),), parameters={"factor": 3},
    )  # fmt: skip
    batch.run(plan(request), Options(workers=1))
    return request


def rewritten(path, old, new):
    """Replace text by text of the same length, and give the file its time back."""
    before, text = path.stat(), path.read_text()
    assert old in text and len(old) == len(new)
    path.write_text(text.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_same_run_has_nothing_to_do_and_says_so_in_its_record(asked):
    record = Path(asked.out, "run.json")
    before = json.loads(record.read_text())
    for _ in range(2):
        assert unchanged.nothing_to_do(asked).reports == 2
    after = json.loads(record.read_text())
    assert after["counts"] == {**before["counts"], "created": 0, "up_to_date": 2}
    assert (before["counts"]["created"], after["versions"]) == (2, before["versions"])


CONTENTS = {
    "source/customers.csv": ("Second", "second"),
    "source/cases/C001-01.yaml": ("60000", "70000"),
    "notebooks/tiny.ipynb": ("multiplies", "multiplier"),
    "notebooks/rates.csv": ("5", "6"),
}
COULD_BE_READ = ("source/people.csv", "source/models/mine.yaml", "notebooks/helper.py")
OTHER_RUNS = (
    {"as_of": date(2026, 7, 1)}, {"edition": "customer"}, {"parameters": {"factor": 4}},
    {"customers": ("C001",)}, {"formats": ("pdf",)}, {"notebooks": ()}, {"pack": True},
)  # fmt: skip


def test_the_content_of_every_file_that_is_or_could_be_read_counts(asked, tmp_path):
    for name, (old, new) in CONTENTS.items():
        rewritten(tmp_path / name, old, new)
        assert unchanged.nothing_to_do(asked) is None, name
        rewritten(tmp_path / name, new, old)
    for name in COULD_BE_READ:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
        assert unchanged.nothing_to_do(asked) is None, name
        (tmp_path / name).unlink()
    assert unchanged.nothing_to_do(asked)


def test_other_code_packages_questions_and_reports_count(asked, monkeypatch):
    for name in ("toolkit_digest", "packages_digest", "deck_digest"):
        with monkeypatch.context() as changed:
            changed.setattr(unchanged, name, lambda: "another")
            assert unchanged.nothing_to_do(asked) is None
    for other in OTHER_RUNS:
        assert unchanged.nothing_to_do(replace(asked, **other)) is None, other
    os.utime(Path(asked.out, "C001", "tiny.html"), ns=(0, 0))
    assert unchanged.nothing_to_do(asked) is None


def test_a_source_that_changed_while_it_was_read_is_not_noted(asked, tmp_path):
    planned = plan(replace(asked, out=str(tmp_path / "again")))
    rewritten(tmp_path / "source" / "customers.csv", "Second", "second")
    batch.run(planned, Options(workers=1))
    assert not (tmp_path / "again" / unchanged.STATE).exists()


def test_a_run_with_a_failure_or_of_a_source_elsewhere_is_not_noted(asked, tmp_path):
    write_company(tmp_path / "source", C001="First", BAD="Second")
    batch.run(plan(replace(asked, out=str(tmp_path / "failed"))), Options(workers=1))
    assert not (tmp_path / "failed" / unchanged.STATE).exists()
    assert unchanged.made_from(replace(asked, source="memory://somewhere"), {}) == ""
    assert unchanged.made_from(replace(asked, out="memory://somewhere"), {}) == ""


def test_a_folder_in_use_is_told_and_what_is_noted_names_no_place(asked, tmp_path):
    with working_in(Folder(asked.out)), pytest.raises(FolderInUseError):
        unchanged.nothing_to_do(asked)
    assert str(tmp_path) not in Path(asked.out, unchanged.STATE).read_text()
    for broken in ("", "{", "[]", '{"reports": 2}'):
        Path(asked.out, unchanged.STATE).write_text(broken)
        assert unchanged.nothing_to_do(asked) is None
