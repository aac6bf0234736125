"""What the inputs of a batch come to, and what each report may use of them.

Tables and cases of a company take many times the memory of a batch. Those of a large source are read by a
process of their own, which answers what the batch asks, writes the partitions and is gone: what a batch needs
while it makes its reports does not grow with the tables.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from vs_toolkit.batch.jobs import Recipient
from vs_toolkit.batch.nursery import leave_with
from vs_toolkit.batch.request import Request
from vs_toolkit.errors import InputError, VsToolkitError

LARGE = 2**24  # bytes of a source from which on reading it is worth a process: it starts in half a second
SERVE = "from vs_toolkit.batch.data import serve; serve()"
Wanted = Mapping[str, str]  # customer ("" for the company) -> where its partition is to lie


class Data(Protocol):
    """The inputs of a batch as seen on its day in its edition.

    ``folder`` is where the cases lie, see ``Inputs``.
    """

    recipients: tuple[Recipient, ...]
    folder: str

    def freeze(self, snapshot: str) -> None:
        """Write a snapshot into a folder."""

    def announce(self, wanted: Wanted) -> None:
        """Say which partitions will be wanted, in their order; nothing else can be asked for afterwards."""

    def write(self, customer: str, url: str) -> None:
        """See to it that the partition of a customer lies at its URL."""

    def close(self) -> None:
        """Let go of everything."""


def opened(request: Request) -> Data:
    """Read the source of a batch.

    Raises
    ------
    InputError
        If something is wrong that every report would suffer from.
    """
    return FarData(request) if is_large(request.source) else NearData(request)


def is_large(source: str) -> bool:
    """Whether a source is worth a process of its own: a database, or a folder or file with many bytes."""
    from vs_toolkit.inputs.sources.database import is_database

    path = Path(source)
    if is_database(source) or source.endswith((".yaml", ".yml")):
        return True
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) > LARGE


class NearData:
    """The inputs in this process."""

    def __init__(self, request: Request) -> None:
        import pyarrow as pa

        from vs_toolkit.batch.recipients import recipients
        from vs_toolkit.inputs import PartitionWriter, read_source, view
        from vs_toolkit.inputs.views.editions import edition_named

        pa.enable_signal_handlers(False)  # Arrow's own lose Ctrl-C at times while they read a table
        edition = edition_named(request.edition)
        self._inputs, self._as_of = read_source(request.source), request.as_of
        if shared := self._inputs.problems_of(""):
            raise InputError(shared)
        seen = view(self._inputs, request.as_of, edition)
        self.recipients, self.folder = recipients(seen), self._inputs.folder
        self._writer = PartitionWriter(seen)

    def freeze(self, snapshot: str) -> None:
        """Write a snapshot into a folder."""
        from vs_toolkit.inputs import write_snapshot

        write_snapshot(self._inputs, snapshot, self._as_of)

    def announce(self, wanted: Wanted) -> None:
        """Each partition is written when it is wanted."""

    def write(self, customer: str, url: str) -> None:
        """Write the partition of a customer."""
        self._writer.write(customer, url)

    def close(self) -> None:
        """There is nothing to let go of."""


@dataclass(frozen=True)
class Told:
    """What the other process tells when it has read the source."""

    recipients: tuple[Recipient, ...]
    folder: str


class FarData:
    """The inputs in a process of their own, which writes the partitions ahead of the reports."""

    def __init__(self, request: Request) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is meant for the batch, which then ends it
        )
        self._written: dict[str, Exception | None] = {}
        try:
            told: Told = self._ask(request)
        except BaseException:
            self.close()
            raise
        self.recipients, self.folder = told.recipients, told.folder

    def freeze(self, snapshot: str) -> None:
        """Write a snapshot into a folder."""
        self._ask(snapshot)

    def announce(self, wanted: Wanted) -> None:
        """Let it write these partitions, one after the other, and end."""
        self._send(dict(wanted))

    def write(self, customer: str, url: str) -> None:
        """Wait until the partition of a customer is written."""
        while customer not in self._written:
            name, error = self._answer()
            self._written[name] = error
        if error := self._written[customer]:
            raise error

    def close(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]

    def _ask(self, question: object) -> Any:
        self._send(question)
        answer = self._answer()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _send(self, question: object) -> None:
        with contextlib.suppress(BrokenPipeError):  # it is gone, as its answer will show
            pickle.dump(question, self._process.stdin)  # type: ignore[arg-type]
            self._process.stdin.flush()  # type: ignore[union-attr]

    def _answer(self) -> Any:
        try:
            return pickle.load(self._process.stdout)  # type: ignore[arg-type]
        except EOFError:
            code = self._process.wait()
            raise VsToolkitError(
                f"the process that reads the source ended (exit code {code}), "
                "possibly because the machine ran out of memory"
            ) from None


def serve() -> None:
    """Be the other process: read the source of a request, then do what is asked until partitions are."""
    if sys.platform == "linux":
        leave_with(int(sys.argv[1]))
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer

    def tell(answer: object) -> None:
        pickle.dump(answer, answers)
        answers.flush()

    data, told = _attempt(NearData, pickle.load(questions))
    tell(told or Told(data.recipients, data.folder))
    with contextlib.suppress(EOFError):  # the batch has no further question
        while isinstance(question := pickle.load(questions), str):
            tell(_attempt(data.freeze, question)[1])
        for customer, url in question.items():
            tell((customer, _attempt(data.write, customer, url)[1]))


def _attempt(work: Callable[..., Any], *arguments: object) -> tuple[Any, Exception | None]:
    try:
        return work(*arguments), None
    except Exception as error:  # for the batch to raise
        return None, error
