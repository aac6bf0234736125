"""An executed notebook as one self-contained page: no code, no script, no network."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from vs_toolkit.reports.harmless import harmless
from vs_toolkit.reports.html import csp_hash, lab_style
from vs_toolkit.shipped import shipped
from vs_toolkit.texts import only_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

_LOCK = Lock()  # one exporter serves all threads of a batch, one after the other (about 10 ms each)
HIDDEN = {"parameters", "injected-parameters", "hide"}


def render_html(notebook: NotebookNode, title: str, running_head: str = "") -> str:
    """Write an executed notebook as HTML in the look of ``templates/report``.

    Whatever cells show comes in through :func:`vs_toolkit.reports.harmless.harmless`; characters that are no
    text (NUL, escape) are shown as the sign for that.

    Parameters
    ----------
    notebook
        The executed notebook; it is not changed.
    title
        Title of the page, as the browser shows it.
    running_head
        Line above every printed page; empty: the title.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> page = render_html(new_notebook(cells=[new_markdown_cell("# Worth it?")]), "A & B")
    >>> "<title>A &amp; B</title>" in page, "<h1" in page, "<script" in page
    (True, True, False)
    """
    style = f"\n{_style()}\n{running(running_head or title)}\n"
    resources = {"report_title": title, "style": style, "style_hash": csp_hash(style)}
    with _LOCK:
        page: str = _exporter().from_notebook_node(_shown(notebook), resources)[0]
    return only_text(page)


def _shown(notebook: NotebookNode) -> NotebookNode:
    cells = [cell for cell in notebook.cells if HIDDEN.isdisjoint(cell.metadata.get("tags", ()))]
    return type(notebook)({**notebook, "cells": cells})


def running(head: str) -> str:
    r"""Rule that prints a line above every page; all but letters and digits is written as its code point.

    >>> running('A "b"')
    '@page { @top-left { content: "A\\20 \\22 b\\22 "; } }'
    """
    written = "".join(sign if sign.isalnum() and sign.isascii() else f"\\{ord(sign):x} " for sign in head)
    return f'@page {{ @top-left {{ content: "{written}"; }} }}'


@cache
def _style() -> str:
    return shipped("templates", "report", "report.css").read_text(encoding="utf-8").rstrip("\n")


@cache
def _exporter() -> Any:
    # Imported here because it takes half a second, and a notebook that only shows tables never needs it.
    from nbconvert.exporters import HTMLExporter, TemplateExporter

    class Page(HTMLExporter):
        """Leaves out that the stock exporter parses and rewrites the finished page: 95 % of the time.

        Nothing changes the notebook either, so that it need not be copied for each step.
        """

        from_notebook_node = TemplateExporter.from_notebook_node

        def _preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
            return nb, resources

    page = Page(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=[str(shipped("templates"))],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    page.register_filter("harmless", _in_page)  # type: ignore[no-untyped-call]
    return page


def _in_page(shown: object) -> str:
    """Let through what a cell shows, without the look that is meant for JupyterLab."""
    return harmless(str(shown).removeprefix(lab_style()))
