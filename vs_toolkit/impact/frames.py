"""The statement, the economic value added and the return on capital as frames by year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.lines import CAPITAL, INCOME, TAX_PAYABLE, TERMINAL
from vs_toolkit.impact.statement import Lines, tax
from vs_toolkit.inputs.cases.business_case import Baseline, BusinessCase
from vs_toolkit.timeline import Grid

LEVELS = (*CAPITAL, TAX_PAYABLE, "capital_employed")
ONLY_NEW = ("costs_of_change", "provider_price", "depreciation", "disposals")
BASE_SIGN = {"direct_costs": -1, "indirect_costs": -1, "payables": -1}


def statement(case: BusinessCase, lines: Lines) -> pd.DataFrame:
    """Base, new and difference of every line, indexed by (year, line), in currency.

    Costs and payables are negative, so that lines add up to operating profit and to capital employed. Year 0
    is the start; capital stands at the end of the year; the charge of a year is that of its months,
    compounded to the end of the accounting period. Base and new are NaN where the case has no baseline for a
    line; the difference is known in any case. ``LABELS`` names the lines.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> frame = statement(case, impact.lines(case))
    >>> round(frame.loc[(1, "depreciation"), "difference"])  # 950,000 over 5 years
    -190000
    """
    nothing = np.zeros(lines.grid.size)
    ending = {TERMINAL: lines.terminal_value} if lines.terminal_value.any() else {}
    difference = _rows(lines, lines.income, lines.capital, lines.tax, ending)
    base = _base_rows(case, lines, dict.fromkeys(ending, nothing))
    frame = pd.DataFrame({"base": _by_year(base, lines.grid), "difference": _by_year(difference, lines.grid)})
    return frame.assign(new=frame["base"] + frame["difference"])[["base", "new", "difference"]]


def eva(statement: pd.DataFrame) -> pd.DataFrame:
    """Economic value added of the change by year: nopat, opening_capital, capital_charge, eva, in currency.

    The charge (positive is a cost) is the customer's WACC on the capital at the *beginning* of each month,
    compounded to the end of the accounting period: a year's rate on capital that stays the same.
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
    lines: Lines,
    income: Mapping[str, FloatArray],
    capital: Mapping[str, FloatArray],
    charged: FloatArray,
    ending: Mapping[str, FloatArray],
) -> dict[str, FloatArray]:
    """Lines and their totals, in the order of the statement: the same for the base and for the difference."""
    profit: FloatArray = np.sum(list(income.values()), axis=0)
    employed: FloatArray = np.sum(list(capital.values()), axis=0)
    nopat = profit + charged + np.sum(list(ending.values()), axis=0)
    charge = lines.grid.compounded(finance.capital_charge(employed, lines.rate), lines.rate)
    totals = {
        "operating_profit": profit,
        "tax": charged,
        **ending,
        "nopat": nopat,
        "capital_charge": 0.0 - charge,  # no negative zero
        "eva": nopat - charge,
    }
    return {**income, **totals, **capital, "capital_employed": employed}


def _base_rows(case: BusinessCase, lines: Lines, ending: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    grid, inflation = lines.grid, case.inflation or 0.0
    flow, level = grid.flow() * grid.prices(inflation), grid.prices(inflation, stepped=True)
    income = {line: _base_level(case.baseline, line) * flow for line in INCOME}
    capital = {line: _base_level(case.baseline, line) * level for line in CAPITAL}
    capital[TAX_PAYABLE] = np.zeros(grid.size)
    rule = case.tax.model_copy(update={"losses": "immediate"}) if case.tax else None
    charged = tax(rule, grid.settled(np.sum(list(income.values()), axis=0)))
    return _rows(lines, income, capital, charged, ending)


def _base_level(baseline: Baseline | None, line: str) -> float:
    """Yearly amount or level at base: 0 for what only the new solution brings, NaN for what nobody gave."""
    if line in ONLY_NEW:
        return 0.0
    given: float | None = getattr(baseline, line, None)
    return np.nan if given is None else BASE_SIGN.get(line, 1) * given


def _by_year(rows: Mapping[str, FloatArray], grid: Grid) -> pd.Series[float]:
    """Sum flows over the months of a year, take levels at its end; indexed by (year, line)."""
    years = {line: grid.year_ends(row) if line in LEVELS else grid.yearly(row) for line, row in rows.items()}
    frame = pd.DataFrame(years).rename_axis(index="year", columns="line")
    stacked: pd.Series[float] = frame.stack()  # type: ignore[assignment]
    return stacked
