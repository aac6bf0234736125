"""What the cells of one notebook show, made ready for its page: nothing is lost without a word.

What lives from scripts is replaced by a picture, where there is one, or by a sentence; pictures that lie
beside the notebook, or are attached to a cell, are embedded; what was written to stderr is collected.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from html import escape, unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from vs_toolkit.reports.harmless import harmless
from vs_toolkit.reports.html import lab_style
from vs_toolkit.reports.key_figures import MIME
from vs_toolkit.reports.markdown import formula, markdown

SCRIPTED = {  # data that only a script can draw, by the beginning of its type
    "application/vnd.plotly": "interactive chart (Plotly)",
    "application/vnd.vega": "interactive chart (Altair)",
    "application/vnd.bokeh": "interactive chart (Bokeh)",
    "application/vnd.holoviews": "interactive chart (HoloViews)",
    "application/vnd.jupyter.widget": "interactive widget",
    "application/javascript": "script",
    "text/vnd.mermaid": "diagram (Mermaid)",
}
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
SHOWN = ("text/html", *PICTURES, "text/markdown", "text/latex", "text/plain")
TYPES = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "gif": "gif", "webp": "webp"}
MOST_PICTURE = 10 * 2**20  # bytes
ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
ACTIVE = re.compile(r"<(script|iframe|object|embed|canvas|video|audio)\b", re.I)
IMAGE = re.compile(r"<img\b[^<>]*>", re.I)
SOURCE = re.compile(r"""\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
NOT_SHOWN = "Not shown on this page: {}. Open the notebook in JupyterLab to see it."


class OverdueError(Exception):
    """The page took longer to write than there was time."""


class MissingAttachmentError(ValueError):
    """A cell shows a picture that is not in the notebook."""


@dataclass
class Contents:
    """Writes what cells show, and remembers what it could not show.

    ``folder`` is where the notebook lies (empty: pictures beside it are out of reach), ``until`` the moment
    (monotonic seconds) until which the page must be ready. An edition that is not ``internal`` shows no
    errors: what they say may be internal.
    """

    folder: str = ""
    until: float = float("inf")
    internal: bool = True
    remarks: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    number: int = 0  # of the code cell under way

    def prepared(self, notebook: NotebookNode, hidden: Set[str] = frozenset()) -> NotebookNode:
        """Copy a notebook with its outputs as the page shows them, without cells with a ``hidden`` tag."""
        cells = [self._cell(NotebookNode(cell), hidden) for cell in notebook.cells]
        return NotebookNode({**notebook, "cells": [cell for cell in cells if cell is not None]})

    def _cell(self, cell: NotebookNode, hidden: Set[str]) -> NotebookNode | None:
        self.number += cell.cell_type == "code"
        if not hidden.isdisjoint(cell.metadata.get("tags", ())):
            return None
        if cell.cell_type == "code":
            cell.outputs = [shown for output in _joined(cell.outputs) for shown in self._output(output)]
        return cell

    def _output(self, output: NotebookNode) -> Iterator[NotebookNode]:
        if output.output_type == "stream" and output.name == "stderr":
            if text := plain(output.text).strip():
                self.messages.append(text)
        elif output.output_type == "error" and not self.internal:
            return
        elif output.output_type in ("display_data", "execute_result"):
            yield NotebookNode({**output, "data": self._data(output.data)})
        else:
            yield output

    def _data(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Choose what is shown of an output that comes in several forms."""
        scripted = next(
            (name for mime in data for start, name in SCRIPTED.items() if mime.startswith(start)), ""
        )
        html = str(data.get("text/html", ""))
        if not scripted and (found := ACTIVE.search(html)):
            scripted = _drawn_by(html, found[1])
            if _words(harmless(html)):  # such as a table that a script would only sort
                self.remark(f"{scripted} left out")
                return dict(data)
        known = {mime: data[mime] for mime in SHOWN if mime in data}
        if not scripted and (known or not data or MIME in data):
            return dict(data) if MIME in data else known
        if picture := next((mime for mime in PICTURES if mime in data), ""):
            return {picture: data[picture]}
        if drawing := _static(data):
            return {"image/svg+xml": drawing}
        what = scripted or f"content of type {escape(next(iter(data)))}"
        self.remark(f"{what} not shown")
        return {"text/html": f'<p class="note">{NOT_SHOWN.format(what)}</p>'}

    def remark(self, text: str) -> None:
        """Note what is not shown, by the cell that shows it."""
        self.remarks.append(f"code cell {self.number}: {text}")

    def text(self, text: str) -> str:
        """Write what was printed."""
        self._check()
        return escape(plain(text))

    def html(self, markup: object) -> str:
        """Write HTML of an output, or of Markdown."""
        self._check()
        return harmless(self._with_pictures(str(markup).removeprefix(lab_style()), {}))

    def markdown(self, text: str, attachments: Mapping[str, Any] | None = None) -> str:
        """Write Markdown of a cell or an output."""
        self._check()
        return harmless(self._with_pictures(markdown(str(text)), attachments or {}))

    def latex(self, text: str) -> str:
        """Write a formula."""
        self._check()
        source = text.strip()
        for begin, end in (("$$", "$$"), (r"\[", r"\]"), ("$", "$")):
            if source.startswith(begin) and source.endswith(end) and len(source) > len(begin + end):
                return harmless(formula(source[len(begin) : -len(end)].replace(r"\displaystyle", "")))
        return harmless(formula(source))

    def _check(self) -> None:
        if time.monotonic() > self.until:
            raise OverdueError

    def _with_pictures(self, markup: str, attachments: Mapping[str, Any]) -> str:
        """Take pictures from beside the notebook, or from the cell, into the page."""
        if "<img" not in markup.lower():
            return markup
        return IMAGE.sub(lambda tag: self._picture(tag[0], attachments), markup)

    def _picture(self, tag: str, attachments: Mapping[str, Any]) -> str:
        found = SOURCE.search(tag)
        source = unescape(next(filter(None, found.groups()), "")) if found else ""
        if not found or not source or source.startswith("data:"):
            return tag
        if source.startswith("attachment:"):
            data = _attached(attachments, source.removeprefix("attachment:"))
        else:
            data = "" if "://" in source or source.startswith("//") else self._beside(source)
        if not data:
            self.remarks.append(f"picture {source[:200]} not shown")
            return tag
        return data if data.startswith("<svg") else f'{tag[: found.start()]}src="{data}"{tag[found.end() :]}'

    def _beside(self, source: str) -> str:
        """Read a picture in the folder of the notebook or below; nothing else can be read by this way."""
        if not self.folder:
            return ""
        folder = Path(self.folder).resolve()
        try:
            path = (folder / source.partition("?")[0]).resolve()
            if not path.is_relative_to(folder) or path.stat().st_size > MOST_PICTURE:
                return ""
            content = path.read_bytes()
        except (OSError, ValueError):
            return ""
        suffix = path.suffix.lower().lstrip(".")
        if suffix == "svg":
            return _drawing(content.decode("utf-8", "replace"))
        return (
            f"data:image/{TYPES[suffix]};base64,{base64.b64encode(content).decode()}"
            if suffix in TYPES
            else ""
        )


def _joined(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Join what was printed in pieces to the same stream."""
    pieces: list[str] = []
    stream: NotebookNode | None = None
    for output in outputs:
        if stream is not None and (output.output_type != "stream" or output.name != stream.name):
            yield NotebookNode({**stream, "text": "".join(pieces)})
            stream = None
        if output.output_type != "stream":
            yield output
        else:
            pieces = [*pieces, output.text] if stream is not None else [output.text]
            stream = stream or output
    if stream is not None:
        yield NotebookNode({**stream, "text": "".join(pieces)})


def plain(text: str) -> str:
    r"""Text as a terminal shows it in the end: without colours, lines overwritten after a carriage return.

    >>> plain("\x1b[32mgreen\x1b[0m\n 10 %\r100 %\r\n")
    'green\n100 %\n'
    """
    text = ESCAPES.sub("", text).replace("\r\n", "\n")
    return "\n".join(map(_overwritten, text.split("\n"))) if "\r" in text or "\b" in text else text


def _overwritten(line: str) -> str:
    shown = ""
    for piece in reversed(line.split("\r")):
        shown += piece[len(shown) :]
    return shown.replace("\b", "")


def _drawn_by(html: str, element: str) -> str:
    for mark, name in (("plotly", "Plotly"), ("bokeh", "Bokeh"), ("echarts", "ECharts"), ("vega", "Altair")):
        if mark in html[:100_000].lower():
            return f"interactive chart ({name})"
    if element.lower() == "iframe":
        return "map or page in a frame"
    return (
        "content that needs a script" if element.lower() == "script" else f"content of type {element.lower()}"
    )


def _words(markup: str) -> str:
    """What can be seen of checked markup: its words, or that there is a picture."""
    text = re.sub(r"<[^<>]*>", " ", markup).strip()
    frame = "Make this Notebook Trusted to load map" in text  # what folium writes around its frame
    return "picture" if "<img" in markup or "<svg" in markup else "" if frame else text


def _attached(attachments: Mapping[str, Any], name: str) -> str:
    if name not in attachments:
        raise MissingAttachmentError(f"the picture {name} is not attached to its cell")
    kinds: Mapping[str, str] = attachments[name]
    if drawing := kinds.get("image/svg+xml"):
        return _drawing(drawing)
    mime = next((mime for mime in kinds if mime.removeprefix("image/") in TYPES.values()), "")
    return f"data:{mime};base64,{''.join(kinds[mime].split())}" if mime else ""


def _drawing(svg: str) -> str:
    start = svg.find("<svg")
    return svg[start:].strip() if start >= 0 else ""


def _vegalite(spec: Any) -> str:
    import vl_convert  # type: ignore[import-not-found]

    return _drawing(vl_convert.vegalite_to_svg(spec))


def _plotly(figure: Any) -> str:
    from plotly import io  # type: ignore[import-not-found]

    return _drawing(io.to_image(figure, format="svg", validate=False).decode())


STATIC: dict[str, tuple[str, Callable[[Any], str]]] = {  # what can draw it, if it is installed
    "application/vnd.plotly": ("kaleido", _plotly),
    "application/vnd.vegalite": ("vl_convert", _vegalite),
}


def _static(data: Mapping[str, Any]) -> str:
    """Draw an interactive chart as a picture, where its own library can; empty otherwise."""
    for mime, value in data.items():
        for start, (library, draw) in STATIC.items():
            if mime.startswith(start) and find_spec(library):
                try:
                    return draw(value)
                except Exception:  # whatever another library raises: then there is no picture
                    return ""
    return ""
