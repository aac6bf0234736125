"""Drift: whether recent orders fall short of what history says, and a correction as far as the past
supports it.

A pipeline that gets worse (or better) makes every estimate from history too high (or too low). The correction
is a gamma-Poisson estimate of actual over expected orders of the last year, applied as one shift of all log
odds; it is applied only if it would have improved the estimates of past days by more than chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit, logit

from vs_toolkit.funnel.outlook.past import Past

Floats = npt.NDArray[np.float64]
WORTH = 50.0  # orders that the prior (no drift) is worth
YEAR = 365.0
WINDOW = pd.Timedelta(days=366)
FEWEST_DAYS = 4  # past days on which the correction must have been tried
MOST_SHIFT = 20.0
LEAST_GAIN = 1e-6


@dataclass(frozen=True)
class Correction:
    """Correction of win probabilities for drift.

    Attributes
    ----------
    factor
        Actual over expected orders of the last year, shrunk towards 1.
    expected, actual
        Orders between past days of the last year.
    gain, error
        Mean gain in log loss per opportunity on past days, had the correction been applied on them, and its
        standard error; missing where too few past days are over.
    active
        Whether it is applied: the gain exceeds its standard error.
    past
        Corrected win probability within the horizon of each row of the past; the estimates as they were
        where it is not active.
    """

    factor: float
    expected: float
    actual: float
    gain: float
    error: float
    active: bool
    past: Floats

    @property
    def applied(self) -> float:
        """Factor that is applied: 1 where the correction is not active."""
        return self.factor if self.active else 1.0


def estimate_correction(past: Past) -> Correction:
    """Measure drift over the last year before the end of a look-back, and decide whether to correct for it.

    Parameters
    ----------
    past
        From :func:`~vs_toolkit.funnel.outlook.past.look_back`.

    Notes
    -----
    k = ((50 + A) / (50 + E)) ** min(1, span / 365 days), E and A the expected and actual orders in the
    windows
    from each past day to the next that ended within 366 days, span the days they cover.
    """
    windows = _windows(past)
    factor, expected, actual = _factor(windows, past.until, past.step_days)
    landmark = past.rows["landmark"].to_numpy(dtype=np.float64)
    corrected = landmark.copy()
    gains = []
    over = past.over(past.horizon_days)
    won = past.won_within(past.horizon_days)
    for day, rows in past.rows.groupby("seen_on").indices.items():
        then, _, _ = _factor(windows, pd.Timestamp(str(day)), past.step_days)
        corrected[rows] = shifted(landmark[rows], then)
        if over[rows[0]]:
            gains.append(_log_loss(landmark[rows], won[rows]) - _log_loss(corrected[rows], won[rows]))
    gain, error = _mean_gain(np.array(gains), past)
    active = bool(gain > max(error, LEAST_GAIN))
    return Correction(factor, expected, actual, gain, error, active, corrected if active else landmark)


def shifted(chance: Floats, factor: float) -> Floats:
    """Shift all log odds by one constant so that the sum of the chances is ``factor`` times what it was.

    >>> shifted(np.array([0.2, 0.2]), 0.5).round(3).tolist()
    [0.1, 0.1]
    """
    known = ~np.isnan(chance) & (chance > 0) & (chance < 1)
    wanted = factor * chance[known].sum()
    if factor == 1 or not known.any() or not 0 < wanted < known.sum():
        return chance
    odds = logit(chance[known])
    shift = brentq(lambda c: float(expit(odds + c).sum()) - wanted, -MOST_SHIFT, MOST_SHIFT, xtol=1e-10)
    moved = chance.copy()
    moved[known] = expit(odds + shift)
    return moved


def _windows(past: Past) -> pd.DataFrame:
    """Expected and actual orders from each past day to the next; index: end of the window."""
    rows = past.rows.assign(won=past.won_within(past.step_days))[past.over(past.step_days)]
    sums = rows.groupby("seen_on")[["within_step", "won"]].sum()
    return sums.set_axis(sums.index + pd.Timedelta(days=past.step_days)).astype(float)


def _factor(windows: pd.DataFrame, day: pd.Timestamp, step_days: float) -> tuple[float, float, float]:
    last = windows[(windows.index <= day) & (windows.index > day - WINDOW)]
    expected, actual = float(last["within_step"].sum()), float(last["won"].sum())
    weight = min(1.0, len(last) * step_days / YEAR)
    return ((WORTH + actual) / (WORTH + expected)) ** weight, expected, actual


def _log_loss(chance: Floats, won: npt.NDArray[np.bool_]) -> float:
    known = ~np.isnan(chance)
    sure = np.clip(chance[known], 0.001, 0.999)
    if not len(sure):
        return 0.0
    return float(-np.where(won[known], np.log(sure), np.log1p(-sure)).mean())


def _mean_gain(gains: Floats, past: Past) -> tuple[float, float]:
    if len(gains) < FEWEST_DAYS:
        return math.nan, math.nan
    independent = max(1.0, len(gains) * min(1.0, past.step_days / past.horizon_days))
    return float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(independent))
