"""How good stated win probabilities were, against what came: scores, bias and reliability."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit

from vs_toolkit.funnel.rates.incidence import Floats

CERTAIN = 0.001  # a probability of 0 or 1 is scored as 1 in 1000, so that one miss does not outweigh all else
STEPS = 50  # Newton needs about 6; where it has not settled by then there is no answer


def score(probability: npt.ArrayLike, won: npt.ArrayLike) -> dict[str, float]:
    """Score probabilities against outcomes.

    Parameters
    ----------
    probability
        Stated chance of each opportunity, as a fraction; shape (n,).
    won
        Whether it was won; shape (n,).

    Returns
    -------
    dict
        brier: mean squared error (Brier 1950); log_loss: mean of -log of the chance given to what happened;
        expected, actual: orders; n; ratio: expected / actual; in_the_large, slope: Cox's test (see
        :func:`cox`); miscalibration, discrimination, uncertainty: brier = first - second + third
        (CORP: Dimitriadis, Gneiting and Jordan, PNAS 118 (2021) e2016191118).

    Examples
    --------
    >>> result = score([0.5, 0.5, 0.2, 0.2], [1, 0, 0, 0])
    >>> round(result["brier"], 3), round(result["ratio"], 2), round(result["miscalibration"], 3)
    (0.145, 1.4, 0.02)
    """
    p, y = np.asarray(probability, dtype=np.float64), np.asarray(won, dtype=np.float64)
    if not len(p):
        return _nothing_to_score()
    sure = np.clip(p, CERTAIN, 1 - CERTAIN)
    brier, recalibrated = float(np.mean((p - y) ** 2)), float(np.mean((_recalibrated(p, y) - y) ** 2))
    uncertainty = float(y.mean() * (1 - y.mean()))
    in_the_large, slope = cox(p, y)
    return {
        "brier": brier,
        "log_loss": float(-np.mean(np.where(y > 0, np.log(sure), np.log1p(-sure)))),
        "expected": float(p.sum()),
        "actual": float(y.sum()),
        "n": len(p),
        "ratio": float(p.sum() / y.sum()) if y.any() else np.nan,
        "in_the_large": in_the_large,
        "slope": slope,
        "miscalibration": brier - recalibrated,
        "discrimination": uncertainty - recalibrated,
        "uncertainty": uncertainty,
    }


def cox(probability: npt.ArrayLike, won: npt.ArrayLike) -> tuple[float, float]:
    """Return calibration in the large and slope: logit(truth) = a + logit(p), and = b0 + b logit(p).

    a < 0: too optimistic overall; b < 1: too extreme, high ones too high and low ones too low. NaN where the
    outcomes do not tell (all alike, or perfectly separated). D. R. Cox, Biometrika 45 (1958) 562-565.

    >>> odds_halved = cox([0.5] * 6, [1, 1, 0, 0, 0, 0])
    >>> round(float(np.exp(odds_halved[0])), 6), odds_halved[1]
    (0.5, nan)
    """
    x = logit(np.clip(np.asarray(probability, dtype=np.float64), CERTAIN, 1 - CERTAIN))
    y = np.asarray(won, dtype=np.float64)
    alone = _logistic(np.ones((len(x), 1)), y, offset=x)
    both = _logistic(np.column_stack([np.ones(len(x)), x]), y, offset=np.zeros(len(x)))
    return float(alone[0]), float(both[1])


def _logistic(design: Floats, y: Floats, offset: Floats) -> Floats:
    """Fit a logistic regression by Newton's method; NaN where there is no finite best fit."""
    beta = np.zeros(design.shape[1])
    nothing = np.full(design.shape[1], np.nan)
    if np.linalg.matrix_rank(design) < design.shape[1] or y.min() == y.max():
        return nothing
    for _ in range(STEPS):
        mean = expit(design @ beta + offset)
        curvature = (design * (mean * (1 - mean))[:, None]).T @ design
        if np.linalg.cond(curvature) > 1e12:
            return nothing
        step = np.linalg.solve(curvature, design.T @ (y - mean))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            return beta
    return nothing


def reliability(probability: npt.ArrayLike, won: npt.ArrayLike) -> pd.DataFrame:
    """Return the CORP reliability curve: stated against observed, without a choice of bins.

    Opportunities in order of their probability are pooled as far as needed for the observed share to rise
    with it
    (isotonic regression by pool-adjacent-violators).

    Returns
    -------
    DataFrame
        One row per pool: probability (mean stated), lowest, highest, observed (share won), n.

    Examples
    --------
    >>> curve = reliability([0.1, 0.3, 0.2, 0.9], [0, 0, 1, 1])
    >>> curve[["lowest", "highest", "observed", "n"]].values.tolist()
    [[0.1, 0.1, 0.0, 1.0], [0.2, 0.3, 0.5, 2.0], [0.9, 0.9, 1.0, 1.0]]
    """
    p, y = np.asarray(probability, dtype=np.float64), np.asarray(won, dtype=np.float64)
    pooled = pd.DataFrame({"p": p, "y": y, "observed": _recalibrated(p, y)}).groupby("observed")
    return pd.DataFrame(
        {
            "probability": pooled["p"].mean(),
            "lowest": pooled["p"].min(),
            "highest": pooled["p"].max(),
            "observed": pooled["y"].mean(),
            "n": pooled.size(),
        }
    ).reset_index(drop=True)


def _recalibrated(p: Floats, y: Floats) -> Floats:
    """Observed share of the pool that each case falls into; equal probabilities are never parted."""
    if not len(p):
        return p
    _, place, n = np.unique(p, return_inverse=True, return_counts=True)
    pools: Floats = isotonic_regression(np.bincount(place, weights=y) / n, weights=n).x
    return pools[place]


def _nothing_to_score() -> dict[str, float]:
    names = list(score([0.5], [1]))
    return dict.fromkeys(names, np.nan) | {"n": 0, "expected": 0.0, "actual": 0.0}
