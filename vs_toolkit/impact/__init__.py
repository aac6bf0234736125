"""Business impact: what a solution is worth to the customer (book, chapter 5)."""

from vs_toolkit.impact.assumptions import SCENARIOS, Assumption, Scenario, assumptions, scenario_values
from vs_toolkit.impact.frames import LABELS
from vs_toolkit.impact.investment import BusinessImpact, evaluate
from vs_toolkit.impact.statement import Lines, lines
from vs_toolkit.inputs.case import BusinessCase
from vs_toolkit.inputs.case_file import read_case

__all__ = [
    "LABELS",
    "SCENARIOS",
    "Assumption",
    "BusinessCase",
    "BusinessImpact",
    "Lines",
    "Scenario",
    "assumptions",
    "evaluate",
    "lines",
    "read_case",
    "scenario_values",
]
