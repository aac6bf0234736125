"""One way to hand HTML to a notebook, with everything that comes from data escaped on the way."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape

from IPython.display import HTML

from vs_toolkit.shipped import shipped

_TIES = re.compile(r"(?<=\b[A-Z]{3}) (?=[+−]?\d)|(?<=\d) (?=(?:months|years|days|points)\b)|(?<=±) ")


def html(content: str) -> HTML:
    """Wrap ready HTML; its plain-text form is a constant, so that notebooks compare equal."""
    return HTML(content)  # type: ignore[no-untyped-call]


def element(tag: str, content: object, **attributes: str) -> str:
    """Write an element around text; ``class_`` stands for ``class``, and empty attributes are left out.

    >>> element("td", "<5 & up", class_="words"), element("b", 1, title="")
    ('<td class="words">&lt;5 &amp; up</td>', '<b>1</b>')
    """
    return around(tag, escape(str(content)), **attributes)


def tied(text: str) -> str:
    r"""Keep a number and its unit on one line.

    >>> tied("worth EUR 1.2m in 3.1 months")
    'worth EUR\xa01.2m in 3.1\xa0months'
    """
    return re.sub(
        r"(?<=\b[A-Z]{3}) (?=[+−]?\d)|(?<=\d) (?=(?:months|years|days|points)\b)|(?<=±) ", "\xa0", text
    )


@cache
def lab_style() -> str:
    """Style sheet, scoped to the outputs of JupyterLab, that gives the parts of a report their look there.

    >>> lab_style().startswith("<style>.jp-")
    True
    """
    sheet = shipped("templates", "report", "lab.css").read_text(encoding="utf-8")
    return f"<style>{' '.join(sheet.split())}</style>"


def around(tag: str, inner: str, **attributes: str) -> str:
    """Write an element around HTML that is already escaped.

    >>> around("ul", element("li", "a"), aria_label='"A"')
    '<ul aria-label="&quot;A&quot;"><li>a</li></ul>'
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value}
    written = "".join(f' {name}="{escape(value)}"' for name, value in named.items())
    return f"<{tag}{written}>{inner}</{tag}>"


def csp_hash(content: str) -> str:
    """Name a style or script of a page in its Content-Security-Policy, so that no other is applied.

    >>> csp_hash("")
    'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
