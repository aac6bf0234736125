"""From what an export says to our tables: customers, people, opportunities, statuses, status changes."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from vs_toolkit.inputs.importers.registry import ACCOUNTS, CHANGES, DEALS, PEOPLE, Extract
from vs_toolkit.inputs.importers.stages import applied
from vs_toolkit.inputs.lookup import among, looked_up, positions

NO_ACCOUNT = "(no account)"
SHORT = np.timedelta64(2, "m")
TYPES: dict[Hashable, Any] = {
    **dict.fromkeys(("id", "pipeline", "stage"), "str"),
    **dict.fromkeys(("at", "close"), "datetime64[us]"),
    **dict.fromkeys(("amount", "probability"), float),
}


def tidy_deals(extract: Extract) -> None:
    """Put the deals in the common form: one row for each id, days in their types."""
    deals = extract.deals.reindex(columns=list(DEALS)).reset_index(drop=True)
    nameless = deals["id"].isna()
    if nameless.any():
        extract.warned.append(f"{int(nameless.sum())} opportunities without an id left out")
    deals = deals[~nameless.to_numpy(bool)]
    twice = deals["id"].duplicated(keep="last")
    if twice.any():
        extract.warned.append(
            f"{int(twice.sum())} opportunities stand in the export more than once: the last row counts"
        )
    deals = deals[~twice]
    for column in ("created", "close", "staged"):
        deals[column] = pd.to_datetime(deals[column])
    extract.deals = deals.reset_index(drop=True)


def customers(extract: Extract, said: list[str]) -> pd.DataFrame:
    """Accounts of the export, and those that only the deals name."""
    deals = extract.deals
    accounts = extract.accounts if extract.accounts is not None else pd.DataFrame(columns=list(ACCOUNTS))
    table = pd.DataFrame({
        "customer_id": accounts["id"],
        "name": accounts["name"].fillna(accounts["id"]),
        "industry": accounts["industry"],
        "region": accounts["region"],
        "parent_id": accounts["parent"],
    }).dropna(subset="customer_id").drop_duplicates("customer_id")  # fmt: skip
    named = deals[["customer_id", "customer"]].dropna(subset="customer_id").drop_duplicates("customer_id")
    extra = named[~among(named["customer_id"], table["customer_id"])]
    if len(extra) and len(table):
        said.append(
            f"{len(extra)} customers are named by opportunities only, not among the accounts of the export"
        )
    more = pd.DataFrame(
        {"customer_id": extra["customer_id"], "name": extra["customer"].fillna(extra["customer_id"])}
    )
    if deals["customer_id"].isna().any():
        said.append(
            f"{int(deals['customer_id'].isna().sum())} opportunities have no account: put under "
            f"{NO_ACCOUNT!r}"
        )
        more.loc[len(more) + len(table)] = {"customer_id": NO_ACCOUNT, "name": "No account in the CRM"}
    table = pd.concat([table, more], ignore_index=True).reindex(columns=table.columns)
    table["parent_id"] = table["parent_id"].where(among(table["parent_id"], table["customer_id"]))
    return table


def people(extract: Extract) -> pd.DataFrame:
    """Owners: users of the export, and those that only the deals name."""
    users = extract.people if extract.people is not None else pd.DataFrame(columns=list(PEOPLE))
    table = users.rename(columns={"id": "person_id"}).dropna(subset="person_id").drop_duplicates("person_id")
    table = table.assign(name=table["name"].fillna(table["person_id"]))
    named = extract.deals[["owner_id", "owner"]].dropna(subset="owner_id").drop_duplicates("owner_id")
    extra = named[~among(named["owner_id"], table["person_id"])]
    more = pd.DataFrame({"person_id": extra["owner_id"], "name": extra["owner"].fillna(extra["owner_id"])})
    return pd.concat([table, more], ignore_index=True).reindex(columns=["person_id", "name", "unit", "role"])


def opportunities(extract: Extract) -> pd.DataFrame:
    """One row for each deal; its segment is the pipeline."""
    deals = extract.deals
    return pd.DataFrame({
        "opportunity_id": deals["id"],
        "customer_id": deals["customer_id"].fillna(NO_ACCOUNT),
        "name": deals["name"],
        "owner_id": deals["owner_id"],
        "product": deals["product"],
        "segment": deals["pipeline"],
        "created_at": deals["created"].dt.normalize(),
        "value": deals["amount"].astype(float),
        "currency": deals["currency"],
        "expected_decision": deals["close"].dt.normalize(),
        "close_reason": deals["reason"],
        "competitor": deals["competitor"],
        "next_step": deals["next_step"],
    })  # fmt: skip


def status_changes(extract: Extract, stages: pd.DataFrame, said: list[str]) -> pd.DataFrame:
    """Statuses reached, in order of time; rows in which the status stays are left out.

    Without a history, what is known is the last stage: on the day it was reached where the export says so,
    else on the closing day of a closed deal, or at the creation of an open one.
    """
    rows = [_history(extract, said)] if extract.changes is not None and len(extract.changes) else []
    has_history = among(extract.deals["id"], rows[0]["id"]) if rows else extract.deals["id"].isna()
    if not has_history.all():
        rows.append(_current(extract.deals[~has_history], said, bool(has_history.any())))
    if rows and has_history.any():
        rows.append(_missing_ends(extract, rows[0], said))
    table = pd.concat([row.astype(TYPES) for row in rows], ignore_index=True)
    table = table.assign(status=applied(stages, table["pipeline"], table["stage"]))
    table = table.dropna(subset=["status", "at"])
    table = table.iloc[np.lexsort((table["at"], pd.factorize(table["id"], sort=True)[0]))]
    same = (table["id"] == table["id"].shift()) & (table["status"] == table["status"].shift())
    if same.any():
        said.append(f"{int(same.sum()):,} history rows in which the stage stays the same left out")
    table = table[~same.to_numpy(bool)]
    return pd.DataFrame({
        "opportunity_id": table["id"],
        "changed_at": table["at"],
        "status": table["status"],
        "value": table["amount"],
        "expected_decision": table["close"].dt.normalize(),
        "stated_probability": table["probability"].where(lambda p: p.between(0, 1)),
    }).reset_index(drop=True)  # fmt: skip


def _history(extract: Extract, said: list[str]) -> pd.DataFrame:
    changes = extract.changes
    assert changes is not None
    deals = extract.deals
    known = among(changes["id"], deals["id"])
    if (~known).any():
        said.append(
            f"{int((~known).sum()):,} history rows of opportunities that are not in the export left out"
        )
    changes = changes.loc[known.to_numpy(bool), list(CHANGES)].astype(TYPES)
    deal = deals.iloc[positions(changes["id"], deals["id"])].set_axis(changes.index)
    return changes.assign(
        pipeline=changes["pipeline"].fillna(deal["pipeline"].astype("str")),
        at=changes["at"].fillna(deal["created"]),
    )


def _current(deals: pd.DataFrame, said: list[str], is_rest: bool) -> pd.DataFrame:
    closed = deals["closed"].astype("boolean").fillna(False).to_numpy(bool)
    at = deals["staged"].fillna(deals["close"].where(closed)).fillna(deals["created"])
    at = at.where(at >= deals["created"], deals["created"]).fillna(
        at
    )  # a closing day before creation: see warnings
    guessed = int(deals["staged"].isna().sum())
    some = f"{len(deals):,} opportunities have no history" if is_rest else "there is no stage history"
    if guessed:
        said.append(
            f"{some}: {int(closed.sum()):,} closed ones are taken as closed on their close date, "
            f"{int((~closed).sum()):,} "
            "open ones as in their stage since creation"
        )
    return deals.assign(at=at)[["id", "at", "pipeline", "stage", "amount", "close", "probability"]]


def _missing_ends(extract: Extract, history: pd.DataFrame, said: list[str]) -> pd.DataFrame:
    """Deals whose history ends in another stage than the deal bears: the deal is newer, and counts."""
    last = history.sort_values("at", kind="stable").drop_duplicates("id", keep="last")
    deals = extract.deals[among(extract.deals["id"], last["id"]) & extract.deals["stage"].notna()]
    newest = last.iloc[positions(deals["id"], last["id"])].set_axis(deals.index)
    is_behind = (deals["stage"].astype("str") != newest["stage"]).to_numpy(bool)
    behind, known = deals[is_behind], newest.loc[is_behind, "at"]
    closed = behind["closed"].astype("boolean").fillna(False).to_numpy(bool)
    at = behind["staged"].fillna(behind["close"].where(closed)).fillna(known)
    at = at.where(at >= known, known)
    if len(behind):
        said.append(
            f"the history of {len(behind):,} opportunities ends before their present stage: that one was "
            "added"
        )
    ends: pd.DataFrame = behind.assign(at=at)[list(CHANGES)]
    return ends


def supports(changes: pd.DataFrame, statuses: pd.DataFrame) -> list[str]:
    """Say what can be learned from a history, and what cannot; its rows stand by opportunity and time."""
    codes, ids = pd.factorize(changes["opportunity_id"])
    outcome = looked_up(changes["status"], statuses["status"], statuses["outcome"]).to_numpy(object)
    is_last = np.append(codes[1:] != codes[:-1], True)[: len(codes)]
    is_first = np.roll(is_last, 1)
    at = changes["changed_at"].to_numpy()
    counts = pd.Series(outcome[is_last]).value_counts()
    lines = [
        f"{len(ids):,} opportunities: "
        + ", ".join(f"{int(counts.get(o, 0)):,} {o}" for o in ("won", "lost", "open"))
    ]
    thin = int(((is_first & is_last)[is_last] | (at[is_last] - at[is_first] <= SHORT)).sum())
    if len(ids) and thin == len(ids):
        lines.append(
            "supports: win rates and values; not: calibration by age, stage-to-stage conversion, duration "
            "in stage"
        )
    elif thin > len(ids) / 2:
        lines.append(
            f"supports: win rates and values; hardly any calibration by age: {thin:,} of {len(ids):,} "
            "histories have one row or span two minutes at most"
        )
    else:
        lines.append("supports: win rates, stage-to-stage conversion, duration in stage, calibration by age")
    went_on = ids[np.unique(codes[(outcome != "open") & ~is_last])]
    if len(went_on):
        lines.append(f"{len(went_on):,} opportunities went on after they were closed ({_some(went_on)})")
    if lost := len(np.intersect1d(codes[outcome == "won"], codes[is_last & (outcome == "lost")])):
        lines.append(f"{lost:,} of them were won first and lost later: lost now, won as of the days between")
    return lines


def _some(ids: Any) -> str:
    shown = ", ".join(map(str, list(ids)[:5]))
    return shown + (" …" if len(ids) > 5 else "")


def contradictions(table: pd.DataFrame) -> list[str]:
    """Days that contradict each other: said, not repaired."""
    early = int((table["expected_decision"] < table["created_at"]).sum())
    unknown = int(table["value"].isna().sum())
    none = int(table["created_at"].isna().sum())
    lines = (
        [f"{early:,} of {len(table):,} close dates lie before the creation: kept as they stand"]
        if early
        else []
    )
    lines += [f"{unknown:,} opportunities have no value: unknown, not 0"] if unknown else []
    lines += [f"{none:,} opportunities have no day of creation: left out"] if none else []
    return lines


def as_text(numbers: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers as they are written: never in a form that could be read in two ways.

    >>> as_text(pd.Series([12.5, 12.125, None])).tolist()
    ['12.5', '12.1250', nan]
    """
    text = pc.cast(pa.array(numbers, pa.float64(), from_pandas=True), pa.string())
    plain = pc.replace_substring_regex(text, r"^(-?[1-9]\d{0,2}\.\d{3})$", r"\10")
    return pd.Series(plain.to_pandas().array, index=numbers.index)
