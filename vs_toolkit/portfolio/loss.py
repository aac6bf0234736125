"""What losing customers costs: the profit they bring, and the fixed cost that they leave behind uncovered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

INDIVIDUAL = 200  # customers drawn one by one; all smaller ones count with what is expected of them


@dataclass(frozen=True, eq=False)
class LossRisk:
    """Profit lost within a year over many simulated years.

    ``draws``: one loss per simulated year, as a positive amount; ``expected``, ``p50``, ``p90``, ``p95``: its
    mean and percentiles; ``total``: profit of the base that the losses are held against.
    """

    draws: np.ndarray
    total: float

    @property
    def expected(self) -> float:
        """Mean loss."""
        return float(self.draws.mean()) if len(self.draws) else np.nan

    def percentile(self, share: float) -> float:
        """Loss that is not exceeded in this share of the years."""
        return float(np.quantile(self.draws, share)) if len(self.draws) else np.nan


def loss_by_customer(base: pd.DataFrame, fixed_share: float) -> pd.DataFrame:
    """What losing each customer costs in the first year, before anything is done about fixed cost.

    Profit lost is the customer's profit and the fixed part of its direct cost and cost to serve, which stays:
    the uncovered fixed cost.

    Parameters
    ----------
    base
        As :func:`vs_toolkit.portfolio.base.customer_base` gives it.
    fixed_share
        Part of direct cost and cost to serve that does not go away within a year.

    Returns
    -------
    DataFrame
        Index: customer_id; net_sales, profit, fixed_cost, lost = profit + fixed_cost (NaN: not known).

    >>> columns = ["net_sales", "direct_cost", "cost_to_serve", "profit"]
    >>> loss_by_customer(pd.DataFrame([[100.0, 60.0, 10.0, 30.0]], columns=columns), 0.5)["lost"].tolist()
    [65.0]
    """
    fixed = fixed_share * (base["direct_cost"] + base["cost_to_serve"])
    return pd.DataFrame(
        {
            "net_sales": base["net_sales"],
            "profit": base["profit"],
            "fixed_cost": fixed,
            "lost": base["profit"] + fixed,
        }
    )


def loss_by_group(losses: pd.DataFrame, groups: pd.Series[str]) -> pd.DataFrame:
    """What losing each group of customers (an industry) costs, the dearest first, as far as known."""
    known = losses.dropna(subset="lost")
    sums = known.groupby(groups.reindex(known.index)).sum()
    return sums.sort_values("lost", ascending=False, kind="stable")


def simulate_losses(
    losses: pd.DataFrame,
    groups: pd.Series[str],
    leave: float,
    slump: tuple[float, float],
    seed: int,
    draws: int = 4_000,
) -> LossRisk:
    """Simulate years in which customers leave and industries slump, together.

    Parameters
    ----------
    losses
        As :func:`loss_by_customer` gives it.
    groups
        Industry of each customer; customers of one industry are hit together.
    leave
        Probability that a customer leaves within a year, each for itself.
    slump
        Probability that an industry slumps within a year, and the part of its business that goes then.
    seed, draws
        Start of the random numbers; how many years.
    """
    known = losses["lost"].dropna().clip(lower=0).sort_values(ascending=False)
    total = float(losses["profit"].sum())
    if known.empty:
        return LossRisk(np.empty(0), total)
    rng = np.random.default_rng(seed)
    trade, names = pd.factorize(groups.reindex(known.index))
    probability, depth = slump
    hit = rng.random((draws, len(names) + 1)) < probability
    hit[:, -1] = False  # customers whose industry is not known: factorize gives them -1
    large = known.to_numpy()[:INDIVIDUAL]
    gone = rng.random((draws, len(large))) < leave
    part = np.where(gone, 1.0, hit[:, trade[:INDIVIDUAL]] * depth)
    rest = known.to_numpy()[INDIVIDUAL:]
    by_trade = np.zeros(len(names) + 1)
    np.add.at(by_trade, trade[INDIVIDUAL:], rest)
    small = leave * rest.sum() + (1 - leave) * depth * hit @ by_trade
    return LossRisk(part @ large + small, total)
