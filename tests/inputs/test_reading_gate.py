"""The reading gate: files as people have them come out right, or are refused with words that help."""

from datetime import date, datetime

import openpyxl
import pytest

from tests.inputs.sources import write_source
from vs_toolkit.inputs import check, describe, describe_readings, read_source, view

CUSTOMERS = "customer_id,name,wacc,since,note\nC1,Müller,9%,2019-05-01,\nC2,Birch,8.5%,,\n"
CHANGES = "opportunity_id,changed_at,status,value,expected_decision,stated_probability\n"


def read(folder, **tables):
    return read_source(write_source(folder, **tables))


def only(folder, name, content):
    """A source of one file."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_source(folder)


def decided(inputs):
    return describe_readings(inputs.readings)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-16", "UTF-16, commas"),
        ("utf-16-le", "UTF-16, commas"),
        ("utf-16-be", "UTF-16, commas"),
        ("cp1252", "Windows-1252, commas"),
    ],
)
def test_every_encoding_gives_the_same_table(tmp_path, encoding, said):
    inputs = only(tmp_path, "customers.csv", CUSTOMERS.encode(encoding))
    assert inputs.problems == ()
    assert inputs.tables["customers"]["name"].tolist() == ["Müller", "Birch"]
    assert inputs.tables["customers"]["wacc"].tolist() == [0.09, 0.085]
    assert said in decided(inputs)


def test_csv_as_german_excel_saves_it_is_simply_read(tmp_path):
    text = (
        "Customer ID;Name;WACC;Since;Beta;Note\r\n"
        "C1;Müller;9,5%;01.05.2019;1,25;\r\n"
        "C2;Birch;8%;2.3.20;0,8;\r\n"
    )
    inputs = only(tmp_path, "Customers.csv", b"\xef\xbb\xbf" + text.encode())
    assert inputs.problems == ()
    table = inputs.tables["customers"]
    assert table["wacc"].tolist() == [0.095, 0.08]
    assert table["beta"].tolist() == [1.25, 0.8]
    assert [day.date() for day in table["since"]] == [date(2019, 5, 1), date(2020, 3, 2)]
    assert decided(inputs) == (
        "Customers.csv -> customers: 2 rows\n"
        "  UTF-8, semicolons\n"
        "  since: days as dd.mm.yyyy (2)\n"
        "  since: years of two digits, taken as 1970 to 2069 (1)\n"
        "  wacc: decimal commas (1)\n"
        "  beta: decimal commas (2)"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("customers.tsv", "customer_id\tname\nC1\tA\n"),
        ("customers.txt", "customer_id\tname\nC1\tA\n"),
        ("CUSTOMERS.CSV", "customer_id,name\nC1,A\n"),
        ("customers.csv", "sep=;\r\ncustomer_id;name\r\nC1;A\r\n"),
        ("customers.csv", "customer_id|name\nC1|A\n"),
        ("customers.csv", "customer_id,name\rC1,A\r"),
        ("customers.csv", "customer_id,name,\nC1,A,\n"),  # a delimiter at every end
        ("customers.csv", "customer_id,name\nC1,A,,\n,\n"),  # stray blank cells, a row of delimiters
        ("customers.csv", "\nList of customers\nas of 1 May,,\n\nCUSTOMER ID,Name\nC1,A\n"),  # titles above
        ("customers.csv", 'customer_id,name\n"C1","A"\n'),
    ],
)
def test_any_layout_of_a_small_table_is_read(tmp_path, name, content):
    inputs = only(tmp_path, name, content)
    assert inputs.problems == ()
    assert inputs.tables["customers"][["customer_id", "name"]].values.tolist() == [["C1", "A"]]


def test_lines_are_those_of_the_file_also_below_titles_and_left_out_rows(tmp_path):
    text = "List\n\ncustomer_id,name,wacc\nC1,A,9%\nTotal,,\n,,\nC2,B,8\n"
    inputs = only(tmp_path, "customers.csv", text)
    assert [problem.where for problem in inputs.problems] == ["line 7"]
    assert "column names in line 3" in decided(inputs)
    assert "left out line 5: a row of totals ('Total')" in decided(inputs)


def test_report_footer_and_repeated_header_are_left_out_and_named(tmp_path):
    text = (
        "opportunity_id,customer_id,created_at,value\nO1,C1,2026-01-05,5\nopportunity_id,customer_id,created_at,value\n"
        "O2,C1,2026-01-06,7\nGrand Totals,2\n\nCopyright (c) 2000-2026 a CRM\nConfidential Information\n"
    )
    inputs = only(tmp_path, "opportunities.csv", text)
    assert inputs.problems == ()
    assert inputs.tables["opportunities"]["opportunity_id"].tolist() == ["O1", "O2"]
    said = decided(inputs)
    assert "line 3: the names of the columns again" in said
    assert "line 5: a footer ('Grand Totals 2')" in said
    assert "line 7: a footer ('Copyright (c) 2000-2026 a CRM')" in said


def test_a_customer_called_total_is_a_customer(tmp_path):
    inputs = only(tmp_path, "customers.csv", "customer_id,name\nTotal,Total SE\nC2,Summe GmbH\n")
    assert inputs.tables["customers"]["customer_id"].tolist() == ["Total", "C2"]


def test_only_an_empty_cell_is_missing_and_ids_are_text(tmp_path):
    text = "customer_id,name,region\n00600000000012E5,NA,N/A\n006000000000123,null,\n"
    table = only(tmp_path, "customers.csv", text).tables["customers"]
    assert table["customer_id"].tolist() == ["00600000000012E5", "006000000000123"]
    assert table["name"].tolist() == ["NA", "null"]
    assert table["region"].isna().tolist() == [False, True]


def test_an_ambiguous_number_is_refused_with_both_readings_and_settled_by_its_column(tmp_path):
    rows = "O1,2026-01-05,Lead,12.500,,\n"
    (problem,) = read(tmp_path / "a", status_changes=CHANGES + rows).problems
    assert str(problem) == (
        "status_changes.csv, line 2, value: 12.500 can be 12.5 or 12500; write 12.5 or 12500 (found: 12.500)"
    )
    inputs = read(tmp_path / "b", status_changes=CHANGES + rows + 'O1,2026-01-06,Lead,"3,5",,\n')
    assert inputs.tables["status_changes"]["value"].tolist() == [12500, 3.5]


def test_the_order_of_day_and_month_is_that_of_the_column(tmp_path):
    rows = "O1,{},Lead,,,\nO1,{},Lead,,,\n"
    inputs = read(tmp_path / "a", status_changes=CHANGES + rows.format("03/04/2026", "25/04/2026"))
    assert inputs.tables["status_changes"]["changed_at"].tolist() == [
        datetime(2026, 4, 3),
        datetime(2026, 4, 25),
    ]
    inputs = read(
        tmp_path / "b", status_changes=CHANGES + rows.format("03/04/26 08:55 PM", "02/23/26 12:05 AM")
    )
    times = inputs.tables["status_changes"]["changed_at"].tolist()
    assert times == [datetime(2026, 3, 4, 20, 55), datetime(2026, 2, 23, 0, 5)]
    undecided = read(tmp_path / "c", status_changes=CHANGES + rows.format("03/04/2026", "05/04/2026"))
    assert "03/04/2026 can be 3 Apr 2026 or 4 Mar 2026" in str(undecided.problems[0])
    both = read(tmp_path / "d", status_changes=CHANGES + rows.format("13/04/2026", "04/13/2026"))
    assert "the column holds days first and months first" in str(both.problems[0])


def test_day_numbers_of_excel_count_only_where_the_column_holds_nothing_else(tmp_path):
    inputs = read(tmp_path / "a", status_changes=CHANGES + "O1,46113,Lead,,,\n")
    assert inputs.tables["status_changes"]["changed_at"].tolist() == [datetime(2026, 4, 1)]
    assert "changed_at: day numbers of Excel (1)" in decided(inputs)
    mixed = read(tmp_path / "b", status_changes=CHANGES + "O1,46113,Lead,,,\nO1,2026-04-02,Lead,,,\n")
    assert [problem.found for problem in mixed.problems] == ["46113"]


def test_truth_in_several_languages(tmp_path):
    head = "opportunity_id,customer_id,created_at,decision_process_known\n"
    text = head + "O1,C1,2026-01-05,ja\nO2,C2,2026-01-05,x\nO3,C1,2026-01-05,Nein\nO4,C1,2026-01-05,\n"
    known = only(tmp_path, "opportunities.csv", text).tables["opportunities"]["decision_process_known"]
    assert known.isna().tolist() == [False, False, False, True]
    assert known[:3].tolist() == [True, True, False]


def test_a_quotation_mark_that_stays_open_is_named_with_its_line(tmp_path):
    (problem,) = only(tmp_path, "customers.csv", 'customer_id,name\nC1,A\nC2,"B\nC3,C\n').problems
    assert (problem.where, problem.message) == (
        "line 3",
        "a quotation mark opens in this row and is never closed",
    )


def test_an_inch_mark_is_no_quotation_mark(tmp_path):
    table = only(tmp_path, "customers.csv", 'customer_id,name\nC1,Pipe 12"\n').tables["customers"]
    assert table["name"].tolist() == ['Pipe 12"']


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("customers.xls", "save it as .xlsx"),
        ("customers.ods", "save it as .xlsx"),
        ("customers.xlsb", "save it as .xlsx"),
        ("customers (2).csv", "looks like a second copy of customers.csv: keep one"),
        ("customers - Kopie.csv", "looks like a second copy of customers.csv"),
        ("customers.zip", "unpack it"),
        ("~$customers.xlsx", "Excel has customers.xlsx open"),
    ],
)
def test_a_file_of_another_kind_has_its_message(tmp_path, name, words):
    write_source(tmp_path)
    (tmp_path / name).write_bytes(b"x")
    inputs = read_source(tmp_path)
    assert words in describe((*check(inputs), *inputs.warnings))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 rest", "give it the ending .xlsx"),
        (b"\xd0\xcf\x11\xe0 rest", "save it as .xlsx"),
        (b"<html><table>", "is a web page"),
        (b"customer_id,name\nC1,\x00\n", "is not a text file"),
    ],
)
def test_a_file_that_is_something_else_by_its_content_is_named(tmp_path, content, words):
    assert words in str(only(tmp_path, "customers.csv", content).problems[0])


def test_many_wrong_cells_become_one_line(tmp_path):
    rows = "".join(f"C{n},A,{n}.500\n" for n in range(1, 425))
    text = describe(only(tmp_path, "customers.csv", "customer_id,name,beta\n" + rows).problems)
    assert "beta: 424 times: 1.500 can be 1.5 or 1500" in text
    assert text.count("\n") == 2


def test_what_looks_wrong_is_a_warning_with_a_count(tmp_path):
    head = "opportunity_id,customer_id,created_at,value,currency,expected_decision\n"
    rows = "O1,C1,2026-01-05,-5,EUR,2025-12-01\nO2,C2,2026-01-05,-6,EUR,2026-12-01\n"
    inputs = read(tmp_path, opportunities=head + rows, status_changes="")
    assert inputs.problems == ()
    assert [str(warning) for warning in inputs.warnings] == [
        "opportunities.csv, line 2, line 3, value: warning: 2 rows have a negative value",
        "opportunities.csv, line 2, expected_decision: warning: 1 row has an expected decision before it "
        "was created",
    ]


def test_a_case_has_warnings_with_their_line(tmp_path):
    folder = write_source(tmp_path)
    case = folder / "cases" / "C1-01.yaml"
    case.write_text(case.read_text() + "decision_by: 2025-12-01\n")
    inputs = read_source(folder)
    assert inputs.problems == ()
    line = len(case.read_text().splitlines())
    assert [str(warning) for warning in inputs.warnings] == [
        f"cases/C1-01.yaml, line {line}, decision_by: warning: lies before the day of the case (2026-01-10)"
    ]


# Excel


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return book


def test_a_workbook_as_a_consultant_has_it(tmp_path):
    path = tmp_path / "book.xlsx"
    book = workbook(
        path,
        Customers=[
            ["Customers 2026", None, None],
            [],
            ["Customer ID", "NAME", "Wacc", "since"],
            ["C1", "Acorn", "9,5 %", "01.05.2019"],
            ["C2", "Birch", 0.08, datetime(2020, 3, 2)],
            ["Summe", None, None, None],
        ],
        Opportunities=[
            ["opportunity id", "customer id", "created at", "value", "currency"],
            ["O1", "C1", datetime(2026, 1, 5), "104\u00a0000,50", "EUR"],
            ["O2", None, datetime(2026, 1, 6), "€ 2.000", "EUR"],
            [4711, "C2", datetime(2026, 1, 7), 300, "EUR"],
            ["Grand Total", None, None, 106300.5, None],
        ],
        Scratch=[["anything"]],
        Tabelle3=[],
    )
    book["Opportunities"].merge_cells("B2:B3")
    book["Scratch"].sheet_state = "hidden"
    book["Customers"].merge_cells("A1:C1")
    book["Opportunities"].row_dimensions[3].hidden = True
    book.save(path)
    inputs = read_source(path)
    assert inputs.problems == ()
    assert inputs.tables["customers"]["wacc"].tolist() == [0.095, 0.08]
    opportunities = inputs.tables["opportunities"]
    assert opportunities["opportunity_id"].tolist() == ["O1", "O2", "4711"]
    assert opportunities["customer_id"].tolist() == ["C1", "C1", "C2"]
    assert opportunities["value"].tolist() == [104000.5, 2000, 300]
    said = decided(inputs)
    assert "1 merged area filled down" in said
    assert "left out sheet Customers, row 6: a row of totals ('Summe')" in said
    assert "column names in row 3" in said
    assert [str(warning) for warning in inputs.warnings] == [
        "book.xlsx, sheet Opportunities: warning: 1 hidden row is read too (row 3): delete what does not "
        "count"
    ]


def test_a_consultants_workbook_needs_one_correction(tmp_path):
    path = tmp_path / "pipeline.xlsx"
    sheets = {
        "Kunden 2026": [
            ["Kundenliste Region Nord"], ["Stand: 30.06.2026"], [],
            ["CUSTOMER ID", "Name", "since"],
            ["K-100", "M\u00fcller GmbH", "01.05.2019"], [300, "Total Energies", "2021-07-01"], ["Summe"],
        ],
        "Opportunities": [
            ["Pipeline"], ["opportunity id", "Customer_ID", "created at", "VALUE", "Currency"],
            ["A1", "K-100", "05.01.2026", "104 000,50", "EUR"], ["A2", None, "06.02.2026", "12.500", "EUR"],
            [4711, 300, "20.03.2026", 300000, "EUR"], ["Gesamt", None, None, 416500.5],
        ],
        "Statuses": [
            ["Status", "Order", "Outcome", "Nominal probability"],
            ["Lead", 1, "open", "10 %"], ["Gewonnen", 2, "won", 1],
        ],
        "Status Changes": [
            ["Opportunity ID", "Changed at", "Status"],
            ["A1", "05.01.2026", "lead"], ["A2", "01.03.2026", "Gewonnen"],
        ],
        "Notizen": [["secret"]],
    }  # fmt: skip
    book = workbook(path, **sheets)
    book["Kunden 2026"].merge_cells("A1:C1")
    book["Opportunities"].merge_cells("B3:B4")
    book["Notizen"].sheet_state = "hidden"
    book.save(path)
    assert [problem.message.split(" (")[0] for problem in check(read_source(path))] == [
        "not a table by its name; its columns look like customers: name it so",
        "not found in the table statuses; did you mean 'Lead'?",
    ]
    book["Kunden 2026"].title = "Customers"
    book["Status Changes"]["C2"] = "Lead"
    book.save(path)
    company = view(read_source(path), date(2026, 6, 30)).company()
    assert company.tables["opportunities"][["customer_id", "value"]].values.tolist() == [
        ["K-100", 104000.5], ["K-100", 12500], ["300", 300000]
    ]  # fmt: skip
    assert company.tables["customers"]["customer_id"].tolist() == ["K-100", "300"]
    assert len(company.files) == 3


def test_a_formula_without_result_is_refused_by_its_cell(tmp_path):
    path = tmp_path / "book.xlsx"
    workbook(path, customers=[["customer_id", "name", "beta"], ["C1", "A", "=1+1"]])
    (problem,) = read_source(path).problems
    assert str(problem) == (
        "book.xlsx, sheet customers, cell C2: holds a formula that was never calculated: open the workbook "
        "in "
        "Excel and save it"
    )


def test_a_result_that_a_program_stored_as_zero_is_not_believed(tmp_path):
    import xlsxwriter

    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("customers")
        sheet.write_row(0, 0, ["customer_id", "name", "beta"])
        sheet.write_row(1, 0, ["C1", "A", "=1+1"])
    assert "was never calculated" in str(read_source(path).problems[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sheet: sheet.merge_cells("A2:B2"), "cells A2:B2: are merged: unmerge them"),
        (
            lambda sheet: setattr(sheet["B2"], "value", "#N/A"),
            "cell B2, name: is an error of the workbook's formula",
        ),
        (lambda sheet: setattr(sheet, "sheet_state", "hidden"), "sheet customers: the sheet is hidden"),
        (
            lambda sheet: setattr(sheet["E3"], "value", "beside"),
            "cell C3: a value in a column without a name",
        ),
    ],
)
def test_what_cannot_be_trusted_in_a_sheet_is_refused_by_its_cell(tmp_path, change, words):
    path = tmp_path / "book.xlsx"
    book = workbook(
        path, customers=[["customer_id", "name"], ["C1", "A"], ["C2", "B"]], people=[["person_id", "name"]]
    )
    change(book["customers"])
    book.save(path)
    assert words in "\n".join(map(str, read_source(path).problems))


def test_a_sheet_formatted_to_its_end_is_read_at_once(tmp_path):
    path = tmp_path / "book.xlsx"
    book = workbook(path, customers=[["customer_id", "name"], ["C1", "A"]])
    book["customers"].cell(1_048_576, 1).number_format = "0.00"
    book.save(path)
    assert len(read_source(path).tables["customers"]) == 1


def test_a_workbook_in_a_folder_is_read_as_its_tables(tmp_path):
    workbook(tmp_path / "customers.xlsx", Tabelle1=[["customer_id", "name"], ["C1", "A"]])
    (tmp_path / "people.csv").write_text("person_id,name\nP1,X\n")
    inputs = read_source(tmp_path)
    assert inputs.problems == ()
    assert (len(inputs.tables["customers"]), len(inputs.tables["people"])) == (1, 1)


def test_a_sheet_that_looks_like_a_table_by_its_columns_is_not_passed_over(tmp_path):
    path = tmp_path / "book.xlsx"
    workbook(
        path, Pipeline=[["opportunity_id", "customer_id", "created_at"]], Diary=[["Remember", "the milk"]]
    )
    inputs = read_source(path)
    assert "its columns look like opportunities: name it so" in str(inputs.problems[0])
    assert [str(warning) for warning in inputs.warnings] == [
        "book.xlsx, sheet Diary: warning: is not a table: left out"
    ]
