"""The rows of the timeline: months, periods, prices, discounting; each with its formula and its values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.timing import grid_of
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.timeline import MONTHS, Grid

FIRST = 14  # column of month 0; the one before it stays empty: "the month before" is 0 there
TOP = 3  # row of the months
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Line:
    """One row of the timeline; ``formula`` None: constants, ``{c}`` this month, ``{b}`` the one before."""

    name: str
    label: str
    unit: str
    values: FloatArray
    formula: str | None
    look: str = "general"


def timeline(case: BusinessCase) -> tuple[Line, ...]:
    """All rows of the timeline of a case."""
    grid = grid_of(case)
    size, every, month = grid.size, grid.every, grid.month
    rate: FloatArray = np.broadcast_to(grid.rate(case.rates), (size,))
    factors = finance.discount_factors(rate, size - 1)
    weight, start, end = _settled(grid, in_advance=False)
    ahead = _settled(grid, in_advance=True)
    near, far = _paid(grid, case)
    closing = np.minimum((month // every + 1) * every, size - 1)
    charge = np.append(rate[1:] * factors[1:], 0.0) / factors[closing]
    factor_row = "${a}{DF}:${z}{DF}"
    return (
        Line("M", "Month", "months", month.astype(float), "IF(ISNUMBER({b}{M}),{b}{M}+1,0)"),
        Line("Y", "Year (0 is the start)", "year", grid.year.astype(float), "ROUNDUP({c}{M}/12,0)"),
        Line("HB", "Before the horizon", "flag", (month < grid.months).astype(float), "({c}{M}<vs_months)*1"),
        Line("HA", "At the horizon", "flag", (month == grid.months).astype(float), "({c}{M}=vs_months)*1"),
        Line("SW", "Settlement: share settled in this month", "fixed", weight, None),
        Line("SF", "Settlement: after month", "fixed", start, None),
        Line("ST", "Settlement: up to month", "fixed", end, None),
        Line("AW", "In advance: share settled in this month", "fixed", ahead[0], None),
        Line("AF", "In advance: after month", "fixed", ahead[1], None),
        Line("AT", "In advance: up to month", "fixed", ahead[2], None),
        Line("PL", "Recurring amounts fall in this month", "fixed", _places(grid), None),
        Line("PN", "Accounting period", "number", np.ceil(month / every), "ROUNDUP({c}{M}/vs_period,0)"),
        Line(
            "PX",
            "Price level",
            "factor",
            grid.prices(case.inflation or 0.0),
            "(1+vs_inflation)^({c}{M}/12)",
            "factor",
        ),
        Line(
            "PS",
            "Price level, in steps of a period",
            "factor",
            grid.prices(case.inflation or 0.0, stepped=True),
            "(1+vs_inflation)^(INT({c}{M}/vs_period)*vs_period/12)",
            "factor",
        ),
        Line(
            "RA",
            "Cost of capital of the month",
            "fraction",
            rate,
            "(1+INDEX({wacc},MIN(MAX({c}{Y},1),ROWS({wacc}))))^(1/12)-1",
            "factor",
        ),
        Line("DF", "Discount factor", "factor", factors, "IF({c}{M}=0,1,N({b}{DF})/(1+{c}{RA}))", "factor"),
        Line(
            "DS",
            "Change of the discount factor to the next month",
            "factor",
            np.append(factors[1:], 0.0) - factors,
            "{d}{DF}-{c}{DF}",
            "factor",
        ),
        Line("P1", "Tax on this month is paid in month (first half)", "fixed", near.astype(float), None),
        Line("P2", "Tax on this month is paid in month (second half)", "fixed", far.astype(float), None),
        Line(
            "DT",
            "Discount factor of the tax on this month",
            "factor",
            (factors[near] + factors[far]) / 2,
            f"(INDEX({factor_row},{{c}}{{P1}}+1)+INDEX({factor_row},{{c}}{{P2}}+1))/2",
            "factor",
        ),
        Line("CE", "Period of the next month ends in month", "fixed", closing.astype(float), None),
        Line(
            "CW",
            "Capital charge on one unit tied up at the end of this month",
            "factor",
            charge,
            f"N({{d}}{{RA}})*N({{d}}{{DF}})/INDEX({factor_row},{{c}}{{CE}}+1)",
            "factor",
        ),
    )


def _settled(grid: Grid, *, in_advance: bool) -> tuple[FloatArray, FloatArray, FloatArray]:
    """For each month: share of a period that is settled in it, and the months it is made of."""
    weight, start, end = np.zeros(grid.size), np.zeros(grid.size), np.zeros(grid.size)
    if not in_advance:
        weight[0], start[0] = 1.0, -1.0
    begin = np.arange(0, grid.size - 1, grid.every)
    for place in grid._places(in_advance):
        weight[place] += 0.5
        start[place], end[place] = begin, begin + grid.every
    return weight, start, end


def _places(grid: Grid) -> FloatArray:
    found = np.zeros(grid.size)
    found[np.union1d(*grid._places(in_advance=False))] = 1.0
    return found


def _paid(grid: Grid, case: BusinessCase) -> tuple[Ints, Ints]:
    """Month in which the tax on a month's profit is paid, for each half of it; 0 for month 0."""
    lag = late_months(case)
    period = np.maximum(-(-grid.month // grid.every) - 1, 0)
    both = [np.where(grid.month == 0, 0, places[period]) + lag for places in grid._places(in_advance=False)]
    near, far = (np.minimum(places, grid.size - 1) for places in both)
    return near, far


def late_months(case: BusinessCase) -> int:
    """Months between the charge and the payment of tax."""
    return MONTHS if case.tax is not None and case.tax.paid == "next_year" else 0
