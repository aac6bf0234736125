"""Waiting for what another process does."""

import time


def wait_for(condition, seconds=60):
    """Look at it again and again until it holds; return what it gave."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
