"""The output folder, on this machine or at any fsspec URL: files appear whole or not at all."""

from __future__ import annotations

import contextlib
import glob
import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from fsspec.core import url_to_fs

from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs.sources.files import DRAFT, is_local, put_whole


def shown(location: str | Path) -> str:
    """Write a path or URL without the name and password that it may hold.

    >>> shown("ftp://us:secret@host/reports")
    'ftp://host/reports'
    """
    return re.sub(r"//[^/@]*@", "//", str(location))


class Folder:
    """Files below one root; names are relative, with ``/`` between folders.

    >>> folder = Folder("memory://reports")
    >>> folder.write("C001/note.txt", "ready")
    >>> folder.read("C001/note.txt"), folder.read("C002/note.txt")
    ('ready', None)
    """

    def __init__(self, location: str | Path) -> None:
        try:
            self.fs, self.root = url_to_fs(str(location))
        except Exception as error:  # unknown protocol, its package not installed, no connection, no password
            raise VsToolkitError(f"{shown(location)} cannot be used as a folder: {error}") from error
        self.is_local = is_local(self.fs)
        self._location = str(location).rstrip("/")

    @property
    def url(self) -> str:
        """Where it is, for any process on any machine that reaches it: an absolute path, or a URL."""
        return self.root if self.is_local else self._location

    @property
    def shown(self) -> str:
        """The same for messages: without the name and password that a URL may hold."""
        return shown(self.url)

    def child(self, name: str) -> str:
        """Path or URL of what lies in the folder."""
        return f"{self.url}/{name}"

    def path(self, name: str) -> str:
        """Full path of a file in the folder."""
        return posixpath.join(self.root, name)

    def write(self, name: str, content: str | bytes) -> None:
        """Write a file that gets its name only when it is complete.

        Raises
        ------
        OSError
            If it cannot be written, or a link leads out of the folder.
        """
        self._refuse_leaving(name)
        data = content.encode() if isinstance(content, str) else content
        put_whole(self.fs, self.path(name), data, durable=False)

    def _refuse_leaving(self, name: str) -> None:
        place = Path(self.path(name)).parent
        if self.is_local and not place.resolve().is_relative_to(Path(self.root).resolve()):
            raise OSError(f"{place} leads out of the folder: remove that link")

    def read(self, name: str) -> str | None:
        """Text of a file, None if there is none."""
        content = self.read_all([name]).get(name)
        return None if content is None else content.decode()

    def read_all(self, names: Iterable[str]) -> dict[str, bytes]:
        """Contents of many files, at the same time where the store can do that; absent ones are left out.

        Raises
        ------
        OSError
            If a file is there but cannot be read.
        """
        wanted = list(names)
        contents = self.fs.cat_ranges([self.path(name) for name in wanted], None, None, on_error="return")
        found = dict(zip(wanted, contents, strict=True))
        for name, error in found.items():
            if isinstance(error, Exception) and not self._is_absence(error, name):
                raise error
        return {name: content for name, content in found.items() if isinstance(content, bytes)}

    def sizes(self) -> dict[str, int]:
        """Names of all files, those of its folders included, with their sizes in bytes; sorted."""
        if self.is_local:  # without a dictionary for each of tens of thousands of files
            return dict(sorted(_local_sizes(self.root)))
        self.fs.invalidate_cache()
        try:
            found = self.fs.find(self.root, maxdepth=2, detail=True)
        except FileNotFoundError:
            return {}
        return {posixpath.relpath(path, self.root): info["size"] for path, info in sorted(found.items())}

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        try:
            self.fs.rm_file(self.path(name))
        except Exception as error:  # each kind of file system has errors of its own
            if not self._is_absence(error, name):
                raise

    def remove_folder(self, name: str) -> None:
        """Remove a folder and all in it, if it is there."""
        self.fs.invalidate_cache()  # others have written into it meanwhile
        if self.fs.exists(self.path(name)):
            self.fs.rm(self.path(name), recursive=True)

    def _is_absence(self, error: Exception, name: str) -> bool:
        is_plain = isinstance(error, FileNotFoundError | NotADirectoryError)
        return is_plain or not self.fs.exists(self.path(name))

    def remove_drafts(self, names: Iterable[str]) -> None:
        """Remove those of the files that a killed process had not finished."""
        for name in names:
            if posixpath.basename(name).startswith(".") and name.endswith(DRAFT):
                self.remove(name)

    def names(self, pattern: str) -> list[str]:
        """Names of the files that fit a pattern such as ``*/*.json``, sorted."""
        if self.is_local:
            names = glob.iglob(pattern, root_dir=self.root)  # noqa: PTH207 - paths take ten times the memory
            return sorted(name.replace(os.sep, "/") for name in names)
        found = self.fs.glob(posixpath.join(glob.escape(self.root), pattern))
        return sorted(posixpath.relpath(path, self.root) for path in found)


def _local_sizes(root: str, place: str = "") -> Iterator[tuple[str, int]]:
    """Files of a folder and of its folders, with their sizes; those further below do not count."""
    with contextlib.suppress(OSError), os.scandir(root) as found:  # gone meanwhile, or not ours to read
        for one in found:
            if not one.is_dir():
                with contextlib.suppress(OSError):  # a link that leads nowhere
                    yield place + one.name, one.stat().st_size
            elif not place:
                yield from _local_sizes(one.path, f"{one.name}/")
