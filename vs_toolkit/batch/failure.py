"""Why a report failed, in one line that is always there: which exception, in which cell."""

from __future__ import annotations

import re

from nbformat import NotebookNode

from vs_toolkit.texts import visible

MOST_TOLD = 5_000  # characters of a reason; the partial notebook has all of it
EXPECTED = "raises-exception"  # tag of a cell that is meant to fail
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def shortened(text: str, most: int = MOST_TOLD) -> str:
    """Cut a text that is too long.

    >>> shortened("a long reason", 7)
    'a long…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def reason(error: BaseException) -> str:
    r"""Name an exception with the first line of what it says.

    >>> reason(ValueError("no such column\nlines of details")), reason(KeyError())
    ('ValueError: no such column', 'KeyError')
    """
    return named(type(error).__name__, str(error).partition("\n")[0])


def named(kind: str, text: str) -> str:
    """Join the name of an exception and what it says, whichever there is."""
    said = visible(ESCAPES.sub("", text).strip())
    return shortened(f"{kind}: {said}" if kind and said else kind or said or "no reason given")


def failing_cell(notebook: NotebookNode) -> tuple[NotebookNode, str] | None:
    """Find the first cell that failed without being meant to, with the reason.

    >>> from nbformat.v4 import new_code_cell, new_notebook, new_output
    >>> error = new_output("error", ename="ValueError", evalue="no", traceback=[])
    >>> failing_cell(new_notebook(cells=[new_code_cell("f()", outputs=[error])]))[1]
    'ValueError: no'
    """
    for cell in notebook.cells:
        if EXPECTED in cell.metadata.get("tags", []):
            continue
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return cell, named(output.ename, output.evalue)
        if cell.metadata.get("papermill", {}).get("exception"):
            return cell, named("", _last_words(cell))
    return None


def _last_words(cell: NotebookNode) -> str:
    """IPython tells of an unknown magic on stderr only."""
    lines = "".join(
        output.text for output in cell.get("outputs", []) if output.get("name") == "stderr"
    ).splitlines()
    return lines[-1] if lines else ""
