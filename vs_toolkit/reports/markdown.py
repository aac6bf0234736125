"""Markdown as a page shows it: with formulas, task lists and pictures; in time that grows with its length."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import escape

import mistune

LONGEST = 100_000  # characters; a text beyond it is shown as it is written
PLUGINS = ("strikethrough", "table", "url", "task_lists", "footnotes", "def_list")
ENVIRONMENTS = "equation|align|gather|multline|eqnarray|matrix|pmatrix|bmatrix|cases|split|array"
# Code comes first: no formula is seen in it. A formula stands tight between its signs: not "$5 or $10".
SPAN = re.compile(
    r"(?P<code>^ *(?P<fence>```++|~~~++)[^\n]*+\n(?:.*\n)*? *(?P=fence) *$"
    r"|(?<!`)(?P<tick>`++)[^`\n]++(?P=tick)(?!`))"
    r"|(?<!\\)\$\$(?P<block>[^$]++)\$\$"
    r"|(?<![\\$\w])\$(?P<inline>(?! )(?:[^$\n\\]|\\.)++(?<! ))\$(?![\w$])",
    re.M,
)
BEGIN = re.compile(rf"\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}}")
HOLD, LET_GO = "\ue000", "\ue001"  # private characters around the number of a formula
TASK = re.compile(r'<input class="task-list-item-checkbox" type="checkbox" disabled(?P<done> checked)?/?>')


def markdown(text: str) -> str:
    r"""Write Markdown as HTML, which is not checked yet.

    >>> markdown("- [x] **done**")
    '<ul>\n<li class="task-list-item">☑ <strong>done</strong></li>\n</ul>\n'
    >>> 'alt="r^2"' in markdown("A radius $r^2$."), markdown("$5 or $10")
    (True, '<p>$5 or $10</p>\n')
    """
    if len(text) > LONGEST:
        return f"<pre>{escape(text)}</pre>"
    formulas: list[str] = []

    def hold(source: str) -> str:
        formulas.append(formula(source))
        return f"{HOLD}{len(formulas) - 1}{LET_GO}"

    held = _without_formulas(text.replace(HOLD, "").replace(LET_GO, ""), hold)
    page = str(_renderer()(held))
    page = TASK.sub(lambda box: "☑ " if box["done"] else "☐ ", page)
    return re.sub(f"{HOLD}(\\d+){LET_GO}", lambda place: formulas[int(place[1])], page)


def _without_formulas(text: str, hold: Callable[[str], str]) -> str:
    def one(span: re.Match[str]) -> str:
        if span["code"]:
            return span[0]
        return hold(span["block"] or span["inline"])

    return SPAN.sub(one, "".join(_without_environments(text, hold)))


def _without_environments(text: str, hold: Callable[[str], str]) -> Iterator[str]:
    r"""Replace ``\begin{align} … \end{align}``; an end that is missing is looked for once."""
    written, missing = 0, set[str]()
    for begin in BEGIN.finditer(text):
        name = begin["name"]
        if begin.start() < written or name in missing:
            continue
        end = text.find(rf"\end{{{name}}}", begin.end())
        if end < 0:
            missing.add(name)
            continue
        yield text[written : begin.start()]
        yield hold(text[begin.end() : end])
        written = end + len(rf"\end{{{name}}}")
    yield text[written:]


@cache
def _renderer() -> mistune.Markdown:
    renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)  # it is checked afterwards
    return mistune.create_markdown(renderer=renderer, plugins=[*PLUGINS])


@cache
def formula(source: str) -> str:
    r"""Draw a formula as a picture with its LaTeX as alternative text; what cannot be drawn stays LaTeX.

    >>> formula(r"\unknown{x}")
    '<code>\\unknown{x}</code>'
    """
    tight = " ".join(source.split())
    try:
        picture, width = _drawn(tight)
    except ValueError:
        return f"<code>{escape(tight)}</code>"
    return f'<img src="data:image/png;base64,{picture}" alt="{escape(tight)}" width="{width}">'


def _drawn(source: str) -> tuple[str, int]:
    from matplotlib.mathtext import math_to_image  # only where there is a formula: half a second

    sink = io.BytesIO()
    depth_dpi = 300
    math_to_image(f"${source}$", sink, dpi=depth_dpi, format="png")
    data = sink.getvalue()
    width = int.from_bytes(data[16:20], "big")  # of the picture, in the header of a PNG file
    return base64.b64encode(data).decode(), round(1.3 * width * 96 / depth_dpi)
