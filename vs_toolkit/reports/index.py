"""The overview of a batch: one page with every report, failures first, and key figures side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from vs_toolkit.reports.changes import DONE, Past, Result, Row, results_of
from vs_toolkit.reports.html import csp_hash
from vs_toolkit.reports.pages import asset, in_order, page, title_of

SHOWN_LINES = 3  # of a reason; the others unfold


@dataclass(frozen=True)
class Line:
    """One report: a row of its section."""

    row: Row
    results: Mapping[str, Result]
    format: str = ""
    """Format that failed, where the line is about that alone."""

    @property
    def files(self) -> dict[str, str]:
        """Other formats of the report: what each is called, and where it is."""
        names = {"pdf": "PDF", "xlsx": "Excel", "pptx": "slides"}
        kinds = {name.rpartition(".")[2]: name for name in self.row.get("files", {})}
        return {names.get(kind, kind): name for kind, name in kinds.items()}

    @property
    def state(self) -> str:
        """State for the filter of the page: ``ok``, ``stale`` or ``failed``."""
        return self.row["status"] if self.row["status"] in DONE else "failed"

    @property
    def rank(self) -> int:
        """Sort key by status: reports that need attention first."""
        return ("failed", "stale", "ok").index(self.state)

    @property
    def reason(self) -> tuple[str, str]:
        """Reason of a failure: the lines shown, and the rest of a long list."""
        lines = self.row["error"].splitlines()
        shown = SHOWN_LINES if len(lines) > SHOWN_LINES + 1 else len(lines)
        return "\n".join(lines[:shown]), "\n".join(lines[shown:])


@dataclass(frozen=True)
class Section:
    """All reports of one notebook: a row per customer, a column per key figure."""

    notebook: str
    lines: tuple[Line, ...]

    @property
    def title(self) -> str:
        """Name of the notebook as a reader would write it."""
        return title_of(self.notebook)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Label of each key figure by its name, in the order of the fullest report."""
        fullest_first = sorted(self.lines, key=lambda line: -len(line.results))
        return {name: result.label for line in fullest_first for name, result in line.results.items()}

    @cached_property
    def lead(self) -> str:
        """Name of the key figure whose change is shown: the first, if it has a previous value."""
        first = next(iter(self.columns), "")
        known = (line.results[first] for line in self.lines if first in line.results)
        return first if any(result.last for result in known) else ""

    @cached_property
    def of_company(self) -> bool:
        """Whether it is about the company only: one row, which a long list would hide."""
        return not any(line.row["customer_id"] for line in self.lines)


def index_html(
    rows: Sequence[Row],
    past: Past | None = None,
    title: str = "Reports",
    without_report: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Write the index page.

    Parameters
    ----------
    rows
        One mapping per job: ``customer_id``, ``customer_name`` (both empty for the whole company),
        ``notebook``, ``edition``, ``status`` (``ok``, ``stale``, or what went wrong), ``seconds``, ``error``,
        ``figures`` (name to value, unit, label), ``href`` (the report, or the partial notebook of a failed
        job; empty when there is none), ``cover`` (the customer's cover page; empty when there is none),
        ``as_of``. Links are relative to the folder of the page.
    past
        Previous key figures.
    title
        Heading of the page.
    without_report
        Customers without a business case, by the notebook that needs one.

    >>> row = dict(customer_id="C1", customer_name="Acme <b>", notebook="business_impact", figures={},
    ...            cover="", edition="internal", status="ok", seconds=1.5, error="", href="a.html",
    ...            as_of="2026-06-30")
    >>> "Acme &lt;b&gt;" in index_html([row])
    True
    """
    style, script = asset("report.css", "batch.css"), asset("batch.js")
    lines = [Line(row, {result.name: result for result in results_of(row, past or {})}) for row in rows]
    lines = [*lines, *(lost for line in lines for lost in _lost(line))]
    states = [line.state for line in lines]
    return page(
        "batch.html.j2",
        title=title,
        style=style,
        script=script,
        style_hash=csp_hash(style),
        script_hash=csp_hash(script),
        as_of=sorted({row["as_of"] for row in rows}),
        editions=sorted({row["edition"] for row in rows}),
        customers=len({row["customer_id"] for row in rows if row["customer_id"]}),
        count={state: states.count(state) for state in ("ok", "stale", "failed")},
        failed=sorted((line for line in lines if line.state == "failed"), key=_by_notebook),
        sections=_sections(line for line in lines if not line.format),
        without_report=without_report,
    )


def _lost(line: Line) -> list[Line]:
    """Lines of the formats of a report that failed: each is a failure of its own."""
    nothing = {"status": "failed", "figures": {}, "href": ""}
    return [
        Line({**line.row, **nothing, "error": f"{one}: {reason}"}, {}, one)
        for one, reason in line.row.get("lost", {}).items()
    ]


def _sections(lines: Iterable[Line]) -> list[Section]:
    by_notebook: dict[str, list[Line]] = {}
    for line in sorted(lines, key=_by_name):
        by_notebook.setdefault(line.row["notebook"], []).append(line)
    sections = (Section(name, tuple(of_one)) for name, of_one in by_notebook.items())
    return sorted(sections, key=lambda section: (not section.of_company, in_order(section.notebook)))


def _by_name(line: Line) -> tuple[str, str]:
    return line.row["customer_name"] or "", line.row["customer_id"] or ""


def _by_notebook(line: Line) -> tuple[tuple[int, str], str, str]:
    return in_order(line.row["notebook"]), *_by_name(line)
