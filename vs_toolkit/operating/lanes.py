"""Sales processes as lanes side by side, and what the process asks of open opportunities."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.inputs.cases.milestones import phases_behind, unmet, unrecorded
from vs_toolkit.inputs.cases.process import ProviderPhase, SalesProcess

COLUMNS = ["lane", "phase", "start", "end", "milestone"]


def lanes(process: SalesProcess) -> pd.DataFrame:
    """Phases of both sides on one scale: each of ours lies under those of the customer that it supports.

    A phase of ours that supports none follows the one before it, half a phase long.

    Returns
    -------
    DataFrame
        lane, phase, start, end, milestone; the customer's phases are one unit long.
    """
    theirs = [phase.name for phase in process.customer.phases]
    rows = [(process.customer.title, name, float(i), i + 1.0, "") for i, name in enumerate(theirs)]
    at = 0.0
    for phase in process.provider.phases:
        start, end = _span(phase, theirs, at)
        rows.append((process.provider.title, phase.name, start, end, phase.milestone or ""))
        at = end
    return pd.DataFrame(rows, columns=COLUMNS)


def _span(phase: ProviderPhase, theirs: list[str], at: float) -> tuple[float, float]:
    places = [theirs.index(name) for name in phase.matches]
    return (float(min(places)), max(places) + 1.0) if places else (at, at + 0.5)


def unproven(
    process: SalesProcess, opportunities: pd.DataFrame, changes: pd.DataFrame, statuses: pd.DataFrame
) -> pd.DataFrame:
    """Open opportunities whose stage claims a milestone for which the process asks more than is recorded.

    Returns
    -------
    DataFrame
        Index: opportunity_id, the largest first; customer_id, status, value, missing (what is not recorded).
    """
    last = changes.sort_values("changed_at", kind="stable").groupby("opportunity_id")["status"].last()
    open_names = statuses.loc[statuses["outcome"] == "open", "status"]
    cases = opportunities.set_index("opportunity_id").assign(status=last)
    cases = cases[cases["status"].isin(open_names)]
    recorded = cases.drop(columns=unrecorded(process.asked, opportunities), errors="ignore")
    missing = unmet(process.provider.phases, phases_behind(process, statuses), recorded)
    table = cases.loc[missing.index, ["customer_id", "status", "value"]].assign(missing=missing)
    return table.astype({"value": float}).sort_values("value", ascending=False, kind="stable")
