"""The Excel form of the self-assessment: filled in, it is the table."""

import io
from datetime import date

import openpyxl
import pytest
from click.testing import CliRunner

from tests.shared import ROOT
from vs_toolkit.cli import main
from vs_toolkit.inputs.cases.questionnaire import questionnaire
from vs_toolkit.inputs.forms.self_assessment import self_assessment_form
from vs_toolkit.inputs.sources.source import read_source


def test_a_filled_form_is_the_table_of_answers(tmp_path):
    content = self_assessment_form(questionnaire(), "S7", "Unit South", date(2026, 6, 1))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["self_assessments"]
    keys = {cell.value: cell.column for cell in sheet[1]}
    rows = {sheet.cell(row, keys["statement"]).value: row for row in range(4, sheet.max_row + 1)}
    sheet.cell(rows["process_used"], keys["answer"]).value = "yes"
    sheet.cell(rows["wins_analysed"], keys["answer"]).value = "under development"
    book.save(tmp_path / "answers.xlsx")
    found = read_source(str(tmp_path / "answers.xlsx")).tables["self_assessments"]
    assert len(found) == 43 and set(found["respondent"]) == {"S7"} and set(found["unit"]) == {"Unit South"}
    given = found.dropna(subset="answer").set_index("statement")["answer"]
    assert given.to_dict() == {"process_used": "yes", "wins_analysed": "under development"}
    assert sheet["A4"].value.startswith("Operating model: Our sales process")
    assert found["answered_on"].iloc[0].date() == date(2026, 6, 1)


def test_every_statement_offers_the_three_answers():
    content = self_assessment_form(questionnaire(), "S7", "Unit South", date(2026, 6, 1))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["self_assessments"]
    (rule,) = sheet.data_validations.dataValidation
    assert str(rule.sqref) == "B4:B46"  # 43 statements


def answered(path, respondent, **answers):
    """A form of one respondent, made on the command line and filled in."""
    done = CliRunner().invoke(
        main, ["form", "assessment", "-o", str(path), "--respondent", respondent, "--unit", "Unit South"]
    )
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(path)
    sheet = book["self_assessments"]
    rows = {sheet.cell(row, 6).value: row for row in range(4, sheet.max_row + 1)}
    for statement, answer in answers.items():
        sheet.cell(rows[statement], 2).value = answer
    book.save(path)


def test_forms_of_many_respondents_lie_in_the_folder_beside_earlier_answers(tmp_path):
    answered(tmp_path / "one.xlsx", "S1", process_used="yes")
    answered(tmp_path / "two.xlsx", "S2", process_used="no")
    (tmp_path / "self_assessments.csv").write_text(
        "respondent,unit,answered_on,statement,answer\nS1,Unit South,2025-05-20,process_used,no\n"
    )
    found = read_source(tmp_path)
    assert not found.problems and len(found.readings) == 3
    given = found.tables["self_assessments"].dropna(subset="answer")
    before = given["answered_on"] < "2026-01-01"
    assert sorted(zip(given["respondent"], before, given["answer"], strict=True)) == [
        ("S1", False, "yes"), ("S1", True, "no"), ("S2", False, "no"),
    ]  # fmt: skip
    assert CliRunner().invoke(main, ["check", str(tmp_path)]).exit_code == 0


def test_what_is_wrong_in_a_form_is_told_by_file_sheet_and_cell(tmp_path):
    answered(tmp_path / "one.xlsx", "S1", process_used="perhaps")
    answered(tmp_path / "two.xlsx", "S1", process_used="yes")  # the same respondent once more
    told = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert told.exit_code == 1
    first, second = told.output.split("two.xlsx\n")
    assert "one.xlsx\n  sheet self_assessments, cell B5, answer: write one of yes, no" in first
    assert "duplicate of one.xlsx, sheet self_assessments, row 4; keep one" in second
    assert "cell C4, cell C5" in second and "44 problems in 2 files" in second


def test_a_table_that_is_given_twice_without_a_form_stays_wrong(tmp_path):
    for name in ("self_assessments.csv", "Self Assessments.csv"):
        (tmp_path / name).write_text("respondent,unit,answered_on,statement\nS1,U,2025-05-20,a\n")
    assert "given twice" in str(read_source(tmp_path).problems[0])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["assessment", "--unit", "Unit North"], "needs --respondent"),
        (["assessment", "--respondent", "S1", "--unit", "Unit Nord", "--source", "data/demo"], "Unit North"),
        (
            ["assessment", "--respondent", "S1", "--unit", "Unit North", "--customer", "C001"],
            "does not belong to",
        ),
        (["tables", "--respondent", "S1"], "does not belong to"),
    ],
)
def test_a_form_that_cannot_be_made_says_why(options, told, tmp_path):
    options = [str(ROOT / option) if option == "data/demo" else option for option in options]
    done = CliRunner().invoke(main, ["form", *options, "-o", str(tmp_path / "form.xlsx")])
    assert done.exit_code and told in done.output and not list(tmp_path.iterdir())
