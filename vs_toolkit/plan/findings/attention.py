"""What calls for a decision, by topic."""

from __future__ import annotations

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import listed, money, number, number_of, percent
from vs_toolkit.plan import prospects
from vs_toolkit.plan.findings.relationship import MISMATCH, fit, robust
from vs_toolkit.plan.findings.wording import sentence
from vs_toolkit.plan.goals import without_action
from vs_toolkit.plan.study import CustomerPlan

YEAR_DAYS = 365
MUCH = 0.15  # effort in a box this much above its recommended share is a finding
VALUABLE = ("key", "important")


def alerts(plan: CustomerPlan) -> dict[str, str]:
    """Findings that call for a decision, by topic, the most serious first; a topic has at most one."""
    found = {
        "Plan": _untouched(plan),
        "Contacts": _narrow(plan),
        "Region": _region(plan),
        "Effort": _effort(plan),
        "Segment": robust(plan) if plan.robustness and plan.robustness.decisive else "",
        "White space": _space(plan),
        "Decision makers": _decision(plan),
        "Strategy": fit(plan) if plan.fit.kind in MISMATCH or plan.fit.follows is False else "",
        "Goals": _goals(plan),
        "Actions": _actions(plan),
    }
    return {topic: text for topic, text in found.items() if text}


def _untouched(plan: CustomerPlan) -> str:
    last = plan.updated[["Plan", "Goals", "Actions"]].max()
    if pd.isna(last) or (pd.Timestamp(plan.as_of) - last).days <= YEAR_DAYS:
        return ""
    months = (pd.Timestamp(plan.as_of) - last).days / (YEAR_DAYS / 12)
    return f"The plan has not been updated for {number(months)} months (last on {formats.day(last)})."


def _narrow(plan: CustomerPlan) -> str:
    functions = set(plan.persons["function"].dropna())
    if functions == {"purchasing"} and plan.strategy != "product":
        empty = len(plan.coverage.of_state("empty"))
        return (
            f"All {len(plan.persons)} contacts at this {plan.segment or 'valuable'} customer are in "
            f"purchasing; {plan.strategy} sales needs {number_of(empty, 'more position')}."
        )
    share = plan.coverage.share
    if share is not None and share < 0.5 and plan.segment in VALUABLE:
        return f"Only {percent(share, 0)} of the positions that {plan.strategy} sales needs are covered."
    return ""


def _region(plan: CustomerPlan) -> str:
    losing = plan.regions[plan.regions["contribution"] < 0]
    if losing.empty:
        return ""
    name, loss = losing.index[0], float(losing["contribution"].iloc[0])
    total = plan.regions["contribution"].sum(min_count=1)
    return (
        f"Sales in {name} lose {money(-loss, plan.currency)} a year after cost to serve, of "
        f"{money(float(total), plan.currency)} over all regions with known cost."
    )


def _effort(plan: CustomerPlan) -> str:
    boxes = plan.effort.boxes
    over = (boxes["share"] - boxes["recommended"])[[prospects.DROP, prospects.SECURE]]
    if not (over > MUCH).any():
        return ""
    box = str(over.idxmax())
    hours, share, recommended = plan.effort.of(box)
    return (
        f"{percent(share, 0)} of the selling effort of the last 12 months went into opportunities to {box} "
        f"({number_of(round(hours), 'hour')}; recommended: {percent(recommended, 0)})."
    )


def _space(plan: CustomerPlan) -> str:
    potential, pipeline = plan.space.potential, plan.pipeline
    if not potential or pipeline is None or potential <= pipeline:
        return ""
    return (
        f"White space of {money(potential, plan.space.currency)} a year exceeds the whole open pipeline of "
        f"{money(pipeline, plan.currency)}."
    )


def _decision(plan: CustomerPlan) -> str:
    found = plan.decision
    if not found.known:
        return ""
    parts = []
    if found.all_positive:
        parts.append(
            f"all {found.known} attitudes are positive: have the map checked, decisions have opponents"
        )
    if found.opponents:
        parts.append(f"influential opponent: {listed(found.opponents)}")
    if found.missing_roles:
        parts.append(f"no {listed(found.missing_roles, 4, 'or')} known")
    if found.single_threaded:
        parts.append(
            f"single-threaded: {number_of(found.lately_met, 'contact')} met within {plan.stale_days} days"
        )
    return sentence("; ".join(parts))


def _goals(plan: CustomerPlan) -> str:
    states = plan.goals["state"].value_counts()
    late = [f"{states[state]} {state}" for state in ("late", "behind", "not measured") if state in states]
    return f"Of {number_of(len(plan.goals), 'goal')}, {listed(late)}." if late else ""


def _actions(plan: CustomerPlan) -> str:
    todo = plan.actions[plan.actions["state"] != "done"]
    late, faulty = int((todo["state"] == "late").sum()), int((todo["fault"] != "").sum())
    alone = len(without_action(plan.goals, plan.actions))
    parts = [
        f"{late} late" if late else "",
        f"{faulty} without a clear owner" if faulty else "",
        f"{number_of(alone, 'goal')} without an action" if alone else "",
    ]
    parts = [part for part in parts if part]
    return f"Of {number_of(len(todo), 'open action')}: {listed(parts)}." if parts else ""
