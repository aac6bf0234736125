"""The job function: makes one report and its ledger entry; plain data in, plain data out, on any machine."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from vs_toolkit.batch import watching
from vs_toolkit.batch.execute import Executed, Task, execute
from vs_toolkit.batch.failure import reason, shortened
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.formats import Files, write_files
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.kernels import StoppedError
from vs_toolkit.batch.ledger import Entry, Status
from vs_toolkit.batch.parameters import inject
from vs_toolkit.batch.parameters.injection import TAG, is_tagged
from vs_toolkit.reports import read_key_figures, render_html
from vs_toolkit.reports.contents import Contents, OverdueError
from vs_toolkit.reports.files import MAKERS
from vs_toolkit.reports.key_figures import Figures
from vs_toolkit.reports.parts import FORMATS
from vs_toolkit.reports.pdf import Limits

LEAST_SECONDS = 5.0  # for printing a page, however late it is
HIDDEN = "•••"  # in the place of a secret
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
        executed = _executed(job, site)
        _refuse_late(job, site)
    except StoppedError:
        raise
    except Exception as error:  # one report that cannot be made must not stop the others
        notebook = nbformat.reads(job.notebook.document, as_version=4)
        executed = Executed(notebook, "failed", reason(error), type(error).__name__)
    made = _Made(job, site, started, without_secrets(executed, job))
    try:
        return made.stored()
    except Exception as error:  # such as a full disk
        return made.lost(error)


@dataclass
class _Made:
    """What came of a job, on its way to the output folder."""

    job: Job
    site: Site
    started: float
    executed: Executed

    def __post_init__(self) -> None:
        self.folder = Folder(self.site.out)
        self.report, self.partial = f"{self.job.name}.html", f"{self.job.name}.failed.ipynb"
        self.contents = Contents(
            folder="" if self.site.is_remote else self.job.notebook.folder,
            until=self.started + self.site.timeout,
            internal=self.job.edition == "internal",
        )

    def stored(self) -> Entry:
        """Write the report, or the partial notebook in its place, and the ledger entry."""
        page, figures = self._page()
        files = Files()
        if page:
            files = self._files(page)
            self.folder.write(self.report, page)
            self.folder.remove(self.partial)
        else:
            self.folder.write(self.partial, self._partial())
            self.folder.remove(
                self.report
            )  # an older report beside a failed row would be taken for the answer
        entry = replace(
            self._entry(),
            figures=figures,
            href=self.report if page else "",
            partial="" if page else self.partial,
            size=len(page),
            files=files.sizes,
            lost=files.lost,
            remarks=tuple(dict.fromkeys(self.contents.remarks)),
            read=self._read(),
        )
        self.folder.write(f"{self.job.name}.json", entry.to_json())
        return entry

    def _files(self, page: bytes) -> Files:
        """Write the other formats, where any are wanted."""
        job = self.job
        if not job.formats:
            return Files()
        left = self.contents.until - time.monotonic()
        limits = Limits(max(left, LEAST_SECONDS), self.site.memory)
        return write_files(self.folder, job, page.decode(), self.executed.notebook, limits)

    def _page(self) -> tuple[bytes, Figures]:
        """Write the page; if that fails, so has the report."""
        try:
            figures = read_key_figures(self.executed.notebook)
            if self.executed.status != "ok":
                return b"", figures
            page = render_html(self.executed.notebook, self.job.title, self.job.running_head, self.contents)
            return page.encode(), figures
        except OverdueError:
            text = f"the page took longer than the {self.site.timeout:g} s of the report"
            self.executed = replace(self.executed, status="timed out", error=text, public=text)
        except Exception as error:  # whatever a cell's output makes of it
            text = "the page could not be written"
            kind = f"{text}: {type(error).__name__}"
            self.executed = replace(
                self.executed, status="failed", error=f"{text}: {reason(error)}", public=kind
            )
        return b"", {}

    def _partial(self) -> str:
        notebook = kept(self.executed.notebook, self.job)
        try:
            return str(nbformat.writes(notebook))
        except Exception:  # an output that no file can hold: all of them are left out
            for cell in notebook.cells:
                cell.update({"outputs": []} if cell.cell_type == "code" else {})
            return str(nbformat.writes(notebook))

    def _read(self) -> dict[str, str]:
        folder = self.job.notebook.folder
        if self.site.is_remote:
            return {}
        sources = [cell.source for cell in self.executed.notebook.cells if cell.cell_type == "code"]
        paths = {*self.executed.read, *watching.named(sources, folder)}
        beside = watching.digests(paths, folder)
        return {name: one for name, one in beside.items() if name not in self.job.notebook.files}

    def _entry(self) -> Entry:
        executed = self.executed
        return entry(self.job, executed.status, self.started, executed.error, executed.public)

    def lost(self, error: Exception) -> Entry:
        """Tell that nothing could be written; an older report must not be taken for this one."""
        text = f"the report could not be written: {reason(error)}"
        self.executed = replace(self.executed, status="failed", error=text, public=text)
        made = self._entry()
        with contextlib.suppress(Exception):  # as many kinds of errors as there are kinds of stores
            self.folder.remove(self.report)
        with contextlib.suppress(Exception):
            self.folder.write(f"{self.job.name}.json", made.to_json())
        return made


def without_secrets(executed: Executed, job: Job) -> Executed:
    """Take the values of secret parameters out of everything that a notebook shows and says."""
    secrets = job.secrets
    if not secrets:
        return executed
    forms = {
        form
        for value in secrets
        for form in (value, escape(value), repr(value)[1:-1], json.dumps(value)[1:-1])
    }
    longest_first = sorted(forms, key=len, reverse=True)

    def hidden(part: Any) -> Any:
        if isinstance(part, str):
            for form in longest_first:
                part = part.replace(form, HIDDEN)
            return part
        if isinstance(part, dict):
            return type(part)({key: hidden(value) for key, value in part.items()})
        return [hidden(item) for item in part] if isinstance(part, list) else part

    return replace(
        executed,
        notebook=hidden(executed.notebook),
        error=hidden(executed.error),
        public=hidden(executed.public),
    )


def _refuse_late(job: Job, site: Site) -> None:
    """A batch that was stopped cannot reach its remote workers, but its partitions are gone by then."""
    place, _, name = site.partition.rpartition("/")
    if site.is_remote and not job.problem and name not in Folder(place).sizes():
        raise StoppedError


def _executed(job: Job, site: Site) -> Executed:
    notebook = nbformat.reads(job.notebook.document, as_version=4)
    if job.problem:
        return Executed(notebook, "failed", job.problem, job.problem)
    with _home(job, site) as home:
        return execute(
            Task(
                notebook=inject(notebook, job.notebook.parameters, job.parameters),
                environment={"VS_PARTITION": site.partition, **_formats(job)},
                folder=home,
                timeout=site.timeout,
                scratch=site.scratch,
                warm=site.warm,
                memory=site.memory,
                watched="" if site.is_remote else home,
            )
        )


def _formats(job: Job) -> dict[str, str]:
    """Tell the kernel which files to make of what it shows."""
    wanted = [one for one in job.formats if one in MAKERS]
    return {FORMATS: " ".join(wanted)} if wanted else {}


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


def entry(job: Job, status: Status, started: float, error: str = "", public: str = "") -> Entry:
    """Write down what came of a job that began at ``started`` (monotonic seconds).

    A customer edition gets the ``public`` part of an error: what an exception says may quote anything.
    """
    told = error if job.edition == "internal" else without_paths(public or error)
    return Entry(
        notebook=job.notebook.name,
        customer_id=job.recipient.customer_id,
        customer_name=job.recipient.name,
        edition=job.edition,
        as_of=job.as_of,
        made_from=dict(job.made_from),
        status=status,
        seconds=round(time.monotonic() - started, 2),
        error=shortened(told),
        detail=shortened(error),
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
            output.update(evalue="", traceback=[])
    return shown


def without_paths(text: str) -> str:
    """Leave out where our files lie.

    >>> without_paths("[Errno 2] No such file: '/home/us/source/cases/C1.yaml' (3/4 done)")
    "[Errno 2] No such file: '…' (3/4 done)"
    """
    return PATH.sub("…", text)
