"""White space: what each unit of the customer buys of each of our offerings, from whom, and our share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from vs_toolkit.plan.versions import newest

STATES = ("sold", "open", "competitor", "no need", "unknown")


@dataclass(frozen=True)
class WhiteSpace:
    """Cells (customer's unit x our offering) with their potential, and totals over what is known.

    ``cells``: customer_unit, offering, state, yearly_spend, our_sales, competitor, recorded_on, potential a
    year (what we do not sell yet: all of an open cell or a competitor's, the rest of one sold; NaN: not
    known). ``share`` is our sales ÷ spend over the cells where both are known; above 1 is a data error.
    """

    cells: pd.DataFrame
    currency: str

    @cached_property
    def potential(self) -> float | None:
        """Known potential a year over all cells; None when none is known."""
        known = self.cells["potential"].dropna()
        return float(known.sum()) if len(known) else None

    @property
    def unknown(self) -> int:
        """Cells whose potential is not known."""
        return int(self.cells["potential"].isna().sum())

    @cached_property
    def share(self) -> float | None:
        """Our share of what the customer spends on our offerings (share of wallet)."""
        both = self.cells.dropna(subset=["yearly_spend", "our_sales"])
        spend = both["yearly_spend"].sum()
        return float(both["our_sales"].sum() / spend) if spend > 0 else None

    @property
    def excess(self) -> pd.DataFrame:
        """Cells in which we would sell more than the customer spends: one of the figures is wrong."""
        return self.cells[self.cells["our_sales"] > self.cells["yearly_spend"]]

    def grid(self, column: str) -> pd.DataFrame:
        """One column of the cells as customer's unit x offering."""
        return self.cells.pivot(index="customer_unit", columns="offering", values=column).reindex(
            index=list(dict.fromkeys(self.cells["customer_unit"])),
            columns=list(dict.fromkeys(self.cells["offering"])),
        )


def white_space(rows: pd.DataFrame) -> WhiteSpace:
    """Work out the potential of each cell from the newest row of each.

    >>> rows = pd.DataFrame({"customer_unit": ["A", "A"], "offering": ["Pump", "Service"],
    ...     "recorded_on": 0, "state": ["sold", "open"], "yearly_spend": [100.0, 60.0],
    ...     "our_sales": [70.0, None], "currency": "EUR"})
    >>> space = white_space(rows)
    >>> space.potential, round(space.share, 4)
    (90.0, 0.4375)
    """
    cells = newest(rows, "customer_unit", "offering")
    state = cells["state"]
    ours = cells["our_sales"].where(state == "sold", 0.0).where(state != "unknown")
    spend = cells["yearly_spend"].where(state != "unknown")
    potential = (spend - ours).clip(lower=0).where(state != "no need", 0.0)
    currency = str(cells["currency"].iloc[0]) if len(cells) else ""
    return WhiteSpace(
        cells.assign(our_sales=ours, yearly_spend=spend.mask(state == "no need", 0.0), potential=potential),
        currency,
    )


def best_open(space: WhiteSpace, count: int) -> pd.DataFrame:
    """Largest cells that we do not fully sell, with the supplier of today."""
    return space.cells[space.cells["potential"] > 0].nlargest(count, "potential")
