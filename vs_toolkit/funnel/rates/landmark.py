"""Win probability of a case that has been in a status for some time: the landmark estimate.

Only visits that lasted longer are comparable: what share of them was won within the horizon from that age on?
Putter and Spitoni, Stat. Methods Med. Res. 27 (2018) 241-255; van Houwelingen, Scand. J. Statist. 34 (2007).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.rates.blending import blend, effective_size, interval, weight_of_data
from vs_toolkit.funnel.rates.calibration import Calibration
from vs_toolkit.funnel.rates.incidence import Floats, Followed, incidence

LANDMARKS = 100  # ages per status at which visits are compared anew
COLUMNS = ["win_probability", "low", "high", "n", "rule", "weight"]
LANDMARK, OLDEST, BLEND, NOMINAL, UNKNOWN = (
    "landmark", "landmark at the oldest age with enough cases", "blend with the nominal", "nominal", "none",
)  # fmt: skip


def win_probability(
    calibration: Calibration,
    status: npt.ArrayLike,
    age_days: npt.ArrayLike,
    horizon_days: float | npt.ArrayLike | None = None,
) -> pd.DataFrame:
    """Estimate the chance from now on that open cases are won within a horizon.

    Parameters
    ----------
    calibration
        The history that is asked, with its rules.
    status
        Present status of each case, shape (n,); a Series gives the result its index.
    age_days
        Days it has been in that status; shape (n,).
    horizon_days
        Days from now within which the order must come, one for all or one each; None: ever.

    Returns
    -------
    DataFrame
        win_probability, low, high; n: comparable cases whose outcome is known; rule by which it was found;
        weight of the data in it (the rest is the nominal).

    Notes
    -----
    With ``rules.minimum_cases`` comparable cases the landmark estimate stands. A case older than that is
    compared at the oldest age that has them. A status without them at any age gets its hit rate mixed with
    the nominal; of the nominal that share counts which orders reach within the horizon, by all statuses.

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
    index = status.index if isinstance(status, pd.Series) else None
    asked = pd.DataFrame(
        {"status": np.asarray(status, dtype=object), "age": np.asarray(age_days, dtype=float)}
    )
    asked["horizon"] = np.inf if horizon_days is None else np.asarray(horizon_days, dtype=float)
    clear = asked["status"].isin(calibration.visits) & (asked["age"] >= 0) & asked["horizon"].notna()
    unclear = _frame(asked.loc[~clear, "age"], (np.nan, np.nan, np.nan, 0, UNKNOWN, np.nan))
    answers = [_answer(calibration, rows) for _, rows in asked[clear].groupby(["status", "horizon"])]
    found = pd.concat([unclear, *answers]).sort_index()
    return found if index is None else found.set_axis(index)


def _answer(calibration: Calibration, asked: pd.DataFrame) -> pd.DataFrame:
    """Answer for cases in the same status that are asked for the same horizon."""
    status, horizon, age = str(asked["status"].iloc[0]), float(asked["horizon"].iloc[0]), asked["age"]
    cases, enough = calibration.visits[status], calibration.rules.minimum_cases
    until = _comparable_until(cases, horizon)
    oldest = float(np.sort(until)[-enough]) if len(until) >= enough else 0.0
    if oldest > 0:
        return _landmark(calibration, cases, horizon, age, oldest)
    return _blended(calibration, status, horizon, age)


def _comparable_until(cases: Followed, horizon: float) -> Floats:
    """Age up to which a visit is comparable: still in the status then, and known how the horizon ended."""
    return np.where(cases.closed, cases.stay, np.minimum(cases.stay, cases.end - horizon))


def _landmark(
    calibration: Calibration, cases: Followed, horizon: float, age: pd.Series[float], oldest: float
) -> pd.DataFrame:
    marks = _marks(cases.stay)
    marks = marks[marks < oldest]
    at = np.where(age < oldest, age, marks[-1])
    place = np.searchsorted(marks, at, side="right") - 1
    share, variance = np.empty(len(at)), np.empty(len(at))
    for mark in np.unique(place):
        mine = place == mark
        share[mine], variance[mine] = _from_age(cases, marks[mark], at[mine], horizon)
    until = np.sort(_comparable_until(cases, horizon))
    n = len(until) - np.searchsorted(until, at, side="right")
    low, high = interval(share, effective_size(share, variance, n), calibration.rules.level)
    rule = np.where(age < oldest, LANDMARK, OLDEST)
    return _frame(age, (share, low, high, n, rule, 1.0))


def _marks(stay: Floats) -> Floats:
    """Ages at which visits are compared: all at which one ended, or quantiles of them where they are many."""
    ages = np.unique(np.append(stay, 0.0))
    return (
        ages
        if len(ages) <= LANDMARKS
        else np.unique(np.append(np.quantile(stay, np.linspace(0, 1, LANDMARKS), method="lower"), 0.0))
    )


def _from_age(cases: Followed, mark: float, age: Floats, horizon: float) -> tuple[Floats, Floats]:
    """Share won within the horizon from ``age`` on, of the visits longer than the landmark just below it."""
    found = incidence(cases, cases.stay > mark)
    still_open = found.at(found.undecided, age, before=1.0)
    won = found.at(found.won, age + horizon) - found.at(found.won, age)
    return won / still_open, found.at(found.variance, age + horizon) / still_open**2


def _blended(calibration: Calibration, status: str, horizon: float, age: pd.Series[float]) -> pd.DataFrame:
    cases, rules = calibration.visits[status], calibration.rules
    found = incidence(cases)
    known = np.count_nonzero(cases.closed | (cases.end >= horizon))
    share = found.at(found.won, horizon)
    size = effective_size(share, found.at(found.variance, horizon), known)
    weight = weight_of_data(size, rules)
    nominal = float(calibration.table["nominal"][status]) * _share_by(calibration, horizon)
    mixed = blend(share, nominal, weight)
    low, high = interval(mixed, size + rules.prior_cases, rules.level)
    rule = UNKNOWN if np.isnan(mixed) else BLEND if weight > 0 else NOMINAL
    return _frame(age, (mixed, low, high, known, rule, weight))


def _share_by(calibration: Calibration, horizon: float) -> float:
    """Share of all orders ever seen that came within the horizon; 1 where no order tells."""
    won, overall = calibration.overall.won, calibration.overall
    return float(overall.at(won, horizon) / won[-1]) if len(won) and won[-1] > 0 else 1.0


def _frame(age: pd.Series[float], columns: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)), index=age.index)
