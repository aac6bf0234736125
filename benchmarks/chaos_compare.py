"""Whether two output folders of a batch are the same apart from times, and whether rubbish is left."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

LOCK = ".vs-toolkit.lock"  # stays; empty when no batch runs
OF_LAST_RUN = {"run.json", ".unchanged.json"}  # tell of the last run only
TIMES = ("seconds", "made_at")  # fields and columns that may differ
PRINTED_AT = re.compile(rb"/(?:Creation|Mod)Date \(D:[^)]*\)")
MADE_IN = re.compile(r'<td data-label="Run time".*?</td>', re.DOTALL)


def differences(one: Path, other: Path) -> Iterator[str]:
    """Name every file that is not in both, or not the same in both apart from times."""
    files = [
        {
            str(path.relative_to(root))
            for path in root.rglob("*")
            if path.is_file() and path.name not in OF_LAST_RUN
        }
        for root in (one, other)
    ]
    for name in sorted(files[0] ^ files[1]):
        yield f"{name} is only in {one.name if name in files[0] else other.name}"
    for name in sorted(files[0] & files[1]):
        if not is_same(one / name, other / name):
            yield f"{name} differs"


def is_same(one: Path, other: Path) -> bool:
    """Whether two files are equal, to the byte or but for their times."""
    if one.read_bytes() == other.read_bytes():
        return True
    timeless = TIMELESS.get(one.suffix, Path.read_bytes)
    return bool(timeless(one) == timeless(other))


def _page(path: Path) -> str:
    return MADE_IN.sub("", path.read_text(encoding="utf-8"))


def _entry(path: Path) -> Any:
    content = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in content.items() if name not in TIMES}


def _printed(path: Path) -> bytes:
    return PRINTED_AT.sub(b"", path.read_bytes())


def _rows(frame: pd.DataFrame) -> Any:
    kept = frame.drop(columns=[name for name in TIMES if name in frame])
    return kept.dtypes.astype(str).to_dict(), kept.to_csv()


TIMELESS: dict[str, Callable[[Path], Any]] = {
    ".html": _page,
    ".json": _entry,
    ".pdf": _printed,
    ".parquet": lambda path: _rows(pd.read_parquet(path)),
    ".csv": lambda path: _rows(pd.read_csv(path)),
}


def leftovers(out: Path, temporary: Path) -> Iterator[str]:
    """Name what a batch should have removed: files half written, temporary files, the holder of the lock."""
    for path in sorted(out.rglob("*")):
        if path.name not in {LOCK, *OF_LAST_RUN} and (path.name.startswith(".") or path.suffix == ".part"):
            yield f"half a file is left: {path.relative_to(out)}"
    if (out / LOCK).read_text(encoding="utf-8"):
        yield "the lock names a holder"
    yield from (f"left in the temporary folder: {path.name}" for path in sorted(temporary.iterdir()))


def failures(out: Path) -> dict[str, str]:
    """Rows of the ledger without a report, by the name of their file."""
    entries = {path.relative_to(out).as_posix(): _entry(path) for path in sorted(out.glob("*/*.json"))}
    return {
        name: f"{e['status']}: {e['error']}" for name, e in entries.items() if e.get("status", "ok") != "ok"
    }
