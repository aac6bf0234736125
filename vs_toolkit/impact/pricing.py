"""The corridor from the lowest price we can accept to the highest a customer could pay (book, figure 14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit import finance, formats
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.provider import solution_cost
from vs_toolkit.impact.statement import lines
from vs_toolkit.impact.timing import grid_of, untaxed
from vs_toolkit.inputs.cases.business_case import Alternative, BusinessCase, Spend
from vs_toolkit.inputs.cases.effects import Factor
from vs_toolkit.uncertainty import zero

BASIS = {
    "cost_based": "Our cost and the margin we require",
    "market_based": "What the next best alternative costs",
    "value_based": "All that the customer would gain, or all that keeps it from the alternative",
}


@dataclass(frozen=True, eq=False)
class PriceCorridor:
    """Where a price may lie: present values in ``currency``; None where the case does not say (see ``gaps``).

    Attributes
    ----------
    cost, floor
        What the solution costs us (at ``provider_wacc``) and the lowest price: cost / (1 - required margin).
    theoretical_ceiling
        Value to the customer: the payment at the start, an expense, that leaves it with an NPV of 0.
    practical_ceiling
        Price of the next best alternative and the expected worth of what differs; ``practical_low`` and
        ``practical_high`` with the differences at their ends.
    price, price_to_us
        Price of the case at the customer's WACC, and at ours.
    position
        Place of that price between the level at which it would be at our floor (0) and the level at which
        it would be at the lower of the ceilings (1): each side judges at its own WACC.
    stop, reasons
        Whether no price serves both sides, and why, in words.
    prices
        Index ``cost_based``, ``market_based``, ``value_based``: ``price``, ``margin`` (fraction of the
        price), ``customer_keeps`` (its gain at that price), ``basis``.
    gaps
        What is missing and what therefore cannot be said.
    """

    currency: str
    cost: float | None
    floor: float | None
    theoretical_ceiling: float | None
    practical_ceiling: float | None
    practical_low: float | None
    practical_high: float | None
    price: float | None
    price_to_us: float | None
    position: float | None
    stop: bool
    reasons: tuple[str, ...]
    prices: pd.DataFrame
    gaps: tuple[str, ...]


def price_corridor(case: BusinessCase) -> PriceCorridor:
    """Find the floor and the ceilings of the price of ``case``, and where its price lies.

    Source: book, chapter 5, figure 14 and the five steps of capturing the value.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> corridor = impact.price_corridor(case)
    >>> corridor.price, corridor.floor, corridor.gaps
    (950000.0, None, ('Our side of the case is not given: no floor and no margin.',))
    """
    cost, floor = _floor(case)
    theoretical = value_to_customer(case)
    alternative = case.provider.alternative if case.provider else None
    low, practical, high = (_practical(alternative, end) for end in ("low", "expected", "high"))
    price, to_us = _price(case)
    ceiling = _lower(theoretical, practical)
    reasons = tuple(_reasons(floor, theoretical, practical, case.currency))
    return PriceCorridor(
        currency=case.currency,
        cost=cost,
        floor=floor,
        theoretical_ceiling=theoretical,
        practical_ceiling=practical,
        practical_low=low,
        practical_high=high,
        price=price,
        price_to_us=to_us,
        position=_position(floor, ceiling, price, to_us),
        stop=bool(reasons),
        reasons=reasons,
        prices=_prices(cost, theoretical, [floor, alternative.price if alternative else None, ceiling]),
        gaps=tuple(_gaps(case, theoretical)),
    )


def value_to_customer(case: BusinessCase) -> float | None:
    """Return the payment at the start, an expense, that would take all the value; None when there is none.

    Without tax that is the NPV before price.
    """
    single = Spend.model_validate({"id": "price", "name": "Price", "amount": 0})
    priced = case.model_copy(update={"price": single, "fees": ()})
    free = float(lines(priced).npv)
    return zero(lambda amount: float(lines(priced, {"price.amount": amount}).npv), 0.0, abs(free) or 1.0)


def payments(case: BusinessCase) -> FloatArray:
    """Amounts that the customer pays to the provider per month, positive; shape (grid.size,), in currency.

    How the customer books it, and what it later sells the investment for, is not a matter of the price.
    """
    plain = {"treatment": "expense", "life_years": None, "depreciation": None, "salvage": Factor.of(0)}
    paid = [item.model_copy(update=plain) for item in case.price_items]
    nothing = {"effects": (), "costs": (), "terminal_value": None}
    first, others = (paid[0], paid[1:]) if case.price else (None, paid)
    only = case.model_copy(update=nothing | {"price": first, "fees": tuple(others)})
    return -lines(untaxed(only)).cash_flow


def _floor(case: BusinessCase) -> tuple[float | None, float | None]:
    """Present value of our cost at our WACC, and with the required margin (a share of the price)."""
    if case.provider is None:
        return None, None
    rate = grid_of(case).rate(case.provider.wacc)
    cost = float(finance.npv(rate, solution_cost(case, case.provider, {}, {})))
    return cost, cost / (1 - case.provider.required_margin)


def _practical(alternative: Alternative | None, end: str) -> float | None:
    if alternative is None:
        return None
    worth: list[float] = [getattr(difference.value, end) for difference in alternative.differences]
    return alternative.price + sum(worth)


def _price(case: BusinessCase) -> tuple[float | None, float | None]:
    """Present value of the price at the customer's WACC and at ours."""
    if not case.price_items:
        return None, None
    paid, grid = payments(case), grid_of(case)
    ours = float(finance.npv(grid.rate(case.provider.wacc), paid)) if case.provider else None
    return float(finance.npv(grid.rate(case.rates), paid)), ours


def _lower(*ceilings: float | None) -> float | None:
    return min((ceiling for ceiling in ceilings if ceiling is not None), default=None)


def _position(
    floor: float | None, ceiling: float | None, price: float | None, to_us: float | None
) -> float | None:
    """Place on one scale, the level of the price: each side judges it at its own cost of capital."""
    if floor is None or ceiling is None or not price or not to_us:
        return None
    lowest, highest = floor / to_us, ceiling / price
    return (1 - lowest) / (highest - lowest) if highest > lowest else None


def _reasons(
    floor: float | None, theoretical: float | None, practical: float | None, currency: str
) -> list[str]:
    """Say for each ceiling below the floor that the procedure ends here (book: step 3)."""
    ceilings = {
        "the solution is worth to the customer": theoretical,
        "the customer has to pay for the next best alternative and what differs": practical,
    }
    return [
        f"Stop: our lowest price of {formats.money(floor, currency)} is above the "
        f"{formats.money(ceiling, currency)} that {what}."
        for what, ceiling in ceilings.items()
        if floor is not None and ceiling is not None and floor > ceiling
    ]


def _prices(cost: float | None, value: float | None, prices: list[float | None]) -> pd.DataFrame:
    frame = pd.DataFrame({"price": pd.array(prices, dtype=float)}, index=pd.Index(BASIS, name="pricing"))
    margin = 1 - (np.nan if cost is None else cost) / frame["price"].where(frame["price"] > 0)
    keeps = (np.nan if value is None else value) - frame["price"]
    return frame.assign(margin=margin, customer_keeps=keeps, basis=list(BASIS.values()))


def _gaps(case: BusinessCase, theoretical: float | None) -> list[str]:
    gaps = []
    if case.provider is None:
        gaps.append("Our side of the case is not given: no floor and no margin.")
    elif case.provider.alternative is None:
        gaps.append("The next best alternative is not given: no practical ceiling and no market-based price.")
    if not case.price_items:
        gaps.append("The case has no price: its place in the corridor is not known.")
    if theoretical is None:
        gaps.append("No payment takes all the value: no theoretical ceiling.")
    return gaps
