"""Opportunities with their outcome, and the unit and team of a person at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

Frames = Mapping[str, pd.DataFrame]
PLACES = ["unit", "team"]


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
    return pd.Series(values.reindex(keys.to_numpy()).to_numpy(), index=keys.index, dtype=values.dtype)


def place_at(tables: Frames, person: pd.Series[Any], day: pd.Series[Any]) -> pd.DataFrame:
    """Return the unit and team of each person on a day: by ``assignments``, else as ``people`` says.

    Before the first assignment of a person, that one applies.
    """
    people = tables["people"].drop_duplicates("person_id").set_index("person_id")[PLACES]
    found = pd.DataFrame({name: looked_up(person, people[name]).astype(object) for name in PLACES})
    moves = tables["assignments"].sort_values("since")
    moved = np.flatnonzero(person.isin(moves["person_id"]) & day.notna())
    if not len(moved):
        return found
    asked = (
        pd.DataFrame(
            {
                "person_id": person.iloc[moved].astype(object).to_numpy(),
                "since": day.iloc[moved].to_numpy("datetime64[us]"),
                "row": moved,
            }
        )
        .astype({"person_id": object})
        .sort_values("since", kind="stable")
    )
    known = moves.astype({"person_id": object, "since": "datetime64[us]"})[["person_id", "since", *PLACES]]
    joined = pd.merge_asof(asked, known, on="since", by="person_id")
    first = known.drop_duplicates("person_id").set_index("person_id")
    for name in PLACES:
        values = joined[name].astype(object)
        early = joined["unit"].isna()
        values = values.where(~early, joined["person_id"].map(first[name]))
        found.iloc[joined["row"].to_numpy(), found.columns.get_loc(name)] = values.to_numpy()  # type: ignore[index]
    return found
