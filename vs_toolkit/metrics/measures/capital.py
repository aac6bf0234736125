"""Capital turnover, cash flow, EVA and customer equity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.formulas import YEAR, CashConversionCycle, cash_conversion_cycle
from vs_toolkit.metrics.measure import Measure, register
from vs_toolkit.metrics.measures.profit import KEY, net_sales, operating_profit

BALANCE_LEVELS = "x - x x"
MONTH_ENDS = "balances at the end of the month before the period and of its last month"


def cycle(facts: Facts) -> CashConversionCycle:
    """Days of working capital, on the average of opening and closing balance."""
    inventory, receivables, payables = (
        facts.average_balance(name) for name in ("inventory", "receivables", "payables")
    )
    cost_of_goods = facts.total("sales", "cost_of_goods")
    return cash_conversion_cycle(
        inventory, receivables, payables, net_sales(facts), cost_of_goods, facts.period.days
    )


def capital_turnover(facts: Facts) -> pd.Series[float]:
    """Net sales, brought to a year, by average capital."""
    average = (facts.capital("opening") + facts.capital("closing")) / 2
    return over(net_sales(facts) * YEAR / facts.period.days, average)


def working_capital(facts: Facts, at: str) -> pd.Series[float]:
    """Receivables and inventory less payables."""
    return facts.balance("receivables", "inventory", at=at) - facts.balance("payables", at=at)


def cash_flow(facts: Facts) -> pd.Series[float]:
    """Operating profit after tax, plus depreciation, less increase of working capital, less investment."""
    earned = operating_profit(facts) - facts.overhead("tax") + facts.overhead("depreciation")
    tied = working_capital(facts, "closing") - working_capital(facts, "opening")
    return earned - tied - facts.overhead("investment")


def nopat(facts: Facts) -> pd.Series[float]:
    """Operating profit after tax."""
    return operating_profit(facts) - facts.overhead("tax")


def eva(facts: Facts) -> pd.Series[float]:
    """Operating profit after tax, less the charge on opening capital for the days of the period."""
    return nopat(facts) - facts.terms.wacc * facts.period.days / YEAR * facts.capital("opening")


def eva_rate(facts: Facts) -> pd.Series[float]:
    """EVA as a rate on opening capital and per year."""
    return over(eva(facts), facts.capital("opening")) * YEAR / facts.period.days


def customer_equity(facts: Facts) -> pd.DataFrame:
    """Sum of the latest relationship NPVs at the end of the period; n counts the customers that have one."""
    placed = facts.book.placed["relationship_values"]
    known = placed.kept((placed.frame["valued_on"] <= facts.period.end).to_numpy(dtype=bool))
    latest = known.kept(~known.frame["customer_id"].duplicated(keep="last").to_numpy())
    member = latest.codes[facts.level]
    value = facts.by_member(member, latest.frame["npv"].to_numpy(dtype=float))
    n = facts.by_member(member, np.ones(len(member)))
    return pd.DataFrame({"value": value.where(n > 0), "n": n})


for _name, _label, _part, _balance, _divisor in (
    ("dso", "Receivables (DSO)", "dso", "receivables", "net sales per day"),
    ("dio", "Inventory (DIO)", "dio", "inventory", "cost of goods sold per day"),
    ("dpo", "Payables (DPO)", "dpo", "payables", "cost of goods sold per day"),
    ("cash_conversion_cycle", "Cash conversion cycle", "ccc", "", ""),
):
    register(
        Measure(
            _name,
            _label,
            "financial",
            "days",
            "" if _part == "dpo" else "lower",
            BALANCE_LEVELS,
            numerator=f"Average of opening and closing {_balance}" if _balance else "DSO + DIO − DPO",
            denominator=_divisor,
            placed_by=MONTH_ENDS,
            none_when="a balance is not known, or the divisor is not above 0",
            of=lambda facts, part=_part: getattr(cycle(facts), part),  # type: ignore[misc]
            counted="balances",
        )
    )
for _name, _label in (("receivables", "Receivables, net"), ("inventory", "Inventories")):
    register(
        Measure(
            _name,
            _label,
            "financial",
            "money",
            "lower",
            BALANCE_LEVELS,
            numerator=f"Closing balance of {_name}",
            denominator="",
            placed_by="end of the last month of the period",
            none_when="the balance is not known",
            of=lambda facts, name=_name: facts.balance(name),  # type: ignore[misc]
            counted="balances",
        )
    )
register(
    Measure(
        "capital_turnover",
        "Capital turnover",
        "financial",
        "turns a year",
        "higher",
        BALANCE_LEVELS,
        numerator="Net sales, brought to a year",
        denominator="average capital: receivables, inventory and other capital less payables",
        placed_by=MONTH_ENDS,
        none_when="capital is not above 0 or a balance is not known",
        of=capital_turnover,
        counted="balances",
    )
)
register(
    Measure(
        "cash_flow",
        "Cash flow",
        "financial",
        "money",
        "higher",
        "x (x) x x",
        numerator="Operating profit − tax + depreciation − increase of net working capital − investment; "
        + KEY,
        denominator="",
        placed_by="month of the sale; " + MONTH_ENDS,
        none_when="operating profit or a balance is not known",
        of=cash_flow,
    )
)
register(
    Measure(
        "eva",
        "Economic value added (EVA)",
        "financial",
        "money",
        "higher",
        "x - (x) (x)",
        numerator="Operating profit − tax − capital charge on opening capital; " + KEY,
        denominator="",
        placed_by="month of the sale; opening balance of the period",
        none_when="operating profit or an opening balance is not known",
        of=eva,
    )
)
register(
    Measure(
        "eva_rate",
        "EVA, % of capital a year",
        "financial",
        "share",
        "higher",
        "x - (x) (x)",
        numerator="EVA, brought to a year",
        denominator="opening capital",
        placed_by="month of the sale; opening balance of the period",
        none_when="opening capital is not above 0 or EVA is not known",
        of=eva_rate,
    )
)
register(
    Measure(
        "customer_equity",
        "Customer equity",
        "financial",
        "money",
        "higher",
        "x - x x",
        numerator="Sum of the latest relationship NPVs, expected case",
        denominator="",
        placed_by="day of the valuation; the latest one up to the end of the period",
        none_when="no customer is valued; customers without a valuation are counted, not taken as 0",
        of=customer_equity,
        counted="relationship_values",
        source="Rust, Lemon and Zeithaml, J. Marketing 68 (2004); book, chapter 9",
    )
)
