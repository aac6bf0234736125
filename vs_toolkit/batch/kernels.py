"""One fresh kernel for one report: its own environment, its own sockets, gone when the report is done.

The stock start-up is changed in three ways, each through a public extension point: the kernel is always the
interpreter that runs the batch, whatever kernels the user has installed under that name; it talks through
sockets in a private folder, so that parallel kernels cannot take each other's ports; and the client is ready
as soon as the kernel answers.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from queue import Empty
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from traitlets import Dict, Int, Type, Unicode

from vs_toolkit.batch.flood import MeteredChannel
from vs_toolkit.batch.memory import limit_memory

# One numerical thread per kernel (the batch uses every core already), one hash seed (sets have one order).
KERNEL_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
LONGEST_SOCKET_FOLDER = 90  # a socket's path has at most 107 characters, on some systems 103
ORDINARY, WARM = "local-provisioner", "vs-toolkit-warm"  # entry points of jupyter_client.kernel_provisioners
# A report reads its partition only: nothing of ours tells it where the company's data are or how to open
# them. What opens a remote partition (AWS_..., AZURE_...) it must have. Nobody's start-up code changes it.
WITHHELD = ("VS_", "PYTHONSTARTUP")
# A kernel notices when its parent ends, but not that it has ended before the kernel began to look.
ORPHANED = "__import__('os').getppid() != int(__import__('os').environ['JPY_PARENT_PID'])"
ARGUMENTS = [
    "--HistoryManager.enabled=False",  # nobody asks for yesterday's input; its file is a tenth of the start
    f"--IPKernelApp.exec_lines=if {ORPHANED}: __import__('os')._exit(1)",
]


def is_withheld(variable: str) -> bool:
    """Whether reports are not told that variable of our environment.

    >>> is_withheld("VS_SOURCE"), is_withheld("HOME")
    (True, False)
    """
    return variable.startswith(WITHHELD)


class KernelStartError(RuntimeError):
    """The kernel did not come up: trying again may help, the notebook has not begun."""


class StoppedError(Exception):
    """The batch was stopped while this kernel ran: nothing is known about its notebook."""


class OwnKernelSpec(KernelSpecManager):
    """Knows one kernel: ipykernel of the running interpreter."""

    provisioner = Unicode()

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Describe that kernel, whatever the name asked for."""
        started_by = {"kernel_provisioner": {"provisioner_name": self.provisioner}}
        return KernelSpec(**{**get_kernel_dict(ARGUMENTS), "metadata": started_by})


class PromptClient(AsyncKernelClient):
    """A client that is ready when kernel and messages are, without the stock wait for silence."""

    iopub_channel_class = Type(MeteredChannel)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and its messages reach us.

        Raises
        ------
        KernelStartError
            If it dies first or does not answer in ``timeout`` seconds.
        """
        for _ in range(max(1, int(timeout or 60))):
            if await self._answers():
                return
            if not await self.is_alive():
                raise KernelStartError("the kernel died while it was starting")
        raise KernelStartError(f"the kernel did not answer in {timeout:g} s")

    async def _answers(self) -> bool:
        self.kernel_info()
        try:
            reply = await self.get_shell_msg(timeout=1)
            await self.get_iopub_msg(timeout=0.2)
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


class ReportKernel(AsyncKernelManager):
    """The kernel of one report; ``environment`` is added to what the batch itself has.

    ``memory`` is what it may take for itself, in MiB.
    """

    environment = Dict()
    memory = Int(None, allow_none=True)
    client_factory = Type(PromptClient)
    expired = False  # killed because its time was up
    flooded = False  # killed because it wrote without end
    doomed = False  # to be killed, perhaps before it has started

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._clients: list[AsyncKernelClient] = []

    async def start_kernel(self, **kwargs: Any) -> None:  # type: ignore[override]  # as in the stock manager
        """Start it with its environment."""
        inherited = {name: value for name, value in os.environ.items() if not is_withheld(name)}
        environment = {**inherited, **KERNEL_ENVIRONMENT, **self.environment}
        # What libraries write to the descriptors themselves belongs on no terminal and in no log of a night.
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        await super().start_kernel(env=environment, **{**kwargs, **silent})
        if self.memory and (pid := getattr(self.provisioner, "pid", None)):
            limit_memory(pid, self.memory)
        if self.doomed:
            self.kill()

    def client(self, **kwargs: Any) -> AsyncKernelClient:  # type: ignore[override]
        """Make a client, and remember it so that closing the kernel closes it too."""
        client = super().client(**kwargs)
        client.iopub_channel.overflow = self.flood
        self._clients.append(client)
        return client

    def flood(self) -> None:
        """Kill it because it has written more than any report needs."""
        self.flooded = True
        self.kill()

    def expire(self) -> None:
        """Kill it because its time is up, unless it has ended already."""
        self.expired = self.exit_code() is None
        self.kill()

    def kill(self) -> None:
        """Kill the process and all it started, from any thread, without waiting."""
        self.doomed = True
        process = getattr(self.provisioner, "process", None)
        if process is None or process.poll() is not None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (OSError, AttributeError):  # it has no group yet, or the system knows none
            process.kill()

    def exit_code(self) -> int | None:
        """How the process ended (negative: by which signal), None while it lives."""
        process = getattr(self.provisioner, "process", None)
        return None if process is None else process.poll()

    def close(self) -> None:
        """Kill what is left of it, without any farewell, and remove its sockets."""
        for client in self._clients:
            client.stop_channels()
        self.kill()
        if process := getattr(self.provisioner, "process", None):
            process.wait()
            with contextlib.suppress(OSError, AttributeError):  # what it started may outlive it
                os.killpg(process.pid, signal.SIGKILL)
        run_sync(self.cleanup_resources)()


class Register:
    """The kernels that run now, so that a batch that is stopped can end them at once."""

    def __init__(self) -> None:
        self._kernels: set[ReportKernel] = set()
        self._lock = threading.Lock()
        self.stopped = False

    @contextlib.contextmanager
    def holding(self, kernel: ReportKernel) -> Iterator[ReportKernel]:
        """Keep the kernel in the register while the block runs; close it afterwards.

        Raises
        ------
        StoppedError
            If the batch has been stopped.
        """
        with self._lock:
            if self.stopped:
                raise StoppedError
            self._kernels.add(kernel)
        try:
            yield kernel
        finally:
            with self._lock:
                self._kernels.discard(kernel)
            kernel.close()

    def begin(self) -> None:
        """Let kernels run (again)."""
        self.stopped = False

    def stop(self) -> None:
        """Kill every running kernel and let no other begin."""
        with self._lock:
            self.stopped = True
            for kernel in self._kernels:
                kernel.kill()


RUNNING = Register()


def new_kernel(
    folder: Path, environment: Mapping[str, str], warm: bool = False, memory: int | None = None
) -> ReportKernel:
    """Prepare a kernel whose connection file and sockets lie in ``folder`` (private to it)."""
    kernel = ReportKernel(
        kernel_name="python3",
        kernel_spec_manager=OwnKernelSpec(provisioner=WARM if warm else ORDINARY),
        environment={"IPYTHONDIR": str(folder / "ipython"), **environment},
        connection_file=str(folder / "kernel.json"),
        memory=memory,
    )
    if sys.platform != "win32" and len(os.fsencode(folder)) < LONGEST_SOCKET_FOLDER:
        kernel.transport, kernel.ip = "ipc", str(folder / "k")
    return kernel
