"""HubSpot: pages of its interface, the export of its lists, property history, pipelines; also a warehouse's
copy.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd

from vs_toolkit.inputs.importers.export import Export
from vs_toolkit.inputs.importers.registry import CHANGES, Extract, by_kind, importer, joined, living, marks

ID = ("Record ID", "hs_object_id", "Deal ID", "id", "deal_id")
STAGE = ("dealstage", "Deal Stage", "deal_pipeline_stage_id", "property_dealstage")
DEFAULT_STAGES = (  # of the pipeline that every account begins with
    ("appointmentscheduled", "Appointment scheduled", 0.2), ("qualifiedtobuy", "Qualified to buy", 0.4),
    ("presentationscheduled", "Presentation scheduled", 0.6), ("decisionmakerboughtin",
    "Decision maker bought-in", 0.8),
    ("contractsent", "Contract sent", 0.9), ("closedwon", "Closed won", 1.0), ("closedlost", "Closed lost",
    0.0),
)  # fmt: skip
ENTERED_UI = re.compile(
    r'(?:Date entered|Cumulative.*)\s+"?(?P<stage>.+?)\s*\((?P<pipeline>.+?)\)"?', re.IGNORECASE
)
ENTERED_API = re.compile(r"hs(?:_v2)?_date_entered_(?P<stage>.+)", re.IGNORECASE)
HEADERS = (
    "Record ID", "Deal Name", "Deal Stage", "Pipeline", "Amount", "Close Date", "Create Date", "Deal owner",
    "Associated Company", "dealname", "dealstage", "closedate", "createdate", "hs_object_id",
)  # fmt: skip


def _kind(export: Export) -> str:
    if export.has("deal_id", "merged_deal_id"):
        return "merged"
    if export.has("deal_id", "date_entered", "value"):
        return "stage_history"
    if export.has("deal_id", "timestamp", "name", "value"):
        return "property_history"
    if export.has("stage_id", "pipeline_id", "label") or (export.has("id", "label", "stages")):
        return "stages"
    if export.has("pipeline_id", "label"):
        return "pipelines"
    if export.name_of("dealname", "Deal Name", "property_dealname"):
        return "deals"
    if export.name_of("Company name", "property_name") or export.has("domain", "name"):
        return "companies"
    return ""


@importer(
    "hubspot", "HubSpot", HEADERS,
    marks(("dealname", "dealstage"), ("Record ID", "Deal Name"), ("Deal Stage", "Deal Name"),
          ("property_dealname",),
          ("deal_id", "merged_deal_id"), ("deal_id", "date_entered", "value"), ("stage_id", "pipeline_id",
          "label"),
          ("deal_id", "timestamp", "name", "value"), ("id", "label", "stages")),
)  # fmt: skip
def extract(exports: list[Export]) -> Extract:
    """Read deals, their stage history in any of its forms, pipelines, merged deals, companies."""
    said = Extract()
    kinds = by_kind(exports, _kind, said)
    for export in (*kinds.get("", []), *kinds.get("pipelines", [])):
        export.used.update(export.frame.columns)
    deals = kinds.get("deals", [])
    read = joined(_deals(export, said) for export in deals)
    said.deals = said.deals if read is None else read
    changes = [frame for export in deals for frame in (*_entered(export), *_versions(export))]
    changes += [_stage_history(export) for export in kinds.get("stage_history", [])]
    changes += [_property_history(export) for export in kinds.get("property_history", [])]
    said.changes = joined(changes)
    said.stages = _stages(kinds.get("stages", []), said.deals)
    said.accounts = joined(_companies(export) for export in kinds.get("companies", []))
    _without_merged(kinds.get("merged", []), said)
    if said.changes is not None and len(said.changes) and said.changes.groupby("id").size().max() == 1:
        said.said.append(
            "every deal has one entry of its stage only: that is no history; export the property history of "
            "dealstage"
        )
    return said


def _deals(export: Export, said: Extract) -> pd.DataFrame:
    company = export.text(
        "Associated Company IDs",
        "Associated Company (Primary)",
        "Associated Company",
        "hs_primary_associated_company",
    )
    frame = pd.DataFrame({
        "id": export.text(*ID),
        "name": export.text("dealname", "Deal Name", "property_dealname"),
        "customer_id": company,
        "customer": export.text("Associated Company (Primary)", "Associated Company").fillna(company),
        "owner_id": export.text("hubspot_owner_id", "Deal owner", "owner_id"),
        "owner": export.text("Deal owner"),
        "pipeline": export.text("pipeline", "Pipeline", "deal_pipeline_id"),
        "stage": export.text(*STAGE),
        "amount": export.numbers("amount", "Amount", "property_amount"),
        "currency": export.text("deal_currency_code", "Currency", "property_deal_currency_code"),
        "created": export.moments("createdate", "Create Date", "property_createdate", "createdAt"),
        "close": export.moments("closedate", "Close Date", "property_closedate"),
        "closed": export.truths("hs_is_closed", "Is Deal Closed?"),
        "won": export.truths("hs_is_closed_won", "Is Closed Won"),
        "probability": export.numbers("hs_deal_stage_probability", "Deal probability"),
        "reason": export.text("closed_lost_reason",
        "Closed Lost Reason").fillna(export.text("closed_won_reason", "Closed Won Reason")),
        "product": export.text("dealtype", "Deal Type"),
        "next_step": export.text("hs_next_step", "Next step"),
        "staged": export.moments("hs_v2_date_entered_current_stage", "Date entered current stage"),
    })  # fmt: skip
    gone = export.truths("archived").fillna(False) | export.truths("is_deleted").fillna(False)
    return living(export, frame, gone, said, "deals")


def _entered(export: Export) -> list[pd.DataFrame]:
    """Columns that say when a deal entered a stage: one for each stage."""
    frames = []
    for name in export.frame.columns:
        found = (
            ENTERED_UI.fullmatch(str(name))
            if "date entered" in str(name).casefold()
            else ENTERED_API.fullmatch(str(name))
        )
        if found and "current_stage" not in str(name):
            groups = found.groupdict()
            frames.append(
                _changes(export.text(*ID), export.moments(str(name)), groups["stage"], groups.get("pipeline"))
            )
    return [frame.dropna(subset="at") for frame in frames]


def _versions(export: Export) -> list[pd.DataFrame]:
    """Property history as the interface gives it: a list of values with their times."""
    history = export.text("propertiesWithHistory").dropna()
    rows: list[dict[str, Any]] = []
    for position, text in history.items():
        for entry in json.loads(text).get("dealstage", []):
            rows.append({"row": position, "stage": entry.get("value"), "timestamp": entry.get("timestamp")})
    if not rows:
        return []
    flat = pd.DataFrame(rows)
    times = Export(export.file, flat[["timestamp"]].astype("str"), export.places, export.reading, export.zone)
    ids = export.text(*ID).loc[flat["row"]].reset_index(drop=True)
    return [_changes(ids, times.moments("timestamp"), flat["stage"], None)]


def _changes(ids: Any, at: Any, stage: Any, pipeline: Any) -> pd.DataFrame:
    frame = pd.DataFrame({"id": ids, "at": at}).assign(stage=stage, pipeline=pipeline)
    return frame.reindex(columns=list(CHANGES))


def _stage_history(export: Export) -> pd.DataFrame:
    return _changes(export.text("deal_id"), export.moments("date_entered"), export.text("value"), None)


def _property_history(export: Export) -> pd.DataFrame:
    frame = _changes(export.text("deal_id"), export.moments("timestamp"), export.text("value"), None)
    return frame[(export.text("name") == "dealstage").fillna(False).to_numpy(bool)]


def _stages(exports: list[Export], deals: pd.DataFrame) -> pd.DataFrame | None:
    rows: list[dict[str, Any]] = []
    for export in exports:
        rows += _stages_of_pages(export) if export.has("stages") else _stages_of_table(export)
    known = {row["stage"] for row in rows}
    if set(deals["stage"].dropna()) & ({stage for stage, _, _ in DEFAULT_STAGES} - known):
        rows += [
            {
                "pipeline": "default",
                "stage": stage,
                "label": label,
                "order": i,
                "probability": p,
                "outcome": _outcome(p),
            }
            for i, (stage, label, p) in enumerate(DEFAULT_STAGES, 1)
        ]
    return pd.DataFrame(rows) if rows else None


def _outcome(probability: float) -> str:
    return {1.0: "won", 0.0: "lost"}.get(probability, "open")


def _stages_of_table(export: Export) -> list[dict[str, Any]]:
    closed, won = export.truths("is_closed"), export.truths("closed_won")
    probability, order = export.numbers("probability"), export.numbers("display_order")
    return [
        {"pipeline": pipeline, "stage": stage, "label": label, "order": o, "probability": p,
         "outcome": "open" if c is pd.NA or not c else "won" if w is not pd.NA and w else "lost"}
        for pipeline, stage, label, o, p, c, w in zip(
            export.text("pipeline_id"), export.text("stage_id"), export.text("label"), order, probability,
            closed, won, strict=True)
    ]  # fmt: skip


def _stages_of_pages(export: Export) -> list[dict[str, Any]]:
    rows = []
    for pipeline, text in zip(export.text("id"), export.text("stages"), strict=True):
        for stage in json.loads(text) if isinstance(text, str) else []:
            meta = stage.get("metadata", {})
            probability = float(meta["probability"]) if "probability" in meta else None
            closed = str(meta.get("isClosed", "")).lower() == "true"
            rows.append({
                "pipeline": pipeline, "stage": stage.get("id"), "label": stage.get("label"),
                "order": stage.get("displayOrder"),
                "probability": probability,
                "outcome": ("won" if probability == 1 else "lost") if closed else "open",
            })  # fmt: skip
    return rows


def _companies(export: Export) -> pd.DataFrame:
    return pd.DataFrame({
        "id": export.text("Record ID", "hs_object_id", "id"),
        "name": export.text("Company name", "name", "property_name"),
        "industry": export.text("Industry", "industry", "property_industry"),
        "region": export.text("Country/Region", "country", "property_country"),
        "parent": export.text("hs_parent_company_id", "Parent Company IDs"),
    })  # fmt: skip


def _without_merged(exports: list[Export], said: Extract) -> None:
    """A deal that was merged into another one is that other one; its own path is not spliced into it."""
    for export in exports:
        into = dict(zip(export.text("merged_deal_id"), export.text("deal_id"), strict=True))
        gone = said.deals["id"].isin(list(into))
        for id_ in said.deals["id"][gone]:
            said.said.append(f"deal {id_} was merged into {into[id_]}: left out")
        said.deals = said.deals[~gone]
        if said.changes is not None:
            said.changes = said.changes[~said.changes["id"].isin(list(into))]
