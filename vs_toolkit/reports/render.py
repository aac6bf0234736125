"""An executed notebook as one self-contained page: no code, no script, no network."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from vs_toolkit.reports.contents import Contents
from vs_toolkit.reports.html import csp_hash
from vs_toolkit.shipped import shipped
from vs_toolkit.texts import only_text

if TYPE_CHECKING:
    from nbformat import NotebookNode

_LOCK = Lock()  # the template is made once, for all threads of a batch
ALL_CONTENT = {  # what the templates of nbconvert ask for
    "include_code": True,
    "include_markdown": True,
    "include_raw": False,
    "include_unknown": False,
    "include_input": False,
    "include_output": True,
    "include_output_stdin": False,
    "include_input_prompt": False,
    "include_output_prompt": False,
    "no_prompt": True,
}
HIDDEN = {"parameters", "injected-parameters", "hide"}


def render_html(
    notebook: NotebookNode,
    title: str,
    running_head: str = "",
    contents: Contents | None = None,
) -> str:
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
    contents
        Writes what cells show; afterwards it knows what could not be shown. In an internal edition, warnings
        and other messages of the notebook stand folded at the end of the page.

    Raises
    ------
    OverdueError
        If it takes longer than ``contents`` allows.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> page = render_html(new_notebook(cells=[new_markdown_cell("# Worth it?")]), "A & B")
    >>> "<title>A &amp; B</title>" in page, "<h1" in page, "<script" in page
    (True, True, False)
    """
    contents = contents or Contents()
    style = f"\n{_style()}\n{running(running_head or title)}\n"
    resources = {
        "report_title": title,
        "style": style,
        "style_hash": csp_hash(style),
        "contents": contents,
        "notes": contents.messages if contents.internal else [],
        "global_content_filter": ALL_CONTENT,
    }
    shown = contents.prepared(notebook, HIDDEN)
    return only_text(_template().render(nb=shown, resources=resources).lstrip("\r\n"))


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


def _template() -> Any:
    with _LOCK:
        return _exporter().template


@cache
def _exporter() -> Any:
    # Imported here because it takes half a second, and a notebook that only shows tables never needs it.
    from nbconvert.exporters import HTMLExporter

    return HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="report",
        extra_template_basedirs=[str(shipped("templates"))],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
