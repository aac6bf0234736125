"""How many leads a target order flow takes, and by when they must be there (book, p. 138)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.rates.calibration import Calibration


@dataclass(frozen=True)
class LeadsNeeded:
    """Leads that a number of orders takes.

    Attributes
    ----------
    orders
        Orders wanted.
    on_average
        orders / hit rate: with so many leads the target is missed about every other time.
    to_be_sure
        Leads that bring the orders with the chance ``confidence``; None where no lead was ever won.
    confidence
        That chance.
    """

    orders: int
    on_average: float
    to_be_sure: int | None
    confidence: float


def leads_needed(
    orders: int, hit_rate: float, cases: float = math.inf, confidence: float = 0.80
) -> LeadsNeeded:
    """Count the leads it takes until a number of them is won: negative binomial, not only its mean.

    Parameters
    ----------
    orders
        Orders wanted, beyond those that open opportunities are expected to bring.
    hit_rate
        Share of leads won in the end.
    cases
        Closed opportunities the hit rate is worth (``effective_n`` of a calibration): the fewer, the less
        sure it is,
        and the more leads it takes (beta negative binomial). Infinite: the hit rate is known.
    confidence
        Chance with which the orders are to come.

    Raises
    ------
    ParameterError
        If the hit rate is not a share or the confidence not between 0 and 1.

    Examples
    --------
    Ten orders at a hit rate of 20 % take 50 leads on average; with 50 leads the tenth comes 56 % of
    the time.

    >>> leads_needed(10, 0.2)
    LeadsNeeded(orders=10, on_average=50.0, to_be_sure=61, confidence=0.8)
    >>> leads_needed(10, 0.2, cases=100).to_be_sure > 61
    True
    """
    if not 0 <= hit_rate <= 1:
        raise ParameterError(f"hit_rate {hit_rate:g}: write a fraction between 0 and 1")
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence {confidence:g}: write a fraction between 0 and 1, such as 0.80")
    if orders <= 0:
        return LeadsNeeded(orders, 0.0, 0, confidence)
    if hit_rate == 0:
        return LeadsNeeded(orders, math.inf, None, confidence)
    leads = orders + _failures(orders, hit_rate, cases, confidence)
    return LeadsNeeded(orders, orders / hit_rate, leads, confidence)


def _failures(orders: int, hit_rate: float, cases: float, confidence: float) -> int:
    """Leads lost before the last of the orders comes, at the quantile ``confidence``."""
    if math.isinf(cases):
        return int(stats.nbinom.ppf(confidence, orders, hit_rate))
    won, lost = cases * hit_rate + 0.5, cases * (1 - hit_rate) + 0.5  # as for the Jeffreys interval
    return int(stats.betanbinom.ppf(confidence, orders, won, lost))


def lead_plan(calibration: Calibration, orders: int, deadline: Any, confidence: float = 0.80) -> pd.DataFrame:
    """Count the leads it takes to have a number of orders by a deadline, by the month in which they come.

    Leads that come later have less time: fewer of them are won by then, so that more are needed.

    Parameters
    ----------
    calibration
        The history that is asked; a lead is an opportunity in the first status.
    orders
        Orders wanted by the deadline, beyond those that open opportunities are expected to bring by then.
    deadline
        Last day on which an order counts.
    confidence
        Chance with which the orders are to come.

    Returns
    -------
    DataFrame
        Index: day on which the leads come (the day of the calibration, then month starts). hit_rate: share
        won by the deadline; on_average, to_be_sure: leads needed; missing where none was won in that time.

    Examples
    --------
    Half of the leads are won, after 40 days: those that come later than that bring nothing in time.

    >>> from vs_toolkit.funnel.rates.calibration import calibrate
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A", "B", "B"],
    ...                         "status": ["Lead", "Order", "Lead", "Lost"],
    ...                         "changed_at": ["2026-01-01", "2026-02-10", "2026-01-01", "2026-02-10"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order", "Lost"], "order": [1, 2, 3],
    ...                        "outcome": ["open", "won", "lost"], "nominal_probability": [0.1, 1.0, 0.0]})
    >>> plan = lead_plan(calibrate(changes, funnel, "2026-03-01"), 2, "2026-04-30")
    >>> plan["hit_rate"].tolist(), plan["on_average"].tolist()
    ([0.5, 0.0], [4.0, nan])
    """
    today, end = calibration.history.as_of.tz_localize(None).normalize(), pd.Timestamp(deadline)
    days = sorted({today, *pd.date_range(today, end, freq="MS")})
    first = calibration.history.open_statuses[:1]
    curve = calibration.curve(first[0]) if first else pd.DataFrame({"days": [], "won": []})
    size = float(calibration.table["effective_n"].iloc[0]) if first else 0.0
    place = np.searchsorted(curve["days"], [(end - day).days for day in days], side="right")
    share = np.append(0.0, curve["won"])[place] if len(curve) else np.full(len(days), np.nan)
    needed = [leads_needed(orders, rate, size, confidence) if rate > 0 else None for rate in share]
    return pd.DataFrame(
        {
            "hit_rate": share,
            "on_average": [math.nan if n is None else n.on_average for n in needed],
            "to_be_sure": [math.nan if n is None else n.to_be_sure for n in needed],
        },
        index=pd.DatetimeIndex(days, name="leads_come_on"),
    )
