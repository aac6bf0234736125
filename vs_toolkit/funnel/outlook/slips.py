"""How far from the expected decision dates orders come: the rule that moves dates, learnt from history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.formats import number_of
from vs_toolkit.funnel.record.cases import settled_until

Floats = npt.NDArray[np.float64]
OVERDUE = "in the past"
BANDS = {OVERDUE: 0.0, "within 30 days": 30.0, "in 31 to 90 days": 90.0, "later": np.inf}  # days ahead, up to
POINTS = 40  # equally likely delays that stand for a distribution
FEWEST = 20


@dataclass(frozen=True)
class SlipRule:
    """When an order comes, seen from the expected decision date.

    Attributes
    ----------
    table
        Index: how far ahead the expected decision was. orders: won cases behind it; low, median, high: 10, 50
        and 90 % of the days by which the order came after the expected date (after the day of looking, for
        dates in the past with orders enough of their own); rule: where these days were taken from.
    delays
        The same as equally likely delays in days; shape (bands, POINTS).
    """

    table: pd.DataFrame
    delays: Floats

    @property
    def in_words(self) -> str:
        """The rule for dates in the past, as a reader should know it."""
        orders, _, days, _, origin = next(self.table.itertuples(index=False, name=None))
        if origin == STATED:
            return (
                "A decision date in the past counts as the day after this report; other dates stand as stated"
            )
        if origin == ALL:
            return (
                f"Orders are taken to come {number_of(round(days), 'day')} after the expected decision "
                "(median of past orders), but after the day of this report"
            )
        return (
            f"A decision date in the past is taken to lie {number_of(round(days), 'day')} after the day of "
            f"this report (median of {number_of(orders, 'past order')} with such a date)"
        )


OWN, ALL, STATED = "of such cases", "of all cases with a date ahead", "no history: dates as stated"


def learn_slips(past: pd.DataFrame) -> SlipRule:
    """Learn from past days how many days after its expected decision an order comes.

    Cases that were won count; how long the lost ones took does not move orders. Past days from which too
    many cases are still open are left out: the orders seen by now would be the fast ones.

    Parameters
    ----------
    past
        As :func:`~vs_toolkit.funnel.record.cases.past_cases` returns it: seen_on, expected_decision, final_outcome,
        decided_at.

    Examples
    --------
    >>> past = pd.DataFrame({"seen_on": pd.Timestamp("2026-01-01"), "final_outcome": ["won"] * 20,
    ...                      "expected_decision": pd.Timestamp("2026-01-11"),
    ...                      "decided_at": pd.Timestamp("2026-01-31")})
    >>> learn_slips(past).table[["orders", "median", "rule"]].iloc[:2].values.tolist()
    [[0, 20.0, 'of all cases with a date ahead'], [20, 20.0, 'of such cases']]
    """
    until = settled_until(past["seen_on"], past["final_outcome"] == "open")
    orders = past[(past["final_outcome"] == "won") & (past["seen_on"] < until)]
    orders = orders[orders["expected_decision"].notna()]
    late = _late(orders["expected_decision"], orders["seen_on"])
    band, ahead = _band(late), late < 0
    delay = (orders["decided_at"] - orders["expected_decision"].where(ahead, orders["seen_on"])).dt.days
    samples = [delay[band == place] for place in range(len(BANDS))]
    chosen = [_chosen(sample, delay[ahead]) for sample in samples]
    delays = np.array([_spread(sample) for sample, _ in chosen])
    low, median, high = np.quantile(delays, [0.1, 0.5, 0.9], axis=1)
    table = pd.DataFrame(
        {
            "orders": [len(sample) for sample in samples],
            "low": low,
            "median": median,
            "high": high,
            "rule": [rule for _, rule in chosen],
        },
        index=pd.Index(list(BANDS), name="expected decision"),
    )
    return SlipRule(table, delays)


def order_days(expected_decision: pd.Series[Any], as_of: Any, rule: SlipRule) -> pd.DataFrame:
    """Days on which orders would come: for every case equally likely ones, all after ``as_of``.

    Parameters
    ----------
    expected_decision
        Expected day of decision of each open case; missing ones have no days.
    as_of
        The day from which everything is seen.
    rule
        From :func:`learn_slips`, or :data:`AS_STATED`.

    Returns
    -------
    DataFrame
        Index of ``expected_decision`` x POINTS columns of days.

    Examples
    --------
    >>> stated = pd.Series(pd.to_datetime(["2026-05-01", "2026-09-01"]), index=["A", "B"])
    >>> order_days(stated, "2026-06-30", AS_STATED)[0].dt.date.astype(str).to_dict()
    {'A': '2026-07-01', 'B': '2026-09-01'}
    """
    today = pd.Timestamp(as_of).normalize()
    late = _late(expected_decision, today)
    from_today = (late >= 0) & (rule.table["rule"].iloc[0] == OWN)
    start = expected_decision.mask(from_today, today)
    delays = _still_possible(
        rule.delays[_band(late)].round(), np.asarray(-_late(start, today), dtype=np.float64)
    )
    days = start.to_numpy(dtype="datetime64[D]")[:, None] + delays.astype("timedelta64[D]")
    frame = pd.DataFrame(days, index=expected_decision.index).astype("datetime64[s]")
    return frame.clip(lower=today + pd.Timedelta(days=1))


def _still_possible(delays: Floats, ahead: Floats) -> Floats:
    """Leave out delays that would put the order before today: the case is open, so they did not happen.

    ``delays`` ascend in every row, shape (n, POINTS); those left are spread over all places again.
    """
    gone = (delays <= -ahead[:, None]).sum(axis=1, keepdims=True)
    place = gone + ((np.arange(POINTS) + 0.5) / POINTS * (POINTS - gone)).astype(np.intp)
    left: Floats = np.take_along_axis(delays, np.minimum(place, POINTS - 1), axis=1)
    return left


def _late(expected: pd.Series[Any], seen_on: Any) -> pd.Series[float]:
    """Days by which the expected decision had passed; below 0 it lies ahead."""
    late: pd.Series[float] = (seen_on - expected) / pd.Timedelta(days=1)
    return late


def _band(late: pd.Series[float]) -> npt.NDArray[np.intp]:
    ahead = -late.to_numpy(dtype=float)
    return np.where(np.isnan(ahead), 0, np.searchsorted(list(BANDS.values()), ahead, side="left"))


def _chosen(own: pd.Series[float], all_ahead: pd.Series[float]) -> tuple[pd.Series[float], str]:
    if len(own) >= FEWEST:
        return own, OWN
    if len(all_ahead) >= FEWEST:
        return all_ahead, ALL
    return pd.Series([0.0]), STATED


def _spread(sample: pd.Series[float]) -> Floats:
    points: Floats = np.quantile(sample, (np.arange(POINTS) + 0.5) / POINTS)
    return points


AS_STATED = learn_slips(
    pd.DataFrame(
        {name: pd.Series(dtype="datetime64[s]") for name in ("seen_on", "expected_decision", "decided_at")}
        | {"final_outcome": pd.Series(dtype=object)}
    )
)
"""The rule where nothing is known of past dates."""
