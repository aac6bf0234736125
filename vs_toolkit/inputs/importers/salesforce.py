"""Salesforce: Data Loader, Data Export Service, reports, and either saved again by Excel; also a warehouse's
copy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.inputs.importers.export import Export
from vs_toolkit.inputs.importers.registry import Extract, by_kind, importer, joined, living, marks

ID = ("Id", "Opportunity ID", "18 Digit Opportunity ID", "OpportunityId")
STAGE = ("StageName", "Stage", "stage_name")
HEADERS = (
    "Id", "AccountId", "Name", "StageName", "Amount", "CloseDate", "Probability", "IsWon", "IsClosed",
    "OwnerId",
    "CreatedDate", "OpportunityId", "Opportunity Name", "Account Name", "Opportunity Owner", "Close Date",
    "Created Date", "Probability (%)", "Stage", "Field", "OldValue", "NewValue",
)  # fmt: skip
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
NEVER = pd.Timestamp("NaT")
MISSING = "000000000000000"  # the Data Export Service writes a missing reference so


def lifted(id_: str) -> str:
    """Lift an id of 15 characters to the 18 characters that do not depend on case.

    >>> lifted("006bm00000LKJNN"), lifted("006bm00000LKJNNAA5")
    ('006bm00000LKJNNAA5', '006bm00000LKJNNAA5')
    """
    return id_ + _checksum(id_) if len(id_) == 15 and id_.isalnum() else id_


def _checksum(id_: str) -> str:
    """One character for each five: which of them are capitals."""
    chunks = (id_[i : i + 5] for i in (0, 5, 10))
    return "".join(
        ALPHABET[sum(c.isascii() and c.isupper() and 1 << i for i, c in enumerate(chunk))] for chunk in chunks
    )


def is_damaged(id_: str) -> bool:
    """Whether an id of 18 characters contradicts its own checksum: its case was changed on the way.

    >>> is_damaged("006bm00000LKJNNAA5"), is_damaged("006BM00000LKJNNAA5")
    (False, True)
    """
    return len(id_) == 18 and id_.isalnum() and _checksum(id_[:15]) != id_[15:].upper()


def _ids(export: Export, said: Extract, *names: str) -> pd.Series[Any]:
    codes, distinct = pd.factorize(export.text(*names))
    ids = pd.Series([None if i.startswith(MISSING) else lifted(i) for i in distinct] + [None], dtype="str")
    damaged = [i for i, id_ in enumerate(ids) if isinstance(id_, str) and is_damaged(id_)]
    if damaged:
        rows = int(np.isin(codes, damaged).sum())
        said.warned.append(
            f"{export.file}: {rows} ids of {export.name_of(*names)} contradict their checksum: a program "
            "changed their case; export them again as text"
        )
    return ids.take(codes).set_axis(export.frame.index)


def _kind(export: Export) -> str:
    """Which object a file holds."""
    if export.has("OpportunityId", "Field", "NewValue"):
        return "field_history"
    if export.has("OpportunityId", "CreatedDate") and export.name_of(*STAGE):
        return "history"
    if export.has("_fivetran_start") and export.name_of("stage_name"):
        return "history"
    if export.name_of(*STAGE) and (export.name_of("CloseDate", "Close Date") or export.name_of("Amount")):
        return "opportunity"
    if export.has("Username") or export.has("Id", "Email", "IsActive"):
        return "user"
    if export.name_of("BillingCity", "BillingCountry", "Industry", "AnnualRevenue", "Account Name") and not (
        export.name_of(*STAGE)
    ):
        return "account"
    return ""


@importer(
    "salesforce", "Salesforce", HEADERS,
    marks(("StageName", "CloseDate"), ("StageName", "IsWon"), ("OpportunityId", "StageName"),
          ("OpportunityId", "Field", "NewValue"), ("stage_name", "close_date"), ("Stage", "Opportunity Name"),
          ("Stage", "Close Date", "Opportunity Owner")),
)  # fmt: skip
def extract(exports: list[Export]) -> Extract:
    """Read opportunities, their history, accounts and users."""
    said = Extract()
    kinds = by_kind(exports, _kind, said)
    for export in kinds.get("", []):
        said.warned.append(f"{export.file}: is no object of Salesforce that is used here: not read")
        export.used.update(export.frame.columns)

    def read(kind: str, read_one: Callable[[Export, Extract], pd.DataFrame]) -> list[pd.DataFrame]:
        return [read_one(export, said) for export in kinds.get(kind, [])]

    deals = joined(read("opportunity", _deals))
    said.deals = said.deals if deals is None else deals
    said.changes = joined([*read("history", _history), *read("field_history", _field_history)])
    said.accounts, said.people = joined(read("account", _accounts)), joined(read("user", _users))
    return said


def _live(export: Export, frame: pd.DataFrame, said: Extract, what: str) -> pd.DataFrame:
    return living(export, frame, export.truths("IsDeleted", "is_deleted"), said, what)


def _deals(export: Export, said: Extract) -> pd.DataFrame:
    ids = _ids(export, said, *ID)
    name = export.text("Name", "Opportunity Name")
    account = export.text("Account Name")
    if not export.name_of(*ID):
        said.warned.append(
            f"{export.file}: has no id column; ids are made from name and account: add 'Opportunity ID'"
        )
        ids = (name.fillna("") + " · " + account.fillna("")).str.strip(" ·").astype("str")
    frame = pd.DataFrame({
        "id": ids,
        "name": name,
        "customer_id": _ids(export, said, "AccountId", "Account ID", "account_id").fillna(account),
        "customer": account,
        "owner_id": _ids(export, said, "OwnerId", "owner_id").fillna(export.text("Opportunity Owner")),
        "owner": export.text("Opportunity Owner"),
        "pipeline": export.text("RecordTypeId.Name", "Opportunity Record Type"),
        "stage": export.text(*STAGE),
        "amount": export.numbers("Amount"),
        "currency": export.text("CurrencyIsoCode", "Amount Currency", "Opportunity Currency"),
        "created": export.moments("CreatedDate", "Created Date"),
        "close": export.moments("CloseDate", "Close Date"),
        "closed": export.truths("IsClosed", "Closed"),
        "won": export.truths("IsWon", "Won"),
        "probability": export.numbers("Probability", "Probability (%)") / 100,
        "reason": export.text("Loss_Reason__c", "Closed Lost Reason", "Loss Reason"),
        "competitor": export.text("MainCompetitors__c", "Main Competitor(s)"),
        "next_step": export.text("NextStep", "Next Step"),
        "staged": export.moments("LastStageChangeDate", "Last Stage Change Date"),
    })  # fmt: skip
    return _live(export, frame, said, "opportunities")


def _history(export: Export, said: Extract) -> pd.DataFrame:
    at = export.moments("_fivetran_start") if export.has("_fivetran_start") else export.moments("CreatedDate")
    frame = pd.DataFrame({
        "id": _ids(export, said, *(("id",) if export.has("_fivetran_start") else ("OpportunityId",))),
        "at": at,
        "pipeline": pd.NA,
        "stage": export.text(*STAGE),
        "amount": export.numbers("Amount"),
        "close": export.moments("CloseDate"),
        "probability": export.numbers("Probability") / 100,
    })  # fmt: skip
    return _live(export, frame, said, "history rows")


def _field_history(export: Export, said: Extract) -> pd.DataFrame:
    """One row per change of a field; the first old value is the stage at creation."""
    field = export.text("Field")
    frame = pd.DataFrame({
        "id": _ids(export, said, "OpportunityId"),
        "at": export.moments("CreatedDate"),
        "pipeline": pd.NA,
        "stage": export.text("NewValue"),
        "old": export.text("OldValue"),
        "amount": float("nan"),
        "close": pd.NaT,
        "probability": float("nan"),
    })[field == "StageName"]  # fmt: skip
    first = frame.sort_values("at", kind="stable").drop_duplicates("id").dropna(subset="old")
    opened = first.assign(stage=first["old"], at=NEVER)  # the day of creation is filled in when it is joined
    return pd.concat([opened, frame], ignore_index=True).drop(columns="old")


def _accounts(export: Export, said: Extract) -> pd.DataFrame:
    region = export.text("BillingCountry", "Billing Country", "BillingState", "Billing State/Province")
    frame = pd.DataFrame({
        "id": _ids(export, said, "Id", "Account ID", "AccountId").fillna(export.text("Account Name")),
        "name": export.text("Name", "Account Name"),
        "industry": export.text("Industry"),
        "region": region,
        "parent": _ids(export, said, "ParentId", "Parent Account ID"),
    })  # fmt: skip
    return _live(export, frame, said, "accounts")


def _users(export: Export, said: Extract) -> pd.DataFrame:
    full = (export.text("FirstName").fillna("") + " " + export.text("LastName").fillna("")).str.strip()
    return pd.DataFrame({
        "id": _ids(export, said, "Id", "User ID"),
        "name": export.text("Name", "Full Name").fillna(full.mask(full == "")),
        "unit": export.text("Division", "Department"),
        "role": export.text("Title", "UserRole.Name"),
    })  # fmt: skip
