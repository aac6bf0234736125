"""What a case is worth: the steps to its value, the statement, the cash flow and the investment view."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from vs_toolkit import finance, formats
from vs_toolkit.formats import money, percent
from vs_toolkit.impact import findings
from vs_toolkit.impact.frames import LABELS
from vs_toolkit.impact.investment import BusinessImpact
from vs_toolkit.impact.terms import size_of
from vs_toolkit.inputs.cases.business_case import BusinessCase, Effect

CHANGES = {  # for the better, and for the worse
    "volume": ("More volume", "Less volume"),
    "price": ("Better price", "Lower price"),
    "direct_cost": ("Lower direct cost", "Higher direct cost"),
    "indirect_cost": ("Lower indirect cost", "Higher indirect cost"),
    "inventory": ("Less inventory", "More inventory"),
    "work_in_process": ("Less work in process", "More work in process"),
    "receivables": ("Fewer receivables", "More receivables"),
    "payables": ("More payables", "Fewer payables"),
    "fixed_assets": ("Fewer fixed assets", "More fixed assets"),
}
TOTALS = tuple(LABELS[line] for line in ("operating_profit", "nopat", "eva", "capital_employed"))
BRIDGE_LINES = (
    "revenue", "direct_costs", "indirect_costs", "costs_of_change", "provider_price", "depreciation",
    "disposals", "tax", "capital_charge",
)  # fmt: skip
MOST_YEARS = 8
MOST_STEPS = 8


def steps(case: BusinessCase, impact: BusinessImpact) -> pd.Series[float]:
    """Present value by item under its name, the smallest ones together: the steps to the NPV."""
    names = {effect.id: effect.name for effect in case.effects} | {
        spend.id: spend.name for spend in case.spends
    }
    values = impact.contributions[impact.contributions != 0]
    named = values.rename(index=names | {"tax": "Tax"})
    small = named.abs().sort_values(kind="stable").index[: max(0, len(named) - MOST_STEPS)]
    rest = pd.Series({f"{len(small)} smaller steps": named[small].sum()})
    return pd.concat([named.drop(small), rest]) if len(small) > 1 else named


def full_year(impact: BusinessImpact) -> int:
    """Last year before the horizon, when effects have ramped up and nothing is released yet."""
    return max(1, int(impact.eva.index.max()) - 1)


def year_steps(impact: BusinessImpact, year: int) -> pd.Series[float]:
    """Difference per line of one year; the steps add up to the profit after the charge for capital."""
    difference = impact.statement["difference"].xs(year, level="year").reindex([*BRIDGE_LINES])
    changed: pd.Series[float] = difference[difference != 0].rename(index=LABELS)
    return changed


def effects(case: BusinessCase, impact: BusinessImpact) -> pd.DataFrame:
    """Each effect: what it changes, why, how big it is when it has ramped up, and what it is worth today."""
    rows = {
        effect.name: {
            "Changes": change(effect, impact),
            "Because": " → ".join(part for part in (effect.feature, effect.benefit) if part) or None,
            "In full": _in_full(effect, case),
            "Present value": money(float(impact.contributions[effect.id]), case.currency),
        }
        for effect in case.effects
    }
    return pd.DataFrame.from_dict(rows, orient="index").dropna(axis=1, how="all").rename_axis("Effect")


def change(effect: Effect, impact: BusinessImpact) -> str:
    """What an effect does to its line, for the better or for the worse."""
    better, worse = CHANGES[effect.line]
    return better if impact.contributions[effect.id] >= 0 else worse


def _in_full(effect: Effect, case: BusinessCase) -> str:
    if effect.by_year is not None:
        return "by year"
    how = "once" if effect.category == "capital" else "a year"
    return f"{money(float(size_of(effect, case, {})), case.currency)} {how}"


def statement(impact: BusinessImpact) -> pd.DataFrame:
    """Difference per line and year, without the lines that never change; amounts in currency."""
    table = impact.statement["difference"].unstack("line")[list(LABELS)].T
    shown = table[(table != 0).any(axis=1) | table.index.isin(["operating_profit", "eva"])]
    return _years(_without_tax(shown).rename(index=LABELS).rename_axis("Difference"))


def base_and_new(impact: BusinessImpact, year: int) -> pd.DataFrame:
    """Base, new and difference of one year, for the lines that are known at base or change."""
    table = impact.statement.loc[[year]].droplevel("year").reindex(list(LABELS))
    known = table[(table["difference"] != 0) | (table["base"].fillna(0) != 0)]
    named = _without_tax(known).rename(index=LABELS, columns=str.capitalize)
    return named.rename_axis(f"Year {year}")


def _without_tax(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the profit after tax where there is no tax: it would only repeat the line above."""
    return table if "tax" in table.index else table.drop(index="nopat", errors="ignore")


def cash_flow(impact: BusinessImpact, wacc: float) -> pd.DataFrame:
    """From profit to cash by year, with running totals; amounts in currency."""
    difference = impact.statement["difference"].unstack("line")
    capital = -difference["capital_employed"].diff().fillna(difference["capital_employed"])
    flow = difference["nopat"] + capital
    present = impact.cash_flows * finance.discount_factors(
        _per_period(impact, wacc), len(impact.cash_flows) - 1
    )
    rows = {
        "Operating profit after tax": difference["nopat"],
        "Capital set free (+) or tied up (−)": capital,
        "Cash flow": flow,
        "Running total": flow.cumsum(),
        "Running total, discounted": _to_years(present, impact).cumsum(),
    }
    return _years(pd.DataFrame(rows).T.rename_axis("Cash flow"))


def _per_period(impact: BusinessImpact, wacc: float) -> float:
    return finance.convert_rate(wacc, 1 / 12) if impact.period == "month" else wacc


def _to_years(flows: pd.Series[float], impact: BusinessImpact) -> pd.Series[float]:
    per_year = 12 if impact.period == "month" else 1
    return flows.groupby(-(-flows.index.to_numpy() // per_year)).sum()


def _years(table: pd.DataFrame) -> pd.DataFrame:
    """Name the years; of a long horizon show the first ones and the last."""
    count = len(table.columns)
    kept = range(count) if count <= MOST_YEARS else [*range(MOST_YEARS - 2), count // 2 + 3, count - 1]
    shown = table.iloc[:, sorted(set(kept) & set(range(count)))]
    return shown.set_axis([f"Year {year}" for year in shown.columns], axis=1)


def investment(impact: BusinessImpact, wacc: float) -> pd.DataFrame:
    """Measures of the investment view, each with its value and what it says."""
    rate, amount = percent(wacc), _in_units(impact.currency)
    index = formats.number(impact.profitability_index, 2)
    rows = {
        "Present value of benefits": (amount(impact.pv_benefits), f"after tax, at {rate} a year"),
        "Present value of costs": (amount(impact.pv_costs), "what the customer spends, price included"),
        "Net present value": (amount(impact.npv), "benefits less costs, in money of today"),
        "Return on investment": (percent(impact.roi, 0), "net present value over present value of costs"),
        "Internal rate of return": (findings.return_found(impact), "rate at which the value is zero"),
        "Modified rate of return": (percent(impact.mirr), f"with money lent and borrowed at {rate}"),
        "Profitability index": (index, "value per unit of money put up"),
        "Payback": (findings.time_back(impact), "until the running total stays above zero"),
        "Payback with interest": (findings.time_back(impact, discounted=True), "the same, discounted"),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["Value", "What it is"])
    return table.rename_axis("Measure")


def _in_units(currency: str) -> Callable[[float], str]:
    return lambda value: f"{formats.number(value)} {currency}"
