"""Rates of many groups, each drawn to the common rate as far as chance may explain its distance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special, stats

from vs_toolkit.errors import ParameterError

Floats = npt.NDArray[np.float64]
RATES: Floats = (np.arange(500) + 0.5) / 500
SPREADS: Floats = np.linspace(0.005, 0.8, 32)  # of the groups' rates, in units of sqrt(p(1 - p))
COMMON: Floats = (np.arange(5) + 0.5) / 5  # parts of the distribution of the common rate
NEGLIGIBLE = 1e-5  # weight of a combination of common rate and spread below which it is left out


@dataclass(frozen=True)
class ShrunkRates:
    """Shrunk rates of groups with intervals, each of shape (groups,), missing where a group has no trial.

    ``worth``: how many trials of its own a group needs before they count as much as the common rate;
    infinite where the groups show no difference at all.
    """

    rate: Floats
    low: Floats
    high: Floats
    worth: float


def shrink_rates(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.9) -> ShrunkRates:
    """Shrink the rates of groups to their common rate (empirical Bayes).

    The groups' true rates are taken as drawn from a beta distribution around the common rate. How far they
    spread is estimated from all groups (beta-binomial likelihood); results are averaged over what remains
    possible, so that intervals do not pretend to know it (Efron and Morris, J. Am. Stat. Assoc. 70 (1975)
    311-319; Morris, ibid. 78 (1983) 47-55). Time and memory are linear in the number of groups.

    Parameters
    ----------
    successes, n
        Successes and trials of each group, shape (groups,).
    confidence
        Probability that an interval holds the group's true rate.

    Examples
    --------
    Two people won 8 and 2 of 10: ten opportunities do not show that the difference is quite as large.

    >>> shrink_rates([8, 2], [10, 10]).rate.round(2).tolist()
    [0.7, 0.3]
    """
    won, size = (np.asarray(values, dtype=np.float64) for values in (successes, n))
    if won.shape != size.shape or (won < 0).any() or (won > size).any():
        raise ParameterError("successes must lie between 0 and the number of trials, one pair per group")
    if not size.sum():
        nothing = np.full(won.shape, math.nan)
        return ShrunkRates(nothing, nothing, nothing, math.inf)
    pairs, which = np.unique(np.column_stack([won, size - won]), axis=0, return_inverse=True)
    a, b, weight, worth = _combinations(won, size)
    found = mean_and_interval(RATES, _posterior(pairs, a, b, weight), confidence)[which.ravel()]
    rate, low, high = np.where(size[:, None] > 0, found, math.nan).T
    return ShrunkRates(rate, low, high, worth)


def _combinations(won: Floats, size: Floats) -> tuple[Floats, Floats, Floats, float]:
    """Beta priors of the groups' rates, their posterior weights, and how much the likeliest is worth."""
    common = stats.beta.ppf(COMMON, won.sum() + 0.5, (size - won).sum() + 0.5)[:, None]
    worth = 1 / SPREADS**2 - 1
    a, b = (common * worth).ravel(), ((1 - common) * worth).ravel()
    fit = sum(  # the binomial coefficient is the same for every prior
        special.betaln(w + a, n - w + b) - special.betaln(a, b) for w, n in zip(won, size, strict=True)
    )
    weight = np.exp(fit - fit.max()).reshape(len(COMMON), -1)
    weight /= weight.sum(axis=1, keepdims=True)
    likeliest = int(weight.sum(axis=0).argmax())
    flat = weight.ravel() / len(COMMON)
    kept = flat > NEGLIGIBLE
    return a[kept], b[kept], flat[kept], float(worth[likeliest]) if likeliest else math.inf


def _posterior(pairs: Floats, a: Floats, b: Floats, weight: Floats) -> Floats:
    """Mixture of the posterior densities of each pair (won, lost) on RATES; shape (pairs, rates)."""
    density = np.zeros((len(pairs), len(RATES)))
    up, down = np.log(RATES), np.log1p(-RATES)
    for prior_won, prior_lost, share in zip(a, b, weight, strict=True):
        won, lost = pairs[:, :1] + prior_won, pairs[:, 1:] + prior_lost
        density += share * np.exp((won - 1) * up + (lost - 1) * down - special.betaln(won, lost))
    return density


def mean_and_interval(grid: Floats, density: Floats, confidence: float) -> Floats:
    """Mean and central interval of densities given on a grid.

    Parameters
    ----------
    grid
        Equally spaced points, shape (k,).
    density
        Up to a factor, shape (n, k).
    confidence
        Share of the density within the interval.

    Returns
    -------
    ndarray of shape (n, 3)
        Mean, low, high.

    Examples
    --------
    >>> mean_and_interval(RATES, np.ones((1, 500)), 0.9).round(2).tolist()
    [[0.5, 0.05, 0.95]]
    """
    share = density / density.sum(axis=1, keepdims=True)
    below = share.cumsum(axis=1) - share / 2
    ends = [
        [float(np.interp(tail, row, grid)) for tail in ((1 - confidence) / 2, (1 + confidence) / 2)]
        for row in below
    ]
    return np.column_stack([share @ grid, np.reshape(ends, (len(share), 2))])
