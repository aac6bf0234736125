"""``run.json``: what the last run of a batch did, for monitoring and other programs."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version

from pydantic import TypeAdapter

import vs_toolkit
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Recipient
from vs_toolkit.batch.ledger import Entry
from vs_toolkit.batch.notebooks import Notebook

RUN = "run.json"
PACK = "review_pack"
PACKAGES = ("pandas", "numpy", "matplotlib", "seaborn", "papermill", "nbconvert", "pydantic", "pyarrow")


@dataclass(frozen=True)
class Failure:
    """A report, one of its files or a review pack that failed in that run."""

    customer_id: str
    notebook: str
    status: str
    error: str


@dataclass(frozen=True)
class Run:
    """Counts, times and failures of a run.

    ``started`` is a UTC time; ``seconds`` has the time of ``reading`` the source, of making the ``reports``
    and in ``total``; ``without_report`` names, by notebook, the customers that have no business case.
    """

    edition: str
    as_of: str
    started: str
    seconds: Mapping[str, float]
    counts: Mapping[str, int]
    failures: tuple[Failure, ...] = ()
    without_report: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notebooks: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    format: int = 1

    def to_json(self) -> str:
        """Write it as the text of its file."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n"


_RUN = TypeAdapter(Run)


def read_run(folder: Folder) -> Run | None:
    """Read what the last run in a folder did; None if there is none, or it cannot be read."""
    try:
        text = folder.read(RUN)
        return _RUN.validate_json(text) if text else None
    except ValueError:
        return None


def failures(entries: Iterable[Entry], packs: Mapping[str, str]) -> tuple[Failure, ...]:
    """List reports and files that could not be made, then review packs, by the customer's folder."""
    failed = (one for entry in entries for one in entry_failures(entry))
    return (*failed, *(Failure(place, PACK, "failed", why) for place, why in packs.items()))


def entry_failures(entry: Entry) -> Iterator[Failure]:
    """The report of an entry if it failed, else those of its files that did."""
    if not entry.ok:
        yield Failure(entry.customer_id, entry.notebook, entry.status, entry.error)
    for one, why in entry.lost.items():
        yield Failure(entry.customer_id, f"{entry.notebook} {one}", "failed", why)


def without_report(
    notebooks: Iterable[Notebook], recipients: Sequence[Recipient]
) -> dict[str, tuple[str, ...]]:
    """Name the customers for whom a notebook that needs a business case makes no report."""
    found: dict[str, tuple[str, ...]] = {}
    for notebook in notebooks:
        if notebook.takes("customer") and notebook.takes("case"):
            missing = [
                one.customer_id for one in recipients if one.customer_id and not (one.cases or one.problem)
            ]
            found |= {notebook.name: tuple(sorted(missing))} if missing else {}
    return found


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that make the reports."""
    found = {"vs-toolkit": vs_toolkit.__version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
