"""Win probabilities of the open cases, each compared with its own kind where there are enough of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from vs_toolkit.funnel.rates.calibration import Calibration, calibrate_history
from vs_toolkit.funnel.rates.landmark import LANDMARK, OLDEST, win_probability


def open_chances(
    calibration: Calibration, kinds: pd.Series[Any] | None = None, horizon_days: float | None = None
) -> pd.DataFrame:
    """Estimate the win probability of every open case.

    Large cases are often won less and later than small ones: the expected value of a funnel is right only if
    cases are compared with their own kind, such as their segment.

    Parameters
    ----------
    calibration
        The history that is asked, with its rules.
    kinds
        Kind of each case, index opportunity_id. A case of no kind, or of one with too few comparable cases,
        is compared with all cases.
    horizon_days
        Days from now within which the order must come; None: ever.

    Returns
    -------
    DataFrame
        Index opportunity_id; the columns of :func:`~vs_toolkit.funnel.rates.landmark.win_probability`, and kind:
        with which the case was compared, missing where with all.

    Examples
    --------
    >>> from vs_toolkit.funnel.rates.calibration import calibrate
    >>> changes = pd.DataFrame({"opportunity_id": ["A"], "changed_at": ["2026-03-02"], "status": ["Lead"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> open_chances(calibrate(changes, funnel, "2026-03-20"))["win_probability"].to_dict()
    {'A': 0.1}
    """
    cases = calibration.history.open_cases()
    overall = _ask(calibration, cases, horizon_days).assign(kind=None)
    if kinds is None:
        return overall
    own = [_of_kind(calibration, cases, kind, horizon_days) for kind in kinds.groupby(kinds)]
    found = pd.concat(own) if own else overall.iloc[:0]
    enough = found[found["rule"].isin([LANDMARK, OLDEST])]
    return pd.concat([overall.drop(enough.index), enough]).loc[cases.index]


def _of_kind(
    calibration: Calibration, cases: pd.DataFrame, kind: tuple[Any, pd.Series[Any]], horizon: float | None
) -> pd.DataFrame:
    name, members = kind
    history = calibration.history
    own = replace(
        history,
        spells=history.spells[history.spells["opportunity_id"].isin(members.index)],
        cases=history.cases[history.cases.index.isin(members.index)],
    )
    alike = calibrate_history(own, calibration.horizon_days, calibration.rules)
    return _ask(alike, cases[cases.index.isin(members.index)], horizon).assign(kind=name)


def _ask(calibration: Calibration, cases: pd.DataFrame, horizon: float | None) -> pd.DataFrame:
    return win_probability(calibration, cases["status"], cases["age_days"], horizon)
