"""Risk in the customer base: volatility, betas, who moves together, and portfolios of least variance.

A change is the step in net sales from one quarter to the next, as a fraction of the customer's average
quarter: it stays defined where a quarter is empty, and changes of customers add up to that of the base. The
customer's own season is taken out of it: customers that are busy in the same months do not for that reason
share a risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from scipy.sparse.csgraph import connected_components

from vs_toolkit.errors import ParameterError

FEWEST = 8  # changes below which no figure is given
SEASONS = 4
# A step up is often followed by a step down, so steps tell less than as many independent values: found by
# simulation of quarters without any pattern (correlations of 10 rows over 12 and 16 quarters).
EFFECTIVE = 0.72
LINKED = 0.1  # share of bases of unrelated customers in which any two would be linked by chance
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weights of a portfolio that sum to one, with its variance and, where returns were given, its mean."""

    weights: Floats
    variance: float
    mean: float | None = None


def changes(quarters: pd.DataFrame) -> pd.DataFrame:
    """Steps between quarters as fractions of the average quarter, less their mean of that season.

    NaN until a customer has two quarters. Columns are quarters, so every fourth is the same season.

    >>> changes(pd.DataFrame([[10.0, 20.0, 10.0, 20.0, 10.0, 20.0]])).to_numpy().tolist()
    [[0.0, 0.0, 0.0, 0.0, 0.0]]
    """
    mean = quarters.mean(axis=1)
    steps = quarters.diff(axis=1).iloc[:, 1:].div(mean.where(mean > 0), axis=0)
    return pd.DataFrame(_seasonless(steps.to_numpy(float)), steps.index, steps.columns)


def _seasonless(steps: Floats) -> Floats:
    """Take the mean of each season out of steps, by row; what is not known stays unknown."""
    result = np.array(steps, dtype=float)
    for season in range(min(SEASONS, steps.shape[1])):
        own = steps[:, season::SEASONS]
        known = (~np.isnan(own)).sum(axis=1, keepdims=True)
        result[:, season::SEASONS] = own - np.nansum(own, axis=1, keepdims=True) / np.maximum(known, 1)
    return result


def volatility(own: pd.DataFrame) -> pd.Series[float]:
    """Standard deviation of changes, by row; the seasons that were taken out count as four means."""
    n = own.notna().sum(axis=1)
    variance: pd.Series[float] = (own**2).sum(axis=1) / (n - SEASONS).where(n > SEASONS)
    return variance**0.5


def risks(quarters: pd.DataFrame, confidence: float = 0.9) -> pd.DataFrame:
    """Volatility and beta of each customer against all others.

    The customer is left out of what it is held against: a large one would otherwise be compared with itself
    (Tarasi, Bolton, Hutt and Walker, J. Marketing 75 (2011) 1-17, use the whole).

    Returns
    -------
    DataFrame
        Index: as ``quarters``; n (changes), volatility, beta, low, high; NaN with fewer than 8 changes.
    """
    own = changes(quarters)
    steps = quarters.fillna(0.0).diff(axis=1).iloc[:, 1:].to_numpy(float)
    mean = quarters.fillna(0.0).mean(axis=1).to_numpy(float)
    y = own.to_numpy(float)
    known = ~np.isnan(y)
    left = (mean.sum() - mean)[:, None]
    x = np.divide(steps.sum(axis=0) - steps, left, out=np.full_like(steps, np.nan), where=left > 0)
    n = known.sum(axis=1)
    free = _free(n)
    beta, error = _slopes(_seasonless(np.where(known, x, np.nan)), y, free)
    width = stats.t.ppf(0.5 + confidence / 2, free) * error
    few = n < FEWEST
    table = pd.DataFrame(
        {"n": n, "volatility": volatility(own), "beta": beta, "low": beta - width, "high": beta + width},
        index=quarters.index,
    )
    table.loc[few, ["volatility", "beta", "low", "high"]] = np.nan
    return table


def _free(n: Any) -> Any:
    """Degrees of freedom that ``n`` changes leave, after four means of seasons."""
    return np.maximum(EFFECTIVE * (n - SEASONS) - 1, 1.0)


def _slopes(x: Floats, y: Floats, free: Floats) -> tuple[Floats, Floats]:
    """Slope of y on x by row, both without their means, and its standard error."""
    var = np.nansum(x**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(var > 0, np.nansum(x * y, axis=1) / var, np.nan)
        rest = np.nansum((y - slope[:, None] * x) ** 2, axis=1)
        error = np.sqrt(rest / free / var)
    return slope, error


def correlation(
    a: npt.ArrayLike, b: npt.ArrayLike, confidence: float = 0.9, *, are_changes: bool = False
) -> tuple[float, int, float, float]:
    """Correlation of two series with its n and interval (Fisher's z), over what both know.

    ``are_changes``: both are as :func:`changes` gives them, and tell less than independent values.

    >>> r, n, low, high = correlation([1, 2, 3, 4, 5, 6, 7, 9], [1, 2, 3, 4, 5, 6, 8, 7])
    >>> round(r, 2), n, low < r < high
    (0.95, 8, True)
    """
    pairs = np.column_stack([np.asarray(a, float), np.asarray(b, float)])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    n = len(pairs)
    if n < FEWEST or (pairs.std(axis=0) == 0).any():
        return np.nan, n, np.nan, np.nan
    r = float(np.corrcoef(pairs.T)[0, 1])
    z = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12))
    free = float(_free(n)) if are_changes else n - 2.0
    width = stats.norm.ppf(0.5 + confidence / 2) / np.sqrt(max(free - 1, 1.0))
    return r, n, float(np.tanh(z - width)), float(np.tanh(z + width))


def correlations(own: pd.DataFrame) -> pd.DataFrame:
    """Correlations of the rows with each other, ordered so that rows that move together stand together."""
    pairs = own.T.corr(min_periods=FEWEST)
    if len(pairs) < 3 or pairs.isna().any(axis=None):
        return pairs
    from scipy.cluster import hierarchy

    distance = np.sqrt(np.maximum(0.5 * (1 - pairs.to_numpy()), 0.0))
    flat = distance[np.triu_indices(len(pairs), 1)]
    order = hierarchy.leaves_list(hierarchy.linkage(flat, "average"))
    arranged: pd.DataFrame = pairs.iloc[order, order]
    return arranged


def linked(own: pd.DataFrame) -> list[list[str]]:
    """Groups of rows that move together, the largest first.

    A group begins with pairs whose positive correlation any of so many pairs of unrelated rows would show by
    chance in fewer than one base of ten (t-test, Bonferroni). It grows by rows that move with its mean, where
    any of the rows left over would do so by chance as rarely.

    Parameters
    ----------
    own
        As :func:`changes` gives it, with nothing missing.
    """
    names, count = list(own.index), len(own)
    if count < 2 or own.shape[1] < FEWEST:
        return []
    chance = np.array([_chance(own, own.loc[name]) for name in names])
    clear = chance * (count * (count - 1) / 2) < LINKED
    np.fill_diagonal(clear, False)
    _, place = connected_components(clear, directed=False)
    groups = [found for found in pd.Series(names).groupby(place).agg(list) if len(found) > 1]
    left = [name for name in names if not any(name in group for group in groups)]
    for group in groups:
        while left and (p := _chance(own.loc[left], own.loc[group].mean())).min() * len(left) < LINKED:
            group.append(left.pop(int(p.argmin())))
    ordered = [[name for name in names if name in group] for group in groups]
    return sorted(ordered, key=len, reverse=True)


def _chance(own: pd.DataFrame, other: pd.Series[float]) -> Floats:
    """Probability, row by row, that an unrelated row moves as closely with another series."""
    free = float(_free(own.shape[1]))
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.array([np.corrcoef(row, other)[0, 1] for row in own.to_numpy(float)])
        p = stats.t.sf(r * np.sqrt(free / np.maximum(1 - r**2, 1e-12)), free)
    return np.where(np.isnan(p), 1.0, p)


def minimum_variance(covariance: npt.ArrayLike) -> Weights:
    """Weights of least variance, S^-1 1 / (1' S^-1 1); they may be negative.

    Raises
    ------
    ParameterError
        Where the matrix is not symmetric or has no inverse.

    >>> minimum_variance([[1.0, 0.0], [0.0, 3.0]]).weights.tolist()
    [0.75, 0.25]
    """
    matrix = _covariance(covariance)
    ones = np.ones(len(matrix))
    raw = np.linalg.solve(matrix, ones)
    weights = raw / raw.sum()
    return Weights(weights, float(weights @ matrix @ weights))


def tangency(expected: npt.ArrayLike, covariance: npt.ArrayLike, risk_free: float) -> Weights:
    """Weights with the largest return above ``risk_free`` for the risk, S^-1 (m − r) scaled to one.

    Raises
    ------
    ParameterError
        Where the matrix has no inverse, or no portfolio earns more than ``risk_free``.

    >>> tangency([0.1, 0.1], [[1.0, 0.0], [0.0, 3.0]], 0.05).weights.round(9).tolist()
    [0.75, 0.25]
    """
    matrix, means = _covariance(covariance), np.asarray(expected, float)
    raw = np.linalg.solve(matrix, means - risk_free)
    if raw.sum() <= 0:
        raise ParameterError(f"no portfolio is expected to earn more than {risk_free:g}")
    weights = raw / raw.sum()
    return Weights(weights, float(weights @ matrix @ weights), float(weights @ means))


def _covariance(given: npt.ArrayLike) -> Floats:
    matrix = np.asarray(given, dtype=float)
    square = matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1] and np.isfinite(matrix).all()
    if not square or not np.allclose(matrix, matrix.T) or np.linalg.matrix_rank(matrix) < len(matrix):
        raise ParameterError("covariance must be a symmetric matrix with an inverse")
    return matrix


def group_changes(quarters: pd.DataFrame, groups: pd.Series[str]) -> pd.DataFrame:
    """Changes of groups of customers together, by group."""
    return changes(quarters.fillna(0.0).groupby(groups.reindex(quarters.index)).sum())


def imported(base: pd.DataFrame, our_beta: float) -> pd.DataFrame:
    """Customers whose share moves more than ours would: the risk we import, and whether it is paid for.

    Returns
    -------
    DataFrame
        Index: customer_id with a known beta above ``our_beta``; beta, net_sales, eva_margin, paid: whether
        its EVA margin is above that of the whole base (None: not known).
    """
    margin = base["eva"] / base["net_sales"].where(base["net_sales"] > 0)
    known = base.dropna(subset="eva")
    average = known["eva"].sum() / known["net_sales"].sum() if known["net_sales"].sum() > 0 else np.nan
    risky = base[base["beta"] > our_beta]
    paid = [None if np.isnan(m) or np.isnan(average) else bool(m > average) for m in margin[risky.index]]
    return pd.DataFrame(
        {
            "beta": risky["beta"],
            "net_sales": risky["net_sales"],
            "eva_margin": margin[risky.index],
            "paid": pd.Series(paid, risky.index, dtype=object),
        }
    )
