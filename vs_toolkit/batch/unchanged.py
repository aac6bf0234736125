"""Whether a run has nothing to do, told from the content of files before any data is read.

A run that leaves nothing undone notes what it was made from, the hash of every file of the source, of the
notebooks and of the toolkit, and what it left in the output folder. While all of that is the same, the same
command has nothing to do, and neither tables nor libraries are loaded. Inputs are hashed each time, whatever
their times say: a file that was changed and given its old time is changed. For the reports, name, size and
time count. Where source or output do not lie in a folder of this machine, nothing is noted.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vs_toolkit.batch.lock import LOCK_FILE, holding
from vs_toolkit.batch.request import Request
from vs_toolkit.batch.toolkit import deck_digest, packages_digest, toolkit_digest
from vs_toolkit.shipped import shipped

STATE, RUN = ".unchanged.json", "run.json"
OURS = frozenset({STATE, RUN, LOCK_FILE})
WORKBOOKS = (".xlsx", ".xlsm")
BESIDE = ("cases", "models")  # folders of a source that are read


@dataclass(frozen=True)
class Noted:
    """What a run noted: ``reports`` up to date, ``hints`` about notebooks, what its notebooks ``read``."""

    reports: int
    hints: tuple[str, ...] = ()
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: str = ""
    made_from: str = ""
    left: str = ""


def nothing_to_do(request: Request) -> Noted | None:
    """Return what was noted if nothing has changed since, and say in ``run.json`` that it was looked at.

    Raises
    ------
    FolderInUseError
        If another batch is writing into the folder.
    """
    out, started = Path(request.out), time.monotonic()
    if not (out / STATE).is_file():
        return None
    with holding(out):
        noted = _noted(out)
        if noted is None or (noted.asked, noted.left) != (_digest(_asked(request)), _left(out)):
            return None
        if noted.made_from != made_from(request, noted.read) or not noted.made_from:
            return None
        return noted if _recorded(out, noted.reports, started) else None


def note(request: Request, before: str, noted: Noted) -> None:
    """Note what a run came to; ``before`` is what there was when it began to read, and must be so still."""
    if not before or made_from(request, {}) != before:
        return
    whole = replace(
        noted,
        asked=_digest(_asked(request)),
        made_from=made_from(request, noted.read),
        left=_left(Path(request.out)),
    )
    _write(Path(request.out, STATE), asdict(whole))


def made_from(request: Request, read: Mapping[str, Iterable[str]]) -> str:
    """Hash everything that reports are made from; empty where that does not lie in a folder here.

    ``read`` are further files, by notebook, from the notebook's folder.
    """
    sources = _sources(request.source)
    if sources is None or "://" in request.out:
        return ""
    notebooks = _notebooks(request.notebooks)
    beside = (path.parent / name for path in notebooks for name in read.get(path.stem, ()))
    scripts = (script for path in notebooks for script in sorted(path.parent.glob("*.py")))
    templates = _files(shipped("templates"))
    total = hashlib.sha256(f"{toolkit_digest()} {packages_digest()} {deck_digest()}".encode())
    try:
        for file in (*sources, *notebooks, *scripts, *beside, *templates):
            total.update(f"\0{file}\0".encode(errors="surrogateescape") + _content_hash(file))
    except OSError:  # one that cannot be read, or has just gone
        return ""
    return total.hexdigest()


def _content_hash(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _sources(source: str) -> list[Path] | None:
    """Files of a source, None where it is no folder or workbook of this machine."""
    folder = Path(source).parent if source.endswith(WORKBOOKS) else Path(source)
    if "://" in source or not folder.is_dir():
        return None
    top = [Path(source)] if source.endswith(WORKBOOKS) else sorted(filter(Path.is_file, folder.iterdir()))
    return [*top, *(file for name in BESIDE for file in _files(folder / name))]


def _files(folder: Path) -> list[Path]:
    return sorted(filter(Path.is_file, folder.rglob("*")))


def _notebooks(names: Iterable[str]) -> list[Path]:
    ours = {path.stem: path for path in sorted(shipped("notebooks").glob("*.ipynb"))}
    return [ours.get(name) or Path(name).resolve() for name in names] or list(ours.values())


def _asked(request: Request) -> dict[str, Any]:
    places = {name: os.path.realpath(getattr(request, name)) for name in ("source", "out")}
    return {**asdict(request), **places, "notebooks": list(map(str, _notebooks(request.notebooks)))}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def _left(out: Path) -> str:
    """Hash the names, sizes and times of the files in the output folder."""
    return _digest(sorted(_listed(str(out), "")))


def _listed(folder: str, place: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir(follow_symlinks=False):
                yield from _listed(one.path, f"{place}{one.name}/")
            elif place or one.name not in OURS:
                stat = one.stat()
                yield f"{place}{one.name}", stat.st_size, stat.st_mtime_ns


def _noted(out: Path) -> Noted | None:
    try:
        return Noted(**json.loads((out / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _recorded(out: Path, reports: int, started: float) -> bool:
    """Write the record of this run for monitoring; False where there is none of the run before."""
    try:
        before = json.loads((out / RUN).read_text(encoding="utf-8"))
        seconds = round(time.monotonic() - started, 2)
        counts = {**before["counts"], "created": 0, "failed": 0, "up_to_date": reports, "not_done": 0}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        took = {"reading": seconds, "reports": 0.0, "total": seconds}
        _write(out / RUN, {**before, "started": now, "seconds": took, "counts": counts})
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return True


def _write(file: Path, content: object) -> None:
    """Write a file whole or not at all; see ``put_whole``, which loads more than this needs."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    draft.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(file)
