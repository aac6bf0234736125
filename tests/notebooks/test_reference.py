"""The stored notebooks: short, quiet, reproducible, and with nothing that nbval would pass over."""

import ast
import re

import nbformat
import pytest

from tests.shared import ROOT
from vs_toolkit import reports
from vs_toolkit.batch.parameters import read_parameters

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LEAKS = {
    "address": r"\b0x[0-9a-f]{6,}",
    "path": r"/(?:home|root|tmp|Users|work|usr|opt)/|[A-Z]:\\\\",
    "clock time": r"\b\d{1,2}:\d{2}:\d{2}\b",
}


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", ())]


def test_there_are_notebooks():
    assert "business_impact" in {path.stem for path in PATHS}


def test_every_cell_has_run_in_order(notebook):
    assert [cell.execution_count for cell in code(notebook)] == list(range(1, len(code(notebook)) + 1))


def test_every_cell_after_the_imports_shows_something(notebook):
    """A cell without output would be run by nbval and compared with nothing."""
    assert [cell.id for cell in code(notebook)[2:] if not cell.outputs] == []


def test_no_cell_is_left_out_of_the_comparison(notebook):
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", ())}
    assert tags <= {"parameters", "internal", "hide", "nbval-ignore-output"}
    assert "NBVAL_" not in str(notebook)


def test_a_cell_that_is_not_compared_shows_only_drawings(notebook):
    for cell in tagged(notebook, "nbval-ignore-output"):
        assert all(output.data["text/html"].startswith("<figure") for output in cell.outputs)


def test_outputs_are_quiet(notebook):
    kinds = {(output.output_type, output.get("name")) for cell in code(notebook) for output in cell.outputs}
    assert kinds <= {("display_data", None), ("execute_result", None), ("stream", "stdout")}


@pytest.mark.parametrize("leak", LEAKS)
def test_nothing_of_the_machine_is_stored(path, leak):
    assert re.findall(LEAKS[leak], path.read_text(encoding="utf-8")) == []


def test_parameters_are_annotated_literals_each_with_a_comment(notebook):
    (cell,) = tagged(notebook, "parameters")
    body = ast.parse(cell.source).body
    assert all(isinstance(line, ast.AnnAssign) and ast.literal_eval(line.value) is not ... for line in body)
    assert all("  # " in line for line in cell.source.splitlines())


def test_what_a_parameter_may_be_is_checked_before_a_kernel_starts(notebook):
    (cell,) = tagged(notebook, "parameters")
    for parameter in read_parameters(cell.source):
        assert parameter.unit and parameter.meaning, parameter.name
        assert ".." in parameter.unit or parameter.type not in ("int", "float"), parameter.name


def test_metadata_is_canonical(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert {key for cell in notebook.cells for key in cell.metadata} <= {"tags"}
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in ids)


def test_a_notebook_tells_a_story_and_computes_elsewhere(notebook):
    cells = code(notebook)
    assert len(cells) <= 15
    assert max(len(cell.source.splitlines()) for cell in cells) <= 12
    banned = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda, ast.If)
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell.source))]
    assert not [node for node in nodes if isinstance(node, banned)]


def test_a_notebook_is_small(path):
    assert path.stat().st_size < 200_000


def test_key_figures_are_stated_once(notebook):
    calls = [cell for cell in code(notebook) if "reports.key_figures(" in cell.source]
    assert len(calls) == 1
    assert reports.read_key_figures(notebook)


def test_the_last_word_is_the_colophon(notebook):
    assert "reports.colophon(" in notebook.cells[-1].source


def test_the_customer_edition_names_nothing_internal(notebook):
    cut = reports.cut_for_edition(notebook, "customer")
    source = "\n".join(cell.source for cell in cut.cells)
    assert not re.findall(r"provider_wacc|price_corridor|compare_schemes|required_margin|\bfloor\b", source)
