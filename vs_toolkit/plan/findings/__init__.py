"""What the plan says, in sentences that hold for every customer and every gap; chart titles among them."""

from vs_toolkit.plan.findings.attention import alerts
from vs_toolkit.plan.findings.blocks import (
    candidates,
    conflicts,
    coverage,
    coverage_next,
    decision,
    decision_next,
    delivered,
    effort,
    effort_next,
    gaps,
    gaps_next,
    goals,
    knowledge,
    knowledge_next,
    lift,
    matrix,
    movers,
    space,
    space_next,
)
from vs_toolkit.plan.findings.changes import changes
from vs_toolkit.plan.findings.missing import unknown
from vs_toolkit.plan.findings.relationship import fit, index, money_classes, robust

__all__ = [
    "alerts",
    "candidates",
    "changes",
    "conflicts",
    "coverage",
    "coverage_next",
    "decision",
    "decision_next",
    "delivered",
    "effort",
    "effort_next",
    "fit",
    "gaps",
    "gaps_next",
    "goals",
    "index",
    "knowledge",
    "knowledge_next",
    "lift",
    "matrix",
    "money_classes",
    "movers",
    "robust",
    "space",
    "space_next",
    "unknown",
]
