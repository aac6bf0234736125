"""Tables for the report on a funnel: of its record, and of what it will bring."""

from vs_toolkit.funnel.exhibits.outlook import (
    ACCURACY_NOTE,
    TOGETHER,
    accuracy,
    by_expected_month,
    faults,
    forecast,
    leads,
    money_by_quarter,
    past,
    standing_out,
    steps,
    to_do,
    trend_effect,
    units,
)
from vs_toolkit.funnel.exhibits.record import (
    UNITS,
    by_age,
    by_group,
    by_status_and_age,
    hit_rates,
    orders,
    people,
    repairs,
    scores,
)

__all__ = [
    "ACCURACY_NOTE", "TOGETHER", "UNITS", "accuracy", "by_age", "by_expected_month", "by_group",
    "by_status_and_age", "faults", "forecast", "hit_rates", "leads", "money_by_quarter", "orders", "past",
    "people", "repairs", "scores", "standing_out", "steps", "to_do", "trend_effect", "units",
]  # fmt: skip
