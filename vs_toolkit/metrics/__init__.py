"""Sales metrics: what sales brought and cost, by unit, team, person, segment and customer."""

from vs_toolkit.metrics import measures as measures
from vs_toolkit.metrics.book import Book, Terms
from vs_toolkit.metrics.facts import Facts
from vs_toolkit.metrics.formulas import (
    break_even_volume,
    cash_conversion_cycle,
    customer_retention,
    net_promoter_score,
    price_volume_joint,
    price_volume_mix,
    ratio,
    retention_by_tenure,
    revenue_retention,
    sales_velocity,
    usual_band,
    volume_split,
)
from vs_toolkit.metrics.measure import MEASURES, Measure, measure_named, register
from vs_toolkit.metrics.prepare import prepare

__all__ = [
    "MEASURES",
    "Book",
    "Facts",
    "Measure",
    "Terms",
    "break_even_volume",
    "cash_conversion_cycle",
    "customer_retention",
    "measure_named",
    "net_promoter_score",
    "prepare",
    "price_volume_joint",
    "price_volume_mix",
    "ratio",
    "register",
    "retention_by_tenure",
    "revenue_retention",
    "sales_velocity",
    "usual_band",
    "volume_split",
]
