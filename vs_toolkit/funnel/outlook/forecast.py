"""What the pipeline will bring and when: orders and value by month, with prediction intervals.

Whether and when an open opportunity is won comes from one curve: the landmark estimate by stage, age and
kind,
shifted by what stated dates have told in the past and corrected for drift where the past supports it. All
opportunities share one shock; orders of leads that are not there yet are added.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from vs_toolkit.estimates import jeffreys
from vs_toolkit.funnel.outlook.correction import Correction, shifted
from vs_toolkit.funnel.outlook.dates import DateEffect, tilted
from vs_toolkit.funnel.outlook.new_leads import NewLeads
from vs_toolkit.funnel.outlook.shock import (
    NO_SHOCK,
    NODES,
    WEIGHTS,
    Shock,
    count_distribution,
    count_interval,
    given_shock,
    shared_error,
)  # fmt: skip
from vs_toolkit.funnel.rates.landmark import Landmarks
from vs_toolkit.funnel.record.walk import Ints

Floats = npt.NDArray[np.float64]
NEXT_DAY = pd.Timedelta(days=1)
DRAWS = 4000
CELLS = 20_000_000  # opportunities x draws at most: fewer draws for a very large pipeline
EXACT = (
    3000  # opportunities up to which counts are convolved; above, they are as good as normal given the shock
)
BATCH = 200
MOST_SHARED = 0.9
LEAST_IN_COMMON = 0.2


@dataclass(frozen=True)
class Chances:
    """When each open opportunity is won, if at all.

    Attributes
    ----------
    by_month
        Probability of an order in each month ahead and later (last column), shape (n, months + 1); NaN where
        nothing can be said.
    error
        Correlation that stands for the error of estimation, shape (n,).
    rule, n, of_kind
        How each was found (see :class:`~vs_toolkit.funnel.rates.landmark.Answer`).
    """

    by_month: Floats
    error: Floats
    rule: npt.NDArray[np.object_]
    n: Floats
    of_kind: Floats

    @property
    def ever(self) -> Floats:
        """Probability that each is won at all, shape (n,)."""
        total: Floats = self.by_month.sum(axis=1)
        return total


def month_chances(
    curves: Landmarks,
    here: tuple[Ints, Floats, Ints],
    ends: Floats,
    ahead_days: Floats,
    dates: DateEffect | None = None,
    correction: Correction | None = None,
) -> Chances:
    """Estimate when each open opportunity is won.

    Parameters
    ----------
    curves
        Win curves of the history.
    here
        Place of the stage, days in it and number of each open opportunity; shape (n,).
    ends
        Days from now to the end of each month, ascending; shape (months,).
    ahead_days
        Days until the stated decision date; missing where there is none; shape (n,).
    dates, correction
        What stated dates tell, and the correction for drift; None: nothing.
    """
    answer = curves.ask(*here, np.append(ends, np.inf), float(ends[-1]), sized=True)
    assert answer.size is not None
    by_month = np.diff(answer.share, axis=1, prepend=0.0)
    if dates is not None:
        by_month = tilted(by_month, ahead_days, dates)
    if correction is not None and correction.active:
        by_month = _corrected(by_month, correction.applied)
    size = np.where(np.isnan(answer.share[:, -2]), 0.0, answer.size[:, -2])
    share = np.nan_to_num(answer.share[:, -2])
    error = shared_error(*jeffreys(share * size, size, 0.90)) * _in_common(
        share, here[0], curves.kinds[here[2]]
    )
    return Chances(by_month, error, answer.rule, answer.n, answer.of_kind)


def _in_common(share: Floats, step: Ints, kind: Ints) -> float:
    """Part of the errors of estimation that does not average out: each stage and kind has its own curve."""
    parts = np.bincount(step * (int(kind.max(initial=-1)) + 2) + kind + 1, share) / max(share.sum(), 1e-12)
    return max(float((parts**2).sum()), LEAST_IN_COMMON)


def _corrected(by_month: Floats, shift: float) -> Floats:
    """Shift the log odds of winning at all; when, if at all, stays as it was."""
    ever = np.clip(by_month.sum(axis=1), 0.0, 1.0)
    factor = np.divide(shifted(ever, shift), ever, out=np.ones(len(ever)), where=ever > 0)
    corrected: Floats = by_month * factor[:, None]
    return corrected


@dataclass(frozen=True)
class Forecast:
    """Orders and value by month.

    Attributes
    ----------
    as_of
        The day from which everything was seen.
    level
        Probability that an interval holds what comes.
    table
        Index: month. orders: expected number, of_new: part of it from leads not yet there; orders_low,
        orders_high; value: expected value, value_of_new: part of it; value_low, value_median, value_high.
    quarters
        The same by calendar quarter, as far as the months reach into it; index: first day of the quarter.
    total
        The same for all months together: a Series.
    left_out
        What the table does not hold, by reason: opportunities, orders, value.
    by_opportunity
        Index as ``open_cases``: expected orders and value within the months.
    recurring
        Largest past order among those that stand for leads to come, and what it adds to the expected value.
    drawn
        Simulated value of all months together, shape (draws,).
    """

    as_of: pd.Timestamp
    level: float
    table: pd.DataFrame
    quarters: pd.DataFrame
    total: pd.Series[float]
    left_out: pd.DataFrame
    by_opportunity: pd.DataFrame
    recurring: tuple[float, float]
    drawn: Floats = field(repr=False)


LATER, NO_CHANCE, NO_VALUE = "after the last month", "no win probability", "no value"


def month_ends(as_of: Any, months: int) -> tuple[pd.DatetimeIndex, Floats]:
    """First days of the months ahead, that of the day after ``as_of`` first, and days until their ends.

    >>> starts, days = month_ends("2026-06-30", 2)
    >>> starts[0].date().isoformat(), days.tolist()
    ('2026-07-01', [31.0, 62.0])
    """
    today = pd.Timestamp(as_of).normalize()
    month = pd.period_range(today + NEXT_DAY, periods=months, freq="M")
    ends = (month + 1).to_timestamp() - (today + NEXT_DAY)
    return month.to_timestamp(), np.asarray(ends / pd.Timedelta(days=1), dtype=np.float64)


def forecast(  # noqa: PLR0913
    values: pd.Series[float],
    chances: Chances,
    as_of: Any,
    new_leads: NewLeads,
    shock: Shock = NO_SHOCK,
    level: float = 0.80,
    seed: int = 1,
) -> Forecast:
    """Forecast orders and value by month from the open opportunities.

    Expected values and the interval of the number of orders are exact; the interval of the value is
    simulated. One shock holds for all months: the total must not look surer than its months. An interval is
    widened to hold its mean where a single large order would put the mean outside.

    Parameters
    ----------
    values
        Value of each open opportunity, index opportunity_id; missing values count as orders only.
    chances
        When each is won; the months are those of ``chances``.
    as_of
        As-of date, later data is ignored; the first month is that of the day after it.
    new_leads
        What leads that are not there yet bring.
    shock
        How large the common shock is.
    level
        Probability that an interval holds what comes.
    seed
        Of the simulation.
    """
    months = chances.by_month.shape[1] - 1
    starts, _ = month_ends(as_of, months)
    order = np.argsort(values.index.to_numpy().astype(str), kind="stable")
    order = order[~np.isnan(chances.by_month[order, 0])]
    cases = _Cases(
        by_month=np.clip(chances.by_month[order], 0.0, 1.0),
        rho=np.minimum(shock.rho + chances.error[order], MOST_SHARED),
        value=values.to_numpy(float)[order],
    )
    drawn = _draw(cases, new_leads, np.random.default_rng(seed))
    quarter = starts.to_period("Q")
    of_quarter = {name: np.flatnonzero(quarter == name).tolist() for name in quarter.unique()}
    spans = [[place] for place in range(months)] + [*of_quarter.values(), list(range(months))]
    rows = [_row(cases, new_leads, span, drawn[:, span].sum(axis=1), level) for span in spans]
    table = pd.DataFrame(rows[:months], index=pd.Index(starts, name="month"))
    quarters = pd.PeriodIndex(list(of_quarter), freq="Q").to_timestamp().rename("quarter")
    each = pd.DataFrame({"orders": chances.by_month[:, :-1].sum(axis=1)}, index=values.index)
    return Forecast(
        as_of=pd.Timestamp(as_of).normalize(),
        level=level,
        table=table,
        quarters=pd.DataFrame(rows[months:-1], index=quarters),
        total=pd.Series(rows[-1], name="total"),
        left_out=_left_out(values, chances),
        by_opportunity=each.assign(value=each["orders"] * values),
        recurring=_recurring(new_leads),
        drawn=drawn.sum(axis=1),
    )


def _recurring(new: NewLeads) -> tuple[float, float]:
    largest = max((float(pool.max()) for pool in new.pools if len(pool)), default=0.0)
    parts = [
        count * largest * float((pool == largest).mean())
        for count, pool in zip(new.orders, new.pools, strict=True)
        if len(pool)
    ]
    return largest, sum(parts)


@dataclass(frozen=True)
class _Cases:
    by_month: Floats
    rho: Floats
    value: Floats


def _row(cases: _Cases, new: NewLeads, span: list[int], drawn: Floats, level: float) -> dict[str, float]:
    """Forecast for some months together; ``drawn`` are simulated values of them."""
    chance = cases.by_month[:, span].sum(axis=1)
    counts = np.convolve(_counts(chance, cases.rho), new.count_distribution(span))
    low, high = count_interval(counts, level)
    orders, value = (
        chance.sum() + new.orders[span].sum(),
        np.nansum(chance * cases.value) + new.values[span].sum(),
    )
    value_low, median, value_high = np.quantile(drawn, [(1 - level) / 2, 0.5, (1 + level) / 2])
    return {
        "orders": float(orders),
        "of_new": float(new.orders[span].sum()),
        "orders_low": float(min(low, np.floor(orders))),
        "orders_high": float(max(high, np.ceil(orders))),
        "value": float(value),
        "value_of_new": float(new.values[span].sum()),
        "value_low": float(min(value_low, value)),
        "value_median": float(median),
        "value_high": float(max(value_high, value)),
    }


def _counts(chance: Floats, rho: Floats) -> Floats:
    """Distribution of the number of orders under the common shock."""
    moved = given_shock(chance, rho)
    if len(chance) <= EXACT:
        return np.asarray(WEIGHTS @ count_distribution(moved))
    mean, sd = moved.sum(axis=1), np.sqrt((moved * (1 - moved)).sum(axis=1))
    count = np.arange(int(mean[-1] + 8 * sd[-1]) + 2)
    below = ndtr((count + 0.5 - mean[:, None]) / sd[:, None])
    return np.asarray(WEIGHTS @ np.diff(below, axis=1, prepend=0.0))


def _draw(cases: _Cases, new: NewLeads, rng: np.random.Generator) -> Floats:
    """Simulate the value won in each month, also of leads to come; shape (draws, months)."""
    n, months = len(cases.value), cases.by_month.shape[1] - 1
    draws = int(np.clip(CELLS // max(n, 1), BATCH, DRAWS))
    drawn = new.draw(draws, rng)
    if not n:
        return drawn
    soon = cases.by_month[:, :-1].cumsum(axis=1)
    total = soon[:, -1]
    within = np.divide(soon, total[:, None], out=np.ones(soon.shape), where=total[:, None] > 0)
    moved, value = given_shock(total, cases.rho), np.nan_to_num(cases.value)
    for start in range(0, draws, BATCH):
        size = min(BATCH, draws - start)
        node = rng.choice(len(NODES), size=size, p=WEIGHTS)
        draw, case = np.nonzero(rng.random((size, n)) < moved[node])
        month = (rng.random(len(case))[:, None] > within[case]).sum(axis=1)
        cell = draw * months + np.minimum(month, months - 1)
        drawn[start : start + size] += np.bincount(cell, value[case], size * months).reshape(size, months)
    return drawn


def _left_out(values: pd.Series[float], chances: Chances) -> pd.DataFrame:
    """Count what the months do not hold, so that nothing is missing unseen."""
    later, value = chances.by_month[:, -1], values.to_numpy(float)
    unknown = np.isnan(later)
    valueless = np.isnan(value) & ~unknown
    rows = {
        LATER: (int((later > 0).sum()), float(np.nansum(later)), float(np.nansum(later * value))),
        NO_CHANCE: (int(unknown.sum()), np.nan, np.nan),
        NO_VALUE: (int(valueless.sum()), float(chances.ever[valueless].sum()), np.nan),
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["opportunities", "orders", "value"])
