"""The Excel form of the self-assessment: filled in, it is the table."""

import io
from datetime import date

import openpyxl

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
