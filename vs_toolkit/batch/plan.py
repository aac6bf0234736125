"""What is asked of a batch, which jobs that means, and which of them there is a reason to do."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from vs_toolkit.batch.data import Data, opened
from vs_toolkit.batch.folder import Folder, shown
from vs_toolkit.batch.jobs import RESULTS, Job, Scope, plan_jobs
from vs_toolkit.batch.ledger import Entry, Ledger, changes, digest
from vs_toolkit.batch.notebooks import Notebook, find_notebooks, load_notebook
from vs_toolkit.batch.record import without_report
from vs_toolkit.batch.request import Request
from vs_toolkit.batch.toolkit import packages_digest, toolkit_digest
from vs_toolkit.batch.unchanged import made_from
from vs_toolkit.batch.watching import changed
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.wording import did_you_mean


@dataclass(frozen=True)
class Plan:
    """What there is: the inputs, and the jobs of all their customers.

    ``without_report`` names, by notebook, the customers without a business case; ``hints`` say what about a
    notebook is perhaps not meant so; ``started`` and ``read_seconds`` tell of reading the source,
    ``made_from`` is the hash of all there was when it began.
    """

    request: Request
    data: Data
    jobs: tuple[Job, ...]
    without_report: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: tuple[str, ...] = ()
    started: float = field(default_factory=time.monotonic)
    read_seconds: float = 0.0
    made_from: str = ""

    @cached_property
    def by_report(self) -> dict[tuple[str, str], Job]:
        """Jobs by customer and notebook, as entries of the ledger name them."""
        return {(job.recipient.customer_id, job.notebook.name): job for job in self.jobs}

    @cached_property
    def notebooks(self) -> frozenset[str]:
        """Names of the notebooks that have a job."""
        return frozenset(job.notebook.name for job in self.jobs)

    @property
    def wanted(self) -> tuple[Job, ...]:
        """Jobs of the customers that are asked for."""
        asked = self.request.customers
        return tuple(job for job in self.jobs if not asked or job.recipient.customer_id in asked)


def plan(request: Request) -> Plan:
    """Read the source and list the jobs.

    Raises
    ------
    InputError
        If something is wrong that every report would suffer from.
    ParameterError
        If a notebook, customer, edition or parameter does not exist or cannot be used, or a notebook that is
        asked for has nobody to report on.
    """
    started, before = time.monotonic(), made_from(request, {})
    data = opened(request)
    try:
        return _listed(request, data, started, before)
    except BaseException:
        data.close()
        raise


def _listed(request: Request, data: Data, started: float, before: str) -> Plan:
    notebooks = [load_notebook(path, request.edition) for path in find_notebooks(request.notebooks)]
    scope = Scope(
        request.edition,
        request.as_of.isoformat(),
        toolkit_digest(),
        request.parameters,
        packages_digest(),
        request.formats,
        request.paper,
    )
    whom = data.recipients
    _check_customers(request.customers, [recipient.customer_id for recipient in whom])
    jobs = plan_jobs(notebooks, whom, scope)
    made = Plan(
        request,
        data,
        jobs,
        without_report=without_report(notebooks, whom),
        hints=tuple(notebook.hint for notebook in notebooks if notebook.hint),
        started=started,
        read_seconds=time.monotonic() - started,
        made_from=before,
    )
    if request.notebooks or request.customers:
        _check_idle(notebooks, made)
    return made


def _check_idle(notebooks: Iterable[Notebook], plan: Plan) -> None:
    """Whoever asks for a notebook or a customer is told why there is nothing to do."""
    request, busy = plan.request, {job.notebook.name for job in plan.wanted}
    idle = [notebook for notebook in notebooks if notebook.name not in busy]
    if not idle or (busy and not request.notebooks):
        return
    reasons = [f"{one.name}: no report to create, because {_why_idle(one, request)}" for one in idle]
    raise ParameterError("\n".join(reasons))


def _why_idle(notebook: Notebook, request: Request) -> str:
    if notebook.is_empty:
        return f"all its cells are internal: it has no {request.edition} edition"
    if not notebook.takes("customer"):
        return "it is an internal report on the company, not on a customer"
    whom = f"{' or '.join(request.customers)} has no" if request.customers else "no customer has a"
    return f"{whom} business case dated {request.as_of} or earlier"


def _check_customers(asked: Iterable[str], known: list[str]) -> None:
    if unknown := [customer for customer in asked if customer not in known]:
        raise ParameterError("\n".join(f"there is no customer {one}; {_hint(one, known)}" for one in unknown))


def _hint(customer: str, known: list[str]) -> str:
    hint = did_you_mean(customer, known)
    return hint if len(hint) < 200 else f"there are {len(known)} others"


def to_do(
    plan: Plan, ledger: Ledger, force: bool = False, only_failed: bool = False
) -> Iterator[tuple[Job, str]]:
    """Name the jobs to be done, each with the reason.

    Raises
    ------
    ParameterError
        If the output folder holds reports of the other edition.
    """
    _refuse_mixing(ledger, plan.request)
    are_new = False
    for job in sorted(plan.wanted, key=lambda job: job.reads_results):
        entry, waits = ledger.entries.get(f"{job.name}.json"), job.reads_results and are_new
        job = informed(job, ledger.entries.values(), plan.request.out)
        reason = _reason(ledger, job, entry, force) or ("changed: results" if waits else "")
        if reason and (not only_failed or (entry and not entry.is_complete)):
            yield job, reason
            are_new = are_new or bool(job.recipient.customer_id)


def informed(job: Job, entries: Iterable[Entry], out: str) -> Job:
    """Tell a job that reads results where those of the customers' reports are, and by which it was made.

    Others, and one for which there are no results yet, stay as they are; so does one whose results lie at an
    address with a password, which a notebook would keep.
    """
    if not job.reads_results:
        return job
    reports, place = [entry for entry in entries if entry.ok and entry.customer_id], Folder(out)
    if not reports or place.url != place.shown:
        return job
    known = sorted(([*entry.key, entry.as_of, entry.figures] for entry in reports), key=str)
    return replace(
        job,
        parameters={**job.parameters, RESULTS: place.child("results.parquet")},
        made_from={**job.made_from, RESULTS: digest(known)},
    )


def _refuse_mixing(ledger: Ledger, request: Request) -> None:
    """A folder that is handed to customers must not hold a single internal report."""
    for entry in ledger.entries.values():
        if entry.edition != request.edition:
            raise ParameterError(
                f"{shown(request.out)} holds reports of the {entry.edition} edition: choose another folder"
            )


def _reason(ledger: Ledger, job: Job, entry: Entry | None, force: bool) -> str:
    if entry is None:
        return "new"
    if not entry.ok:
        return f"{entry.status} before"
    if entry.lost:
        return f"{', '.join(entry.lost)} failed before"
    if other := (*changes(entry, job.made_from), *changed(entry.read, job.notebook.folder)):
        return f"changed: {', '.join(other)}"
    if not ledger.is_whole(entry):
        return "the report is missing or not whole"
    return "forced" if force else ""
