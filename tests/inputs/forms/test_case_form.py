"""The form of a business case: it comes back as the same case, whoever saved it; problems name the cell."""

import io
import shutil
import subprocess
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings

from tests.impact.random_cases import cases as random_cases
from tests.inputs.sources import CASE
from tests.shared import ROOT
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_case, read_source
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.reading import load_case, load_document
from vs_toolkit.inputs.forms import case_form, commented, model_form
from vs_toolkit.inputs.forms.case_form import parts_of_case
from vs_toolkit.inputs.forms.reading import read_case_form

DAY = date(2026, 6, 30)
FIND = model_finder("nowhere")
CASES = [
    path
    for folder in ("demo", "examples")
    for path in sorted((ROOT / "data" / folder / "cases").glob("*.yaml"))
]


def back(content):
    return load_document(read_case_form(content, "form.xlsx"), FIND)[0]


def filled(**cells):
    """Small case as a form, with cells changed: sheet__C4=value."""
    book = openpyxl.load_workbook(io.BytesIO(case_form(load_case(CASE, "c.yaml", FIND), DAY)))
    for place, value in cells.items():
        sheet, cell = place.split("__")
        book[sheet][cell] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def cell_of(key):
    """Cell of a single field in the column of values."""
    single, _ = parts_of_case()
    return f"Case__D{2 + [leaf.key for leaf in single].index(key)}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_case_that_comes_with_the_toolkit_survives_the_form(path):
    case = read_case(path)
    assert back(case_form(case, DAY)) == case


def test_a_form_survives_openpyxl():
    assert back(filled()) == load_case(CASE, "c.yaml", FIND)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_form_survives_libreoffice(tmp_path):
    case = read_case(CASES[0])
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "form.xlsx").write_bytes(case_form(case, DAY))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        tmp_path,
        tmp_path / "in" / "form.xlsx",
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert back((tmp_path / "form.xlsx").read_bytes()) == case


def test_every_field_of_the_model_has_a_cell_or_a_sheet():
    single, blocks = parts_of_case()
    named = {leaf.path[0] for leaf in single} | {block.path[0] for block in blocks}
    assert set(BusinessCase.model_fields) <= named


def test_numbers_that_excel_would_round_come_back_exactly():
    case = load_case(CASE.replace("quantity: 120", "quantity: 0.30000000000000004"), "c.yaml", FIND)
    assert back(case_form(case, DAY)).effects[0].quantity.expected == 0.30000000000000004


def test_what_people_type_is_read_as_in_a_table():
    case = back(
        filled(**{cell_of("customer_wacc"): "9,5 %", cell_of("dated"): "2026-01-10", cell_of("title"): 2026})
    )
    assert (case.customer_wacc, case.dated, case.title) == (0.095, date(2026, 1, 10), "2026")


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("customer_wacc", 35, "35 would be 3500 %"),
        ("currency", "EURO", "write one ISO currency"),
        ("years", "three", "whole number"),
        ("dated", "soon", "write a date"),
        ("years", "=1+2", "holds a formula that was never calculated"),
        ("title", None, "is missing"),
    ],
)
def test_a_problem_names_sheet_and_cell(key, value, words):
    content = filled(**{cell_of(key): value})
    with pytest.raises(InputError) as caught:
        back(content)
    (problem,) = [p for p in caught.value.problems if words in p.message]
    if value is not None:
        assert problem.where == f"sheet Case, cell {cell_of(key).removeprefix('Case__')}"


def test_a_problem_of_an_item_names_its_own_cell():
    content = filled(Effects__D4="volumes")
    with pytest.raises(InputError) as caught:
        back(content)
    (problem,) = caught.value.problems
    assert (problem.where, problem.field) == ("sheet Effects, cell D4", "effects[1].line")
    assert "did you mean 'volume'?" in problem.message


def test_columns_are_found_by_their_keys_wherever_they_are_moved():
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    sheet = book["Effects"]
    sheet.insert_cols(3)
    target = io.BytesIO()
    book.save(target)
    assert back(target.getvalue()) == load_case(CASE, "c.yaml", FIND)


def test_problems_come_back_as_comments_in_a_copy():
    content = filled(Effects__D4="volumes")
    with pytest.raises(InputError) as caught:
        back(content)
    book = openpyxl.load_workbook(io.BytesIO(commented(content, caught.value.problems)))
    assert "did you mean 'volume'?" in book["Effects"]["D4"].comment.text


def test_a_form_is_a_case_in_the_folder_of_cases_and_a_source_by_itself(tmp_path):
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "visit.xlsx").write_bytes(filled())
    assert [case.id for case in read_source(tmp_path).cases] == ["C1-01"]
    inputs = read_source(tmp_path / "cases" / "visit.xlsx")
    assert inputs.problems == ()
    assert [case.id for case in inputs.cases] == ["C1-01"]
    assert inputs.tables["customers"]["customer_id"].tolist() == ["C1"]


def test_a_form_from_a_value_model_asks_for_its_numbers():
    book = openpyxl.load_workbook(io.BytesIO(model_form(FIND("tractor"), DAY, "C1")))
    names = [row[1].value for row in book["Numbers"].iter_rows(min_row=4) if row[1].value]
    assert set(names) == set(FIND("tractor").variables)
    document = read_case_form(model_form(FIND("tractor"), DAY, "C1"), "form.xlsx")
    assert document.data["model"] == "tractor"


def test_a_text_that_looks_like_a_formula_or_a_link_stays_text():
    case = load_case(
        CASE.replace("title: Fewer stops on line 2", 'title: "=1+1"\nquestion: "http://x.y"'), "c.yaml", FIND
    )
    assert back(case_form(case, DAY)) == case


def test_what_is_no_form_says_so():
    book = io.BytesIO()
    openpyxl.Workbook().save(book)
    with pytest.raises(InputError, match="make one with vs-toolkit form case"):
        read_case_form(book.getvalue(), "x.xlsx")


@settings(max_examples=25, deadline=None)
@given(random_cases())
def test_any_case_survives_the_form(case):
    assert back(case_form(case, DAY)) == case
