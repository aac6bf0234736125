"""Sources: what one file cannot know alone, and what a report must not be made from."""

import pytest

from tests.inputs.sources import CASE, write_source
from tests.shared import ROOT
from vs_toolkit.errors import Problem
from vs_toolkit.inputs import check, describe, read_source


def problems(folder, **tables):
    return [str(problem) for problem in read_source(write_source(folder, **tables)).problems]


def test_a_good_source_has_no_problems(tmp_path):
    inputs = read_source(write_source(tmp_path))
    assert inputs.problems == ()
    assert [case.id for case in inputs.cases] == ["C1-01"]


@pytest.mark.parametrize("folder", ["data/demo", "data/examples", "templates/start"])
def test_what_comes_with_the_toolkit_has_no_problems(folder):
    assert describe(check(read_source(ROOT / folder))) == "no problems found"


def test_a_key_stands_once(tmp_path):
    text = "customer_id,name\nC1,A\nC2,B\nC1,C\n"
    assert problems(tmp_path, customers=text)[0] == (
        "customers.csv, line 4, customer_id: duplicate of line 2; keep one (found: C1)"
    )


def test_references_to_what_does_not_exist_are_named(tmp_path):
    changes = "opportunity_id,changed_at,status\nO9,2026-01-01,Lead\nO1,2026-01-01,Leed\n"
    assert problems(tmp_path, status_changes=changes) == [
        "status_changes.csv, line 2, opportunity_id: not found in the table opportunities (found: O9)",
        "status_changes.csv, line 3, status: not found in the table statuses (found: Leed)",
    ]


def test_a_wrong_row_does_not_make_those_wrong_that_refer_to_it(tmp_path):
    text = "customer_id,name,wacc\nC1,A,8\nC2,B,\n"
    assert len(problems(tmp_path, customers=text)) == 1


def test_a_table_in_two_currencies_is_a_problem_of_the_fewer_rows(tmp_path):
    text = """opportunity_id,customer_id,created_at,value,currency
        O1,C1,2026-01-05,1,EUR
        O2,C2,2026-01-05,1,USD
        O3,C2,2026-01-05,1,EUR"""
    assert problems(tmp_path, opportunities=text) == [
        "opportunities.csv, line 3, currency: other rows are in EUR: convert this one (found: USD)"
    ]


def test_value_delivered_is_in_the_currency_of_its_case(tmp_path):
    text = """customer_id,case_id,effect_id,effect,line,period_end,promised,currency
        C1,C1-01,stops,Stops,volume,2026-03-31,1,USD
        C2,other,stops,Stops,volume,2026-03-31,1,USD"""
    assert problems(tmp_path, value_delivered=text) == [
        "value_delivered.csv, line 2, currency: its business case is in EUR (found: USD)"
    ]


def test_a_case_of_an_unknown_customer_and_a_case_given_twice_are_refused(tmp_path):
    folder = write_source(tmp_path)
    (folder / "cases" / "a.yaml").write_text(
        CASE.replace("customer: C1", "customer: C9").replace("C1-01", "C9-01")
    )
    (folder / "cases" / "b.yaml").write_text(f"# a copy\n{CASE}")
    assert [(case.customer_id, str(case.problems[0])) for case in read_source(folder).bad_cases] == [
        ("C9", "cases/a.yaml, line 2, customer: not found in the table customers (found: C9)"),
        ("C1", "cases/b.yaml, line 2, id: is also used in cases/C1-01.yaml, line 1; keep one (found: C1-01)"),
    ]


def test_a_broken_case_is_its_customers_alone(tmp_path):
    folder = write_source(tmp_path)
    (folder / "cases" / "C2-01.yaml").write_text("customer: C2\nid: [")
    inputs = read_source(folder)
    assert [case.customer for case in inputs.cases] == ["C1"]
    assert inputs.problems_of("C1") == ()
    assert len(inputs.problems_of("C2")) == 1
    assert inputs.problems_of_tables == ()


def test_a_wrong_row_is_its_customers_alone_also_through_the_sales_case(tmp_path):
    changes = "opportunity_id,changed_at,status\nO1,never,Lead\nO2,2026-01-01,Lead\n"
    inputs = read_source(write_source(tmp_path, status_changes=changes))
    assert [len(inputs.problems_of(customer)) for customer in ("C1", "C2")] == [1, 0]
    assert inputs.tables["status_changes"]["opportunity_id"].tolist() == ["O2"]


@pytest.mark.parametrize(
    "tables",
    [
        {"benchmarks": "industry,indicator,unit,low,median,high,n,source\nPaper,x,y,1,2,3,many,z\n"},
        {"activities": "date,customer,type\n2026-01-01,C1,visit\n"},
        {"opportunities": "opportunity_id,opportunity_id\n"},
        {"activitys": "date\n"},
    ],
)
def test_what_is_wrong_for_everybody_is_everybodys_problem(tmp_path, tables):
    inputs = read_source(write_source(tmp_path, **tables))
    assert inputs.problems_of("C1") == inputs.problems_of("C2") != ()


def test_without_a_table_of_customers_they_are_those_that_are_named(tmp_path):
    inputs = read_source(write_source(tmp_path, customers="", people=""))
    assert inputs.problems == ()
    assert inputs.tables["customers"][["customer_id", "name"]].values.tolist() == [["C1", "C1"], ["C2", "C2"]]


@pytest.mark.parametrize("name", ["empty", "nowhere", "nowhere.xlsx"])
def test_a_source_that_is_none_is_a_problem(tmp_path, name):
    (tmp_path / "empty").mkdir()
    assert len(read_source(tmp_path / name).problems) == 1


@pytest.mark.parametrize("name", ["a[1]", "a*", "a?"])
def test_a_folder_may_bear_any_name(tmp_path, name):
    folder = write_source(tmp_path / name)
    (folder / "models").mkdir()
    (folder / "models" / "pump.yaml").write_text("name: pomp\n")
    (folder / "cases" / "C1-02.yml").write_text(CASE.replace("C1-01", "C1-02"))
    inputs = read_source(folder)
    assert [case.id for case in inputs.cases] == ["C1-01", "C1-02"]
    assert {problem.file for problem in check(inputs)} == {"models/pump.yaml"}


def unreadable(path):
    """Make a file that nobody can read, not even root."""
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to("nowhere")


def test_a_case_file_that_cannot_be_read_leaves_the_others(tmp_path):
    folder = write_source(tmp_path)
    unreadable(folder / "cases" / "A.yaml")
    (folder / "cases" / "Z5.yaml").mkdir()
    inputs = read_source(folder)
    assert [case.id for case in inputs.cases] == ["C1-01"]
    assert [(bad.file, bad.customer_id, str(bad.problems[0])) for bad in inputs.bad_cases] == [
        ("cases/A.yaml", None, "cases/A.yaml: cannot be read: No such file or directory"),
        ("cases/Z5.yaml", None, "cases/Z5.yaml: cannot be read: Is a directory"),
    ]


def test_a_table_that_cannot_be_read_leaves_the_others(tmp_path):
    folder = write_source(tmp_path)
    unreadable(folder / "activities.csv")
    inputs = read_source(folder)
    assert [str(problem) for problem in inputs.bad_files] == [
        "activities.csv: cannot be read: No such file or directory"
    ]
    assert len(inputs.tables["customers"]) == 2
    assert len(inputs.cases) == 1


def test_a_model_that_cannot_be_read_is_a_problem_of_it_and_of_its_cases(tmp_path):
    folder = write_source(tmp_path)
    unreadable(folder / "models" / "pump.yaml")
    words = "models/pump.yaml: cannot be read: No such file or directory"
    assert [str(problem) for problem in check(read_source(folder))] == [words]
    case = CASE[: CASE.index("effects:")].replace("C1-01", "C1-02") + "model: pump\n"
    (folder / "cases" / "C1-02.yaml").write_text(case)
    inputs = read_source(folder)
    assert [case.id for case in inputs.cases] == ["C1-01"]
    assert [(bad.customer_id, str(bad.problems[0])) for bad in inputs.bad_cases] == [("C1", words)]


@pytest.mark.parametrize("name", ["cases/.#C1-01.yaml", "models/.#pump.yaml", ".#customers.csv"])
def test_what_an_editor_leaves_is_no_input(tmp_path, name):
    unreadable(write_source(tmp_path) / name)
    assert check(read_source(tmp_path)) == ()


def test_a_table_given_twice_is_a_problem(tmp_path):
    folder = write_source(tmp_path)
    read_source(folder).tables["people"].to_parquet(folder / "people.parquet")
    assert "is given twice" in str(read_source(folder).problems[0])


def test_a_source_can_stand_on_any_file_system(tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    memory.put(str(write_source(tmp_path)), "/source", recursive=True)
    inputs = read_source("memory://source")
    assert (inputs.problems, len(inputs.cases), len(inputs.tables["customers"])) == ((), 1, 2)


def test_many_equal_problems_of_a_column_become_one_line(tmp_path):
    rows = "".join(f"C{n},A,9\n" for n in range(25))
    text = describe(read_source(write_source(tmp_path, customers="customer_id,name,wacc\n" + rows)).problems)
    assert (
        "wacc: 25 times: 9 would be 900 %; write 0.09 or 9% (found: 9); "
        "line 2, line 3, line 4, line 5, line 6 and 20 more" in text
    )
    assert text.endswith("25 problems in 1 file")


def test_a_list_of_problems_shows_twenty_of_a_file_and_how_many_more():
    lines = describe(Problem("a.csv", f"line {n}", f"c{n}", "", "is wrong") for n in range(25)).splitlines()
    assert lines[20] == "  line 19, c19: is wrong"
    assert lines[21] == "  and 5 more"
