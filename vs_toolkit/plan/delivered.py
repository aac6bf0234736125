"""Value promised and realised at the customer, over the periods that have been measured."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Delivered:
    """Sums over the measured periods; ``unmeasured`` periods count in neither."""

    promised: float
    realised: float
    currency: str
    periods: int
    unmeasured: int

    @property
    def rate(self) -> float | None:
        """Realisation rate."""
        return self.realised / self.promised if self.promised > 0 else None


def delivered(rows: pd.DataFrame) -> Delivered:
    """Add up promised and realised value of the measured periods; of several currencies, the most frequent.

    >>> rows = pd.DataFrame({"promised": [100.0, 50.0], "realised": [80.0, None], "currency": "EUR"})
    >>> delivered(rows).rate
    0.8
    """
    usual = rows["currency"].mode()
    own = rows[rows["currency"] == usual.iloc[0]] if len(usual) else rows
    known = own.dropna(subset=["realised"])
    return Delivered(
        float(known["promised"].sum()),
        float(known["realised"].sum()),
        str(usual.iloc[0]) if len(usual) else "",
        len(known),
        len(own) - len(known),
    )
