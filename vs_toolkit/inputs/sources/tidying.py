"""Rows that are no data: blank ones, totals, a header printed again, the footer of a report; found and
named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vs_toolkit.inputs.sources.raw import Wanted
from vs_toolkit.inputs.sources.record import folded

TOTAL = re.compile(
    r"(?:grand|sub|report)?[ -]?totals?\b.*|(?:zwischen|gesamt|end)?summen?\b.*|gesamt\b.*|insgesamt\b.*|sum|"
    r"somme|total général|suma|totale\b.*|Σ",
    re.IGNORECASE,
)
FOOTER = re.compile(
    r"copyright\b.*|©.*|confidential\b.*|vertraulich\b.*|generated (?:by|on)\b.*|erstellt (?:von|am)\b.*|"
    r"report (?:name|title|generated)\b.*|filtered by\b.*|applied filters\b.*|all rights reserved.*|"
    r"(?:record|row) count\b.*|source:.*|quelle:.*|page \d+.*|seite \d+.*|"
    r"\*.*|(?:as of|stand)[: ].*",
    re.IGNORECASE,
)


BEGINNINGS = (  # of all that TOTAL and FOOTER match: a fast first look
    "grand", "sub", "report", "total", "zwischen", "gesamt", "end", "sum", "insgesamt", "somme", "Σ",
    "copyright", "©",
    "confidential", "vertraulich", "generated", "erstellt", "filtered", "applied", "all rights", "record",
    "row", "source",
    "quelle", "page", "seite", "*", "as of", "stand",
)  # fmt: skip


def no_data(frame: pd.DataFrame, names: list[str], header: list[Any], wanted: Wanted) -> dict[int, str]:
    """Find rows (by position) that are no data, with the reason; blank ones have none.

    ``names`` are the names of the columns, ``header`` what stands there in the file. A row of totals lacks a
    column that a row cannot be without: a customer called Total has its id.
    """
    if frame.empty or not len(frame.columns):
        return {}
    first = frame.iloc[:, 0]
    blank = first.isna().to_numpy()
    labels = dict(_suspicious(first, str(header[0])))
    labels |= {i: _first_filled(frame.iloc[i]) for i in np.flatnonzero(blank).tolist()}
    found: dict[int, str] = {}
    for i, label in labels.items():
        if (reason := _reason(frame.iloc[i], label, names, header, wanted)) is not None:
            found[i] = reason
    return dict(sorted(found.items()))


def _suspicious(first: pd.Series[Any], name: str) -> Iterator[tuple[int, str]]:
    """Rows whose first cell may be no data: found at the speed of Arrow, then looked at one by one."""
    for i in _candidates(first, name):
        value = first.iloc[i]
        if isinstance(value, str):
            text = value.strip()
            if folded(text) == folded(name) or TOTAL.fullmatch(text) or FOOTER.fullmatch(text):
                yield i, text


def _candidates(first: pd.Series[Any], name: str) -> list[int]:
    header = r"[\s_\-]*".join(map(re.escape, folded(name)))
    pattern = rf"(?i)^\s*(?:{'|'.join(map(re.escape, BEGINNINGS))}|{header}\s*$)"
    try:
        matches = pc.match_substring_regex(pa.array(first, pa.string(), from_pandas=True), pattern)
    except (pa.ArrowException, TypeError):  # a column of mixed cells, or an odd header: look at all
        return list(range(len(first)))
    return np.flatnonzero(matches.fill_null(False).to_numpy(zero_copy_only=False)).tolist()


def _first_filled(row: pd.Series[Any]) -> str:
    filled = row.dropna()
    return str(filled.iloc[0]).strip() if len(filled) else ""


def _reason(
    row: pd.Series[Any], label: str, names: list[str], header: list[Any], wanted: Wanted
) -> str | None:
    filled = {name: value for name, value in zip(names, row, strict=True) if not _is_blank(value)}
    if not filled:
        return ""
    if len(filled) > 1 and [folded(v) for v in filled.values()] == [
        folded(h) for h, n in zip(header, names, strict=True) if n in filled
    ]:
        return "the names of the columns again"
    lacks = bool(wanted.required - set(filled)) if wanted.required else len(filled) < len(names)
    if lacks and TOTAL.fullmatch(label):
        return f"a row of totals ({label[:40]!r})"
    if lacks and len(filled) == 1 and len(names) > 2 and FOOTER.fullmatch(label):
        return f"a footer ({label[:40]!r})"
    return None


def _is_blank(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, str) and not value.strip())
