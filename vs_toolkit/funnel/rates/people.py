"""Hit rates of salespeople, teams or regions, shrunk to the common rate as far as chance may explain them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
RATES: Floats = (np.arange(500) + 0.5) / 500
SPREADS: Floats = np.linspace(0.005, 0.8, 32)  # of the groups' rates, in units of sqrt(p(1 - p))
COMMON: Floats = (np.arange(5) + 0.5) / 5  # parts of the distribution of the common rate
SIGNIFICANT = 0.05
RESAMPLES = 9999


@dataclass(frozen=True)
class GroupHitRates:
    """Hit rates by group, and whether the groups differ at all.

    Attributes
    ----------
    by
        Column that names the groups.
    table
        Index: group, best shrunk rate first. won, lost, open (cases), hit_rate (won / closed), shrunk (what
        the group's rate is taken to be) and its interval low, high; missing where nothing was closed.
    overall
        Hit rate of all closed cases that belong to a group.
    worth
        How many closed cases of its own a group needs until they count as much as the common rate; infinite
        where the groups show no difference at all.
    p_value
        Chance of differences this large if all groups had the same rate (chi-square test of homogeneity).
    ungrouped
        Closed cases left out because their group is not known.
    """

    by: str
    table: pd.DataFrame
    overall: float
    worth: float
    p_value: float
    ungrouped: int

    @property
    def distinguishable(self) -> bool:
        """Whether the differences are more than chance would bring in one of twenty cases."""
        return self.p_value < SIGNIFICANT

    @property
    def verdict(self) -> str:
        """What may be said of the differences, in one sentence."""
        return difference_in_words(self.p_value)


def difference_in_words(p_value: float) -> str:
    """Say what a test of differences between groups allows to say.

    >>> difference_in_words(0.26)
    'Differences not distinguishable from chance (p = 0.26)'
    >>> difference_in_words(math.nan)
    'Differences cannot be judged: it takes two groups with closed cases, some won and some lost'
    """
    if math.isnan(p_value):
        return "Differences cannot be judged: it takes two groups with closed cases, some won and some lost"
    size = f"p = {p_value:.2f}" if p_value >= 0.01 else "p < 0.01"
    what = "larger than" if p_value < SIGNIFICANT else "not distinguishable from"
    return f"Differences {what} chance ({size})"


def group_hit_rates(cases: pd.DataFrame, by: str, level: float = 0.90, seed: int = 1) -> GroupHitRates:
    """Compare the hit rates of groups, none taken for better or worse than its number of cases allows.

    The groups' true rates are taken as drawn from a beta distribution around the common rate. How far they
    spread is estimated from all groups (beta-binomial likelihood); results are averaged over what remains
    possible, so that intervals do not pretend to know it (Efron and Morris, J. Am. Stat. Assoc. 70 (1975)
    311-319; Morris, ibid. 78 (1983) 47-55).

    Parameters
    ----------
    cases
        One row per case: outcome (open, won, lost) and the column ``by``.
    by
        Column that names the group: owner_id, team, region ...
    level
        Chance that an interval holds the group's true rate.
    seed
        For the test where a group is so small that chi-square does not hold: it is then simulated.

    Examples
    --------
    Two people won 8 and 2 of 10: ten cases do not say that the difference is quite as large.

    >>> outcome = ["won"] * 8 + ["lost"] * 2 + ["won"] * 2 + ["lost"] * 8
    >>> cases = pd.DataFrame({"outcome": outcome, "owner_id": ["A"] * 10 + ["B"] * 10})
    >>> result = group_hit_rates(cases, "owner_id")
    >>> result.table["shrunk"].round(2).to_dict()
    {'A': 0.7, 'B': 0.3}
    """
    known = cases[cases[by].notna()]
    outcome = pd.Categorical(known["outcome"], categories=["won", "lost", "open"])
    table = pd.crosstab(known[by].astype(object), outcome, dropna=False).rename_axis(index=by, columns=None)
    closed = table["won"] + table["lost"]
    overall = table["won"].sum() / closed.sum() if closed.sum() else math.nan
    shrunk, worth = _shrink(table["won"].to_numpy(), closed.to_numpy(), level)
    table = table.assign(hit_rate=(table["won"] / closed.where(closed > 0)).astype(float))
    table[["shrunk", "low", "high"]] = np.where(closed.to_numpy()[:, None] > 0, shrunk, math.nan)
    return GroupHitRates(
        by=by,
        table=table.sort_values("shrunk", ascending=False, kind="stable"),
        overall=float(overall),
        worth=worth,
        p_value=homogeneity(table["won"].to_numpy(), table["lost"].to_numpy(), seed),
        ungrouped=int((cases[by].isna() & (cases["outcome"] != "open")).sum()),
    )


def homogeneity(won: npt.ArrayLike, lost: npt.ArrayLike, seed: int) -> float:
    """Return the chance of differences this large between groups with one common rate.

    Pearson's chi-square; simulated with fixed margins where one in five expected counts is below 5 or one is
    below 1 (Cochran 1954). Missing if fewer than two groups have closed cases or all ended alike.

    >>> round(homogeneity([30, 45], [70, 55], seed=1), 4)
    0.0285
    """
    counts = np.array([won, lost]).T
    counts = counts[counts.sum(axis=1) > 0]
    if len(counts) < 2 or not counts.sum(axis=0).all():
        return math.nan
    test = stats.chi2_contingency(counts, correction=False)
    if (test.expected_freq < 5).mean() <= 0.2 and test.expected_freq.min() >= 1:
        return float(test.pvalue)
    simulated = stats.MonteCarloMethod(n_resamples=RESAMPLES, rng=np.random.default_rng(seed))
    return float(stats.chi2_contingency(counts, correction=False, method=simulated).pvalue)


def _shrink(won: npt.NDArray[np.int64], closed: npt.NDArray[np.int64], level: float) -> tuple[Floats, float]:
    """Mean and interval of each group's rate, shape (groups, 3), and how much the common rate is worth."""
    won, lost = won[:, None], (closed - won)[:, None]
    common = stats.beta.ppf(COMMON, won.sum() + 0.5, lost.sum() + 0.5)[:, None]
    worth = 1 / SPREADS**2 - 1
    a, b = (common * worth).ravel(), ((1 - common) * worth).ravel()
    fit = stats.betabinom.logpmf(won, won + lost, a, b).sum(axis=0).reshape(len(COMMON), -1)
    weight = np.exp(fit - fit.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    density = stats.beta.pdf(RATES[:, None], won[..., None] + a, lost[..., None] + b) @ weight.ravel()
    likeliest = int(weight.sum(axis=0).argmax())
    return mean_and_interval(RATES, density, level), float(worth[likeliest]) if likeliest else math.inf


def mean_and_interval(grid: Floats, density: Floats, level: float) -> Floats:
    """Mean and central interval of densities given on a grid.

    Parameters
    ----------
    grid
        Equally spaced points, shape (k,).
    density
        Up to a factor, shape (n, k).
    level
        Share of the density within the interval.

    Returns
    -------
    ndarray of shape (n, 3)
        Mean, low, high.

    Examples
    --------
    >>> mean_and_interval(RATES, np.ones((1, 500)), 0.9).round(2).tolist()
    [[0.5, 0.05, 0.95]]
    """
    share = density / density.sum(axis=1, keepdims=True)
    below = share.cumsum(axis=1) - share / 2
    ends = [
        [float(np.interp(tail, row, grid)) for tail in ((1 - level) / 2, (1 + level) / 2)] for row in below
    ]
    return np.column_stack([share @ grid, np.reshape(ends, (len(share), 2))])
