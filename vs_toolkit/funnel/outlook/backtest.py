"""Would the probabilities have been right? A rolling test from past days, with what was known then (V30)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.scores import score
from vs_toolkit.funnel.rates.blending import RULES, Rules
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate_history
from vs_toolkit.funnel.rates.landmark import win_probability
from vs_toolkit.funnel.record.events import DAY_US, Events, cut_moment, read_events
from vs_toolkit.funnel.record.history import cases_as_of, history_as_of

Method = Callable[[Calibration, pd.DataFrame, float], "pd.Series[Any]"]


def _nominal(calibration: Calibration, cases: pd.DataFrame, horizon: float) -> pd.Series[Any]:
    return cases["status"].astype(object).map(calibration.table["nominal"])


def _closed_only(calibration: Calibration, cases: pd.DataFrame, horizon: float) -> pd.Series[Any]:
    return cases["status"].astype(object).map(calibration.table["closed_only"])


def _landmark(calibration: Calibration, cases: pd.DataFrame, horizon: float) -> pd.Series[Any]:
    return win_probability(calibration, cases["status"], cases["age_days"], horizon)["win_probability"]


METHODS: dict[str, Method] = {"nominal": _nominal, "closed_only": _closed_only, "landmark": _landmark}


ROW_COLUMNS = ["seen_on", "opportunity_id", "status", "age_days", "won"]


@dataclass(frozen=True)
class Backtest:
    """How each method would have done.

    Attributes
    ----------
    scores
        One row per method (index ``method``), all on the same cases: brier, log_loss, expected, actual, n,
        ratio, in_the_large, slope, miscalibration, discrimination, uncertainty (see
        :func:`~vs_toolkit.funnel.outlook.scores.score`) and mape: mean absolute error of the expected orders by day.
    rows
        One row per day and case open then: seen_on, opportunity_id, status, age_days, won (within the
        horizon), and the probability each method gave.
    left_out
        What could not be tested: why, n (days or cases).
    horizon_days
        Days within which an order counted.
    """

    scores: pd.DataFrame
    rows: pd.DataFrame
    left_out: pd.DataFrame
    horizon_days: float

    def by_day(self) -> pd.DataFrame:
        """Return the expected orders of each method, the actual ones (``won``) and the cases by day."""
        by_day = self.rows.groupby("seen_on")
        return by_day[[*METHODS, "won"]].sum().assign(n=by_day.size())


def backtest(
    status_changes: pd.DataFrame,
    statuses: pd.DataFrame,
    as_of_dates: Iterable[Any],
    horizon_days: float,
    as_of: Any = None,
    rules: Rules = RULES,
) -> Backtest:
    """Estimate the open cases of past days with what was known then, and compare with what came.

    Parameters
    ----------
    status_changes, statuses
        As for :func:`~vs_toolkit.funnel.rates.calibration.calibrate`.
    as_of_dates
        The past days; a day whose horizon was not over by ``as_of`` is left out.
    horizon_days
        Days from the past day within which an order counts.
    as_of
        Day from which everything is seen; None: the last change recorded.
    rules
        Rules of the calibrations.

    Returns
    -------
    Backtest
        With NaN scores where no case could be tested. The same case may be open on several days, so the
        rows are not independent.

    Examples
    --------
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A", "B", "B"],
    ...                         "status": ["Lead", "Order", "Lead", "Order"],
    ...                         "changed_at": ["2026-03-01", "2026-03-04", "2026-03-02", "2026-04-06"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> tested = backtest(changes, funnel, ["2026-03-05", "2026-04-01"], 30)
    >>> tested.rows[["opportunity_id", "won", "nominal", "closed_only"]].values.tolist()
    [['B', False, 0.1, 1.0]]
    >>> tested.left_out["n"].tolist()
    [1, 0]
    """
    if not horizon_days > 0:
        raise ParameterError(f"horizon_days {horizon_days}: write a number of days above 0")
    events = read_events(status_changes, statuses)
    last = cut_moment(as_of, events.walk.at) if as_of is not None else int(events.walk.at.max(initial=0))
    ends = {day: cut_moment(day, events.walk.at) + int(horizon_days * DAY_US) for day in as_of_dates}
    over = {day: end for day, end in ends.items() if end <= last}
    tested = [_open_then(events, day, end, horizon_days, rules) for day, end in over.items()]
    rows = pd.concat(tested, ignore_index=True) if tested else pd.DataFrame(columns=[*ROW_COLUMNS, *METHODS])
    complete = rows.dropna(subset=list(METHODS))
    return Backtest(
        scores=_scores(complete),
        rows=complete.reset_index(drop=True),
        left_out=_left_out(len(ends) - len(over), len(rows) - len(complete)),
        horizon_days=horizon_days,
    )


def _open_then(events: Events, day: Any, end: int, horizon: float, rules: Rules) -> pd.DataFrame:
    """Cases open on a past day, what each method said of them, and whether they were won by the end."""
    calibration = calibrate_history(history_as_of(events, day, rules.recorded_from), rules=rules)
    cases = calibration.history.open_cases()
    later = cases_as_of(events, pd.Timestamp(end, unit="us", tz="UTC"), rules.recorded_from)
    said = {name: method(calibration, cases, horizon).astype(float) for name, method in METHODS.items()}
    won = (later["outcome"] == "won").reindex(cases.index, fill_value=False)
    rows = cases[["status", "age_days"]].assign(seen_on=pd.Timestamp(day), won=won, **said)
    return rows.reset_index(names="opportunity_id")[[*ROW_COLUMNS, *METHODS]]


def _scores(rows: pd.DataFrame) -> pd.DataFrame:
    by_day = rows.groupby("seen_on")[[*METHODS, "won"]].sum()
    scored = {
        name: score(rows[name], rows["won"]) | {"mape": _mape(by_day[name], by_day["won"])}
        for name in METHODS
    }
    return pd.DataFrame.from_dict(scored, orient="index").rename_axis("method").astype({"n": int})


def _mape(expected: pd.Series[Any], actual: pd.Series[Any]) -> float:
    """Mean absolute error of the expected orders by day, of the days with orders."""
    some = actual > 0
    return float((expected[some] / actual[some].astype(float) - 1).abs().mean()) if some.any() else np.nan


def _left_out(days: int, cases: int) -> pd.DataFrame:
    reasons = ["days whose horizon is not over yet", "cases for which a method has no probability"]
    return pd.DataFrame({"why": reasons, "n": [days, cases]})
