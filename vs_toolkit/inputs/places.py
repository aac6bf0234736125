"""Where files lie that come with the toolkit: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def shipped(relative: str) -> Path:
    """Path of a file or folder that comes with the toolkit.

    >>> shipped("templates/models").name
    'models'
    """
    beside = PACKAGE.parent / relative
    return beside if beside.exists() else PACKAGE / "_shipped" / relative
