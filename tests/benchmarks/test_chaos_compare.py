"""What the benchmark of faults calls equal: times may differ, nothing else, and no rubbish may lie about."""

import json

import pandas as pd
import pytest

from benchmarks.chaos_compare import LOCK, differences, failures, leftovers

PAGE = '<p>Net {value}</p><td data-label="Run time" data-sort="{seconds}">{seconds} s</td>'


def write(folder, seconds, value=1.0):
    """An output folder whose reports took so long and found that value."""
    (folder / "C1").mkdir(parents=True)
    entry = {"status": "ok", "error": "", "seconds": seconds, "figures": {"npv": value}}
    (folder / "C1" / "plan.json").write_text(json.dumps(entry))
    (folder / "C1" / "plan.html").write_text(f"<p>Net {value}</p>")
    (folder / "index.html").write_text(PAGE.format(value=value, seconds=seconds))
    rows = pd.DataFrame({"npv": [value], "seconds": [seconds]})
    rows.to_parquet(folder / "results.parquet")
    rows.to_csv(folder / "results.csv", index=False)
    (folder / LOCK).touch()
    return folder


def test_times_may_differ(tmp_path):
    assert list(differences(write(tmp_path / "a", 1.5), write(tmp_path / "b", 2.5))) == []


def test_anything_else_may_not(tmp_path):
    one, other = write(tmp_path / "a", 1.5), write(tmp_path / "b", 1.5, value=2.0)
    names = ["C1/plan.html", "C1/plan.json", "index.html", "results.csv", "results.parquet"]
    assert list(differences(one, other)) == [f"{name} differs" for name in names]


def test_a_file_more_or_less_is_told(tmp_path):
    one, other = write(tmp_path / "a", 1.5), write(tmp_path / "b", 1.5)
    (one / "C1" / "plan.html").unlink()
    (one / "C1" / "other.html").touch()
    assert list(differences(one, other)) == ["C1/other.html is only in a", "C1/plan.html is only in b"]


@pytest.mark.parametrize("name", ["C1/.plan.html.part", "index.html.part", ".index.html.4f2a"])
def test_half_files_are_told(tmp_path, name):
    out, temporary = write(tmp_path / "a", 1.5), tmp_path / "t"
    temporary.mkdir()
    assert list(leftovers(out, temporary)) == []
    (out / name).touch()
    assert list(leftovers(out, temporary)) == [f"half a file is left: {name}"]


def test_temporary_files_and_a_held_lock_are_told(tmp_path):
    out, temporary = write(tmp_path / "a", 1.5), tmp_path / "t"
    (temporary / "vs-1").mkdir(parents=True)
    (out / LOCK).write_text('{"pid": 1}')
    assert list(leftovers(out, temporary)) == [
        "the lock names a holder",
        "left in the temporary folder: vs-1",
    ]


def test_failed_rows_are_told_with_their_reason(tmp_path):
    out = write(tmp_path / "a", 1.5)
    assert failures(out) == {}
    (out / "C1" / "plan.json").write_text(
        json.dumps({"status": "kernel died", "error": "killed", "seconds": 1})
    )
    assert failures(out) == {"C1/plan.json": "kernel died: killed"}
