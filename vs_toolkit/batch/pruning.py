"""Retention: what an output folder keeps of earlier as-of dates, and what may go."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.history import DAY
from vs_toolkit.batch.ledger import Ledger, read_ledger

SNAPSHOT = re.compile(r"(?P<folder>(?:[^/]+/)?\d{4}-\d\d-\d\d)/snapshot\.json")


def prunable(folder: Folder, keep: int) -> tuple[str, ...]:
    """Name what is older than the newest ``keep`` as-of dates: history, dated snapshots, partial notebooks.

    Reports and their ledger entries stay. A snapshot counts if its folder is named by a date and lies in the
    folder or one level below; a partial notebook counts by the as-of date of its ledger entry, and as
    old if it has none.

    Parameters
    ----------
    folder
        Output folder of a batch, or a folder of snapshots.
    keep
        How many as-of dates are kept of each kind.
    """
    ledger = read_ledger(folder)
    history = {name: match[1] for name in ledger.sizes if (match := DAY.fullmatch(name))}
    snapshots = {found["folder"]: found["folder"][-10:] for found in _snapshots(folder)}
    return (*_old(history, keep), *_old(snapshots, keep), *_partial(ledger, keep))


def _snapshots(folder: Folder) -> Iterator[re.Match[str]]:
    names = (*folder.names("*/snapshot.json"), *folder.names("*/*/snapshot.json"))
    yield from filter(None, map(SNAPSHOT.fullmatch, names))


def _old(days: dict[str, str], keep: int) -> Iterator[str]:
    kept = set(sorted(set(days.values()))[-keep:])
    yield from (name for name, day in sorted(days.items()) if day not in kept)


def _partial(ledger: Ledger, keep: int) -> Iterator[str]:
    days = {entry.partial: entry.as_of for entry in ledger.entries.values() if entry.partial in ledger.sizes}
    kept = set(sorted({entry.as_of for entry in ledger.entries.values()})[-keep:])
    there = (name for name in ledger.sizes if name.count("/") == 1 and name.endswith(".failed.ipynb"))
    yield from (name for name in there if days.get(name, "") not in kept)


def prune(folder: Folder, names: Iterable[str]) -> None:
    """Remove what :func:`prunable` named; entries whose partial notebook goes no longer lead to it."""
    for name in names:
        if name.endswith((".parquet", ".ipynb")):
            folder.remove(name)
            _forget(folder, name)
        else:
            folder.remove_folder(name)


def _forget(folder: Folder, partial: str) -> None:
    entry = f"{partial.removesuffix('.failed.ipynb')}.json"
    if partial.endswith(".ipynb") and (text := folder.read(entry)):
        content = json.loads(text)
        if content.get("partial") == partial:
            folder.write(entry, json.dumps({**content, "partial": ""}, indent=1, ensure_ascii=False) + "\n")


def size(folder: Folder, name: str) -> int:
    """Return how many bytes a file takes, or all files below a folder."""
    return int(folder.fs.du(posixpath.join(folder.root, name)))
