"""Which files beside its notebook a kernel reads: when one of them changes, the report is out of date.

Python tells of every file that it opens (``sys.addaudithook``), also for pandas and imports. What libraries
read by themselves (Parquet by pyarrow, DuckDB) is seen only if the code of the notebook names the file.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

STARTUP = Path("profile_default", "startup", "00-watch.py")  # below the kernel's own IPython folder
LOG = "read.txt"
PIECE = 2**20
MOST_NAMED = 200  # characters of a name; longer texts name no file
WORD = re.compile(r"[^\s'\"(){}\[\],;=]+")


def prepare(private: Path, folder: str) -> None:
    """Let the kernel that starts with its files in ``private`` note what it reads below ``folder``."""
    startup = private / "ipython" / STARTUP
    startup.parent.mkdir(parents=True, exist_ok=True)
    call = f"watch({folder!r}, {str(private / LOG)!r})"
    startup.write_text(f"__import__({__name__!r}, fromlist=['watch']).{call}\n", encoding="utf-8")


def watch(folder: str, log: str) -> None:
    """Note every file below a folder that this process opens for reading; called in the kernel."""
    roots = tuple({f"{os.path.abspath(folder)}{os.sep}", f"{os.path.realpath(folder)}{os.sep}"})  # noqa: PTH100
    others = tuple(map(_prefix, (sys.prefix, str(Path(__file__).parents[1]), str(Path(log).parent))))
    partition = os.environ.get("VS_PARTITION", "")
    sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    seen: set[str] = set()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open" and event != "sqlite3.connect":
            return
        name, mode = arguments[0], arguments[1] if event == "open" else "r"
        if not isinstance(name, str) or (mode and mode[0] in "wax"):
            return
        path = os.path.abspath(name)  # noqa: PTH100  called for every file: no objects
        if path.startswith(roots) and not path.startswith(others) and path not in seen and path != partition:
            seen.add(path)
            os.write(sink, f"{path}\n".encode("utf-8", "surrogateescape"))

    sys.addaudithook(hook)


def _prefix(folder: str) -> str:
    return f"{os.path.abspath(folder)}{os.sep}"  # noqa: PTH100


def noted(private: Path) -> frozenset[str]:
    """Return the paths that a kernel has read, the sources of compiled modules in their place."""
    try:
        lines = (private / LOG).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return frozenset()
    return frozenset(map(_source, lines))


def _source(path: str) -> str:
    folder, name = os.path.split(path)
    if os.path.basename(folder) != "__pycache__":  # noqa: PTH119
        return path
    return os.path.join(os.path.dirname(folder), f"{name.partition('.')[0]}.py")  # noqa: PTH118, PTH120


def named(sources: Iterable[str], folder: str) -> Iterator[str]:
    """Yield the files beside a notebook that its code names.

    >>> list(named(["open('nowhere.csv')"], "/"))
    []
    """
    for source in sources:
        try:
            constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
            words = [value for value in constants if isinstance(value, str)]
        except (SyntaxError, ValueError):  # with lines for IPython, such as %run other.ipynb
            words = WORD.findall(source)
        for word in words:
            if 0 < len(word) < MOST_NAMED and "\0" not in word and "\n" not in word:
                path = Path(folder, word)
                if path.is_file() and not Path(word).is_absolute():
                    yield str(path)


def digests(paths: Iterable[str], folder: str) -> dict[str, str]:
    """Hash files below a folder, by their names from there; without hidden ones and installed packages."""
    found = {}
    for path in sorted(set(paths)):
        name = os.path.relpath(os.path.realpath(path), os.path.realpath(folder))
        parts = Path(name).parts
        if not any(part.startswith(".") or part == "site-packages" for part in parts) and (
            one := digest(path)
        ):
            found[Path(name).as_posix()] = one
    return found


def changed(read: Mapping[str, str], folder: str) -> tuple[str, ...]:
    """Name the files that differ from what they were when they were read."""
    return tuple(name for name, before in read.items() if _digest_now(Path(folder, name)) != before)


def digest(path: str) -> str:
    """Hash the content of a file; empty if it cannot be read."""
    total = hashlib.sha256()
    try:
        with Path(path).open("rb") as file:
            while piece := file.read(PIECE):
                total.update(piece)
    except OSError:
        return ""
    return total.hexdigest()[:32]


def _digest_now(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return ""
    return _digest_of(str(path), stat.st_mtime_ns, stat.st_size)


@cache
def _digest_of(path: str, changed: int, size: int) -> str:
    return digest(path)
