"""The shape of the pipeline: long and narrow, wide for its order flow, or optimal (book, figure 20).

Length is the time from lead to order; width the open opportunities for each order of a month. Both are held
against
what was usual in one's own past, or is usual in other teams. Narrow is a funnel into which fewer leads come
than its orders use up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import number, percent
from vs_toolkit.funnel.record.events import OUTCOMES

YEAR = pd.Timedelta(days=365)
FEWEST = 10  # orders a year below which a shape is not judged
MUCH_FADING = 0.5
MUCH = 1.25  # so many times the usual, or its inverse, is a difference if there are orders enough

LONG_NARROW, WIDE, OPTIMAL = "long and narrow", "wide for its order flow", "optimal"
BETWEEN, UNSAID = "none of the three", "not known"
COLUMNS = [
    "leads", "orders", "order_value", "lost", "open_cases", "open_value",
    "length_days", "width_months", "value_months", "hit_rate", "feed",
]  # fmt: skip
MEASURES = ["length_days", "width_months", "hit_rate", "feed"]
WORDS = {
    "length_days": "{} days from lead to order",
    "width_months": "open opportunities for {} months of orders",
    "hit_rate": "{} of decided opportunities won",
    "feed": "leads of the last year cover {} of its orders",
}
WRITE = {"length_days": number, "width_months": number, "hit_rate": percent, "feed": percent}
CAUSES = {
    LONG_NARROW: (
        "the kind of sales: large projects take long",
        "steps of the sales process that take longer than they need",
        "too few leads generated",
        "sales activities and marketing poorly co-ordinated",
    ),
    WIDE: (
        "leads poorly selected",
        "a sales process that does not bring opportunities to a decision",
        "effort not focused on the opportunities with the most potential",
    ),
    OPTIMAL: ("enough of the right leads, effort in the right place, sales and marketing in balance",),
}


@dataclass(frozen=True)
class Shape:
    """What shape a funnel has, and why it is called so.

    Attributes
    ----------
    kind
        ``long and narrow``, ``wide for its order flow``, ``optimal``, ``none of the three`` or ``not known``.
    evidence
        One sentence for each measure.
    causes
        Usual causes of such a shape (book): to be examined, not proven.
    measures
        Index: length_days, width_months, hit_rate, feed. now, usual, ratio.
    """

    kind: str
    evidence: tuple[str, ...]
    causes: tuple[str, ...]
    measures: pd.DataFrame


def dimensions(cases: pd.DataFrame, as_of: Any) -> pd.Series[float]:
    """Measure a funnel over the year before a day.

    Parameters
    ----------
    cases
        One row per opportunity as known on the day: outcome, first_at, closed_at, value.
    as_of
        The day.

    Returns
    -------
    Series
        leads, orders, order_value, lost (in the year); open_cases, open_value (now); length_days: median from
        lead to order; width_months: months of order flow, in cases, that lie open; value_months: the same by
        value; hit_rate: won of those closed; feed: orders that the leads of the year make at that rate, for
        each order of the year. Missing where there is nothing to divide by.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> cases = pd.DataFrame({"outcome": ["won", "lost", "open"], "value": [12.0, 5.0, 6.0],
    ...                       "first_at": day(["2026-01-01"] * 3),
    ...                       "closed_at": day(["2026-03-02", "2026-02-01", None])})
    >>> dimensions(cases, "2026-06-30")[["length_days", "width_months", "value_months", "feed"]].tolist()
    [60.0, 12.0, 6.0, 1.5]
    """
    today = pd.Timestamp(as_of).normalize()
    recent = cases["closed_at"] > today - YEAR
    won, lost = (cases[recent & (cases["outcome"] == outcome)] for outcome in ("won", "lost"))
    still = cases[cases["outcome"] == "open"]
    leads = int((cases["first_at"] > today - YEAR).sum())
    orders, worth = len(won) or np.nan, won["value"].sum() or np.nan
    hit_rate = len(won) / (len(won) + len(lost)) if len(won) + len(lost) else np.nan
    return pd.Series(
        {
            "leads": leads,
            "orders": len(won),
            "order_value": won["value"].sum(min_count=1),
            "lost": len(lost),
            "open_cases": len(still),
            "open_value": still["value"].sum(min_count=1),
            "length_days": (won["closed_at"] - won["first_at"]).dt.days.median(),
            "width_months": 12 * len(still) / orders,
            "value_months": 12 * still["value"].sum() / worth,
            "hit_rate": hit_rate,
            "feed": leads * hit_rate / orders,
        },
        dtype=float,
    )


def dimensions_by(cases: pd.DataFrame, by: str, as_of: Any) -> pd.DataFrame:
    """Measure the funnel of each group: team, unit, segment; index: group."""
    groups = {name: dimensions(part, as_of) for name, part in cases.groupby(by)}
    return pd.DataFrame(list(groups.values()), index=pd.Index(list(groups), name=by), columns=COLUMNS)


def past_dimensions(cases: pd.DataFrame, days: Iterable[Any]) -> pd.DataFrame:
    """Measure the pipeline as it was on past days.

    Days within a year of the first opportunity are left out: their year was not full.

    Parameters
    ----------
    cases
        One row per opportunity as known in the end: outcome, first_at, closed_at, value.
    days
        Past days.

    Returns
    -------
    DataFrame
        Index: day; columns of :func:`dimensions`.
    """
    start, cases = cases["first_at"].min(), cases[["outcome", "first_at", "closed_at", "value"]]
    cases = cases.assign(outcome=pd.Categorical(cases["outcome"], OUTCOMES))
    asked = [day for day in map(pd.Timestamp, days) if day >= start + YEAR]
    rows = [dimensions(_as_of(cases, day), day) for day in asked]
    return pd.DataFrame(rows, index=pd.DatetimeIndex(asked, name="day"), columns=COLUMNS)


def _as_of(cases: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Take back what happened after a day."""
    end = day.normalize() + pd.Timedelta(days=1)
    known = cases[cases["first_at"] < end]
    later = ~(known["closed_at"] < end)
    return known.assign(
        outcome=known["outcome"].mask(later, "open"), closed_at=known["closed_at"].mask(later)
    )


def shape(now: pd.Series[float], usual: pd.DataFrame, fading: float = 0.0) -> Shape:
    """Name the shape of a funnel against what is usual.

    Long: orders take longer than usual. Narrow: the leads of the year make fewer orders than the year had.
    Wide: more opportunities lie open for the order flow than usual, and fewer of those closed are won. A
    difference
    counts if it is a quarter or more, and more than chance would bring with so many orders.

    Parameters
    ----------
    now
        From :func:`dimensions`.
    usual
        The same of one's own past (:func:`past_dimensions`) or of other teams (:func:`dimensions_by`, without
        the own row); the median of those with ten orders or more counts.
    fading
        Share of open opportunities that are fading: with more than half, no pipeline is called optimal.

    Examples
    --------
    >>> usual = pd.DataFrame({"orders": [90.0], "length_days": 100.0, "width_months": 6.0, "hit_rate": 0.3,
    ...                       "feed": 1.0})
    >>> shape(usual.iloc[0] * [1, 1, 2, 0.5, 1], usual).kind
    'wide for its order flow'
    """
    known = usual[usual["orders"] >= FEWEST]
    table = pd.DataFrame({"now": now[MEASURES], "usual": known[MEASURES].median()}).astype(float)
    table.loc["feed", "usual"] = 1.0  # what keeps the order flow as it is
    table["ratio"] = table["now"] / table["usual"]
    if now["orders"] < FEWEST or known.empty or table["ratio"].isna().any():
        return Shape(UNSAID, (_what_is_missing(now, known),), (), table)
    limit = max(MUCH, float(np.exp(1.64 / np.sqrt(now["orders"]))))
    more, less = table["ratio"] > limit, table["ratio"] < 1 / limit
    kind = _kind(more, less)
    if kind == OPTIMAL and fading > MUCH_FADING:
        kind = BETWEEN
    return Shape(kind, _evidence(table, more, less), CAUSES.get(kind, ()), table)


def _kind(more: pd.Series[bool], less: pd.Series[bool]) -> str:
    if more["length_days"] and less["feed"]:
        return LONG_NARROW
    if more["width_months"] and less["hit_rate"]:
        return WIDE
    off = more["length_days"] or more["width_months"] or less["hit_rate"] or less["feed"]
    return BETWEEN if off else OPTIMAL


def _evidence(table: pd.DataFrame, more: pd.Series[bool], less: pd.Series[bool]) -> tuple[str, ...]:
    compared = {
        name: "more" if more[name] else "less" if less[name] else "no clear difference" for name in MEASURES
    }
    rows = table.loc[MEASURES, ["now", "usual"]].itertuples(index=True, name=None)
    return tuple(
        f"{WORDS[name].format(WRITE[name](now))}; usual {WRITE[name](usual)}: {compared[name]}"
        for name, now, usual in rows
    )


def _what_is_missing(now: pd.Series[float], known: pd.DataFrame) -> str:
    if now["orders"] < FEWEST:
        return f"{number(now['orders'])} orders in a year: it takes {FEWEST} to judge the shape"
    if known.empty:
        return f"No past year and no other team with {FEWEST} orders to compare with"
    return "A measure cannot be compared: it is missing now or in what is usual"
