"""Nothing dated after the later data is ignored changes anything."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputs.sources import CASE, TABLES, csv_text, write_source
from vs_toolkit.inputs import open_customer, read_source, view
from vs_toolkit.inputs.fields import KNOWN, KNOWN_AFTER_MONTH, marked
from vs_toolkit.inputs.tables import TABLES as MODELS

LATER = {  # rows dated after 2026-02-15
    "opportunities": "O7,C1,P1,2026-03-01,1,EUR,price",
    "status_changes": "O1,2026-02-16T00:00:00,Won,1,1",
    "activities": "2026-02-16,C1,O1,P1,visit,3",
    "value_delivered": "C1,C1-01,stops,Fewer stops,volume,2026-09-30,6000,1,EUR,x",
}


@pytest.fixture
def inputs(tmp_path):
    return read_source(write_source(tmp_path))


def seen(inputs, day, customer="C1"):
    return view(inputs, date.fromisoformat(day)).customer(customer)


@pytest.mark.parametrize(
    ("day", "changes", "visits", "delivered"),
    [("2026-01-04", 0, 0, 0), ("2026-01-05", 1, 0, 0), ("2026-04-01", 1, 1, 1), ("2026-04-02", 2, 1, 1)],
)
def test_a_row_is_seen_from_its_day_on_to_the_end_of_the_day(inputs, day, changes, visits, delivered):
    tables = seen(inputs, day).tables
    assert [len(tables[name]) for name in ("status_changes", "activities", "value_delivered")] == [
        changes, visits, delivered,
    ]  # fmt: skip


def test_why_a_case_was_won_is_blank_until_it_is_won(inputs):
    # O1 is won on 2026-04-02 at 17:30
    before, after = seen(inputs, "2026-04-01"), seen(inputs, "2026-04-02")
    assert before.tables["opportunities"]["close_reason"].isna().tolist() == [True]
    assert after.tables["opportunities"]["close_reason"].tolist() == ["INTERNAL price"]


def test_an_adopted_probability_is_blank_until_its_adoption(inputs):
    before, after = seen(inputs, "2026-01-31"), seen(inputs, "2026-02-01")
    columns = ["adopted_probability", "adopted_on", "adopted_n", "adopted_method"]
    assert before.reference["statuses"][columns].isna().all(axis=None)
    assert after.reference["statuses"]["adopted_probability"].iloc[0] == 0.2


def test_a_case_is_seen_from_its_day_on_and_the_newest_is_the_default(inputs, tmp_path):
    later = CASE.replace("C1-01", "C1-00").replace("dated: 2026-01-10", "dated: 2026-05-01")
    (tmp_path / "cases" / "later.yaml").write_text(later)
    both = read_source(tmp_path)
    assert seen(both, "2026-01-09").cases == ()
    assert seen(both, "2026-04-30").case().id == "C1-01"
    assert seen(both, "2026-05-01").case().id == "C1-00"
    assert seen(both, "2026-05-01").case("C1-01").id == "C1-01"


def test_a_confirmation_is_seen_from_its_day_on(inputs):
    before = seen(inputs, "2026-02-28").case().effects[0].evidence
    after = seen(inputs, "2026-03-01").case().effects[0].evidence
    assert (before.kind, before.confirmed_by, before.confirmed_on) == ("our_estimate", None, None)
    assert (after.kind, after.confirmed_by) == ("customer_verified", "Plant manager")


@pytest.fixture(scope="module")
def opened_now(tmp_path_factory):
    return opened(write_source(tmp_path_factory.mktemp("now")))


@settings(deadline=None, max_examples=8)
@given(tables=st.sets(st.sampled_from(sorted(LATER)), min_size=1), first=st.booleans())
def test_rows_dated_later_change_nothing(tmp_path_factory, opened_now, tables, first):
    def with_later(name):
        header, *rows = csv_text(TABLES[name]).splitlines()
        return "\n".join([header, *([LATER[name], *rows] if first else [*rows, LATER[name]])])

    folder = write_source(tmp_path_factory.mktemp("later"), **{name: with_later(name) for name in tables})
    new = CASE.replace("C1-01", "C1-02").replace("dated: 2026-01-10", "dated: 2026-02-16")
    (folder / "cases" / "new.yaml").write_text(new)
    later = opened(folder)
    assert (later.cases, later.source_hash) == (opened_now.cases, opened_now.source_hash)
    for name, frame in (opened_now.tables | opened_now.reference).items():
        pd.testing.assert_frame_equal((later.tables | later.reference)[name], frame)


def opened(folder):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VS_SOURCE", str(folder))
        patch.delenv("VS_PARTITION", raising=False)
        return open_customer("C1", as_of="2026-02-15")


def test_every_table_with_rows_that_happen_says_from_when_they_are_known():
    still = {"customers", "people", "statuses", "targets", "benchmarks", "offerings"}
    assert {
        name for name, model in MODELS.items() if not marked(model, KNOWN) + marked(model, KNOWN_AFTER_MONTH)
    } == still
