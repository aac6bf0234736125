"""What a notebook has shown, in order: from it sheets and slides are made beside the page.

Nothing is kept unless the environment asks for such files (``VS_FORMATS``), as a batch does.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec

from IPython.display import HTML

FORMATS = "VS_FORMATS"
Kind = Literal["heading", "lead", "text", "listing", "callout", "tiles", "table", "chart", "model"]
P = ParamSpec("P")


@dataclass(frozen=True)
class Part:
    """One thing that was shown: what it is, and the arguments it was shown with."""

    kind: Kind
    content: tuple[Any, ...]


_shown: list[Part] = []


def formats_wanted() -> tuple[str, ...]:
    """Formats that are to be made beside the page.

    >>> formats_wanted()
    ()
    """
    return tuple(os.environ.get(FORMATS, "").split())


def note(kind: Kind, *content: object) -> None:
    """Keep what is shown, if anything is made of it."""
    if formats_wanted():
        _shown.append(Part(kind, content))


def noted(kind: Kind) -> Callable[[Callable[P, HTML]], Callable[P, HTML]]:
    """Let a function that shows something keep what it was given."""

    def decorate(show: Callable[P, HTML]) -> Callable[P, HTML]:
        def kept(*args: P.args, **kwargs: P.kwargs) -> HTML:
            note(kind, *args)
            return show(*args, **kwargs)

        kept.__doc__, kept.__name__, kept.__module__ = show.__doc__, show.__name__, show.__module__
        kept.__wrapped__ = show  # type: ignore[attr-defined]
        return kept

    return decorate


def shown() -> tuple[Part, ...]:
    """Everything that was shown so far."""
    return tuple(_shown)
