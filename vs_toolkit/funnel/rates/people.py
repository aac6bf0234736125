"""Hit rates of salespeople, teams or regions, shrunk to the common rate as far as chance may explain them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from vs_toolkit.estimates import SIGNIFICANT, homogeneity, shrink_rates, significance


@dataclass(frozen=True)
class GroupHitRates:
    """Hit rates by group, and whether the groups differ at all.

    Attributes
    ----------
    by
        Column that names the groups.
    table
        Index: group, best shrunk rate first. won, lost, open (opportunities), hit_rate (won / closed),
        shrunk (what
        the group's rate is adjusted to) and its interval low, high; missing where nothing was closed.
    overall
        Hit rate of all closed opportunities that belong to a group.
    worth
        How many closed opportunities of its own a group needs until they count as much as the common rate;
        infinite
        where the groups show no difference at all.
    p_value
        Chance of differences this large if all groups had the same rate (chi-square test of homogeneity).
    ungrouped
        Closed opportunities left out because their group is not known.
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
        return significance(self.p_value)


def group_hit_rates(cases: pd.DataFrame, by: str, level: float = 0.90, seed: int = 1) -> GroupHitRates:
    """Compare the hit rates of groups, none taken for better or worse than its number of cases allows.

    The groups' true rates are taken as drawn from a beta distribution around the common rate. How far they
    spread is estimated from all groups (beta-binomial likelihood); results are averaged over what remains
    possible, so that intervals do not pretend to know it (Efron and Morris, J. Am. Stat. Assoc. 70 (1975)
    311-319; Morris, ibid. 78 (1983) 47-55).

    Parameters
    ----------
    cases
        One row per opportunity: outcome (open, won, lost) and the column ``by``.
    by
        Column that names the group: owner_id, team, region ...
    level
        Chance that an interval holds the group's true rate.
    seed
        For the test where a group is so small that chi-square does not hold: it is then simulated.

    Examples
    --------
    Two people won 8 and 2 of 10: ten opportunities do not say that the difference is quite as large.

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
    shrunk = shrink_rates(table["won"], closed, level)
    table = table.assign(hit_rate=(table["won"] / closed.where(closed > 0)).astype(float))
    table = table.assign(shrunk=shrunk.rate, low=shrunk.low, high=shrunk.high)
    return GroupHitRates(
        by=by,
        table=table.sort_values("shrunk", ascending=False, kind="stable"),
        overall=float(overall),
        worth=shrunk.worth,
        p_value=homogeneity(table["won"], table["lost"], seed),
        ungrouped=int((cases[by].isna() & (cases["outcome"] != "open")).sum()),
    )
