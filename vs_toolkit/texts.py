"""Text from outside: what is no text, what would turn its surroundings round, and how to show both."""

from __future__ import annotations

import re
import unicodedata

_ISOLATES, _PDI, _FSI = "\u2066\u2067\u2068", "\u2069", "\u2068"
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # embeddings, overrides, isolates of direction
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


_NO_PAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL = bytes({*range(32), 127} - set(b"\t\n\r"))


def only_text(page: str) -> str:
    r"""Show what no page can hold (NUL, escape, half a character) as the sign for that.

    >>> only_text("a\x00b\ud800")
    'a�b�'
    """
    try:
        written = page.encode()
    except UnicodeEncodeError:
        return _NO_PAGE.sub("\ufffd", page)
    is_clean = len(written.translate(None, _CONTROL)) == len(written)  # ten times faster than to search
    return page if is_clean else _NO_PAGE.sub("\ufffd", page)


def visible(text: str) -> str:
    r"""Write what a terminal would obey, or not show, as its code.

    >>> visible("red: \x1b[31m, turned: \u202e, two\nlines")
    'red: \\x1b[31m, turned: \\u202e, two\nlines'
    """
    return _UNSEEN.sub(lambda found: ascii(found[0])[1:-1], text)


def not_text(text: str) -> str:
    r"""Say why it is no text, nothing if it is: control characters, half characters, or nothing to be seen.

    >>> not_text("Acme"), not_text("Ac\x07me"), not_text("\u200b")
    ('', 'contains the control character U+0007: take it out', 'nothing of it can be seen')
    """
    if text.isprintable():  # nearly all, and fast
        return ""
    if found := _NO_TEXT.search(text):
        return f"contains the control character U+{ord(found[0]):04X}: take it out"
    seen = any(unicodedata.category(character)[0] not in "CZ" for character in text)
    return "" if seen else "nothing of it can be seen"


def isolated(text: str) -> str:
    r"""Keep what turns the direction of writing from turning what stands around the text.

    Text without such characters, or isolated already, stays as it is (Unicode Standard Annex #9, 2.4).

    >>> isolated("Acme"), isolated("A\u202eB"), isolated(isolated("A\u202eB")) == isolated("A\u202eB")
    ('Acme', '\u2068A\u202eB\u2069', True)
    """
    if not _TURNS.search(text):
        return text
    if text[0] == _FSI and text[-1] == _PDI and _unbalanced(text[1:-1]) == (0, 0):
        return text
    closed, opened = _unbalanced(text)
    return _FSI * (closed + 1) + text + _PDI * (opened + 1)


def _unbalanced(text: str) -> tuple[int, int]:
    """How many isolates are closed but not opened, and opened but not closed."""
    closed = opened = 0
    for character in text:
        if character in _ISOLATES:
            opened += 1
        elif character == _PDI:
            closed, opened = (closed, opened - 1) if opened else (closed + 1, 0)
    return closed, opened
