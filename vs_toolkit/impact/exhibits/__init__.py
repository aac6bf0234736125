"""The tables of a business-impact report: results named for the reader, nothing worked out anew."""

from vs_toolkit.impact.exhibits.capture import levers, next_steps, prices, realised, risks, schemes
from vs_toolkit.impact.exhibits.certainty import benchmarks, register, scenarios, sensitivity
from vs_toolkit.impact.exhibits.value import (
    TOTALS,
    base_and_new,
    cash_flow,
    change,
    effects,
    full_year,
    investment,
    statement,
    steps,
    year_steps,
)

__all__ = [
    "TOTALS",
    "base_and_new",
    "benchmarks",
    "cash_flow",
    "change",
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
