"""The sales cases as they were known on a day: their history joined with what was recorded of them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from vs_toolkit.funnel.record.history import History

RECORDED_THEN = ("value", "expected_decision", "stated_probability")
DAYS = ("created_at", "expected_decision", "expected_delivery")
SETTLED = 0.95
WHEN_CLOSED = ("close_reason", "competitor")


def known_cases(history: History, opportunities: pd.DataFrame, status_changes: pd.DataFrame) -> pd.DataFrame:
    """Join the opportunities of a history with what was known of them as of its day.

    Value, expected decision and stated probability are the last ones recorded in ``status_changes`` up to the
    day; only an opportunity for which none was ever recorded there takes them from ``opportunities``. Why and
    against whom an opportunity was closed is hidden while it is open.

    Parameters
    ----------
    history
        The clean histories as of the day.
    opportunities
        One row per opportunity: opportunity_id and any further columns; may be empty.
    status_changes
        opportunity_id, changed_at and, where recorded, value, expected_decision, stated_probability.

    Returns
    -------
    DataFrame
        Index ``opportunity_id``, sorted: the columns of ``history.opportunities``, those of
        ``opportunities``.

    Examples
    --------
    >>> from vs_toolkit.funnel.record.history import read_history
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A"], "changed_at": ["2026-03-02", "2026-03-09"],
    ...                         "status": ["Lead", "Order"], "value": [100.0, 90.0]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> table = pd.DataFrame({"opportunity_id": ["A"], "value": [90.0], "close_reason": ["Price"]})
    >>> march_5 = known_cases(read_history(changes, funnel, "2026-03-05"), table, changes)
    >>> march_5[["outcome", "value", "close_reason"]].to_dict("list")
    {'outcome': ['open'], 'value': [100.0], 'close_reason': [None]}
    """
    table = _by_case(opportunities).drop(columns=list(history.cases.columns), errors="ignore")
    cases = _plain_moments(history.cases).join(table).sort_index()
    recorded = _last_recorded(seen_until(status_changes, history.as_of))
    for name in recorded.columns:
        last = recorded[name].reindex(cases.index)
        cases[name] = last.where(last.notna(), cases[name]) if name in cases else last
    is_open = cases["outcome"] == "open"
    hidden = [name for name in WHEN_CLOSED if name in cases]
    return cases.assign(**{name: cases[name].astype(object).mask(is_open, None) for name in hidden})


def with_people(cases: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add ``team`` and ``unit`` of each case's owner; missing where the owner is not known.

    >>> people = pd.DataFrame({"person_id": ["P1"], "unit": ["North"], "team": [None]})
    >>> with_people(pd.DataFrame({"owner_id": ["P1", None]}), people)["unit"].tolist()
    ['North', None]
    """
    ours = people.drop_duplicates("person_id").set_index("person_id").reindex(columns=["team", "unit"])
    of_owner = ours.astype(object).reindex(cases["owner_id"]).set_axis(cases.index)
    return cases.assign(
        **{str(name): column.where(column.notna(), None) for name, column in of_owner.items()}
    )


def month_starts(first: Any, last: Any, every: int = 1) -> list[pd.Timestamp]:
    """First days of the months from ``first`` to ``last``, every so many months counted back from the last.

    >>> [day.month for day in month_starts("2026-01-15", "2026-06-30", every=2)]
    [2, 4, 6]
    """
    return list(pd.date_range(first, last, freq="MS", normalize=True))[::-1][::every][::-1]


def settled_until(days: pd.Series[Any], is_open: pd.Series[bool]) -> Any:
    """Last day up to which nearly all cases are closed; after it those closed are the fast ones, not typical.

    Parameters
    ----------
    days
        Day from which each row looks ahead.
    is_open
        Whether its opportunity is open now.

    Returns
    -------
    Timestamp
        End of the last day up to which the share ``SETTLED`` of the rows is closed; NaT if there is none.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"]))
    >>> settled_until(days, pd.Series([False, False, True]))
    Timestamp('2026-02-02 00:00:00')
    """
    closed = (~is_open).groupby(days.dt.normalize()).agg(["sum", "count"]).cumsum()
    settled = closed.index[closed["sum"] >= SETTLED * closed["count"]]
    return settled.max() + pd.Timedelta(days=1) if len(settled) else pd.NaT


def _by_case(opportunities: pd.DataFrame) -> pd.DataFrame:
    if "opportunity_id" not in opportunities:
        return pd.DataFrame()
    table = opportunities.drop_duplicates("opportunity_id").set_index("opportunity_id")
    return table.assign(**{name: moments(table[name]) for name in DAYS if name in table})


def _plain_moments(cases: pd.DataFrame) -> pd.DataFrame:
    """Take the time zone (UTC) off, so that moments can be compared with the dates of other tables."""
    return cases.assign(
        **{name: cases[name].dt.tz_localize(None) for name in ("first_at", "entered_at", "closed_at")}
    )


def _last_recorded(seen: pd.DataFrame) -> pd.DataFrame:
    """Return the last value recorded for each case and column; of two at one moment the larger."""
    names = [name for name in RECORDED_THEN if name in seen]
    if not names:
        return pd.DataFrame()
    return (
        seen.sort_values(["changed_at", *names], na_position="first").groupby("opportunity_id")[names].last()
    )


def seen_until(status_changes: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Status changes up to a moment (UTC), with plain moments and days in place of text.

    >>> changes = pd.DataFrame({"changed_at": ["2026-03-02T10:00:00+02:00", "2026-03-09"]})
    >>> seen_until(changes, pd.Timestamp("2026-03-05", tz="UTC"))["changed_at"].tolist()
    [Timestamp('2026-03-02 08:00:00')]
    """
    dated = [name for name in ("changed_at", "expected_decision") if name in status_changes]
    changes = status_changes.assign(**{name: moments(status_changes[name]) for name in dated})
    return changes[changes["changed_at"] <= until.tz_localize(None)] if "changed_at" in changes else changes


def moments(column: pd.Series[Any]) -> pd.Series[Any]:
    """Moments of any writing as UTC without zone; what cannot be read is missing.

    >>> moments(pd.Series(["2026-03-02", "soon", None])).tolist()
    [Timestamp('2026-03-02 00:00:00'), NaT, NaT]
    """
    if not pd.api.types.is_datetime64_any_dtype(column):
        column = column.astype("str")
    read = pd.to_datetime(column, utc=True, errors="coerce", format="ISO8601")
    return read.dt.tz_localize(None).dt.as_unit("us")
