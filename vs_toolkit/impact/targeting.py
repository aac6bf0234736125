"""What it takes to reach a return on capital, lever by lever, and how much of it the solution delivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from vs_toolkit.impact.statement import lines
from vs_toolkit.inputs.cases.business_case import Baseline, BusinessCase

PROFIT_FIELDS = ("revenue", "direct_costs", "indirect_costs")
CAPITAL_FIELDS = ("inventory", "work_in_process", "receivables", "payables", "fixed_assets")
COLUMNS = ["base", "needed", "needed_share", "reachable", "delivered", "delivered_share"]


@dataclass(frozen=True)
class Lever:
    """A way to a better return: more profit or less capital, through these fields of the baseline.

    ``limited``: it cannot move by more than there is at base.
    """

    name: str
    acts_on: Literal["profit", "capital"]
    fields: tuple[str, ...]
    limited: bool


LEVERS = (
    Lever("price", "profit", ("revenue",), limited=False),
    Lever("cost", "profit", ("direct_costs", "indirect_costs"), limited=True),
    Lever("inventory", "capital", ("inventory", "work_in_process"), limited=True),
    Lever("receivables", "capital", ("receivables",), limited=True),
    Lever("payables", "capital", ("payables",), limited=False),
    Lever("fixed_assets", "capital", ("fixed_assets",), limited=True),
)


@dataclass(frozen=True, eq=False)
class Targeting:
    """Return on capital employed now, with the solution and as wanted: fractions per year, or None.

    Attributes
    ----------
    roce, target, roce_delivered
        Operating profit before tax over capital employed at base; the target; and with all effects of the
        solution in its last year, before its price and the costs of the change.
    levers
        Index ``lever``; ``base`` (amount now), ``needed`` (change that reaches the target alone, the rest
        as it is), ``needed_share`` (of base), ``reachable``, ``delivered`` (by the solution, a year or as a
        level), ``delivered_share`` (of needed). Amounts in the currency of the case. Empty when the
        baseline is incomplete.
    gaps
        What is missing in the baseline and why nothing can be said.
    """

    roce: float | None
    target: float | None
    roce_delivered: float | None
    levers: pd.DataFrame
    gaps: tuple[str, ...]


def levers(case: BusinessCase) -> Targeting:
    """Find how far each lever alone has to move to reach the ROCE target, and what the solution delivers.

    Price is more revenue at the same cost. Capital levers cannot help without a profit.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.levers(case).gaps
    ('The case has no baseline statement.',)
    """
    baseline = case.baseline
    target = baseline.roce_target if baseline else None
    gaps = tuple(_gaps(baseline))
    if baseline is None or target is None or gaps:
        return Targeting(None, target, None, pd.DataFrame(columns=COLUMNS), gaps)
    profit, capital = _profit(baseline), _capital(baseline)
    delivered = _delivered(case)
    more = sum(delivered[field] for field in PROFIT_FIELDS)
    less = sum(delivered[field] for field in CAPITAL_FIELDS)
    rows = [_row(lever, baseline, _needed(lever, profit, capital, target), delivered) for lever in LEVERS]
    return Targeting(
        roce=profit / capital,
        target=target,
        roce_delivered=(profit + more) / (capital - less) if capital > less else None,
        levers=pd.DataFrame(rows).set_index("lever"),
        gaps=(),
    )


def missing(baseline: Baseline, fields: Iterable[str]) -> str:
    """Say which of ``fields`` a baseline lacks; nothing where it has them all.

    >>> missing(Baseline(revenue=1.0), ["revenue", "work_in_process", "roce_target"])
    'The baseline lacks work in process, ROCE target.'
    """
    names = [field for field in fields if getattr(baseline, field) is None]
    words = ", ".join(names).replace("_", " ").replace("roce target", "ROCE target")
    return f"The baseline lacks {words}." if names else ""


def _gaps(baseline: Baseline | None) -> list[str]:
    if baseline is None:
        return ["The case has no baseline statement."]
    needed = (*PROFIT_FIELDS, *CAPITAL_FIELDS, "roce_target")
    if lacks := missing(baseline, needed):
        return [lacks]
    gaps = [] if _capital(baseline) > 0 else ["Capital employed at base is not positive."]
    return gaps if (baseline.roce_target or 0) > 0 else [*gaps, "The ROCE target is not positive."]


def _amount(baseline: Baseline, *fields: str) -> float:
    return float(sum(getattr(baseline, field) for field in fields))


def _profit(baseline: Baseline) -> float:
    return _amount(baseline, "revenue") - _amount(baseline, "direct_costs", "indirect_costs")


def _capital(baseline: Baseline) -> float:
    tied = [field for field in CAPITAL_FIELDS if field != "payables"]
    return _amount(baseline, *tied) - _amount(baseline, "payables")


def _needed(lever: Lever, profit: float, capital: float, target: float) -> float:
    """Move of one lever that makes profit / capital the target; 0 when reached, NaN when no move does it."""
    if profit >= target * capital:
        return 0.0
    if lever.acts_on == "profit":
        return target * capital - profit
    return capital - profit / target if profit > 0 else np.nan


def _row(lever: Lever, baseline: Baseline, needed: float, delivered: dict[str, float]) -> dict[str, object]:
    base = _amount(baseline, *lever.fields)
    gives = sum(delivered[field] for field in lever.fields)
    return {
        "lever": lever.name,
        "base": base,
        "needed": needed,
        "needed_share": needed / base if base else np.nan,
        "reachable": bool(needed <= base) if lever.limited else not np.isnan(needed),
        "delivered": gives,
        "delivered_share": gives / needed if needed else np.nan,
    }


def _delivered(case: BusinessCase) -> dict[str, float]:
    """Changes by the effects in the last year, at the prices of the baseline: positive is a better return."""
    nothing = {"costs": (), "price": None, "fees": (), "inflation": None, "terminal_value": None}
    result = lines(case.model_copy(update=nothing))
    last = result.grid.months
    flows = {field: float(result.grid.yearly(result.income[field])[case.years]) for field in PROFIT_FIELDS}
    freed = {
        field: -float(result.capital[field][last - 1]) for field in CAPITAL_FIELDS
    }  # then it is released
    return flows | freed
