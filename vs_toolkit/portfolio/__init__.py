"""The customer base as an asset: who makes the profit, how risky it is, how far it is from the ideal."""

from vs_toolkit.portfolio.base import customer_base
from vs_toolkit.portfolio.concentration import Concentration, concentration, symmetry
from vs_toolkit.portfolio.costing import Margin, customer_margin, rates
from vs_toolkit.portfolio.risk import Weights, correlation, minimum_variance, risks, tangency
from vs_toolkit.portfolio.whale import Whale, whale

__all__ = [
    "Concentration", "Margin", "Weights", "Whale", "concentration", "correlation", "customer_base",
    "customer_margin", "minimum_variance", "rates", "risks", "symmetry", "tangency", "whale",
]  # fmt: skip
