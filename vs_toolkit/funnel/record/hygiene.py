"""What is wrong with the register of open opportunities: lists to act on, one per kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from vs_toolkit.formats import day, number_of
from vs_toolkit.inputs.cases.milestones import phases_behind, unmet, unrecorded
from vs_toolkit.inputs.cases.process import ProviderPhase, SalesProcess

UNPROVEN = "stage claims more than its milestones show"
NEARLY = 1.25
PRICED = 0.5  # nominal probability of a proposal with price (book, figure 19)
PROPOSAL = ProviderPhase(name="Proposal with price", requires=("expected_decision", "decision_process_known"))
LISTED_APART = ["value", "next_step"]  # asked of every open opportunity, whatever its stage
FROM_CASE = ["name", "customer_id", "owner_id", "status", "value"]
ASKED = {
    "value": "Values are",
    "owner_id": "Owners are",
    "next_step": "Next steps are",
    "expected_decision": "Decision dates are",
    "decision_process_known": "Whether the decision process is known is",
}
WORDS = ASKED | {"milestones": "Milestones reached are"}
COLUMNS = ["fault", "opportunity_id", *FROM_CASE, "detail"]
Found: TypeAlias = "pd.Series[Any]"  # index: case; what is wrong with it


def hygiene(
    cases: pd.DataFrame, statuses: pd.DataFrame, as_of: Any, process: SalesProcess | None = None
) -> pd.DataFrame:
    """List what has to be put right in open opportunities.

    Parameters
    ----------
    cases
        One row per opportunity as of the day: index opportunity_id, outcome, status, and any other columns of
        ``opportunities``. A column that is not there, or empty throughout, is one gap of the record and no
        fault of any opportunity.
    statuses
        status, order, nominal_probability.
    as_of
        As-of date; later data is ignored.
    process
        Sales process whose milestones count. Without one, and where it names no stage of this funnel, a
        decision date and a known decision process are asked for from a priced proposal on.

    Returns
    -------
    DataFrame
        One row per opportunity and fault, fault by fault, the largest opportunities first: fault,
        opportunity_id, name,
        customer_id, owner_id, status, value, detail.

    Examples
    --------
    >>> cases = pd.DataFrame({"outcome": "open", "status": "Offer", "value": [None, 5.0],
    ...                       "next_step": "Visit",
    ...                       "expected_decision": pd.to_datetime(["2026-03-02", "2026-04-01"])},
    ...                      index=["A", "B"])
    >>> funnel = pd.DataFrame({"status": ["Offer"], "order": [1], "nominal_probability": [0.3]})
    >>> hygiene(cases, funnel, "2026-03-09")[["fault", "detail"]].values.tolist()
    [['decision date in the past', 'expected on 2 Mar 2026, 7 days ago'], ['value missing', '']]
    """
    recorded = cases.dropna(axis="columns", how="all").columns.union(["outcome", "status"])
    still = cases.loc[cases["outcome"] == "open", recorded].rename_axis("opportunity_id")
    lacking = _unproven(still.drop(columns=LISTED_APART, errors="ignore"), statuses, process)
    still = still.assign(lacking=lacking.reindex(still.index), today=pd.Timestamp(as_of).normalize())
    found = [pd.DataFrame({"detail": check(still), "fault": fault}) for fault, check in CHECKS.items()]
    listed = (
        pd.concat(found).rename_axis("opportunity_id").join(still.reindex(columns=FROM_CASE)).reset_index()
    )
    place = listed["fault"].map({fault: i for i, fault in enumerate(CHECKS)})
    order = listed.assign(place=place).sort_values(
        ["place", "value", "opportunity_id"], ascending=[True, False, True]
    )
    return order[COLUMNS].reset_index(drop=True)


def not_recorded(cases: pd.DataFrame, statuses: pd.DataFrame, process: SalesProcess) -> list[str]:
    """Name what is recorded for no opportunity at all, and what the process does not tell of this funnel.

    >>> cases = pd.DataFrame({"outcome": ["open"], "value": [1.0], "owner_id": ["P1"], "next_step": [None]})
    >>> cases = cases.assign(expected_decision="2026-07-01", decision_process_known=True, milestones="Visit")
    >>> from vs_toolkit.inputs.cases.process import process_named
    >>> funnel = pd.DataFrame({"status": ["Lead qualified"], "order": [1]})
    >>> not_recorded(cases, funnel, process_named("value_sales"))
    ['Next steps are not recorded for any opportunity.']
    """
    if not (cases["outcome"] == "open").any():
        return []
    stages_named = bool(phases_behind(process, statuses))
    asked = dict.fromkeys((*ASKED, *(process.asked if stages_named else ())))
    found = [
        f"{WORDS.get(name, name.replace('_', ' ').capitalize() + ' is')} not recorded for any opportunity."
        for name in unrecorded(asked, cases)
    ]
    if stages_named:
        return found
    return [*found, f"Milestones cannot be checked: no stage of this funnel is a status of {process.title}."]


def _unproven(cases: pd.DataFrame, statuses: pd.DataFrame, process: SalesProcess | None) -> Found:
    """What cases lack of what the process, or else a priced proposal, asks for at their stage."""
    if process and (behind := phases_behind(process, statuses)):
        return unmet(process.provider.phases, behind, cases)
    priced = statuses["nominal_probability"] >= PRICED
    return unmet([PROPOSAL], dict(zip(statuses["status"], priced.astype(int), strict=True)), cases)


def _said(cases: pd.DataFrame, column: str) -> pd.Series[Any]:
    """What a column says; a column that is not kept at all is not held against anybody."""
    return cases[column].astype(object) if column in cases else pd.Series(True, cases.index, object)


def _blank(column: str) -> Callable[[pd.DataFrame], Found]:
    def check(cases: pd.DataFrame) -> Found:
        said = _said(cases, column)
        blank = said.isna() | (said.astype(str).str.strip() == "")
        return pd.Series("", index=cases.index[blank], dtype=object)

    return check


def _overdue(cases: pd.DataFrame) -> Found:
    if "expected_decision" not in cases:
        return pd.Series(dtype=object)
    late = cases[cases["expected_decision"] < cases["today"]]
    pairs = zip(late["expected_decision"], late["today"], strict=True)
    words = [f"expected on {day(on)}, {number_of((today - on).days, 'day')} ago" for on, today in pairs]
    return pd.Series(words, index=late.index, dtype=object)


def _alike(cases: pd.DataFrame) -> Found:
    """Cases of one customer with the same product and value, or the same name and about the same value."""
    text = cases.reindex(columns=["customer_id", "name", "product"]).astype(object)
    text["name"] = [
        " ".join(name.casefold().split()) if isinstance(name, str) else None for name in text["name"]
    ]
    text["value"] = cases["value"].astype(float) if "value" in cases else np.nan
    pairs = pd.concat([_pairs(text, "name", NEARLY), _pairs(text, "product", 1.0)]).drop_duplicates()
    others = pairs.sort_values(["case", "other"]).groupby("case")["other"]
    return others.agg(lambda ids: "may be the same as " + ", ".join(map(str, ids))).astype(object)


def _pairs(text: pd.DataFrame, column: str, most: float) -> pd.DataFrame:
    """Pairs of one customer's cases that agree in a column, with values at most so many times apart."""
    full = text.dropna(subset=["customer_id", column]).rename_axis("case").reset_index()
    both = full.merge(full.rename(columns={"case": "other", "value": "its"}), on=["customer_id", column])
    known = both[["value", "its"]].notna().all(axis=1)
    near = known & (both[["value", "its"]].max(axis=1) <= most * both[["value", "its"]].min(axis=1))
    if most > 1:  # a missing value may be any value
        near |= ~known
    return both.loc[(both["case"] != both["other"]) & near, ["case", "other"]]


CHECKS: dict[str, Callable[[pd.DataFrame], Found]] = {
    UNPROVEN: lambda cases: cases["lacking"].dropna(),
    "no next step": _blank("next_step"),
    "decision date in the past": _overdue,
    "value missing": _blank("value"),
    "possible duplicate": _alike,
}
