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
        mend(message["content"])
        self.received += output_size(message["content"])
        if self.received > MOST_OUTPUT:
            self.overflow()
        return message


def mend(content: dict[str, Any]) -> None:
    """Name JSON data as JSON: Altair 6 does not, and a notebook could not hold it.

    >>> content = {"data": {"application/vnd.vegalite.v6.json": {"mark": "bar"}, "text/plain": "Chart"}}
    >>> mend(content)
    >>> sorted(content["data"])
    ['application/vnd.vegalite.v6+json', 'text/plain']
    """
    data = content.get("data")
    if not isinstance(data, dict):
        return
    for mime in [mime for mime in data if mime.startswith("application/") and not mime.endswith("json")]:
        if isinstance(data[mime], dict | list):
            data[f"{mime}+json"] = data.pop(mime)
    for mime in [mime for mime in data if mime.startswith("application/vnd.") and mime.endswith(".json")]:
        data[f"{mime.removesuffix('.json')}+json"] = data.pop(mime)


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
