"""Drift: whether more opportunities were lost recently than history says, and a correction for it.

A pipeline that gets worse (or better) makes every estimate from history too high (or too low). Orders tell it
late, since an order takes months. Every exit from a stage tells it: was the opportunity lost, or did it move
on? The excess of losses over those expected from earlier exits of the same stage and age is a score test of a
shift in the log odds of losing (Cox and Hinkley, Theoretical Statistics, 1974, section 4.8); recent exits
count more, and the shift is shrunk towards none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from vs_toolkit.funnel.outlook.past import Past
from vs_toolkit.funnel.record.events import DAY_US
from vs_toolkit.funnel.record.visits import Visits

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
HALF_LIFE = 90.0  # days after which an exit counts half
WORTH = 20.0  # information that the prior (no drift) is worth: a standard deviation of 0.22 in log odds
GATE = 1.0  # standard errors from which a shift is applied
REPORTED = 180.0  # days of exits that are told
FEWEST_EXITS = 20  # of a stage before a window, to know what share is lost
AGE_GROUPS, SMOOTHING = 8, 10.0  # ages told apart in a stage; exits that the share of all ages is worth
FEWEST_DAYS = 4  # past days on which the correction must have been tried to be judged by them


@dataclass(frozen=True)
class Correction:
    """Correction of win probabilities for drift.

    Attributes
    ----------
    shift
        Shift of the log odds of winning, shrunk towards 0.
    z
        Excess of losses among recent exits, in standard errors, with the sign of the shift.
    exits, expected, lost
        Stage exits of the last 180 days, expected and actual losses among them.
    gain, error
        Mean gain in log loss per opportunity on past days, had the correction been applied on them, and its
        standard error; missing where too few past days are over.
    active
        Whether it is applied: z is beyond one standard error, and past days do not speak against it.
    past
        Corrected win probability within the horizon of each row of the past; the estimates as they were
        where it is not active.
    """

    shift: float
    z: float
    exits: int
    expected: float
    lost: int
    gain: float
    error: float
    active: bool
    past: Floats

    @property
    def applied(self) -> float:
        """Shift that is applied: 0 where the correction is not active."""
        return self.shift if self.active else 0.0


def stage_exits(
    visits: Visits, lost_steps: Bools, days: pd.DatetimeIndex, until: pd.Timestamp
) -> pd.DataFrame:
    """Compare every exit from a stage with earlier exits from it at the same age.

    Parameters
    ----------
    visits
        All visits as known on the day ``until``.
    lost_steps
        Whether a step of the funnel, by its place, is a loss.
    days
        Past days, ascending: the exits between two of them are compared with all before.
    until
        As-of date; later data is ignored.

    Returns
    -------
    DataFrame
        One row per exit after the first past day: at (days since 1970), window, lost, expected (share of
        earlier exits of its stage and age that were losses).
    """
    left = visits.entered / DAY_US + visits.stay
    lost = (visits.following >= 0) & lost_steps[visits.following]
    ends = np.array([pd.Timestamp(day).timestamp() / 86400 for day in [*days, until]])
    window = np.where(visits.following >= 0, np.searchsorted(ends, left), -1)
    parts = [pd.DataFrame({"at": [], "window": [], "lost": [], "expected": []}, dtype=float)]
    for step in np.unique(visits.step):
        mine = np.flatnonzero((visits.step == step) & (window >= 0))
        for number in range(1, len(ends)):
            now, before = mine[window[mine] == number], mine[window[mine] < number]
            if len(now) and len(before) >= FEWEST_EXITS:
                expected = _expected(visits.stay[before], lost[before], visits.stay[now])
                columns = {"at": left[now], "window": number, "lost": lost[now], "expected": expected}
                parts.append(pd.DataFrame(columns, dtype=float))
    return pd.concat(parts, ignore_index=True)


def _expected(stay: Floats, lost: Bools, asked: Floats) -> Floats:
    """Share lost of exits at about the ages asked, shrunk towards that of all ages."""
    bounds = np.unique(np.quantile(stay, np.arange(1, AGE_GROUPS) / AGE_GROUPS))
    group, size = np.searchsorted(bounds, stay), len(bounds) + 1
    losses, exits = np.bincount(group, lost, size), np.bincount(group, minlength=size)
    share: Floats = (losses + SMOOTHING * lost.mean()) / (exits + SMOOTHING)
    return share[np.searchsorted(bounds, asked)]


def estimate_correction(past: Past, exits: pd.DataFrame) -> Correction:
    """Measure drift until the end of a look-back, and decide whether to correct for it.

    Parameters
    ----------
    past
        From :func:`~vs_toolkit.funnel.outlook.past.look_back`.
    exits
        From :func:`stage_exits`.

    Notes
    -----
    With residual r = lost - expected, variance v = expected (1 - expected) and weight w = 0.5^(age / 90 d) of
    each exit: shift = -sum(w r) / (sum(w v) + 20 f), z = -sum(w r) / sqrt(f sum(w^2 v)). f, at least 1, is
    the mean over windows between past days of sum(r)^2 / sum(v): seasons and clearances make it larger.
    """
    today = past.until.timestamp() / 86400
    shift, z = _shift(exits, today)
    landmark = past.rows["landmark"].to_numpy(dtype=np.float64)
    corrected, gains = landmark.copy(), []
    over, won = past.over(past.horizon_days), past.won_within(past.horizon_days)
    for day, rows in past.rows.groupby("seen_on").indices.items():
        then, sure = _shift(exits, pd.Timestamp(str(day)).timestamp() / 86400)
        corrected[rows] = shifted(landmark[rows], then if abs(sure) > GATE else 0.0)
        if over[rows[0]]:
            gains.append(_log_loss(landmark[rows], won[rows]) - _log_loss(corrected[rows], won[rows]))
    gain, error = _mean_gain(np.array(gains), past)
    active = abs(z) > GATE and not gain < -error
    told = exits[exits["at"] > today - REPORTED]
    expected, lost = float(told["expected"].sum()), int(told["lost"].sum())
    used = corrected if active else landmark
    return Correction(shift, z, len(told), expected, lost, gain, error, active, used)


def shifted(chance: Floats, shift: float) -> Floats:
    """Shift log odds; what is impossible, certain or not known stays.

    >>> shifted(np.array([0.5, 1.0]), -1.0).round(3).tolist()
    [0.269, 1.0]
    """
    with np.errstate(divide="ignore"):
        moved: Floats = expit(logit(chance) + shift)
    return moved if shift else chance


def _shift(exits: pd.DataFrame, day: float) -> tuple[float, float]:
    """Shift of the log odds of winning as seen on a day, and how many standard errors it is from none."""
    seen = exits[exits["at"] <= day]
    if seen.empty:
        return 0.0, 0.0
    residual, variance = seen["lost"] - seen["expected"], seen["expected"] * (1 - seen["expected"])
    weight = 0.5 ** ((day - seen["at"]) / HALF_LIFE)
    by_window = pd.DataFrame({"r": residual, "v": variance}).groupby(seen["window"]).sum()
    spread = max(1.0, float((by_window["r"] ** 2 / by_window["v"].where(by_window["v"] > 0)).mean()))
    score, information = float((weight * residual).sum()), float((weight * variance).sum())
    error = math.sqrt(spread * float((weight**2 * variance).sum()))
    return -score / (information + WORTH * spread), -score / error if error else 0.0


def _log_loss(chance: Floats, won: Bools) -> float:
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
