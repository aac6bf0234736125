"""The cover page of a customer: all its reports on one page, with changes since the previous ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import vs_toolkit
from vs_toolkit import formats
from vs_toolkit.reports.changes import DONE, Past, Result, Row, results_of
from vs_toolkit.reports.html import csp_hash
from vs_toolkit.reports.pages import asset, page

MARK = "vs-toolkit cover page"  # marks the file as written by this module


@dataclass(frozen=True)
class Summary:
    """One report on the cover page."""

    row: Row
    results: tuple[Result, ...]

    @cached_property
    def days(self) -> tuple[str, ...]:
        """As-of dates of the previous figures, as ISO dates."""
        return tuple(sorted({result.last.as_of for result in self.results if result.last}))

    @property
    def about(self) -> str:
        """What the figures describe, such as a business case; empty if not stated."""
        return ", ".join(dict.fromkeys(result.about for result in self.results if result.about))

    @property
    def not_compared(self) -> str:
        """Why the figures are not compared with previous ones; empty if they are."""
        before = [result.before for result in self.results if result.before]
        if self.days or not self.results:
            return ""
        if not before:
            return "There is no earlier report to compare with."
        day = formats.day(date.fromisoformat(max(earlier.as_of for earlier in before)))
        others = ", ".join(dict.fromkeys(earlier.about for earlier in before if earlier.about))
        what = "has other key figures" if others == self.about else f"is about {others or 'something else'}"
        return f"Not compared with the previous report, as of {day}: it {what}."


def cover_html(rows: Sequence[Row], past: Past) -> str:
    """Write the cover page of one customer, or of the whole company.

    Parameters
    ----------
    rows
        Rows of the index about that customer, at least one; see :func:`vs_toolkit.reports.index.index_html`.
        The page stands in the folder of their files.
    past
        Previous key figures.

    >>> row = dict(customer_id="C1", customer_name="Acme & Sons", notebook="business_impact",
    ...            edition="internal", status="ok", error="", as_of="2026-06-30",
    ...            href="C1/business_impact.html", figures={})
    >>> page = cover_html([row], {})
    >>> "<bdi>Acme &amp; Sons</bdi>" in page, 'href="./business_impact.html"' in page
    (True, True)
    """
    newest, style = max(rows, key=lambda row: row["as_of"]), asset("report.css", "cover.css")
    return page(
        "cover.html.j2",
        mark=MARK,
        style=style,
        style_hash=csp_hash(style),
        version=vs_toolkit.__version__,
        newest=newest,
        failed=[row for row in rows if row["status"] not in DONE],
        reports=[Summary(row, results_of(row, past)) for row in rows if row["status"] in DONE],
    )
