"""Both notebooks are internal as a whole: in the customer edition nothing of them is left to run."""

import nbformat
import pytest

from tests.shared import ROOT
from vs_toolkit.inputs.tables import relationship
from vs_toolkit.inputs.views.editions import visible_columns
from vs_toolkit.reports import cut_for_edition


@pytest.mark.parametrize("name", ["relationship_npv", "relationship_allocation"])
def test_no_cell_is_left_in_the_customer_edition(name):
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    assert cut_for_edition(notebook, "customer").cells == []
    assert len(cut_for_edition(notebook, "internal").cells) == len(notebook.cells)


@pytest.mark.parametrize("table", relationship.TABLES)
def test_no_column_is_shown_to_the_customer(table):
    assert visible_columns(table, "customer") == []
