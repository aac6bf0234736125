"""Reference notebooks: the same bytes from every run, and no warning in them."""

import nbformat
import pytest
from click.testing import CliRunner
from nbformat.v4 import new_code_cell, new_notebook

from vs_toolkit.reports.canonical import canonical, main


@pytest.fixture
def notebook(tmp_path):
    cell = new_code_cell("import os\nprint([name for name in os.environ if name[:3] == 'VS_'])", id="env")
    cell.metadata = {"collapsed": True, "tags": ["hide"]}
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=[cell], metadata={"author": "x"}), path)
    return path


def test_a_notebook_is_written_once_and_then_stays_as_it_is(notebook, monkeypatch):
    monkeypatch.setenv("VS_SOURCE", "/elsewhere")
    run = CliRunner().invoke
    assert run(main, ["--check", str(notebook)]).exit_code == 1
    assert run(main, [str(notebook)]).output == "small.ipynb written\n"
    assert run(main, ["--check", str(notebook)]).exit_code == 0
    stored = nbformat.read(notebook, as_version=4)
    assert set(stored.metadata) == {"kernelspec", "language_info"}
    assert stored.cells[0].metadata == {"tags": ["hide"]}
    assert stored.cells[0].outputs[0].text == "[]\n"


def test_a_warning_in_a_reference_notebook_is_refused(tmp_path):
    cell = new_code_cell("import sys\nprint('careful', file=sys.stderr)", id="noisy")
    with pytest.raises(ValueError, match="cell noisy writes to stderr: careful"):
        canonical(new_notebook(cells=[cell]), tmp_path)
