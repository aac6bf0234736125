"""Sentences for the report on a funnel: on its record, and on what it will bring."""

from vs_toolkit.funnel.findings.outlook import (
    causes,
    evidence,
    left_out,
    lost_reasons,
    money_flow,
    orders,
    past_forecasts,
    shape,
    standing_out,
    trend_effect,
    trends,
    value,
)
from vs_toolkit.funnel.findings.record import (
    CONTRADICTED,
    backtest,
    bias,
    by_age,
    by_age_note,
    cannot,
    closed_only,
    judged,
    names_of,
    people,
    promises,
    reliability,
    repairs,
    unsaid,
    worth,
)

__all__ = [
    "CONTRADICTED", "backtest", "bias", "by_age", "by_age_note", "cannot", "causes", "closed_only",
    "evidence", "judged", "left_out", "lost_reasons", "money_flow", "names_of", "orders", "past_forecasts",
    "people", "promises", "reliability", "repairs", "shape", "standing_out", "trend_effect", "trends",
    "unsaid", "value", "worth",
]  # fmt: skip
