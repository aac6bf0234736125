"""What the reading gate says about relationship plans and team plans."""

import pytest

from vs_toolkit.inputs.sources.readers import read_csv
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.rules import cross_checks
from vs_toolkit.inputs.tables.validate import validate

HEAD = "customer_id,planned_on,year,line,low,expected,high\n"


def problems(table, text):
    checked = validate(read_csv(text.encode(), table, f"{table}.csv"), TABLES[table])
    found = [*checked.problems, *cross_checks({table: checked}, ())[table]]
    return [str(one.problem) for one in found]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("C1,2026-01-31,2026,revenue,5,4,9", "low <= expected <= high must hold"),
        ("C1,2026-01-31,2026,margin,,35,", "write a fraction: 0.85 for 85%"),
        ("C1,2026-01-31,2026,survival,-0.1,0.5,", "write a fraction"),
        ("C1,2026-01-31,26,revenue,,4,", "26"),
        ("C1,2026-01-31,2026,sales,,4,", "sales_investment"),
        ("C1,2026-01-31,2026,revenue,,,", "is missing"),
    ],
)
def test_a_wrong_row_is_told(row, message):
    (told,) = problems("relationship_plans", f"{HEAD}{row}\n")
    assert message in told
    assert told.startswith("relationship_plans.csv, line 2")


def test_right_rows_pass():
    rows = "C1,2026-01-31,2026,margin,-0.1,0.3,0.4\nC1,2026-01-31,2027,survival,,1,\n"
    assert problems("relationship_plans", HEAD + rows) == []


def test_a_line_stands_once_in_a_version_of_a_plan():
    row = "C1,2026-01-31,2026,revenue,,4,\n"
    assert "duplicate of line 2" in problems("relationship_plans", HEAD + row + row)[0]


def test_teams_are_whole_or_half():
    told = problems("team_plans", "customer_id,planned_on,teams_planned\nC1,2026-01-31,0.3\n")
    assert "write whole or half teams" in told[0]
