"""Drawings for the report on a funnel: of its record, and of what it will bring."""

from vs_toolkit.funnel.charts.outlook import funnel, losses, money, orders, past_forecasts, value
from vs_toolkit.funnel.charts.record import (
    by_age,
    past_expectations,
    people,
    promises,
    reliability,
    shown,
    worth,
)

__all__ = [
    "by_age", "funnel", "losses", "money", "orders", "past_expectations", "past_forecasts", "people",
    "promises", "reliability", "shown", "value", "worth",
]  # fmt: skip
