"""How names are joined in a sentence."""

from __future__ import annotations

from collections.abc import Iterable


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop; names inside stay as they are.

    >>> sentence("no coach known; meet Ann"), sentence("")
    ('No coach known; meet Ann.', '')
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def with_article(word: str) -> str:
    """Put the indefinite article before a word.

    >>> with_article("key"), with_article("important")
    ('a key', 'an important')
    """
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def listed(items: Iterable[str], most: int = 3, word: str = "and") -> str:
    """Join names, the first few in full.

    >>> listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a and b', 'a, b, c and 2 more')
    """
    names = list(items)
    more = len(names) - most
    if more > 0:
        names = [*names[:most], f"{more} more"]
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""
