"""Opportunities with their outcome, and the unit and team of a person at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Frames = Mapping[str, pd.DataFrame]
Objects = npt.NDArray[np.object_]
PLACES = ("unit", "team")


def decided_cases(tables: Frames) -> pd.DataFrame:
    """Give each opportunity its outcome, its day of decision and its latest known value.

    Returns
    -------
    DataFrame
        Columns of ``opportunities``, and ``outcome`` (open, won, lost), ``decided_on``, ``days`` from opening
        to decision. One without a recorded stage is open.
    """
    cases, statuses = tables["opportunities"], tables["statuses"]
    changes = tables["status_changes"].sort_values(["opportunity_id", "changed_at"], kind="stable")
    last = changes.drop_duplicates("opportunity_id", keep="last").set_index("opportunity_id")
    valued = changes.dropna(subset="value").drop_duplicates("opportunity_id", keep="last")
    outcomes = statuses.drop_duplicates("status").set_index("status")["outcome"]
    ids = cases["opportunity_id"]
    outcome = looked_up(looked_up(ids, last["status"]), outcomes).astype(object).fillna("open")
    reached = looked_up(ids, last["changed_at"]).astype("datetime64[us]")
    day = reached.dt.normalize().where(outcome != "open")
    latest = looked_up(ids, valued.set_index("opportunity_id")["value"])
    return cases.assign(
        outcome=outcome,
        decided_on=day,
        days=(day - cases["created_at"].astype("datetime64[us]")).dt.days.astype(float),
        value=latest.fillna(cases["value"]).astype(float),
    )


def looked_up(keys: pd.Series[Any], values: pd.Series[Any]) -> pd.Series[Any]:
    """Look keys up in the index of ``values``; the type stays also where nothing is found."""
    codes, distinct = pd.factorize(keys)
    found = values.reindex(pd.Index(distinct, dtype=object)).reset_index(drop=True)
    if found.empty:
        return values.iloc[:0].reindex(keys.index)
    return found.reindex(codes).set_axis(keys.index)


def objects(values: pd.Series[Any]) -> Objects:
    """Values as plain objects; None where missing."""
    found: Objects = values.to_numpy(object, na_value=None)  # type: ignore[call-overload]
    return found


def texts(keys: Objects, values: pd.Series[Any]) -> Objects:
    """Look keys up in the index of ``values``, all as plain objects; None where nothing is found."""
    codes, distinct = pd.factorize(keys)
    found = objects(values.reindex(pd.Index(distinct, dtype=object)))
    return np.append(found, [None])[codes]  # code -1, no key, takes the last


def place_at(tables: Frames, person: Objects, day: pd.Series[Any]) -> dict[str, Objects]:
    """Return the unit and team of each person on a day: by ``assignments``, else as ``people`` says.

    Before the first assignment of a person, that one applies.
    """
    people = tables["people"].drop_duplicates("person_id").set_index("person_id")
    found = {name: texts(person, people[name]) for name in PLACES}
    moves = tables["assignments"].sort_values("since").reset_index(drop=True)
    for mover, own in moves.groupby("person_id"):
        rows = np.flatnonzero((person == mover) & day.notna().to_numpy())
        since = own["since"].to_numpy("datetime64[us]")
        last = np.searchsorted(since, day.iloc[rows].to_numpy("datetime64[us]"), side="right") - 1
        for name in PLACES:
            found[name][rows] = objects(own[name])[np.maximum(last, 0)]
    return found
