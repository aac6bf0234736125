"""Columns typed at once: the same values as the long way, and nothing that needs a second look."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from vs_toolkit.inputs.lookup import among, looked_up, positions
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import read_column
from vs_toolkit.inputs.tables.native import native_column
from vs_toolkit.inputs.tables.settling import settle

CHANGES = TABLES["status_changes"]


def native(name, values, model=CHANGES, **given):
    return native_column(pd.Series(values, **given), model.model_fields[name])


@pytest.mark.parametrize(
    ("name", "values", "typed"),
    [
        ("value", ["12.5", ".5", "-3e2", None], [12.5, 0.5, -300.0, None]),
        ("value", ["12.500", "0.5"], [12.5, 0.5]),  # the second settles the first: a point of decimals
        ("value", [1.5, None], [1.5, None]),
        (
            "changed_at",
            ["2026-06-30", "2026-06-30T23:30:00-02:00"],
            [datetime(2026, 6, 30), datetime(2026, 7, 1, 1, 30)],
        ),
        ("changed_at", ["2017-08-04T09:09:33.000+0000"], [datetime(2017, 8, 4, 9, 9, 33)]),
        ("status", ["Lead", "Won: (all) 100 %"], ["Lead", "Won: (all) 100 %"]),
        ("opportunity_id", ["0061", "O-2"], ["0061", "O-2"]),
    ],
)
def test_a_column_in_our_own_form_is_typed_at_once(name, values, typed):
    found = native(name, values)
    assert [None if pd.isna(value) else value for value in found] == typed
    pd.testing.assert_series_equal(found, read_column(pd.Series(values), CHANGES, name).values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("value", ["12.500"]),  # 12.5 or 12500
        ("value", ["1,5"]),
        ("value", ["8%"]),
        ("value", ["1e400"]),  # infinite
        ("value", [float("inf")]),
        ("value", [True]),
        ("changed_at", ["2026-02-30"]),
        ("changed_at", ["30.06.2026"]),
        ("changed_at", ["46113"]),
        ("changed_at", ["2026-06-30", None]),  # required
        ("status", ["#N/A"]),
        ("status", [" Lead"]),
        ("status", ["M\u00fcller"]),
        ("status", ["A\u202eB"]),
        ("opportunity_id", ["x" * 301]),
        ("opportunity_id", [4711]),
        ("stated_probability", ["0.5"]),  # a fraction has rules of its own
    ],
)
def test_one_value_that_asks_for_more_sends_the_column_the_long_way(name, values):
    assert native(name, values) is None


def test_german_days_read_at_once_are_those_read_one_by_one():
    texts = ["30.06.2026", "29.02.2024 23:59:58", "01.12.1999 08:05"]
    at_once, one_by_one = settle(texts, datetime), settle([*texts, "1.2.2020"], datetime)
    assert at_once.values == one_by_one.values[:3] == [
        datetime(2026, 6, 30), datetime(2024, 2, 29, 23, 59, 58), datetime(1999, 12, 1, 8, 5)
    ]  # fmt: skip
    assert [note.text for note in at_once.notes] == [note.text for note in one_by_one.notes]
    assert list(settle(["31.02.2026", "30.06.2026"], datetime).wrong) == [0]


def test_names_that_only_some_fields_forbid_keep_their_rules():
    assert native("wacc", ["9"], TABLES["customers"]) is None
    (message,) = read_column(pd.Series(["9"]), TABLES["customers"], "wacc").wrong.values()
    assert message.startswith("9 would be 900 %")


def test_texts_are_found_by_position_also_in_parts_and_as_numbers():
    known = pd.concat([pd.Series(["a", "b"]), pd.Series(["b", "7"])])
    assert positions(pd.Series(["b", "7", "x", None]), known).tolist() == [1, 3, -1, -1]
    assert among(pd.Series([7, "b"], dtype=object), known).tolist() == [True, True]
    days = pd.Series(pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]))
    found = looked_up(pd.Series(["7", "x"], index=[5, 6]), known, days)
    assert found[5] == pd.Timestamp("2026-01-04")
    assert found[6] is pd.NaT
    assert np.isnan(looked_up(pd.Series(["x"]), pd.Series([], dtype="str"), pd.Series([], dtype=float))[0])
