"""The job function: makes one report and its ledger entry; plain data in, plain data out, on any machine."""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import dataclass, replace

import nbformat
from nbformat import NotebookNode

from vs_toolkit.batch.execute import Executed, Task, execute
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.kernels import StoppedError
from vs_toolkit.batch.ledger import Entry, Status
from vs_toolkit.reports import read_key_figures, render_html


@dataclass(frozen=True)
class Site:
    """Where a job works: ``out`` and ``partition`` are paths or URLs.

    ``scratch`` is a local folder for short-lived files, ``timeout`` the time limit of one report in seconds.
    """

    out: str
    partition: str
    scratch: str | None
    timeout: float


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
    folder = Folder(site.out)
    report, partial = f"{job.name}.html", f"{job.name}.failed.ipynb"
    if executed.status == "ok":
        folder.write(report, render_html(executed.notebook, job.title))
        folder.remove(partial)
    else:
        folder.write(partial, nbformat.writes(kept(executed.notebook, job.edition)))
        folder.remove(report)  # an older report beside a failed row would be taken for the answer
    made = entry(job, executed.status, started, error=executed.error)
    made = replace(
        made,
        figures=read_key_figures(executed.notebook),
        href=report if made.ok else "",
        partial="" if made.ok else partial,
    )
    folder.write(f"{job.name}.json", made.to_json())
    return made


def _executed(job: Job, site: Site) -> Executed:
    notebook = nbformat.reads(job.notebook.document, as_version=4)
    if job.problem:
        return Executed(notebook, "failed", job.problem)
    environment = {"VS_PARTITION": site.partition}
    return execute(
        Task(notebook, job.parameters, environment, job.notebook.folder, site.timeout, site.scratch)
    )


def entry(job: Job, status: Status, started: float, error: str = "") -> Entry:
    """Write down what came of a job that began at ``started`` (monotonic seconds)."""
    return Entry(
        notebook=job.notebook.name,
        customer_id=job.subject.customer_id,
        customer_name=job.subject.name,
        edition=job.edition,
        as_of=job.as_of,
        made_from=dict(job.made_from),
        status=status,
        seconds=round(time.monotonic() - started, 2),
        error=error,
    )


def kept(notebook: NotebookNode, edition: str) -> NotebookNode:
    """Copy of an unfinished notebook that may lie beside the reports.

    What papermill noted of paths and times is gone; a customer edition also loses the values of the
    parameters and the tracebacks, which name our files.
    """
    copy = deepcopy(notebook)
    copy.metadata.pop("papermill", None)
    for cell in copy.cells:
        cell.metadata.pop("papermill", None)
    if edition != "internal":
        copy.cells = [
            cell for cell in copy.cells if "injected-parameters" not in cell.metadata.get("tags", [])
        ]
        for output in (output for cell in copy.cells for output in cell.get("outputs", [])):
            if output.output_type == "error":
                output.traceback = []
    return copy
