"""Names and ids that are no text, from every kind of source: refused with place and reason, or harmless."""

import pandas as pd
import pytest
import yaml

from tests.batch.company import write_case
from vs_toolkit import inputs

CONTROL = "contains the control character U+001B: take it out (found: A\\x1b[31m)"
ESCAPE, TURNED = "A\x1b[31m", "A\u202eB"


def write(kind, folder, frame):
    if kind == "csv":
        frame.to_csv(folder / "customers.csv", index=False)
    elif kind == "parquet":
        frame.to_parquet(folder / "customers.parquet")
    else:
        frame.to_excel(folder / "source.xlsx", sheet_name="customers", index=False)
        return folder / "source.xlsx"
    return folder


def customers(*names, ids=()):
    ids = ids or [f"C{number}" for number, _ in enumerate(names)]
    return pd.DataFrame({"customer_id": ids, "name": names})


@pytest.mark.parametrize(("kind", "place"), [("csv", "line 3"), ("parquet", "row 2")])
def test_control_characters_are_refused_with_their_place(kind, place, tmp_path):
    read = inputs.read_source(write(kind, tmp_path, customers("Acme", ESCAPE)))
    assert [str(problem) for problem in read.problems] == [f"customers.{kind}, {place}, name: {CONTROL}"]
    assert read.tables["customers"]["name"].tolist() == ["Acme"]


def test_a_workbook_cannot_hold_them_but_its_line_breaks_in_ids_are_refused(tmp_path):
    read = inputs.read_source(write("xlsx", tmp_path, customers("a", "b", ids=["C1", "C\n2"])))
    (problem,) = read.problems
    assert "cell A3, customer_id: contains a line break" in str(problem)


def test_a_case_with_control_characters_is_refused_with_its_line(tmp_path):
    path = write_case(tmp_path, "C1", ("title: ", 'title: "A\\e[31m" # '))
    assert path.is_file()
    assert CONTROL in str(inputs.read_source(tmp_path).problems[0])


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_name_that_turns_the_direction_of_writing_is_isolated_wherever_it_comes_from(kind, tmp_path):
    read = inputs.read_source(write(kind, tmp_path, customers("Acme", TURNED)))
    assert not read.problems
    assert read.tables["customers"]["name"].tolist() == ["Acme", f"\u2068{TURNED}\u2069"]


def test_ids_stay_as_they_are_but_cannot_be_invisible(tmp_path):
    ids = ["C1", TURNED, "\u200b\u200e", "e\u0301", "é", "c1"]
    read = inputs.read_source(write("csv", tmp_path, customers(*"abcdef", ids=ids)))
    assert read.tables["customers"]["customer_id"].tolist() == ["C1", TURNED, "e\u0301", "é", "c1"]
    assert ["nothing of it can be seen" in str(problem) for problem in read.problems] == [True]


def test_a_case_keeps_its_text_through_its_yaml(tmp_path):
    path = write_case(tmp_path, "C1")
    document = yaml.safe_load(path.read_text())
    document["title"] = TURNED
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    assert inputs.read_source(tmp_path).cases[0].title == f"\u2068{TURNED}\u2069"
