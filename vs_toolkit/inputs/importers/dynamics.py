"""Dynamics 365 Sales: a view exported to Excel or CSV, or pages of Dataverse."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from vs_toolkit.inputs.importers.export import Export
from vs_toolkit.inputs.importers.registry import Extract, importer, marks, outcomes

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
ID = ("opportunityid", "(Do Not Modify) Opportunity", "Opportunity", "Opportunity ID")
STATES = {"0": "", "1": "Won", "2": "Lost", "open": "", "won": "Won", "lost": "Lost", "gewonnen": "Won",
          "verloren": "Lost", "offen": "", "canceled": "Lost", "out-sold": "Lost"}  # fmt: skip
HEADERS = (
    "Topic", "Potential Customer", "Account", "Est. Close Date", "Est. Revenue", "Actual Close Date",
    "Actual Revenue",
    "Probability", "Status", "Status Reason", "Sales Stage", "Created On", "Owner", "Currency",
    "opportunityid",
    "estimatedvalue", "statecode", "(Do Not Modify) Opportunity", "Account Name (Account)", "Pipeline Phase",
)  # fmt: skip


@importer(
    "dynamics", "Dynamics 365", HEADERS,
    marks(("opportunityid", "statecode"), ("Topic", "Est. Revenue"), ("(Do Not Modify) Opportunity",),
          ("Topic", "Potential Customer"), ("Sales Stage", "Est. Close Date"), ("Actual Revenue",
          "Est. Revenue"),
          ("Topic", "Status Reason")),
)  # fmt: skip
def extract(exports: list[Export]) -> Extract:
    """Read opportunities; closed ones by their status, because every closed row bears the sales stage
    Close.
    """
    said = Extract()
    said.deals = pd.concat([_deals(export, said) for export in exports], ignore_index=True)
    said.said.append("Dynamics exports no stage history: outcomes, but no conversion from stage to stage")
    return said


def _deals(export: Export, said: Extract) -> pd.DataFrame:
    def take(*names: str) -> pd.Series[Any]:
        return export.text(*[name + FORMATTED for name in names if name.islower() or "_" in name], *names)

    name, created = export.text("name", "Topic"), export.moments("createdon", "Created On")
    customer = _joined_or(export, take("_customerid_value", "Potential Customer", "Account", "Account Name"))
    outcome = outcomes(export, said, export.text("statecode", "Status"), STATES)
    won = (outcome == "Won").fillna(False)
    amount = export.numbers("actualvalue", "Actual Revenue").where(won)
    closed_on = export.moments("actualclosedate", "Actual Close Date")
    return pd.DataFrame({
        "id": _ids(export, said, name, customer),
        "name": name,
        "customer_id": export.text("_customerid_value").fillna(customer),
        "customer": customer,
        "owner_id": export.text("_ownerid_value", "Owner"),
        "owner": take("_ownerid_value", "Owner"),
        "stage": outcome.fillna(take("stepname", "salesstagecode", "Sales Stage",
        "Pipeline Phase")).fillna("Open"),
        "amount": amount.fillna(export.numbers("estimatedvalue", "Est. Revenue", "Estimated Revenue")),
        "currency": _currency(take("_transactioncurrencyid_value", "transactioncurrencyid", "Currency")),
        "created": created,
        "close": closed_on.fillna(export.moments("estimatedclosedate", "Est. Close Date",
        "Estimated Close Date")),
        "closed": outcome.isin(["Won", "Lost"]),
        "won": won,
        "probability": export.numbers("closeprobability", "Probability") / 100,
        "reason": take("statuscode", "Status Reason"),
        "staged": closed_on.where(outcome.isin(["Won", "Lost"])),
    })  # fmt: skip


def _joined_or(export: Export, own: pd.Series[Any]) -> pd.Series[Any]:
    """A column of a joined table reads ``Account Name (Account)``."""
    joined = next(
        (
            str(n)
            for n in export.frame.columns
            if str(n).strip().endswith(("(Account)", "(Potential Customer)"))
        ),
        "",
    )
    return own.fillna(export.text(joined)) if joined else own


def _currency(text: pd.Series[Any]) -> pd.Series[Any]:
    names = {
        "euro": "EUR",
        "us dollar": "USD",
        "pound sterling": "GBP",
        "swiss franc": "CHF",
        "us-dollar": "USD",
    }
    return text.map(lambda value: names.get(value.casefold(), value), na_action="ignore").astype("str")


def _ids(export: Export, said: Extract, name: pd.Series[Any], customer: pd.Series[Any]) -> pd.Series[Any]:
    if export.name_of(*ID):
        return export.text(*ID)
    said.warned.append(
        f"{export.file}: the view has no id column; ids are made from topic, customer and creation: add the "
        "column "
        "Opportunity, so that a later export updates the same opportunities"
    )
    parts = zip(
        name.fillna(""), customer.fillna(""), export.text("Created On", "createdon").fillna(""), strict=True
    )
    made = ["D-" + hashlib.sha256("\x1f".join(part).encode()).hexdigest()[:12] for part in parts]
    return pd.Series(made, index=export.frame.index, dtype="str")
