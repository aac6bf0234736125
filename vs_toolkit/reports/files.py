"""Sheets and slides of a report, made where it was made, and handed over as an output of its last cell."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from vs_toolkit.reports.parts import formats_wanted, shown

MIME = "application/vnd.vs-toolkit.files+json"


def files(footer: str, as_of: date) -> dict[str, dict[str, str]]:
    """Make what is wanted from what was shown: format -> its bytes in base 64, or what failed."""
    return {name: _made(MAKERS[name], footer, as_of) for name in formats_wanted() if name in MAKERS}


def _made(make: Callable[[str, date], bytes], footer: str, as_of: date) -> dict[str, str]:
    try:
        return {"data": base64.b64encode(make(footer, as_of)).decode()}
    except Exception as error:  # one format that cannot be made must not cost the report
        return {"error": f"{type(error).__name__}: {error}"}


def _sheets(footer: str, as_of: date) -> bytes:
    from vs_toolkit.reports.sheets import sheets

    return sheets(shown(), footer, as_of)


def _deck(footer: str, as_of: date) -> bytes:
    from vs_toolkit.reports.deck import deck

    return deck(shown(), footer, as_of)


MAKERS: Mapping[str, Callable[[str, date], bytes]] = {"xlsx": _sheets, "pptx": _deck}


def taken_files(notebook: Mapping[str, Any]) -> dict[str, bytes | str]:
    """Take the files out of an executed notebook: format -> bytes, or the reason why there are none."""
    found: dict[str, bytes | str] = {}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            for name, made in (output.get("data", {}).pop(MIME, None) or {}).items():
                found[name] = base64.b64decode(made["data"]) if "data" in made else str(made["error"])
    return found
