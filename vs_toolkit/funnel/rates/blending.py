"""How sure a share is, and what is said where cases are few: interval, and blend with the nominal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from vs_toolkit.errors import ParameterError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """What an analyst may choose about calibration; the defaults are those of the reports.

    Attributes
    ----------
    level
        Confidence of intervals, as a fraction.
    minimum_cases
        Fewest comparable cases with known outcome from which a probability is taken unblended.
    prior_cases
        How many cases the nominal probability is worth where there are fewer.
    recorded_from
        Day on which recording began, where cases are older than the record (ISO text); see
        :func:`~vs_toolkit.funnel.record.history.read_history`.
    """

    level: float = 0.90
    minimum_cases: int = 20
    prior_cases: float = 10.0
    recorded_from: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ParameterError(f"level {self.level:g}: write a fraction between 0 and 1, such as 0.90")
        if self.minimum_cases < 1 or self.prior_cases < 0:
            raise ParameterError("minimum_cases must be at least 1 and prior_cases at least 0")


RULES = Rules()


def effective_size(share: npt.ArrayLike, variance: npt.ArrayLike, known: npt.ArrayLike) -> Floats:
    """Return the number of closed cases that would be as informative as the cases followed.

    It is share x (1 - share) / variance, as for a complex sample (Korn and Graubard, Survey Methodology 24
    (1998) 193-201), at most ``known``; where the share is 0 or 1 it is ``known``, the cases whose outcome is
    known.

    >>> effective_size([0.5, 0.0], [0.0125, 0.0], [30, 8]).tolist()
    [20.0, 8.0]
    """
    p, spread, n = _floats(share), _floats(variance), _floats(known)
    usable = (spread > 0) & (p > 0) & (p < 1)
    size: Floats = np.divide(p * (1 - p), spread, out=n.copy(), where=usable)
    return np.minimum(size, n)


def interval(share: npt.ArrayLike, size: npt.ArrayLike, level: float) -> tuple[Floats, Floats]:
    """Return the Jeffreys interval of a share seen on ``size`` cases (Brown, Cai and DasGupta 2001).

    ``size`` need not be whole. A share of 0 or 1 keeps that end; without any case the interval is missing.

    >>> low, high = interval([0.5, 0.0], [20, 8], 0.90)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.324, 0.0], [0.676, 0.208])
    """
    p, n = _floats(share), _floats(size)
    n = np.where(n > 0, n, np.nan)
    tail, missing = (1 - level) / 2, np.isnan(n)
    low = betaincinv(n * p + 0.5, n * (1 - p) + 0.5, tail)
    high = betaincinv(n * p + 0.5, n * (1 - p) + 0.5, 1 - tail)
    return np.where((p > 0) | missing, low, 0.0), np.where((p < 1) | missing, high, 1.0)


def weight_of_data(size: npt.ArrayLike, rules: Rules = RULES) -> Floats:
    """Return the weight of the measured share in a blend: n / (n + m), the posterior mean of a beta prior.

    >>> weight_of_data([0, 10, 30]).tolist()
    [0.0, 0.5, 0.75]
    """
    n = np.nan_to_num(_floats(size))
    weight: Floats = np.divide(n, n + rules.prior_cases, out=np.zeros_like(n), where=n > 0)
    return weight


def blend(share: npt.ArrayLike, nominal: npt.ArrayLike, weight: npt.ArrayLike) -> Floats:
    """Mix the measured share with the nominal probability; where one has no weight it may be missing.

    >>> blend([0.2, np.nan, 0.2], [0.5, 0.5, np.nan], [0.5, 0.0, 1.0]).tolist()
    [0.35, 0.5, 0.2]
    """
    w = _floats(weight)
    return np.where(w > 0, w * _floats(share), 0.0) + np.where(w < 1, (1 - w) * _floats(nominal), 0.0)


def _floats(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
