"""The tables of a business-impact report: results named for the reader, nothing worked out anew."""

from vs_toolkit.impact.exhibits.capture import levers, next_steps, prices, realised, risks, schemes
from vs_toolkit.impact.exhibits.certainty import benchmarks, register, scenarios, sensitivity
from vs_toolkit.impact.exhibits.value import (
    CHANGES,
    TOTALS,
    base_and_new,
    cash_flow,
    effects,
    full_year,
    investment,
    statement,
    steps,
    year_steps,
)

__all__ = [
    "CHANGES",
    "TOTALS",
    "base_and_new",
    "benchmarks",
    "cash_flow",
    "effects",
    "full_year",
    "investment",
    "levers",
    "next_steps",
    "prices",
    "realised",
    "register",
    "risks",
    "scenarios",
    "schemes",
    "sensitivity",
    "statement",
    "steps",
    "year_steps",
]
