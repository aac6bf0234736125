"""The form of the self-assessment: one respondent answers every statement by a drop-down; itself a source."""

from __future__ import annotations

from datetime import date

from vs_toolkit.inputs.cases.questionnaire import Questionnaire
from vs_toolkit.inputs.forms.sheet import COLOURS, Form
from vs_toolkit.inputs.sources.sheets import ANSWERS

CHOICES = ("yes", "no", "under development")
TABLE = "self_assessments"
COLUMNS = ("answer", "respondent", "unit", "answered_on", "statement")
TITLES = ("Answer", "Respondent", "Unit", "Day", "Id of the statement")
NOTE = "Choose an answer for each statement on the left; leave it blank where you cannot say."
FIRST = 3  # row of the first statement


def self_assessment_form(asked: Questionnaire, respondent: str, unit: str, day: date) -> bytes:
    """Make the form for one respondent: who, when and the statements are filled in, answers are blank.

    The sheet is a part of the table ``self_assessments``: a folder may hold the forms of many respondents,
    and the table with earlier answers. The statements stand in its first column, which a form keeps for its
    reader.

    Parameters
    ----------
    asked
        Statements, as :func:`vs_toolkit.inputs.cases.questionnaire.questionnaire` reads them.
    respondent
        A number or a function rather than a name.
    unit
        Unit of the respondent.
    day
        Day of the answers.
    """
    form = Form(day)
    sheet = form.sheet(TABLE, f"{ANSWERS} {TABLE}")
    sheet.page.set_row(0, None, None, {"hidden": True})
    sheet.page.set_column(0, 0, 80)  # shown: it holds the statements
    silent = {name: {"bg_color": COLOURS[name], "font_color": COLOURS[name]} for name in ("head", "note")}
    for row, (word, look) in enumerate(zip(("title", "note"), silent.values(), strict=True), 1):
        sheet.page.write_string(row, 0, word, form.book.add_format(look))
    for column, (key, title) in enumerate(zip(COLUMNS, TITLES, strict=True), 1):
        sheet.write(0, column, key, "plain")
        sheet.write(1, column, title, "head")
    sheet.write(2, 1, NOTE, "note")
    statements = asked.statements
    for row, (name, statement) in enumerate(statements.iterrows(), FIRST):
        sheet.write(row, 0, f"{statement['chapter']}: {statement['text']}", "plain")
        for column, value in enumerate((None, respondent, unit, day, str(name)), 1):
            sheet.write(row, column, value)
    sheet.drop_down((FIRST, FIRST + len(statements) - 1), 1, CHOICES)
    sheet.widths([22, 14, 16, 12, 26])
    sheet.page.freeze_panes(FIRST, 0)
    return form.content()
