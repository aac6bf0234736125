"""A key figure and its previous value: what may be compared, and what may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Key = tuple[str, str, str, str]  # customer, notebook, edition, figure
DONE = ("ok", "stale")


@dataclass(frozen=True)
class Earlier:
    """A key figure as stated in a report with an earlier as-of date."""

    as_of: str
    label: str
    unit: str
    about: str
    value: float | None


Past = Mapping[Key, Earlier]


@dataclass(frozen=True)
class Result:
    """A key figure of a report; ``about`` names what it describes, ``before`` is its earlier value."""

    name: str
    label: str
    unit: str
    about: str
    value: float | None
    before: Earlier | None = None

    @property
    def last(self) -> Earlier | None:
        """Previous value; None if it had another label or unit or described something else."""
        now, before = (self.label, self.unit, self.about), self.before
        return before if before and now == (before.label, before.unit, before.about) else None

    @property
    def change(self) -> float | None:
        """Increase over the previous value, exact in the stored digits; None if either is missing.

        >>> may = Earlier("2026-05-31", "Verified", "share", "case 1", 0.2)
        >>> Result("verified", "Verified", "share", "case 1", 0.3, may).change
        0.1
        >>> Result("verified", "Verified", "share", "case 2", 0.3, may).change is None
        True
        """
        if self.value is None or self.last is None or self.last.value is None:
            return None
        return float(Decimal(repr(self.value)) - Decimal(repr(self.last.value)))


def keys_of(row: Row) -> dict[str, Key]:
    """Return the key of each key figure in the history, by the name of the figure."""
    report = (row["customer_id"] or "", row["notebook"], row["edition"])
    return {name: (*report, name) for name in row["figures"]}


def results_of(row: Row, past: Past) -> tuple[Result, ...]:
    """Return the key figures of a completed report in their order; none of a failed one.

    Parameters
    ----------
    row
        Row of the index; see :func:`vs_toolkit.reports.index.index_html`.
    past
        Previous key figures, from before the as-of date of the report.

    >>> row = dict(customer_id="C1", notebook="plan", edition="internal", status="ok", figures={
    ...     "npv": {"value": 3.0, "unit": "EUR", "label": "NPV"}})
    >>> may = Earlier("2026-05-31", "NPV", "EUR", "", 2.0)
    >>> [result.change for result in results_of(row, {("C1", "plan", "internal", "npv"): may})]
    [1.0]
    """
    if row["status"] not in DONE:
        return ()
    return tuple(_result(name, row["figures"][name], past.get(key)) for name, key in keys_of(row).items())


def _result(name: str, figure: Mapping[str, Any], before: Earlier | None) -> Result:
    value, about = figure["value"], str(figure.get("about", ""))
    known = None if value is None else float(value)
    return Result(name, str(figure["label"]), str(figure["unit"]), about, known, before)
