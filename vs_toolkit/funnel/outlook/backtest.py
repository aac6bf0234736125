"""Back-test: the estimates of past days, made with what was known then, held against what came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.past import Past, look_back
from vs_toolkit.funnel.outlook.scores import score
from vs_toolkit.funnel.rates.blending import RULES, Rules
from vs_toolkit.funnel.record.events import read_events
from vs_toolkit.funnel.record.recorded import read_recorded

METHODS = ("nominal", "closed_only", "landmark")
ROW_COLUMNS = ["seen_on", "opportunity_id", "status", "age_days", "won"]


@dataclass(frozen=True)
class Backtest:
    """How each method would have done.

    Attributes
    ----------
    scores
        One row per method (index ``method``), all on the same rows: brier, log_loss, expected, actual, n,
        ratio, in_the_large, slope, miscalibration, discrimination, uncertainty (see
        :func:`~vs_toolkit.funnel.outlook.scores.score`) and mape: mean absolute error of orders by day.
    rows
        One row per day and opportunity open then: seen_on, opportunity_id, status, age_days, won (within the
        horizon), and the probability each method gave.
    left_out
        What could not be tested: why, n (days or rows).
    horizon_days
        Days within which an order counted.
    """

    scores: pd.DataFrame
    rows: pd.DataFrame
    left_out: pd.DataFrame
    horizon_days: float

    def by_day(self) -> pd.DataFrame:
        """Return the expected orders of each method, the actual ones (``won``) and the rows by day."""
        by_day = self.rows.groupby("seen_on")
        methods = [name for name in self.scores.index if name in self.rows]
        return by_day[[*methods, "won"]].sum().assign(n=by_day.size())


def backtest(
    status_changes: pd.DataFrame,
    statuses: pd.DataFrame,
    as_of_dates: Iterable[Any],
    horizon_days: float,
    as_of: Any = None,
    rules: Rules = RULES,
) -> Backtest:
    """Estimate the open opportunities of past days with what was known then, and compare with what came.

    Parameters
    ----------
    status_changes, statuses
        As for :func:`~vs_toolkit.funnel.rates.calibration.calibrate`.
    as_of_dates
        The past days; a day whose horizon was not over by ``as_of`` is left out.
    horizon_days
        Days from the past day within which an order counts.
    as_of
        As-of date, later data is ignored; None: the last change recorded.
    rules
        Rules of the estimates.

    Returns
    -------
    Backtest
        With NaN scores where nothing could be tested. The same opportunity may be open on several days, so
        the rows are not independent.

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
    last = pd.Timestamp(int(events.walk.at.max(initial=0)), unit="us", tz="UTC") if as_of is None else as_of
    recorded = read_recorded(status_changes.iloc[:0], events.ids)
    return score_past(
        look_back(events, recorded, as_of_dates, horizon_days, last, rules=rules), list(as_of_dates)
    )


def score_past(past: Past, days: list[Any], corrected: Any = None) -> Backtest:
    """Score what was estimated on past days; ``corrected``: the corrected probability of each row."""
    names = METHODS if corrected is None else (*METHODS, "corrected")
    rows = past.rows[[name for name in [*ROW_COLUMNS, *METHODS] if name in past.rows]]
    rows = rows.assign(won=past.won_within(past.horizon_days))
    if corrected is not None:
        rows = rows.assign(corrected=np.asarray(corrected, dtype=float))
    rows = rows[past.over(past.horizon_days)]
    usable = [name for name in names if name != "nominal" or rows["nominal"].notna().any()]
    complete = rows.dropna(subset=usable)[[*ROW_COLUMNS, *names]]
    waiting = sum(pd.Timestamp(day) + pd.Timedelta(days=past.horizon_days) > past.until for day in days)
    return Backtest(
        scores=_scores(complete, names),
        rows=complete.reset_index(drop=True),
        left_out=_left_out(waiting, len(rows) - len(complete)),
        horizon_days=past.horizon_days,
    )


def _scores(rows: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    by_day = rows.groupby("seen_on")[[*names, "won"]].sum()
    known = {name: rows[name].notna() for name in names}
    scored = {
        name: score(rows[name][known[name]], rows["won"][known[name]])
        | {"mape": _mape(by_day[name], by_day["won"])}
        for name in names
    }
    return pd.DataFrame.from_dict(scored, orient="index").rename_axis("method").astype({"n": int})


def _mape(expected: pd.Series[Any], actual: pd.Series[Any]) -> float:
    """Mean absolute error of the expected orders by day, of the days with orders."""
    some = actual > 0
    return float((expected[some] / actual[some].astype(float) - 1).abs().mean()) if some.any() else np.nan


def _left_out(days: int, cases: int) -> pd.DataFrame:
    reasons = ["days whose horizon is not over yet", "cases for which a method has no probability"]
    return pd.DataFrame({"why": reasons, "n": [days, cases]})
