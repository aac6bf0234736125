"""An executed notebook as one self-contained page: no code, no script, no network."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from vs_toolkit.shipped import shipped

if TYPE_CHECKING:
    from nbformat import NotebookNode

_LOCK = Lock()  # one exporter serves all threads of a batch, one after the other (about 10 ms each)
HIDDEN = {"parameters", "injected-parameters", "hide"}


def render_html(notebook: NotebookNode, title: str) -> str:
    """Write an executed notebook as HTML in the look of ``templates/report``.

    Parameters
    ----------
    notebook
        The executed notebook; it is not changed.
    title
        Title of the page, as the browser shows it.

    >>> from nbformat.v4 import new_markdown_cell, new_notebook
    >>> page = render_html(new_notebook(cells=[new_markdown_cell("# Worth it?")]), "A & B")
    >>> "<title>A &amp; B</title>" in page, "<h1" in page, "<script" in page
    (True, True, False)
    """
    with _LOCK:
        page: str = _exporter().from_notebook_node(notebook, {"report_title": title})[0]
    return page


@cache
def _exporter() -> Any:
    # Imported here because it takes half a second, and a notebook that only shows tables never needs it.
    from nbconvert.exporters import HTMLExporter, TemplateExporter
    from traitlets.config import Config

    class Page(HTMLExporter):
        """Leaves out that the stock exporter parses and rewrites the finished page: 95 % of the time."""

        from_notebook_node = TemplateExporter.from_notebook_node

    config = Config({"TagRemovePreprocessor": {"enabled": True, "remove_cell_tags": HIDDEN}})
    return Page(  # type: ignore[no-untyped-call]
        config=config,
        default_preprocessors=["nbconvert.preprocessors.TagRemovePreprocessor"],
        template_name="report",
        extra_template_basedirs=[str(shipped("templates"))],
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
