"""What is wrong with the register of open opportunities: lists to act on, one per kind of fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from vs_toolkit.formats import day, number_of, percent

NEARLY = 1.25
PRICED = 0.5  # nominal probability of a proposal with price (book, figure 19)
FROM_CASE = ["name", "customer_id", "owner_id", "status", "value"]
ASKED = {
    "value": "Values are",
    "owner_id": "Owners are",
    "next_step": "Next steps are",
    "expected_decision": "Decision dates are",
    "decision_process_known": "Whether the decision process is known is",
}
COLUMNS = ["fault", "opportunity_id", *FROM_CASE, "detail"]
Found: TypeAlias = "pd.Series[Any]"  # index: case; what is wrong with it


def hygiene(cases: pd.DataFrame, statuses: pd.DataFrame, as_of: Any) -> pd.DataFrame:
    """List what has to be put right in open opportunities.

    Parameters
    ----------
    cases
        One row per opportunity as of the day: index opportunity_id, outcome, status, and any of name,
        customer_id,
        owner_id, product, value, expected_decision, next_step, decision_process_known. A column that is not
        there, or
        empty throughout, is one gap of the record and no fault of any opportunity.
    statuses
        status, nominal_probability.
    as_of
        As-of date; later data is ignored.

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
    >>> funnel = pd.DataFrame({"status": ["Offer"], "nominal_probability": [0.3]})
    >>> hygiene(cases, funnel, "2026-03-09")[["fault", "detail"]].values.tolist()
    [['decision date in the past', 'expected on 2 Mar 2026, 7 days ago'], ['value missing', '']]
    """
    recorded = cases.dropna(axis="columns", how="all").columns.union(["outcome", "status"])
    still = cases.loc[cases["outcome"] == "open", recorded].rename_axis("opportunity_id")
    nominal = statuses.drop_duplicates("status").set_index("status")["nominal_probability"]
    today = pd.Timestamp(as_of).normalize()
    still = still.assign(nominal=still["status"].astype(object).map(nominal), today=today)
    found = [pd.DataFrame({"detail": check(still), "fault": fault}) for fault, check in CHECKS.items()]
    listed = (
        pd.concat(found).rename_axis("opportunity_id").join(still.reindex(columns=FROM_CASE)).reset_index()
    )
    place = listed["fault"].map({fault: i for i, fault in enumerate(CHECKS)})
    order = listed.assign(place=place).sort_values(
        ["place", "value", "opportunity_id"], ascending=[True, False, True]
    )
    return order[COLUMNS].reset_index(drop=True)


def not_recorded(cases: pd.DataFrame) -> list[str]:
    """Name what is recorded for no opportunity at all: a gap of the record, each once.

    >>> cases = pd.DataFrame({"outcome": ["open"], "value": [1.0], "owner_id": ["P1"], "next_step": [None]})
    >>> not_recorded(cases.assign(expected_decision="2026-07-01", decision_process_known=True))
    ['Next steps are not recorded for any opportunity.']
    """
    if not (cases["outcome"] == "open").any():
        return []
    return [
        f"{words} not recorded for any opportunity."
        for name, words in ASKED.items()
        if name not in cases or cases[name].isna().all()
    ]


def _unproven(cases: pd.DataFrame) -> Found:
    """Cases at or past a priced proposal without what must be known by then."""
    late = cases[cases["nominal"] >= PRICED]
    process, date = _said(late, "decision_process_known"), _said(late, "expected_decision")
    missing = {
        "decision process not known": process == False,  # noqa: E712 - missing is not False
        "not recorded whether the decision process is known": process.isna(),
        "no expected decision": date.isna(),
    }
    what = pd.Series("", index=late.index, dtype=object)
    for words, applies in missing.items():
        what = what.mask(applies.to_numpy(dtype=bool, na_value=False), what + "; " + words)
    counted = pd.Series(
        [f"counted with {percent(share, 0)}" for share in late["nominal"]], late.index, object
    )
    return (counted + what)[what != ""]


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
    "stage claims more than its milestones show": _unproven,
    "no next step": _blank("next_step"),
    "decision date in the past": _overdue,
    "value missing": _blank("value"),
    "possible duplicate": _alike,
}
