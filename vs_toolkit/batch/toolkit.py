"""A hash of the code that makes the reports: when it changes, every report is made again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import vs_toolkit
from vs_toolkit.shipped import shipped


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
