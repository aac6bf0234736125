"""Foreign markup (a user's own notebook, a pandas Styler) rewritten in the strict form of a report's page.

Nothing relies on this file to be safe: what it writes passes the gate of :mod:`vs_toolkit.reports.harmless`
or is not used. It keeps the harmless part of what a cell shows: text, tables, drawings, colours of single
cells. Its time grows with the length of the markup, whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from vs_toolkit.reports.harmless import (
    DEPTH,
    HTML,
    SVG,
    VOID,
    is_harmless_attribute,
    is_harmless_style,
    names,
)

DROPPED = names(  # with all that stands inside
    "applet audio canvas desc foreignobject iframe math metadata noembed noframes noscript object script"
    " select style svg:metadata template textarea title video xmp"
)
CLOSED_BY_NEXT = names("dd dt li option p td th tr")  # where people leave out the end
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/<>]*+)((?:[^<>"']|"[^"]*+"|'[^']*+')*+)>""")
_PAIR = re.compile(r"""([^\s"'<>/=]++)\s*+(?:=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?+""")


def cleaned(markup: str) -> str:
    """Rewrite markup with what is known to be harmless.

    >>> cleaned("<P ALIGN=right>A<br>B<form><input name=q>C<script>D</script><script>E")
    '<p align="right">A<br>BCE</p>'
    """
    plain = _without_declarations(markup)
    tags = list(_TAG.finditer(plain))
    last_end = {tag[2].lower(): tag.start() for tag in tags if tag[1]}
    writer, written = _Writer(), 0
    for tag in tags:
        name = tag[2].lower()
        writer.text(plain[written : tag.start()])
        writer.tag(tag, name, ends_later=last_end.get(name, 0) > tag.start())
        written = tag.end()
    writer.text(plain[written:])
    return writer.finished()


def _without_declarations(markup: str) -> str:
    """Take out comments, ``<!DOCTYPE>`` and the like; one that never ends becomes text."""
    end = markup.rfind("-->") + 3 if "-->" in markup else 0
    commented = re.sub("<!--.*?-->", "", markup[:end], flags=re.DOTALL) + markup[end:]
    return re.sub("<[!?][^<>]*+>", "", commented)


class _Writer:
    """Writes tags and text so that every element is closed in its order."""

    def __init__(self) -> None:
        self._dropping = ""
        self._parts: list[str] = []
        self._open: list[str] = []
        self._looks: dict[
            str, list[str]
        ] = {}  # styles of single elements by id, as a pandas Styler gives them

    def finished(self) -> str:
        """Close what is open and give what was written."""
        while self._open:
            self._close()
        return "".join(self._parts)

    def text(self, text: str) -> None:
        """Write text, its entities as they are."""
        if not self._dropping:
            self._parts.append(text.replace("<", "&lt;"))
        elif self._dropping == "style":
            for name, styles in _looks(text).items():
                self._looks[name] = styles

    def tag(self, tag: re.Match[str], name: str, ends_later: bool) -> None:
        """Write a tag, if it is known here; what is dropped is dropped to its end, if it has one."""
        if self._dropping:
            self._dropping = "" if tag[1] and name == self._dropping else self._dropping
        elif tag[1]:
            self._end(name)
        elif name in DROPPED:
            self._dropping = name if ends_later else ""
        elif name in (SVG if "svg" in self._open else HTML):
            self._start(name, tag[3])

    def _start(self, name: str, attributes: str) -> None:
        if name in CLOSED_BY_NEXT and self._open[-1:] == [name]:
            self._close()
        alone = name in VOID or ("svg" in self._open and attributes.endswith("/"))
        if len(self._open) < DEPTH or alone:
            kept = self._attributes(name, attributes)
            if name == "img" and ' src="' not in kept:  # a picture from elsewhere: what it shows, in words
                self.text(dict(_pairs(attributes)).get("alt", ""))
                return
            slash = "/" if alone and name not in VOID else ""
            self._parts.append(f"<{name}{kept}{slash}>")
            self._open += [] if alone else [name]

    def _attributes(self, element: str, attributes: str) -> str:
        values = dict(_pairs(attributes))
        looks = self._looks.pop(values.get("id", ""), [])
        style = ";".join([values.get("style", ""), *dict.fromkeys(looks)])
        values["style"] = "; ".join(_harmless_style(style))
        written = (f'{name}="{_quoted(value)}"' for name, value in values.items() if value)
        return "".join(f" {one}" for one in written if is_harmless_attribute(element, one))

    def _end(self, name: str) -> None:
        if name in self._open:
            while self._close() != name:
                pass

    def _close(self) -> str:
        name = self._open.pop()
        self._parts.append(f"</{name}>")
        return name


def _pairs(attributes: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of the attributes of a tag, backwards: of one given twice the first counts."""
    for name, double, single, bare in reversed(_PAIR.findall(attributes)):
        yield name.lower(), unescape(double or single or bare)


def _quoted(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _harmless_style(style: str) -> Iterator[str]:
    declarations = (one.strip() for one in style.replace('"', "'").split(";"))
    yield from (one for one in declarations if is_harmless_style(one))


def _looks(sheet: str) -> dict[str, list[str]]:
    """Styles of single elements in a style sheet; what it says of others is left out.

    >>> _looks("#a, #b, #a, p { color: red } #a { width: 1px }")
    {'a': [' color: red ', ' width: 1px '], 'b': [' color: red ']}
    """
    looks: dict[str, list[str]] = {}
    for rule in sheet.split("}"):
        selectors, _, style = rule.partition("{")
        names = (selector.strip() for selector in selectors.split(","))
        for name in dict.fromkeys(name[1:] for name in names if name.startswith("#")):
            looks.setdefault(name, []).append(style)
    return looks
