"""The notebooks a batch runs: ours by name, or anybody's by path, cut for the edition."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vs_toolkit.batch.ledger import digest
from vs_toolkit.batch.parameters import Parameter, read_parameters
from vs_toolkit.errors import ParameterError, VsToolkitError
from vs_toolkit.inputs.names import unsafe_part
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.reports import cut_for_edition
from vs_toolkit.shipped import shipped

COVER = "index"  # name, without ending, of the page in a customer's folder that joins its reports


@dataclass(frozen=True)
class Notebook:
    """A notebook as it is run for one edition, without the outputs it was stored with.

    ``document`` is its text, ``folder`` where it lies and its kernel starts, ``files`` the Python files
    beside it (text by name), ``digest`` a hash of its cells and of those files, ``hint`` what
    about it is perhaps not meant so.
    """

    name: str
    folder: str
    document: str
    parameters: tuple[Parameter, ...]
    files: Mapping[str, str]
    digest: str
    hint: str = ""

    def takes(self, parameter: str) -> bool:
        """Whether a parameter of that name can be set."""
        return any(declared.name == parameter and not declared.fixed for declared in self.parameters)

    @property
    def is_empty(self) -> bool:
        """Whether the edition may have none of its cells."""
        return not nbformat.reads(self.document, as_version=4).cells


GUIDE = "start_here"


def find_notebooks(names: Sequence[str]) -> tuple[Path, ...]:
    """Find notebooks by name or path; without any, all of ours but the guide for newcomers.

    Raises
    ------
    ParameterError
        If there is none of that name, two have the same, or one has a name that no report could have.

    >>> find_notebooks(["no_such"])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    vs_toolkit.errors.ParameterError: there is no notebook 'no_such'; ...
    """
    ours = {path.stem: path for path in sorted(shipped("notebooks").glob("*.ipynb"))}
    found = tuple(_find(name, ours) for name in names or sorted(ours.keys() - {GUIDE}))
    stems = [path.stem for path in found]
    _refuse_unsafe(stems)
    alike = Counter(map(_folded, stems))
    if twice := {stem for stem in stems if alike[_folded(stem)] > 1}:
        raise ParameterError(
            f"two notebooks are named {', '.join(sorted(twice))}: their reports would overwrite each other"
        )
    if any(stem.lower() == COVER for stem in stems):
        raise ParameterError(
            f"a notebook cannot be named {COVER}: its report would replace the customer's cover page; "
            "rename the file"
        )
    return found


def _folded(stem: str) -> str:
    """What some file systems take for the same name."""
    return unicodedata.normalize("NFKC", stem).casefold()


def _refuse_unsafe(stems: Sequence[str]) -> None:
    """A report bears the name of its notebook, on whatever system it is read."""
    for stem in stems:
        if part := unsafe_part(stem):
            raise ParameterError(
                f"the notebook {stem[:80]!r} has {part} in its name: rename it, as its reports are called so"
            )


def _find(name: str, ours: dict[str, Path]) -> Path:
    if name in ours:
        return ours[name]
    if Path(name).is_file():
        return Path(name).resolve()
    raise ParameterError(f"there is no notebook {name!r}; {did_you_mean(name, ours)}, or give a path")


def load_notebook(path: Path, edition: str) -> Notebook:
    """Read a notebook and prepare it for an edition.

    Raises
    ------
    VsToolkitError
        If the file is not a Python notebook.
    ParameterError
        If its parameters cannot be used.
    """
    node = cut_for_edition(_read(path), edition)
    parameters = _parameters(node, path.name)
    files = {file.name: _text(file) for file in sorted(path.parent.glob("*.py"))}
    return Notebook(
        path.stem,
        str(path.parent),
        nbformat.writes(node),
        parameters,
        files,
        _digest(node, files),
        _hint(node, parameters, path.name),
    )


def _hint(node: NotebookNode, parameters: Sequence[Parameter], file: str) -> str:
    """Say why a notebook makes one report on the company, where that may not be meant."""
    if not node.cells:
        return ""
    tags = sorted({tag for cell in node.cells for tag in _tags(cell)})
    alone = "it makes one report, on the company"
    if not any("parameters" in _tags(cell) for cell in node.cells):
        near = difflib.get_close_matches("parameters", [tag.lower() for tag in tags], n=1, cutoff=0.8)
        tag = next((tag for tag in tags if [tag.lower()] == near), "")
        if tag:
            raise ParameterError(f"{file}: a cell is tagged {tag!r}; the tag is written 'parameters'")
        return f"{file}: no cell is tagged parameters: {alone}"
    names = [one.name for one in parameters if not one.fixed]
    near = difflib.get_close_matches("customer", names, n=1, cutoff=0.6)
    if "customer" not in names and near:
        return f"{file}: no parameter is called customer (there is {near[0]}): {alone}"
    return ""


def _parameters(node: NotebookNode, file: str) -> tuple[Parameter, ...]:
    code = [cell for cell in node.cells if cell.cell_type == "code"]
    places = [place for place, cell in enumerate(code) if "parameters" in _tags(cell)]
    before = [cell.source for cell in code[: places[-1]]] if places else []
    return read_parameters(*(code[place].source for place in places), before=before, file=file)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise VsToolkitError(f"{file}, which lies beside the notebook, cannot be read: {error}") from error


def _read(path: Path) -> NotebookNode:
    try:
        node: NotebookNode = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises whatever its parts raise
        raise VsToolkitError(f"{path} is not a notebook: {error}") from error
    if not node.cells:
        raise VsToolkitError(f"{path} has no cells")
    language = node.metadata.get("kernelspec", {}).get("language") or node.metadata.get(
        "language_info", {}
    ).get("name", "python")
    if not str(language).lower().startswith(("python", "ipython")):
        raise VsToolkitError(f"{path} is written in {language}; reports are made from Python notebooks")
    return node


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def _digest(node: NotebookNode, files: Mapping[str, str]) -> str:
    cells = [(cell.cell_type, cell.source, _tags(cell)) for cell in node.cells]
    return digest([cells, list(files.items())])
