"""Warm kernels: each one a fresh process, forked from one that has imported everything already.

A kernel provisioner of Jupyter (entry point ``vs-toolkit-warm``), so it serves papermill, nbclient, nbval and
JupyterLab alike. The forking is the standard library's fork server, which has no threads, reaps its children,
reports how they ended and dies with the process that uses it. What cannot be forked is started the ordinary
way, and the reason is logged once.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import pickle
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from multiprocessing import AuthenticationError, resource_tracker
from multiprocessing.forkserver import SIGNED_STRUCT, ForkServer
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

import vs_toolkit
from vs_toolkit.batch import nursery
from vs_toolkit.batch.kernels import KERNEL_ENVIRONMENT, is_withheld
from vs_toolkit.batch.nursery import KernelOrder

LOG = logging.getLogger(__name__)
ANSWER_SECONDS = 60  # the first kernel waits until the server has imported everything
SILENCE = (OSError, EOFError, AuthenticationError)  # what a server that is gone or broken raises here
Fingerprint = tuple[tuple[str, int, int], ...]


class CannotForkError(RuntimeError):
    """Why a kernel is started without forking."""


class ForkedKernel:
    """A kernel forked by the fork server; has the part of ``subprocess.Popen`` that Jupyter uses."""

    stdin = stdout = stderr = None

    def __init__(self, status: int) -> None:
        self._status = status
        self._lock = threading.Lock()
        self.returncode: int | None = None
        try:
            if not self._is_readable(ANSWER_SECONDS):
                raise EOFError(f"it did not answer in {ANSWER_SECONDS} s")
            self.pid = self._read()
        except EOFError:
            os.close(status)
            raise

    def _is_readable(self, seconds: float) -> bool:
        look = select.poll()  # unlike select.select, it takes descriptors of any number
        look.register(self._status, select.POLLIN)
        return bool(look.poll(1000 * seconds))

    def _read(self) -> int:
        data = b""
        while len(data) < SIGNED_STRUCT.size:
            more = os.read(self._status, SIGNED_STRUCT.size - len(data))
            if not more:
                raise EOFError("it is gone")
            data += more
        return int(SIGNED_STRUCT.unpack(data)[0])

    def poll(self) -> int | None:
        """Exit code (negative: by which signal) if it has ended, else None."""
        with self._lock:  # the thread that keeps the time limit asks too
            if self.returncode is None and self._is_readable(0):
                self.returncode = self._ended()
        return self.returncode

    def _ended(self) -> int:
        try:
            return self._read()
        except EOFError:
            return -signal.SIGKILL  # its server was killed, and it with the server
        finally:
            os.close(self._status)

    def wait(self) -> int:
        """Wait for the end and return the exit code."""
        while (code := self.poll()) is None:
            time.sleep(0.002)
        return code

    def send_signal(self, signum: int) -> None:
        """Send it a signal if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The fork server for the code as it is now; a new one when the toolkit's files have changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server = ForkServer()
        self._code: Fingerprint = ()
        self._environment: dict[str, str] = {}  # of the process that runs now
        self._has_served = self._is_broken = False

    def start(self) -> None:
        """Start the fork server now, so that it imports while there is other work; failure shows later."""
        if sys.platform != "linux":
            return
        with contextlib.suppress(*SILENCE), self._lock, _environment():
            self._running()

    def fork(self, order: KernelOrder, descriptors: list[int]) -> ForkedKernel:
        """Fork a process that becomes the kernel.

        Raises
        ------
        CannotForkError
            If the fork server does not come up (it is not tried again until the code changes), or has started
            with other settings than the kernel asks for.
        """
        try:
            kernel = self._fork(order, descriptors)
        except SILENCE as error:
            with self._lock:
                self._is_broken = not self._has_served
            raise CannotForkError(f"the fork server does not answer: {error}") from error
        with self._lock:
            self._has_served = True
        return kernel

    def _fork(self, order: KernelOrder, descriptors: list[int]) -> ForkedKernel:
        with self._lock, _environment():  # should it die just now, connecting starts it again
            server = self._running()
            _refuse_other_settings(order.environment, self._environment)
            status, data = server.connect_to_new_process(descriptors)
        with os.fdopen(data, "wb") as pipe, contextlib.suppress(BrokenPipeError):
            pickle.dump({}, pipe)  # nothing to prepare: nobody's main module is run in the kernel
            pickle.dump(order, pipe)
        return ForkedKernel(status)

    def _running(self) -> ForkServer:
        code = _fingerprint()
        if code != self._code:
            self._server, self._code = ForkServer(), code
            self._has_served = self._is_broken = False
            self._server.set_forkserver_preload([nursery.__name__])
        if self._is_broken:
            raise EOFError("it did not come up")
        if not self._is_up():
            if left := self._server._forkserver_address:  # type: ignore[attr-defined]
                Path(left).unlink(missing_ok=True)  # of one that was killed: its folder could not be removed
            self._environment = {**_inherited(), **KERNEL_ENVIRONMENT, **nursery.ENVIRONMENT}
            _start_deaf_to_ctrl_c(self._server)
        return self._server

    def _is_up(self) -> bool:
        """Whether it lives; what is left of it is for ``ensure_running`` to clear away."""
        pid = self._server._forkserver_pid  # type: ignore[attr-defined]
        look = os.WEXITED | os.WNOHANG | os.WNOWAIT
        try:
            return pid is not None and os.waitid(os.P_PID, pid, look) is None
        except ChildProcessError:
            return False


NURSERY = Nursery()


def _fingerprint() -> Fingerprint:
    files = Path(vs_toolkit.__file__).parent.rglob("*.py")
    return tuple((str(file), stat.st_mtime_ns, stat.st_size) for file in files for stat in [file.stat()])


def _start_deaf_to_ctrl_c(server: ForkServer) -> None:
    """Start it with SIGINT blocked: Ctrl-C is meant for the batch, which ends it.

    Only what is inherited holds from the first moment; an interpreter that is just starting would end with a
    traceback of its own. The resource tracker comes first, as starting it lets the signal through again.
    """
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        server.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _inherited() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not is_withheld(name)}


def _refuse_other_settings(kernel: Mapping[str, str], server: Mapping[str, str]) -> None:
    """Refuse to fork a kernel whose interpreter would have started differently (``PYTHONPATH``, threads).

    What a batch sets for all its kernels may be unset elsewhere, such as in JupyterLab.

    >>> _refuse_other_settings({"PYTHONPATH": "/mine"}, {"OMP_NUM_THREADS": "1"})
    Traceback (most recent call last):
    ...
    vs_toolkit.batch.warm.CannotForkError: the kernel has its own PYTHONPATH
    """
    names = {name for name in kernel.keys() | server.keys() if nursery.READ_AT_START.match(name)}
    differing = {name for name in names if kernel.get(name) != server.get(name)}
    if other := sorted(differing - (KERNEL_ENVIRONMENT.keys() - kernel.keys())):
        raise CannotForkError(f"the kernel has its own {', '.join(other)}")


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """Set what a process that is started now must find in its environment.

    ``os.environ`` itself stays as it is, because other threads read it for their kernels meanwhile.
    """
    wanted: dict[str, str | None] = dict.fromkeys(filter(is_withheld, os.environ))
    wanted |= {**KERNEL_ENVIRONMENT, **nursery.ENVIRONMENT, nursery.MARK: str(os.getpid())}
    _put(wanted)
    try:
        yield
    finally:
        _put({name: os.environ.get(name) for name in wanted})


def _put(variables: Mapping[str, str | None]) -> None:
    for name, value in variables.items():
        os.unsetenv(name) if value is None else os.putenv(name, value)


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by forking; starts it without forking where that is not possible."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel; called by the kernel manager."""
        try:
            kernel = self._fork(cmd, **kwargs)
        except CannotForkError as reason:
            _log_once(str(reason))
            return await super().launch_kernel(cmd, **kwargs)
        self.process = kernel  # type: ignore[assignment]  # it stands in for a Popen
        self.pid = self.pgid = kernel.pid
        self.cwd = kwargs.get("cwd") or Path.cwd()
        return self.connection_info

    def _fork(self, cmd: list[str], **kwargs: Any) -> ForkedKernel:
        streams = {name: kwargs[name] for name in nursery.DESCRIPTORS if kwargs.get(name) is not None}
        order = KernelOrder(
            arguments=_kernel_arguments(cmd),
            environment=dict(kwargs["env"]),
            folder=str(kwargs.get("cwd") or Path.cwd()),
            streams=tuple(streams),
            debugger="VS_PARTITION" not in kwargs["env"],
        )
        return NURSERY.fork(order, [_descriptor(stream) for stream in streams.values()])

    async def wait(self) -> int | None:
        """Wait for the end of the kernel; called by the kernel manager once it is dead."""
        code = None if self.process is None else self.process.wait()
        self.process = None
        return code


def _kernel_arguments(cmd: list[str]) -> tuple[str, ...]:
    """Take ipykernel's arguments from the command that would start it.

    >>> _kernel_arguments([sys.executable, "-m", "ipykernel_launcher", "-f", "kernel.json"])
    ('-f', 'kernel.json')
    """
    if sys.platform != "linux":
        raise CannotForkError("processes are forked on Linux only")
    if Path(cmd[0]).resolve() != Path(sys.executable).resolve() or "ipykernel_launcher" not in cmd:
        raise CannotForkError(f"not a kernel of this interpreter: {cmd[0]}")
    return tuple(cmd[cmd.index("ipykernel_launcher") + 1 :])


def _descriptor(stream: Any) -> int:
    if stream == subprocess.DEVNULL:
        return _null()
    try:
        return int(stream if isinstance(stream, int) else stream.fileno())
    except (OSError, AttributeError) as error:
        raise CannotForkError(f"its output goes to something that is not a file: {stream!r}") from error


@functools.cache
def _null() -> int:
    return os.open(os.devnull, os.O_RDWR)


@functools.cache
def _log_once(reason: str) -> None:
    LOG.warning("kernels start without forking, which takes longer: %s", reason)
