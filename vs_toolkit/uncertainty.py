"""How sure a value is: scenarios, tornado, simulation and break-even of any function of assumptions.

A value is a function from a mapping (assumption key -> number or array of shape (n,)) to an array of shape
() or (n,): a net present value, a forecast, a relationship's worth. It is called with all assumptions.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import brentq, root_scalar

from vs_toolkit.errors import ParameterError
from vs_toolkit.finance import NOISE, FloatArray

Scenario = Literal["low", "expected", "high"]
End = Literal["low", "high"]
SCENARIOS: tuple[Scenario, ...] = ("low", "expected", "high")
Values = Mapping[str, float | FloatArray]
ValueOf = Callable[[Values], "FloatArray | float"]
Draw = Callable[[np.random.Generator, "Assumption", int], FloatArray]

TORNADO = ["key", "name", "low", "high", "at_low", "at_high", "swing"]
BREAK_EVEN = ["key", "name", "expected", "break_even", "distance", "relative", "within_range"]


@dataclass(frozen=True)
class Assumption:
    """One number behind a value; ``low <= expected <= high``, and ``worse`` is the bad end.

    ``expected`` is the most likely value (the mode), not the mean. Outside ``least`` and ``most`` the number
    makes no sense (a start before the first month): no break-even is looked for there.
    """

    key: str
    name: str
    low: float
    expected: float
    high: float
    worse: End = "low"
    least: float = -np.inf
    most: float = np.inf

    @property
    def is_range(self) -> bool:
        """Whether there is anything uncertain about it."""
        return self.low < self.high

    def at(self, scenario: Scenario) -> float:
        """Value in a scenario: "low" is the worse end, "high" the better one.

        >>> Assumption("cost", "Cost", 8, 10, 15, worse="high").at("low")
        15
        """
        if scenario == "expected":
            return self.expected
        return self.low if (scenario == "low") == (self.worse == "low") else self.high

    def mean(self, distribution: str = "pert") -> float:
        """Mean: (low + 4 expected + high) / 6 for PERT, (low + expected + high) / 3 for triangular.

        >>> share = Assumption("share", "Share", 0, 6, 6)
        >>> share.mean(), share.mean("triangular")
        (5.0, 4.0)
        """
        weight = {"pert": 4, "triangular": 1}[distribution]
        return (self.low + weight * self.expected + self.high) / (2 + weight)


@dataclass(frozen=True, eq=False)
class Simulation:
    """A value in many draws.

    Attributes
    ----------
    values
        Shape (draws,).
    seed, uncertain, assumptions
        Seed of the draws; number of assumptions with a range, and of all.
    mean, standard_error
        Mean of ``values``, and the standard error of that mean.
    p10, p50, p90
        Percentiles: in 10% of the draws the value is below ``p10``.
    probability_negative
        Share of draws below 0 (fraction).
    """

    values: FloatArray
    seed: int
    uncertain: int
    assumptions: int
    mean: float
    standard_error: float
    p10: float
    p50: float
    p90: float
    probability_negative: float


def expected(assumptions: Sequence[Assumption]) -> dict[str, float]:
    """Value of every assumption as expected."""
    return {assumption.key: assumption.expected for assumption in assumptions}


def scenario_values(assumptions: Sequence[Assumption], scenario: Scenario) -> dict[str, float]:
    """Value of every assumption in a scenario: all at their worse, expected or better end.

    Raises ParameterError for a scenario that does not exist.

    >>> scenario_values([Assumption("cost", "Cost", 8, 10, 15, worse="high")], "high")
    {'cost': 8}
    """
    if scenario not in SCENARIOS:
        raise ParameterError(f"there is no scenario {scenario!r}; choose one of {', '.join(SCENARIOS)}")
    return {assumption.key: assumption.at(scenario) for assumption in assumptions}


def oriented(assumptions: Sequence[Assumption], value: ValueOf) -> tuple[Assumption, ...]:
    """Find the worse end of each: the one with the lower value while the others are as expected.

    A tie leaves ``worse`` as it is.

    >>> oriented([Assumption("cost", "Cost", 8, 10, 15)], lambda values: 20 - values["cost"])[0].worse
    'high'
    """
    ends = _at_ends(assumptions, value)
    gains, noise = ends[:, 1] - ends[:, 0], 1e-9 * np.abs(ends).max(initial=0.0)
    found: list[End] = [
        a.worse if abs(gain) <= noise else "low" if gain > 0 else "high"
        for a, gain in zip(assumptions, gains, strict=True)
    ]
    return tuple(replace(a, worse=end) for a, end in zip(assumptions, found, strict=True))


def tornado(assumptions: Sequence[Assumption], value: ValueOf) -> pd.DataFrame:
    """Move each assumption from its low to its high end, all others as expected; the widest swing first.

    Returns
    -------
    DataFrame
        One row per assumption with a range: ``key``, ``name``, ``low``, ``high`` (its ends), ``at_low``,
        ``at_high`` (the value there), ``swing`` (their distance).

    >>> cost, sold = Assumption("cost", "Cost", 8, 10, 15), Assumption("sold", "Sold", 1, 2, 3)
    >>> tornado([cost, sold], lambda v: v["sold"] * (20 - v["cost"]))[["key", "swing"]].values.tolist()
    [['sold', 20.0], ['cost', 14.0]]
    """
    ends, ranged = _at_ends(assumptions, value), [a.is_range for a in assumptions]
    rows = [
        (a.key, a.name, a.low, a.high, low, high, abs(high - low))
        for a, (low, high) in zip(assumptions, ends.tolist(), strict=True)
    ]
    table = pd.DataFrame(rows, columns=TORNADO)[pd.Series(ranged, dtype=bool)]
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _at_ends(assumptions: Sequence[Assumption], value: ValueOf) -> FloatArray:
    """Value with each assumption at its low and its high end; shape (assumptions, 2)."""
    return _each(assumptions, value, np.array([(a.low, a.high) for a in assumptions], float).reshape(-1, 2))


def _each(assumptions: Sequence[Assumption], value: ValueOf, numbers: FloatArray) -> FloatArray:
    """Value with each assumption at its ``numbers``, shape (assumptions, tries), the others as expected."""
    count, tries = numbers.shape
    if not count:
        return numbers
    given = np.tile(np.array([[[a.expected]] for a in assumptions], dtype=float), (1, count, tries))
    given[range(count), range(count)] = numbers
    values = value({a.key: given[row].ravel() for row, a in enumerate(assumptions)})
    return np.array(np.broadcast_to(np.asarray(values, dtype=float), numbers.size)).reshape(count, tries)


def break_even(assumptions: Sequence[Assumption], value: ValueOf) -> pd.DataFrame:
    """Find for each assumption the number at which the value is 0, all others as expected.

    Returns
    -------
    DataFrame
        One row per assumption: ``key``, ``name``, ``expected``, ``break_even`` (missing where there is none),
        ``distance`` (break-even less expected), ``relative`` (distance as a fraction of expected) and
        ``within_range`` (whether it lies between low and high).

    >>> table = break_even([Assumption("cost", "Cost", 8, 10, 15)], lambda values: 20 - values["cost"])
    >>> float(table["break_even"].iloc[0]), float(table["relative"].iloc[0])
    (20.0, 1.0)
    """
    rows = [_row(a, root) for a, root in zip(assumptions, _roots(assumptions, value), strict=True)]
    return pd.DataFrame(rows, columns=BREAK_EVEN)


def _row(own: Assumption, root: float | None) -> dict[str, object]:
    distance = np.nan if root is None else root - own.expected
    return {
        "key": own.key,
        "name": own.name,
        "expected": own.expected,
        "break_even": np.nan if root is None else root,
        "distance": distance,
        "relative": distance / abs(own.expected) if own.expected else np.nan,
        "within_range": root is not None and own.low <= root <= own.high,
    }


def _roots(assumptions: Sequence[Assumption], value: ValueOf) -> list[float | None]:
    """Break-even of each: by one secant for all together; alone where that misses, or between two ends."""
    start = np.array([a.expected for a in assumptions], dtype=float)
    step = np.where(start == 0, 1.0, np.abs(start))
    here, there = _each(assumptions, value, np.stack([start, start + step], axis=1)).T
    scale = np.maximum(np.abs(here), np.abs(there))
    bent = np.abs(there - here) > NOISE * scale
    secant = start - np.divide(here * step, there - here, out=np.zeros_like(start), where=bent)
    hit = bent & (np.abs(_each(assumptions, value, secant[:, None])[:, 0]) <= NOISE * scale)
    return [
        float(root) if reached and not _is_bounded(own) else _root(assumptions, own, value)
        for own, root, reached in zip(assumptions, secant, hit, strict=True)
    ]


def _is_bounded(own: Assumption) -> bool:
    return bool(np.isfinite([own.least, own.most]).all())


def _root(assumptions: Sequence[Assumption], own: Assumption, value: ValueOf) -> float | None:
    others = expected(assumptions)

    def alone(number: float) -> float:
        return float(value(others | {own.key: number}))

    if not _is_bounded(own):
        return zero(alone, own.expected, abs(own.expected) or 1.0)
    ends = alone(own.least), alone(own.most)
    return float(brentq(alone, own.least, own.most)) if ends[0] * ends[1] < 0 else None


def zero(value: Callable[[float], float], start: float, step: float) -> float | None:
    """Return the number at which ``value`` is 0, looking from ``start`` in steps of the size of ``step``.

    One secant step where ``value`` is linear, more where something bends it; None when it is never 0.

    >>> zero(lambda x: 3 * x - 12, 1.0, 1.0)
    4.0
    >>> zero(lambda x: 5.0, 1.0, 1.0) is None
    True
    """
    here, there = value(start), value(start + step)
    scale = max(abs(here), abs(there))
    if abs(there - here) <= NOISE * scale:
        return start if here == 0 else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # no slope left: not converged, and said so
        found = root_scalar(value, method="secant", x0=start, x1=start + step, xtol=1e-12 * step, rtol=1e-12)
    reached = found.converged and abs(value(found.root)) <= 1e-9 * scale
    return float(found.root) if reached else None


def draw(
    assumptions: Sequence[Assumption],
    draws: int,
    seed: int,
    distribution: Literal["pert", "triangular"] = "pert",
    correlation: float = 0.0,
) -> dict[str, float | FloatArray]:
    """Draw every assumption from its range: key -> shape (draws,); a certain one stays a number.

    Correlated assumptions go well or badly together (a benefit is high when a cost is low), with one common
    ``correlation``; their ranges stay as they are (a Gaussian copula).

    Source: PERT as Vose, Risk Analysis: beta(1 + 4 (m - a) / (b - a), 1 + 4 (b - m) / (b - a)) on [a, b].

    >>> values = draw([Assumption("cost", "Cost", 8, 10, 15), Assumption("fee", "Fee", 1, 1, 1)], 500, seed=1)
    >>> bool(8 <= values["cost"].min() <= values["cost"].max() <= 15), values["fee"]
    (True, 1)
    """
    rng = np.random.default_rng(seed)
    ranged = [a for a in assumptions if a.is_range]
    values = {a.key: DISTRIBUTIONS[distribution](rng, a, draws) for a in ranged}
    if correlation:
        values = _correlated(values, {a.key: a.worse for a in ranged}, correlation, rng)
    return {a.key: values[a.key] if a.is_range else a.expected for a in assumptions}


def simulate(
    assumptions: Sequence[Assumption],
    value: ValueOf,
    draws: int = 10_000,
    seed: int = 1,
    distribution: Literal["pert", "triangular"] = "pert",
    correlation: float = 0.0,
) -> Simulation:
    """Work out the value with all assumptions drawn from their ranges at once; see :func:`draw`.

    Raises ParameterError for fewer than 2 draws.

    >>> result = simulate([Assumption("cost", "Cost", 8, 10, 15)], lambda v: 20 - v["cost"], draws=2000)
    >>> result.p10 < result.p50 < result.p90, result.probability_negative
    (True, 0.0)
    """
    if draws < 2:
        raise ParameterError(f"draws: give at least 2, found {draws}")
    drawn = draw(assumptions, draws, seed, distribution, correlation)
    return summarised(value(drawn), assumptions, draws, seed)


def summarised(
    values: FloatArray | float, assumptions: Sequence[Assumption], draws: int, seed: int
) -> Simulation:
    """Sum up the values of the draws."""
    drawn = np.broadcast_to(np.asarray(values, dtype=float), draws)
    p10, p50, p90 = (float(p) for p in np.quantile(drawn, [0.1, 0.5, 0.9]))
    return Simulation(
        values=drawn,
        seed=seed,
        uncertain=sum(a.is_range for a in assumptions),
        assumptions=len(assumptions),
        mean=float(drawn.mean()),
        standard_error=float(drawn.std(ddof=1) / np.sqrt(draws)),
        p10=p10,
        p50=p50,
        p90=p90,
        probability_negative=float((drawn < 0).mean()),
    )


def _pert(rng: np.random.Generator, own: Assumption, draws: int) -> FloatArray:
    width = own.high - own.low
    near, far = (own.expected - own.low) / width, (own.high - own.expected) / width
    return own.low + width * rng.beta(1 + 4 * near, 1 + 4 * far, draws)


def _triangular(rng: np.random.Generator, own: Assumption, draws: int) -> FloatArray:
    return rng.triangular(own.low, own.expected, own.high, draws)


DISTRIBUTIONS: Mapping[str, Draw] = {"pert": _pert, "triangular": _triangular}


def _correlated(
    values: Mapping[str, FloatArray], worse: Mapping[str, End], correlation: float, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """Reorder independent draws by the ranks of correlated normals: a Gaussian copula, margins unchanged."""
    draws = len(next(iter(values.values()), ()))
    common = rng.standard_normal(draws)
    ordered = {}
    for key, drawn in values.items():
        score = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.standard_normal(draws)
        ordered[key] = np.empty(draws)
        ordered[key][np.argsort(score if worse[key] == "low" else -score)] = np.sort(drawn)
    return ordered
