"""The gate through which everything a notebook shows comes into its page: nothing active, nothing left open.

What passes as it is, is written in so strict a form of HTML that every browser reads it alike: known elements
and attributes, values in double quotes, every element closed where it was opened. That form is checked, not
searched for what is bad; so nobody has to know every attack. Anything else is rewritten in that form
(:mod:`vs_toolkit.reports.cleaning`) and, should that fail, shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

DEPTH = 100  # browsers rearrange what is nested deeper than a few hundred elements


def names(text: str) -> frozenset[str]:
    """Set of the words of a text."""
    return frozenset(text.split())


VOID = names("br col hr img wbr")
HTML = VOID | names(
    "a abbr article aside b bdi blockquote caption cite code colgroup dd del dfn div dl dt em figcaption"
    " figure footer h1 h2 h3 h4 h5 h6 header i ins kbd li mark ol p pre q s samp section small span strong"
    " sub sup svg table tbody td tfoot th thead time tr u ul var"
)
SVG = names(
    "circle clipPath clippath defs ellipse g image line linearGradient lineargradient mask path pattern"
    " polygon polyline radialGradient radialgradient rect stop symbol text tspan use"
)

_WORDS = (  # attributes whose value means nothing but itself; the frequent ones first, here and below
    "d transform x y class scope id title alt lang dir role colspan rowspan headers width height align valign"
    " border start tabindex datetime points x1 x2 y1 y2 cx cy r rx ry dx dy fx fy viewBox viewbox"
    " preserveAspectRatio preserveaspectratio xmlns xmlns:xlink version offset gradientUnits gradientunits"
    " gradientTransform gradienttransform patternUnits patternunits patternTransform patterntransform"
    " clipPathUnits clippathunits xml:space"
)
_PAINT = (  # attributes that are style: they could load what they name
    "clip-path fill fill-opacity fill-rule stroke stroke-dasharray stroke-dashoffset stroke-linecap"
    " stroke-linejoin stroke-miterlimit stroke-opacity stroke-width opacity clip-rule mask stop-color"
    " stop-opacity color font-family font-size font-style font-weight text-anchor dominant-baseline"
)
_PROPERTIES = (  # nothing that takes an element out of its place, hides it, or adds text
    "fill stroke stroke-width font-size font-family text-anchor text-align background background-color border"
    " border-(?:top|right|bottom|left)(?:-(?:color|style|width))?"
    " border-(?:collapse|color|radius|spacing|style|width) caption-side clip-path clip-rule color"
    " dominant-baseline fill-opacity fill-rule font font-(?:stretch|style|variant|weight) image-rendering"
    " line-height list-style-type mask max-width min-width opacity overflow-wrap"
    " padding(?:-(?:top|right|bottom|left))? stop-color stop-opacity"
    " stroke-(?:dasharray|dashoffset|linecap|linejoin|miterlimit|opacity) text-decoration text-transform"
    " vertical-align white-space width word-break"
)
_WORD = r"[\w-]++|[#.,%' +!]++"  # no bracket: a function could load something
_COLOUR = r"(?:rgb|hsl)a?\([\d.,%/ ]*+\)"
_PART = rf"{_COLOUR}|url\(#[\w.-]++\)|{_WORD}"
_VALUE = rf"(?:{_PART}|linear-gradient\((?:{_COLOUR}|{_WORD})*+\)|&quot;)*+"


def _one_of(names: str) -> str:
    return f"(?:{'|'.join(names.split())})"


_DECLARATION = rf"{_one_of(_PROPERTIES)} ?+: ?+{_VALUE}"
_STYLE = rf'style="(?:{_DECLARATION}(?:; ?+{_DECLARATION})*+;? ?)?+"'
_ANY = (
    rf'{_STYLE}|(?:{_one_of(_WORDS)}|(?:aria|data)-[a-z0-9-]++)="[^"]*+"'
    rf'|{_one_of(_PAINT)}="(?:{_PART})*+"'
)
_IMAGE = r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*+"
_BESIDE = r"[\w.%-]++(?:/[\w.%-]++)*+/?(?:#[^\"]*+)?"  # a file near the page: no colon can follow
_WEB = r"(?:https?://|mailto:)[^\"<>\s]++"
_TO_ELSEWHERE = {
    "a": rf'href="(?:#[^"]*+|{_WEB}|{_BESIDE})"',
    "img": rf'src="{_IMAGE}"',
    "image": rf'(?:xlink:)?href="{_IMAGE}"',
}
_TO_ITSELF = r'(?:xlink:)?href="#[^"]*+"'
_NAME = "[a-zA-Z][a-zA-Z0-9]*+"


def _opening() -> str:
    special = "|".join(rf"{name}(?![^ />])(?: (?:{_ANY}|{to}))*+" for name, to in _TO_ELSEWHERE.items())
    return rf"{special}|(?!(?:a|img|image)[ />]){_NAME}(?: (?:{_ANY}|{_TO_ITSELF}))*+"


_TAG = re.compile(rf"<(?:/({_NAME})|(?=({_NAME}))(?:{_opening()})) ?(/?)>")
_ATTRIBUTE = {name: re.compile(f"{_ANY}|{to}") for name, to in {**_TO_ELSEWHERE, "": _TO_ITSELF}.items()}
_ONE_DECLARATION = re.compile(_DECLARATION)


def is_harmless_attribute(element: str, written: str) -> bool:
    """Whether an attribute, as it is written in the tag of that element, may stand there.

    >>> is_harmless_attribute("a", 'href="https://example.org"'), is_harmless_attribute("a", 'onclick="x()"')
    (True, False)
    """
    return bool(_ATTRIBUTE.get(element, _ATTRIBUTE[""]).fullmatch(written))


def is_harmless_style(declaration: str) -> bool:
    """Whether one declaration of a style may stand in a ``style`` attribute.

    >>> is_harmless_style("color: red"), is_harmless_style("background: url(//x.org)")
    (True, False)
    """
    return bool(_ONE_DECLARATION.fullmatch(declaration))


def harmless(shown: object) -> str:
    """Give what a cell shows (HTML or SVG) as markup in which nothing is active and nothing stays open.

    >>> harmless('<p class="lead">A &amp; <b>B</b></p>')
    '<p class="lead">A &amp; <b>B</b></p>'
    >>> harmless("<b onclick=x()>A</b><script>x()</script><p>B<!-- ")
    '<b>A</b><p>B&lt;!-- </p>'
    """
    markup = str(shown)
    if is_harmless(markup):
        return markup
    from vs_toolkit.reports.cleaning import cleaned  # our own reports never need it

    mended = cleaned(markup)
    return mended if is_harmless(mended) else f"<pre>{escape(markup)}</pre>"


def is_harmless(markup: str) -> bool:
    """Whether markup is in the strict form.

    >>> is_harmless("<p>1 > 0</p>"), is_harmless("<p>"), is_harmless("<p onclick='x'>a</p>")
    (True, False, False)
    """
    tags = _TAG.findall(markup)
    return len(tags) == markup.count("<") and _is_nested(tags)  # every "<" begins a tag in strict form


def _is_nested(tags: Iterable[tuple[str, str, str]]) -> bool:
    """Whether elements are known and closed in their order; drawings stand apart from text."""
    above: list[str] = []
    known = HTML
    for closed, opened, alone in tags:
        if closed:
            if not above or above.pop() != closed:
                return False
            known = HTML if closed == "svg" else known
        elif opened not in known or len(above) > DEPTH or (alone and known is HTML and opened not in VOID):
            return False
        elif not alone and opened not in VOID:
            above.append(opened)
            known = SVG if opened == "svg" else known
    return not above
