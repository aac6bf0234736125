"""Puts checked values into a notebook with their types, as one cell after its parameters cells.

The cell is written here and not by papermill, which turns tuples and keys of dicts into texts, refuses
days and Decimals, and stores values in the metadata of the notebook.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from vs_toolkit.batch.parameters.kinds import Kind
from vs_toolkit.batch.parameters.parameter import Parameter

TAG = "injected-parameters"


def inject(notebook: NotebookNode, declared: Sequence[Parameter], values: Mapping[str, Any]) -> NotebookNode:
    r"""Copy of a notebook with a cell that assigns the values, after its last parameters cell.

    What an earlier run injected is taken out. Without a parameters cell the new one stands on top, and what
    is there already stays.

    Parameters
    ----------
    notebook
        What is to run.
    declared
        Its parameters.
    values
        Values by name, converted by :func:`vs_toolkit.batch.parameters.check`.

    >>> from nbformat.v4 import new_notebook
    >>> from vs_toolkit.batch.parameters.cell import read_parameters
    >>> cell = new_code_cell("draws: int = 100", metadata={"tags": ["parameters"]})
    >>> given = inject(new_notebook(cells=[cell]), read_parameters(cell.source), {"draws": 5})
    >>> [cell.source for cell in given.cells]
    ['draws: int = 100', '# Set from outside\ndraws = 5']
    """
    has_own = any(_is_tagged(cell, "parameters") for cell in notebook.cells)
    cells = [cell for cell in notebook.cells if not (has_own and _is_tagged(cell, TAG))]
    if values:
        places = [place for place, cell in enumerate(cells, 1) if _is_tagged(cell, "parameters")]
        cells.insert(max(places, default=0), _cell(notebook, assignments(declared, values)))
    copy = NotebookNode(notebook)
    copy.cells = cells
    return copy


def _is_tagged(cell: NotebookNode, tag: str) -> bool:
    return cell.cell_type == "code" and tag in cell.metadata.get("tags", [])


def _cell(notebook: NotebookNode, lines: str) -> NotebookNode:
    cell: NotebookNode = new_code_cell(f"# Set from outside\n{lines}", metadata={"tags": [TAG]}, id=TAG)
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]  # cells have ids since version 4.5
    return cell


def assignments(declared: Sequence[Parameter], values: Mapping[str, Any]) -> str:
    r"""Write values as Python that gives them back with their types, a line each.

    It uses the names that the parameters cell uses. Texts are written as Python literals, so that nothing in
    a value is ever run.

    >>> from vs_toolkit.batch.parameters.cell import read_parameters
    >>> from datetime import date
    >>> day = read_parameters("import datetime as dt\nstart: dt.date = dt.date(2026, 6, 30)")
    >>> assignments(day, {"start": date(2026, 7, 1)})
    'start = dt.date(2026, 7, 1)'
    """
    by_name = {parameter.name: parameter for parameter in declared if parameter.name in values}
    return "\n".join(f"{name} = {_written(one.kind, values[name])}" for name, one in by_name.items())


def _written(kind: Kind, value: Any) -> str:
    if value is None:
        return "None"
    if kind.name == "dict":
        key, item = kind.parts
        return f"{{{', '.join(f'{_written(key, k)}: {_written(item, v)}' for k, v in value.items())}}}"
    if kind.name in ("list", "tuple"):
        items = [_written(*pair) for pair in zip(kind.of_items(len(value)), value, strict=True)]
        return (
            f"[{', '.join(items)}]" if kind.name == "list" else f"({''.join(f'{item}, ' for item in items)})"
        )
    return _single(kind, value)


def _single(kind: Kind, value: Any) -> str:
    if kind.name == "date":
        return f"{kind.written}({value.year}, {value.month}, {value.day})"
    if kind.name == "Decimal":
        return f"{kind.written}({str(value)!r})"
    if isinstance(value, float) and not math.isfinite(value):
        return f"float({str(value)!r})"
    return repr(value)
