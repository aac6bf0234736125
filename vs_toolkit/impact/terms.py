"""A case taken apart into terms: each a size times a fixed course over time, on one line of the statement.

All that is uncertain sits in the sizes; the courses are the same in every draw. So a line of the statement is
one matrix product, whether for one scenario or for 100,000 draws.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.lines import (
    CHANGE,
    DEPRECIATION,
    DIRECT,
    DISPOSALS,
    INDIRECT,
    OPERATING,
    PRICE,
    REVENUE,
    TERMINAL,
)
from vs_toolkit.impact.sizes import Size, Values, adjusted, by_year_parts, months_of, size_of, value
from vs_toolkit.inputs.cases.business_case import BusinessCase, Spend
from vs_toolkit.inputs.cases.effects import Effect, likely
from vs_toolkit.inputs.cases.spending import MACRS
from vs_toolkit.timeline import MONTHS, Grid

STATEMENT_LINE = {"volume": REVENUE, "price": REVENUE, "direct_cost": DIRECT, "indirect_cost": INDIRECT}


@dataclass(frozen=True)
class Term:
    """``size`` (a number or shape (draws,)) x ``course`` (shape (grid.size,)) on ``line``, due to ``item``.

    On an income line in currency per month, positive is profit; on a capital line a level in currency,
    positive is tied up. ``part`` tells the salvage of an item from what is spent on it.
    """

    item: str
    line: str
    size: Size
    course: FloatArray
    part: str = ""


def terms(case: BusinessCase, values: Values, grid: Grid) -> tuple[Term, ...]:
    """All terms of ``case`` for ``values`` (assumption key -> value; a missing key is as expected)."""
    effects = [t for effect in case.effects for t in _effect_terms(effect, case, values, grid)]
    sales = [t for t in effects if t.line == REVENUE]
    ahead = [t for effect in case.effects for t in _ahead_of_sales(effect, case, values, grid, sales)]
    spends = [t for spend in case.costs for t in spend_terms(spend, case, values, grid)]
    paid = [t for spend in case.price_items for t in spend_terms(spend, case, values, grid, PRICE)]
    own = (*effects, *ahead, *spends, *paid)
    return (*own, *_terminal_terms(case, values, grid, own))


def _effect_terms(effect: Effect, case: BusinessCase, values: Values, grid: Grid) -> Iterator[Term]:
    if effect.share_of_next_sales is not None:
        return
    size = size_of(effect, case, values)
    for weight, listed, course in _courses(effect, case, values, grid):
        whole = size * weight * listed
        if effect.category != "capital":
            yield from _income(effect, case, values, whole, course)
        else:
            yield Term(effect.id, effect.line, whole, -course)
            if effect.release_haircut:
                yield from _haircuts(effect, whole, course)


def _courses(
    effect: Effect, case: BusinessCase, values: Values, grid: Grid
) -> Iterator[tuple[Size, Size, FloatArray]]:
    """Weights of start and ramp, weights of listed amounts, and the course of one unit for both."""
    capital, key = effect.category == "capital", f"effects.{effect.id}"
    lists: list[tuple[Size, tuple[float, ...] | None]] = [(1.0, _profile(effect, case.years))]
    if effect.by_year is not None:
        lists = list(by_year_parts(effect.by_year, f"{key}.by_year", values))
    ramps = months_of(effect.ramp_months, f"{key}.ramp_months", values)
    sites = [months_of(start, f"{key}.start_month", values) for start in effect.site_starts]
    for (listed, amounts), (ramp, ramp_weight) in product(lists, ramps.items()):
        for starts in sites:
            for start, weight in starts.items():
                course = _placed(grid, capital, start, ramp, effect.end_month, amounts, case.inflation or 0.0)
                yield weight * ramp_weight, listed, course


@lru_cache(maxsize=4096)
def _placed(  # noqa: PLR0913 - all that a course depends on
    grid: Grid,
    capital: bool,
    start: int,
    ramp: int,
    end: int | None,
    amounts: tuple[float, ...] | None,
    inflation: float,
) -> FloatArray:
    """Course of one unit; read-only, as scenarios, tornado and break-even ask for the same ones."""
    place = grid.level if capital else grid.flow
    course = place(start, ramp, end, amounts) * grid.prices(inflation, stepped=capital)
    course.setflags(write=False)
    return course


def _profile(item: Effect, years: int) -> tuple[float, ...] | None:
    """Multiple of the size in each year, year 0 first; None where it is always 1."""
    if not item.growth and not item.adoption:
        return None
    adoption = item.adoption or (1.0,)
    reached = [
        adoption[min(year, len(adoption) - 1)] * (1 + item.growth) ** year for year in range(years + 1)
    ]
    return tuple(reached) if item.category == "capital" else (0.0, *reached[:years])


def _income(
    effect: Effect, case: BusinessCase, values: Values, size: Size, course: FloatArray
) -> Iterator[Term]:
    yield Term(effect.id, STATEMENT_LINE[effect.line], size, course)
    if effect.margin is not None:
        margin = value(case, f"effects.{effect.id}.margin", effect.margin, values)
        yield Term(effect.id, DIRECT, size * (1 - np.asarray(margin)), -course)


def _haircuts(effect: Effect, size: Size, freed: FloatArray) -> Iterator[Term]:
    """Loss on capital when it is released, at once for what is freed and at the end for what is tied up."""
    for sign in (1.0, -1.0):
        released = np.maximum(np.diff(sign * freed, prepend=0.0), 0.0)
        yield Term(
            effect.id, DISPOSALS, np.maximum(sign * np.asarray(size), 0.0), -effect.release_haircut * released
        )


def _ahead_of_sales(
    effect: Effect, case: BusinessCase, values: Values, grid: Grid, sales: Sequence[Term]
) -> Iterator[Term]:
    """Capital tied up as a share of the additional sales of the year ahead (payables: owed to suppliers)."""
    if effect.share_of_next_sales is None:
        return
    share = size_of(effect, case, values)
    sign = -1.0 if effect.line == "payables" else 1.0
    for sale in sales:
        next_year = np.append(grid.yearly(sale.course)[1:], 0.0)
        level = np.where(grid.month < grid.months, next_year[grid.month // MONTHS], 0.0)
        yield Term(effect.id, effect.line, share * sale.size, sign * level)


def spend_terms(
    spend: Spend, case: BusinessCase, values: Values, grid: Grid, line: str = CHANGE
) -> Iterator[Term]:
    """Terms of money spent. ``per_year`` begins at its ``month``."""
    key = spend_key(spend, case)
    prices = grid.prices(case.inflation or 0.0)
    risk = adjusted(spend.risk, good=False)
    if spend.by_year is not None:
        for listed, amounts in by_year_parts(spend.by_year, f"{key}.by_year", values):
            course = grid.flow(by_year=amounts, in_advance=spend.in_advance)
            yield Term(spend.id, line, -1.0 * risk * listed, course * prices)
    for month, weight in months_of(spend.month, f"{key}.month", values).items():
        yield from _dated_terms(spend, case, key, values, weight * risk, month, grid, prices, line)
    salvage = value(case, f"{key}.salvage", spend.salvage, values)
    if np.any(salvage) and likely(spend.month) + grid.delay <= grid.months:
        horizon = np.where(grid.month == grid.months, prices, 0.0)
        yield Term(spend.id, DISPOSALS, salvage, horizon, part="salvage")


def _dated_terms(  # noqa: PLR0913 - a spend, where it stands, and when
    spend: Spend,
    case: BusinessCase,
    key: str,
    values: Values,
    weight: Size,
    month: int,
    grid: Grid,
    prices: FloatArray,
    line: str,
) -> Iterator[Term]:
    """What is spent in, or from, ``month``."""
    if (recurring := _recurring(spend, case, key, values)) is not None:
        yield _yearly_term(spend, weight * recurring, month, grid, prices, line)
    if spend.amount is None:
        return
    once = weight * value(case, f"{key}.amount", spend.amount, values)
    if spend.treatment == "expense":
        yield Term(spend.id, line, once, -grid.at(month) * prices)
    else:
        yield from _investment_terms(spend, once, month, grid, prices)


def _yearly_term(spend: Spend, size: Size, month: int, grid: Grid, prices: FloatArray, line: str) -> Term:
    profile = None
    if spend.growth:
        profile = (0.0, *((1 + spend.growth) ** year for year in range(grid.years)))
    course = grid.flow(month, 0, spend.end_month, profile, in_advance=spend.in_advance)
    return Term(spend.id, line, size, -course * prices)


def spend_key(spend: Spend, case: BusinessCase) -> str:
    """Where the numbers of a spend stand: ``price``, ``fees.<id>`` or ``costs.<id>``."""
    if case.price is not None and spend.id == case.price.id:
        return "price"
    return f"fees.{spend.id}" if any(spend.id == fee.id for fee in case.fees) else f"costs.{spend.id}"


def _recurring(spend: Spend, case: BusinessCase, key: str, values: Values) -> Size | None:
    if spend.per_year is not None:
        return value(case, f"{key}.per_year", spend.per_year, values)
    if spend.quantity is None or spend.unit_value is None:
        return None
    used = value(case, f"{key}.quantity", spend.quantity, values)
    return used * value(case, f"{key}.unit_value", spend.unit_value, values)


def _investment_terms(
    spend: Spend, amount: Size, month: int, grid: Grid, prices: FloatArray
) -> Iterator[Term]:
    bought = month + grid.delay
    if bought > grid.months:
        return
    written = grid.month // grid.every * grid.every  # depreciation is booked at the end of each period
    booked = np.where(grid.month == grid.months, grid.months, np.maximum(written, bought))
    book = np.where(
        grid.month < bought,
        0.0,
        prices[bought] * (1 - _written_off(spend, booked - bought, grid.months - bought)),
    )
    book[grid.months + 1 :] = 0.0
    held = np.where(grid.month < grid.months, book, 0.0)
    depreciation = np.diff(book, prepend=0.0)
    depreciation[bought] = depreciation[bought] - prices[bought]
    depreciation[grid.months + 1 :] = 0.0
    horizon = np.where(grid.month == grid.months, 1.0, 0.0)
    yield Term(spend.id, "fixed_assets", amount, held)
    yield Term(spend.id, DEPRECIATION, amount, depreciation)
    yield Term(spend.id, DISPOSALS, amount, -book[grid.months] * horizon)


def _written_off(spend: Spend, elapsed: FloatArray, to_horizon: int) -> FloatArray:
    """Share of an investment written off ``elapsed`` months after it was bought.

    A schedule of amounts counts as shares of the expected amount. Without schedule or life it lasts
    ``to_horizon`` months.
    """
    years = elapsed / MONTHS
    if (shares := schedule(spend)) is not None:
        total = np.cumsum((0.0, *shares))
        return np.asarray(np.interp(years, np.arange(total.size), total), dtype=float)
    life = spend.life_years or to_horizon / MONTHS
    return np.clip(years / (life or np.inf), 0.0, 1.0)


def schedule(spend: Spend) -> tuple[float, ...] | None:
    """Shares of an investment written off in its years 1, 2, ...; None where it is a straight line.

    >>> machine = {"id": "m", "name": "M", "amount": 100, "treatment": "investment", "life_years": 5}
    >>> shares = schedule(Spend.model_validate(machine | {"depreciation": "declining"}))
    >>> [round(share, 3) for share in shares]  # 40% of what is left, then a straight line
    [0.4, 0.24, 0.144, 0.108, 0.108]
    """
    given = spend.depreciation
    if given is None:
        return None
    if given.amounts is not None:
        whole = spend.amount.expected if spend.amount else 0.0
        return tuple(amount / (whole or 1.0) for amount in given.amounts)
    if given.shares is not None:
        return given.shares
    return _declining(spend.life_years or 1.0) if given.table == "declining" else MACRS[str(given.table)]


def _declining(life: float) -> tuple[float, ...]:
    """Double declining balance, and a straight line over the rest once that writes off more."""
    left, shares = 1.0, list[float]()
    while left > 1e-12:
        rest = life - len(shares)
        share = left if rest <= 1 else left * max(2 / life, 1 / rest)
        shares.append(share)
        left -= share
    return tuple(shares)


def _terminal_terms(case: BusinessCase, values: Values, grid: Grid, own: Sequence[Term]) -> Iterator[Term]:
    """Value at the horizon of what comes after it, after tax."""
    ending, horizon = case.terminal_value, np.where(grid.month == grid.months, 1.0, 0.0)
    if ending is None:
        return
    if ending.amount is not None:
        size = value(case, "terminal_value.amount", ending.amount, values)
        yield Term("terminal_value", TERMINAL, size, horizon)
        return
    assert ending.growth is not None
    wacc = case.wacc_by_year[-1] if case.wacc_by_year else case.customer_wacc
    after_tax = 1 - (case.tax.rate if case.tax else 0.0)
    multiple = after_tax * (1 + ending.growth) / (wacc - ending.growth)
    for term in own:
        if term.line in OPERATING:
            last_year = grid.yearly(term.course)[case.years]
            yield replace(term, item="terminal_value", line=TERMINAL, course=multiple * last_year * horizon)
