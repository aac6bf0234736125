"""What is asked of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vs_toolkit.reports.pdf import Paper


@dataclass(frozen=True)
class Request:
    """What is asked for: notebooks (names or paths; none means all) for customers (none means all).

    ``source`` and ``out`` are paths or fsspec URLs; ``formats`` are those beside the page, ``pack`` joins the
    reports of each customer in one PDF.
    """

    source: str
    out: str
    as_of: date
    edition: str = "internal"
    notebooks: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    parameters: Mapping[str, object] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    paper: Paper = "A4"
    pack: bool = False
