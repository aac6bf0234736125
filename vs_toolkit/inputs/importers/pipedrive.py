"""Pipedrive: exported lists with headers in the user's language, pages of its interface, the log of field
changes.
"""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from vs_toolkit.inputs.importers.export import Export
from vs_toolkit.inputs.importers.registry import CHANGES, Extract, importer, joined, living, marks, outcomes

# one entry a field: the interface's name, then the exported headers by language (en, de, cs, fr, es)
WORDS: dict[str, tuple[str, ...]] = {
    "id": ("id", "Deal - ID", "Obchod - ID", "Affaire - ID", "Trato - ID", "Deal ID"),
    "name": ("title", "Deal - Title", "Deal - Titel", "Obchod - Název", "Affaire - Titre", "Trato - Título"),
    "amount": ("value", "Deal - Value", "Deal - Wert", "Obchod - Hodnota", "Affaire - Valeur",
    "Trato - Valor"),
    "currency": (
        "currency", "Deal - Currency of Value", "Deal - Currency", "Deal - Währung", "Deal - Wert-Währung",
        "Obchod - Měna", "Obchod - Měna pro Hodnota", "Affaire - Devise", "Trato - Moneda",
    ),
    "status": ("status", "Deal - Status", "Obchod - Stav", "Affaire - Statut", "Trato - Estado"),
    "stage": ("stage_id", "Deal - Stage", "Deal - Phase", "Obchod - Fáze", "Affaire - Étape",
    "Trato - Etapa"),
    "pipeline": ("pipeline_id", "Deal - Pipeline", "Obchod - Pipeline", "Affaire - Pipeline",
    "Trato - Embudo"),
    "customer": (
        "org_name", "Deal - Organization", "Deal - Organisation", "Obchod - Organizace",
        "Affaire - Organisation",
        "Trato - Organización",
    ),
    "customer_id": ("org_id", "Deal - Organization ID", "Deal - Organisations-ID"),
    "owner": (
        "owner_name", "Deal - Owner", "Deal - Besitzer", "Obchod - Vlastník", "Affaire - Propriétaire",
        "Trato - Propietario",
    ),
    "owner_id": ("user_id", "Deal - Owner ID"),
    "created": (
        "add_time", "Deal - Deal created", "Deal - Creation date", "Deal - Deal erstellt",
        "Obchod - Obchod vytvořen",
        "Affaire - Affaire créée", "Trato - Trato creado",
    ),
    "won": ("won_time", "Deal - Won time", "Deal - Gewonnen um", "Obchod - Čas výhry",
    "Affaire - Heure de gain"),
    "lost": ("lost_time", "Deal - Lost time", "Deal - Verloren um", "Obchod - Čas prohry",
    "Affaire - Heure de perte"),
    "closed": (
        "close_time", "Deal - Closed on", "Deal - Deal closed on", "Deal - Deal abgeschlossen am",
        "Obchod - Obchod uzavřen dne", "Affaire - Affaire conclue le",
    ),
    "expected": (
        "expected_close_date", "Deal - Expected close date", "Deal - Erwartetes Abschlussdatum",
        "Obchod - Očekávané datum uzavření", "Affaire - Date de clôture prévue",
        "Trato - Fecha prevista de cierre",
    ),
    "staged": ("stage_change_time", "Deal - Last stage change", "Deal - Letzte Phasenänderung"),
    "reason": ("lost_reason", "Deal - Lost reason", "Deal - Grund für Verlust", "Obchod - Důvod prohry"),
    "probability": ("probability", "Deal - Probability", "Deal - Wahrscheinlichkeit",
    "Obchod - Pravděpodobnost"),
    "deleted": ("deleted", "is_deleted"),
}  # fmt: skip
DELETED = ("deleted", "gelöscht", "smazáno", "supprimé", "eliminado")
OUTCOMES = {
    "won": "Won", "gewonnen": "Won", "vyhráno": "Won", "vyhraný": "Won", "gagné": "Won", "gagnée": "Won",
    "ganado": "Won",
    "lost": "Lost", "verloren": "Lost", "prohráno": "Lost", "prohraný": "Lost", "perdu": "Lost",
    "perdue": "Lost",
    "perdido": "Lost",
    **dict.fromkeys(("open", "offen", "otevřeno", "otevřený", "ouvert", "ouverte", "abierto"), ""),
    **dict.fromkeys(DELETED, ""),
}  # fmt: skip
HEADERS = tuple(word for words in WORDS.values() for word in words if "-" in word)


def _stage_column(export: Export) -> str:
    """The header may bear the name of the pipeline: ``Deal - Stage (Sales)``."""
    named = export.name_of(*WORDS["stage"])
    if named:
        return named
    starts = tuple(word for word in WORDS["stage"] if "-" in word)
    return next((str(name) for name in export.frame.columns if str(name).startswith(starts)), "")


def _knows(export: Export) -> int:
    own = marks(
        ("add_time", "stage_id", "status"),
        ("field_key", "old_value", "new_value"),
        ("pipeline_id", "order_nr", "name"),
    )
    listed = sum(bool(export.name_of(*[w for w in words if " - " in w])) for words in WORDS.values())
    return own(export) + (listed if listed > 1 else 0)


@importer("pipedrive", "Pipedrive", HEADERS, _knows, naive_is_utc=True)
def extract(exports: list[Export]) -> Extract:
    """Read deals, stages and the log of field changes."""
    said = Extract()
    stages = [export for export in exports if export.has("pipeline_id", "order_nr", "name")]
    logs = [export for export in exports if export.has("field_key", "new_value")]
    deals = [e for e in exports if e not in stages and e not in logs and e.name_of(*WORDS["name"])]
    said.stages = _stages(stages)
    read = joined(_deals(export, said) for export in deals)
    said.deals = said.deals if read is None else read
    changes = [_log(export) for export in logs]
    if changes:
        said.changes = pd.concat([*changes, _openings(changes, said.deals)], ignore_index=True)
    return said


def _deals(export: Export, said: Extract) -> pd.DataFrame:
    def take(name: str) -> pd.Series[Any]:
        return export.text(*WORDS[name])

    outcome = outcomes(export, said, take("status"), OUTCOMES)
    won = export.moments(*WORDS["won"]).fillna(export.moments(*WORDS["closed"]))
    lost = export.moments(*WORDS["lost"]).fillna(export.moments(*WORDS["closed"]))
    closed = won.where(outcome == "Won", lost.where(outcome == "Lost"))
    frame = pd.DataFrame({
        "id": take("id"),
        "name": take("name"),
        "customer_id": take("customer_id").map(_id,
        na_action="ignore").astype("str").fillna(take("customer")),
        "customer": take("customer"),
        "owner_id": take("owner_id").map(_id, na_action="ignore").astype("str").fillna(take("owner")),
        "owner": take("owner"),
        "pipeline": take("pipeline"),
        "stage": outcome.fillna(export.text(_stage_column(export) or "stage")),
        "amount": export.numbers(*WORDS["amount"]),
        "currency": take("currency"),
        "created": export.moments(*WORDS["created"]),
        "close": closed.fillna(export.moments(*WORDS["expected"])),
        "closed": outcome.notna(),
        "won": outcome == "Won",
        "probability": export.numbers(*WORDS["probability"]) / 100,
        "reason": take("reason"),
        "staged": closed.fillna(export.moments(*WORDS["staged"])),
    })  # fmt: skip
    gone = take("status").str.casefold().isin(DELETED) | export.truths(*WORDS["deleted"]).fillna(False)
    return living(export, frame, gone, said, "deals")


def _id(text: str) -> str:
    """Older pages give the owner or organisation as an object."""
    if not text.startswith("{"):
        return text
    held = json.loads(text)
    return str(held.get("id") or held.get("value") or text)


def _stages(exports: list[Export]) -> pd.DataFrame | None:
    return joined(
        pd.DataFrame({
            "pipeline": export.text("pipeline_id"),
            "stage": export.text("id"),
            "label": export.text("name"),
            "order": export.numbers("order_nr"),
            "probability": export.numbers("deal_probability") / 100,
            "outcome": "open",
        })
        for export in exports
    )  # fmt: skip


def _log(export: Export) -> pd.DataFrame:
    """Changes of stage and of status; the stage before the first change is the one at creation."""
    field = export.text("field_key")
    frame = pd.DataFrame({
        "id": export.text("item_id", "deal_id"),
        "at": export.moments("log_time", "timestamp", "change_time"),
        "stage": export.text("new_value"),
        "old": export.text("old_value"),
    })  # fmt: skip
    outcome = frame["stage"].str.casefold().map(OUTCOMES).astype("str")
    frame["stage"] = frame["stage"].where(field == "stage_id", outcome.mask(outcome == ""))
    frame["old"] = frame["old"].where(field == "stage_id")
    return frame[(field.isin(["stage_id", "status"]) & frame["stage"].notna()).to_numpy(bool)]


def _openings(logs: list[pd.DataFrame], deals: pd.DataFrame) -> pd.DataFrame:
    log = pd.concat(logs, ignore_index=True).dropna(subset="old")
    first = log.sort_values("at", kind="stable").drop_duplicates("id")
    return first.assign(stage=first["old"], at=pd.Timestamp("NaT")).reindex(columns=list(CHANGES))
