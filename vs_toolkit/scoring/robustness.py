"""Does a class survive other weights? Exact ends over a range of all weights, and each weight alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.scoring.scores import Scorecard


@dataclass(frozen=True)
class Robustness:
    """What other weights would make of a total.

    ``low`` and ``high`` are exact: every weight anywhere within its range, all at once. ``single`` has one
    row per element and per group, with the total and class when only its own weight is lowered or raised.
    """

    change: float
    low: float
    high: float
    low_class: str
    high_class: str
    single: pd.DataFrame

    @property
    def holds(self) -> bool:
        """Whether the class is the same under all weights within the range."""
        return self.low_class == self.high_class

    @property
    def decisive(self) -> tuple[str, ...]:
        """Titles of the elements of which one weight alone changes the class, the largest swing first."""
        flips = self.single[self.single["low_class"] != self.single["high_class"]]
        swing = (flips["high"] - flips["low"]).round(9).sort_values(ascending=False, kind="stable")
        return tuple(str(title) for title in swing.index)


def robustness(card: Scorecard, change: float | None = None) -> Robustness | None:
    """Try the total under other weights; None when nothing is answered.

    Parameters
    ----------
    card
        The answers of one subject.
    change
        How much lower or higher each weight may be, as a share of itself, below 1; default: the scale's.
    """
    if card.value is None:
        return None
    change = card.scale.weight_range if change is None else change
    if not 0 <= change < 1:
        raise ValueError(f"change {change:g} must be at least 0 and below 1")
    weights, scores = _known(card)
    low, high = extremes(scores, weights * (1 - change), weights * (1 + change))
    named = card.scale.class_of
    return Robustness(change, low, high, named(low), named(high), _single(card, change))


def _known(card: Scorecard) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    names = list(card.answers)
    weights = np.array([card.scale.leaves[name].weight for name in names])
    return weights, np.array([card.answers[name] for name in names])


def extremes(scores: Any, lowest: Any, highest: Any) -> tuple[float, float]:
    """Exact lowest and highest weighted mean when each weight lies anywhere between two ends.

    A linear fractional programme: at the optimum the best scores bear their highest weight and the others
    their lowest (or the reverse), so that only as many cuts as there are scores have to be tried.

    >>> extremes([0, 100], [1, 1], [3, 3])
    (25.0, 75.0)
    """
    order = np.argsort(np.asarray(scores, dtype=float), kind="stable")
    s, low, high = (np.asarray(a, dtype=float)[order] for a in (scores, lowest, highest))
    cut = np.arange(len(s) + 1)[:, None] > np.arange(len(s))
    heavy_below, heavy_above = np.where(cut, high, low), np.where(cut, low, high)
    return float((heavy_below @ s / heavy_below.sum(axis=1)).min()), float(
        (heavy_above @ s / heavy_above.sum(axis=1)).max()
    )


def _single(card: Scorecard, change: float) -> pd.DataFrame:
    weights, scores = _known(card)
    leaves = [card.scale.leaves[name] for name in card.answers]
    tops = {top.id: top.title for top in card.scale.elements if top.elements}
    parts = [(leaf.element.title, np.arange(len(leaves)) == i) for i, leaf in enumerate(leaves)]
    parts += [(title, np.array([leaf.group == top for leaf in leaves])) for top, title in tops.items()]
    rows = {}
    for title, own in parts:
        ends = [_mean(scores, np.where(own, weights * (1 + way * change), weights)) for way in (-1, 1)]
        rows[title] = [*sorted(ends), *(card.scale.class_of(end) for end in sorted(ends))]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high", "low_class", "high_class"])


def _mean(scores: np.ndarray[Any, Any], weights: np.ndarray[Any, Any]) -> float:
    return float(scores @ weights / weights.sum())
