"""How long relationships last, estimated from history: retention, and the shifted beta-geometric model.

All results are estimates from past customers and are to be called so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import betaln

from vs_toolkit.finance import FloatArray

START = (1.0, 1.0)
LIMITS = (-9.0, 9.0)  # of the logarithms of alpha and beta


@dataclass(frozen=True)
class SBG:
    """Fitted shifted beta-geometric model of yearly churn; unpacks as ``alpha, beta``."""

    alpha: float
    beta: float
    log_likelihood: float

    def __iter__(self) -> Iterator[float]:
        """Yield alpha and beta."""
        return iter((self.alpha, self.beta))


def sbg_fit(active_by_year: Sequence[float]) -> SBG:
    """Fit the shifted beta-geometric model to one cohort by maximum likelihood.

    Customers still active at the end are censored, not lost. Source: Fader and Hardie, How to Project
    Customer Retention, Journal of Interactive Marketing 21(1), 2007.

    Parameters
    ----------
    active_by_year
        Customers of the cohort active at the start and at the end of each year; never rising.

    Raises
    ------
    ValueError
        With fewer than two years, a count that rises, or nobody lost.

    >>> alpha, beta = sbg_fit([1000, 869, 743, 653, 593, 551, 517, 491])
    >>> round(alpha, 3), round(beta, 2)
    (0.668, 3.81)
    """
    active = np.asarray(active_by_year, dtype=float)
    if active.size < 3 or not np.isfinite(active).all() or active[-1] < 0:
        raise ValueError("give the customers active at the start and at the end of at least two years")
    lost = -np.diff(active)
    if (lost < 0).any() or not lost.sum():
        raise ValueError("active customers of one cohort must fall and never rise")

    def cost(log_parameters: FloatArray) -> float:
        alpha, beta = np.exp(log_parameters)
        return -_log_likelihood(alpha, beta, lost, active[-1])

    found = minimize(cost, np.log(START), method="L-BFGS-B", bounds=[LIMITS, LIMITS])
    polished = minimize(cost, found.x, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10})
    alpha, beta = np.exp(polished.x)
    return SBG(float(alpha), float(beta), float(-polished.fun))


def _log_likelihood(alpha: float, beta: float, lost: FloatArray, survivors: float) -> float:
    years = np.arange(1, lost.size + 1)
    churned = betaln(alpha + 1, beta + years - 1) - betaln(alpha, beta)
    return float(lost @ churned + survivors * (betaln(alpha, beta + lost.size) - betaln(alpha, beta)))


def sbg_survival(alpha: float, beta: float, year: ArrayLike) -> FloatArray:
    """Probability that a customer is still active after ``year`` years; same shape as ``year``.

    >>> round(float(sbg_survival(0.668, 3.806, 12)), 3)
    0.378
    """
    survival: FloatArray = np.exp(betaln(alpha, beta + np.asarray(year, dtype=float)) - betaln(alpha, beta))
    return survival


def retention_by_tenure(active_by_year: ArrayLike) -> FloatArray:
    """Share of those active at the start of each year who were active at its end; none left gives none.

    >>> retention_by_tenure([100, 80, 60]).tolist()
    [0.8, 0.75]
    """
    active = np.asarray(active_by_year, dtype=float)
    before = np.where(active[:-1] > 0, active[:-1], np.nan)
    rates: FloatArray = active[1:] / before
    return rates


def retention(at_start: float, at_end: float, new: float = 0.0) -> float | None:
    """Share of the customers at the start who are there at the end; new ones do not count.

    >>> retention(200, 210, 30), retention(0, 5, 5)
    (0.9, None)
    """
    return (at_end - new) / at_start if at_start > 0 else None


def retention_from_life(periods: ArrayLike) -> FloatArray:
    """Constant retention that goes with an expected life of so many periods: 1 - 1/N.

    >>> retention_from_life([4, 5]).tolist()
    [0.75, 0.8]
    """
    rates: FloatArray = 1 - 1 / np.asarray(periods, dtype=float)
    return rates
