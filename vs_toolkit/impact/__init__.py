"""Business impact: what a solution is worth to the customer (book, chapter 5)."""

from vs_toolkit.impact.assumptions import SCENARIOS, Assumption, Scenario, assumptions, scenario_values
from vs_toolkit.impact.benchmarks import benchmarks_from_results, check_claims, prefill, typically
from vs_toolkit.impact.frames import LABELS
from vs_toolkit.impact.investment import BusinessImpact, evaluate
from vs_toolkit.impact.pricing import PriceCorridor, price_corridor
from vs_toolkit.impact.realised import Fulfilment, annuity_to_come, fulfilment
from vs_toolkit.impact.register import assumption_register, verified_share
from vs_toolkit.impact.sharing import compare_schemes, takeover_value
from vs_toolkit.impact.simulation import MonteCarlo, monte_carlo
from vs_toolkit.impact.statement import Lines, lines
from vs_toolkit.impact.targeting import Targeting, levers
from vs_toolkit.impact.uncertainty import break_even, scenarios, tornado
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.reading import read_case

__all__ = [
    "LABELS",
    "SCENARIOS",
    "Assumption",
    "BusinessCase",
    "BusinessImpact",
    "Fulfilment",
    "Lines",
    "MonteCarlo",
    "PriceCorridor",
    "Scenario",
    "Targeting",
    "annuity_to_come",
    "assumption_register",
    "assumptions",
    "benchmarks_from_results",
    "break_even",
    "check_claims",
    "compare_schemes",
    "evaluate",
    "fulfilment",
    "levers",
    "lines",
    "monte_carlo",
    "prefill",
    "price_corridor",
    "read_case",
    "scenario_values",
    "scenarios",
    "takeover_value",
    "tornado",
    "typically",
    "verified_share",
]
