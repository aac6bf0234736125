"""The stage map: which stage of the CRM is which status of ours. Proposed once, then the user's.

It is a CSV file of one row per (pipeline, stage): the status, its order, whether it is open, won or lost, and
the default probability. The import writes what it proposes; what the user changes there is applied next time,
and stages that are new are added below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError
from vs_toolkit.inputs.fields import Model, Share, Text
from vs_toolkit.inputs.importers.registry import Extract
from vs_toolkit.inputs.lookup import looked_up
from vs_toolkit.inputs.sources.delimited import read_delimited
from vs_toolkit.inputs.sources.raw import Wanted
from vs_toolkit.inputs.tables.validate import validate

WON = re.compile(
    r"(?:closed )?won\b|closed ?won|.*\bgewonnen\b|order received|auftrag erhalten|gagn|ganad", re.IGNORECASE
)
LOST = re.compile(
    r"(?:closed )?lost\b|closed ?lost|.*\bverloren\b|abgesagt|cancell?ed|no decision|disqualified|"
    r"perdu|perdid",
    re.IGNORECASE,
)
FILE, SEPARATOR = "_stages.csv", "\x1f"
EVEN = "default probabilities are not in the export: even steps were put in; replace them in the stage map"


class StageRow(Model):
    """One stage of the CRM and the status that it is taken as."""

    pipeline: Text | None = None
    stage: Text
    status: Text
    order: int
    outcome: Literal["open", "won", "lost"]
    nominal_probability: Share
    opportunities: int | None = None


def read_stages(path: Path) -> pd.DataFrame:
    """Read a stage map.

    Raises
    ------
    InputError
        With every problem, by line.
    """
    wanted = Wanted.of(StageRow.model_fields, ("stage", "status"))
    checked = validate(read_delimited(path.read_bytes(), "stages", path.name, wanted), StageRow)
    if checked.problems:
        raise InputError(row.problem for row in checked.problems)
    return checked.frame


def keys_of(extract: Extract) -> pd.DataFrame:
    """Every (pipeline, stage) that deals or changes bear, with what the rows say of it."""
    deals = extract.deals[["pipeline", "stage", "probability", "closed", "won", "id"]]
    frames = [deals]
    if extract.changes is not None and len(extract.changes):
        pipelines = deals.drop_duplicates("id").set_index("id")["pipeline"]
        changes = extract.changes.copy()
        changes[["closed", "won"]] = None
        changes["pipeline"] = changes["pipeline"].astype(object).fillna(changes["id"].map(pipelines))
        frames.append(changes[deals.columns])
    rows = pd.concat([frame.astype(object) for frame in frames], ignore_index=True).dropna(subset="stage")
    rows["pipeline"] = rows["pipeline"].fillna("").astype(str)
    return rows


def propose(extract: Extract, earlier: pd.DataFrame | None) -> tuple[pd.DataFrame, list[str]]:
    """Propose a status for every stage; what an earlier map says stays as it is. Also what to say about
    it.
    """
    rows = keys_of(extract)
    said: list[str] = []
    known = _known(extract)
    groups = rows.groupby(["pipeline", "stage"], sort=False)
    proposed = pd.DataFrame([_proposal(key, group, known) for key, group in groups])
    if proposed.empty:
        return pd.DataFrame(columns=list(StageRow.model_fields)), said
    proposed = _ordered(_named(proposed))
    if proposed["nominal_probability"].isna().any():
        said.append(EVEN)
        proposed = _even_steps(proposed)
    if earlier is not None:
        proposed = _kept(proposed, earlier, said)
    return proposed[list(StageRow.model_fields)].reset_index(drop=True), said


def _known(extract: Extract) -> dict[tuple[str, str], dict[str, Any]]:
    """Stages as the system lists them, by pipeline and stage, and by stage alone."""
    if extract.stages is None:
        return {}
    known: dict[tuple[str, str], dict[str, Any]] = {}
    for record in extract.stages.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        known[(str(row["pipeline"] or ""), str(row["stage"]))] = row
        known.setdefault(("", str(row["stage"])), row)
    return known


def _proposal(key: Any, group: pd.DataFrame, known: dict[tuple[str, str], dict[str, Any]]) -> dict[str, Any]:
    pipeline, stage = map(str, key)
    listed = known.get((pipeline, stage)) or known.get(("", stage)) or {}
    probability = listed.get("probability")
    if probability is None or probability != probability:
        stated = group["probability"].dropna().astype(float)
        probability = float(stated.mode().iloc[0]) if len(stated) else np.nan
    outcome = listed.get("outcome") or _outcome(stage, group)
    return {
        "pipeline": pipeline,
        "stage": stage,
        "status": str(listed.get("label") or stage),
        "place": listed.get("order", np.nan),
        "outcome": outcome,
        "nominal_probability": {"won": 1.0, "lost": 0.0}.get(
            outcome, min(max(probability, 0.0), 1.0) if probability == probability else np.nan
        ),
        "opportunities": int(group["id"].nunique()),
    }


def _outcome(stage: str, group: pd.DataFrame) -> str:
    closed, won = group["closed"].dropna(), group["won"].dropna()
    if len(closed) and closed.astype(bool).all():
        return "won" if len(won) and won.astype(bool).all() else "lost"
    if len(won) and won.astype(bool).all():
        return "won"
    if len(closed) and not closed.astype(bool).any() and not WON.match(stage) and not LOST.match(stage):
        return "open"
    return "won" if WON.match(stage) else "lost" if LOST.match(stage) else "open"


def _named(proposed: pd.DataFrame) -> pd.DataFrame:
    """Stages of the same name in two pipelines are two statuses, unless they close a deal."""
    same = proposed.groupby("status")["pipeline"].transform("nunique") > 1
    apart = same & (proposed["outcome"] == "open")
    named = proposed["pipeline"] + ": " + proposed["status"]
    return proposed.assign(status=proposed["status"].where(~apart, named))


def _ordered(proposed: pd.DataFrame) -> pd.DataFrame:
    last = proposed["outcome"].map({"open": 0, "won": 1, "lost": 2})
    sort = proposed.assign(last=last).sort_values(
        ["last", "pipeline", "place", "nominal_probability", "opportunities"],
        ascending=[True, True, True, True, False],
        kind="stable",
    )
    order = {status: i for i, status in enumerate(dict.fromkeys(sort["status"]), 1)}
    return sort.assign(order=sort["status"].map(order)).drop(columns=["last", "place"])


def _even_steps(proposed: pd.DataFrame) -> pd.DataFrame:
    statuses = list(dict.fromkeys(proposed.loc[proposed["outcome"] == "open", "status"]))
    even = {status: round(i / (len(statuses) + 1), 2) for i, status in enumerate(statuses, 1)}
    filled = proposed["nominal_probability"].fillna(proposed["status"].map(even))
    return proposed.assign(nominal_probability=filled)


def _kept(proposed: pd.DataFrame, earlier: pd.DataFrame, said: list[str]) -> pd.DataFrame:
    key = ["pipeline", "stage"]
    earlier = earlier.assign(pipeline=earlier["pipeline"].fillna("").astype(str))
    known = set(map(tuple, earlier[key].astype(str).values))
    fresh = proposed[[tuple(row) not in known for row in proposed[key].astype(str).values]]
    if len(fresh):
        said.append(
            f"{len(fresh)} stages are new in the stage map: {', '.join(fresh['stage'].astype(str).head(5))}"
        )
    counts = proposed.set_index(key)["opportunities"]
    earlier = earlier.assign(
        opportunities=[counts.get(tuple(row), 0) for row in earlier[key].astype(str).values]
    )
    return pd.concat([earlier, fresh], ignore_index=True)


def applied(stages: pd.DataFrame, pipeline: pd.Series[Any], stage: pd.Series[Any]) -> pd.Series[Any]:
    """Status of every (pipeline, stage)."""
    keys, known = (
        rows["pipeline"].astype("str").fillna("") + SEPARATOR + rows["stage"].astype("str")
        for rows in ({"pipeline": pipeline, "stage": stage}, stages)
    )
    return looked_up(keys, known, stages["status"].astype("str"))


def statuses_table(
    stages: pd.DataFrame, adopted: pd.DataFrame | None, columns: Iterable[str]
) -> pd.DataFrame:
    """Our table of statuses; what was adopted there before stays."""
    table = stages.sort_values("order", kind="stable").drop_duplicates("status")
    table = table[["status", "order", "outcome", "nominal_probability"]].copy()
    if adopted is not None:
        kept = [name for name in adopted.columns if name not in table or name == "status"]
        table = table.merge(adopted[kept], on="status", how="left")
    return table.reindex(columns=[name for name in columns if name in table])
