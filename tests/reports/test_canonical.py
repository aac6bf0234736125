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


def test_saving_in_jupyterlab_without_a_change_is_no_difference(tmp_path):
    """Language details are filled in, and a browser writes 0.0 as 0 and 1e21 as it was."""
    source = "from vs_toolkit import reports\nreports.key_figures(a=(0.0, 'EUR', 'A'), b=(0.5, 'EUR', 'B'))"
    path = tmp_path / "small.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source, id="figures")]), path)
    run = CliRunner().invoke
    assert run(main, [str(path)]).output == "small.ipynb written\n"
    stored = path.read_text()
    saved = nbformat.reads(stored, as_version=4)
    saved.metadata.language_info |= {"version": "3.13.0", "codemirror_mode": {"name": "ipython"}}
    saved.cells[0].metadata = {"editable": True, "slideshow": {"slide_type": ""}}
    path.write_text(nbformat.writes(saved).replace("0.0", "0"))
    assert path.read_text() != stored
    checked = run(main, ["--check", str(path)])
    assert (checked.output, checked.exit_code) == ("", 0)
    saved.cells[0].outputs[0].data["text/plain"] = "other"
    nbformat.write(saved, path)
    assert run(main, ["--check", str(path)]).exit_code == 1
