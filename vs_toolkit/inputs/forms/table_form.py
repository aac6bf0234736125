"""The form of the tables: a sheet for each, with titles, notes, an example row and drop-downs; itself a
source.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from vs_toolkit.inputs.fields import described, marked
from vs_toolkit.inputs.forms.case_form import HOW
from vs_toolkit.inputs.forms.leaves import Leaf, leaves
from vs_toolkit.inputs.forms.sheet import BLANK_ROWS, Form
from vs_toolkit.inputs.tables import TABLES

EXAMPLES = {
    "text": "Example",
    "number": 1250.5,
    "whole number": 3,
    "yes or no": True,
    "date": date(2026, 6, 30),
    "time": date(2026, 6, 30),
    "fraction": 0.08,
}


def table_form(tables: Mapping[str, pd.DataFrame] | None, made_on: date) -> bytes:
    """Make the form of all tables, blank or filled in with those of a source."""
    form = Form(made_on)
    for name, model in TABLES.items():
        fields = [leaf for leaf in leaves(model) if isinstance(leaf, Leaf)]
        frame = tables.get(name) if tables is not None else None
        _sheet(form, name, fields, frame, described(model))
    return form.content()


def _sheet(
    form: Form, name: str, fields: list[Leaf], frame: pd.DataFrame | None, notes: Mapping[str, str]
) -> None:
    sheet = form.sheet(name, f"table {name}")
    sheet.page.set_row(0, None, None, {"hidden": True})
    for row, word in ((1, "title"), (2, "note"), (3, "example")):
        sheet.write(row, 0, word, "plain")
    last = 3 + BLANK_ROWS + (0 if frame is None else len(frame))
    for column, leaf in enumerate(fields, 1):
        sheet.write(0, column, leaf.key, "plain")
        sheet.write(1, column, leaf.title + (" *" if leaf.required else ""), "head")
        sheet.write(2, column, f"{HOW[leaf.kind]}. {notes.get(leaf.key, '')}".strip(), "note")
        sheet.write(3, column, _example(name, leaf), "note")
        if leaf.choices:
            sheet.drop_down((4, last), column, leaf.choices)
    sheet.widths([20] * len(fields))
    sheet.page.freeze_panes(4, 2)
    rows = [] if frame is None else frame[[leaf.key for leaf in fields]].to_dict("records")
    for row in range(4, last + 1):
        values = rows[row - 4] if row - 4 < len(rows) else {}
        for column, leaf in enumerate(fields, 1):
            sheet.write(row, column, _plain(values.get(leaf.key), leaf))


def _example(table: str, leaf: Leaf) -> Any:
    if leaf.choices:
        return leaf.choices[0]
    if leaf.key == "currency":
        return "EUR"
    return (
        "EX-1" if leaf.key in marked(TABLES[table], "names the row") else EXAMPLES.get(leaf.kind, "Example")
    )


def _plain(value: Any, leaf: Leaf) -> Any:
    if value is None or pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date() if leaf.kind == "date" else value.to_pydatetime()
    return value.item() if hasattr(value, "item") else value
