"""Real data beside the checkout: tests that need it are skipped, with the reason, where it is absent."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def shared(path: str) -> Path:
    """Path of a file of the shared data, or skip the test."""
    file = Path(os.environ.get("VS_SHARED", ROOT.parent / "shared")) / path
    if not file.exists():
        pytest.skip(f"real data not here: {path} (set VS_SHARED to the folder that holds it)")
    return file
