"""Risk in the customer base: volatility, betas, who moves together, and portfolios of least variance.

A change is the step in net sales from one quarter to the next, as a fraction of the customer's average
quarter: it stays defined where a quarter is empty, and changes of customers add up to that of the base.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from vs_toolkit.errors import ParameterError

FEWEST = 8  # changes below which no figure is given
LINKED = 0.99  # confidence with which two customers are said to move together
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """Weights of a portfolio that sum to one, with its variance and, where returns were given, its mean."""

    weights: Floats
    variance: float
    mean: float | None = None


def changes(quarters: pd.DataFrame) -> pd.DataFrame:
    """Steps between quarters as fractions of the average quarter; NaN until a customer has two quarters.

    >>> changes(pd.DataFrame([[10.0, 20.0, 30.0]])).round(2).to_numpy().tolist()
    [[0.5, 0.5]]
    """
    mean = quarters.mean(axis=1)
    steps = quarters.diff(axis=1).iloc[:, 1:]
    return steps.div(mean.where(mean > 0), axis=0)


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
    beta, error = _slopes(np.where(known, x, np.nan), y, n)
    width = stats.t.ppf(0.5 + confidence / 2, np.maximum(n - 2, 1)) * error
    few = n < FEWEST
    table = pd.DataFrame(
        {"n": n, "volatility": own.std(axis=1), "beta": beta, "low": beta - width, "high": beta + width},
        index=quarters.index,
    )
    table.loc[few, ["volatility", "beta", "low", "high"]] = np.nan
    return table


def _slopes(x: Floats, y: Floats, n: npt.NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Slope of y on x by row, and its standard error."""
    count = np.maximum(n, 1)[:, None]
    dx = x - np.nansum(x, axis=1, keepdims=True) / count
    dy = y - np.nansum(y, axis=1, keepdims=True) / count
    var = np.nansum(dx**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(var > 0, np.nansum(dx * dy, axis=1) / var, np.nan)
        rest = np.nansum((dy - slope[:, None] * dx) ** 2, axis=1)
        error = np.sqrt(rest / np.maximum(n - 2, 1) / var)
    return slope, error


def correlation(
    a: npt.ArrayLike, b: npt.ArrayLike, confidence: float = 0.9
) -> tuple[float, int, float, float]:
    """Correlation of two series with its n and interval (Fisher's z), over what both know.

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
    width = stats.norm.ppf(0.5 + confidence / 2) / np.sqrt(n - 3)
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
    """Groups of rows that move together, the largest first: each has a clear correlation with another of it.

    A correlation is clear where its 99% interval lies above zero: among the 45 pairs of ten unrelated
    customers, 0.2 such links are to be expected by chance.
    """
    names = list(own.index)
    group = {name: {name} for name in names}
    for i, a in enumerate(names):
        for b in names[i + 1 :]:
            _, _, low, _ = correlation(own.loc[a], own.loc[b], LINKED)
            if low > 0 and group[a] is not group[b]:
                joined = group[a] | group[b]
                group.update(dict.fromkeys(joined, joined))
    sets = {id(members): members for members in group.values() if len(members) > 1}
    found = [[name for name in names if name in members] for members in sets.values()]
    return sorted(found, key=len, reverse=True)


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
