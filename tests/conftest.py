"""What all tests share: on CI the property tests draw the same examples every time."""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")

LONG = (
    "test_readme",
    "test_live",
    "test_cluster",
    "test_running",
    "test_editions",
    "test_faults",
    "test_accessible",
)


def pytest_collection_modifyitems(items):
    """Put the longest files first (``--no-loadscope-reorder``), so that both workers end together."""
    items.sort(key=lambda item: item.path.stem not in LONG)
