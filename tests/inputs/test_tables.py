"""Tables: typed as declared, every wrong cell named; from CSV, Parquet and workbooks alike."""

import io
from datetime import date, datetime

import openpyxl
import pandas as pd
import pytest

from tests.inputs.sources import TABLES as SMALL
from tests.inputs.sources import csv_text, write_source
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.sources.readers import read_csv, read_parquet
from vs_toolkit.inputs.sources.sheets import open_sheets
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.validate import validate, wanted_of


def checked(text, table):
    return validate(read_csv(text.encode(), table, f"{table}.csv"), TABLES[table])


def problems(text, table="customers"):
    return [row.problem for row in checked(text, table).problems]


def test_columns_get_the_types_of_their_model():
    frame = checked(csv_text(SMALL["statuses"]), "statuses").frame
    types = frame.dtypes.astype(str)[["status", "order", "nominal_probability", "adopted_on", "adopted_n"]]
    assert types.tolist() == ["str", "Int64", "float64", "datetime64[us]", "Int64"]
    assert frame["adopted_n"].isna().tolist() == [False, True, True]


def test_what_is_missing_stays_missing():
    frame = checked("customer_id,name,wacc,since\nC1,A,,\nC2,B, ,\n", "customers").frame
    assert frame["wacc"].isna().all()
    assert frame["industry"].isna().all()


def test_ids_and_texts_stay_as_they_stand():
    frame = checked("customer_id,name,region\n007,NA,null\n", "customers").frame
    assert frame.loc[0, ["customer_id", "name", "region"]].tolist() == ["007", "NA", "null"]


def test_times_with_a_zone_are_taken_to_utc_and_others_stay():
    rows = "O,2026-01-05T23:30:00-02:00,L\nO,2026-01-05,L\nO,2026-01-05 07:00,L\n"
    times = checked(f"opportunity_id,changed_at,status\n{rows}", "status_changes").frame["changed_at"]
    assert times.tolist() == [datetime(2026, 1, 6, 1, 30), datetime(2026, 1, 5), datetime(2026, 1, 5, 7)]


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("C1,A,8,,", "wacc", "8 would be 800 %; write 0.08 or 8%"),
        ("C1,A,x,,", "wacc", "write a number"),
        ("C1,A,,31.2.2020,", "since", "write a date as 2026-06-30"),
        ("C1,A,,4383,", "since", "write a date as 2026-06-30"),
        ("C1,A,,3/4/2020,", "since", "3/4/2020 can be 3 Apr 2020 or 4 Mar 2020"),
        ("C1,,,,", "name", "is missing"),
        (",A,,,", "customer_id", "is missing"),
        ("C1,A,,,outsid", "market_fit", "did you mean 'outside'?"),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(row, field, words):
    (problem,) = problems(f"customer_id,name,wacc,since,market_fit\nC0,Z,0.1,,\n{row}\n")
    assert (problem.where, problem.field) == ("line 3", field)
    assert words in problem.message


def test_lines_are_those_of_the_file_also_after_line_breaks_in_a_cell_and_blank_lines():
    text = 'customer_id,name,wacc\nC1,"two\nlines",0.1\n\nC2,B,8\n'
    assert [p.where for p in problems(text)] == ["line 5"]


def test_all_wrong_cells_come_at_once():
    text = "customer_id,name,wacc,since\nC1,A,8,x\n,B,0.1,y\nC3,C,9,\n"
    found = [(p.where, p.field) for p in problems(text)]
    assert found == [
        ("line 3", "customer_id"),
        ("line 2", "since"),
        ("line 3", "since"),
        ("line 2", "wacc"),
        ("line 4", "wacc"),
    ]


def test_unknown_and_missing_columns_are_named():
    text = "customer_id,waac\nC1,0.1\n"
    found = [(p.field, p.message) for p in problems(text)]
    assert found[0] == ("waac", "unknown column; did you mean 'wacc'?")
    assert found[1][0] == "name"
    assert "the column is missing" in found[1][1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "the file is empty"),
        (b"customer_id,Customer ID\nC1,A\n", "line 1, Customer ID: means the same column as 'customer_id'"),
        (b"customer_id,name,name\nC1,A,B\n", "stands twice"),
        (b"customer_id,name\nC1,\x81\n", "line 2: is in no encoding that is known: save it as 'CSV UTF-8'"),
        (
            b"customer_id,name\nC1,A,B\nC2\nC3,C\n",
            "line 2: has 3 cells, the header has 2\nt.csv, line 3: has 1",
        ),
    ],
)
def test_a_file_that_is_no_table_says_why(content, words):
    with pytest.raises(InputError) as caught:
        read_csv(content, "customers", "t.csv", wanted_of("customers"))
    assert words in str(caught.value)


def test_a_header_alone_is_a_table_without_rows():
    assert checked("customer_id,name\n", "customers").problems == ()


def test_parquet_says_the_row_and_takes_typed_columns():
    frame = pd.DataFrame({"customer_id": ["C1", "C2"], "name": ["A", "B"], "wacc": [0.1, 8.0],
                          "since": [date(2020, 1, 1), None]})  # fmt: skip
    content = io.BytesIO()
    frame.to_parquet(content)
    result = validate(read_parquet(content.getvalue(), "customers", "customers.parquet"), TABLES["customers"])
    assert [(row.problem.where, row.problem.field) for row in result.problems] == [("row 2", "wacc")]
    assert result.frame["since"].iloc[0] == pd.Timestamp("2020-01-01")


def test_what_is_not_parquet_is_a_problem():
    with pytest.raises(InputError, match="not readable as Parquet"):
        read_parquet(b"PAR1 not really", "customers", "customers.parquet")


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_a_workbook_gives_the_same_tables_as_the_folder(tmp_path):
    folder = write_source(tmp_path / "folder")
    rows = {
        name: [list(frame.columns), *frame.astype(object).where(frame.notna(), None).values.tolist()]
        for name, frame in read_source(folder).tables.items()
    }
    path = workbook(tmp_path / "folder" / "book.xlsx", _readme=[["anything"]], **rows)
    from_book, from_folder = read_source(path), read_source(folder)
    assert from_book.problems == ()
    assert from_book.cases == from_folder.cases
    for name, frame in from_folder.tables.items():
        pd.testing.assert_frame_equal(from_book.tables[name], frame)


def test_a_wrong_cell_of_a_workbook_is_named_by_sheet_and_cell(tmp_path):
    rows = [
        ["customer_id", "name", "wacc"],
        ["C1", "A", 0.1],
        [None, None, None],
        ["C2", "B", "12k"],
        ["C3", "C", 8],
    ]
    path = workbook(tmp_path / "book.xlsx", customers=rows)
    found = [(p.file, p.where, p.found) for p in read_source(path).problems]
    assert found == [
        ("book.xlsx", "sheet customers, cell C4", "12k"),
        ("book.xlsx", "sheet customers, cell C5", "8"),
    ]


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"custmers": [["customer_id", "name"]]}, "sheet custmers: not a table; did you mean 'customers'?"),
        ({"customers": [[]]}, "the sheet is empty"),
        (
            {"customers": [["customer_id", "name"], ["C1", "A", "beside"]]},
            "cell C2: a value in a column without a name",
        ),
        (
            {"customers": [["customer_id", "name"], ["C1", "#REF!"]]},
            "cell B2, name: is an error of the workbook's",
        ),
        (
            {"customers": [["customer_id", "name", "name"], ["C1", "A", "B"]]},
            "cell C1, name: this column stands twice",
        ),
    ],
)
def test_what_is_wrong_with_a_sheet_is_said(tmp_path, sheets, words):
    assert words in "\n".join(map(str, read_source(workbook(tmp_path / "book.xlsx", **sheets)).problems))


def test_what_is_not_a_workbook_is_a_problem():
    with pytest.raises(InputError, match="not readable as an Excel workbook"):
        open_sheets(b"no zip", "book.xlsx")


def test_a_column_beyond_z_has_two_letters(tmp_path):
    # 27 columns: the 27th is AA
    rows = [[f"x{i}" for i in range(26)] + ["customer_id", "name"], [None] * 26 + ["C1", None]]
    found = read_source(workbook(tmp_path / "book.xlsx", customers=rows)).problems
    assert "sheet customers, cell AB2" in {problem.where for problem in found}
