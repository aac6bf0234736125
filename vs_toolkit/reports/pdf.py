"""Pages as PDF, printed by a Chromium of the machine: tagged, with an outline, without network.

One browser prints page after page in one tab, since starting it takes longer than printing. It is driven by
its DevTools protocol over a web socket of this machine.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from vs_toolkit.errors import VsToolkitError

if TYPE_CHECKING:
    import websocket

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MACS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--disable-dev-shm-usage", "--remote-debugging-port=0", "--remote-allow-origins=*",
    "--host-resolver-rules=MAP * 0.0.0.0",
)  # fmt: skip
PAPERS = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}  # inches
Paper = Literal["A4", "Letter"]
START_SECONDS = 30.0
OWN_MEMORY = 640  # MiB of data that each process of a browser reserves for itself before it has any page
LIMITED = 'ulimit -d "$0" && exec "$@"'
NODE = re.compile(rb"\(node\d{8}\)")  # name of an element in the structure of a tagged page
LONGEST_PROFILE = 60  # characters of a folder in which the browser may put its socket
# Is told a process; ends it with its group, and removes a folder, unless it is told anything more.
KEEPER = """read -r browser
[ "$browser" ] && read -r over && exit
[ "$browser" ] && kill -s KILL -- "-$browser" && sleep 0.3
rm -rf -- "$1"
"""


class Limits(NamedTuple):
    """What printing a page may take: seconds, and MiB of each process of the browser (None: no limit)."""

    seconds: float = 60.0
    memory: int | None = None


NO_HURRY = Limits()


class PdfError(VsToolkitError):
    """A page could not be printed, or there is no browser to print it."""


def browser_path() -> str:
    """Path of a Chromium, Chrome or Edge; ``VS_BROWSER`` names another.

    Raises
    ------
    PdfError
        If there is none.
    """
    named = os.environ.get("VS_BROWSER")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next((path for path in MACS if Path(path).exists()), None)
    if not found:
        raise PdfError(
            "PDF needs Chromium, Google Chrome or Microsoft Edge: install one, "
            "or name its program in the environment as VS_BROWSER"
        )
    return found


@contextmanager
def browser(memory: int | None = None) -> Iterator[Browser]:
    """Start a browser and end it with all that it started.

    Parameters
    ----------
    memory
        MiB that each of its processes may take for a page (Linux only); None: no limit.

    Raises
    ------
    PdfError
        If there is no browser, or it does not start.
    """
    path = browser_path()
    with (
        tempfile.TemporaryDirectory(prefix="vs-print-", ignore_cleanup_errors=True) as profile,
        _kept(profile) as keep,
    ):
        alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [path, *FLAGS, *alone, f"--user-data-dir={profile}", "about:blank"]
        if memory and sys.platform == "linux":
            command = ["/bin/sh", "-c", LIMITED, str((memory + OWN_MEMORY) * 1024), *command]
        temporary = {"TMPDIR": profile} if len(profile) <= LONGEST_PROFILE else {}
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True, env={**os.environ, **temporary},
        )  # fmt: skip
        try:
            keep(process)
            with contextlib.closing(_tab(process)) as tab:
                yield Browser(tab, Path(profile), memory)
        finally:
            _end(process)


@contextmanager
def _kept(profile: str) -> Iterator[Callable[[subprocess.Popen[bytes]], object]]:
    """Let a shell end a browser and remove its profile if this process is killed: its pipe tells it."""
    if not hasattr(os, "killpg"):
        yield lambda process: None
        return
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, "vs-keeper", profile], stdin=subprocess.PIPE, bufsize=0,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    pipe = keeper.stdin
    assert pipe
    try:
        yield lambda process: pipe.write(b"%d\n" % process.pid)
    finally:
        keeper.communicate(b"over\n")


class Browser:
    """A tab that prints pages."""

    def __init__(self, tab: websocket.WebSocket, folder: Path, memory: int | None = None) -> None:
        self._tab, self._folder, self._memory, self._last = tab, folder, memory, 0
        self._until = time.monotonic() + START_SECONDS
        self._call("Page.enable")
        self._call("Inspector.enable")
        self._call("Emulation.setScriptExecutionDisabled", value=True)

    def print(self, page: str, paper: Paper = "A4", seconds: float = NO_HURRY.seconds) -> bytes:
        """Print a page that needs nothing from elsewhere.

        Raises
        ------
        PdfError
            If the browser reports a failure, takes too long or needs more than its memory.
        """
        from websocket import WebSocketException

        file = self._folder / "page.html"
        file.write_text(page, encoding="utf-8")
        width, height = PAPERS[paper]
        self._until = time.monotonic() + seconds
        try:
            self._call("Page.navigate", url=file.as_uri())
            self._wait_for("Page.loadEventFired")
            printed = self._call(
                "Page.printToPDF", preferCSSPageSize=True, printBackground=True, paperWidth=width,
                paperHeight=height, generateTaggedPDF=True, generateDocumentOutline=True,
            )  # fmt: skip
        except (WebSocketException, OSError) as error:
            raise PdfError(f"the browser did not print the page within {seconds:g} s: {error}") from None
        return _numbered(base64.b64decode(printed["data"]))

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._last += 1
        self._tab.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            answer = self._received()
            if answer.get("id") == self._last:
                if "error" in answer:
                    why = answer["error"].get("message", "")
                    raise PdfError(f"the browser refused {method}: {why}{self._hint()}")
                return dict(answer["result"])

    def _wait_for(self, event: str) -> None:
        while self._received().get("method") != event:
            pass

    def _received(self) -> dict[str, Any]:
        self._tab.settimeout(max(self._until - time.monotonic(), 0.001))
        message: dict[str, Any] = json.loads(self._tab.recv())
        if message.get("method") == "Inspector.targetCrashed":
            raise PdfError(f"the browser gave up on the page{self._hint()}")
        return message

    def _hint(self) -> str:
        return f"; each of its processes may take {self._memory:,} MiB (--memory)" if self._memory else ""


def _numbered(printed: bytes) -> bytes:
    """Count the nodes of a page from 1: the browser counts on from page to page, and equal pages differ."""
    names = {name: b"(node%08d)" % place for place, name in enumerate(sorted(set(NODE.findall(printed))), 1)}
    return NODE.sub(lambda found: names[found[0]], printed)


class Printers:
    """Browsers that print for many threads: started when needed, at most so many, replaced when one fails."""

    def __init__(self, most: int) -> None:
        self._places = threading.Semaphore(most)
        self._free: list[tuple[contextlib.ExitStack, Browser]] = []

    def print(self, page: str, paper: Paper = "A4", limits: Limits = NO_HURRY) -> bytes:
        """Print a page on a browser that is free.

        Raises
        ------
        PdfError
            If it cannot be printed.
        """
        with self._places:
            stack, tab = self._free.pop() if self._free else _started(limits.memory)
            try:
                printed = tab.print(page, paper, limits.seconds)
            except BaseException:
                stack.close()  # after a failure nobody knows what the browser is doing
                raise
            self._free.append((stack, tab))
            return printed

    def close(self) -> None:
        """End all browsers."""
        while self._free:
            self._free.pop()[0].close()


def _started(memory: int | None) -> tuple[contextlib.ExitStack, Browser]:
    stack = contextlib.ExitStack()
    return stack, stack.enter_context(browser(memory))


def _tab(process: subprocess.Popen[bytes]) -> websocket.WebSocket:
    """Connect to the one tab of a browser that has just been started."""
    import websocket

    assert process.stderr
    address = _address(process.stderr, time.monotonic() + START_SECONDS)
    tab = websocket.create_connection(address, timeout=START_SECONDS, suppress_origin=True)
    tab.send(json.dumps({"id": 0, "method": "Target.getTargets"}))
    while (answer := json.loads(tab.recv())).get("id") != 0:
        pass
    target = next(t["targetId"] for t in answer["result"]["targetInfos"] if t["type"] == "page")
    tab.close()
    host = re.match(r"ws://[^/]+", address)
    assert host
    return websocket.create_connection(
        f"{host[0]}/devtools/page/{target}", timeout=START_SECONDS, suppress_origin=True
    )


def _address(stderr: IO[bytes], until: float) -> str:
    told = b""
    while time.monotonic() < until:
        line = stderr.readline()
        if found := re.search(rb"DevTools listening on (ws://\S+)", line):
            return found[1].decode()
        told += line
        if not line:
            break
    raise PdfError(f"the browser does not start: {told.decode(errors='replace')[-300:].strip()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a browser and everything it started."""
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
    if process.stderr:
        process.stderr.close()
