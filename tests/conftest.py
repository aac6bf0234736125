"""What all tests share: on CI the property tests draw the same examples every time."""

import contextlib
import os
import signal

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


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background: whatever a test starts would ignore Ctrl-C too.
    with contextlib.suppress(ValueError):  # not in the main thread
        signal.signal(signal.SIGINT, signal.default_int_handler)
