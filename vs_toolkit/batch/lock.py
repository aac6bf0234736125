"""One batch at a time in an output folder, and no rubbish left by one that was killed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing import parent_process
from multiprocessing.util import get_temp_dir
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from vs_toolkit.errors import FolderInUseError, VsToolkitError

if TYPE_CHECKING:
    from vs_toolkit.batch.folder import Folder

LOCK_FILE = ".vs-toolkit.lock"


@contextlib.contextmanager
def working_in(folder: Folder) -> Iterator[Path]:
    """Hold the output folder for this batch and give it a private folder for temporary files.

    On this machine the operating system gives the lock back when the process ends, however it ends; elsewhere
    a holder must give signs of life. What a killed batch left is removed by the next one.

    Raises
    ------
    FolderInUseError
        If another batch holds it.
    VsToolkitError
        If the folder cannot be written.
    """
    with _locally(folder) if folder.is_local else _remotely(folder) as scratch:
        yield scratch


@contextlib.contextmanager
def _remotely(folder: Folder) -> Iterator[Path]:
    from vs_toolkit.batch import beat  # here, because a folder of this machine needs none of it

    try:
        held = contextlib.ExitStack()
        held.enter_context(beat.holding(folder, LOCK_FILE))
    except VsToolkitError:
        raise
    except Exception as error:  # each kind of store has errors of its own
        raise VsToolkitError(f"cannot write into {folder.shown}: {error}") from error
    with held, tempfile.TemporaryDirectory(prefix="vs-", ignore_cleanup_errors=True) as scratch:
        yield Path(scratch)


@contextlib.contextmanager
def _locally(folder: Folder) -> Iterator[Path]:
    with holding(Path(folder.root)) as file:
        scratch = Path(tempfile.mkdtemp(prefix="vs-"))
        try:
            _write(file, {"pid": os.getpid(), "scratch": _temporary(scratch)})
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


@contextlib.contextmanager
def holding(out: Path) -> Iterator[IO[str]]:
    """Hold an output folder of this machine, without a folder for temporary files; gives the lock's file.

    Raises
    ------
    FolderInUseError
        If another batch holds it.
    VsToolkitError
        If the folder cannot be written.
    """
    with _opened(out) as file:
        _lock(file, out)
        _remove_leftovers(file)
        try:
            yield file
        finally:
            _write(file, None)


@contextlib.contextmanager
def _opened(out: Path) -> Iterator[IO[str]]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        file = open(out / LOCK_FILE, "a+", encoding="utf-8", opener=_no_link)  # noqa: SIM115  closed below
    except OSError as error:
        raise VsToolkitError(f"cannot write into {out}: {error.strerror}") from error
    with file:
        yield file


def _no_link(path: str, flags: int) -> int:
    """Open a file, but not what a link of that name leads to: it would be emptied."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _lock(file: IO[str], out: Path) -> None:
    try:
        _take(file)
    except (BlockingIOError, PermissionError):
        holder = _read(file).get("pid", "unknown")
        raise FolderInUseError(
            f"another batch (process {holder}) is writing into {out}: wait for it, or choose another folder"
        ) from None
    except OSError as error:
        raise VsToolkitError(f"cannot lock {out}: {error.strerror}; choose a folder elsewhere") from error


def _take(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(1 << 20)  # beyond what is read: Windows locks bytes against reading too
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _read(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        return dict(json.loads(file.read() or "{}"))
    except ValueError:
        return {}


def _write(file: IO[str], content: dict[str, object] | None) -> None:
    """Note who works here; on a full disk the lock holds all the same."""
    with contextlib.suppress(OSError):
        file.truncate(0)
        if content:
            file.write(json.dumps(content))
        file.flush()


def _temporary(scratch: Path) -> list[str]:
    """Folders that are ours alone; that of the fork server's socket may be a parent process's too."""
    return [str(scratch)] if parent_process() else [str(scratch), get_temp_dir()]


def _remove_leftovers(file: IO[str]) -> None:
    """Remove the temporary folders of a batch that was killed."""
    for left in map(Path, _read(file).get("scratch", ())):
        if left.name.startswith(("vs-", "pymp-")) and left.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(left, ignore_errors=True)
