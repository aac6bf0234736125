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

A folder, an Excel workbook (also the filled form that `vs-toolkit form` makes), the address of a database
(`postgresql+psycopg://user@server/database`, `sqlite:///file.db`), or a YAML file that names a database
(`url`) and, if wanted, a query for each table (`tables`). `VS_SOURCE` in the environment names the one that
is read when none is named.

```
my_company/
  customers.csv  opportunities.xlsx  ...    any of the tables below: .csv .tsv .txt .xlsx .parquet
  cases/*.yaml  cases/*.xlsx                business cases, one file each (.xlsx: a filled form)
  models/*.yaml                             value models of your own (optional)
```

A workbook holds one sheet per table, named like the table. Cases and models stand in the folders `cases/`
and `models/` beside it. Without a table of customers the customers are those that cases and rows name.
Files and sheets whose name begins with `_` are left out. A row that does not fit is a problem: no report is
made from data that has one. `vs-toolkit check` also lists *warnings*: what is used and looks wrong
(`--strict` fails on them).

How files are read (`vs-toolkit check` says what was decided on each):

- Encoding (UTF-8, UTF-16, Windows-1252), separator (comma, semicolon, tab, `|`) and the row that names the
  columns are found; titles above it, totals, repeated headers and the footer of a report are left out by
  name.
- Names of files, sheets and columns are compared without case, blanks, hyphens and underscores.
- An empty cell means "not known", which is never taken as 0; only an empty cell does ("NA" is a name). Ids
  are text.
- The decimal mark and the order of day and month are decided for each column. `12.500` or `03/04/2026`
  alone is refused with both readings. A *fraction* is 0.08 or 8%; a *day* 2026-06-30; a *time*
  2026-06-30T14:05:00 (with a zone it is taken to UTC, without one it stays as it is).
- Formulas without a stored result, error cells (`#N/A`), sideways merged cells and hidden sheets are
  refused; cells merged downwards are filled down; hidden rows are read, with a warning.

Amounts are in one currency per table, and per business case; nothing is converted (`vs-toolkit import
--rates` converts on import).

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
