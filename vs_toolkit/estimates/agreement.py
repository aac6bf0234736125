"""How far raters agree: kappas, Krippendorff's alpha and intraclass correlations.

1 is full agreement, 0 what chance alone would give. Where every rating is the same, agreement beyond chance
is not defined and the result is missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from statsmodels.stats import inter_rater

from vs_toolkit.errors import ParameterError

Floats = npt.NDArray[np.float64]
Metric = Literal["nominal", "ordinal", "interval", "ratio"]


@dataclass(frozen=True)
class ICC:
    """Intraclass correlations of Shrout and Fleiss: of one rater (1, 2, 3) and of the mean of k (1k, 2k, 3k).

    ``icc1``: each target has its own raters; ``icc2``: the same raters, a sample of all raters, and their
    level counts; ``icc3``: exactly these raters, and only the order counts.
    """

    icc1: float
    icc2: float
    icc3: float
    icc1k: float
    icc2k: float
    icc3k: float


def cohen_kappa(table: npt.ArrayLike, weights: Literal["linear", "quadratic"] | None = None) -> float:
    """Agreement of two raters beyond chance (Cohen 1960; weighted: Cohen 1968).

    Parameters
    ----------
    table
        Square table of counts: first rater's category by second rater's category, in the same order.
    weights
        None: every disagreement counts alike; for ordered categories "linear" or "quadratic" in distance.

    Returns
    -------
    float
        Missing if there is no count, or both raters used one and the same category throughout.

    Examples
    --------
    35 of 50 alike; by chance 0.5 x 0.6 + 0.5 x 0.4 = 0.5: (0.7 - 0.5) / (1 - 0.5).

    >>> round(cohen_kappa([[20, 5], [10, 15]]), 9)
    0.4
    """
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise ParameterError("cohen_kappa takes a square table of counts, one row and column per category")
    if ((counts.sum(axis=0) > 0) | (counts.sum(axis=1) > 0)).sum() < 2:
        return math.nan
    weight = {None: None, "linear": "linear", "quadratic": "fc"}[weights]
    return float(inter_rater.cohens_kappa(counts, wt=weight, return_results=False))


def fleiss_kappa(counts: npt.ArrayLike) -> float:
    """Agreement of the same number of raters per subject beyond chance (Fleiss, Psych. Bull. 76 (1971) 378).

    Parameters
    ----------
    counts
        Shape (subjects, categories): how many raters chose the category for the subject.

    Raises
    ------
    ParameterError
        If subjects have different numbers of raters (then use :func:`krippendorff`), or fewer than two.

    Examples
    --------
    Alike on both subjects: per subject 1; by chance 0.5^2 + 0.5^2.

    >>> fleiss_kappa([[3, 0], [0, 3]])
    1.0
    """
    given = np.asarray(counts, dtype=np.float64)
    if given.ndim != 2 or not given.size or len(set(given.sum(axis=1))) > 1 or given[0].sum() < 2:
        raise ParameterError("fleiss_kappa takes the same number of raters, two or more, for every subject")
    if (given.sum(axis=0) > 0).sum() < 2:
        return math.nan
    return float(inter_rater.fleiss_kappa(given))


def krippendorff(ratings_by_unit: Iterable[Iterable[Any]], metric: Metric = "nominal") -> float:
    """Krippendorff's alpha: agreement of any number of raters, missing ratings allowed.

    Krippendorff, Content Analysis (3rd ed. 2013), chapter 12: 1 less observed by expected disagreement, over
    all pairs of ratings within units with two or more.

    Parameters
    ----------
    ratings_by_unit
        For each unit its ratings, in any order; None and NaN are missing.
    metric
        "nominal" (any values), "ordinal", "interval" or "ratio" (numbers).

    Returns
    -------
    float
        Missing if no unit has two ratings or all ratings are the same.

    Examples
    --------
    Pairs: 1-1, 2-2, 1-2. Observed (2 x 1 differing) / 6; expected 18 / 30 over the ratings 1, 1, 1, 2, 2, 2.

    >>> round(krippendorff([[1, 1], [2, 2], [1, 2]]), 4)
    0.4444
    """
    if metric not in ("nominal", "ordinal", "interval", "ratio"):
        raise ParameterError(f"metric {metric!r}: write nominal, ordinal, interval or ratio")
    units = [[rating for rating in unit if not _missing(rating)] for unit in ratings_by_unit]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted({rating for unit in units for rating in unit}, key=None if metric != "nominal" else repr)
    if len(values) < 2:
        return math.nan
    places = {value: place for place, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for row, unit in enumerate(units):
        np.add.at(counts[row], [places[rating] for rating in unit], 1)
    pairs = counts.T @ (counts / (counts.sum(axis=1, keepdims=True) - 1))
    pairs -= np.diag((counts / (counts.sum(axis=1, keepdims=True) - 1)).sum(axis=0))
    total = counts.sum(axis=0)
    distance = _distances(values, total, metric)
    expected = np.outer(total, total) / (total.sum() - 1)
    return float(1 - (pairs * distance).sum() / (expected * distance).sum())


def icc(ratings: npt.ArrayLike) -> ICC:
    """Intraclass correlations of complete ratings (Shrout and Fleiss, Psych. Bull. 86 (1979) 420-428).

    Parameters
    ----------
    ratings
        Shape (targets, raters), both at least 2, no rating missing.

    Examples
    --------
    Two raters who order alike, one a point higher: the order agrees fully, the levels do not.

    >>> found = icc([[1, 2], [2, 3], [3, 4]])
    >>> round(found.icc3, 3), round(found.icc2, 3)
    (1.0, 0.667)
    """
    x = np.asarray(ratings, dtype=np.float64)
    if x.ndim != 2 or min(x.shape) < 2 or np.isnan(x).any():
        raise ParameterError("icc takes complete ratings: two or more targets (rows) by two or more raters")
    n, k = x.shape
    rows, columns = x.mean(axis=1), x.mean(axis=0)
    between = k * rows.var() * n / (n - 1)
    raters = n * columns.var() * k / (k - 1)
    residual = float(((x - rows[:, None] - columns + x.mean()) ** 2).sum()) / ((n - 1) * (k - 1))
    within = float(((x - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    return ICC(
        icc1=_share(between - within, between + (k - 1) * within),
        icc2=_share(between - residual, between + (k - 1) * residual + k * (raters - residual) / n),
        icc3=_share(between - residual, between + (k - 1) * residual),
        icc1k=_share(between - within, between),
        icc2k=_share(between - residual, between + (raters - residual) / n),
        icc3k=_share(between - residual, between),
    )


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan


def _missing(rating: object) -> bool:
    return rating is None or (isinstance(rating, float | np.floating) and math.isnan(rating))


def _distances(values: list[Any], total: Floats, metric: Metric) -> Floats:
    """Squared distance of each pair of values, shape (values, values)."""
    if metric == "nominal":
        return 1.0 - np.eye(len(values))
    if metric == "ordinal":  # ranks: everything below, and half of one's own
        ranks: Floats = total.cumsum() - total / 2
        return np.subtract.outer(ranks, ranks) ** 2
    given = np.asarray(values, dtype=np.float64)
    apart = np.subtract.outer(given, given)
    if metric == "interval":
        return apart**2
    scale = np.add.outer(given, given)
    return np.divide(apart, scale, out=np.zeros_like(apart), where=scale != 0) ** 2
