"""The customer plan: who the customer is to us, whom we know, what it needs, what we do next."""

from vs_toolkit.plan.indicators import margins, return_on_capital, roce, turnover, working_capital_days
from vs_toolkit.plan.strategy import strategy_fit

__all__ = ["margins", "return_on_capital", "roce", "strategy_fit", "turnover", "working_capital_days"]
