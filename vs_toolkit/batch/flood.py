"""A kernel that writes without end: its output is counted, so that it cannot fill the batch's memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jupyter_client.channels import AsyncZMQSocketChannel

MOST_OUTPUT = 50 * 2**20  # characters; a report with twenty drawings has half a million


class MeteredChannel(AsyncZMQSocketChannel):
    """The outputs of a kernel as they come; beyond the limit ``overflow`` is called."""

    received = 0
    overflow: Callable[[], None]

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:  # type: ignore[override]
        """Wait for the next message; called by nbclient."""
        message = await super().get_msg(timeout)
        self.received += output_size(message["content"])
        if self.received > MOST_OUTPUT:
            self.overflow()
        return message


def output_size(content: Mapping[str, Any]) -> int:
    """Number of characters that a message adds to the notebook.

    >>> output_size({"name": "stdout", "text": "four"}), output_size({"data": {"text/html": "<p>"}})
    (4, 3)
    >>> output_size({"execution_state": "busy"})
    0
    """
    said = (content.get("text"), content.get("evalue"), *content.get("data", {}).values())
    texts = [part if isinstance(part, str) else repr(part) for part in said if part is not None]
    return sum(map(len, texts)) + sum(map(len, content.get("traceback", ())))
