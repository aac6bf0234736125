import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.funnel import made
from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.record.cases import known_cases, month_starts, settled_until, with_people
from vs_toolkit.funnel.record.history import read_history

WAY = ways(A="Lead 1 Offer 5 Order 9", B="Lead 2 Lost 20").assign(value=[100.0, None, 90.0, 50.0, None])
TABLE = pd.DataFrame({"opportunity_id": ["A", "B"], "value": [90.0, 70.0], "close_reason": ["Fit", "Price"]})


def known(day, table=TABLE):
    return known_cases(read_history(WAY, FUNNEL, day), table, WAY)


def test_values_are_those_recorded_by_the_day():
    assert known("2026-03-08")["value"].to_dict() == {"A": 100.0, "B": 50.0}  # the Offer recorded none
    assert known("2026-03-31")["value"].to_dict() == {"A": 90.0, "B": 50.0}


def test_a_case_without_recorded_value_has_that_of_its_row():
    silent = WAY.drop(columns="value")
    cases = known_cases(read_history(silent, FUNNEL, "2026-03-08"), TABLE, silent)
    assert cases["value"].to_dict() == {"A": 90.0, "B": 70.0}


def test_reasons_are_hidden_while_a_case_is_open():
    assert known("2026-03-10")["close_reason"].to_dict() == {"A": "Fit", "B": None}


def test_cases_without_a_row_and_rows_without_a_case():
    alone = known("2026-03-10", TABLE.iloc[:0].assign(product=[]))
    assert len(alone) == 2 and alone["product"].isna().all()
    assert len(known("2026-02-28")) == 0


def test_people_of_unknown_owners_are_missing():
    people = pd.DataFrame(
        {"person_id": ["P1"], "name": ["Sales engineer 01"], "unit": ["North"], "team": ["A"]}
    )
    cases = with_people(pd.DataFrame({"owner_id": ["P1", "P9", None]}), people)
    assert cases["unit"].tolist() == ["North", None, None]


def test_days_are_settled_as_long_as_nearly_all_cases_are_closed():
    days = pd.Series(pd.date_range("2026-01-01", periods=40))
    is_open = pd.Series([False] * 19 + [True] + [False] * 19 + [True])
    assert settled_until(days, is_open) == pd.Timestamp("2026-02-10")  # 38 of 40 are 95 %
    assert pd.isna(settled_until(days, ~is_open))


def test_month_starts_count_back_from_the_last():
    assert [str(day.date()) for day in month_starts("2026-01-01", "2026-05-31", 2)] == [
        "2026-01-01",
        "2026-03-01",
        "2026-05-01",
    ]


@settings(deadline=None, max_examples=8)
@given(st.randoms(use_true_random=False))
def test_neither_order_of_rows_nor_later_rows_matter(random):
    record, rows = made.made(60).status_changes, list(range(len(made.made(60).status_changes)))
    random.shuffle(rows)
    later = changes(("O000001", "2031-01-01", "Order")).assign(value=1e9, expected_decision=pd.NaT)
    mixed = pd.concat([record.iloc[rows], later.astype({"changed_at": "datetime64[us, UTC]"})])
    table = made.opportunities(made.made(60))
    expected = known_cases(read_history(record, made.FUNNEL, made.AS_OF), table, record)
    found = known_cases(read_history(mixed, made.FUNNEL, made.AS_OF), table.iloc[::-1], mixed)
    pd.testing.assert_frame_equal(found, expected)
