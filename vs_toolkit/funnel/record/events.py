"""Status changes read once: what can be used, sorted by opportunity and time, and what had to be left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.funnel.record.walk import Bools, Ints, Walk

DAY_US = 86_400_000_000
NO_MOMENT = np.iinfo(np.int64).min  # how pandas writes a missing moment as a number
OUTCOMES = ("open", "won", "lost")
CHANGE_COLUMNS = ("opportunity_id", "changed_at", "status")
STATUS_COLUMNS = ("status", "order", "nominal_probability", "outcome")


@dataclass(frozen=True)
class Events:
    """Usable status changes and what could not be used.

    Attributes
    ----------
    ids
        Opportunity id by opportunity number.
    statuses
        The funnel: one row per status in order, index ``status``.
    walk
        The changes; steps are positions in ``statuses``.
    rejected
        Rows that cannot be used: ``what``, ``at``, ``case`` (-1 where unknown) and the ``status`` found.
    zoneless
        Per row of the table: a moment without time zone in a table where others have one.
    """

    ids: pd.Index[Any]
    statuses: pd.DataFrame
    walk: Walk
    rejected: pd.DataFrame
    zoneless: Bools


def read_events(status_changes: pd.DataFrame, statuses: pd.DataFrame) -> Events:
    """Read status changes of any origin; nothing is lost without being listed in ``rejected``.

    Parameters
    ----------
    status_changes
        One row per change: opportunity_id, changed_at (moments, dates or ISO 8601 text, with or without
        time zone; without one it is taken as UTC), status. Further columns are not read.
    statuses
        One row per status: status, order, nominal_probability (fraction), outcome (open, won, lost).

    Raises
    ------
    InputError
        If a column is missing or the funnel contradicts itself.

    Examples
    --------
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A"], "changed_at": ["2026-03-09", "in March"],
    ...                         "status": ["Lead", "Order"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> events = read_events(changes, funnel)
    >>> len(events.walk.at), list(events.rejected["what"])
    (1, ['no readable date'])
    """
    changes = _with_columns(status_changes, CHANGE_COLUMNS, "status_changes").reset_index(drop=True)
    funnel = read_funnel(statuses)
    at, zoneless = _moments(changes["changed_at"])
    case, ids = pd.factorize(changes["opportunity_id"], sort=True)
    step = funnel.index.get_indexer(pd.Index(changes["status"]))
    rejected = _rejected(changes["status"], case, at, step)
    row = np.setdiff1d(np.arange(len(changes)), rejected.index, assume_unique=True)
    row = row[np.lexsort((step[row], at[row], case[row]))]
    walk = Walk(case[row], at[row], step[row], row, n_open=int((funnel["outcome"] == "open").sum()))
    return Events(pd.Index(ids), funnel, walk, rejected, zoneless)


def read_funnel(statuses: pd.DataFrame) -> pd.DataFrame:
    """Check the statuses and put them in order: open ones first, as the funnel goes, then the closings.

    Returns
    -------
    DataFrame
        Index ``status``; columns order, nominal_probability, outcome.
    """
    given = statuses if "nominal_probability" in statuses else statuses.assign(nominal_probability=np.nan)
    funnel = _with_columns(given, STATUS_COLUMNS, "statuses")[list(STATUS_COLUMNS)]
    twice = funnel["status"][funnel["status"].duplicated()]
    unknown = funnel["outcome"][~funnel["outcome"].isin(OUTCOMES)]
    problems = [Problem("statuses", "", "status", str(name), "each status once") for name in twice]
    problems += [Problem("statuses", "", "outcome", str(o), "write open, won or lost") for o in unknown]
    if problems:
        raise InputError(problems)
    funnel = funnel.assign(nominal_probability=funnel["nominal_probability"].astype(float))
    closing = (funnel["outcome"] != "open").rename("closing")
    ranked = funnel.assign(closing=closing).sort_values(["closing", "order", "status"])
    return ranked.drop(columns="closing").set_index("status")


def cut_moment(as_of: Any, at: Ints) -> int:
    """Return the last moment that is known as of ``as_of``, in microseconds since 1970 (UTC).

    A plain date is known to its end: the moment is that of the last change on that day, or the start of the
    day where nothing changed, so that dates without a time of day give ages in whole days. A moment
    with a time of day or a time zone is taken as it stands.

    >>> noon = pd.Timestamp("2026-03-09 12:00").value // 1000
    >>> pd.Timestamp(cut_moment("2026-03-09", np.array([noon, noon + DAY_US])), unit="us")
    Timestamp('2026-03-09 12:00:00')
    """
    stamp = _stamp(as_of)
    moment = as_moment(stamp)
    if stamp.tzinfo is not None or stamp != stamp.normalize():
        return moment
    same_day = at[(at >= moment) & (at < moment + DAY_US)]
    return int(same_day.max(initial=moment))


def as_moment(day: Any) -> int:
    """Return the start of a day, or the moment itself, in microseconds since 1970 (UTC)."""
    stamp = _stamp(day)
    return int((stamp if stamp.tzinfo else stamp.tz_localize("UTC")).value // 1000)


def _stamp(day: Any) -> pd.Timestamp:
    stamp = pd.to_datetime(day, errors="coerce")
    if not isinstance(stamp, pd.Timestamp) or pd.isna(stamp):
        raise InputError([Problem("", "", "as_of", str(day), "write a date as 2026-06-30")])
    return stamp


def _with_columns(frame: pd.DataFrame, columns: tuple[str, ...], table: str) -> pd.DataFrame:
    missing = [name for name in columns if name not in frame.columns]
    if missing and frame.empty:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in columns})
    if missing:
        found = ", ".join(map(str, frame.columns))
        raise InputError([Problem(table, "", name, found, "this column is needed") for name in missing])
    return frame


def _moments(column: pd.Series[Any]) -> tuple[Ints, Bools]:
    """Moments as microseconds, and which of them had no time zone where others had one."""
    if isinstance(column.dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(column.dtype):
        stamps, zoned = pd.to_datetime(column, utc=True), np.full(len(column), True)
    else:
        text = column.astype("str")
        stamps = pd.to_datetime(text, utc=True, format="ISO8601", errors="coerce")
        zoned = text.str.contains(r"\d(?:Z|[+-]\d\d:?\d\d)$", na=False).to_numpy(dtype=bool)
    at = stamps.dt.as_unit("us").dt.tz_localize(None).to_numpy().astype(np.int64)
    return at, ~zoned & zoned.any()


def _rejected(status: pd.Series[Any], case: Ints, at: Ints, step: Ints) -> pd.DataFrame:
    reasons = {
        "no readable date": at == NO_MOMENT,
        "no opportunity id": case < 0,
        "no status": status.isna().to_numpy(),
        "status not in the funnel": step < 0,
    }
    what = np.select(list(reasons.values()), list(reasons), default="")
    rejected = pd.DataFrame({"what": what, "at": at, "case": case, "status": status.astype("str")})
    return rejected[rejected["what"] != ""]
