"""The foot of a report: from what, as of when and by which version it was made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import pandas as pd
from IPython.display import HTML

import vs_toolkit
from vs_toolkit import formats
from vs_toolkit.reports.files import MIME, files
from vs_toolkit.reports.html import around, element
from vs_toolkit.reports.table import table


class Origin(Protocol):
    """What the data of a notebook says about itself."""

    @property
    def as_of(self) -> date:
        """As-of date; later data is ignored."""

    @property
    def edition(self) -> str:
        """``internal`` or ``customer``."""

    @property
    def source_hash(self) -> str:
        """Hash of the content the notebook was given."""


class Colophon(HTML):
    """The foot of a report; with it come the sheets and slides of the report, where they are wanted."""

    made: Mapping[str, Any]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle = {"text/html": self.data, "text/plain": "<IPython.core.display.HTML object>"}
        return bundle | ({MIME: self.made} if self.made else {})


def colophon(data: Origin, **parameters: object) -> HTML:
    """Say where every number comes from; ``parameters`` are those a reader may see (no paths).

    It ends a report: what was shown before goes into the sheets and slides that a batch asks for. For the
    company a table above it lists what was decided when each file was read.

    >>> from types import SimpleNamespace
    >>> origin = SimpleNamespace(as_of=date(2026, 6, 30), edition="customer", source_hash="abcdef0123456789")
    >>> "<dt>Seed</dt><dd>1</dd>" in colophon(origin, seed=1).data, "30 Jun 2026" in colophon(origin).data
    (True, True)
    """
    facts: dict[str, object] = {
        "As of": formats.day(data.as_of),
        "Edition": data.edition,
        "Data": data.source_hash[:12],
        "Made with": f"vs-toolkit {vs_toolkit.__version__}",
    }
    if reading := getattr(data, "reading", ""):
        facts["Files"] = reading
    facts |= {_named(name): _written(value) for name, value in parameters.items()}
    items = "".join(
        around("div", element("dt", name) + element("dd", value)) for name, value in facts.items()
    )
    read = pd.DataFrame(getattr(data, "files", ()), columns=["File", "Table", "Rows", "Read as"])
    record = table(read.set_index("File"), "How the files were read").data if len(read) else ""
    shown = Colophon(record + around("div", around("dl", items), class_="colophon"))  # type: ignore[no-untyped-call]
    shown.made = files(f"As of {formats.day(data.as_of)} · {data.edition} edition", data.as_of)
    return shown


def _named(parameter: str) -> str:
    """Name of a parameter as a reader sees it.

    >>> _named("cost_per_link"), _named("provider_wacc")
    ('Cost per link', 'Provider WACC')
    """
    words = parameter.replace("_", " ")
    return re.sub(r"\bwacc\b", "WACC", words[:1].upper() + words[1:], flags=re.IGNORECASE)


def _written(value: object) -> object:
    """Write a parameter with all its digits, as it has to be given again.

    >>> _written(70000.0), _written(0.09), _written("all")
    ('70,000', '0.09', 'all')
    """
    return f"{value:,.12g}" if isinstance(value, float) else value
