"""First page and last words of the plan, in both editions."""

from __future__ import annotations

from vs_toolkit import formats
from vs_toolkit.formats import MISSING, listed, money, number, number_of, percent
from vs_toolkit.plan import findings
from vs_toolkit.plan.findings.wording import sentence, with_article
from vs_toolkit.plan.knowledge import months_between
from vs_toolkit.plan.study import CustomerPlan

Tile = tuple[str, str, str]
Figure = tuple[float | None, str, str]
OLD = 12  # months


def subject(plan: CustomerPlan) -> tuple[str, ...]:
    """Whom the plan is about, who owns it, and from which day."""
    as_of = f"as of {formats.day(plan.as_of)}"
    if not plan.internal:
        return str(plan.customer.get("industry") or ""), as_of
    owner = plan.named(plan.plan.get("owner_id") or plan.customer.get("owner_id"))
    facts = (plan.customer.get("industry"), plan.customer.get("region"), owner and f"owner {owner}", as_of)
    return tuple(str(fact) for fact in facts if fact)


def lead(plan: CustomerPlan) -> str:
    """The verdict in one sentence."""
    if not plan.internal:
        return f"{_joint(plan)}."
    alerts = findings.alerts(plan)
    status = _status(plan)
    if not alerts:
        return f"{plan.name} is {_what(plan)}; {status}."
    first = next(iter(alerts.values()))
    return f"{plan.name} is {_what(plan)}; {status}. {first}"


def _what(plan: CustomerPlan) -> str:
    if plan.index.value is None:
        return "a customer whose relationship value is not known"
    return f"{with_article(plan.segment)} customer ({number(plan.index.value)} of 100)"


def _status(plan: CustomerPlan) -> str:
    if plan.goals.empty and plan.actions.empty:
        return "no plan with goals or actions is recorded"
    late = int((plan.goals["state"].isin(["late", "behind"])).sum())
    overdue = int((plan.actions["state"] == "late").sum())
    if not late and not overdue:
        return "the plan is on track"
    parts = [
        f"{late} of {number_of(len(plan.goals), 'goal')} late or behind" if late else "",
        f"{number_of(overdue, 'action')} overdue" if overdue else "",
    ]
    return f"the plan is not on track, with {listed(part for part in parts if part)}"


def _joint(plan: CustomerPlan) -> str:
    if plan.goals.empty and plan.actions.empty:
        return f"Goals and joint actions with {plan.name} are to be confirmed together"
    todo = int((plan.actions["state"] != "done").sum())
    state = findings.goals(plan)
    return f"Joint plan with {plan.name}: {state}, {number_of(todo, 'joint action')} still to do"


def tiles(plan: CustomerPlan) -> tuple[Tile, ...]:
    """Four figures, each with what it is compared with."""
    value = plan.delivered
    realised: Tile = (
        "Value realised",
        percent(value.rate, 0),
        f"of {money(value.promised, value.currency)} promised" if value.rate is not None else "not measured",
    )
    if not plan.internal:
        return (_goals_tile(plan), _actions_tile(plan), realised)
    return (_index_tile(plan), _space_tile(plan), _pipeline_tile(plan), _goals_tile(plan))


def _index_tile(plan: CustomerPlan) -> Tile:
    before, now = plan.compared(lambda one: one.index.value)
    was = "" if before is None else f"; {number(before)} at the last review"
    note = f"{percent(plan.index.coverage, 0)} of the weight answered{was}"
    return f"Relationship value ({plan.segment or 'no segment'})", number(now), note


def _space_tile(plan: CustomerPlan) -> Tile:
    share = plan.customer_share
    note = "customer share not known" if share is None else f"a year; customer share {percent(share, 0)}"
    return "White space", money(plan.space.potential, plan.space.currency), note


def _pipeline_tile(plan: CustomerPlan) -> Tile:
    count = number_of(len(plan.open_cases), "open opportunity", "open opportunities")
    return "Open pipeline", money(plan.pipeline, plan.currency), count


def _goals_tile(plan: CustomerPlan) -> Tile:
    if plan.goals.empty:
        return "Goals", MISSING, "none recorded"
    good = int(plan.goals["state"].isin(["done", "on track"]).sum())
    return "Goals done or on track", f"{good} of {len(plan.goals)}", _states(plan)


def _states(plan: CustomerPlan) -> str:
    counts = plan.goals["state"].value_counts()
    return ", ".join(f"{count} {state}" for state, count in counts.items())


def _actions_tile(plan: CustomerPlan) -> Tile:
    done = int((plan.actions["state"] == "done").sum())
    return "Joint actions done", f"{done} of {len(plan.actions)}", "" if len(plan.actions) else "none agreed"


def who(plan: CustomerPlan) -> tuple[str, ...]:
    """Who the customer is to us besides value and money, a line each: segment, strategy, value delivered."""
    lines = (findings.robust(plan), findings.fit(plan), findings.delivered(plan))
    said = findings.alerts(plan).values()
    return tuple(line for line in lines if line and line not in said)


def ages(plan: CustomerPlan) -> str:
    """Age of every section, from its newest entry; not for the customer."""
    if not plan.internal:
        return ""
    parts = []
    for section, newest in plan.updated.items():
        months = months_between(newest, plan.as_of)
        age = "none" if months != months else number_of(round(months), "month")
        parts.append(f"{str(section).lower()} {age}{' (old)' if months > OLD else ''}")
    return f"Age of the newest entry: {', '.join(parts)}."


def meaning(plan: CustomerPlan) -> tuple[str, ...]:
    """What follows from each block."""
    if not plan.internal:
        return ()
    found = (
        findings.coverage_next(plan),
        findings.decision_next(plan),
        findings.gaps_next(plan),
        findings.candidates(plan),
        findings.space_next(plan),
        findings.effort_next(plan),
    )
    return tuple(sentence(text.removeprefix("Next: ")) for text in found if text)


def decision(plan: CustomerPlan) -> str:
    """What the review has to decide."""
    alerts = findings.alerts(plan)
    if not plan.internal:
        return "To be confirmed together: goals, dates and owners of the joint actions."
    if not alerts:
        return "Decision required: confirm the plan for the next period."
    topics = listed((topic.lower() for topic in alerts), 4)
    return f"Decision required: what to do about {topics}."


def key_figures(plan: CustomerPlan) -> dict[str, Figure]:
    """The figures by which reports are compared: name -> (value, unit, label)."""
    goals = float(plan.goals["state"].isin(["done", "on track"]).mean()) if len(plan.goals) else None
    shared: dict[str, Figure] = {
        "goals_on_track": (goals, "share", "Goals done or on track"),
        "value_realised": (plan.delivered.rate, "share", "Value realised"),
    }
    if not plan.internal:
        return shared
    return {
        "relationship_value": (plan.index.value, "", "Relationship value"),
        "answered": (plan.index.coverage, "share", "Relationship value, weight answered"),
        "customer_share": (plan.customer_share, "share", "Customer share"),
        "white_space": (plan.space.potential, plan.space.currency or plan.currency, "White space a year"),
        "pipeline": (plan.pipeline, plan.currency, "Open pipeline"),
        "covered": (plan.coverage.share, "share", "Needed contacts covered"),
        **shared,
        "findings": (float(len(findings.alerts(plan))), "", "Findings that need attention"),
    }
