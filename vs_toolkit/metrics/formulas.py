"""Formulas of sales controlling on plain numbers: what every measure and bridge is made of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError

Z = {0.8: 1.2815515655446004, 0.9: 1.6448536269514722, 0.95: 1.959963984540054}
YEAR = 365


@dataclass(frozen=True)
class PriceVolumeMix:
    """Change in revenue split without remainder: ``price + volume + mix = total``."""

    price: float
    volume: float
    mix: float
    total: float


@dataclass(frozen=True)
class PriceVolumeJoint:
    """Change in revenue by the classical formula, with the joint effect kept apart."""

    price: float
    volume: float
    joint: float
    total: float


@dataclass(frozen=True)
class VolumeSplit:
    """Volume variance: ``quantity + mix = volume``."""

    volume: float
    quantity: float
    mix: float


@dataclass(frozen=True)
class NetPromoterScore:
    """Net promoter score in points from −100 to 100, with its interval and the number of answers."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class CashConversionCycle:
    """Days: inventory, receivables, payables outstanding, and inventory + receivables − payables."""

    dio: float
    dso: float
    dpo: float
    ccc: float


@dataclass(frozen=True)
class RevenueRetention:
    """Share of the revenue of the same customers that is kept: without and with expansion."""

    gross: float
    net: float


def ratio(part: Any, whole: Any, positive: bool = True) -> Any:
    """Divide; missing where the divisor is 0 (or, with ``positive``, not above 0) or anything is missing.

    >>> float(ratio(1, 4)), float(ratio(1, 0)), float(ratio(1, -2, positive=False))
    (0.25, nan, -0.5)
    """
    whole = whole if isinstance(whole, pd.Series) else np.asarray(whole, dtype=float)
    usable = whole > 0 if positive else whole != 0
    return part / (whole.where(usable) if isinstance(whole, pd.Series) else np.where(usable, whole, np.nan))


def price_volume_mix(
    price_0: Mapping[Any, float],
    units_0: Mapping[Any, float],
    price_1: Mapping[Any, float],
    units_1: Mapping[Any, float],
) -> PriceVolumeMix:
    """Split a change in revenue into price, volume and mix, with mid-point weights.

    The price effect weights price changes with the mean of old and new units; the rest weights changes of
    units with the mean price, of which volume is the change of total units at the average price, and mix what
    is left. The joint effect is shared equally: the parts sum exactly, and swapping the periods negates each.
    A product sold in one period only has no price change.

    Parameters
    ----------
    price_0, units_0, price_1, units_1
        Price and units by product, in the old (0) and the new (1) period.

    Examples
    --------
    >>> price_volume_mix({"A": 10}, {"A": 100}, {"A": 11}, {"A": 120})
    PriceVolumeMix(price=110.0, volume=210.0, mix=0.0, total=320.0)
    """
    names = sorted({*units_0, *units_1}, key=str)
    u0, u1 = (np.array([units.get(name, 0.0) for name in names], dtype=float) for units in (units_0, units_1))
    p0 = np.array([_price(name, units_0, price_0, price_1) for name in names], dtype=float)
    p1 = np.array([_price(name, units_1, price_1, price_0) for name in names], dtype=float)
    middle = (p0 + p1) / 2
    price = float(((p1 - p0) * (u0 + u1) / 2).sum())
    quantity = float((middle * (u1 - u0)).sum())
    averages = [float((middle * u).sum() / u.sum()) for u in (u0, u1) if u.sum() > 0]
    volume = float(u1.sum() - u0.sum()) * float(np.mean(averages)) if averages else quantity
    return PriceVolumeMix(price, volume, quantity - volume, price + quantity)


def _price(
    name: Any, units: Mapping[Any, float], own: Mapping[Any, float], other: Mapping[Any, float]
) -> float:
    return own[name] if units.get(name) else other.get(name, own.get(name, 0.0))


def price_volume_joint(
    price_0: Mapping[Any, float],
    units_0: Mapping[Any, float],
    price_1: Mapping[Any, float],
    units_1: Mapping[Any, float],
) -> PriceVolumeJoint:
    """Split a change in revenue into price at old units, volume at old prices and the joint effect.

    >>> price_volume_joint({"A": 10}, {"A": 100}, {"A": 11}, {"A": 120})
    PriceVolumeJoint(price=100.0, volume=200.0, joint=20.0, total=320.0)
    """
    names = sorted({*units_0, *units_1}, key=str)
    price = sum((price_1[n] - price_0[n]) * units_0[n] for n in names)
    volume = sum((units_1[n] - units_0[n]) * price_0[n] for n in names)
    joint = sum((price_1[n] - price_0[n]) * (units_1[n] - units_0[n]) for n in names)
    return PriceVolumeJoint(float(price), float(volume), float(joint), float(price + volume + joint))


def volume_split(
    units_0: Mapping[Any, float], unit_margin: Mapping[Any, float], units_1: Mapping[Any, float]
) -> VolumeSplit:
    """Split the volume variance into quantity (at the planned mix) and mix.

    >>> volume_split({"A": 1, "B": 1}, {"A": 10, "B": 20}, {"A": 3, "B": 1})
    VolumeSplit(volume=20.0, quantity=30.0, mix=-10.0)
    """
    before, now = sum(units_0.values()), sum(units_1.values())
    volume = sum((units_1.get(n, 0.0) - units_0.get(n, 0.0)) * unit_margin[n] for n in unit_margin)
    average = sum(units_0[n] * unit_margin[n] for n in units_0) / before if before else math.nan
    quantity = (now - before) * average
    return VolumeSplit(float(volume), float(quantity), float(volume - quantity))


def break_even_volume(price_change: float, contribution_margin: float) -> float | None:
    """Return the change in volume that leaves the contribution unchanged: −ΔP ÷ (CM + ΔP).

    Parameters
    ----------
    price_change, contribution_margin
        Both as fractions of the old price, or both in money per unit.

    Returns
    -------
    float or None
        Fraction of the old volume; None where no volume makes up for the change (CM + ΔP ≤ 0).

    >>> break_even_volume(-0.2, 0.6), break_even_volume(-0.3, 0.3) is None
    (0.5, True)
    """
    left = contribution_margin + price_change
    return round(-price_change / left, 12) if left > 1e-12 else None


def net_promoter_score(
    promoters: float, passives: float, detractors: float, confidence: float = 0.95
) -> NetPromoterScore:
    """Return the net promoter score with its interval (normal, variance of a difference of two shares).

    Promoters answer 9 or 10 of 10, detractors 0 to 6. Missing without answers.

    >>> score = net_promoter_score(291, 476, 395)
    >>> round(score.value, 2), round(score.high - score.value, 2)
    (-8.95, 4.39)
    """
    n = promoters + passives + detractors
    if min(promoters, passives, detractors) < 0 or confidence not in Z:
        raise ParameterError(f"counts must not be negative and confidence one of {', '.join(map(str, Z))}")
    if not n:
        return NetPromoterScore(math.nan, math.nan, math.nan, 0)
    p, d = promoters / n, detractors / n
    half = 100 * Z[confidence] * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / n)
    value = 100 * (p - d)
    return NetPromoterScore(value, max(value - half, -100.0), min(value + half, 100.0), int(n))


def cash_conversion_cycle(
    inventory: Any, receivables: Any, payables: Any, revenue: Any, cost_of_goods: Any, days: float = YEAR
) -> CashConversionCycle:
    """Return days of inventory and payables (on cost of goods) and of receivables (on revenue).

    Balances are averages or closing balances as given; ``days`` are those of the period of revenue and cost.
    Where a divisor is not above 0 the days, and the cycle, are missing. A negative cycle is right.

    >>> cycle = cash_conversion_cycle(3e6, 6e6, 2.8e6, 40e6, 30e6)
    >>> float(cycle.dio), float(cycle.dso), round(float(cycle.ccc), 2)
    (36.5, 54.75, 57.18)
    """
    dio, dpo = (ratio(balance, cost_of_goods) * days for balance in (inventory, payables))
    dso = ratio(receivables, revenue) * days
    return CashConversionCycle(dio, dso, dpo, dio + dso - dpo)


def customer_retention(at_start: float, at_end: float, new: float) -> float:
    """Return the share of customers kept: (at the end − new) ÷ at the start; missing without any at start.

    >>> customer_retention(100, 105, 20)
    0.85
    """
    return (at_end - new) / at_start if at_start else math.nan


def revenue_retention(
    start: float, expansion: float = 0.0, contraction: float = 0.0, churn: float = 0.0
) -> RevenueRetention:
    """Return gross and net revenue retention of the same customers; missing without revenue at the start.

    >>> kept = revenue_retention(27_000, expansion=8_000, churn=5_000)
    >>> round(kept.gross, 3), round(kept.net, 3)
    (0.815, 1.111)
    """
    if start <= 0:
        return RevenueRetention(math.nan, math.nan)
    kept = start - contraction - churn
    return RevenueRetention(kept / start, (kept + expansion) / start)


def retention_by_tenure(survival: Sequence[float]) -> list[float]:
    """Return the retention in each year from the share that survives to its end: S(t) ÷ S(t − 1).

    >>> retention_by_tenure([100, 80, 72])
    [0.8, 0.9]
    """
    return [after / before if before else math.nan for before, after in pairwise(survival)]


def sales_velocity(opportunities: Any, average_value: Any, win_rate: Any, cycle_days: Any) -> Any:
    """Return the value won per day: opportunities × value × win rate ÷ cycle; missing with a cycle of 0.

    >>> round(float(sales_velocity(40, 25_000, 0.25, 90)), 2)
    2777.78
    """
    return ratio(opportunities * average_value * win_rate, cycle_days)


def usual_band(earlier: Iterable[float]) -> tuple[float, float]:
    """Return the band within which values of a steady process vary (XmR chart: mean ± 2.66 × moving range).

    Wheeler, *Understanding Variation* (1993). Missing with fewer than four values, which show no range yet.

    >>> usual_band([10, 12, 10, 12])
    (5.68, 16.32)
    """
    known = np.array([value for value in earlier if not math.isnan(value)], dtype=float)
    if known.size < 4:
        return math.nan, math.nan
    half = 2.66 * float(np.abs(np.diff(known)).mean())
    return float(known.mean()) - half, float(known.mean()) + half
