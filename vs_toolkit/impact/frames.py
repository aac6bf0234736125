"""The statement, the economic value added and the return on capital as frames by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.statement import Lines
from vs_toolkit.impact.terms import CAPITAL, INCOME
from vs_toolkit.impact.timing import MONTHS, Grid
from vs_toolkit.inputs.cases.business_case import Baseline, BusinessCase

LABELS = {
    "revenue": "Revenue",
    "direct_costs": "Direct costs",
    "indirect_costs": "Indirect costs",
    "costs_of_change": "Costs of the change",
    "provider_price": "Price paid to the provider",
    "depreciation": "Depreciation of the investment",
    "disposals": "Gain or loss on disposal and release",
    "operating_profit": "Operating profit",
    "tax": "Tax",
    "nopat": "Operating profit after tax",
    "capital_charge": "Charge for opening capital",
    "eva": "Profit after capital charge",
    "inventory": "Inventory",
    "work_in_process": "Work in process",
    "receivables": "Receivables",
    "payables": "Payables",
    "fixed_assets": "Fixed assets",
    "capital_employed": "Capital employed",
}
LEVELS = (*CAPITAL, "capital_employed")
ONLY_NEW = ("costs_of_change", "provider_price", "depreciation", "disposals")
BASE_SIGN = {"direct_costs": -1, "indirect_costs": -1, "payables": -1}


def statement(case: BusinessCase, lines: Lines) -> pd.DataFrame:
    """Base, new and difference of every line, indexed by (year, line), in currency.

    Costs and payables are negative, so that lines add up to operating profit and to capital employed. Year 0
    is the start; capital stands at the end of the year. Base and new are NaN where the case has no baseline
    for a line; the difference is known in any case. ``LABELS`` names the lines.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> frame = statement(case, impact.lines(case))
    >>> round(frame.loc[(1, "depreciation"), "difference"])  # 950,000 over 5 years
    -190000
    """
    difference = _by_year(_rows(lines.income, lines.capital, lines.tax, lines.rate), lines.grid)
    base = _by_year(_base_rows(case, lines), lines.grid)
    return pd.DataFrame({"base": base, "new": base + difference, "difference": difference})


def eva(statement: pd.DataFrame) -> pd.DataFrame:
    """Economic value added of the change by year: nopat, opening_capital, capital_charge, eva, in currency.

    The charge (positive is a cost) is the customer's WACC on the capital at the *beginning* of each period.
    """
    change = statement["difference"].unstack("line")
    return pd.DataFrame(
        {
            "nopat": change["nopat"],
            "opening_capital": change["capital_employed"].shift(1, fill_value=0.0),
            "capital_charge": change["nopat"] - change["eva"],
            "eva": change["eva"],
        }
    )


def roce(statement: pd.DataFrame) -> pd.DataFrame | None:
    """Return on capital employed by year: base, new, difference as fractions per year.

    Operating profit before tax over capital at the beginning of the year; ``None`` unless the baseline gives
    both.
    """
    worlds = statement[["base", "new"]]
    opening = worlds.xs("capital_employed", level="line").shift(1)
    result = (worlds.xs("operating_profit", level="line") / opening).iloc[1:]
    if result["base"].isna().any() or not (opening["base"].iloc[1:] > 0).all():
        return None
    return result.assign(difference=result["new"] - result["base"])


def _rows(
    income: Mapping[str, FloatArray], capital: Mapping[str, FloatArray], tax: FloatArray, rate: float
) -> dict[str, FloatArray]:
    """Lines and their totals, in the order of the statement: the same for the base and for the difference."""
    profit: FloatArray = np.sum(list(income.values()), axis=0)
    employed: FloatArray = np.sum(list(capital.values()), axis=0)
    charge = finance.capital_charge(employed, rate)
    totals = {
        "operating_profit": profit,
        "tax": tax,
        "nopat": profit + tax,
        "capital_charge": 0.0 - charge,  # no negative zero
        "eva": profit + tax - charge,
    }
    return {**income, **totals, **capital, "capital_employed": employed}


def _base_rows(case: BusinessCase, lines: Lines) -> dict[str, FloatArray]:
    index = finance.price_index(case.inflation or 0.0, lines.grid.time)
    per_period = np.where(lines.grid.time > 0, index * lines.grid.months / MONTHS, 0.0)
    income = {line: _base_level(case.baseline, line) * per_period for line in INCOME}
    capital = {line: _base_level(case.baseline, line) * index for line in CAPITAL}
    rate = case.tax.rate if case.tax else 0.0
    return _rows(income, capital, 0.0 - rate * np.sum(list(income.values()), axis=0), lines.rate)


def _base_level(baseline: Baseline | None, line: str) -> float:
    """Yearly amount or level at base: 0 for what only the new solution brings, NaN for what nobody gave."""
    if line in ONLY_NEW:
        return 0.0
    given: float | None = getattr(baseline, line, None)
    return np.nan if given is None else BASE_SIGN.get(line, 1) * given


def _by_year(rows: Mapping[str, FloatArray], grid: Grid) -> pd.Series[float]:
    """Sum flows over the periods of a year, take levels at its end; indexed by (year, line)."""
    periods = pd.DataFrame(rows, index=pd.Index(grid.year, name="year")).rename_axis(columns="line")
    years = periods.groupby(level="year")
    frame = years.sum(min_count=1)
    frame[[*LEVELS]] = years[[*LEVELS]].last()
    stacked: pd.Series[float] = frame.stack()  # type: ignore[assignment]
    return stacked
