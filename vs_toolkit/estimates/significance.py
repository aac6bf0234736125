"""Whether groups differ by more than chance, and how that is worded: the same words in every report."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import stats

SIGNIFICANT = 0.05
RESAMPLES = 9999


def homogeneity(successes: npt.ArrayLike, failures: npt.ArrayLike, seed: int = 1) -> float:
    """Return the p-value of one common rate in all groups (chi-square test of homogeneity).

    Simulated with fixed margins where one in five expected counts is below 5 or any is below 1 (Cochran,
    Biometrics 10 (1954) 417-451). Missing if fewer than two groups have observations or all ended alike.

    >>> round(homogeneity([30, 45], [70, 55]), 4)
    0.0285
    """
    counts = np.array([successes, failures]).T
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2 or not counts.sum(axis=0).all():
        return math.nan
    test = stats.chi2_contingency(counts, correction=False)
    if (test.expected_freq < 5).mean() <= 0.2 and test.expected_freq.min() >= 1:
        return float(test.pvalue)
    simulated = stats.MonteCarloMethod(
        n_resamples=RESAMPLES, rng=np.random.default_rng(seed), batch=max(1, 1_000_000 // counts.size)
    )
    return float(stats.chi2_contingency(counts, correction=False, method=simulated).pvalue)


def p_text(p_value: float) -> str:
    """Write a p-value.

    >>> p_text(0.26), p_text(0.0004), p_text(0.049)
    ('p = 0.26', 'p < 0.01', 'p = 0.049')
    """
    if p_value < 0.01:
        return "p < 0.01"
    digits = 3 if 0.045 <= p_value < 0.055 else 2  # 0.049 must not read as 0.05
    return f"p = {p_value:.{digits}f}"


def significance(p_value: float) -> str:
    """Say what a test of differences between groups supports.

    >>> significance(0.26)
    'No statistically significant difference (p = 0.26)'
    >>> significance(0.004)
    'Statistically significant difference (p < 0.01)'
    >>> significance(math.nan)
    'Difference not testable: it takes two groups with known outcomes that did not all end alike'
    """
    if math.isnan(p_value):
        return "Difference not testable: it takes two groups with known outcomes that did not all end alike"
    what = (
        "Statistically significant difference"
        if p_value < SIGNIFICANT
        else "No statistically significant difference"
    )
    return f"{what} ({p_text(p_value)})"
