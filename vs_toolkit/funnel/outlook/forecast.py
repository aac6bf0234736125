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

from vs_toolkit.funnel.outlook.ahead import Chances
from vs_toolkit.funnel.outlook.months import month_ends
from vs_toolkit.funnel.outlook.new_leads import NewLeads
from vs_toolkit.funnel.outlook.shock import (
    NO_SHOCK,
    NODES,
    WEIGHTS,
    Shock,
    count_distribution,
    count_interval,
    given_shock,
)  # fmt: skip

Floats = npt.NDArray[np.float64]
NEXT_DAY = pd.Timedelta(days=1)
DRAWS = 4000
CELLS = 20_000_000  # opportunities x draws at most: fewer draws for a very large pipeline
EXACT = (
    3000  # opportunities up to which counts are convolved; above, they are as good as normal given the shock
)
BATCH = 200
MOST_SHARED = 0.9


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
    soon = chances.by_month[:, :-1].sum(axis=1).round(9)
    order = np.lexsort((soon, values.to_numpy(float)))  # by no name, so that names change no draw
    order = order[~np.isnan(chances.by_month[order, 0])]
    cases = _Cases(  # past forecasts, from which the shock was found, erred in their chances too: not added
        by_month=np.clip(chances.by_month[order], 0.0, 1.0),
        rho=np.clip(chances.error[order], shock.rho, MOST_SHARED),
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
    values = np.where(new.shares.any(axis=1), new.past_values, 0.0)
    largest = float(values.max(initial=0.0))
    return largest, largest * float(new.shares[values == largest].sum())


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
