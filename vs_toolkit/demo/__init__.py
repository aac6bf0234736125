"""The example company: of any size, and with the truth that made it."""

from vs_toolkit.demo.histories import Histories, generate_histories
from vs_toolkit.demo.truth import (
    FUNNEL_TRUTH,
    STEADY_FUNNEL,
    VALUE_TRUTH,
    FunnelTruth,
    ValueTruth,
    true_hit_rates,
)
from vs_toolkit.demo.write import AS_OF, write_demo

__all__ = [
    "AS_OF",
    "FUNNEL_TRUTH",
    "STEADY_FUNNEL",
    "VALUE_TRUTH",
    "FunnelTruth",
    "Histories",
    "ValueTruth",
    "generate_histories",
    "true_hit_rates",
    "write_demo",
]
