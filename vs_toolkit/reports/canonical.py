"""Notebooks whose outputs anyone can make again to the byte (``python -m vs_toolkit.reports.canonical``)."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

SAFE = 2**53  # beyond it, a browser does not keep whole numbers
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def canonical(notebook: NotebookNode, folder: Path) -> str:
    """Run a notebook in its folder and return its text without anything that differs from run to run.

    Raises whatever stops a cell, and ValueError if a cell writes to stderr: a reference notebook is quiet.
    Kernels get no ``VS_`` variable, so that the source is the one that comes with the project.
    """
    client = NotebookClient(
        notebook,
        record_timing=False,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],  # no warning that it listens on a port of this machine
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("VS_")}
    asyncio.run(client.async_execute(env=env))  # which closes its event loop, also in a thread
    return written(notebook)


def written(notebook: NotebookNode) -> str:
    """Write a notebook without what saving it in an editor adds: metadata, and the number format of browsers.

    >>> from nbformat.v4 import new_notebook
    >>> opened = new_notebook(metadata={"language_info": {"name": "python", "version": "3.13.0"}})
    >>> written(opened) == written(new_notebook())
    True
    """
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        for output in cell.get("outputs", ()):
            _quiet(cell.id, output)
    return str(nbformat.writes(_whole(notebook))) + "\n"


def _whole(value: Any) -> Any:
    """Write whole numbers without a point, which is all that a browser knows: ``0.0`` comes back as ``0``."""
    if isinstance(value, dict):
        return type(value)({key: _whole(item) for key, item in value.items()})
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < SAFE else value


def _quiet(cell: str, output: NotebookNode) -> None:
    """Drop what an output says about itself; refuse warnings."""
    if output.get("name") == "stderr":
        raise ValueError(f"cell {cell} writes to stderr: {output.text}")
    if "metadata" in output:
        output.metadata = nbformat.from_dict({})


def refresh(path: Path, check: bool) -> bool:
    """Run one notebook; return whether its stored content differs, and store the new text unless ``check``.

    Saving it in JupyterLab changes its text, not its content.
    """
    stored = path.read_text(encoding="utf-8")
    as_stored = written(nbformat.reads(stored, as_version=4))
    fresh = canonical(nbformat.reads(stored, as_version=4), path.parent)
    if fresh != stored and not check:
        path.write_text(fresh, encoding="utf-8")
    return fresh != (as_stored if check else stored)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a notebook would change.")
@click.argument(
    "notebooks", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def main(check: bool, notebooks: Iterable[Path]) -> None:
    """Run NOTEBOOKS and store their outputs canonically."""
    paths = list(notebooks)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # the work is in the kernels, one for each thread
        differs = list(pool.map(lambda path: refresh(path, check), paths))
    changed = [path for path, different in zip(paths, differs, strict=True) if different]
    for path in changed:
        click.echo(f"{path.name} {'differs from a fresh run' if check else 'written'}")
    sys.exit(1 if check and changed else 0)


if __name__ == "__main__":
    main()
