"""The whale curve: who makes the profit, and who takes part of it away again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WHALE = 1.02  # from this peak on a curve has a back worth speaking of
FIFTH = 0.2


@dataclass(frozen=True, eq=False)
class Whale:
    """Profit of customers from best to worst.

    Attributes
    ----------
    curve
        Index: customer, best first; profit, cumulative, share (of the total; NaN where that is not positive).
    total, peak, lost
        Sum of all; largest cumulative profit; sum of the losses (negative or 0).
    peak_customers, loss_making
        Customers up to the peak (without those at zero); customers with a loss.
    """

    curve: pd.DataFrame
    total: float
    peak: float
    lost: float
    peak_customers: int
    loss_making: int

    @property
    def customers(self) -> int:
        """Number of customers whose profit is known."""
        return len(self.curve)

    @property
    def peak_share(self) -> float | None:
        """Peak ÷ total; None where the total is not positive: percent of it would mean nothing."""
        return self.peak / self.total if self.total > 0 else None

    @property
    def top_fifth_share(self) -> float | None:
        """Share of the total that the best fifth of customers (rounded up) brings."""
        if self.total <= 0 or self.curve.empty:
            return None
        best = int(np.ceil(FIFTH * self.customers))
        return float(self.curve["cumulative"].iloc[best - 1]) / self.total

    @property
    def has_tail(self) -> bool:
        """Whether losses take away a part of the profit worth speaking of."""
        return self.loss_making > 0 and (self.total <= 0 or self.peak >= WHALE * self.total)

    @property
    def worst(self) -> pd.Series[float]:
        """Customers with a loss, the largest loss first."""
        losses = self.curve.loc[self.curve["profit"] < 0, "profit"]
        return losses.iloc[::-1]


def whale(profit_by_customer: pd.Series[float]) -> Whale:
    """Order customers from best to worst and add up their profit.

    Customers whose profit is not known (NaN) are left out. Source: Kaplan and Narayanan, J. Cost Management
    15(5) (2001) 5-15.

    >>> result = whale(pd.Series({"A": 100.0, "B": -45.0, "C": 45.0}))
    >>> result.peak_share, result.loss_making, result.curve["cumulative"].tolist()
    (1.45, 1, [100.0, 145.0, 100.0])
    """
    profit = profit_by_customer.dropna().astype(float).sort_values(ascending=False, kind="stable")
    cumulative = profit.cumsum()
    total = float(profit.sum())
    curve = pd.DataFrame({"profit": profit, "cumulative": cumulative})
    curve["share"] = cumulative / total if total > 0 else np.nan
    return Whale(
        curve=curve,
        total=total,
        peak=float(max(cumulative.max(), 0.0)) if len(profit) else 0.0,
        lost=float(profit[profit < 0].sum()),
        peak_customers=int((profit > 0).sum()),
        loss_making=int((profit < 0).sum()),
    )
