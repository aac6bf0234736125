"""How many of a set of cases are won when they are not independent: exact counts under one common shock.

A good or bad month moves all chances together. The shock is that of the one-factor model (Vasicek, Risk 15
(2002) 160-162): each opportunity is won where sqrt(rho) z + sqrt(1 - rho) e lies below the normal quantile
of its
chance; z is common to all, e its own. The chance of every single opportunity stays exactly what it was. rho
= 0 is
independence, where the count is Poisson-binomial (Hong, Comput. Stat. Data Anal. 59 (2013) 41-51).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.signal import fftconvolve
from scipy.special import ndtr, ndtri

Floats = npt.NDArray[np.float64]
NODES: Floats = np.linspace(-4.5, 4.5, 91)  # close enough that counts given one node overlap with the next
WEIGHTS: Floats = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
RHOS: Floats = np.linspace(0, 0.55, 34) ** 2
SCALE_RHO = 0.005  # half of the prior lies below: most half-years are at most some 7% better or worse


@dataclass(frozen=True)
class Shock:
    """Size of the common shock, estimated from how far past forecasts were off.

    Attributes
    ----------
    rho
        Correlation between opportunities; mean of what past forecasts and the prior leave possible.
    dates
        Index: past days. cases, expected and won orders, and sd, the standard deviation that independent
        opportunities would have.
    """

    rho: float
    dates: pd.DataFrame


NO_SHOCK = Shock(0.0, pd.DataFrame(columns=["cases", "expected", "won", "sd"], dtype=float))


def given_shock(chance: npt.ArrayLike, rho: npt.ArrayLike, shock: npt.ArrayLike = NODES) -> Floats:
    """Chances of single opportunities when the common shock is known.

    Parameters
    ----------
    chance
        Chances before it is known, shape (n,).
    rho
        Size of the shock, one for all opportunities or one each, shape (n,).
    shock
        Standard normal values, shape (k,); above 0 is a good month.

    Returns
    -------
    ndarray of shape (k, n)
        The mean over all shocks is ``chance``.

    Examples
    --------
    >>> given_shock([0.3], 0.1, [-1.0, 0.0, 1.0]).round(2).ravel().tolist()
    [0.19, 0.29, 0.41]
    """
    z = np.asarray(shock, dtype=float)[:, None]
    moved: Floats = ndtr(
        (ndtri(np.asarray(chance, dtype=float)) + np.sqrt(rho) * z) / np.sqrt(1 - np.asarray(rho))
    )
    return moved


def shared_error(low: npt.ArrayLike, high: npt.ArrayLike) -> Floats:
    """Size of the shock that comes of not knowing the chances: cases alike are wrong in the same direction.

    A chance known up to an error is the chance itself under a shock: with an error of s on the scale of the
    normal quantile, rho is s^2 / (1 + s^2).

    Parameters
    ----------
    low, high
        90 % interval of each chance, shape (n,); 0 where it is missing.

    Examples
    --------
    >>> shared_error([0.2, 0.2, np.nan], [0.2, 0.4, np.nan]).round(3).tolist()
    [0.0, 0.031, 0.0]
    """
    ends = [ndtri(np.clip(np.asarray(end, dtype=float), 0.001, 0.999)) for end in (low, high)]
    error = np.nan_to_num((ends[1] - ends[0]) / (2 * ndtri(0.95)))
    rho: Floats = error**2 / (1 + error**2)
    return rho


def count_distribution(chance: npt.ArrayLike) -> Floats:
    """Distribution of the number of cases won, if they are independent (Poisson-binomial, to 1e-14).

    Parameters
    ----------
    chance
        Win probabilities, shape (..., n): leading axes are different sets of opportunities.

    Returns
    -------
    ndarray of shape (..., n + 1)
        Chance of 0, 1, ... n orders.

    Examples
    --------
    >>> count_distribution([0.5, 0.5]).round(12).tolist()
    [0.25, 0.5, 0.25]
    """
    p = np.asarray(chance, dtype=float)
    parts = np.stack([1 - p, p], axis=-1) if p.shape[-1] else np.ones((*p.shape[:-1], 1, 1))
    while parts.shape[-2] > 1:  # add up pairs of sets of opportunities until all are one
        if parts.shape[-2] % 2:
            none_won = np.eye(1, parts.shape[-1])
            parts = np.concatenate(
                [parts, np.broadcast_to(none_won, (*p.shape[:-1], *none_won.shape))], axis=-2
            )
        parts = fftconvolve(parts[..., ::2, :], parts[..., 1::2, :], axes=-1)
    counts: Floats = np.clip(parts[..., 0, : p.shape[-1] + 1], 0, None)
    return counts


def shocked_count_distribution(chance: npt.ArrayLike, rho: float) -> Floats:
    """Distribution of the number of cases won under a common shock; shape (n + 1,).

    >>> independent, shocked = (shocked_count_distribution([0.5] * 4, rho) for rho in (0.0, 0.2))
    >>> bool(shocked[0] > independent[0] and shocked[4] > independent[4])
    True
    """
    distribution: Floats = WEIGHTS @ count_distribution(given_shock(chance, rho))
    return distribution


def count_interval(distribution: Floats, level: float) -> tuple[int, int]:
    """Central interval of a count that on average holds it with the chance ``level`` (mid-P).

    Counts are whole numbers: an interval that holds each count with at least ``level`` is too wide on average
    (Berry and Armitage, The Statistician 44 (1995) 417-423). The chance of the end itself counts half.

    >>> count_interval(count_distribution([0.5] * 10), 0.8)
    (3, 7)
    """
    middle = distribution.cumsum() - distribution / 2
    low = int(np.searchsorted(middle, (1 - level) / 2))
    high = int(np.searchsorted(middle, (1 + level) / 2, side="right")) - 1
    return low, max(low, high)


def estimate_shock(past: pd.DataFrame, horizon_days: float) -> Shock:
    """Estimate the common shock from past forecasts and what came of them.

    Parameters
    ----------
    past
        One row per past day and opportunity that was open then: seen_on, win_probability (within the
        horizon, from
        what was known that day), won (within the horizon). Rows without a probability are left out.
    horizon_days
        Days from a past day within which orders were counted; days closer together than that share orders
        and count less.

    Returns
    -------
    Shock
        Without past days, the prior's: an assumption.

    Examples
    --------
    Twice ten of 100 opportunities were expected; 4 and 18 came.

    >>> won = [1] * 4 + [0] * 96 + [1] * 18 + [0] * 82
    >>> days = pd.to_datetime(["2026-01-01"] * 100 + ["2026-04-01"] * 100)
    >>> past = pd.DataFrame({"seen_on": days, "win_probability": 0.1, "won": won})
    >>> estimate_shock(past, 90).rho > estimate_shock(past.iloc[:0], 90).rho
    True
    """
    known = past[past["win_probability"].notna()]
    by_day = known.assign(variance=known["win_probability"] * (1 - known["win_probability"])).groupby(
        "seen_on"
    )
    dates = by_day.agg(cases=("won", "size"), expected=("win_probability", "sum"), won=("won", "sum"))
    dates = dates.assign(sd=np.sqrt(by_day["variance"].sum()))
    fit = sum((_log_likelihood(rows) for _, rows in by_day), np.zeros(len(RHOS)))
    belief = _own_share(dates.index, horizon_days) * fit - np.log1p((RHOS / SCALE_RHO) ** 2)
    weight = np.exp(belief - belief.max()) * np.gradient(RHOS)
    return Shock(float(weight @ RHOS / weight.sum()), dates)


def _log_likelihood(rows: pd.DataFrame) -> Floats:
    """Log likelihood of each rho for one past day, counts taken as normal once the shock is known."""
    chance, cases = np.unique(rows["win_probability"].round(3), return_counts=True)  # few distinct: fast
    moved = np.stack([given_shock(chance, rho) for rho in RHOS])
    mean, sd = moved @ cases, np.sqrt((moved * (1 - moved)) @ cases) + 1e-9
    won = rows["won"].sum()
    near = ndtr((won + 0.5 - mean) / sd) - ndtr((won - 0.5 - mean) / sd)
    likelihood: Floats = np.log(near @ WEIGHTS + 1e-300)
    return likelihood


def _own_share(days: pd.Index, horizon_days: float) -> float:
    """Share of a horizon that passes between two past days: what each of them tells anew."""
    if len(days) < 2:
        return 1.0
    step = float(np.median(np.diff(days.to_numpy()) / np.timedelta64(1, "D")))
    return min(1.0, step / horizon_days)
