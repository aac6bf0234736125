"""Answers on a scale rolled up to a total; what is missing is never a zero, and the coverage is stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

import numpy as np
import pandas as pd

from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.scoring.scale import HIGHEST, LOWEST, Element, Scale


@dataclass(frozen=True)
class Weighted:
    """A weighted mean of what is known, None when nothing is; ``coverage`` is the share of weight known."""

    value: float | None
    coverage: float


def weighted(scores: Mapping[str, float | None], weights: Mapping[str, float]) -> Weighted:
    """Weighted mean; the weights of missing scores (absent, None or NaN) go to the others in proportion.

    Raises
    ------
    ValueError
        For a score without a weight, and when no weight is above zero.

    >>> weighted({"a": 100, "b": None}, {"a": 1, "b": 3})
    Weighted(value=100.0, coverage=0.25)
    """
    if unknown := set(scores) - set(weights):
        raise ValueError(f"no weight for {', '.join(sorted(unknown))}")
    total = sum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise ValueError("weights must not be negative, and not all zero")
    known = {name: float(s) for name, s in scores.items() if s is not None and s == s}
    weight = sum(weights[name] for name in known)
    value = sum(weights[name] * score for name, score in known.items()) / weight if weight else None
    return Weighted(value, weight / total)


@dataclass(frozen=True)
class Scorecard:
    """The answers of one subject on one scale, and what follows from them."""

    scale: Scale
    answers: dict[str, float]

    @cached_property
    def _total(self) -> Weighted:
        return weighted(self.answers, {name: leaf.weight for name, leaf in self.scale.leaves.items()})

    @property
    def value(self) -> float | None:
        """Total from 0 to 100 over what is answered; None when nothing is."""
        return self._total.value

    @property
    def coverage(self) -> float:
        """Share of the weight that is answered."""
        return self._total.coverage

    @property
    def class_name(self) -> str:
        """Class of the total; empty when nothing is answered."""
        return "" if self.value is None else self.scale.class_of(self.value)

    @property
    def missing(self) -> tuple[str, ...]:
        """Elements without an answer, the heaviest first."""
        leaves = sorted(self.scale.leaves.values(), key=lambda leaf: -leaf.weight)
        return tuple(leaf.element.id for leaf in leaves if leaf.element.id not in self.answers)

    @property
    def bounds(self) -> tuple[float, float]:
        """Total if every missing answer were the lowest, and if every one were the highest."""
        known = (self.value or 0.0) * self.coverage
        return known, known + HIGHEST * (1 - self.coverage)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Elements at the top: weight, coverage, score (NaN: nothing known), points of the total.

        ``contribution`` adds up to the total over the groups.
        """
        rows = [self._group(top) for top in self.scale.elements]
        return pd.DataFrame(rows, index=[top.title for top in self.scale.elements])

    def _group(self, top: Element) -> dict[str, float]:
        weights = {name: leaf.weight for name, leaf in self.scale.leaves.items() if leaf.group == top.id}
        part = weighted({name: s for name, s in self.answers.items() if name in weights}, weights)
        weight = sum(weights.values())
        score = np.nan if part.value is None else part.value
        known = weight * part.coverage / self.coverage if self.coverage else 0.0
        return {
            "weight": weight,
            "coverage": part.coverage,
            "score": score,
            "contribution": known * score if part.coverage else 0.0,
        }

    @cached_property
    def elements(self) -> pd.DataFrame:
        """Elements that are answered or not: group, weight, score (NaN: missing), its text."""
        rows = [
            (leaf.group, leaf.weight, score, leaf.element.text_of(score) if score == score else "")
            for name, leaf in self.scale.leaves.items()
            for score in [self.answers.get(name, np.nan)]
        ]
        titles = [leaf.element.title for leaf in self.scale.leaves.values()]
        return pd.DataFrame(rows, index=titles, columns=["group", "weight", "score", "text"])


def evaluate(scale: Scale, answers: Mapping[str, float | None]) -> Scorecard:
    """Score one subject; answers that are None or NaN are missing.

    Raises
    ------
    ValueError
        For an element that the scale does not have, and for a score outside 0 to 100.

    >>> from vs_toolkit.scoring import scale_named
    >>> card = evaluate(scale_named("buying_style"), {"who_is_met": 0, "what_is_discussed": 50})
    >>> card.value, card.class_name, card.coverage
    (25.0, 'product purchaser', 0.4)
    """
    known = {str(name): float(s) for name, s in answers.items() if s is not None and s == s}
    for name, score in known.items():
        if name not in scale.leaves:
            raise ValueError(f"{scale.name} has no element {name!r}; {did_you_mean(name, scale.leaves)}")
        if not LOWEST <= score <= HIGHEST:
            raise ValueError(f"{name}: a score lies between 0 and 100, not {score:g}")
    return Scorecard(scale, known)


def answers_of(assessments: pd.DataFrame, scale: Scale) -> dict[str, float]:
    """Newest score of each element of a scale; rows of other scales and of unknown elements are left out.

    Parameters
    ----------
    assessments
        Columns ``scale``, ``element``, ``score``, ``assessed_on``: rows about one subject.
    scale
        The scale whose answers are wanted.
    """
    columns = (assessments[name].tolist() for name in ("scale", "element", "assessed_on", "score"))
    own = [row for row in zip(*columns, strict=True) if row[0] == scale.name and row[1] in scale.leaves]
    by_day = sorted(own, key=itemgetter(2))
    return {str(element): float(score) for _, element, _, score in by_day}


def evaluate_all(scale: Scale, answers: pd.DataFrame) -> pd.DataFrame:
    """Score many subjects at once: total, coverage and class per row; adding a row changes no other.

    Parameters
    ----------
    scale
        The scale.
    answers
        Index: subjects; columns: elements of the scale that are answered; NaN is missing.
    """
    rows = [evaluate(scale, dict(zip(answers.columns, row, strict=True))) for row in answers.to_numpy()]
    return pd.DataFrame(
        {
            "value": [np.nan if card.value is None else card.value for card in rows],
            "coverage": [card.coverage for card in rows],
            "class_name": [card.class_name for card in rows],
        },
        index=answers.index,
    )
