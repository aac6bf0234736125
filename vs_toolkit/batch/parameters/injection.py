"""Puts checked values into a notebook: in the parameters cells, in the place of the defaults.

So whatever the cells compute from a parameter is computed from the value that was given. The cells are
changed here and not by papermill, which turns tuples and keys of dicts into texts, refuses dates and
Decimals, and stores values in the metadata of the notebook.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from nbformat import NotebookNode

from vs_toolkit.batch.parameters.declared import Parameter, plain_python, target

TAG = "parameters"
INJECTED = "injected-parameters"


def inject(notebook: NotebookNode, declared: Sequence[Parameter], values: Mapping[str, Any]) -> NotebookNode:
    r"""Copy a notebook with values in the place of the defaults in its parameters cells.

    A cell that papermill injected in an earlier run is left out, if there are parameters cells.

    Parameters
    ----------
    notebook
        What is to run.
    declared
        Its parameters.
    values
        Values by name, converted by :func:`vs_toolkit.batch.parameters.check`.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> from vs_toolkit.batch.parameters.declared import read_parameters
    >>> source = "draws: int = 100  # 1..500\nhalf = draws / 2"
    >>> cell = new_code_cell(source, metadata={"tags": ["parameters"]})
    >>> given = inject(new_notebook(cells=[cell]), read_parameters(cell.source), {"draws": 5})
    >>> print(given.cells[0].source)
    draws: int = 5  # 1..500
    half = draws / 2
    """
    texts = {one.name: written(values[one.name], one.names) for one in declared if one.name in values}
    has_own = any(is_tagged(cell, TAG) for cell in notebook.cells)
    copy = NotebookNode(notebook)
    copy.cells = [
        NotebookNode({**cell, "source": replaced(cell.source, texts)}) if is_tagged(cell, TAG) else cell
        for cell in notebook.cells
        if not (has_own and is_tagged(cell, INJECTED))
    ]
    return copy


def is_tagged(cell: NotebookNode, tag: str) -> bool:
    """Whether a code cell has a tag."""
    return cell.cell_type == "code" and tag in cell.metadata.get("tags", [])


def replaced(source: str, texts: Mapping[str, str]) -> str:
    r"""Write expressions in the place of what a cell assigns to names; the rest stays as it is.

    >>> replaced("a = [1,\n 2]  # é; numbers\nb = 'é'; c = 3", {"a": "[]", "c": "4"})
    "a = []  # é; numbers\nb = 'é'; c = 4"
    """
    lines = source.encode().splitlines(keepends=True)  # columns are counted in bytes
    for node in reversed(ast.parse(plain_python(source)).body):
        if (
            not isinstance(node, ast.Assign | ast.AnnAssign)
            or node.value is None
            or target(node) not in texts
        ):
            continue
        value = node.value
        first, last = value.lineno - 1, (value.end_lineno or value.lineno) - 1
        before, after = lines[first][: value.col_offset], lines[last][value.end_col_offset :]
        lines[first : last + 1] = [before + texts[target(node)].encode() + after]
    return b"".join(lines).decode()


def assignments(declared: Sequence[Parameter], values: Mapping[str, Any]) -> str:
    r"""Write values as Python that gives them back with their types, a line each.

    Values are written as literals, with the names that the parameters cell uses for dates and decimals, so
    that nothing in a value is ever run.

    >>> from vs_toolkit.batch.parameters.declared import read_parameters
    >>> day = read_parameters("import datetime as dt\nstart: dt.date = dt.date(2026, 6, 30)")
    >>> assignments(day, {"start": date(2026, 7, 1)})
    'start = dt.date(2026, 7, 1)'
    """
    given = [parameter for parameter in declared if parameter.name in values]
    return "\n".join(f"{one.name} = {written(values[one.name], one.names)}" for one in given)


def written(value: Any, names: Mapping[type, str]) -> str:
    """Write a value as an expression, with the names of the types of dates and decimals.

    >>> written({"a": [date(2026, 7, 1)], "b": (1.0,)}, {date: "dt.date"})
    "{'a': [dt.date(2026, 7, 1)], 'b': (1.0,)}"
    """
    match value:
        case dict():
            return f"{{{', '.join(f'{written(k, names)}: {written(v, names)}' for k, v in value.items())}}}"
        case list():
            return f"[{', '.join(written(item, names) for item in value)}]"
        case tuple():
            return f"({''.join(f'{written(item, names)}, ' for item in value)}".removesuffix(" ") + ")"
        case date():
            return f"{names.get(date, 'date')}({value.year}, {value.month}, {value.day})"
        case Decimal():
            return f"{names.get(Decimal, 'Decimal')}({str(value)!r})"
        case float() if not math.isfinite(value):
            return f"float({str(value)!r})"
    return repr(value)
