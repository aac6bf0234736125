"""Files that appear whole or not at all, on any file system."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import fsspec


def write_whole(url: str, content: bytes | memoryview, *, durable: bool = True) -> None:
    """Write a file under another name and rename it, so that nobody ever reads half of it.

    A ``durable`` one is flushed to a local disk before the rename, so that it survives a loss of power too;
    what can be made again does without, as it takes milliseconds for each file.
    """
    filesystem, path = fsspec.url_to_fs(url)
    filesystem.makedirs(path.rpartition("/")[0] or ".", exist_ok=True)
    parent, _, name = path.rpartition("/")
    draft = f"{parent}/.{name[:40]}.{uuid.uuid4().hex}" if parent else f".{name[:40]}.{uuid.uuid4().hex}"
    try:
        with filesystem.open(draft, "wb") as file:
            file.write(content)
            if durable and "file" in filesystem.protocol:
                file.flush()
                os.fsync(file.fileno())
        _replace(filesystem, draft, path)
    except BaseException:
        if filesystem.exists(draft):
            filesystem.rm_file(draft)
        raise


def _replace(filesystem: fsspec.AbstractFileSystem, draft: str, path: str) -> None:
    if "file" in filesystem.protocol:
        Path(draft).replace(path)
    else:
        filesystem.mv(draft, path)
