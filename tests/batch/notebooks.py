"""Tiny notebooks for the tests of the batch."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = """\
customer: str = "C001"  # id of the customer
as_of: str = "2026-06-30"  # date; the later data is ignored
edition: str = "internal"  # internal | customer
factor: float = 2.0  # 0..10; multiplies"""


def code(source, *tags):
    return new_code_cell(source, metadata={"tags": list(tags)})


def notebook(*sources, parameters=PARAMETERS):
    """A notebook with a title, a parameters cell and one code cell per source."""
    cells = [new_markdown_cell("# A test"), code(parameters, "parameters"), *map(code, sources)]
    return new_notebook(cells=cells)


def saved(path, *sources, parameters=PARAMETERS):
    """The same, as a file."""
    nbformat.write(notebook(*sources, parameters=parameters), path)
    return path
