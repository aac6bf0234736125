"""How much of the business hangs on few customers, and how much we matter to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

TEN = 10
POINTS = 10_000  # the scale of the Herfindahl-Hirschman index


@dataclass(frozen=True)
class Concentration:
    """Concentration of amounts over customers; all None or 0 where there is no positive amount.

    ``hhi``: Herfindahl-Hirschman index from 0 to 10,000; ``effective_number``: how many customers of the same
    size would be as concentrated; ``clipped``: sum of negative amounts, which count as zero.
    """

    customers: int
    hhi: float | None
    effective_number: float | None
    largest: float | None
    top10: float | None
    clipped: float


def concentration(amounts: pd.Series[float]) -> Concentration:
    """Measure how concentrated amounts are, by customer.

    >>> concentration(pd.Series([50.0, 50.0]))
    Concentration(customers=2, hhi=5000.0, effective_number=2.0, largest=0.5, top10=1.0, clipped=0.0)
    """
    given = amounts.dropna().astype(float)
    positive = np.sort(given.clip(lower=0).to_numpy())[::-1]
    clipped = float(given.clip(upper=0).sum())
    total = positive.sum()
    if total <= 0:
        return Concentration(0, None, None, None, None, clipped)
    shares = positive / total
    square = float((shares**2).sum())
    return Concentration(
        customers=int((positive > 0).sum()),
        hhi=square * POINTS,
        effective_number=1 / square,
        largest=float(shares[0]),
        top10=float(shares[:TEN].sum()),
        clipped=clipped,
    )


def symmetry(base: pd.DataFrame, market: pd.DataFrame, most: int = TEN) -> pd.DataFrame:
    """Share of each large customer in our sales beside our share of its purchases.

    Parameters
    ----------
    base
        As :func:`vs_toolkit.portfolio.base.customer_base` gives it.
    market
        customer_id, year, known_on, purchases; the newest row of a customer counts.
    most
        How many customers.

    Returns
    -------
    DataFrame
        Index: customer_id of the largest; of_ours, of_theirs (NaN: its purchases are not known), balance:
        "they matter more to us", "we matter more to them", "balanced" or "not known".
    """
    largest = base.head(most)
    newest = market.sort_values(["year", "known_on"]).drop_duplicates("customer_id", keep="last")
    purchases = newest.set_index("customer_id")["purchases"].astype(float)
    theirs = (largest["net_sales"] / purchases.reindex(largest.index)).where(lambda part: part <= 1)
    ours = largest["net_sales"] / base["net_sales"].sum()
    words = [_balance(a, b) for a, b in zip(ours, theirs, strict=True)]
    return pd.DataFrame({"of_ours": ours, "of_theirs": theirs, "balance": words})


def _balance(ours: float, theirs: float) -> str:
    if np.isnan(theirs):
        return "not known"
    if ours > 2 * theirs:
        return "they matter more to us"
    return "we matter more to them" if theirs > 2 * ours else "balanced"
