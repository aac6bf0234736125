"""The page on running batches is true: what can be run here runs, and what it names exists."""

import ast
import os
import re
import smtplib
import socketserver
import subprocess
import sys
import threading
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.shared import ROOT
from vs_toolkit.cli import main

PAGE = (ROOT / "docs/running.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.S)


def test_the_cluster_on_one_machine_works_as_written(tmp_path):
    (block,) = blocks("sh")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = "set -m; trap 'kill %1 %2 2>/dev/null' EXIT\n" + block.replace(
        "8786", str(20_000 + os.getpid() % 20_000)
    )
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^[1-9]\d* reports? created, 0 failed", done.stdout, re.M), done.stdout
    assert list((tmp_path / "my-batch").glob("*/business_impact.html"))


def test_the_python_is_python_and_its_command_is_one_of_ours():
    _, block = blocks("python")
    ast.parse(block)
    options = set(re.findall(r"--[a-z-]+", "".join([*blocks("crontab"), block, *blocks("sh")])))
    known = CliRunner().invoke(main, ["run", "--help"]).output + "--host --port --nthreads --customers"
    assert options <= set(re.findall(r"--[a-z-]+", known))


class Sink(socketserver.StreamRequestHandler):
    """A mail server that keeps what it is sent."""

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            self.wfile.write({b"DATA": b"354 go on", b"QUIT": b"221 bye"}.get(command, b"250 ok") + b"\r\n")
            if command == b"DATA":
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines))  # type: ignore[attr-defined]
                self.wfile.write(b"250 kept\r\n")
            if command == b"QUIT":
                return


@pytest.mark.parametrize(("edition", "status", "sent"), [
    ("customer", "ok", 1), ("internal", "ok", 0), ("customer", "failed", 0),
])  # fmt: skip
def test_the_mail_goes_out_as_written_and_nothing_internal_or_failed(tmp_path, edition, status, sent):
    example: dict[str, Any] = {}
    exec(blocks("python")[0], example)
    head = "customer_id,notebook,edition,as_of,status"
    (tmp_path / "results.csv").write_text(f"{head}\nC001,plan,{edition},2026-06-30,{status}\n", "utf-8-sig")
    (tmp_path / "C001").mkdir()
    (tmp_path / "C001/review_pack.pdf").write_bytes(b"%PDF-1.7")
    with socketserver.TCPServer(("127.0.0.1", 0), Sink) as sink:
        sink.mails = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        with smtplib.SMTP(*sink.server_address) as server:
            try:
                example["mail_pack"](tmp_path, "C001", "us@example.org", "them@example.com", server)
            except SystemExit as refused:
                assert "not sent to C001" in str(refused)
        sink.shutdown()
        thread.join()
    assert len(sink.mails) == sent  # type: ignore[attr-defined]
    for mail in map(message_from_bytes, sink.mails):  # type: ignore[attr-defined]
        attached = {part.get_filename(): part.get_payload(decode=True) for part in mail.walk()}
        assert mail["To"] == "them@example.com" and attached["review_pack.pdf"] == b"%PDF-1.7"
