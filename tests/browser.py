"""A real browser for the tests: what a page became after it was opened, and whom it called."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-quic", "--no-default-browser-check",
    "--disable-features=LocalNetworkAccessChecks", "--host-resolver-rules=MAP * 127.0.0.1",
)  # fmt: skip


def opened(page: Path, width: int = 1100) -> str:
    """Open a file as a reader would, give it two seconds, and write down what it is then."""
    return _chromium("--dump-dom", "--virtual-time-budget=2000", f"--window-size={width},800", page.as_uri())


def ran(folder: Path, text: str, width: int = 1100) -> set[int]:
    """Numbers of the marks ``data-ran…`` that scripts left on the document when the page was opened."""
    file = folder / "page.html"
    file.write_text(text, encoding="utf-8")
    root = re.search("<html[^>]*>", opened(file, width))
    assert root, "the browser shows no page"
    return {int(number) for number in re.findall(r"data-ran(\d+)", root[0])}


def asked(folder: Path, text: str) -> list[str]:
    """What the page asked for at a listening server, which ``URL`` in it (or ``SHORT``) stands for."""
    with listening() as listener:
        ran(folder, text.replace("URL", listener.url).replace("SHORT", listener.url.removeprefix("http:")))
        time.sleep(0.2)
        return listener.asked or ["a call"] * listener.calls


def judged(pages: Iterable[str], judge: str, folder: Path) -> list[Any]:
    """Let the browser read pages without opening them, and say of each what the script ``judge`` finds.

    ``judge`` is the body of a function of the document ``doc``.
    """
    data = json.dumps(list(pages)).replace("<", "\\u003c")
    script = (
        f"const pages = {data}; const judge = doc => {{{judge}}};"
        "const read = page => judge(new DOMParser().parseFromString(page, 'text/html'));"
        "document.querySelector('pre').textContent = JSON.stringify(pages.map(read));"
    )
    file = folder / "judge.html"
    file.write_text(f"<!DOCTYPE html><meta charset=utf-8><pre></pre><script>{script}</script>", "utf-8")
    found = re.search("<pre>(.*?)</pre>", opened(file), re.DOTALL)
    assert found and found[1], "the browser could not judge"
    return list(json.loads(html.unescape(found[1])))


def _chromium(*words: str) -> str:
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *words]
        done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return done.stdout.decode(errors="replace")


class Listener:
    """A web server that gives nothing and remembers what it was asked for, and how often it was called."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.calls = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                listener.asked.append(self.path)
                self.send_response(404)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815  names of the standard library

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def process_request(self, request, address):
                listener.calls += 1
                super().process_request(request, address)

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://evil.example:{self.server.server_address[1]}"


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a free port of this machine, by the name of a strange one."""
    listener = Listener()
    thread = threading.Thread(target=listener.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield listener
    finally:
        listener.server.shutdown()
        listener.server.server_close()
        thread.join()
