"""The output folder, on this machine or at any fsspec URL: files appear whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import posixpath
from collections.abc import Iterable
from pathlib import Path

from fsspec.core import url_to_fs


class Folder:
    """Files below one root; names are relative, with ``/`` between folders.

    >>> folder = Folder("memory://reports")
    >>> folder.write("C001/note.txt", "ready")
    >>> folder.read("C001/note.txt"), folder.read("C002/note.txt")
    ('ready', None)
    """

    def __init__(self, location: str | Path) -> None:
        self.fs, self.root = url_to_fs(str(location))
        self.is_local = "file" in self.fs.protocol

    def path(self, name: str) -> str:
        """Full path of a file in the folder."""
        return posixpath.join(self.root, name)

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file that gets its name only when it is complete (object stores do that by themselves)."""
        path, data = self.path(name), content.encode() if isinstance(content, str) else content
        self.fs.makedirs(posixpath.dirname(path), exist_ok=True)
        if not self.is_local:
            self.fs.pipe_file(path, data)
            return
        part = posixpath.join(posixpath.dirname(path), f".{posixpath.basename(path)}.part")
        self.fs.pipe_file(part, data)
        Path(part).replace(path)

    def read(self, name: str) -> str | None:
        """Text of a file, None if there is none."""
        try:
            return str(self.fs.cat_file(self.path(name)).decode())
        except FileNotFoundError:
            return None

    def read_all(self, names: Iterable[str]) -> dict[str, bytes]:
        """Content of many files by name; those that are not there are left out."""
        found = {}
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                found[name] = bytes(self.fs.cat_file(self.path(name)))
        return found

    def exists(self, name: str) -> bool:
        """Whether the file is there."""
        return bool(self.fs.isfile(self.path(name)))

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self.fs.rm_file(self.path(name))

    def remove_folder(self, name: str) -> None:
        """Remove a folder and all in it."""
        self.fs.rm(self.path(name), recursive=True)

    def names(self, pattern: str) -> list[str]:
        """Names of the files that fit a pattern such as ``*/*.json``, sorted."""
        found = self.fs.glob(posixpath.join(glob.escape(self.root), pattern))
        return sorted(posixpath.relpath(path, self.root) for path in found)
