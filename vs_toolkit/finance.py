"""Time value of money: the only place that discounts.

Time 0 is undiscounted, what happens in a period falls at its end; rates are fractions per period; dated flows
use ACT/365 from the first date, as Excel does. Money that comes in is positive. Nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy_financial as npf
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

FloatArray = NDArray[np.float64]
NOISE = 1e-12  # relative to the largest flow: what rounding leaves behind is no cash flow


@dataclass(frozen=True)
class IRR:
    """Internal rates of return: every real root above -100 %, ascending, and the one to show.

    ``value`` is the root nearest the guess (as growth: the ratio of 1 + root to 1 + guess), ``None`` when
    there is none. With ``status`` "multiple" it means little: look at the NPV profile and the modified rate.
    """

    status: Literal["unique", "multiple", "none"]
    value: float | None
    roots: tuple[float, ...]


@dataclass(frozen=True)
class Reconciliation:
    """The NPV of the cash flow beside the present value of the residual income, in currency.

    ``difference`` is ``npv - (pv_residual_income - pv_closing_capital)``: zero but for rounding.
    """

    npv: float
    pv_residual_income: float
    pv_closing_capital: float
    difference: float


def discount_factors(rate: ArrayLike, periods: int) -> FloatArray:
    """Present value of 1 due at the end of periods 0, 1, ..., ``periods``; shape (periods+1,).

    ``rate`` is one fraction per period, or shape (periods+1,) with the rate of each period (its first entry,
    time 0, has no effect). Raises ValueError at -100 % or below.

    >>> discount_factors(0.25, 2).tolist()
    [1.0, 0.8, 0.64]
    """
    growth = 1 + np.broadcast_to(np.asarray(rate, dtype=float), (periods + 1,))
    if (growth <= 0).any():
        raise ValueError(f"a rate must be above -100 %, found {growth.min() - 1:.0%}")
    return 1 / np.cumprod(np.concatenate([[1.0], growth[1:]]))


def npv(rate: ArrayLike, cash_flows: ArrayLike) -> FloatArray:
    """Net present value of flows of shape (..., periods+1), the first at time 0; shape (...), in currency.

    Excel's NPV discounts its first value as well: there this is ``=CF0+NPV(rate,CF1:CFn)``. ``rate`` as in
    :func:`discount_factors`.

    >>> round(float(npv(0.08, [-40_000, 5_000, 8_000, 12_000, 30_000])), 2)
    3065.22
    """
    flows = _flows(cash_flows)
    present: FloatArray = flows @ discount_factors(rate, flows.shape[-1] - 1)
    return present


def xnpv(rate: float, cash_flows: ArrayLike, dates: Sequence[date | str]) -> float:
    """Net present value on the first date of dated flows, ``rate`` per year, ACT/365 (Excel's XNPV).

    >>> round(xnpv(0.09, [-100, 218], ["2025-01-01", "2026-01-01"]), 9)
    100.0
    """
    flows, years = _dated(cash_flows, dates)
    return float(flows @ (1 + rate) ** -years)


def irr(cash_flows: ArrayLike, guess: float = 0.1) -> IRR:
    """Every internal rate of return above -100 % per period of one series of flows, the first at time 0.

    Flows below 1e-12 of the largest count as zero. Raises ValueError for missing or infinite flows.

    >>> [round(root, 9) for root in irr([-1600, 10_000, -10_000]).roots]
    [0.25, 4.0]
    """
    flows = _flows(cash_flows)
    return _all_rates(np.arange(flows.size, dtype=float), flows, guess)


def xirr(cash_flows: ArrayLike, dates: Sequence[date | str], guess: float = 0.1) -> IRR:
    """Every internal rate of return above -100 % per year of dated flows, ACT/365 from the first date.

    >>> xirr([-100, 110], ["2025-01-01", "2026-01-01"]).status
    'unique'
    """
    flows, years = _dated(cash_flows, dates)
    return _all_rates(years, flows, guess)


def mirr(cash_flows: ArrayLike, finance_rate: float, reinvest_rate: float) -> float | None:
    """Modified internal rate of return per period; ``None`` unless money goes out and comes in.

    >>> round(mirr([-100, 0, 121], 0.1, 0.1), 9)
    0.1
    """
    flows = _flows(cash_flows)
    if flows.min() >= 0 or flows.max() <= 0:
        return None
    return float(npf.mirr(flows, finance_rate, reinvest_rate))


def payback(cash_flows: ArrayLike) -> float | None:
    """Periods until the cumulative flow is no longer negative and stays so; linear within the period.

    0 when it is never negative, ``None`` when it ends negative.

    >>> payback([-100, 40, 40, 40]), payback([-100, 50])
    (2.5, None)
    """
    flows = _flows(cash_flows)
    balance = np.cumsum(flows)
    negative = np.flatnonzero(balance < -NOISE * np.abs(flows).max())
    if not negative.size:
        return 0.0
    last = int(negative[-1])
    return None if last == flows.size - 1 else float(last - balance[last] / flows[last + 1])


def discounted_payback(rate: ArrayLike, cash_flows: ArrayLike) -> float | None:
    """Like :func:`payback`, of the discounted flows: until the investment and its return are earned.

    >>> discounted_payback(0.25, [-100, 100, 62.5])
    1.5
    """
    flows = _flows(cash_flows)
    return payback(flows * discount_factors(rate, flows.size - 1))


def annuity(present_value: float, rate: float, periods: int) -> float:
    """Equal amount at the end of each of ``periods`` periods that is worth ``present_value`` today.

    >>> round(annuity(1000, 0.1, 2), 2)
    576.19
    """
    return float(-npf.pmt(rate, periods, present_value))


def capital_charge(capital: ArrayLike, rate: ArrayLike) -> FloatArray:
    """Cost of the *opening* capital of each period; ``capital`` holds closing levels, shape (..., periods+1).

    Capital before time 0 is nil. Same shape as ``capital``, in currency, positive is a cost.

    >>> capital_charge([100, 60, 0], 0.1).tolist()
    [0.0, 10.0, 6.0]
    """
    levels = _flows(capital)
    opening = np.concatenate([np.zeros_like(levels[..., :1]), levels[..., :-1]], axis=-1)
    charge: FloatArray = opening * np.asarray(rate, dtype=float)
    return charge


def residual_income(nopat: ArrayLike, capital: ArrayLike, rate: ArrayLike) -> FloatArray:
    """Profit after tax less :func:`capital_charge` (economic value added); shape (..., periods+1).

    >>> residual_income([0, 410], [2000, 2000], 0.1).tolist()
    [0.0, 210.0]
    """
    return np.asarray(nopat, dtype=float) - capital_charge(capital, rate)


def reconcile(cash_flows: ArrayLike, nopat: ArrayLike, capital: ArrayLike, rate: ArrayLike) -> Reconciliation:
    """Set the NPV of the cash flow beside the present value of the residual income (Preinreich-Luecke).

    They agree when profit less the change of capital is the cash flow; capital left at the end is deducted.
    All series have shape (periods+1,); ``rate`` may change by period.

    >>> result = reconcile([-100, 75, 100], [0, 25, 50], [100, 50, 0], 0.25)
    >>> round(result.npv, 9), round(result.pv_residual_income, 9)
    (24.0, 24.0)
    """
    levels = _flows(capital)
    value, income = float(npv(rate, cash_flows)), float(npv(rate, residual_income(nopat, levels, rate)))
    left = float(levels[-1] * discount_factors(rate, levels.size - 1)[-1])
    return Reconciliation(value, income, left, value - (income - left))


def nominal_rate(real: float, inflation: float) -> float:
    """Rate in money of the day: (1 + nominal) = (1 + real)(1 + inflation).

    >>> round(nominal_rate(0.05, 0.02), 4)
    0.071
    """
    return (1 + real) * (1 + inflation) - 1


def real_rate(nominal: float, inflation: float) -> float:
    """Rate in constant money from a nominal one.

    >>> round(real_rate(0.071, 0.02), 4)
    0.05
    """
    return (1 + nominal) / (1 + inflation) - 1


def price_index(inflation: float, years: ArrayLike) -> FloatArray:
    """Price level after ``years`` (any shape) relative to time 0.

    >>> price_index(0.5, [0, 1, 2]).tolist()
    [1.0, 1.5, 2.25]
    """
    index: FloatArray = (1 + inflation) ** np.asarray(years, dtype=float)
    return index


def convert_rate(rate: float, years: float) -> float:
    """Rate for a span of ``years`` that compounds to ``rate`` per year: 1/12 for a month; 12 turns it back.

    >>> round(convert_rate(0.21, 0.5), 9)
    0.1
    """
    return float((1 + rate) ** years - 1)


def _flows(values: ArrayLike) -> FloatArray:
    flows = np.asarray(values, dtype=float)
    if flows.ndim == 0 or flows.shape[-1] == 0:
        raise ValueError("give at least one cash flow")
    return flows


def _dated(cash_flows: ArrayLike, dates: Sequence[date | str]) -> tuple[FloatArray, FloatArray]:
    flows = _flows(cash_flows)
    days = np.asarray(dates, dtype="datetime64[D]")
    if days.shape != flows.shape:
        raise ValueError(f"{flows.size} cash flows need as many dates, found {days.size}")
    return flows, (days - days[0]).astype(float) / 365


def _all_rates(times: FloatArray, flows: FloatArray, guess: float) -> IRR:
    if flows.ndim != 1 or not np.isfinite(flows).all():
        raise ValueError("an internal rate of return needs one series of finite cash flows")
    moments, place = np.unique(times, return_inverse=True)
    scaled: FloatArray = np.bincount(place, weights=flows / (np.abs(flows).max() or 1.0)).astype(float)
    counts = np.abs(scaled) > NOISE
    with np.errstate(over="ignore"):
        rates = np.expm1(np.negative(_zeros(moments[counts], scaled[counts])))
    roots = tuple(sorted(float(rate) for rate in rates if -1 < rate < np.inf))
    nearest = min(roots, key=lambda root: abs(np.log((1 + root) / (1 + guess))), default=None)
    return IRR("none" if nearest is None else "unique" if len(roots) == 1 else "multiple", nearest, roots)


def _zeros(times: FloatArray, weights: FloatArray) -> list[float]:
    """All y with ``sum(weights * exp(times * y)) == 0``.

    Multiplying by ``exp(-k * y)`` moves no zero. With k between two times where the weights change sign, the
    derivative of the product has one sign change less, and by Rolle its zeros separate those looked for. So
    go down until no sign change is left, and come up again, searching between the zeros of the level below.
    """
    levels = []
    while (changes := np.flatnonzero(np.diff(np.sign(weights)))).size:
        levels.append(weights)
        tilted = weights * (times - times[changes[0] : changes[0] + 2].mean())
        weights = tilted / np.abs(tilted).max()
    zeros: list[float] = []
    for level in reversed(levels):
        zeros = _zeros_between(times, level, zeros)
    return zeros


def _zeros_between(times: FloatArray, weights: FloatArray, turns: list[float]) -> list[float]:
    """Zeros of the sum whose turning points are ``turns``; a turning point that touches zero is one."""

    def balance(y: float) -> float:
        """Return the sum relative to the sum of absolute terms: -1 ... 1, and 0 within rounding."""
        terms = weights * np.exp(times * y - (times * y).max())
        relative = float(terms.sum() / np.abs(terms).sum())
        return relative if abs(relative) > 1e-14 else 0.0

    def beyond(start: float, direction: int) -> float:
        """Walk outwards until the outermost flow decides the sum alone."""
        outermost = np.sign(weights[-1 if direction > 0 else 0])
        step = 1.0
        while balance(start + direction * step) * outermost < 0.5:
            step *= 2
        return start + direction * step

    edges = [beyond(min(turns, default=0.0), -1), *turns, beyond(max(turns, default=0.0), 1)]
    crossings = [brentq(balance, a, b, xtol=1e-15) for a, b in pairwise(edges) if balance(a) * balance(b) < 0]
    return sorted([*crossings, *(y for y in turns if balance(y) == 0.0)])
