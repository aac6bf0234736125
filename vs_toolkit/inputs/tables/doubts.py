"""What may be right and looks wrong: reported with a count, used all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.lookup import looked_up
from vs_toolkit.inputs.tables.validate import Checked

Frames = Mapping[str, pd.DataFrame]
NAMED = 5  # places that a warning names


def negative(column: str) -> Callable[[pd.DataFrame, Frames], pd.Series[bool]]:
    """Rule: an amount below zero."""
    return lambda frame, _: frame[column] < 0


def before(column: str, earliest: str) -> Callable[[pd.DataFrame, Frames], pd.Series[bool]]:
    """Rule: a day that lies before another day of the same row."""
    return lambda frame, _: frame[column] < frame[earliest]


def _before_creation(frame: pd.DataFrame, tables: Frames) -> pd.Series[bool]:
    if "opportunities" not in tables:
        return pd.Series(False, index=frame.index)
    cases = tables["opportunities"]
    return frame["changed_at"] < looked_up(
        frame["opportunity_id"], cases["opportunity_id"], cases["created_at"]
    )


RULES: tuple[tuple[str, str, str, Callable[[pd.DataFrame, Frames], pd.Series[bool]]], ...] = (
    ("opportunities", "value", "a negative value", negative("value")),
    ("opportunities", "expected_decision", "an expected decision before it was created",
     before("expected_decision", "created_at")),
    ("opportunities", "expected_delivery", "an expected delivery before the expected decision",
     before("expected_delivery", "expected_decision")),
    ("status_changes", "changed_at", "a day before its opportunity was created", _before_creation),
    ("activities", "hours", "negative hours", negative("hours")),
    ("activities", "cost", "a negative cost", negative("cost")),
)  # fmt: skip


def doubts(tables: Mapping[str, Checked]) -> Iterator[Problem]:
    """Apply every rule to the tables that are given: one warning for each, with its count and first
    places.
    """
    frames = {name: checked.frame for name, checked in tables.items()}
    for table, column, words, rule in RULES:
        if table not in tables or column not in tables[table].raw.frame:
            continue
        doubtful = rule(frames[table], frames).fillna(False).to_numpy(bool).nonzero()[0]
        if len(doubtful):
            raw = tables[table].raw
            position = list(raw.frame.columns).index(column)
            places = ", ".join(raw.places(int(row), position) for row in doubtful[:NAMED])
            more = f" and {len(doubtful) - NAMED:,} more" if len(doubtful) > NAMED else ""
            rows = f"{len(doubtful):,} row{'s have' if len(doubtful) > 1 else ' has'}"
            yield Problem(raw.file, places + more, column, "", f"{rows} {words}", "warning")
