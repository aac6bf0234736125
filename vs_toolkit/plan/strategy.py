"""Which sales strategy fits a customer: willingness to partner against relationship value (figure 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

STRATEGIES = ("product", "solution", "value")
STYLES = ("product purchaser", "solution seeker", "value seeker")
PARTNERING = ("low", "medium", "high")
SEGMENTS = ("normal", "important", "key")
Kind = Literal["fit", "leaning", "valuable but distant", "willing but small", "unknown"]


@dataclass(frozen=True)
class Fit:
    """The strategy that fits, whether it lies on the diagonal, and what the team follows.

    ``recommended`` is empty where willingness to partner or relationship value is not known. ``matched`` is
    the strategy that the customer's own buying style calls for, empty when not known.
    """

    recommended: str
    kind: Kind
    followed: str
    style: str
    matched: str

    @property
    def follows(self) -> bool | None:
        """Whether the team follows the recommended strategy; None when either is not known."""
        return self.followed == self.recommended if self.followed and self.recommended else None


def strategy_fit(segment: str, partnering: str, style: str, followed: str = "") -> Fit:
    """Place a customer: relationship value (its segment) x willingness to partner (book, figures 2, 3, 15).

    Equal levels lie on the diagonal and fit. One step apart, the lower of both decides. Two steps apart is a
    mismatch with a name: neither the value nor the willingness alone justifies value sales, so the
    recommendation is product sales until the missing one has been worked on.

    >>> strategy_fit("key", "high", "value seeker").recommended
    'value'
    >>> strategy_fit("key", "low", "product purchaser", followed="value").kind
    'valuable but distant'
    """
    matched = STRATEGIES[STYLES.index(style)] if style in STYLES else ""
    if segment not in SEGMENTS or partnering not in PARTNERING:
        return Fit("", "unknown", followed, style, matched)
    value, willing = SEGMENTS.index(segment), PARTNERING.index(partnering)
    kinds: dict[int, Kind] = {2: "valuable but distant", -2: "willing but small", 0: "fit"}
    return Fit(
        STRATEGIES[min(value, willing)], kinds.get(value - willing, "leaning"), followed, style, matched
    )
