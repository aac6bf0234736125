"""The inside of the fork server: imports once what reports import, then becomes the kernel it is asked for.

The process from which warm kernels are forked imports this module and does nothing but import and draw once.
No customer's data, no thread, no event loop and no socket may exist in it, because every kernel inherits what
is there.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import random
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

MARK = "VS_TOOLKIT_NURSERY"  # tells the fork server that it is one, and whose: the driver's process id
ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # Arrow's allocator would start a thread on import
}
IMPORTS = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "IPython.core.completerlib",  # these three: what a kernel imports while it starts
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "fsspec.implementations.local",
    "seaborn",
    "vs_toolkit.inputs",
    "vs_toolkit.reports",
    "vs_toolkit.charts",
    "vs_toolkit.batch.watching",
)
NOT_SUBJECTS = {"batch", "charts", "demo", "estimates", "inputs", "reports", "scoring"}  # others are subjects
# An interpreter reads these only when it starts: a kernel with other values than the server is not forked.
READ_AT_START = re.compile(r"PYTHON|OMP_|OPENBLAS_|MKL_|LD_|LC_|LANG$")
OWN_PATH = "import json, sys; print(json.dumps(sys.path))"
DESCRIPTORS = {"stdout": 1, "stderr": 2}
PR_SET_PDEATHSIG = 1
ORPHANED_SECONDS = 2  # a killed process closes its pipes a moment before it hands over its children
DEBUGGER = "ipykernel.debugger"
USUAL_CHARTS = 12  # in a report


@dataclass(frozen=True)
class KernelOrder:
    """What a forked process needs to become a kernel.

    ``arguments`` are ipykernel's; ``environment`` replaces the whole environment; ``streams`` names the
    standard streams whose descriptors are passed along, in their order. The debugger takes half of the time
    of starting a kernel, so one of a batch (``debugger`` False) has none.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    streams: tuple[str, ...] = ()
    debugger: bool = True

    def _bootstrap(self, parent_sentinel: int) -> int:
        """Become the kernel: called by the fork server in the forked child, which exits with the result."""
        os.setsid()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # which the fork server blocks
        _die_with_parent()
        _redirect(self.streams)
        os.environ.clear()
        os.environ.update(self.environment, JPY_PARENT_PID=str(os.getppid()))
        time.tzset()
        os.chdir(self.folder)
        _forget_inherited_chance()
        if self.debugger:
            del sys.modules[DEBUGGER]
        _serve(self.arguments)
        return 0


def _die_with_parent() -> None:
    """Leave with the batch: the fork server goes when nobody holds its pipe, and Linux kills us with it."""
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]
    leave_with(os.getppid())


def leave_with(parent: int) -> None:
    """Let Linux kill this process when its parent ends, however that happens."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _redirect(streams: tuple[str, ...]) -> None:
    for name, descriptor in zip(streams, forkserver.get_inherited_fds() or (), strict=True):
        os.dup2(descriptor, DESCRIPTORS[name])
        os.close(descriptor)


def _forget_inherited_chance() -> None:
    """Give this process its own random numbers: forked twins would draw the same."""
    import numpy as np

    random.seed()
    np.random.seed()


def _import_without_debugger() -> None:
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # ipykernel takes it for not installed
    importlib.import_module(DEBUGGER)
    del sys.modules["debugpy"]


def _serve(arguments: tuple[str, ...]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    sys.path[:] = [
        path for path in sys.path if path
    ]  # the kernel itself puts the working folder where it belongs
    sys.modules["matplotlib"].rcParams["backend"] = os.environ.get("MPLBACKEND", ENVIRONMENT["MPLBACKEND"])
    sys.argv = ["ipykernel_launcher", *arguments]
    app: Any = IPKernelApp.instance()
    app.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    app.start()


def subjects() -> Iterator[str]:
    """Name the packages that notebooks are about: a new one needs no entry anywhere.

    >>> {"vs_toolkit.impact", "vs_toolkit.funnel"} <= set(subjects())
    True
    """
    for part in pkgutil.iter_modules(sys.modules["vs_toolkit"].__path__, "vs_toolkit."):
        if part.ispkg and part.name.rpartition(".")[2] not in NOT_SUBJECTS:
            yield part.name


def _restore_path() -> None:
    """Look for modules where an interpreter with this environment does.

    Since Python 3.13 a fork server takes over ``sys.path`` from the process that starts it.
    """
    told = subprocess.run([sys.executable, "-c", OWN_PATH], check=True, capture_output=True, text=True)
    sys.path[:] = json.loads(told.stdout)


def warm_up() -> None:
    """Import what reports import, show something once; refuse to serve with a thread alive."""
    for name in IMPORTS:
        importlib.import_module(name)
    for name in subjects():
        with contextlib.suppress(ImportError):  # a report that needs it will say why it cannot be imported
            for part in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
                importlib.import_module(part.name)
    _import_without_debugger()
    _show_once()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        sys.exit("no warm kernels: an imported library has started a thread, and forking that is not safe")
    gc.collect()
    gc.freeze()  # what is shared stays shared: the collector does not touch it any more


def _show_once() -> None:
    """Draw a chart and write a table: loads fonts, and what pandas imports when it is first needed.

    Figures as most reports need them are made ahead, still without anything on them.
    """
    import pandas as pd

    from vs_toolkit import reports
    from vs_toolkit.charts import forms, make_ahead

    steps = pd.Series({"Benefit": 2.0, "Cost": -1.0})
    reports.chart(forms.bridge, 2.0, steps, "EUR", title="Worth it")
    reports.table(pd.DataFrame({"EUR": steps, "Note": ["one", None]}))
    make_ahead(USUAL_CHARTS)


def _own_socket() -> str:
    """Path of the socket at which the fork server listens; nothing else listens in it."""
    for descriptor in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208  names are numbers
        with contextlib.suppress(OSError):  # the one by which we list them is closed by now
            if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                continue
            with socket.socket(fileno=os.dup(descriptor)) as candidate:
                if candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    return str(candidate.getsockname())
    return ""


def _clear_away(driver: int, listening: str) -> None:
    """Remove our socket and its folder when the driver was killed and could not do it."""
    until = time.monotonic() + ORPHANED_SECONDS
    while os.getppid() == driver:
        if not listening or time.monotonic() > until:
            return
        time.sleep(0.01)
    with contextlib.suppress(OSError):
        Path(listening).unlink()
        Path(listening).parent.rmdir()


def serve() -> None:
    """Make this process ready to fork; without everything imported it must not serve at all."""
    atexit.register(_clear_away, int(os.environ.pop(MARK)), _own_socket())
    try:
        _restore_path()
        warm_up()
    except (ImportError, subprocess.CalledProcessError) as error:  # which the fork server would pass over
        sys.exit(f"no warm kernels: {error}")


if MARK in os.environ:
    serve()
