"""The internal rate of return as a finance director reads it: a return, the cost of money, or neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from vs_toolkit import finance
from vs_toolkit.finance import IRR

Kind = Literal["return", "cost of money", "several", "none"]
ABSURD = 10.0  # above 1,000% a year a second root is no rate at which anybody invests or borrows


@dataclass(frozen=True)
class RateOfReturn:
    """What the internal rate of return says; ``rate`` and ``others`` are fractions per year.

    ``kind`` "return": money first goes out and comes back at ``rate``, to be above the cost of capital. "cost
    of money": money first comes in and goes back later, like a loan at ``rate``, to be below it. "several":
    more
    than one plausible rate, so none is shown. "none": no root, or money comes in first and more follows.
    ``others`` are the roots that are negative or absurd.
    """

    kind: Kind
    rate: float | None
    others: tuple[float, ...] = ()

    @property
    def shown(self) -> float | None:
        """Rate as far as its figures say anything."""
        return self.rate if self.rate is None or self.rate <= ABSURD else None


def rate_of_return(irr: IRR, cash_flows: ArrayLike) -> RateOfReturn:
    """Read the roots of ``cash_flows`` (first at time 0): the only one, or the only plausible one.

    ``irr`` holds the same roots per year, in the same order as those per period.

    >>> flows = [100.0, -60.0, -60.0]
    >>> rate_of_return(finance.irr(flows), flows).kind
    'cost of money'
    """
    plausible = [root for root in irr.roots if 0 <= root <= ABSURD]
    if not irr.roots:
        return RateOfReturn("none", None)
    if len(irr.roots) > 1 and len(plausible) != 1:
        return RateOfReturn("several", None, irr.roots)
    found = irr.roots[0] if len(irr.roots) == 1 else plausible[0]
    others = tuple(root for root in irr.roots if root != found)
    if not _rising(np.asarray(cash_flows, dtype=float), found, irr):
        return RateOfReturn("return", found, others)
    return (
        RateOfReturn("cost of money", found, others) if found >= 0 else RateOfReturn("none", None, irr.roots)
    )


def _rising(flows: np.ndarray, root: float, irr: IRR) -> bool:
    """Whether the NPV rises with the rate at this root: then the flows are those of a loan taken."""
    period = finance.irr(flows).roots[irr.roots.index(root)]
    times = np.arange(flows.size)
    return bool(-(times * flows) @ (1 + period) ** -(times + 1.0) > 0)
