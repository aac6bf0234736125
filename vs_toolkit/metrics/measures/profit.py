"""Financial results: volume, discounts and the levels of profit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.measure import Measure, register

Value = Callable[[Facts], "pd.Series[float]"]
KEY = "costs of the unit are allocated in proportion to net sales below unit level"


def net_sales(facts: Facts) -> pd.Series[float]:
    """Net sales of the period."""
    return facts.total("sales", "net_sales")


def sales_margin(facts: Facts) -> pd.Series[float]:
    """Net sales less direct product cost."""
    return net_sales(facts) - facts.total("sales", "direct_cost")


def gross_margin(facts: Facts) -> pd.Series[float]:
    """Net sales less cost of goods sold."""
    return net_sales(facts) - facts.total("sales", "cost_of_goods")


def profit_contribution(facts: Facts) -> pd.Series[float]:
    """Gross margin less cost to serve."""
    return gross_margin(facts) - facts.total("sales", "cost_to_serve")


def operating_profit(facts: Facts) -> pd.Series[float]:
    """Profit contribution less operating expenses of the unit (EBIT)."""
    return profit_contribution(facts) - facts.overhead("operating_expenses")


def ebitda(facts: Facts) -> pd.Series[float]:
    """Operating profit before depreciation and amortisation."""
    return operating_profit(facts) + facts.overhead("depreciation")


def net_profit(facts: Facts) -> pd.Series[float]:
    """Operating profit less interest and tax."""
    return operating_profit(facts) - facts.overhead("interest") - facts.overhead("tax")


def discount_rate(facts: Facts) -> pd.Series[float]:
    """Discounts by list value: the rate of the sums, never the mean of rates."""
    return over(facts.total("sales", "discounted"), facts.total("sales", "listed"))


register(
    Measure(
        "net_sales",
        "Sales volume",
        "financial",
        "money",
        "higher",
        "x x x x",
        numerator="Net sales: list value less discounts and returns",
        denominator="",
        placed_by="month in which the sale is recognised",
        none_when="a month of the period is not covered by the table",
        of=net_sales,
    )
)
register(
    Measure(
        "discount_rate",
        "Discounts",
        "financial",
        "share",
        "lower",
        "x x x x",
        numerator="Discounts and price credits",
        denominator="list value of the same rows",
        placed_by="month in which the sale is recognised",
        none_when="list value is 0 or not known; a negative rate is a surcharge",
        of=discount_rate,
    )
)


def _profit(name: str, label: str, numerator: str, none_when: str, of: Value) -> None:
    """Register a level of profit in money and as a share of net sales."""

    def rate(facts: Facts) -> pd.Series[float]:
        return over(of(facts), net_sales(facts))

    amount = Measure(
        name,
        label,
        "financial",
        "money",
        "higher",
        "x (x) x (x)",
        numerator=numerator,
        denominator="",
        placed_by="month in which the sale is recognised",
        none_when=none_when,
        of=of,
    )
    register(amount)
    register(
        replace(
            amount,
            name=f"{name}_rate",
            label=f"{label}, % of sales",
            unit="share",
            denominator="net sales",
            none_when=f"net sales are not above 0, or {none_when}",
            of=rate,
        )
    )


_profit(
    "sales_margin",
    "Sales margin",
    "Net sales less direct product cost",
    "direct cost of any row is not known",
    sales_margin,
)
_profit(
    "gross_margin",
    "Gross margin",
    "Net sales less cost of goods sold (direct cost and allocated production overhead)",
    "direct cost of any row is not known",
    gross_margin,
)
_profit(
    "profit_contribution",
    "Profit contribution",
    "Gross margin less the customer's own cost (cost to serve)",
    "cost to serve of any row is not known",
    profit_contribution,
)
_profit(
    "operating_profit",
    "Operating profit (EBIT)",
    f"Profit contribution less operating expenses; {KEY}",
    "cost to serve or operating expenses are not known",
    operating_profit,
)
_profit(
    "ebitda",
    "EBITDA",
    f"Operating profit plus depreciation and amortisation; {KEY}",
    "depreciation is not known",
    ebitda,
)
_profit(
    "net_profit",
    "Net profit",
    f"Operating profit less interest and tax; {KEY}",
    "interest or tax is not known",
    net_profit,
)
