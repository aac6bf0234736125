"""Files that appear whole or not at all, on any file system."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import fsspec

# Stores in which a file is there only once all of it has arrived; renaming would copy it.
OBJECT_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "memory"})
DRAFT = ".part"


def write_whole(url: str, content: bytes | memoryview, *, durable: bool = True) -> None:
    """Write a file so that nobody ever reads half of it; ``url`` is a path or any fsspec URL.

    See :func:`put_whole`.
    """
    filesystem, path = fsspec.url_to_fs(url)
    put_whole(filesystem, path, content, durable=durable)


def put_whole(
    filesystem: fsspec.AbstractFileSystem, path: str, content: bytes | memoryview, *, durable: bool
) -> None:
    """Write a file under another name (``.NAME….part`` beside it) and rename it, where that is needed.

    A ``durable`` one is flushed to a local disk before the rename, so that it survives a loss of power too;
    what can be made again does without, as it takes milliseconds for each file.
    """
    parent, _, name = path.rpartition("/")
    filesystem.makedirs(parent or ".", exist_ok=True)
    if OBJECT_STORES & protocols(filesystem):
        filesystem.pipe_file(path, bytes(content))
        return
    draft = f"{parent}/" * bool(parent) + f".{name[:40]}.{uuid.uuid4().hex}{DRAFT}"
    try:
        _write(filesystem, draft, content, durable and is_local(filesystem))
        _rename(filesystem, draft, path)
    except BaseException:
        if filesystem.exists(draft):
            filesystem.rm_file(draft)
        raise


def protocols(filesystem: fsspec.AbstractFileSystem) -> set[str]:
    """Names of the protocols that a file system speaks.

    >>> "file" in protocols(fsspec.filesystem("file"))
    True
    """
    named = filesystem.protocol
    return {named} if isinstance(named, str) else set(named)


def is_local(filesystem: fsspec.AbstractFileSystem) -> bool:
    """Whether its files are files of this machine."""
    return "file" in protocols(filesystem)


def _write(
    filesystem: fsspec.AbstractFileSystem, path: str, content: bytes | memoryview, to_disk: bool
) -> None:
    with filesystem.open(path, "wb") as file:
        file.write(content)
        if to_disk:
            file.flush()
            os.fsync(file.fileno())


def _rename(filesystem: fsspec.AbstractFileSystem, draft: str, path: str) -> None:
    if is_local(filesystem):
        Path(draft).replace(path)
        return
    try:
        filesystem.mv(draft, path)
    except Exception:  # each kind has errors of its own; some do not rename over a file
        if not filesystem.exists(path):
            raise
        filesystem.rm_file(path)
        filesystem.mv(draft, path)
