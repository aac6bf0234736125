"""Activity: visits and proposals, alone and beside the orders of the same opportunities."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.measure import Measure, register

OWN_DATE = "day of the activity"


def visits(facts: Facts) -> pd.Series[float]:
    """Customer visits in the period."""
    return facts.total("activities", "visit")


def proposals(facts: Facts) -> pd.Series[float]:
    """Proposals made in the period."""
    return facts.total("activities", "proposal")


def per_order(facts: Facts, kind: str) -> pd.DataFrame:
    """Activities on the opportunities decided in the period, whenever they took place, by those won."""
    won = facts.total("decided", "won")
    return pd.DataFrame({"value": over(facts.total("decided", f"{kind}s"), won), "n": won})


for _name, _label, _kind in (
    ("visits", "Customer visits", "visit"),
    ("proposals", "Proposals made", "proposal"),
):
    register(
        Measure(
            _name,
            _label,
            "activity",
            "",
            "",
            "x x x x",
            numerator=f"Number of activities that count as a {_kind}",
            denominator="",
            placed_by=OWN_DATE,
            none_when="activities are not recorded: a table that is absent is not 0",
            of=lambda facts, kind=_kind: facts.total("activities", kind),  # type: ignore[misc]
            counted="activities",
        )
    )
for _name, _label, _kind in (
    ("visits_per_order", "Visits per order", "visit"),
    ("proposals_per_order", "Proposals per order", "proposal"),
):
    register(
        Measure(
            _name,
            _label,
            "activity",
            "per order",
            "lower",
            "x x x x",
            numerator=f"{_kind.capitalize()}s on opportunities decided in the period, at any time",
            denominator="opportunities won among them",
            placed_by="day of the decision: activities and orders are those of the same opportunities",
            none_when="no order",
            of=lambda facts, kind=_kind: per_order(facts, kind),  # type: ignore[misc]
            counted="decided",
            minimum=5,
        )
    )
