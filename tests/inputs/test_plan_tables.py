"""Tables of the customer plan: newest versions, and rows that the customer may see."""

from datetime import date

import pytest

from tests.inputs.sources import write_source
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.views.view import view

DAY = date(2026, 6, 30)
GOALS = """\
customer_id,goal_id,recorded_on,whose,goal,shared
C1,G1,2026-01-01,customer,Fewer stops,yes
C1,G2,2026-01-01,ours,Win the second line,
C1,G3,2026-01-01,ours,Keep the price,no
"""


def opened(folder, edition="customer"):
    return view(read_source(folder), DAY, edition).customer("C1").tables


def test_the_customer_sees_only_rows_that_are_shared(tmp_path):
    write_source(tmp_path, goals=GOALS)
    assert opened(tmp_path)["goals"]["goal_id"].tolist() == ["G1"]
    assert "shared" not in opened(tmp_path)["goals"]
    assert opened(tmp_path, "internal")["goals"]["goal_id"].tolist() == ["G1", "G2", "G3"]


def test_hidden_rows_do_not_change_the_hash_of_the_customer_edition(tmp_path):
    write_source(tmp_path, goals=GOALS)
    before = view(read_source(tmp_path), DAY, "customer").content_hash("C1")
    write_source(tmp_path, goals=GOALS.replace("Keep the price", "Raise the price"))
    assert view(read_source(tmp_path), DAY, "customer").content_hash("C1") == before


def test_judgements_are_not_for_the_customer(tmp_path):
    write_source(tmp_path)
    internal = {"contacts", "influences", "assessments", "white_space", "plans", "reviews", "situations"}
    assert not internal & set(opened(tmp_path))


def test_two_versions_of_a_contact_are_no_double(tmp_path):
    head = "contact_id,customer_id,recorded_on,name,attitude\n"
    rows = "K1,C1,2026-01-01,A,neutral\nK1,C1,2026-03-01,A,positive\n"
    write_source(tmp_path, contacts=head + rows)
    assert len(opened(tmp_path, "internal")["contacts"]) == 2
    write_source(tmp_path, contacts=head + rows.replace("03-01", "01-01"))
    with pytest.raises(InputError, match="duplicate of line 2"):
        opened(tmp_path, "internal")


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        ("assessments", "customer_id,scale,element,assessed_on,score\nC1,s,e,2026-01-01,120", "at most 100"),
        ("contacts", "contact_id,customer_id,recorded_on,name,influence\nK1,C1,2026-01-01,A,6", "at most 5"),
        (
            "contacts",
            "contact_id,customer_id,recorded_on,name,function\nK1,C1,2026-01-01,A,purchase",
            "did you mean 'purchasing'",
        ),
        (
            "actions",
            "customer_id,action_id,recorded_on,action,status\nC1,A,2026-01-01,x,doing",
            "write one of",
        ),
        (
            "white_space",
            "customer_id,customer_unit,offering,recorded_on,state,currency\n"
            "C1,a,x,2026-01-01,open,EUR\nC1,a,y,2026-01-01,open,EUR\nC1,b,y,2026-01-01,open,USD",
            "convert this one",
        ),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, table, text, message):
    write_source(tmp_path, **{table: text})
    with pytest.raises(InputError, match=message):
        opened(tmp_path, "internal")
