"""The case item by item: cash by year, size before and after risk, hard and soft savings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.impact.sizes import Values, adjusted, size_of
from vs_toolkit.impact.statement import lines, unit_cash
from vs_toolkit.inputs.cases.business_case import BusinessCase, Effect


@dataclass(frozen=True)
class RunRate:
    """Size of an effect per year after ramp-up, or its level of capital, at all its sites; in currency.

    ``raw`` is before the risk adjustment; of a list of years it is the last one. Both are NaN where the size
    follows from sales.
    """

    raw: float
    adjusted: float


def run_rate(effect: Effect, case: BusinessCase) -> RunRate:
    """Size of an effect after ramp-up and adoption.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> round(run_rate(case.effects[0], case).raw)  # 60,000 tonnes x 1.0% x 90
    54000
    """
    if effect.share_of_next_sales is not None:
        return RunRate(np.nan, np.nan)
    listed = effect.by_year[-1].expected if effect.by_year else 1.0
    reached = effect.adoption[-1] if effect.adoption else 1.0
    size = float(size_of(effect, case, {})) * listed * len(effect.site_starts) * reached
    if effect.margin is not None:
        size *= effect.margin.expected
    return RunRate(size / adjusted(effect.risk, good=size >= 0), size)


def item_cash(case: BusinessCase, values: Values | None = None) -> pd.DataFrame:
    """Cash by item and year, before tax, then tax; sums to the cash flow.

    Returns
    -------
    DataFrame
        One row per effect, cost and price item, ``terminal_value`` and ``tax`` where there are any, in the
        order of the case, salvage apart (``price:salvage``); one column per year (0 is the start), and
        ``present_value``, in currency.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> float(item_cash(case).loc["training", 0])
    -60000.0
    """
    result = lines(case, values)
    rows: dict[str, np.ndarray] = {item.id: np.zeros(result.grid.size) for item in case.items}
    for term in result.terms:
        row = f"{term.item}:{term.part}" if term.part else term.item
        rows[row] = rows.get(row, 0.0) + float(term.size) * unit_cash(term)
    if case.tax is not None:
        rows["tax"] = result.tax - np.diff(result.capital["tax_payable"], prepend=0.0)
    factors = finance.discount_factors(result.rate, result.grid.size - 1)
    years = {item: result.grid.yearly(row) for item, row in rows.items()}
    frame = pd.DataFrame.from_dict(years, orient="index")
    return frame.assign(present_value=[float(row @ factors) for row in rows.values()])


def item_names(case: BusinessCase) -> dict[str, str]:
    """Name of every item, also of those that results add."""
    salvage = {f"{item.id}:salvage": f"Salvage: {item.name}" for item in case.spends}
    named = {item.id: item.name for item in case.items}
    return named | salvage | {"tax": "Tax", "terminal_value": "Terminal value"}


def soft_value(case: BusinessCase) -> float:
    """NPV that rests on effects which free capacity instead of cash, after tax, in currency."""
    soft = [effect.id for effect in case.effects if effect.cash == "soft"]
    if not soft:
        return 0.0
    return float(lines(case).npv - lines(case, {f"effects.{id_}.factor": 0.0 for id_ in soft}).npv)
