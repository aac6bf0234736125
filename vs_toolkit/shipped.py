"""Where the files that come with the toolkit lie: beside the package, or inside it when installed."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped(*parts: str) -> Path:
    """Path of a file or folder that comes with the toolkit (``templates``, ``notebooks``).

    >>> shipped("templates", "report").is_dir()
    True
    """
    inside = _PACKAGE / "_shipped"
    return (inside if inside.is_dir() else _PACKAGE.parent).joinpath(*parts)


def deck_template() -> Path:
    """Template of decks: the file that ``VS_DECK`` in the environment names, or ours."""
    return Path(os.environ.get("VS_DECK") or shipped("templates", "deck", "review.pptx"))
