"""A lock in a store that knows none: a file that its holder rewrites every few seconds.

Whoever finds the file watches it for a while by its own clock. If nothing changes, the holder is dead and the
lock is taken over; clocks of different machines are never compared.
"""

from __future__ import annotations

import _thread
import contextlib
import json
import logging
import os
import signal
import socket
import threading
import uuid
from collections.abc import Iterator

from vs_toolkit.batch.folder import Folder
from vs_toolkit.errors import FolderInUseError

LOG = logging.getLogger(__name__)
BEAT = 5.0  # seconds from one sign of life to the next
PATIENCE = 4  # beats without a sign of life after which a holder is taken for dead


@contextlib.contextmanager
def holding(folder: Folder, name: str) -> Iterator[None]:
    """Hold the lock while the block runs.

    Should another process take it over meanwhile, because this one was cut off from the store for too long,
    this one is stopped as by SIGTERM.

    Raises
    ------
    FolderInUseError
        If a living process holds it.
    """
    pulse = _Pulse(folder, name)
    pulse.take()
    beating = threading.Thread(target=pulse.beat, daemon=True)
    beating.start()
    try:
        yield
    finally:
        pulse.ended.set()
        beating.join()
        pulse.release()


class _Pulse:
    """One holder's signs of life."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.folder, self.name = folder, name
        self.token = uuid.uuid4().hex
        self.count = 0
        self.ended = threading.Event()

    def take(self) -> None:
        self._wait_for_silence()
        self._write()
        self.ended.wait(BEAT / 5)  # two that came at the same time: the later one has written over the other
        if not self._is_ours():
            self._refuse()

    def _wait_for_silence(self) -> None:
        before = self._read()
        for _ in range(PATIENCE):
            if not before:
                return
            self.ended.wait(BEAT)
            now = self._read()
            if now and now != before:
                self._refuse()
            before = now

    def _refuse(self) -> None:
        holder = self._read()
        who = f"process {holder.get('pid', 'unknown')} on {holder.get('host', 'an unknown machine')}"
        place = self.folder.shown
        raise FolderInUseError(
            f"another batch ({who}) is writing into {place}: wait for it, or choose another folder"
        )

    def beat(self) -> None:
        with contextlib.suppress(Exception):  # a connection of its own: threads cannot share one to FTP
            self.folder = Folder(self.folder.url)
        while not self.ended.wait(BEAT):
            with contextlib.suppress(Exception):  # whatever the store raises, it may be back at the next beat
                if self._read().get("token", self.token) != self.token:
                    LOG.error("another batch has taken over %s: stopping", self.folder.shown)
                    _thread.interrupt_main(signal.SIGTERM)
                    return
                self._write()

    def release(self) -> None:
        with contextlib.suppress(Exception):
            if self._is_ours():
                self.folder.remove(self.name)

    def _is_ours(self) -> bool:
        return self._read().get("token") == self.token

    def _read(self) -> dict[str, object]:
        try:
            return dict(json.loads(self.folder.read(self.name) or "{}"))
        except ValueError:
            return {}

    def _write(self) -> None:
        self.count += 1
        told = {"token": self.token, "count": self.count, "pid": os.getpid(), "host": socket.gethostname()}
        self.folder.write(self.name, json.dumps(told))
