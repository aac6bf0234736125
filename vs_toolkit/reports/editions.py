"""Which cells of a notebook an edition may have; what it may not have is gone before anything runs."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from vs_toolkit.errors import ParameterError

if TYPE_CHECKING:
    from nbformat import NotebookNode

EDITIONS = ("internal", "customer")
INTERNAL = "internal"


def cut_for_edition(notebook: NotebookNode, edition: str) -> NotebookNode:
    """Copy of a notebook ready to be run for an edition: without internal cells, and without any old output.

    Raises
    ------
    ParameterError
        If there is no such edition.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> floor = new_code_cell("price_floor", metadata={"tags": ["internal"]})
    >>> len(cut_for_edition(new_notebook(cells=[floor]), "customer").cells)
    0
    """
    if edition not in EDITIONS:
        raise ParameterError(f"there is no edition {edition!r}; write one of {', '.join(EDITIONS)}")
    cut = deepcopy(notebook)
    if edition != INTERNAL:
        cut.cells = [cell for cell in cut.cells if INTERNAL not in cell.metadata.get("tags", ())]
    for cell in cut.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return cut
