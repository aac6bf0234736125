"""The two editions: ``internal`` holds everything, ``customer`` only what is marked as shown to it."""

from __future__ import annotations

from typing import Literal, get_args

import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.fields import SHARED, Model, marked, rebuilt, shown_fields
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.wording import did_you_mean

Edition = Literal["internal", "customer"]
EDITIONS: tuple[Edition, ...] = get_args(Edition)


def edition_named(name: str) -> Edition:
    """Recognise an edition.

    Raises
    ------
    ParameterError
        For any other word.

    >>> edition_named("customer")
    'customer'
    """
    for edition in EDITIONS:
        if name == edition:
            return edition
    raise ParameterError(f"edition {name!r} does not exist; {did_you_mean(str(name), EDITIONS)}")


def visible_columns(table: str, edition: Edition) -> list[str]:
    """Columns of a table that an edition may hold, in the order of the row model.

    >>> visible_columns("customers", "customer")
    ['customer_id', 'name', 'industry', 'region', 'since', 'wacc']
    >>> visible_columns("people", "customer")
    []
    """
    model = TABLES[table]
    return [name for name in model.model_fields if edition == "internal" or name in shown_fields(model)]


def visible_rows(table: str, frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Rows of a table that an edition may hold: where the model marks a column as deciding, those it allows.

    >>> goals = pd.DataFrame({"goal": ["Fewer stops", "Win the second line"], "shared": [True, None]})
    >>> visible_rows("goals", goals, "customer")["goal"].tolist()
    ['Fewer stops']
    """
    for column in marked(TABLES[table], SHARED) if edition == "customer" else ():
        frame = frame[frame[column].eq(True).fillna(False).astype(bool)]
    return frame.reset_index(drop=True)


def case_for(case: BusinessCase, edition: Edition) -> BusinessCase:
    """Business case as an edition may hold it: what is internal is absent (None), at every depth."""
    return case if edition == "internal" else rebuilt(case, _only_shown)


def _only_shown(part: Model) -> Model:
    fields, shown = type(part).model_fields, shown_fields(type(part))
    return part.model_copy(update={name: fields[name].get_default() for name in fields if name not in shown})
