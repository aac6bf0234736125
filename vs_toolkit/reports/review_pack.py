"""A review pack: the cover of a customer and all its reports as one page, to be printed as one PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from vs_toolkit.reports.html import csp_hash
from vs_toolkit.reports.pages import asset
from vs_toolkit.reports.render import running

APART = "main { break-after: page; } main:last-child { break-after: auto; }"


def pack_html(title: str, running_head: str, pages: Iterable[str]) -> str:
    """Join pages of ours, the cover first; each begins on a new sheet and is a chapter of the outline.

    >>> page = pack_html("Acme", "Acme", ["<html><main><h1>A</h1></main></html>", "<main><h1>B</h1></main>"])
    >>> page.count("<main"), page.index("<h1>A") < page.index("<h1>B"), "<script" in page
    (2, True, False)
    """
    chapters = [found for page in pages for found in re.findall(r"<main.*?</main>", page, flags=re.DOTALL)]
    style = "\n".join((asset("report.css", "cover.css"), APART, running(running_head)))
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; style-src-elem '{csp_hash(style)}'; img-src data:"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        + "\n".join(chapters)
        + "\n</body>\n</html>\n"
    )
