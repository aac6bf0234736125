"""Plant a mark in every internal field of a source, so that a leak can be searched for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, get_origin

import pandas as pd

from vs_toolkit.inputs import Inputs
from vs_toolkit.inputs.fields import SHARED, Model, marked, shown_fields
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import base_type

WORD = "ZQXMARK"
NUMBER = 0.918273645  # digits that occur nowhere else, small enough for a rate
DIGITS = "918273"
DAY = date(1987, 12, 11)
CHECKED = (  # no room for a mark
    "customer_id", "parent_id", "successor_id", "opportunity_id", "goal_id", "status", "currency",
    "teams_today", "teams_planned", "teams_min", "teams_max",
)  # fmt: skip
WRITTEN_DAYS = ("1987-12-11", "11 Dec 1987")


def planted_tables(inputs: Inputs) -> dict[str, pd.DataFrame]:
    """Every internal column gets the mark; ids are prefixed so that they still point to each other."""
    return {name: _planted_frame(frame, TABLES[name]) for name, frame in inputs.tables.items()}


def _planted_frame(frame: pd.DataFrame, model: type[Model]) -> pd.DataFrame:
    planted = frame.copy()
    for column in set(frame) - shown_fields(model):
        kind = base_type(model.model_fields[column].annotation)
        known = frame[column].notna()
        if _closed_set(model.model_fields[column].annotation):
            continue
        if kind is str and column not in CHECKED:
            planted.loc[known, column] = WORD + frame.loc[known, column].astype(str)
        elif kind is float and column not in CHECKED:
            planted.loc[known, column] = NUMBER
    return _planted_rows(planted, model)


def _planted_rows(frame: pd.DataFrame, model: type[Model]) -> pd.DataFrame:
    """Rows that the customer may not see get the mark in their shown columns too."""
    for deciding in marked(model, SHARED):
        hidden = ~frame[deciding].eq(True).fillna(False).astype(bool)
        for column in shown_fields(model) - set(CHECKED):
            annotation = model.model_fields[column].annotation
            if base_type(annotation) is str and not _closed_set(annotation):
                known = hidden & frame[column].notna()
                frame.loc[known, column] = WORD + frame.loc[known, column].astype(str)
    return frame


def _closed_set(annotation: Any) -> bool:
    """A field that takes a few words only cannot hold a mark."""
    return get_origin(annotation) is Literal or any(
        _closed_set(inner) for inner in getattr(annotation, "__args__", ())
    )


def planted_case(part: Any, internal: bool = False) -> Any:
    """Copy of a case (or a part of it) with marks in all that is internal, at every depth."""
    if isinstance(part, Model):
        shown = shown_fields(type(part))
        return part.model_copy(
            update={
                name: planted_case(getattr(part, name), internal or name not in shown)
                for name, field in type(part).model_fields.items()
                if not _closed_set(field.annotation) and name != "kind"
            }
        )
    if isinstance(part, tuple):
        return tuple(planted_case(item, internal) for item in part)
    if internal and isinstance(part, str):
        return f"{WORD} {part}"
    if internal and isinstance(part, float) and part:
        return NUMBER * (1 if abs(part) <= 1 else 1e6)
    if internal and isinstance(part, date):
        return DAY
    return part


def marks_in(text: str) -> Iterator[str]:
    """Marks that stand in a text, whatever separates the digits."""
    digits = "".join(character for character in text if character.isalnum())
    yield from (mark for mark in (WORD, *WRITTEN_DAYS) if mark in text)
    if DIGITS in digits:
        yield DIGITS
