"""What figures were: as of each day what was known then, the same whatever happened in between."""

import io
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest

from tests.reports.rows import failed, figure, row
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.history import MOST_AT_ONCE, editions, last_time, remembered

NPV = ("C1", "business_impact", "internal", "npv")


def worth(value, as_of, customer="C1", **changes):
    return row(customer, as_of=as_of, figures={"npv": figure(value)}, **changes)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def remember(folder, *rows):
    for name, content in remembered(folder, rows):
        folder.write(name, content)


def days(folder):
    return folder.read_all(folder.names("history/*"))


def table(folder, day):
    return pq.read_table(io.BytesIO(days(folder)[f"history/{day}.parquet"])).to_pylist()


@pytest.mark.parametrize("damaged", [b"", b"PAR1", b"PAR1" + b"\xff" * 40 + b"\x28\x00\x00\x00PAR1"])
def test_a_damaged_day_tells_nothing_and_is_written_anew(folder, damaged):
    folder.write("history/2026-05-31.parquet", damaged)
    assert editions(folder) == set() and last_time(folder, [worth(1.0, "2026-06-30")]) == {}
    remember(folder, worth(1.0, "2026-05-31"))
    assert len(table(folder, "2026-05-31")) == 1


def test_a_day_has_a_tidy_file_of_what_was_finished(folder):
    remember(folder, worth(1.0, "2026-05-31"), failed(as_of="2026-05-31"), worth(None, "2026-05-31", "C3"))
    first, missing = table(folder, "2026-05-31")
    assert first == {
        "as_of": date(2026, 5, 31), "customer_id": "C1", "customer_name": "Acme",
        "notebook": "business_impact", "edition": "internal", "figure": "npv",
        "label": "Net present value", "unit": "EUR", "about": "",
        "value": 1.0,
    }  # fmt: skip
    assert (missing["customer_id"], missing["value"]) == ("C3", None)


def test_last_time_is_the_newest_day_strictly_before_the_report_s_own(folder):
    may, june, july = (worth(value, day) for value, day in
                       ((1.0, "2026-05-31"), (2.0, "2026-06-30"), (3.0, "2026-07-31")))  # fmt: skip
    remember(folder, may, june, july)
    assert last_time(folder, [july])[NPV].value == 2.0
    assert last_time(folder, [june])[NPV].value == 1.0
    assert last_time(folder, [may]) == {}


def test_a_later_batch_changes_nothing_in_what_an_earlier_day_shows(folder):
    may, june = worth(1.0, "2026-05-31"), worth(2.0, "2026-06-30")
    remember(folder, may)
    remember(folder, june)
    before = last_time(folder, [june]), days(folder)
    remember(folder, worth(9.0, "2026-07-31"))
    after = days(folder)
    del after["history/2026-07-31.parquet"]
    assert (last_time(folder, [june]), after) == before


def test_every_row_looks_back_from_its_own_day(folder):
    for day, value in (("2026-04-30", 1.0), ("2026-05-31", 2.0)):
        remember(folder, worth(value, day), worth(10 * value, day, "C2"))
    found = last_time(folder, [worth(0.0, "2026-06-30"), worth(0.0, "2026-05-31", "C2")])
    assert {key[0]: earlier.value for key, earlier in found.items()} == {"C1": 2.0, "C2": 10.0}


def test_what_was_missing_last_time_is_missing_and_not_what_was_there_before_that(folder):
    remember(folder, worth(1.0, "2026-04-30"), worth(None, "2026-05-31"))
    earlier = last_time(folder, [worth(2.0, "2026-06-30")])[NPV]
    assert (earlier.as_of, earlier.value) == ("2026-05-31", None)


def test_the_same_reports_give_the_same_bytes_whatever_happened_in_between(folder, tmp_path):
    rows = [worth(float(n), "2026-05-31", f"C{n}") for n in range(5)]
    remember(folder, *rows)
    halted = Folder(tmp_path / "halted")
    remember(halted, rows[3], worth(99.0, "2026-05-31", "C1"))
    remember(halted, *reversed(rows))
    remember(halted, *(one | {"seconds": 77.0} for one in rows))
    assert days(halted) == days(folder)


def test_a_report_made_again_replaces_its_figures_and_leaves_those_of_others(folder):
    two = row(as_of="2026-05-31", figures={"npv": figure(1.0), "irr": figure(0.1, "share", "IRR")})
    remember(folder, two, worth(5.0, "2026-05-31", "C2"))
    remember(folder, worth(2.0, "2026-05-31"))
    told = [(line["customer_id"], line["figure"], line["value"]) for line in table(folder, "2026-05-31")]
    assert told == [("C1", "npv", 2.0), ("C2", "npv", 5.0)]


def test_a_report_that_fails_later_on_the_same_day_keeps_what_it_had_said(folder):
    remember(folder, worth(1.0, "2026-05-31"))
    remember(folder, failed("C1", as_of="2026-05-31"))
    assert [line["value"] for line in table(folder, "2026-05-31")] == [1.0]


def test_editions_never_meet(folder):
    remember(folder, worth(1.0, "2026-04-30"), worth(2.0, "2026-05-31"))
    shown = worth(3.0, "2026-05-31", "C2", edition="customer")
    remember(folder, shown)
    assert {line["edition"] for line in table(folder, "2026-05-31")} == {"customer"}
    assert last_time(folder, [worth(4.0, "2026-06-30", edition="customer")]) == {}


class Counting(Folder):
    """Notes which files are read."""

    def __init__(self, location):
        super().__init__(location)
        self.seen = []

    def read_all(self, names):
        self.seen.extend(names)
        return super().read_all(names)


def test_history_is_read_no_further_back_than_needed(folder):
    start = date(2026, 1, 1)
    for n in range(100):
        remember(folder, worth(float(n), (start + timedelta(n)).isoformat()))
    counting = Counting(folder.root)
    assert last_time(counting, [worth(0.0, "2026-12-31")])[NPV].value == 99.0
    assert counting.seen == ["history/2026-04-10.parquet"]
    counting.seen.clear()
    assert last_time(counting, [worth(0.0, "2026-01-02")])[NPV].value == 0.0
    assert counting.seen == ["history/2026-01-01.parquet"]
    counting.seen.clear()
    assert last_time(counting, [worth(0.0, "2026-12-31", "NEW")]) == {}
    assert len(counting.seen) == len(set(counting.seen)) == 100
    assert MOST_AT_ONCE < 100


def test_files_that_are_not_ours_tell_nothing(folder):
    remember(folder, worth(1.0, "2026-04-30"))
    folder.write("history/2026-05-31.parquet", b"not a table")
    folder.write("history/notes.parquet", b"")
    assert last_time(folder, [worth(2.0, "2026-06-30")])[NPV].value == 1.0
