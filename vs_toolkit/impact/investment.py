"""The investment view of a case: cash flow, NPV, rates of return, payback, and cost of delay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import IRR, FloatArray, Reconciliation
from vs_toolkit.impact import delay, frames
from vs_toolkit.impact.assumptions import scenario_values
from vs_toolkit.impact.returns import RateOfReturn, rate_of_return
from vs_toolkit.impact.statement import Lines, lines, unit_cash
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.timeline import MONTHS
from vs_toolkit.uncertainty import Scenario, Values

PROFILE_RATES = np.round(np.arange(0, 1.005, 0.01), 2)


@dataclass(frozen=True, eq=False)
class BusinessImpact:
    """What a case is worth to the customer in one scenario; amounts in ``currency``, the customer's view.

    Attributes
    ----------
    statement
        (year, line) x base, new, difference; see :func:`vs_toolkit.impact.frames.statement`.
    cash_flows
        Free cash flow by accounting period (years, quarters or months), period 0 undiscounted.
    monthly
        The same by month, as it is discounted.
    contributions
        Present value by item: each effect, each cost and price item before tax, then tax; adds up to ``npv``.
    npv, pv_benefits, pv_costs, pv_tax
        Present values at the customer's WACC. Benefits are the items that bring money, salvage included,
        costs (a positive amount) those that take it, whichever list of the case they stand in; both before
        tax. ``npv`` = ``pv_benefits`` - ``pv_costs`` + ``pv_tax``.
    irr, rate, mirr
        All roots as fractions per year, what they say, and the modified rate, which borrows and reinvests at
        the customer's WACC.
    roi
        ``npv / pv_costs``: present values, not undiscounted sums.
    profitability_index
        ``1 + npv`` over the present value of the months with a negative cash flow.
    payback_years, discounted_payback_years
        Linear within a period, dated payments in their month; ``None`` when it is never paid back.
    peak_funding
        Largest amount that the customer has put up at any time, undiscounted (positive).
    eva
        Year x nopat, opening_capital, capital_charge, eva.
    reconciliation
        NPV of the cash flow beside the present value of the residual income, by month.
    npv_profile
        Columns rate (fraction per year) and npv.
    roce
        Year x base, new, difference; ``None`` without a baseline that gives it.
    case, values
        What was evaluated.
    """

    case_id: str
    scenario: Scenario
    currency: str
    period: str
    statement: pd.DataFrame
    cash_flows: pd.Series[float]
    monthly: pd.Series[float]
    accrued: pd.Series[float]
    contributions: pd.Series[float]
    npv: float
    irr: IRR
    rate: RateOfReturn
    mirr: float | None
    profitability_index: float | None
    roi: float | None
    pv_benefits: float
    pv_costs: float
    pv_tax: float
    payback_years: float | None
    discounted_payback_years: float | None
    peak_funding: float
    eva: pd.DataFrame
    reconciliation: Reconciliation
    npv_profile: pd.DataFrame
    roce: pd.DataFrame | None
    case: BusinessCase
    values: Values

    @cached_property
    def cost_of_delay(self) -> pd.DataFrame:
        """Value lost by waiting; see :func:`vs_toolkit.impact.delay.cost_of_delay`."""
        return delay.cost_of_delay(self.case, self.values)

    @property
    def payback(self) -> float | None:
        """``payback_years`` under its short name."""
        return self.payback_years


def evaluate(case: BusinessCase, scenario: Scenario = "expected") -> BusinessImpact:
    """Evaluate ``case``; in scenario "low" every assumption is at its worse end, in "high" at its better one.

    Source: book, chapter 5.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> round(impact.evaluate(case).pv_costs)  # 950,000 for the equipment, 60,000 for training, at the start
    1010000
    """
    return evaluated(case, scenario_values(case, scenario), scenario)


def evaluated(case: BusinessCase, values: Values, scenario: Scenario = "expected") -> BusinessImpact:
    """Evaluate ``case`` for given values of its assumptions; what they leave out is as expected."""
    result = lines(case, values)
    flows, rate, grid = result.cash_flow, result.rate, result.grid
    factors = finance.discount_factors(rate, flows.size - 1)
    statement = frames.statement(case, result)
    npv = float(result.npv)
    parts = _parts(result)
    benefits, costs = float(parts.clip(lower=0).sum()), float(-parts.clip(upper=0).sum())
    pv_tax = float(finance.npv(rate, _tax_paid(result)))
    irr = _per_year(finance.irr(flows))
    periods = _by_period(result)
    outlay = -float(np.minimum(flows, 0.0) @ factors)
    accrued = grid.accrued(flows)
    return BusinessImpact(
        case_id=case.id,
        scenario=scenario,
        currency=case.currency,
        period=case.period,
        statement=statement,
        cash_flows=pd.Series(periods, index=pd.RangeIndex(periods.size, name=case.period), name="cash_flow"),
        monthly=pd.Series(flows, index=pd.RangeIndex(flows.size, name="month"), name="cash_flow"),
        accrued=pd.Series(accrued, index=pd.RangeIndex(flows.size, name="month"), name="cash_flow"),
        contributions=_contributions(case, parts, pv_tax),
        npv=npv,
        irr=irr,
        rate=rate_of_return(irr, flows),
        mirr=_mirr(case, flows),
        profitability_index=1 + npv / outlay if outlay > 0 else None,
        roi=npv / costs if costs > 0 else None,
        pv_benefits=benefits,
        pv_costs=costs,
        pv_tax=pv_tax,
        payback_years=_years(finance.payback(accrued)),
        discounted_payback_years=_years(finance.payback(grid.accrued(flows * factors))),
        peak_funding=float(max(0.0, -np.cumsum(accrued).min())),
        eva=frames.eva(statement),
        reconciliation=finance.reconcile(flows, result.nopat, result.capital_employed, rate),
        npv_profile=_npv_profile(result),
        roce=frames.roce(statement),
        case=case,
        values=values,
    )


def _by_period(result: Lines) -> FloatArray:
    """Cash flow summed over the months of each accounting period; period 0 is the start."""
    flows, every = result.cash_flow, result.grid.every
    return np.concatenate([flows[:1], flows[1:].reshape(-1, every).sum(axis=1)])


def _per_year(irr: IRR) -> IRR:
    """Turn monthly rates into yearly ones."""
    if irr.value is None:
        return irr
    roots = tuple(finance.convert_rate(root, MONTHS) for root in irr.roots)
    return IRR(irr.status, roots[irr.roots.index(irr.value)], roots)


def _mirr(case: BusinessCase, flows: FloatArray) -> float | None:
    monthly = finance.convert_rate(case.customer_wacc, 1 / MONTHS)
    rate = finance.mirr(flows, monthly, monthly)
    return None if rate is None else finance.convert_rate(rate, MONTHS)


def _years(months: float | None) -> float | None:
    return None if months is None else months / MONTHS


def _parts(result: Lines) -> pd.Series[float]:
    """Present value before tax by item and part of it (salvage apart from what is spent)."""
    factors = finance.discount_factors(result.rate, result.grid.size - 1)
    keys = pd.MultiIndex.from_tuples([(t.item, t.part) for t in result.terms], names=["item", "part"])
    worth = [float(t.size) * float(unit_cash(t) @ factors) for t in result.terms]
    return pd.Series(worth, index=keys, dtype=float).groupby(level=["item", "part"], sort=False).sum()


def _tax_paid(result: Lines) -> FloatArray:
    """Cash paid for tax: the charge, less what is owed until later."""
    return result.tax - np.diff(result.capital["tax_payable"], prepend=0.0)


def _contributions(case: BusinessCase, parts: pd.Series[float], pv_tax: float) -> pd.Series[float]:
    """Present value by item in the order of the case, then terminal value and tax; adds up to the NPV."""
    by_item = parts.groupby(level="item").sum()
    items = [item.id for item in case.items] + (["terminal_value"] if case.terminal_value else [])
    ordered = by_item.reindex(items, fill_value=0.0)
    return pd.concat([ordered, pd.Series({"tax": pv_tax})]).rename("present_value")


def _npv_profile(result: Lines) -> pd.DataFrame:
    values = [float(finance.npv(result.grid.rate(rate), result.cash_flow)) for rate in PROFILE_RATES]
    return pd.DataFrame({"rate": PROFILE_RATES, "npv": values})
