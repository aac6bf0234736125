from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, changes
from vs_toolkit.errors import InputError
from vs_toolkit.funnel.record.events import cut_moment, read_events, read_funnel


def moments(events):
    return list(pd.to_datetime(events.walk.at, unit="us"))


def test_moments_of_every_kind_become_utc():
    record = changes(
        ("A", "2026-03-02", "Lead"),
        ("B", "2026-03-02T10:00:00+02:00", "Lead"),
        ("C", pd.Timestamp("2026-03-02 09:00", tz="Europe/Helsinki"), "Lead"),
        ("D", date(2026, 3, 2), "Lead"),
        ("E", datetime(2026, 3, 2, 12, tzinfo=UTC), "Lead"),
    )
    expected = [
        "2026-03-02 00:00",
        "2026-03-02 08:00",
        "2026-03-02 07:00",
        "2026-03-02 00:00",
        "2026-03-02 12:00",
    ]
    events = read_events(record, FUNNEL)
    assert moments(events) == [pd.Timestamp(text) for text in expected]
    assert events.zoneless.tolist() == [True, False, False, True, False]


@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York"])
def test_a_column_of_timestamps_has_no_doubtful_zones(zone):
    record = changes(("A", "", "Lead")).assign(changed_at=pd.Timestamp("2026-03-02", tz=zone))
    events = read_events(record, FUNNEL)
    assert moments(events) == [
        pd.Timestamp("2026-03-02", tz=zone or "UTC").tz_convert("UTC").tz_localize(None)
    ]
    assert not events.zoneless.any()


def test_every_unusable_row_is_listed_with_its_reason():
    record = changes(
        ("A", "02/03/2026", "Lead"),  # month or day first: nobody can know
        (None, "2026-03-02", "Lead"),
        ("B", "2026-03-02", None),
        ("C", "2026-03-02", "Led"),
        ("D", "2026-03-02", "Lead"),
    )
    events = read_events(record, FUNNEL)
    assert events.rejected["what"].tolist() == [
        "no readable date", "no opportunity id", "no status", "status not in the funnel",
    ]  # fmt: skip
    assert events.ids[events.walk.case].tolist() == ["D"]


def test_open_statuses_come_before_closings_whatever_their_order_number():
    funnel = read_funnel(FUNNEL.assign(order=[9, 8, 7, 1, 2]))
    assert funnel.index.tolist() == ["Accepted", "Offer", "Lead", "Order", "Lost"]


@pytest.mark.parametrize(
    ("record", "funnel", "message"),
    [
        (changes(("A", "2026-03-02", "Lead")).drop(columns="status"), FUNNEL, "status_changes, status"),
        (changes(), FUNNEL.drop(columns="outcome"), "statuses, outcome"),
        (changes(), pd.concat([FUNNEL, FUNNEL.iloc[:1]]), "each status once"),
        (changes(), FUNNEL.assign(outcome="maybe"), "write open, won or lost"),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused_by_name(record, funnel, message):
    with pytest.raises(InputError, match=message):
        read_events(record, funnel)


def test_an_empty_table_needs_no_columns():
    assert len(read_events(pd.DataFrame(), FUNNEL).walk.at) == 0


@pytest.mark.parametrize(
    ("as_of", "moment"),
    [
        ("2026-03-02", "2026-03-02 15:00"),  # the last change of that day
        (date(2026, 3, 3), "2026-03-03 00:00"),  # a day on which nothing happened
        ("2026-03-02 14:00", "2026-03-02 14:00"),
        (pd.Timestamp("2026-03-02", tz="UTC"), "2026-03-02 00:00"),
    ],
)
def test_a_plain_day_is_known_to_its_last_change(as_of, moment):
    at = np.array([pd.Timestamp(f"2026-03-02 {hour}:00").value // 1000 for hour in (9, 15)])
    assert pd.Timestamp(cut_moment(as_of, at), unit="us") == pd.Timestamp(moment)


@pytest.mark.parametrize("as_of", ["soon", None, ""])
def test_a_day_that_is_none_is_refused(as_of):
    with pytest.raises(InputError, match="write a date as 2026-06-30"):
        cut_moment(as_of, np.array([], dtype=np.int64))
