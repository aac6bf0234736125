"""When each open opportunity is won, if at all: one curve for whether and when.

The landmark estimate by stage, age and kind, shifted by what stated dates have told in the past and corrected
for drift where the past supports it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vs_toolkit.estimates import jeffreys
from vs_toolkit.funnel.outlook.correction import Correction, shifted
from vs_toolkit.funnel.outlook.dates import DateEffect, tilted
from vs_toolkit.funnel.outlook.shock import shared_error
from vs_toolkit.funnel.rates.landmark import Landmarks
from vs_toolkit.funnel.record.walk import Ints

Floats = npt.NDArray[np.float64]
LEAST_IN_COMMON = 0.2


@dataclass(frozen=True)
class Chances:
    """When each open opportunity is won, if at all.

    Attributes
    ----------
    by_month
        Probability of an order in each month ahead and later (last column), shape (n, months + 1); NaN where
        nothing can be said.
    error
        Correlation that stands for the error of estimation, shape (n,).
    rule, n, of_kind
        How each was found (see :class:`~vs_toolkit.funnel.rates.landmark.Answer`).
    """

    by_month: Floats
    error: Floats
    rule: npt.NDArray[np.object_]
    n: Floats
    of_kind: Floats

    @property
    def ever(self) -> Floats:
        """Probability that each is won at all, shape (n,)."""
        total: Floats = self.by_month.sum(axis=1)
        return total


def month_chances(
    curves: Landmarks,
    here: tuple[Ints, Floats, Ints],
    ends: Floats,
    ahead_days: Floats,
    dates: DateEffect | None = None,
    correction: Correction | None = None,
) -> Chances:
    """Estimate when each open opportunity is won.

    Parameters
    ----------
    curves
        Win curves of the history.
    here
        Place of the stage, days in it and number of each open opportunity; shape (n,).
    ends
        Days from now to the end of each month, ascending; shape (months,).
    ahead_days
        Days until the stated decision date; missing where there is none; shape (n,).
    dates, correction
        What stated dates tell, and the correction for drift; None: nothing.
    """
    answer = curves.ask(*here, np.append(ends, np.inf), float(ends[-1]), sized=True)
    assert answer.size is not None
    by_month = np.diff(answer.share, axis=1, prepend=0.0)
    if dates is not None:
        by_month = tilted(by_month, ahead_days, dates)
    if correction is not None and correction.active:
        by_month = _corrected(by_month, correction.applied)
    size = np.where(np.isnan(answer.share[:, -2]), 0.0, answer.size[:, -2])
    share = np.nan_to_num(answer.share[:, -2])
    error = _error(share, size) * _in_common(share, here[0], curves.kinds[here[2]])
    return Chances(by_month, error, answer.rule, answer.n, answer.of_kind)


def _error(share: Floats, size: Floats) -> Floats:
    """Correlation that stands for the error of estimation; of many opportunities alike it is found once."""
    alike, place = np.unique(np.column_stack([share, size]), axis=0, return_inverse=True)
    error: Floats = shared_error(*jeffreys(alike[:, 0] * alike[:, 1], alike[:, 1], 0.90))
    return error[place]


def _in_common(share: Floats, step: Ints, kind: Ints) -> float:
    """Part of the errors of estimation that does not average out: each stage and kind has its own curve."""
    parts = np.bincount(step * (int(kind.max(initial=-1)) + 2) + kind + 1, share) / max(share.sum(), 1e-12)
    return max(float((parts**2).sum()), LEAST_IN_COMMON)


def _corrected(by_month: Floats, shift: float) -> Floats:
    """Shift the log odds of winning at all; when, if at all, stays as it was."""
    ever = np.clip(by_month.sum(axis=1), 0.0, 1.0)
    factor = np.divide(shifted(ever, shift), ever, out=np.ones(len(ever)), where=ever > 0)
    corrected: Floats = by_month * factor[:, None]
    return corrected
