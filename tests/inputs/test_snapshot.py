"""The frozen copy: a source of its own, with a hash of the content per customer and edition."""

import json
from datetime import date

import fsspec
import pyarrow.parquet
import pytest

from tests.inputs.sources import write_source
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs import read_source, view, write_snapshot
from vs_toolkit.inputs.sources.files import write_whole

DAY = date(2026, 3, 31)


@pytest.fixture
def inputs(tmp_path):
    return read_source(write_source(tmp_path / "source"))


def test_a_snapshot_is_a_source_with_the_same_content(inputs, tmp_path):
    first = write_snapshot(inputs, str(tmp_path / "one"), DAY)
    again = read_source(tmp_path / "one")
    second = write_snapshot(again, str(tmp_path / "two"), DAY)
    assert again.problems == ()
    assert (first.hashes, first.company_hash) == (second.hashes, second.company_hash)


def test_a_snapshot_says_what_was_seen_and_when(inputs, tmp_path):
    write_snapshot(inputs, str(tmp_path / "one"), DAY)
    said = json.loads((tmp_path / "one" / "snapshot.json").read_text())
    assert (said["as_of"], said["source"]) == ("2026-03-31", str(tmp_path / "source"))
    # of three status changes one is later (2026-04-02); so is one of two activities, one of two deliveries
    assert [said["rows"][n] for n in ("status_changes", "activities", "value_delivered")] == [2, 1, 1]


def test_hashes_are_those_that_a_notebook_sees(inputs, tmp_path):
    snapshot = write_snapshot(inputs, str(tmp_path), DAY)
    for edition, hashes in snapshot.hashes.items():
        assert hashes == {c: view(inputs, DAY, edition).customer(c).source_hash for c in ("C1", "C2")}
    assert snapshot.hashes["internal"]["C1"] != snapshot.hashes["customer"]["C1"]


def test_rows_of_a_customer_lie_together(tmp_path):
    text = "date,customer_id,type\n" + "".join(f"2026-01-01,C{n % 2 + 1},visit\n" for n in range(9))
    write_snapshot(read_source(write_source(tmp_path / "s", activities=text)), str(tmp_path / "one"), DAY)
    customers = pyarrow.parquet.read_table(tmp_path / "one" / "activities.parquet")["customer_id"].to_pylist()
    assert customers == ["C1"] * 5 + ["C2"] * 4


@pytest.mark.parametrize("name", ["one", "one[1]", "one*"])
def test_what_is_no_longer_given_leaves_the_snapshot(inputs, tmp_path, name):
    write_snapshot(inputs, str(tmp_path / name), DAY)
    (tmp_path / "source" / "activities.csv").unlink()
    (tmp_path / "source" / "cases" / "C1-01.yaml").unlink()
    (tmp_path / name / "own notes.txt").write_text("stays")
    write_snapshot(read_source(tmp_path / "source"), str(tmp_path / name), DAY)
    names = {file.name for file in (tmp_path / name).rglob("*") if file.is_file()}
    assert not names & {"activities.parquet", "C1-01.yaml"}
    assert names >= {"people.parquet", "own notes.txt", "snapshot.json"}


@pytest.mark.parametrize("held", ["customers.csv", "sales.parquet", "cases/C1-01.yaml"])
def test_a_snapshot_replaces_nothing_but_a_snapshot(inputs, tmp_path, held):
    own = tmp_path / "mine" / held
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    with pytest.raises(VsToolkitError, match="needs a folder of its own"):
        write_snapshot(inputs, str(tmp_path / "mine"), DAY)
    assert own.read_text() == "mine"
    write_snapshot(inputs, str(tmp_path / "new"), DAY)
    (tmp_path / "new" / "snapshot.json").unlink()  # as if the last one had not been finished
    write_snapshot(inputs, str(tmp_path / "new"), DAY)


def test_a_snapshot_can_lie_on_any_file_system(inputs):
    write_snapshot(inputs, "memory://snapshot", DAY)
    assert read_source("memory://snapshot").problems == ()
    assert not [file for file in fsspec.filesystem("memory").find("/snapshot") if "/." in file]


def test_a_write_that_fails_leaves_the_old_file_and_no_draft(tmp_path):
    file = tmp_path / "a.bin"
    write_whole(str(file), b"old")
    with pytest.raises(TypeError):
        write_whole(str(file), "text is no bytes")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
