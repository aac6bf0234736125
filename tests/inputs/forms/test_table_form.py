"""The form of the tables is a source: what nobody filled in is not given."""

import io
from datetime import date

import openpyxl
import pandas as pd
from click.testing import CliRunner

from tests.inputs.sources import write_source
from vs_toolkit.cli import main
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.forms import table_form
from vs_toolkit.inputs.tables import TABLES

DAY = date(2026, 6, 30)


def test_a_form_of_the_tables_gives_the_same_tables_back(tmp_path):
    source = read_source(write_source(tmp_path))
    (tmp_path / "form.xlsx").write_bytes(table_form(source.tables, DAY))
    again = read_source(tmp_path / "form.xlsx")
    assert again.problems == ()
    assert set(again.tables) == set(source.tables)
    for name, frame in source.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], frame)


def test_a_blank_form_has_a_sheet_for_every_table_and_its_example_is_no_row(tmp_path):
    content = table_form(None, DAY)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {name for name in book.sheetnames if not name.startswith("_")} == set(TABLES)
    book["customers"]["B5"], book["customers"]["C5"] = "C1", "Acorn"
    book.save(tmp_path / "form.xlsx")
    inputs = read_source(tmp_path / "form.xlsx")
    assert inputs.problems == ()
    assert inputs.tables["customers"]["customer_id"].tolist() == ["C1"]


def test_a_wrong_cell_comes_back_as_a_comment_at_the_cell(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(table_form(None, DAY)))
    book["customers"]["B5"], book["customers"]["C5"], book["customers"]["K5"] = "C1", "Acorn", 8
    book.save(tmp_path / "form.xlsx")
    done = CliRunner().invoke(main, ["check", str(tmp_path / "form.xlsx")])
    assert done.exit_code == 1
    assert "sheet customers, cell K5, wacc: 8 would be 800" in done.output
    copy = openpyxl.load_workbook(tmp_path / "form_checked.xlsx")
    assert "8 would be 800" in copy["customers"]["K5"].comment.text


def test_forms_from_the_command_line(tmp_path):
    write_source(tmp_path / "source")
    runner = CliRunner()
    for kind, customer in (("case", "C1"), ("tables", ""), ("tables", "C1")):
        target = tmp_path / f"{kind}{customer}.xlsx"
        command = [
            "form",
            kind,
            "-o",
            str(target),
            "--source",
            str(tmp_path / "source"),
            "--customer",
            customer,
        ]
        done = runner.invoke(main, command)
        assert done.exit_code == 0, done.output
        assert read_source(target).problems == ()
    assert len(read_source(tmp_path / "tablesC1.xlsx").tables["opportunities"]) == 1
    done = runner.invoke(main, ["form", "case", "--source", str(tmp_path / "source"), "--customer", "C9"])
    assert "C1, C2" in done.output and done.exit_code == 2
    done = runner.invoke(main, ["form", "case", "-o", str(tmp_path / "m.xlsx"), "--model", "tracto"])
    assert "did you mean 'tractor'?" in done.output
