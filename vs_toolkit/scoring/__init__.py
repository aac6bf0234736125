"""Scores on stated scales: elements, weights, roll-up, coverage, and whether a class survives other weights.

Every answer is a score from 0 to 100 on a fixed scale that says what each score means, so that the score of
one customer never depends on who else is scored (no rank reversal). A missing answer is never a zero: the
weights of the others are renormalised, and the coverage says how much of the weight is answered.
A scale is a YAML document that a user edits (``templates/scales/``), checked like a business case.
"""

from vs_toolkit.scoring.robustness import Robustness, extremes, robustness
from vs_toolkit.scoring.scale import (
    HIGHEST,
    LOWEST,
    Element,
    Leaf,
    Scale,
    load_scale,
    read_scale,
    scale_named,
)
from vs_toolkit.scoring.scores import Scorecard, Weighted, answers_of, evaluate, evaluate_all, weighted

__all__ = [
    "HIGHEST",
    "LOWEST",
    "Element",
    "Leaf",
    "Robustness",
    "Scale",
    "Scorecard",
    "Weighted",
    "answers_of",
    "evaluate",
    "evaluate_all",
    "extremes",
    "load_scale",
    "read_scale",
    "robustness",
    "scale_named",
    "weighted",
]
