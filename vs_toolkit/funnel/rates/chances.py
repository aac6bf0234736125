"""Win probabilities of opportunities by stage, age and kind, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.estimates import jeffreys
from vs_toolkit.funnel.rates.calibration import Calibration
from vs_toolkit.funnel.rates.landmark import LANDMARK, Landmarks

AGES = (0, 14, 30, 60, 90, 120, 180, 270, 365)
COLUMNS = ["win_probability", "low", "high", "n", "rule", "weight", "of_kind"]


def win_probability(
    calibration: Calibration,
    status: npt.ArrayLike,
    age_days: npt.ArrayLike,
    horizon_days: float | npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Estimate the chance from now on that open opportunities are won within a horizon.

    Parameters
    ----------
    calibration
        The history that is asked, with its rules.
    status
        Present status of each opportunity, shape (n,); a Series gives the result its index.
    age_days
        Days it has been in that status; shape (n,).
    horizon_days
        Days from now within which the order must come, one for all or one each; None: ever.

    Returns
    -------
    DataFrame
        win_probability, low, high; n: comparable visits whose outcome is known; rule by which it was found;
        weight of the data in it (the rest is the default probability); of_kind: weight of the own kind.

    Notes
    -----
    With ``rules.minimum_cases`` comparable visits the landmark estimate stands. An opportunity older than
    that is compared at the oldest age that has them. A status without them at any age gets its win rate mixed
    with the default; of the default that share counts which orders reach within the horizon, by all statuses.

    Examples
    --------
    >>> from vs_toolkit.funnel.rates.calibration import calibrate
    >>> changes = pd.DataFrame({"opportunity_id": ["A"], "changed_at": ["2026-03-02"], "status": ["Lead"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> result = win_probability(calibrate(changes, funnel, "2026-03-20"), ["Lead", "Led"], [18, 18])
    >>> result[["win_probability", "rule"]].to_dict("list")
    {'win_probability': [0.1, nan], 'rule': ['nominal', 'none']}
    """
    index = status.index if isinstance(status, pd.Series) else pd.RangeIndex(len(np.atleast_1d(status)))
    step = pd.Index(calibration.history.open_statuses).get_indexer(pd.Index(np.asarray(status, dtype=object)))
    age = np.broadcast_to(np.asarray(age_days, dtype=float), (len(index),))
    far = np.inf if horizon_days is None else horizon_days
    horizon = np.broadcast_to(np.asarray(far, dtype=float), (len(index),))
    case = np.full(len(index), -1)
    return _table(calibration, landmarks(calibration), step, age, case, horizon).set_axis(index)


def open_chances(
    calibration: Calibration, kinds: pd.Series[Any] | None = None, horizon_days: float | None = None
) -> pd.DataFrame:
    """Estimate the win probability of every open opportunity, each compared with its own kind.

    Large opportunities are often won less and later than small ones: the expected value of a pipeline is
    right only if each is compared with its own kind, as far as there are enough of it.

    Parameters
    ----------
    calibration
        The history that is asked, with its rules.
    kinds
        Kind of each opportunity, such as its segment; index opportunity_id.
    horizon_days
        Days from now within which the order must come; None: ever.

    Returns
    -------
    DataFrame
        Index opportunity_id; the columns of :func:`win_probability`.

    Examples
    --------
    >>> from vs_toolkit.funnel.rates.calibration import calibrate
    >>> changes = pd.DataFrame({"opportunity_id": ["A"], "changed_at": ["2026-03-02"], "status": ["Lead"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> open_chances(calibrate(changes, funnel, "2026-03-20"))["win_probability"].to_dict()
    {'A': 0.1}
    """
    history = calibration.history
    here = history.visits.where(history.visits.here)
    horizon = np.full(len(here.case), np.inf if horizon_days is None else horizon_days)
    table = _table(calibration, landmarks(calibration, kinds), here.step, here.stay, here.case, horizon)
    return table.set_axis(pd.Index(history.ids.take(here.case), name="opportunity_id"))


def landmarks(calibration: Calibration, kinds: pd.Series[Any] | None = None) -> Landmarks:
    """Win curves of a calibration's history, by kind if kinds are given."""
    history = calibration.history
    return Landmarks(
        history.visits, kind_codes(kinds, history.ids), open_nominal(history.statuses), calibration.rules
    )


def open_nominal(statuses: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Default probabilities of the open statuses, in order."""
    is_open = statuses["outcome"] == "open"
    return statuses.loc[is_open, "nominal_probability"].to_numpy(dtype=np.float64)


def kind_codes(kinds: pd.Series[Any] | None, ids: pd.Index[Any]) -> npt.NDArray[np.int64]:
    """Kind of each case as a number, the most frequent first; -1 for none. The last entry is that of no
    case.
    """
    if kinds is None or kinds.dropna().empty:
        return np.full(len(ids) + 1, -1)
    frequent = kinds.astype(object).value_counts().sort_index().sort_values(ascending=False, kind="stable")
    codes = pd.Index(frequent.index).get_indexer(pd.Index(kinds.reindex(ids).astype(object)))
    return np.append(codes, -1).astype(np.int64)


def _table(
    calibration: Calibration,
    curves: Landmarks,
    step: npt.NDArray[np.int64],
    age: npt.NDArray[np.float64],
    case: npt.NDArray[np.int64],
    horizon: npt.NDArray[np.float64],
) -> pd.DataFrame:
    table = pd.DataFrame(index=range(len(step)), columns=COLUMNS, dtype=object)
    table["rule"] = "none"
    for far in np.unique(horizon[~np.isnan(horizon)]):
        mine = np.flatnonzero(horizon == far)
        found = curves.ask(step[mine], age[mine], case[mine], np.array([far]), float(far), sized=True)
        assert found.size is not None
        share, size = found.share[:, 0], np.where(np.isnan(found.share), 0, found.size)[:, 0]
        low, high = jeffreys(np.nan_to_num(share) * size, size, calibration.rules.level)
        columns = (share, low, high, found.n, found.rule, found.weight, found.of_kind)
        table.iloc[mine] = np.array(columns, dtype=object).T
    numbers = [name for name in COLUMNS if name != "rule"]
    return table.astype(dict.fromkeys(numbers, float))


def chance_by_age(
    calibration: Calibration, horizon_days: float, ages: Sequence[float] = AGES
) -> pd.DataFrame:
    """Win probability within a horizon by days in the status, where enough comparable visits tell.

    Returns
    -------
    DataFrame
        Index: days in the status; one column per open status, fractions.
    """
    names = calibration.history.open_statuses
    asked = pd.MultiIndex.from_product([names, ages], names=["status", "days in the status"])
    found = win_probability(
        calibration, asked.get_level_values(0), asked.get_level_values(1).to_numpy(float), horizon_days
    ).set_axis(asked)
    closed = calibration.table["won"] + calibration.table["lost"] > 0
    tells = (found["rule"] == LANDMARK) & asked.get_level_values(0).isin(closed.index[closed])
    known = found["win_probability"].where(tells).astype(float)
    return known.unstack("status").reindex(index=list(ages), columns=names)
