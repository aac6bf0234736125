"""Win rate of each status, measured from history (book, chapter 7, figure 19).

The hit rate of a status is the share won of the opportunities that reached it, counted from the first time
they did.
Opportunities still open are followed as far as they go; they are neither left out nor counted as lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.estimates import effective_size, jeffreys
from vs_toolkit.formats import number_of, percent
from vs_toolkit.funnel.rates.blending import RULES, Rules, blend, weight_of_data
from vs_toolkit.funnel.rates.incidence import Floats, Incidence, followed, incidence
from vs_toolkit.funnel.record.history import History, read_history

QUANTILES = {"days_to_order_25": 0.25, "days_to_order": 0.5, "days_to_order_75": 0.75}
MUCH_UNDECIDED = 0.10  # above this share the hit rate is only what has been won so far
UNSAID_WHEN_FEW = (
    "hit_rate", "low", "high", "cases_per_order", "cases_per_order_low", "cases_per_order_high", *QUANTILES,
)  # fmt: skip
COLUMNS = [
    "reached", "won", "lost", "open", "closed_only", "hit_rate", "low", "high", "effective_n", "undecided",
    "cases_per_order", "cases_per_order_low", "cases_per_order_high", *QUANTILES,
    "nominal", "weight", "blended", "verdict", "reason",
]  # fmt: skip
NOT_RECORDED = "not recorded"


@dataclass(frozen=True)
class Calibration:
    """Win rates by status as of a day.

    Attributes
    ----------
    history
        The clean history it was measured from.
    horizon_days
        Days after reaching a status within which an order counts; None: as far as the history goes.
    rules
        Level of the intervals, fewest cases, worth of the nominal, beginning of the record.
    table
        One row per open status, index ``status``. reached, won, lost, open: opportunities. closed_only: won
        / (won +
        lost). hit_rate, low, high: share won with losses competing and open opportunities censored, and its
        interval;
        effective_n: the closed opportunities it is worth; undecided: share still open at the end of
        follow-up.
        cases_per_order, _low, _high: cases that make one order. days_to_order, _25, _75: median and quartiles
        of the days to the orders. nominal; weight: that of the hit rate in ``blended``, its mix with the
        nominal. verdict: whether the data contradicts the default probability. reason: what cannot be said,
        and why.
    """

    history: History
    horizon_days: float | None
    rules: Rules
    table: pd.DataFrame

    @cached_property
    def first_visits(self) -> pd.DataFrame:
        """First visit of each opportunity to each status: rows of ``history.spells``."""
        return self.history.spells[self.history.spells["visit"] == 1]

    def curve(self, status: str) -> pd.DataFrame:
        """Return how the opportunities that reached ``status`` were closed, day by day.

        Returns
        -------
        DataFrame
            days (from reaching it), won, lost, undecided (they sum to 1).
        """
        cases = self.first_visits[self.first_visits["status"] == status]
        found = incidence(followed(cases))
        shares = {"won": found.won, "lost": found.lost, "undecided": found.undecided}
        return pd.DataFrame({"days": found.days, **shares})


def calibrate(
    status_changes: pd.DataFrame,
    statuses: pd.DataFrame,
    as_of: Any,
    horizon_days: float | None = None,
    rules: Rules = RULES,
) -> Calibration:
    """Measure the win rate of each status, using nothing dated after ``as_of``.

    Parameters
    ----------
    status_changes
        One row per change: opportunity_id, changed_at, status.
    statuses
        One row per status: status, order, nominal_probability (fraction), outcome (open, won, lost).
    as_of
        As-of date; later data is ignored.
    horizon_days
        Count orders within so many days of reaching a status; None: as far as the history goes.
    rules
        Level of intervals, fewest opportunities for an unblended probability, worth of the default
        probability, and the day on
        which recording began if opportunities are older.

    Returns
    -------
    Calibration
        ``.table`` has a row for every open status, with NaN and a reason where nothing can be said.

    Raises
    ------
    InputError
        If a column is missing or the funnel contradicts itself.

    Examples
    --------
    Of two leads one became an order after a week; the other is open.

    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A", "B"], "status": ["Lead", "Order", "Lead"],
    ...                         "changed_at": ["2026-03-02", "2026-03-09", "2026-03-02"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> table = calibrate(changes, funnel, "2026-03-20").table
    >>> table[["reached", "won", "open", "closed_only", "hit_rate", "days_to_order"]].loc["Lead"].tolist()
    [2.0, 1.0, 1.0, 1.0, 0.5, 7.0]
    """
    history = read_history(status_changes, statuses, as_of, rules.recorded_from)
    return calibrate_history(history, horizon_days, rules)


def calibrate_history(
    history: History, horizon_days: float | None = None, rules: Rules = RULES
) -> Calibration:
    """Measure the win rate of each status from a history that was cleaned before: see :func:`calibrate`."""
    first = history.spells[history.spells["visit"] == 1]
    return Calibration(history, horizon_days, rules, _table(first, history, horizon_days, rules))


def calibrate_by(calibration: Calibration, groups: pd.Series[Any]) -> pd.DataFrame:
    """Measure the statuses group by group: segment, team, product.

    Parameters
    ----------
    calibration
        The calibration of all opportunities; its history, horizon and rules are used.
    groups
        Group of each opportunity, index opportunity_id; opportunities without one are a group of their own.

    Returns
    -------
    DataFrame
        Index group and status, columns of :attr:`Calibration.table`. Where fewer opportunities than
        ``rules.minimum_cases`` are closed there is no hit rate but the blend, and the reason says so.
    """
    first, rules = calibration.first_visits, calibration.rules
    group = first["opportunity_id"].map(groups.astype(object)).fillna(NOT_RECORDED)
    tables: dict[str, pd.DataFrame] = {
        str(name): _if_enough(_table(cases, calibration.history, calibration.horizon_days, rules), rules)
        for name, cases in first.groupby(group)
    }
    empty = calibration.table.iloc[:0]
    return pd.concat(tables or {NOT_RECORDED: empty}, names=["group", "status"])


def _table(first: pd.DataFrame, history: History, horizon: float | None, rules: Rules) -> pd.DataFrame:
    names = pd.Index(history.open_statuses, name="status")
    by_status = {name: first[first["status"] == name] for name in names}
    rows = [_measure(cases, np.inf if horizon is None else horizon) for cases in by_status.values()]
    columns = list(_measure(first.iloc[:0], np.inf))
    table = pd.DataFrame(rows, index=names, columns=columns, dtype=None if rows else float)
    table["nominal"] = history.statuses["nominal_probability"].reindex(names)
    return _judged(table, rules)


def _measure(cases: pd.DataFrame, horizon: float) -> dict[str, float]:
    """Measure one status from the first visits of the opportunities that reached it."""
    outcome = cases["outcome"].to_numpy()
    won, lost = int((outcome == "won").sum()), int((outcome == "lost").sum())
    known = int(((outcome != "open") | (cases["days_to_end"] >= horizon)).sum())
    found = incidence(followed(cases))
    share = float(found.at(found.won, horizon)) if known else np.nan
    size = float(effective_size(share, found.at(found.variance, horizon), known))
    return {
        "reached": len(cases),
        "won": won,
        "lost": lost,
        "open": len(cases) - won - lost,
        "closed_only": won / (won + lost) if won + lost else np.nan,
        "hit_rate": share,
        "effective_n": size,
        "undecided": float(found.at(found.undecided, horizon, before=1.0)) if known else np.nan,
        **_days_to_order(found, share),
    }


def _days_to_order(found: Incidence, share: float) -> dict[str, float]:
    """Days by which a quarter, half and three quarters of the orders had come."""
    if not share > 0:
        return dict.fromkeys(QUANTILES, np.nan)
    # The share is reached exactly at an order; a rounding error must not shift it to the next one.
    places = np.searchsorted(found.won, np.array(list(QUANTILES.values())) * share * (1 - 1e-12))
    return dict(zip(QUANTILES, found.days[places].tolist(), strict=True))


def _judged(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    low, high = jeffreys(table["hit_rate"] * table["effective_n"], table["effective_n"], rules.level)
    weight = weight_of_data(table["effective_n"], rules)
    full = table.assign(
        low=low,
        high=high,
        cases_per_order=_inverse(table["hit_rate"].to_numpy()),
        cases_per_order_low=_inverse(high),
        cases_per_order_high=_inverse(low),
        weight=weight,
        blended=blend(table["hit_rate"], table["nominal"], weight),
    )
    said = full.assign(
        verdict=_verdicts(full, rules), reason=[_reason(row, rules) for row in full.itertuples()]
    )
    return said[COLUMNS]


def _inverse(share: Floats) -> Floats:
    inverse: Floats = np.divide(1.0, share, out=np.full(len(share), np.inf), where=share != 0)
    return inverse


def _verdicts(table: pd.DataFrame, rules: Rules) -> list[str]:
    """Compare with the nominal: too high only if even all undecided cases could not bring it about."""
    checks = {
        "no default": table["nominal"].isna(),
        "too few closed": table["won"] + table["lost"] < rules.minimum_cases,
        "default too high": table["nominal"] > table["high"] + table["undecided"],
        "default too low": table["nominal"] < table["low"],
    }
    return list(np.select(list(checks.values()), list(checks), default="consistent"))


def _reason(row: Any, rules: Rules) -> str:
    if row.reached == 0:
        return "no opportunity has reached this stage"
    if np.isnan(row.hit_rate):
        return f"{_n(row.reached)} reached it, none is closed yet"
    if row.won + row.lost < rules.minimum_cases:
        return f"{_n(row.won + row.lost, 'closed ')}, too few to stand without the default probability"
    if row.undecided > MUCH_UNDECIDED:
        return (
            f"{percent(row.undecided, 0)} of the opportunities are undecided; the win rate is what "
            "is won so far"
        )
    return ""


def _n(count: float, kind: str = "") -> str:
    return number_of(int(count), f"{kind}opportunity", f"{kind}opportunities")


def _if_enough(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    few = table["won"] + table["lost"] < rules.minimum_cases
    return table.assign(**{name: table[name].mask(few) for name in UNSAID_WHEN_FEW})


def rates_by_group(calibration: Calibration, groups: pd.Series[Any], most: int = 5) -> pd.DataFrame:
    """Win rate of each status (rows) in the largest groups; missing where too few opportunities are
    closed.
    """
    largest = groups.value_counts().index[:most]
    if len(largest) < 2:
        return pd.DataFrame(index=calibration.table.index)
    rates = calibrate_by(calibration, groups[groups.isin(largest)])["hit_rate"].unstack("group")
    return rates.reindex(index=calibration.table.index, columns=largest).rename_axis(columns=None)
