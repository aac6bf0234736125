"""Confidence intervals of a rate, of the difference and of the ratio of two rates.

Numbers in give numbers back, arrays give arrays. Successes and sizes need not be whole (effective sizes are
not). Without any trial the ends are missing, never 0 and 1.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from vs_toolkit.errors import ParameterError

Floats = npt.NDArray[np.float64]
METHODS = {"newcombe": "newcomb", "agresti-caffo": "agresti-caffo"}


def wilson(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.9) -> tuple[Any, Any]:
    """Return the Wilson score interval of a rate, without continuity correction.

    Parameters
    ----------
    successes, n
        Successes and trials; numbers or arrays of one shape.
    confidence
        A fraction, such as 0.90.

    Returns
    -------
    low, high
        Shares; missing where ``n`` is 0.

    Raises
    ------
    ParameterError
        For a confidence outside (0, 1), negative counts, or more successes than trials.

    Examples
    --------
    Newcombe, Statistics in Medicine 17 (1998) 857, Table I: 81 of 263.

    >>> low, high = wilson(81, 263, confidence=0.95)
    >>> round(low, 4), round(high, 4)
    (0.2553, 0.3662)
    """
    won, size = _counts(successes, n, confidence)
    low, high = proportion_confint(won, np.where(size > 0, size, 1), alpha=1 - confidence, method="wilson")
    # at 0 and n successes an end is 0 or 1 exactly; rounding leaves 1e-17
    return _ends(np.where(won > 0, low, 0.0), np.where(won < size, high, 1.0), size)


def jeffreys(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.9) -> tuple[Any, Any]:
    """Return the Jeffreys interval of a rate (Brown, Cai and DasGupta, Stat. Sci. 16 (2001) 101-133).

    Arguments and errors as for :func:`wilson`; with 0 or ``n`` successes that end is 0 or 1.

    >>> low, high = jeffreys(10, 20)
    >>> round(low, 3), round(high, 3)
    (0.324, 0.676)
    >>> low, high = jeffreys(0, 8)
    >>> low, round(high, 3)
    (0.0, 0.208)
    """
    won, size = _counts(successes, n, confidence)
    tail, lost = (1 - confidence) / 2, size - won
    low, high = (betaincinv(won + 0.5, lost + 0.5, end) for end in (tail, 1 - tail))
    return _ends(np.where(won > 0, low, 0.0), np.where(lost > 0, high, 1.0), size)


def difference(
    successes: float,
    n: float,
    ref_successes: float,
    ref_n: float,
    confidence: float = 0.9,
    method: Literal["newcombe", "agresti-caffo"] = "newcombe",
) -> tuple[float, float]:
    """Return the interval of the difference of two independent rates, first less reference.

    Parameters
    ----------
    successes, n
        Successes and trials of the group in question.
    ref_successes, ref_n
        The same of the group it is compared with.
    confidence
        A fraction, such as 0.90.
    method
        "newcombe": hybrid score (Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10);
        "agresti-caffo": one success and one failure added to each group (The American Statistician 54 (2000)
        280-288), steadier below 30 trials a group.

    Returns
    -------
    low, high
        In points of share; missing where a group is empty.

    Examples
    --------
    7 of 34 against 1 of 34 (Fagerland, Lydersen and Laake, Stat. Methods Med. Res. 24 (2015) 224-254).

    >>> low, high = difference(7, 34, 1, 34, confidence=0.95)
    >>> round(low, 3), round(high, 2)
    (0.019, 0.34)
    """
    if method not in METHODS:
        raise ParameterError(f"method {method!r}: write one of {', '.join(METHODS)}")
    return _two(
        successes, n, ref_successes, ref_n, confidence, {"method": METHODS[method], "compare": "diff"}
    )


def ratio(
    successes: float, n: float, ref_successes: float, ref_n: float, confidence: float = 0.9
) -> tuple[float, float]:
    """Return the Katz log interval of the ratio of two independent rates ("lift"), first to reference.

    Arguments as for :func:`difference`; missing where either group has no success.

    >>> low, high = ratio(7, 34, 1, 34, confidence=0.95)
    >>> round(low, 2), round(high)
    (0.91, 54)
    """
    if not successes or not ref_successes:
        _counts([successes, ref_successes], [n, ref_n], confidence)
        return float("nan"), float("nan")
    return _two(successes, n, ref_successes, ref_n, confidence, {"method": "log", "compare": "ratio"})


def effective_size(share: npt.ArrayLike, variance: npt.ArrayLike, known: npt.ArrayLike) -> Floats:
    """Return how many plain trials would be as informative as the sample that gave this variance.

    It is share x (1 - share) / variance, as for a complex sample (Korn and Graubard, Survey Methodology 24
    (1998) 193-201), at most ``known``, the number with known outcome, and equal to it where the share is 0
    or 1.

    >>> effective_size([0.5, 0.0], [0.0125, 0.0], [30, 8]).tolist()
    [20.0, 8.0]
    """
    p, spread, n = (np.asarray(values, dtype=np.float64) for values in (share, variance, known))
    usable = (spread > 0) & (p > 0) & (p < 1)
    size: Floats = np.divide(p * (1 - p), spread, out=n.copy(), where=usable)
    return np.minimum(size, n)


def _two(
    successes: float, n: float, ref_successes: float, ref_n: float, confidence: float, how: dict[str, str]
) -> tuple[float, float]:
    _counts([successes, ref_successes], [n, ref_n], confidence)
    if not n or not ref_n:
        return float("nan"), float("nan")
    low, high = confint_proportions_2indep(
        successes, n, ref_successes, ref_n, alpha=1 - confidence, correction=False, **how
    )
    return float(low), float(high)


def _counts(successes: npt.ArrayLike, n: npt.ArrayLike, confidence: float) -> tuple[Floats, Floats]:
    won, size = np.asarray(successes, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence {confidence:g}: write a fraction between 0 and 1, such as 0.90")
    if (won < 0).any() or (won > size * (1 + 1e-12)).any():
        raise ParameterError("successes must lie between 0 and the number of trials")
    return np.minimum(won, size), size


def _ends(low: Floats, high: Floats, size: Floats) -> tuple[Any, Any]:
    known = size > 0
    low, high = np.where(known, low, np.nan), np.where(known, high, np.nan)
    return (low, high) if low.ndim else (float(low), float(high))
