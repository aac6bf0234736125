"""How sure the value is: scenarios, which assumption matters most, and what it takes to break even."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.optimize import root_scalar

from vs_toolkit.finance import NOISE
from vs_toolkit.impact.assumptions import SCENARIOS, Assumption, assumptions
from vs_toolkit.impact.investment import evaluate
from vs_toolkit.impact.statement import lines
from vs_toolkit.inputs.cases.business_case import BusinessCase

BREAK_EVEN = ["key", "name", "expected", "break_even", "distance", "relative", "within_range", "reason"]
NO_ROOT = "At no value is the NPV 0: it does not depend enough on this assumption"


def scenarios(case: BusinessCase) -> pd.DataFrame:
    """Set the three scenarios side by side: every assumption adverse, as expected, favourable.

    Returns
    -------
    DataFrame
        Index ``low``, ``expected``, ``high``; ``npv`` (currency), ``irr`` (fraction per year), ``payback``
        (years), ``roi`` (fraction); missing where there is none.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.scenarios(case)["npv"].is_monotonic_increasing
    True
    """
    impacts = {scenario: evaluate(case, scenario) for scenario in SCENARIOS}
    rows = {
        scenario: {"npv": i.npv, "irr": i.irr.value, "payback": i.payback, "roi": i.roi}
        for scenario, i in impacts.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", dtype=float).rename_axis("scenario")


def tornado(case: BusinessCase) -> pd.DataFrame:
    """Move each assumption from its low to its high end, all others as expected; the widest swing first.

    Returns
    -------
    DataFrame
        One row per assumption with a range: ``key``, ``name``, ``low``, ``high`` (its ends), ``npv_at_low``,
        ``npv_at_high``, ``swing`` (their distance), in the currency of the case.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.tornado(case)["key"].iloc[0]
    'effects.yield.change'
    """
    uncertain = [assumption for assumption in assumptions(case) if assumption.estimate.is_range]
    ends = _npv_at_ends(case, uncertain)
    table = pd.DataFrame(
        {
            "key": [a.key for a in uncertain],
            "name": [a.name for a in uncertain],
            "low": [a.estimate.low for a in uncertain],
            "high": [a.estimate.high for a in uncertain],
            "npv_at_low": ends[:, 0],
            "npv_at_high": ends[:, 1],
            "swing": np.abs(ends[:, 1] - ends[:, 0]),
        }
    )
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def _npv_at_ends(case: BusinessCase, uncertain: list[Assumption]) -> np.ndarray:
    """NPV with each assumption at its low and high end, in one run; shape (assumptions, 2)."""
    expected = np.array([a.estimate.expected for a in uncertain])
    tries = np.tile(expected[:, None, None], (1, len(uncertain), 2))
    for row, assumption in enumerate(uncertain):
        tries[row, row] = assumption.estimate.low, assumption.estimate.high
    values = {a.key: tries[row].ravel() for row, a in enumerate(uncertain)}
    return np.broadcast_to(lines(case, values).npv, 2 * len(uncertain)).reshape(-1, 2)


def break_even(case: BusinessCase) -> pd.DataFrame:
    """Find for each assumption the value at which the NPV is 0, all others as expected.

    Returns
    -------
    DataFrame
        One row per assumption: ``key``, ``name``, ``expected``, ``break_even`` (missing when there is none,
        then ``reason`` says why), ``distance`` (break-even less expected), ``relative`` (distance as a
        fraction of expected), ``within_range`` (whether the break-even lies between low and high).

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> price = impact.break_even(case).set_index("key").loc["price.amount"]
    >>> bool(price["distance"] > 0), bool(price["within_range"])  # worth more than asked, and certain
    (True, False)
    """
    rows = [_break_even(case, assumption) for assumption in assumptions(case)]
    return pd.DataFrame(rows, columns=BREAK_EVEN)


def _break_even(case: BusinessCase, assumption: Assumption) -> dict[str, object]:
    estimate = assumption.estimate
    start, step = estimate.expected, abs(estimate.expected) or 1.0
    root = zero(lambda value: float(lines(case, {assumption.key: value}).npv), start, step)
    distance = np.nan if root is None else root - start
    return {
        "key": assumption.key,
        "name": assumption.name,
        "expected": start,
        "break_even": np.nan if root is None else root,
        "distance": distance,
        "relative": distance / abs(start) if start else np.nan,
        "within_range": root is not None and estimate.low <= root <= estimate.high,
        "reason": "" if root is not None else NO_ROOT,
    }


def zero(npv: Callable[[float], float], start: float, step: float) -> float | None:
    """Return the value at which ``npv`` is 0, looking from ``start`` in steps of the size of ``step``.

    One secant step where ``npv`` is linear, more where tax or haircuts bend it; None when it is never 0.

    >>> zero(lambda x: 3 * x - 12, 1.0, 1.0)
    4.0
    >>> zero(lambda x: 5.0, 1.0, 1.0) is None
    True
    """
    here, there = npv(start), npv(start + step)
    scale = max(abs(here), abs(there))
    if abs(there - here) <= NOISE * scale:
        return start if here == 0 else None
    found = root_scalar(npv, method="secant", x0=start, x1=start + step, xtol=1e-12 * step, rtol=1e-12)
    reached = found.converged and abs(npv(found.root)) <= 1e-9 * scale
    return float(found.root) if reached else None
