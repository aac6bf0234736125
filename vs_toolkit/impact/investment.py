"""The investment view of a case: cash flow, value, return, payback, and what waiting costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import IRR, Reconciliation
from vs_toolkit.impact import frames
from vs_toolkit.impact.assumptions import Scenario, scenario_values
from vs_toolkit.impact.statement import Lines, lines
from vs_toolkit.impact.terms import CAPITAL, Term, Values
from vs_toolkit.impact.timing import MONTHS, Grid
from vs_toolkit.inputs.cases.business_case import BusinessCase

PROFILE_RATES = np.round(np.arange(0, 1.005, 0.01), 2)
DELAYS = range(1, 13)


@dataclass(frozen=True, eq=False)
class BusinessImpact:
    """What a case is worth to the customer in one scenario; amounts in ``currency``, the customer's view.

    Attributes
    ----------
    statement
        (year, line) x base, new, difference; see :func:`vs_toolkit.impact.frames.statement`.
    cash_flows
        Free cash flow by period (years or months), period 0 undiscounted.
    contributions
        Present value by item: each effect, each cost, the price, tax; adds up to ``npv``.
    npv, pv_benefits, pv_costs
        Present values at the customer's WACC. ``pv_costs`` is what is spent (costs and price, less salvage)
        before tax, as a positive amount; ``pv_benefits`` all the rest, so that ``npv`` is their difference.
    irr, mirr
        Fractions per year; the modified rate borrows and reinvests at the customer's WACC.
    roi
        ``npv / pv_costs``: present values, not undiscounted sums.
    profitability_index
        ``1 + npv`` over the present value of the periods with a negative cash flow.
    payback_years, discounted_payback_years
        Linear within a period; ``None`` when it is never paid back.
    eva
        Year x nopat, opening_capital, capital_charge, eva.
    reconciliation
        NPV of the cash flow beside the present value of the residual income.
    npv_profile
        Columns rate (fraction per year) and npv.
    cost_of_delay
        Months of postponement x ``same_length`` (everything happens later) and ``same_end`` (the end of the
        horizon stands, the months are lost): value lost.
    roce
        Year x base, new, difference; ``None`` without a baseline that gives it.
    """

    case_id: str
    scenario: Scenario
    currency: str
    period: str
    statement: pd.DataFrame
    cash_flows: pd.Series[float]
    contributions: pd.Series[float]
    npv: float
    irr: IRR
    mirr: float | None
    profitability_index: float | None
    roi: float | None
    pv_benefits: float
    pv_costs: float
    payback_years: float | None
    discounted_payback_years: float | None
    eva: pd.DataFrame
    reconciliation: Reconciliation
    npv_profile: pd.DataFrame
    cost_of_delay: pd.DataFrame
    roce: pd.DataFrame | None

    @property
    def payback(self) -> float | None:
        """``payback_years`` under its short name."""
        return self.payback_years


def evaluate(case: BusinessCase, scenario: Scenario = "expected") -> BusinessImpact:
    """Evaluate ``case``; in scenario "low" every assumption is at its adverse end, in "high" at its good one.

    Source: book, chapter 5.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> round(impact.evaluate(case).pv_costs)  # 950,000 for the equipment, 60,000 for training, at the start
    1010000
    """
    values = scenario_values(case, scenario)
    result = lines(case, values)
    flows, rate, years = result.cash_flow, result.rate, result.grid.months / MONTHS
    statement = frames.statement(case, result)
    npv = float(result.npv)
    contributions = _contributions(case, result)
    spent = -float(contributions[[spend.id for spend in case.spends]].sum())
    outlay = -float(finance.npv(rate, np.minimum(flows, 0.0)))
    return BusinessImpact(
        case_id=case.id,
        scenario=scenario,
        currency=case.currency,
        period=case.period,
        statement=statement,
        cash_flows=pd.Series(flows, index=pd.RangeIndex(flows.size, name=case.period), name="cash_flow"),
        contributions=contributions,
        npv=npv,
        irr=_per_year(finance.irr(flows), years),
        mirr=_yearly(finance.mirr(flows, rate, rate), years),
        profitability_index=1 + npv / outlay if outlay > 0 else None,
        roi=npv / spent if spent > 0 else None,
        pv_benefits=npv + spent,
        pv_costs=spent,
        payback_years=_times(finance.payback(flows), years),
        discounted_payback_years=_times(finance.discounted_payback(rate, flows), years),
        eva=frames.eva(statement),
        reconciliation=finance.reconcile(flows, result.nopat, result.capital_employed, rate),
        npv_profile=_npv_profile(result),
        cost_of_delay=_cost_of_delay(case, values),
        roce=frames.roce(statement),
    )


def _per_year(irr: IRR, years: float) -> IRR:
    """Turn rates per period of ``years`` into rates per year."""
    if irr.value is None:
        return irr
    roots = tuple(finance.convert_rate(root, 1 / years) for root in irr.roots)
    return IRR(irr.status, roots[irr.roots.index(irr.value)], roots)


def _yearly(rate: float | None, years: float) -> float | None:
    return None if rate is None else finance.convert_rate(rate, 1 / years)


def _times(periods: float | None, years: float) -> float | None:
    return None if periods is None else periods * years


def _contributions(case: BusinessCase, result: Lines) -> pd.Series[float]:
    """Present value by item in the order of the case, then tax; adds up to the NPV."""
    items = dict.fromkeys([item.id for item in case.items], 0.0)
    for term in result.terms:
        items[term.item] += float(term.size) * _worth(term, result.rate)
    return pd.Series({**items, "tax": float(finance.npv(result.rate, result.tax))}, name="present_value")


def _worth(term: Term, rate: float) -> float:
    """Present value of one unit of a term: profit is cash, capital is cash when it changes."""
    cash = -np.diff(term.course, prepend=0.0) if term.line in CAPITAL else term.course
    return float(finance.npv(rate, cash))


def _npv_profile(result: Lines) -> pd.DataFrame:
    values = [float(finance.npv(result.grid.rate(rate), result.cash_flow)) for rate in PROFILE_RATES]
    return pd.DataFrame({"rate": PROFILE_RATES, "npv": values})


def _cost_of_delay(case: BusinessCase, values: Values) -> pd.DataFrame:
    """Worked on months whatever the case's periods, as a year is too coarse to wait in."""
    horizon = case.years * MONTHS
    now = float(lines(case, values, Grid(horizon, 1)).npv)
    rows = []
    for months in (m for m in DELAYS if m < horizon):
        later = 1 / (1 + finance.convert_rate(case.customer_wacc, months / MONTHS))
        cut = float(lines(case, values, Grid(horizon - months, 1)).npv)
        rows.append({"months": months, "same_length": now * (1 - later), "same_end": now - later * cut})
    return pd.DataFrame(rows).set_index("months")
