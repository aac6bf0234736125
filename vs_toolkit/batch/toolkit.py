"""Hashes of the code that makes the reports: when one changes, every report is made again."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import vs_toolkit
from vs_toolkit.shipped import deck_template, shipped


def toolkit_digest() -> str:
    """Hash of version, package sources, report template and scales.

    >>> toolkit_digest() == toolkit_digest()
    True
    """
    package = Path(vs_toolkit.__file__).parent
    total = hashlib.sha256(vs_toolkit.__version__.encode())
    templates = [(shipped("templates", name), "*") for name in ("report", "scales")]
    for root, pattern in ((package, "*.py"), *templates):
        for file in sorted(path for path in root.rglob(pattern) if path.is_file()):
            total.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:32]


def packages_digest() -> str:
    """Hash of the Python and of the packages that are installed, by name and version.

    >>> packages_digest() == packages_digest()
    True
    """
    folders = [Path(folder) for folder in sys.path if folder.endswith("-packages")]
    installed = {path.name for folder in folders for path in folder.glob("*.dist-info")}
    return hashlib.sha256("\n".join([sys.version, *sorted(installed)]).encode()).hexdigest()[:32]


def deck_digest() -> str:
    """Hash of the template of decks; empty if it cannot be read, which every deck will tell.

    >>> len(deck_digest())
    32
    """
    try:
        return hashlib.sha256(deck_template().read_bytes()).hexdigest()[:32]
    except OSError:
        return ""
