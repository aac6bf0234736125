"""What a case is worth: benefits, cash flow by item, statement and investment view."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vs_toolkit.formats import percent
from vs_toolkit.impact.items import item_names, run_rate
from vs_toolkit.impact.lines import LABELS
from vs_toolkit.impact.returns import ABSURD
from vs_toolkit.impact.study import Study
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.effects import Effect
from vs_toolkit.tables import Column, Table

TOTALS = tuple(LABELS[line] for line in ("operating_profit", "nopat", "eva", "capital_employed"))
BRIDGE_LINES = (
    "revenue", "direct_costs", "indirect_costs", "costs_of_change", "provider_price", "depreciation",
    "disposals", "tax", "terminal_value", "capital_charge",
)  # fmt: skip
LINES = {
    "volume": "Volume",
    "price": "Price",
    "direct_cost": "Direct cost",
    "indirect_cost": "Indirect cost",
    "inventory": "Inventory",
    "work_in_process": "Work in process",
    "receivables": "Receivables",
    "payables": "Payables",
    "fixed_assets": "Fixed assets",
}
ALWAYS = ("Internal rate of return (IRR)", "Payback", "Discounted payback", "Return on investment (ROI)")
Measure = tuple[str, float | None, str, str]
MOST_YEARS = 8
MOST_STEPS = 8
RUN_RATE_NOTE = (
    "Run rate: per year after ramp-up, of a list of years the last; for capital, the level released, which "
    "reverses at the horizon."
)
RISK_NOTE = " Risk-adjusted: lowered by the risk adjustment of the line."
SOFT_NOTE = " Soft savings free capacity; they are cash only if the capacity is used or given up."


def steps(study: Study) -> pd.Series[float]:
    """Present value by item under its name, the smallest ones together: the steps to the base-case NPV."""
    values = study.item_cash["present_value"]
    named = values[values != 0].rename(index=item_names(study.case))
    small = named.abs().sort_values(kind="stable").index[: max(0, len(named) - MOST_STEPS)]
    rest = pd.Series({f"{len(small)} smaller items": named[small].sum()})
    return pd.concat([named.drop(small), rest]) if len(small) > 1 else named


def year_steps(study: Study) -> pd.Series[float]:
    """Difference per line in the last full year; the steps add up to the EVA."""
    difference = study.base.statement["difference"].xs(study.full_year, level="year")
    known = difference.reindex([line for line in BRIDGE_LINES if line in difference.index])
    changed: pd.Series[float] = known[known != 0].rename(index=LABELS)
    return changed


def benefits(study: Study) -> Table:
    """Each effect: its line, run rate before and after risk, hard or soft, and present value."""
    case = study.case
    frame = pd.DataFrame([_benefit(effect, study) for effect in case.effects])
    frame.index = pd.Index([effect.name for effect in case.effects], name="Effect")
    adjusted = any(effect.risk for effect in case.effects)
    soft = any(effect.cash == "soft" for effect in case.effects)
    columns = [
        Column("Line", "line"),
        *([Column("Why", "why")] if frame["why"].notna().any() else []),
        *(
            [Column("Before risk", "raw"), Column("Risk adjustment", "risk", "share", digits=0)]
            if adjusted
            else []
        ),
        *([Column("Reason", "reason")] if adjusted else []),
        Column("Risk-adjusted run rate" if adjusted else "Run rate", "size"),
        *([Column("Saving", "cash")] if soft else []),
        Column("Present value", "worth"),
    ]
    note = RUN_RATE_NOTE + (RISK_NOTE if adjusted else "") + (SOFT_NOTE if soft else "")
    return Table(frame, tuple(columns), "Benefits" + (" after risk adjustment" if adjusted else ""), note,
                 scaled=case.currency)  # fmt: skip


def _benefit(effect: Effect, study: Study) -> dict[str, object]:
    size = run_rate(effect, study.case)
    return {
        "line": LINES[effect.line],
        "why": " → ".join(part for part in (effect.feature, effect.benefit) if part) or None,
        "raw": size.raw,
        "risk": effect.risk.adjustment if effect.risk else np.nan,
        "reason": effect.risk.reason if effect.risk else None,
        "size": size.adjusted,
        "cash": effect.cash,
        "worth": float(study.base.contributions[effect.id]),
    }


def cash_summary(study: Study) -> Table:
    """One page of cash by benefit and cost and year, with totals and present values; in currency."""
    cash, names = study.item_cash, item_names(study.case)
    worth, plain = cash["present_value"], cash.index != "tax"
    good, bad, tax = cash[plain & (worth >= 0)], cash[plain & (worth < 0)], cash[~plain]
    parts = [
        good.rename(index=names), _total("Total benefits", good), bad.rename(index=names),
        _total("Total costs", bad), tax.rename(index=names), _total("Net cash flow", cash),
    ]  # fmt: skip
    frame = pd.concat(parts).rename_axis("Cash flow")
    years = frame.drop(columns="present_value")
    running = years.loc[["Net cash flow"]].cumsum(axis=1).set_axis(["Cumulative cash flow"])
    shown = _years(pd.concat([years, running])).assign(
        Total=pd.concat([years, running]).sum(axis=1), **{"Present value": frame["present_value"]}
    )
    shown.loc["Cumulative cash flow", "Total"] = np.nan
    return Table(
        shown.rename_axis("Cash flow"),
        caption="Cash-flow summary",
        note=convention(study),
        strong=("Total benefits", "Total costs", "Net cash flow"),
        scaled=study.currency,
    )


def _total(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sum().to_frame(name).T


def convention(study: Study) -> str:
    """Where amounts fall in time, and at what rate they are discounted."""
    case = study.case
    place = "in the middle of" if case.mid_period else "at the end of"
    dated = "One-off payments and capital fall in their month"
    tax = " Tax is paid one year later." if case.tax and case.tax.paid == "next_year" else ""
    rates = cost_of_capital(case)
    return f"{dated}; recurring amounts {place} each {case.period}. Discounted at {rates} a year.{tax}"


def cost_of_capital(case: BusinessCase) -> str:
    """Write the rate, or those of years 1, 2, ... where it changes."""
    *first, last = (percent(rate) for rate in case.wacc_by_year or (case.customer_wacc,))
    return f"{', '.join(first)}, then {last}" if first else last


def statement(study: Study) -> Table:
    """Difference per line and year, without the lines that never change."""
    unstacked = study.base.statement["difference"].unstack("line")
    table = unstacked[[line for line in LABELS if line in unstacked]].T
    shown = table[(table != 0).any(axis=1) | table.index.isin(["operating_profit", "eva"])]
    frame = _years(_without_tax(shown).rename(index=LABELS).rename_axis("Difference"))
    return Table(frame, caption="Change in income statement and balance sheet", strong=TOTALS,
                 scaled=study.currency)  # fmt: skip


def base_and_new(study: Study) -> Table:
    """Base, new and difference of the last full year, for the lines that are known at base or change."""
    year = study.full_year
    table = study.base.statement.loc[[year]].droplevel("year")
    ordered = table.reindex([line for line in LABELS if line in table.index])
    known = ordered[(ordered["difference"] != 0) | (ordered["base"].fillna(0) != 0)]
    if study.case.baseline is None:
        return Table(known.iloc[:0])
    named = _without_tax(known).rename(index=LABELS, columns=str.capitalize).rename_axis(f"Year {year}")
    return Table(named, caption=f"Base and new in year {year}", strong=TOTALS, scaled=study.currency)


def _without_tax(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the profit after tax where there is no tax: it would only repeat the line above."""
    return table if "tax" in table.index else table.drop(index="nopat", errors="ignore")


def _years(table: pd.DataFrame) -> pd.DataFrame:
    """Name the years; of a long horizon show the first ones and the last."""
    count = len(table.columns)
    kept = range(count) if count <= MOST_YEARS else [*range(MOST_YEARS - 2), count // 2 + 3, count - 1]
    shown = table.iloc[:, sorted(set(kept) & set(range(count)))]
    return shown.set_axis([f"Year {year}" if year else "Initial" for year in map(int, shown.columns)], axis=1)


def investment(study: Study) -> Table:
    """Measures of the investment view, each with its value and what it says."""
    rows = [row for row in (*_worth(study), *_returns(study)) if row[1] is not None or row[0] in ALWAYS]
    frame = pd.DataFrame(rows, columns=["Measure", "value", "unit", "meaning"]).set_index("Measure")
    frame["value"] = frame["value"].astype(float)
    columns = Column("Value", "value", unit_from="unit"), Column("Meaning", "meaning")
    return Table(frame, columns, "Investment measures")


def _worth(study: Study) -> Iterator[Measure]:
    impact, unit = study.base, study.currency
    yield "Present value of benefits", impact.pv_benefits, unit, "before tax"
    yield "Present value of costs", impact.pv_costs, unit, "before tax, price included"
    if study.case.tax:
        yield "Present value of tax", impact.pv_tax, unit, "negative is paid"
    rate = cost_of_capital(study.case)
    yield "Net present value (NPV), base case", impact.npv, unit, f"at {rate} a year"
    if study.simulation.uncertain:
        yield "NPV, mean of simulations", study.simulation.mean, unit, "expected value over all simulations"
    yield "Peak funding", impact.peak_funding, unit, "lowest cumulative cash flow"


def _other_roots(study: Study) -> str:
    """Name the roots that are no rate at which anybody invests or borrows."""
    others = study.base.rate.others
    named = [f"over {percent(ABSURD, 0)}" if root > ABSURD else percent(root, 0) for root in others]
    return (
        f"; the NPV is also zero at {', '.join(dict.fromkeys(named))}, which is not meaningful"
        if named
        else ""
    )


def _returns(study: Study) -> Iterator[Measure]:
    impact, rate = study.base, cost_of_capital(study.case)
    yield "Return on investment (ROI)", impact.roi, "share", "NPV over present value of costs"
    if impact.rate.kind == "cost of money":
        meaning = f"like a loan at this rate; compare with {rate}{_other_roots(study)}"
        yield "Cost of the money", impact.rate.shown, "share", meaning
    else:
        high = impact.rate.rate is not None and impact.rate.shown is None
        compare = f"compare with {rate}{_other_roots(study)}"
        meaning = "above 1,000%, not meaningful: see MIRR" if high else compare
        yield "Internal rate of return (IRR)", impact.rate.shown, "share", meaning
        yield "Payback", impact.payback_years, "years", "cumulative cash flow stays above zero"
        yield "Discounted payback", impact.discounted_payback_years, "years", "the same, discounted"
    same = percent(study.case.customer_wacc)
    yield "Modified IRR (MIRR)", impact.mirr, "share", f"financing and reinvestment at {same}"
    yield "Profitability index", impact.profitability_index, "", "value per unit of money invested"
