"""Alternatives side by side: doing nothing, and each case that answers the same question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.investment import BusinessImpact, evaluate
from vs_toolkit.impact.returns import RateOfReturn, rate_of_return
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.timeline import MONTHS, Grid

COLUMNS = ["case", "name", "years", "npv", "equivalent_annual", "incremental_npv", "incremental_irr", "kind"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Alternatives to one question, all against the same base, in ``currency``.

    Attributes
    ----------
    table
        One row per alternative, the least money put up first: ``case``, ``name``, ``years``, ``npv``,
        ``equivalent_annual`` (equal amount at each year end over its own life that is worth the NPV, at its
        WACC), ``incremental_npv`` and ``incremental_irr`` against the row before (doing nothing for the first
        one; over the longer of both horizons), ``kind`` of that rate.
    equal_lives
        Whether all have the same horizon; otherwise the equivalent annual value decides.
    best
        Id of the best alternative, or "" when doing nothing is better.
    """

    currency: str
    table: pd.DataFrame
    equal_lives: bool
    best: str


def compare(cases: Sequence[BusinessCase]) -> Comparison:
    """Compare cases of one customer that answer the same question; the base is doing nothing.

    Unequal lives are compared by equivalent annual value: as if each were repeated.

    Source: Brealey and Myers, Principles of Corporate Finance, "Equivalent annual costs".

    Raises
    ------
    ValueError
        When the currencies differ, or nothing is given.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> compare([case]).best == case.id
    True
    """
    if not cases or len({case.currency for case in cases}) > 1:
        raise ValueError("compare cases in one currency, at least one")
    found = sorted(((case, evaluate(case)) for case in cases), key=lambda pair: pair[1].peak_funding)
    rows: list[dict[str, object]] = []
    before: FloatArray = np.zeros(1)
    for case, impact in found:
        rows.append(_row(case, impact, before))
        before = np.asarray(impact.monthly, dtype=np.float64)
    table = pd.DataFrame(rows, columns=COLUMNS)
    equal = table["years"].nunique() == 1
    ranked = table.sort_values("npv" if equal else "equivalent_annual")
    best = ranked.iloc[-1]
    return Comparison(cases[0].currency, table, bool(equal), best["case"] if best["npv"] > 0 else "")


def _row(case: BusinessCase, impact: BusinessImpact, before: FloatArray) -> dict[str, object]:
    flows: FloatArray = np.asarray(impact.monthly, dtype=np.float64)
    size = max(flows.size, before.size)
    more: FloatArray = np.pad(flows, (0, size - flows.size)) - np.pad(before, (0, size - before.size))
    rate, found = Grid(size - 1).rate(case.rates), _rate(more)
    return {
        "case": case.id,
        "name": case.solution.name,
        "years": case.years,
        "npv": impact.npv,
        "equivalent_annual": impact.npv / _one_a_year(case),
        "incremental_npv": float(finance.npv(rate, more)),
        "incremental_irr": found.rate,
        "kind": found.kind,
    }


def _one_a_year(case: BusinessCase) -> float:
    """Present value of 1 at the end of each year."""
    grid = Grid(case.years * MONTHS)
    ends = finance.discount_factors(grid.rate(case.rates), grid.months)[MONTHS::MONTHS]
    return float(ends.sum())


def _rate(flows: FloatArray) -> RateOfReturn:
    irr = finance.irr(flows)
    roots = tuple(finance.convert_rate(root, MONTHS) for root in irr.roots)
    return rate_of_return(finance.IRR(irr.status, None, roots), flows)
