"""What is not known, and what therefore cannot be said."""

from __future__ import annotations

from collections.abc import Iterator

from vs_toolkit import scoring
from vs_toolkit.formats import listed, number_of
from vs_toolkit.plan import prospects
from vs_toolkit.plan.study import CustomerPlan

NO_TABLE = {  # what cannot be said without a table -> sentence
    "plans": ("Plan", "No plan is written: strategy, segment and period are not known."),
    "contacts": ("Contacts", "No contacts are recorded: coverage and decision makers are not known."),
    "knowledge": ("Knowledge", "No questions about the customer are recorded."),
    "statements": ("Statements", "No statements are recorded: key indicators and their gaps are not known."),
    "sales": (
        "Sales",
        "No sales are recorded: revenue, profit contribution and money by class are not known.",
    ),
    "white_space": ("White space", "No white space is recorded: open potential is not known."),
    "goals": ("Goals", "No goals are recorded."),
    "actions": ("Actions", "No actions are recorded."),
    "situations": ("Trigger events", "No trigger events are recorded."),
    "process_options": ("Process innovation", "No candidates of process innovation are recorded."),
    "activities": ("Activities", "No activities are recorded: the effort by opportunity is not known."),
}
FOR_CUSTOMER = {
    "goals": ("Goals", "Your goals have not been recorded yet."),
    "actions": ("Joint actions", "No joint actions have been agreed yet."),
    "knowledge": ("Knowledge", "What you have told us about your plans has not been recorded yet."),
    "value_delivered": ("Delivered value", "No delivered value has been measured yet."),
}


def unknown(plan: CustomerPlan) -> dict[str, str]:
    """What the report could not say, and why, by topic."""
    absent = NO_TABLE if plan.internal else FOR_CUSTOMER
    found = {topic: [text] for name, (topic, text) in absent.items() if plan.table(name).empty}
    for topic, text in _unknown(plan) if plan.internal else ():
        found.setdefault(topic, []).append(text)
    return {topic: " ".join(texts) for topic, texts in found.items()}


def _unknown(plan: CustomerPlan) -> Iterator[tuple[str, str]]:
    missing = plan.index.missing
    if missing and plan.index.answers:
        titles = [plan.index.scale.leaves[name].element.title for name in missing]
        yield "Relationship value", f"Not answered in the relationship value index: {listed(titles)}."
    yield from _unknown_prospects(plan)
    if plan.customer.get("wacc") is None and not plan.table("statements").empty:
        yield (
            "Statements",
            "The customer's cost of capital is not known: no EVA, and no yearly worth of released capital.",
        )
    if plan.space.unknown:
        yield (
            "White space",
            f"The potential of {number_of(plan.space.unknown, 'white-space cell')} is not known.",
        )
    if len(plan.space.excess):
        yield (
            "White space",
            "In some white-space cells our sales exceed the customer's spend: one of the figures is wrong.",
        )
    if strange := strangers(plan):
        yield "Scores", f"Scores for unknown scales or elements are not used: {listed(strange)}."


def _unknown_prospects(plan: CustomerPlan) -> Iterator[tuple[str, str]]:
    if not plan.stages_known and len(plan.cases):
        yield "Opportunities", "No stages are recorded: every opportunity is taken as open."
    if unvalued := int(plan.open_cases["value"].isna().sum()):
        yield (
            "Opportunities",
            f"{number_of(unvalued, 'open opportunity has', 'open opportunities have')} no value.",
        )
    if unrated := int((plan.prospects["box"] == prospects.UNKNOWN).sum()):
        yield (
            "Opportunities",
            f"{number_of(unrated, 'open opportunity is', 'open opportunities are')} not evaluated.",
        )


def strangers(plan: CustomerPlan) -> list[str]:
    """Scales and elements in the table of scores that no scale knows."""
    pairs = plan.table("assessments")[["scale", "element"]].drop_duplicates()
    found = []
    for scale, element in zip(pairs["scale"], pairs["element"], strict=True):
        try:
            if element not in scoring.scale_named(scale).leaves:
                found.append(f"{scale}/{element}")
        except LookupError:
            found.append(str(scale))
    return list(dict.fromkeys(found))
