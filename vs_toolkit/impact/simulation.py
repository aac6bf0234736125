"""What the NPV may become when every assumption moves within its range at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from vs_toolkit.errors import ParameterError
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.assumptions import assumptions
from vs_toolkit.impact.statement import lines
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.fields import Estimate

Draw = Callable[[np.random.Generator, Estimate, int], FloatArray]


@dataclass(frozen=True)
class MonteCarlo:
    """The NPV in many draws, in the currency of the case.

    Attributes
    ----------
    npv
        Shape (draws,): NPV at the customer's WACC in each draw.
    seed, uncertain
        Seed of the draws; number of assumptions that have a range.
    mean, standard_error
        Mean of ``npv`` and the standard error of that mean.
    p10, p50, p90
        Percentiles: in 10 % of the draws the NPV is below ``p10``.
    chance_negative
        Share of draws with an NPV below 0 (fraction).
    chance_payback
        Share of draws in which the cash flow has paid back, undiscounted, by the horizon (fraction).
    """

    npv: FloatArray
    seed: int
    uncertain: int
    mean: float
    standard_error: float
    p10: float
    p50: float
    p90: float
    chance_negative: float
    chance_payback: float


def monte_carlo(case: BusinessCase, draws: int = 10_000, seed: int = 1) -> MonteCarlo:
    """Draw every assumption from its range and work out the NPV of each draw.

    The distribution (PERT or triangular) and the common correlation are those of ``case.uncertainty``.
    Assumptions that are correlated go well or badly together: a benefit high when a cost is low. Raises
    ParameterError for fewer than 2 draws.

    Source: PERT as Vose, Risk Analysis: beta(1 + 4 (m - a) / (b - a), 1 + 4 (b - m) / (b - a)) on [a, b].

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> result = impact.monte_carlo(case, draws=1000, seed=1)
    >>> result.uncertain, result.p10 < result.p50 < result.p90
    (4, True)
    """
    if draws < 2:
        raise ParameterError(f"draws: give at least 2, found {draws}")
    values = draw_values(case, draws, np.random.default_rng(seed))
    result = lines(case, values)
    npv = np.broadcast_to(result.npv, draws)
    p10, p50, p90 = (float(p) for p in np.quantile(npv, [0.1, 0.5, 0.9]))
    return MonteCarlo(
        npv=npv,
        seed=seed,
        uncertain=len(values),
        mean=float(npv.mean()),
        standard_error=float(npv.std(ddof=1) / np.sqrt(draws)),
        p10=p10,
        p50=p50,
        p90=p90,
        chance_negative=float((npv < 0).mean()),
        chance_payback=float(np.mean(result.cash_flow.sum(axis=-1) >= 0)),
    )


def draw_values(case: BusinessCase, draws: int, rng: np.random.Generator) -> dict[str, FloatArray]:
    """Draw all assumptions of ``case`` that have a range: key -> shape (draws,)."""
    draw = DISTRIBUTIONS[case.uncertainty.distribution]
    uncertain = [assumption for assumption in assumptions(case) if assumption.estimate.is_range]
    values = {assumption.key: draw(rng, assumption.estimate, draws) for assumption in uncertain}
    if case.uncertainty.correlation:
        adverse = {assumption.key: assumption.adverse for assumption in uncertain}
        return _correlated(values, adverse, case.uncertainty.correlation, rng)
    return values


def _pert(rng: np.random.Generator, estimate: Estimate, draws: int) -> FloatArray:
    low, expected, high = estimate.low, estimate.expected, estimate.high
    width = high - low
    return low + width * rng.beta(1 + 4 * (expected - low) / width, 1 + 4 * (high - expected) / width, draws)


def _triangular(rng: np.random.Generator, estimate: Estimate, draws: int) -> FloatArray:
    return rng.triangular(estimate.low, estimate.expected, estimate.high, draws)


DISTRIBUTIONS: Mapping[str, Draw] = {"pert": _pert, "triangular": _triangular}


def _correlated(
    values: Mapping[str, FloatArray], adverse: Mapping[str, str], correlation: float, rng: np.random.Generator
) -> dict[str, FloatArray]:
    """Reorder independent draws by the ranks of correlated normals: a Gaussian copula, margins unchanged."""
    draws = len(next(iter(values.values()), ()))
    common = rng.standard_normal(draws)
    ordered = {}
    for key, drawn in values.items():
        score = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.standard_normal(draws)
        ordered[key] = np.empty(draws)
        ordered[key][np.argsort(score if adverse[key] == "low" else -score)] = np.sort(drawn)
    return ordered
