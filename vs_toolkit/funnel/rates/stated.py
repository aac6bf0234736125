"""Stated probabilities against what came of the opportunities: forecast bias by salesperson (book, p. 134).

For each statement logit(win chance) = bias + logit(stated): bias below 0 is optimism. With a slope b before
logit(stated), b below 1 says that statements are too extreme (Cox, Biometrika 45 (1958) 562-565).
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import statsmodels.api as sm
from scipy import sparse, stats
from scipy.special import expit, logit
from statsmodels.stats.sandwich_covariance import S_crosssection

from vs_toolkit.estimates import SIGNIFICANT, mean_and_interval, significance
from vs_toolkit.funnel.record.cases import seen_until, settled_until
from vs_toolkit.funnel.record.history import History
from vs_toolkit.funnel.record.walk import Ints

Floats = npt.NDArray[np.float64]
BIASES: Floats = np.linspace(-5, 5, 401)
TINY = 1e-300  # keeps the logarithm of what is all but impossible finite
SPREADS: Floats = np.linspace(0.02, 2.0, 34)  # of the biases of groups, log odds
MOST_CERTAIN = 0.99  # a statement of 100 % counts as this: its logit would be infinite
FEWEST = 20


@dataclass(frozen=True)
class StatedCheck:
    """Stated probabilities held against outcomes, overall and by group.

    Attributes
    ----------
    by
        Column that names the groups.
    table
        Index: group, most optimistic first. statements, cases, stated and realised (mean), expected and won
        (statements times probability, statements that were won), bias (log odds, shrunk) with interval low,
        high, and the verdict ``optimist``, ``pessimist`` or ``in line``.
    bias, slope
        Of all statements, as (estimate, low, high); missing where too few opportunities allow no estimate.
    p_value
        Chance that groups without any difference in bias differ this much.
    settled_until
        Last day whose statements count; later ones are left out, since too many of their opportunities are
        open and
        opportunities that close fast are not like the others. Missing if there are no statements.
    """

    by: str
    table: pd.DataFrame
    bias: tuple[float, float, float]
    slope: tuple[float, float, float]
    p_value: float
    settled_until: pd.Timestamp

    @property
    def distinguishable(self) -> bool:
        """Whether the groups differ by more than chance."""
        return self.p_value < SIGNIFICANT

    @property
    def verdict(self) -> str:
        """What may be said of the differences, in one sentence."""
        return significance(self.p_value)


def statements(history: History, status_changes: pd.DataFrame) -> pd.DataFrame:
    """List what was stated when an opportunity first reached a status, and what came of the opportunity.

    Returns
    -------
    DataFrame
        One row per opportunity and open status for which a probability was stated: opportunity_id, status,
        stated_at, stated (fraction), outcome of the opportunity as of the day of the history; by opportunity
        and time.
    """
    told = seen_until(status_changes, history.as_of)
    if "stated_probability" not in told:
        told = told.assign(stated_probability=pd.Series(dtype=float))
    told = told[told["stated_probability"].notna() & told["status"].isin(history.open_statuses)]
    case = history.cases.index.get_indexer(pd.Index(told["opportunity_id"]))
    told, case = told[case >= 0], case[case >= 0]
    step = pd.Index(history.open_statuses).get_indexer(pd.Index(told["status"]))
    stated, at = told["stated_probability"].to_numpy(float), told["changed_at"].to_numpy().astype(np.int64)
    order = np.lexsort((stated, step, at, case))  # numbers: text is sorted slowly
    _, first = np.unique(case[order] * len(history.open_statuses) + step[order], return_index=True)
    chosen = order[np.sort(first)]
    rows: pd.DataFrame = told.iloc[chosen].reset_index(drop=True)
    rows = rows.rename(columns={"changed_at": "stated_at", "stated_probability": "stated"})
    outcome = history.cases["outcome"].astype("str").to_numpy()[case[chosen]]
    columns = ["opportunity_id", "status", "stated_at", "stated", "outcome"]
    return rows.assign(outcome=outcome).reindex(columns=columns)


def stated_against_realised(told: pd.DataFrame, by: str, level: float = 0.90) -> StatedCheck:
    """Estimate the bias of stated probabilities by group, shrunk as far as differences may be chance.

    Statements on one opportunity are not independent: the likelihood is weakened by the ratio of the variance
    between opportunities to that of independent statements. Biases of groups are taken as normal around the
    common
    one, and results averaged over how far they may spread. Nobody is called an optimist or a pessimist for
    a difference that may be chance.

    Parameters
    ----------
    told
        One row per statement: opportunity_id, stated_at, stated (fraction), outcome, and the column ``by``.
    by
        Column that names the group: owner_id, team ...; statements without are left out.
    level
        Chance that an interval holds the true value.

    Examples
    --------
    >>> told = pd.DataFrame({"opportunity_id": range(40), "stated_at": pd.Timestamp("2026-01-05"),
    ...                      "stated": 0.5, "outcome": ["won"] * 2 + ["lost"] * 18 + ["won", "lost"] * 10,
    ...                      "owner_id": ["A"] * 20 + ["B"] * 20})
    >>> check = stated_against_realised(told, "owner_id")
    >>> check.table["verdict"].to_dict(), check.distinguishable
    ({'A': 'optimist', 'B': 'in line'}, True)
    """
    until = settled_until(told["stated_at"], told["outcome"] == "open")
    known = told[told[by].notna() & (told["stated_at"] <= until) & (told["outcome"] != "open")]
    stated = known["stated"].clip(1 - MOST_CERTAIN, MOST_CERTAIN)
    rows = known.assign(offset=logit(stated.astype(float)), won=(known["outcome"] == "won").astype(float))
    bias, slope = _overall(rows, level)
    table, p_value = _by_group(rows, by, level)
    told_apart = (table["low"], table["high"]) if p_value < SIGNIFICANT else bias[1:]
    return StatedCheck(by, table.assign(verdict=_verdict(*told_apart)), bias, slope, p_value, until)


def _verdict(low: Any, high: Any) -> Any:
    """Say which way an interval of the bias points."""
    return np.select([np.asarray(high) < 0, np.asarray(low) > 0], ["optimist", "pessimist"], "in line")


def _by_group(rows: pd.DataFrame, by: str, level: float) -> tuple[pd.DataFrame, float]:
    grouped = rows.groupby(by)
    table = pd.DataFrame(
        {
            "statements": grouped.size(),
            "cases": grouped["opportunity_id"].nunique(),
            "stated": grouped["stated"].mean(),
            "realised": grouped["won"].mean(),
            "expected": grouped["stated"].sum(),
            "won": grouped["won"].sum(),
        }
    )
    if rows.empty:
        return table.assign(bias=[], low=[], high=[]), math.nan
    fit = _log_likelihood(rows, by)
    common = BIASES[fit.sum(axis=0).argmax()]
    weakened = fit / _design_effect(rows, common)
    table[["bias", "low", "high"]] = mean_and_interval(BIASES, _posterior(weakened, common), level)
    return table.sort_values("bias", kind="stable"), _heterogeneity(rows, by, common)


def _log_likelihood(rows: pd.DataFrame, by: str) -> Floats:
    """Log likelihood of every bias on the grid for every group, shape (groups, biases)."""
    one, place, _ = _alike(rows)
    stated, won = (rows[name].to_numpy(float)[one, None] for name in ("offset", "won"))
    each = won * (stated + BIASES) - np.logaddexp(0, stated + BIASES)
    group, names = pd.factorize(rows[by], sort=True)
    counts = sparse.coo_array((np.ones(len(rows)), (group, place)), shape=(len(names), len(one)))
    fit: Floats = counts.tocsr() @ each
    return fit


def _alike(rows: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Statements alike in probability and outcome: the first of each kind, the kind of each, how many."""
    _, stated = np.unique(rows["offset"].to_numpy(float), return_inverse=True)
    kinds = 2 * stated + (rows["won"].to_numpy() > 0)
    _, first, kind, counts = np.unique(kinds, return_index=True, return_inverse=True, return_counts=True)
    return first, kind, counts


def _design_effect(rows: pd.DataFrame, common: float) -> float:
    """Variance of the sum of residuals between cases over that of independent statements; at least 1."""
    chance = expit(rows["offset"] + common)
    by_case = (rows["won"] - chance).groupby(rows["opportunity_id"]).sum()
    return max(1.0, float((by_case**2).sum() / (chance * (1 - chance)).sum()))


def _posterior(fit: Floats, common: float) -> Floats:
    """Density of each group's bias over the grid, averaged over the spread of the groups."""
    prior = np.exp(-((BIASES - common) ** 2) / (2 * SPREADS[:, None] ** 2))
    prior /= prior.sum(axis=1, keepdims=True)
    likelihood = np.exp(fit - fit.max(axis=1, keepdims=True))
    evidence = likelihood @ prior.T + TINY
    weight = np.log(evidence).sum(axis=0)
    weight = np.exp(weight - weight.max())
    density: Floats = likelihood * ((weight / evidence) @ prior)
    return density


def _heterogeneity(rows: pd.DataFrame, by: str, common: float) -> float:
    """Compare won with expected by group under the common bias: chi-square as for a table of rates."""
    chance = expit(rows["offset"] + common)
    design = _design_effect(rows, common)
    sums = pd.DataFrame({"gap": rows["won"] - chance, "variance": design * chance * (1 - chance)})
    group = sums.groupby(rows[by]).sum()
    if len(group) < 2 or rows["won"].nunique() < 2:
        return math.nan
    return float(stats.chi2.sf((group["gap"] ** 2 / group["variance"]).sum(), len(group) - 1))


def _overall(
    rows: pd.DataFrame, level: float
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Bias (slope held at 1) and slope of all statements, with intervals that know which share a case."""
    nothing = (math.nan, math.nan, math.nan)
    if len(rows) < FEWEST or rows["won"].nunique() < 2:
        return nothing, nothing
    offset = rows["offset"].to_numpy()
    bias = _fit(rows, np.ones((len(rows), 1)), level, offset)
    varied = np.ptp(offset) > 0
    return bias, _fit(rows, np.column_stack([np.ones(len(rows)), offset]), level) if varied else nothing


def _fit(
    rows: pd.DataFrame, design: Floats, level: float, offset: Floats | None = None
) -> tuple[float, float, float]:
    """Last coefficient of a logistic regression with its interval; missing where the data separate.

    Statements alike are fitted as one with their number, which changes nothing; residuals are summed by case
    for the interval (Liang and Zeger, Biometrika 73 (1986) 13-22).
    """
    won = rows["won"].to_numpy()
    one, place, counts = _alike(rows)
    model = sm.GLM(
        won[one], design[one], family=sm.families.Binomial(),
        offset=None if offset is None else offset[one], freq_weights=counts,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            fitted = model.fit()
        except (Warning, np.linalg.LinAlgError):
            return math.nan, math.nan, math.nan
    scores = (won - fitted.fittedvalues[place])[:, None] * design
    case, cases = pd.factorize(rows["opportunity_id"])
    few = len(cases) / (len(cases) - 1) * (len(won) - 1) / (len(won) - design.shape[1])
    bread = fitted.normalized_cov_params
    variance = few * (bread @ S_crosssection(scores, case) @ bread)[-1, -1]
    best, half = float(fitted.params[-1]), float(stats.norm.ppf((1 + level) / 2) * variance**0.5)
    return best, best - half, best + half
