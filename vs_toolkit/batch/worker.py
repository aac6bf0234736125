"""The job function: makes one report and its ledger entry; plain data in, plain data out, on any machine."""

from __future__ import annotations

import contextlib
import re
import tempfile
import textwrap
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vs_toolkit.batch.execute import Executed, Task, execute
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.kernels import StoppedError
from vs_toolkit.batch.ledger import Entry, Status
from vs_toolkit.batch.parameters import inject
from vs_toolkit.batch.parameters.injection import TAG, is_tagged
from vs_toolkit.reports import read_key_figures, render_html

MOST_TOLD = 5_000  # characters of a reason; the unfinished notebook has all of it
PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?(?:[/\\][^\s/\\'\"<>:]+){2,}")


@dataclass(frozen=True)
class Site:
    """Where and how a job works: ``out`` and ``partition`` are paths or URLs.

    ``scratch`` is a local folder for short-lived files (None: that of the machine); ``timeout`` is the time
    limit of one report in seconds, ``memory`` its limit in MiB (None: none); ``warm`` kernels are forked from
    a process that has imported everything. Where the notebook's folder is not at hand (``is_remote``), the
    kernel starts in a folder with the Python files that came with the job.
    """

    out: str
    partition: str
    scratch: str | None
    timeout: float
    memory: int | None = None
    warm: bool = True
    is_remote: bool = False


def make_report(job: Job, site: Site) -> Entry:
    """Run the notebook of a job and leave its report, or what there is of it, and its ledger entry.

    Calling it again gives the same files. Whatever goes wrong becomes an entry.

    Raises
    ------
    StoppedError
        If the batch was stopped meanwhile; nothing was written.
    """
    started = time.monotonic()
    try:
        return _made(job, site, started)
    except StoppedError:
        raise
    except Exception as error:  # one report that cannot be made must not stop the others
        return entry(job, "failed", started, error=f"{type(error).__name__}: {error}")


def _made(job: Job, site: Site, started: float) -> Entry:
    executed = _executed(job, site)
    _refuse_late(job, site)
    folder = Folder(site.out)
    report, partial = f"{job.name}.html", f"{job.name}.failed.ipynb"
    figures = read_key_figures(executed.notebook)  # first: a report must not lie there if this fails
    page = b""
    if executed.status == "ok":
        page = render_html(executed.notebook, job.title, job.running_head).encode()
        folder.write(report, page)
        folder.remove(partial)
    else:
        folder.write(partial, nbformat.writes(kept(executed.notebook, job)))
        folder.remove(report)  # an older report beside a failed row would be taken for the answer
    made = entry(job, executed.status, started, error=executed.error)
    made = replace(
        made,
        figures=figures,
        href=report if made.ok else "",
        partial="" if made.ok else partial,
        size=len(page),
    )
    folder.write(f"{job.name}.json", made.to_json())
    return made


def _refuse_late(job: Job, site: Site) -> None:
    """A batch that was stopped cannot reach its remote workers, but its partitions are gone by then."""
    place, _, name = site.partition.rpartition("/")
    if site.is_remote and not job.problem and name not in Folder(place).sizes():
        raise StoppedError


def _executed(job: Job, site: Site) -> Executed:
    notebook = nbformat.reads(job.notebook.document, as_version=4)
    if job.problem:
        return Executed(notebook, "failed", job.problem)
    with _home(job, site) as home:
        return execute(
            Task(
                notebook=inject(notebook, job.notebook.parameters, job.parameters),
                environment={"VS_PARTITION": site.partition},
                folder=home,
                timeout=site.timeout,
                scratch=site.scratch,
                warm=site.warm,
                memory=site.memory,
            )
        )


@contextlib.contextmanager
def _home(job: Job, site: Site) -> Iterator[str]:
    """Folder in which the kernel starts, and from which the notebook imports what lies beside it."""
    if not site.is_remote:
        yield job.notebook.folder
        return
    with tempfile.TemporaryDirectory(prefix="vs-", dir=site.scratch, ignore_cleanup_errors=True) as home:
        for name, text in job.notebook.files.items():
            (Path(home) / name).write_text(text, encoding="utf-8")
        yield home


def entry(job: Job, status: Status, started: float, error: str = "") -> Entry:
    """Write down what came of a job that began at ``started`` (monotonic seconds)."""
    told = error if job.edition == "internal" else without_paths(error)
    return Entry(
        notebook=job.notebook.name,
        customer_id=job.recipient.customer_id,
        customer_name=job.recipient.name,
        edition=job.edition,
        as_of=job.as_of,
        made_from=dict(job.made_from),
        status=status,
        seconds=round(time.monotonic() - started, 2),
        error=textwrap.shorten(told, MOST_TOLD, placeholder=" …") if len(told) > MOST_TOLD else told,
    )


def failure(job: Job, error: str) -> Entry:
    """Write down a job that could not be run at all."""
    return entry(job, "failed", time.monotonic(), error)


def kept(notebook: NotebookNode, job: Job) -> NotebookNode:
    """Copy of a partial notebook that may lie beside the reports.

    Paths and times noted by papermill are left out; in a customer edition also the values of parameters, and
    where our files lie.
    """
    copy = deepcopy(notebook)
    for part in (copy, *copy.cells):
        part.metadata.pop("papermill", None)
    if job.edition != "internal":
        sources = (cell.source for cell in _parameters_cells(nbformat.reads(job.notebook.document, 4)))
        for cell, source in zip(_parameters_cells(copy), sources, strict=True):
            cell.source = source
        for cell in copy.cells:
            if cell.cell_type == "code":
                cell.outputs = _harmless(cell.outputs)
    return copy


def _parameters_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if is_tagged(cell, TAG)]


def _harmless(outputs: list[NotebookNode]) -> list[NotebookNode]:
    shown = [output for output in outputs if output.get("name") != "stderr"]
    for output in shown:
        if output.output_type == "error":
            output.update(evalue=without_paths(output.evalue), traceback=[])
    return shown


def without_paths(text: str) -> str:
    """Leave out where our files lie.

    >>> without_paths("[Errno 2] No such file: '/home/us/source/cases/C1.yaml' (3/4 done)")
    "[Errno 2] No such file: '…' (3/4 done)"
    """
    return PATH.sub("…", text)
