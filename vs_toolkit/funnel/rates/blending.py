"""How sure a share is, and what is said where cases are few: interval, and blend with the nominal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
        Fewest comparable opportunities with known outcome from which a probability is taken unblended.
    prior_cases
        How many opportunities the default probability is worth where there are fewer.
    prior_kind
        How many opportunities of its own kind all kinds together are worth.
    prior_old
        How many opportunities of an old age are worth those of the oldest age that has ``minimum_cases``.
    recorded_from
        Day on which recording began, where opportunities are older than the record (ISO text); see
        :func:`~vs_toolkit.funnel.record.history.read_history`.
    """

    level: float = 0.90
    minimum_cases: int = 20
    prior_cases: float = 10.0
    prior_kind: float = 5.0
    prior_old: float = 1.0
    recorded_from: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.level < 1:
            raise ParameterError(f"level {self.level:g}: write a fraction between 0 and 1, such as 0.90")
        if self.minimum_cases < 1 or min(self.prior_cases, self.prior_kind, self.prior_old) < 0:
            raise ParameterError("minimum_cases must be at least 1, priors at least 0")


RULES = Rules()


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
