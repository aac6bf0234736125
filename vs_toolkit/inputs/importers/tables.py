"""From what an export says to our tables: customers, people, opportunities, statuses, status changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.inputs.importers.registry import ACCOUNTS, CHANGES, DEALS, PEOPLE, Extract
from vs_toolkit.inputs.importers.stages import applied
from vs_toolkit.inputs.lookup import among

NO_ACCOUNT = "(no account)"
SHORT = pd.Timedelta(minutes=2)


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
    extra = named[~named["customer_id"].isin(table["customer_id"])]
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
    table["parent_id"] = table["parent_id"].where(table["parent_id"].isin(table["customer_id"]))
    return table


def people(extract: Extract) -> pd.DataFrame:
    """Owners: users of the export, and those that only the deals name."""
    users = extract.people if extract.people is not None else pd.DataFrame(columns=list(PEOPLE))
    table = users.rename(columns={"id": "person_id"}).dropna(subset="person_id").drop_duplicates("person_id")
    table = table.assign(name=table["name"].fillna(table["person_id"]))
    named = extract.deals[["owner_id", "owner"]].dropna(subset="owner_id").drop_duplicates("owner_id")
    extra = named[~named["owner_id"].isin(table["person_id"])]
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
    with_history = rows[0]["id"].unique() if rows else np.array([], dtype=object)
    rest = extract.deals[~among(extract.deals["id"], with_history)]
    if len(rest):
        rows.append(_current(rest, said, len(with_history) > 0))
    if len(with_history):
        rows.append(_missing_ends(extract, rows[0], said))
    table = pd.concat([row.astype(object) for row in rows], ignore_index=True)
    table = table.assign(
        status=applied(stages, table["pipeline"], table["stage"]), at=pd.to_datetime(table["at"])
    )
    table = table.dropna(subset=["status", "at"]).sort_values(["id", "at"], kind="stable")
    same = (table["id"] == table["id"].shift()) & (table["status"] == table["status"].shift())
    if same.any():
        said.append(f"{int(same.sum()):,} history rows in which the stage stays the same left out")
    table = table[~same.to_numpy(bool)]
    return pd.DataFrame({
        "opportunity_id": table["id"],
        "changed_at": table["at"],
        "status": table["status"],
        "value": table["amount"].astype(float),
        "expected_decision": pd.to_datetime(table["close"]).dt.normalize(),
        "stated_probability": table["probability"].astype(float).where(lambda p: p.between(0, 1)),
    }).reset_index(drop=True)  # fmt: skip


def _history(extract: Extract, said: list[str]) -> pd.DataFrame:
    changes = extract.changes
    assert changes is not None
    deals = extract.deals.set_index("id")
    known = among(changes["id"], deals.index)
    if (~known).any():
        said.append(
            f"{int((~known).sum()):,} history rows of opportunities that are not in the export left out"
        )
    changes = pd.DataFrame(changes[known.to_numpy(bool)])
    changes["pipeline"] = changes["pipeline"].astype(object).fillna(changes["id"].map(deals["pipeline"]))
    opened = pd.to_datetime(changes["at"])
    changes["at"] = opened.fillna(changes["id"].map(deals["created"]))
    return changes[["id", "at", "pipeline", "stage", "amount", "close", "probability"]]


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
    last = history.sort_values("at", kind="stable").drop_duplicates("id", keep="last").set_index("id")
    deals = extract.deals[among(extract.deals["id"], last.index) & extract.deals["stage"].notna()]
    behind = deals[
        deals["stage"].astype(object).to_numpy()
        != last["stage"].reindex(deals["id"]).astype(object).to_numpy()
    ]
    closed = behind["closed"].astype("boolean").fillna(False).to_numpy(bool)
    at = behind["staged"].fillna(behind["close"].where(closed))
    newest = last["at"].reindex(behind["id"]).to_numpy()
    at = at.fillna(pd.Series(newest, index=behind.index))
    at = at.where(at >= pd.Series(newest, index=behind.index), pd.Series(newest, index=behind.index))
    if len(behind):
        said.append(
            f"the history of {len(behind):,} opportunities ends before their present stage: that one was "
            "added"
        )
    ends: pd.DataFrame = behind.assign(at=at)[list(CHANGES)]
    return ends


def supports(changes: pd.DataFrame, statuses: pd.DataFrame) -> list[str]:
    """Say what can be learned from a history, and what cannot."""
    outcome = dict(zip(statuses["status"], statuses["outcome"], strict=True))
    sort = changes.sort_values("changed_at", kind="stable")
    last = sort.drop_duplicates("opportunity_id", keep="last")["status"].map(outcome)
    counts = last.value_counts()
    lines = [
        f"{len(last):,} opportunities: "
        + ", ".join(f"{int(counts.get(o, 0)):,} {o}" for o in ("won", "lost", "open"))
    ]
    by_deal = sort.groupby("opportunity_id")["changed_at"]
    thin = int(((by_deal.size() == 1) | (by_deal.max() - by_deal.min() <= SHORT)).sum())
    if len(last) and thin == len(last):
        lines.append(
            "supports: win rates and values; not: calibration by age, stage-to-stage conversion, duration "
            "in stage"
        )
    elif thin > len(last) / 2:
        lines.append(
            f"supports: win rates and values; hardly any calibration by age: {thin:,} of {len(last):,} "
            "histories have one "
            "row or span two minutes at most"
        )
    else:
        lines.append("supports: win rates, stage-to-stage conversion, duration in stage, calibration by age")
    lines += _reopened(sort, outcome)
    return lines


def _reopened(sort: pd.DataFrame, outcome: dict[Any, Any]) -> list[str]:
    closed = sort["status"].map(outcome).ne("open")
    before = closed.groupby(sort["opportunity_id"]).shift(fill_value=False).astype(bool)
    ids = sort["opportunity_id"][before.to_numpy(bool)].unique()
    won = sort["status"].map(outcome).eq("won")
    was_won = won.groupby(sort["opportunity_id"]).any()
    end = (
        sort.drop_duplicates("opportunity_id", keep="last").set_index("opportunity_id")["status"].map(outcome)
    )
    lost = [id_ for id_ in was_won.index[was_won] if end[id_] == "lost"]
    lines = [f"{len(ids):,} opportunities went on after they were closed ({_some(ids)})"] if len(ids) else []
    if lost:
        lines.append(
            f"{len(lost):,} of them were won first and lost later: lost now, won as of the days between"
        )
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


def as_float(series: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Numbers as they are written: never in a form that could be read in two ways."""
    values = series.astype(float)
    text = values.map(lambda v: "" if v != v else repr(v)).astype("str")
    ambiguous = text.str.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}")
    return np.where(ambiguous, text + "0", text)
