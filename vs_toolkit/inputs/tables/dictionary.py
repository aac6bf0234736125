"""The data dictionary: ``python -m vs_toolkit.inputs.tables.dictionary > data/README.md``."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from inspect import getdoc
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.documents import models_in
from vs_toolkit.inputs.cases.value_model import ValueModel
from vs_toolkit.inputs.fields import (
    FRACTION,
    KEY,
    KNOWN,
    KNOWN_AFTER_MONTH,
    KNOWN_LATER,
    SHARED,
    SHOWN,
    Estimate,
    Refers,
    described,
    marks,
)
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.views import asof

WORDS: dict[Any, str] = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    date: "day",
    datetime: "time",
    Any: "formula or value",
}
INTRODUCTION = """\
# Data dictionary

Generated from the models; a test keeps it current:
`python -m vs_toolkit.inputs.tables.dictionary > data/README.md`.
`vs-toolkit check SOURCE` says, with file and line or cell, what does not fit.

## A source

A folder, or an Excel workbook. `VS_SOURCE` in the environment names the one that is read when none is named.

```
my_company/
  customers.csv  opportunities.csv  ...     any of the tables below, as .csv or .parquet
  cases/*.yaml                              business cases, one file each
  models/*.yaml                             value models of your own (optional)
```

A workbook (`.xlsx`) holds one sheet per table, named like the table; its first row names the columns. Cases
and models stand in the folders `cases/` and `models/` beside the workbook. Without a table of customers the
customers are those that cases and rows name. Files and sheets whose name begins with `_` are left out; any
other that is not a table is a problem, as is a column that nobody knows and a row that does not fit: no
report is made from data that has one.

CSV files are UTF-8, separated by commas. An empty cell means "not known", which is never taken as 0. Write
a *number* as 1250.5, without currency or thousands separators; a *fraction* as 0.08 or 8%; a *day* as
2026-06-30; a *time* as 2026-06-30T14:05:00 (with a zone it is taken to UTC, without one it stays as it is).
Amounts are in one currency per table, and per business case; nothing is converted.

## What is known on a day

{as_of}

## Who sees what

The customer edition of a report is made from what is marked *customer* alone; nothing else reaches its files.

## Tables
"""


def data_dictionary() -> str:
    """Describe every table and document: columns, types, keys, references, and who sees them."""
    rule = (asof.__doc__ or "").partition("\n\n")[2].replace("``", "`").strip()
    parts = [INTRODUCTION.format(as_of=rule)]
    parts += [_section(f"`{name}`", model) for name, model in TABLES.items()]
    parts.append("## Business case\n\nA YAML document; `templates/start` has one to start from.\n")
    parts += [_section(model.__name__, model) for model in _documents(BusinessCase)]
    parts.append(
        "## Value model\n\nA YAML document in `models/`, instantiated by `model:` and `numbers:` in a case.\n"
    )
    parts += [_section(model.__name__, model) for model in _documents(ValueModel) if model != Estimate]
    return "\n".join(parts)


def _section(title: str, model: type[BaseModel]) -> str:
    text = (getdoc(model) or "").partition("\n>>>")[0].strip().replace("``", "`")
    said = described(model)
    meaning = "| meaning " if said else ""
    head = f"| field | type | needed | seen by {meaning}|\n|---|---|---|---|{'---|' if said else ''}"
    rows = [_row(name, field, said) for name, field in model.model_fields.items()]
    return "\n".join([f"### {title}", "", text, "", head, *rows, ""])


def _row(name: str, field: FieldInfo, said: Mapping[str, str]) -> str:
    needed = "yes" if field.is_required() else ""
    seen = "customer" if SHOWN in marks(field) else "internal"
    row = f"| `{name}` | {kind(field)} | {needed} | {seen} |"
    return f"{row} {_meaning(field, said.get(name, ''))} |" if said else row


def _meaning(field: FieldInfo, text: str) -> str:
    declared = marks(field)
    notes = [text.replace("``", "`")]
    notes += ["Part of the key."] if KEY in declared else []
    notes += ["The row is seen from this day on."] if KNOWN in declared else []
    notes += ["The row is seen when this month is over."] if KNOWN_AFTER_MONTH in declared else []
    notes += ["The customer sees only rows in which it is true."] if SHARED in declared else []
    notes += ["Blank until the sales case is closed."] if KNOWN_LATER in declared else []
    notes += [f"Stands in `{mark.table}`." for mark in declared if isinstance(mark, Refers)]
    return " ".join(filter(None, notes))


def kind(field: FieldInfo) -> str:
    """Say in words what kind of value a field takes.

    >>> kind(TABLES["customers"].model_fields["wacc"]), kind(BusinessCase.model_fields["effects"])
    ('fraction', 'list of Effect')
    """
    word = _word(field.annotation)
    return FRACTION if FRACTION in marks(field) and word == "number" else word


def _word(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _word(inner[0])
    if origin is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in inner)
    if origin in (Union, types.UnionType):
        return " or ".join(_word(option) for option in inner if option is not type(None))
    if origin in (tuple, dict):
        return ("list of " if origin is tuple else "named ") + _word(inner[0 if origin is tuple else 1])
    return WORDS.get(annotation) or annotation.__name__


def _documents(model: type[BaseModel]) -> list[type[BaseModel]]:
    """Model of a document and all that it is made of, each once, in the order of their first use."""
    found = [model]
    for known in found:
        inner = (part for field in known.model_fields.values() for part in models_in(field.annotation))
        found += [part for part in dict.fromkeys(inner) if part not in found]
    return found


if __name__ == "__main__":
    print(data_dictionary(), end="")
