"""How names are joined in a sentence."""

from __future__ import annotations

from vs_toolkit.formats import listed as listed


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop; names inside stay as they are.

    >>> sentence("no coach known; meet Ann"), sentence("")
    ('No coach known; meet Ann.', '')
    """
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
