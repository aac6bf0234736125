"""How sentences are put together."""

from __future__ import annotations


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
