"""A PostgreSQL server of the tests' own: temporary, on a free port, stopped at the end."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest


def binaries():
    """Folder of the newest installed server, or skip the test."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    return found[-1] if found else Path(str(on_path)).parent


def is_installed():
    """Whether there is a server to start."""
    return bool([*Path("/usr/lib/postgresql").glob("*/bin")] or shutil.which("initdb"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(folder):
    """Run a server; gives its address for the user ``test`` without a password."""
    bin_, port, data = binaries(), free_port(), folder / "cluster"
    user = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        for path in (folder, *folder.parents):
            if str(path).startswith("/tmp/"):
                path.chmod(path.stat().st_mode | 0o055)
        data.mkdir()
        shutil.chown(data, "postgres", "postgres")
    subprocess.run(
        [bin_ / "initdb", "-D", data, "-U", "test", "-A", "trust", "--no-locale", "-E", "UTF8", "-N"],
        check=True, capture_output=True, cwd="/", **user,
    )  # fmt: skip
    options = [
        "-p",
        str(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "fsync=off",
    ]
    process = subprocess.Popen(
        [bin_ / "postgres", "-D", data, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **user,
    )
    try:
        _wait(port)
        yield f"postgresql+psycopg://test@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(2)  # fast shutdown
        process.wait(timeout=20)


def _wait(port):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not start")
