import numpy as np
import pandas as pd
import pytest

from tests.funnel import made
from vs_toolkit.funnel.pipeline.shape import (
    BETWEEN,
    CAUSES,
    COLUMNS,
    LONG_NARROW,
    OPTIMAL,
    UNSAID,
    WIDE,
    dimensions,
    dimensions_by,
    past_dimensions,
    shape,
)
from vs_toolkit.funnel.record.cases import month_starts

USUAL = pd.DataFrame(
    {"orders": [60.0, 80.0, 90.0], "length_days": 100.0, "width_months": 6.0, "hit_rate": 0.3, "feed": 1.0}
)
NOW = USUAL.iloc[1]


def sales(*rows):
    """Cases written as (outcome, lead, closing, value)."""
    frame = pd.DataFrame(list(rows), columns=["outcome", "first_at", "closed_at", "value"])
    return frame.assign(
        first_at=pd.to_datetime(frame["first_at"]), closed_at=pd.to_datetime(frame["closed_at"])
    )


def test_measures_of_a_year_by_hand():
    cases = sales(
        ("won", "2025-09-01", "2025-12-10", 60.0),  # 100 days
        ("won", "2024-12-01", "2026-06-14", 60.0),  # 560 days; its lead is older than a year
        ("won", "2024-01-01", "2024-06-01", 900.0),  # more than a year ago
        ("lost", "2026-01-01", "2026-02-01", 10.0),
        ("lost", "2026-01-01", "2026-02-01", 10.0),
        ("open", "2026-05-01", None, 30.0),
    )
    found = dimensions(cases, "2026-06-30")
    assert found[["leads", "orders", "lost", "order_value", "open_cases", "open_value"]].tolist() == [
        4,
        2,
        2,
        120,
        1,
        30,
    ]
    assert found["length_days"] == 330 and found["hit_rate"] == 0.5
    assert found["width_months"] == 6  # one open case for two orders in twelve months
    assert found["value_months"] == 3  # 30 for 120 in twelve months
    assert found["feed"] == 1  # 4 leads x 0.5 for 2 orders


@pytest.mark.parametrize(
    ("length", "width", "hit_rate", "feed", "kind"),
    [
        (1, 1, 1, 1, OPTIMAL),
        (1.2, 0.9, 1.2, 1.5, OPTIMAL),
        (2, 1, 1, 0.5, LONG_NARROW),
        (1, 2, 0.5, 1, WIDE),
        (2, 1, 1, 1, BETWEEN),
        (1, 1, 1, 0.5, BETWEEN),
        (1, 2, 1, 1, BETWEEN),
    ],
)
def test_the_three_shapes_of_the_book_and_what_is_none_of_them(length, width, hit_rate, feed, kind):
    found = shape(NOW * [1, length, width, hit_rate, feed], USUAL)
    assert found.kind == kind
    assert len(found.evidence) == 4 and bool(found.causes) == (kind in CAUSES)


def test_the_evidence_names_both_numbers():
    assert shape(NOW * [1, 2, 1, 1, 1], USUAL).evidence[0] == "200 days from lead to order; usual 100: more"


def test_with_few_orders_a_difference_must_be_larger():
    few = NOW * [0.25, 1.5, 1, 1, 0.6]  # 20 orders: e^(1.64 / 4.47) = 1.44, not a quarter
    assert shape(NOW * [1, 1.4, 1, 1, 0.6], USUAL).kind == LONG_NARROW
    assert shape(few * [1, 1, 1, 1, 1], USUAL).kind == LONG_NARROW
    assert shape(NOW * [0.25, 1.4, 1, 1, 0.75], USUAL).kind == OPTIMAL


def test_a_shape_is_not_named_without_orders_or_anything_to_compare_with():
    assert shape(NOW * [0.1, 1, 1, 1, 1], USUAL).evidence == (
        "8 orders in a year: it takes 10 to judge the shape",
    )
    alone = shape(NOW, USUAL.iloc[:0])
    assert alone.kind == UNSAID and alone.evidence[0].startswith("No past year")
    assert shape(NOW * [1, np.nan, 1, 1, 1], USUAL).kind == UNSAID
    assert shape(dimensions(sales(), "2026-06-30"), USUAL).kind == UNSAID


def test_teams_are_measured_alike():
    cases = made.cases()
    table = dimensions_by(cases, "segment", made.AS_OF)
    assert table["orders"].sum() == dimensions(cases, made.AS_OF)["orders"]
    one = dimensions(cases[cases["segment"] == "Process systems"], made.AS_OF)
    pd.testing.assert_series_equal(table.loc["Process systems"], one, check_names=False)
    assert dimensions_by(cases.iloc[:0], "segment", made.AS_OF).columns.tolist() == COLUMNS


def test_slow_business_is_wide_for_its_order_flow_beside_fast():
    table = dimensions_by(made.cases(3000, as_of="2026-06-30"), "segment", "2026-06-30")
    assert shape(table.loc["Process systems"], table.drop("Process systems")).kind == WIDE


def test_the_past_is_seen_as_it_was():
    days = month_starts("2022-10-01", "2024-10-01", every=6)
    past = past_dimensions(made.cases(as_of="2024-10-01"), days)
    assert past.index.min() >= pd.Timestamp("2023-07-01") and len(past) == 3  # after the first full year
    counts = ["leads", "orders", "lost", "open_cases", "length_days", "hit_rate"]
    later = past_dimensions(made.cases(), days)
    pd.testing.assert_frame_equal(later[counts], past[counts])
    early = dimensions(made.cases(as_of="2024-04-01"), "2024-04-01")
    pd.testing.assert_series_equal(past.loc["2024-04-01", counts], early[counts], check_names=False)


def test_a_pipeline_of_which_most_is_fading_is_not_optimal():
    assert shape(NOW, USUAL, fading=0.5).kind == OPTIMAL
    assert shape(NOW, USUAL, fading=0.6).kind == BETWEEN
