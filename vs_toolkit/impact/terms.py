"""A case taken apart into terms: each a size times a fixed course over time, on one line of the statement.

All that is uncertain sits in the sizes; the courses are the same in every draw. So a line of the statement is
one matrix product, whether for one scenario or for 100,000 draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.timing import Grid
from vs_toolkit.inputs.cases.business_case import CAPITAL_LINES, DAYS_OF, BusinessCase, Effect, Spend
from vs_toolkit.inputs.fields import Estimate

Values = Mapping[str, float | FloatArray]

REVENUE, DIRECT, INDIRECT = "revenue", "direct_costs", "indirect_costs"
CHANGE, PRICE, DEPRECIATION, DISPOSALS = "costs_of_change", "provider_price", "depreciation", "disposals"
INCOME = (REVENUE, DIRECT, INDIRECT, CHANGE, PRICE, DEPRECIATION, DISPOSALS)
CAPITAL = CAPITAL_LINES
STATEMENT_LINE = {"volume": REVENUE, "price": REVENUE, "direct_cost": DIRECT, "indirect_cost": INDIRECT}


@dataclass(frozen=True)
class Term:
    """``size`` (a number or shape (draws,)) x ``course`` (shape (periods+1,)) on ``line``, due to ``item``.

    On an income line in currency per period, positive is profit; on a capital line a level in currency,
    positive is tied up.
    """

    item: str
    line: str
    size: float | FloatArray
    course: FloatArray


def terms(case: BusinessCase, values: Values, grid: Grid) -> tuple[Term, ...]:
    """All terms of ``case`` for ``values`` (assumption key -> value; a missing key is as expected)."""
    return (
        *(t for effect in case.effects for t in _effect_terms(effect, case, values, grid)),
        *(
            t
            for cost in case.costs
            for t in spend_terms(cost, f"costs.{cost.id}", values, grid, case.inflation)
        ),
        *(spend_terms(case.price, "price", values, grid, case.inflation, PRICE) if case.price else ()),
    )


def size_of(effect: Effect, case: BusinessCase, values: Values) -> float | FloatArray:
    """Size of an effect in currency when it has ramped up: per year, or as a level for a capital line.

    Positive is good for the customer. With ``by_year`` the amounts are in the course: the size is the factor.
    """
    factor = _value(values, f"effects.{effect.id}.factor", effect.factor)
    if effect.by_year is not None:
        return factor
    if effect.days is not None:
        yearly = cast(float, getattr(case.baseline, DAYS_OF[effect.line]))
        return factor * _value(values, f"effects.{effect.id}.days", effect.days) * yearly / 365
    for name in ("amount", "quantity", "change", "unit_value"):
        estimate: Estimate | None = getattr(effect, name)
        if estimate is not None:
            factor = factor * _value(values, f"effects.{effect.id}.{name}", estimate)
    return factor


def _effect_terms(effect: Effect, case: BusinessCase, values: Values, grid: Grid) -> Iterator[Term]:
    size = size_of(effect, case, values)
    index = finance.price_index(case.inflation or 0.0, grid.time)
    timing = (effect.start_month, effect.ramp_months, effect.end_month, effect.by_year)
    if effect.category != "capital":
        yield Term(effect.id, STATEMENT_LINE[effect.line], size, grid.flow(*timing) * index)
        return
    freed = grid.level(*timing) * index
    yield Term(effect.id, effect.line, size, -freed)
    if effect.release_haircut:
        yield Term(effect.id, DISPOSALS, np.maximum(size, 0.0), -effect.release_haircut * _released(-freed))
        yield Term(effect.id, DISPOSALS, np.maximum(-size, 0.0), -effect.release_haircut * _released(freed))


def _released(tied: FloatArray) -> FloatArray:
    """Capital that comes back in each period when ``tied`` is the level (what is freed counts as none)."""
    return np.maximum(-np.diff(np.maximum(tied, 0.0), prepend=0.0), 0.0)


def spend_terms(
    spend: Spend, key: str, values: Values, grid: Grid, inflation: float | None, line: str = CHANGE
) -> Iterator[Term]:
    """Terms of money spent; ``key`` leads to its assumptions. ``per_year`` begins at its ``month``."""
    index = finance.price_index(inflation or 0.0, grid.time)
    if spend.by_year is not None:
        yield Term(spend.id, line, -1.0, grid.flow(by_year=spend.by_year) * index)
    if spend.per_year is not None:
        recurring = _value(values, f"{key}.per_year", spend.per_year)
        yield Term(spend.id, line, recurring, -grid.flow(spend.month) * index)
    if spend.amount is not None:
        once = _value(values, f"{key}.amount", spend.amount)
        if spend.treatment == "expense":
            yield Term(spend.id, line, once, -grid.at(spend.month) * index)
        else:
            yield from _investment_terms(spend, once, grid, index)


def _investment_terms(
    spend: Spend, amount: float | FloatArray, grid: Grid, index: FloatArray
) -> Iterator[Term]:
    bought = grid.period(spend.month)
    if bought > grid.periods:
        return
    elapsed = grid.time - grid.time[bought]
    book = np.where(elapsed < 0, 0.0, index[bought] * (1 - _written_off(spend, elapsed)))
    last = book[-1]
    held = np.where(np.arange(grid.periods + 1) < grid.periods, book, 0.0)
    depreciation = np.diff(book, prepend=0.0)
    depreciation[bought] = 0.0
    disposal = np.zeros_like(book)
    disposal[-1] = 1.0
    yield Term(spend.id, "fixed_assets", amount, held)
    yield Term(spend.id, DEPRECIATION, amount, depreciation)
    yield Term(spend.id, DISPOSALS, amount, -last * disposal)
    yield Term(spend.id, DISPOSALS, spend.salvage, index * disposal)


def _written_off(spend: Spend, elapsed: FloatArray) -> FloatArray:
    """Share of an investment written off ``elapsed`` years after it was bought.

    A schedule counts as shares of the expected amount. Without schedule or life it lasts to the horizon.
    """
    if spend.depreciation is not None and spend.amount is not None:
        shares = np.cumsum((0.0, *spend.depreciation)) / (spend.amount.expected or 1.0)
        return np.interp(elapsed, np.arange(shares.size), shares)
    return np.clip(elapsed / (spend.life_years or float(elapsed[-1]) or np.inf), 0.0, 1.0)


def _value(values: Values, key: str, estimate: Estimate) -> float | FloatArray:
    return values.get(key, estimate.expected)
