"""What was known of each opportunity on any day: values and decision dates as recorded with its changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.record.cases import RECORDED_THEN, moments
from vs_toolkit.funnel.record.events import NO_MOMENT
from vs_toolkit.funnel.record.walk import Ints


@dataclass(frozen=True)
class Recorded:
    """Changes with what was recorded last up to each of them.

    Attributes
    ----------
    opportunity, at
        Number of the opportunity and moment (microseconds since 1970), by opportunity and moment; shape (n,).
    known
        value, expected_decision, stated_probability, as far as recorded; one row per change.
    moved
        Case, moment, and moment of the statement before, of every decision date later than the one before.
    """

    case: Ints
    at: Ints
    known: pd.DataFrame
    moved: tuple[Ints, Ints, Ints]

    def _last(self, cut: int, cases: Ints) -> Ints:
        """Row of the last change of each of ``cases`` up to the moment ``cut``; -1: none."""
        seen = np.flatnonzero(self.at <= cut)
        case = self.case[seen]
        last = seen[np.flatnonzero(np.append(case[1:] != case[:-1], True)[: len(case)])]
        row = np.append(last, -1)[np.searchsorted(self.case[last], cases)]
        there = (row >= 0) & (self.case[row] == cases) if len(self.case) else np.zeros(len(cases), dtype=bool)
        return np.where(there, row, -1)

    def as_of(self, cut: int, cases: Ints) -> pd.DataFrame:
        """Return what was known of ``cases`` at the moment ``cut``; a row per case, missing where nothing
        was.
        """
        return self.known.reindex(self._last(cut, cases)).reset_index(drop=True)

    def last_moment(self, cut: int, cases: Ints) -> Ints:
        """Moment of the last change of each of ``cases`` up to the moment ``cut``; NO_MOMENT: none."""
        row = self._last(cut, cases)
        return np.where(row >= 0, np.append(self.at, NO_MOMENT)[row], NO_MOMENT)

    def pushes(self, cut: int, cases: Ints, since: Ints) -> Ints:
        """How often the decision date of each of ``cases`` was moved later between ``since`` and ``cut``."""
        case, at, before = self.moved
        begin = np.full(int(max(case.max(initial=-1), cases.max(initial=-1))) + 1, np.iinfo(np.int64).max)
        begin[cases] = since
        counted = np.bincount(case[(at <= cut) & (before >= begin[case])], minlength=len(begin))
        return counted[cases]


def read_recorded(status_changes: pd.DataFrame, ids: pd.Index[Any]) -> Recorded:
    """Sort what was recorded with status changes, once for all days.

    Of two values at one moment the larger counts; a change without a value leaves the one before.

    Parameters
    ----------
    status_changes
        opportunity_id, changed_at and, where recorded, value, expected_decision, stated_probability.
    ids
        Opportunity id of each opportunity number.

    Examples
    --------
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A"], "changed_at": ["2026-03-02", "2026-03-09"],
    ...                         "value": [100.0, 90.0]})
    >>> record = read_recorded(changes, pd.Index(["A"]))
    >>> record.as_of(pd.Timestamp("2026-03-05").value // 1000, np.array([0]))["value"].tolist()
    [100.0]
    """
    status_changes = status_changes.reindex(
        columns=status_changes.columns.union(["opportunity_id", "changed_at"])
    )
    names = [name for name in RECORDED_THEN if name in status_changes]
    frame = pd.DataFrame({"case": ids.get_indexer(pd.Index(status_changes["opportunity_id"]))})
    stamps = moments(status_changes["changed_at"])
    frame["at"] = stamps.to_numpy().astype("datetime64[us]").astype(np.int64)
    for name in names:
        column = status_changes[name]
        frame[name] = (moments(column) if name == "expected_decision" else column.astype(float)).to_numpy()
    frame = frame[(frame["case"] >= 0) & stamps.notna().to_numpy()]
    frame = frame.iloc[np.lexsort([_key(frame[name]) for name in (*names[::-1], "at", "case")])]
    known = frame[names].groupby(frame["case"]).ffill() if names else frame[[]]
    case, at = frame["case"].to_numpy(np.int64), frame["at"].to_numpy(np.int64)
    return Recorded(case, at, known.reset_index(drop=True), _moved(frame))


def _key(column: pd.Series[Any]) -> npt.NDArray[Any]:
    """Values to sort by, missing ones first: numbers are sorted much faster than columns of a frame."""
    values = column.to_numpy()
    return np.nan_to_num(values, nan=-np.inf) if values.dtype.kind == "f" else values.view(np.int64)


def _moved(frame: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    if "expected_decision" not in frame:
        return np.zeros((3, 0), dtype=np.int64)[0], *np.zeros((2, 0), dtype=np.int64)
    stated = frame[frame["expected_decision"].notna()]
    case, at = stated["case"].to_numpy(np.int64), stated["at"].to_numpy(np.int64)
    date = stated["expected_decision"].to_numpy()
    later = np.flatnonzero((case[1:] == case[:-1]) & (date[1:] > date[:-1])) + 1
    return case[later], at[later], at[later - 1]
