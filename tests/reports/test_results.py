"""All key figures as one table: as they are for programs, and without formulas for spreadsheets."""

import csv
import io
from datetime import date

import pyarrow.parquet as pq

from tests.reports.rows import failed, figure, row
from vs_toolkit.reports.changes import Earlier
from vs_toolkit.reports.results import SCHEMA, as_csv, as_parquet, results_table

LAST = {
    ("C1", "business_impact", "internal", "npv"): Earlier("2026-05-31", "Net present value", "EUR", "", 1e6)
}


def lines(rows, past=None):
    return results_table(rows, past or {}).to_pylist()


def sheet(rows, past=None):
    """Rows of the CSV file as a spreadsheet reads them."""
    text = as_csv(results_table(rows, past or {}))
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def test_a_figure_is_a_row_with_what_it_was_last_time():
    (line,) = lines([row()], LAST)
    assert line == {
        "customer_id": "C1", "customer_name": "Acme", "notebook": "business_impact", "edition": "internal",
        "as_of": date(2026, 6, 30), "status": "ok", "figure": "npv", "label": "Net present value",
        "unit": "EUR", "about": "", "value": 1.2e6, "previous_as_of": date(2026, 5, 31), "previous": 1e6,
        "change": 2e5, "error": "",
    }  # fmt: skip


def test_a_failed_report_is_one_row_with_its_reason_and_without_a_figure():
    (line,) = lines([failed()])
    assert (line["status"], line["error"]) == ("timed out", "over 60 s")
    assert [line[name] for name in ("figure", "label", "unit", "value", "previous")] == [None] * 5


def test_a_report_that_states_nothing_is_still_a_row():
    (line,) = lines([row(figures={})])
    assert (line["status"], line["figure"]) == ("ok", None)


def test_missing_is_not_zero():
    rows = [row(figures={"npv": figure(None), "irr": figure(0.0, "share", "IRR")})]
    assert [line["value"] for line in lines(rows, LAST)] == [None, 0.0]
    assert [line["change"] for line in lines(rows, LAST)] == [None, None]
    assert [line["value"] for line in sheet(rows)] == ["", "0.0"]


def test_other_units_labels_and_cases_are_not_compared():
    others = (
        figure(1.0, "USD"),
        figure(1.0, label="Value"),
        figure(1.0, about="C1-02"),
    )
    for other in others:
        (line,) = lines([row(figures={"npv": other})], LAST)
        assert [line[name] for name in ("previous_as_of", "previous", "change")] == [None] * 3


def test_the_change_has_no_digits_that_come_from_arithmetic():
    # 0.3 - 0.1 is 0.19999999999999998 in binary
    last = {("C1", "business_impact", "internal", "irr"): Earlier("2026-05-31", "IRR", "share", "", 0.1)}
    (line,) = lines([row(figures={"irr": figure(0.3, "share", "IRR")})], last)
    assert line["change"] == 0.2


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1")


def test_text_is_never_a_formula_in_a_spreadsheet_and_negative_numbers_stay_numbers():
    rows = [row(f"C{i}", name, figures={"npv": figure(-5.0)}) for i, name in enumerate(HOSTILE)]
    told = sheet([*rows, failed(error="=cmd|' /C calc'!A0")])
    assert [line["customer_name"] for line in told[:-1]] == [f"'{name}" for name in HOSTILE]
    assert {line["value"] for line in told[:-1]} == {"-5.0"}
    assert told[-1]["error"].startswith("'=cmd")
    assert [line["customer_name"] for line in lines(rows)] == list(HOSTILE)


def test_the_file_says_that_it_is_utf_8_and_keeps_every_character():
    name = 'Łódź; "北京", 🚀\nLtd'
    assert as_csv(results_table([row("C1", name)], {})).startswith(b"\xef\xbb\xbf")
    assert sheet([row("C1", name)])[0]["customer_name"] == name


def test_parquet_keeps_types_and_both_files_are_the_same_whenever_they_are_made():
    slow = row(seconds=99.0)
    table, again = results_table([row(), failed()], LAST), results_table([slow, failed(seconds=7.0)], LAST)
    assert pq.read_table(io.BytesIO(as_parquet(table))).schema == SCHEMA
    assert (as_parquet(table), as_csv(table)) == (as_parquet(again), as_csv(again))
