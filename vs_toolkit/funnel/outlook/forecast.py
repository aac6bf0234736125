"""What the funnel will bring and when: orders and value by month, with intervals that are wide enough.

A case is won by its win probability, in the months in which orders came that were expected as it is now
(``slips``). All cases share one shock (``shock``). Orders of leads not there yet are added (``new_leads``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.outlook.new_leads import NOTHING_KNOWN, NewLeads
from vs_toolkit.funnel.outlook.shock import (
    NO_SHOCK,
    WEIGHTS,
    Floats,
    Shock,
    count_distribution,
    count_interval,
    given_shock,
    shared_error,
)  # fmt: skip
from vs_toolkit.funnel.outlook.slips import AS_STATED, SlipRule, order_days

LATER, NO_DATE, NO_CHANCE, NO_VALUE = (
    "after the last month", "no decision date", "no win probability", "no value",
)  # fmt: skip
NEXT_DAY = pd.Timedelta(days=1)
DRAWS = 5000
MOST_SHARED = 0.9
BATCH = 250  # draws at a time: keeps the memory of a large funnel small


@dataclass(frozen=True)
class Odds:
    """What a forecast knows besides the cases: how dates slip, the common shock, what new leads bring."""

    slips: SlipRule = AS_STATED
    shock: Shock = NO_SHOCK
    new_leads: NewLeads = NOTHING_KNOWN


AS_STATED_ALONE = Odds()
"""Dates as stated, independent cases, no new leads: what can be said without a history."""


@dataclass(frozen=True)
class Forecast:
    """Orders and value by month.

    Attributes
    ----------
    as_of
        The day from which everything was seen.
    level
        Chance that an interval holds what comes.
    table
        Index: month. orders: expected number, of_new: part of it from leads not yet there; orders_low,
        orders_high; value: expected value, value_of_new: part of it; value_sd; value_low, value_high.
    total
        The same for all months together: a Series.
    left_out
        Open cases that the table does not hold, or not fully, by reason: cases, and their expected orders and
        value, missing where they cannot be said. Those without a value count as orders only.
    odds
        What it was made with.
    """

    as_of: pd.Timestamp
    level: float
    table: pd.DataFrame
    total: pd.Series[float]
    left_out: pd.DataFrame
    odds: Odds


def weighted_by_month(open_cases: pd.DataFrame, as_of: Any) -> pd.DataFrame:
    """Sum up the open cases by the month of their expected decision, as stated: the plain weighted funnel.

    Parameters
    ----------
    open_cases
        One row per case: win_probability, value, expected_decision.
    as_of
        The day from which everything is seen.

    Returns
    -------
    DataFrame
        Index: month (NaT: no date). cases, value, weighted_value, and overdue: cases whose date has passed.

    Examples
    --------
    >>> cases = pd.DataFrame({"win_probability": [0.5, 0.1], "value": [100.0, 200.0],
    ...                       "expected_decision": pd.to_datetime(["2026-07-05", "2026-07-30"])})
    >>> weighted_by_month(cases, "2026-07-10").iloc[0].to_dict()
    {'cases': 2.0, 'value': 300.0, 'weighted_value': 70.0, 'overdue': 1.0}
    """
    decision = open_cases["expected_decision"]
    weighted = open_cases.assign(
        weighted_value=open_cases["win_probability"] * open_cases["value"],
        overdue=decision < pd.Timestamp(as_of).normalize(),
    )
    by_month = weighted.groupby(decision.dt.to_period("M").dt.to_timestamp().rename("month"), dropna=False)
    sums = by_month[["value", "weighted_value"]].sum(min_count=1)
    return sums.assign(cases=by_month.size(), overdue=by_month["overdue"].sum())[
        ["cases", "value", "weighted_value", "overdue"]
    ]


def forecast(
    open_cases: pd.DataFrame,
    as_of: Any,
    months: int = 12,
    odds: Odds = AS_STATED_ALONE,
    level: float = 0.80,
    seed: int = 1,
) -> Forecast:
    """Forecast orders and value by month from the open cases.

    Expected values, standard deviation and the interval of the number of orders are exact; the interval of
    the value is simulated. One shock holds for all months: the total must not look surer than its months.

    Parameters
    ----------
    open_cases
        One row per case: win_probability (from now on, ever), value, expected_decision; low and high, the
        90 % interval of win_probability, where known: its error is part of what cases have in common.
    as_of
        The day from which everything is seen; the first month is that of the day after it.
    months
        How many months.
    odds
        How dates slip, how large the common shock is, what new leads bring.
    level
        Chance that an interval holds what comes.
    seed
        Of the simulation.

    Examples
    --------
    >>> cases = pd.DataFrame({"win_probability": [0.5, 0.5], "value": [100.0, 300.0],
    ...                       "expected_decision": pd.to_datetime(["2026-07-05", "2026-07-30"])})
    >>> july = forecast(cases, "2026-06-30", months=1).table.iloc[0]
    >>> july[["orders", "orders_low", "orders_high", "value"]].to_dict()
    {'orders': 1.0, 'orders_low': 0.0, 'orders_high': 2.0, 'value': 200.0}
    """
    today = pd.Timestamp(as_of).normalize()
    month = pd.period_range(today + NEXT_DAY, periods=months, freq="M")
    cases = _timed(open_cases, today, month, odds)
    drawn = _draw_values(cases, odds, seed)
    spans = [[place] for place in range(months)] + [list(range(months))]
    rows = [_row(cases, odds, span, drawn[:, span].sum(axis=1), level) for span in spans]
    table = pd.DataFrame(rows[:-1], index=pd.Index(month.to_timestamp(), name="month"))
    total = pd.Series(rows[-1], name="total")
    return Forecast(today, level, table, total, _left_out(open_cases, cases), odds)


class _Cases(NamedTuple):
    chance: Floats  # (n,)
    rho: Floats  # (n,): common shock and error of estimation
    value: Floats  # (n,), 0 where not known
    month: npt.NDArray[np.int64]  # (n, POINTS): equally likely months, the number of months for any later one
    share: Floats  # (n, months): chance of each month, if won


def _timed(open_cases: pd.DataFrame, today: pd.Timestamp, month: pd.PeriodIndex, odds: Odds) -> _Cases:
    """Cases of which it can be said how likely and when they are won, in an order that is always the same."""
    clear = open_cases[open_cases["win_probability"].notna() & open_cases["expected_decision"].notna()]
    clear = clear.sort_values(["expected_decision", "win_probability", "value"])
    days = order_days(clear["expected_decision"], today, odds.slips).to_numpy(dtype="datetime64[M]")
    error = shared_error(*(clear.get(end, np.full(len(clear), np.nan)) for end in ("low", "high")))
    number = np.minimum(days.astype(np.int64) - month[0].ordinal, len(month))
    return _Cases(
        chance=clear["win_probability"].to_numpy(float),
        rho=np.minimum(odds.shock.rho + error, MOST_SHARED),
        value=clear["value"].fillna(0.0).to_numpy(float),
        month=number,
        share=np.stack([(number == place).mean(axis=1) for place in range(len(month))], axis=1),
    )


def _row(cases: _Cases, odds: Odds, span: list[int], drawn: Floats, level: float) -> dict[str, float]:
    """Forecast for some months together; ``drawn`` are simulated values of them."""
    share = cases.share[:, span].sum(axis=1)
    new_orders, new_value = (_of_new(part, span) for part in (odds.new_leads.orders, odds.new_leads.values))
    chance = given_shock(cases.chance, cases.rho) * share
    counts = np.convolve(WEIGHTS @ count_distribution(chance), odds.new_leads.count_distribution(span))
    low, high = count_interval(counts, level)
    value_low, value_high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return {
        "orders": float((cases.chance * share).sum() + new_orders.mean()),
        "of_new": float(new_orders.mean()),
        "orders_low": float(low),
        "orders_high": float(high),
        "value": float((cases.chance * share * cases.value).sum() + new_value.mean()),
        "value_of_new": float(new_value.mean()),
        "value_sd": float(np.sqrt(_variance(chance, cases.value) + new_value.var())),
        "value_low": float(value_low),
        "value_high": float(value_high),
    }


def _of_new(past: Floats, span: list[int]) -> Floats:
    return past[:, span].sum(axis=1) if len(past) else np.zeros(1)


def _variance(chance: Floats, value: Floats) -> float:
    """Variance of the value won: that within each shock, and that between the shocks; chance (nodes, n)."""
    within = WEIGHTS @ ((chance * (1 - chance)) @ value**2)
    by_shock = chance @ value
    return float(within + WEIGHTS @ (by_shock - WEIGHTS @ by_shock) ** 2)


def _draw_values(cases: _Cases, odds: Odds, seed: int) -> Floats:
    """Simulate the value won in each month; shape (DRAWS, months)."""
    rng, months = np.random.default_rng(seed), cases.share.shape[1]
    drawn = np.concatenate([_draw(cases, rng) for _ in range(DRAWS // BATCH)])
    past = odds.new_leads.values
    return drawn[:, :months] + (past[rng.integers(len(past), size=DRAWS)] if len(past) else 0.0)


def _draw(cases: _Cases, rng: np.random.Generator) -> Floats:
    shape, width = (BATCH, len(cases.chance)), cases.share.shape[1] + 1
    won = rng.random(shape) < given_shock(cases.chance, cases.rho, rng.standard_normal(BATCH))
    point = rng.integers(cases.month.shape[1], size=shape)
    month = cases.month[np.arange(shape[1]), point]
    cell = np.arange(BATCH)[:, None] * width + month
    total = np.bincount(cell.ravel(), (won * cases.value).ravel(), minlength=BATCH * width)
    by_month: Floats = total.astype(float).reshape(BATCH, width)
    return by_month


def _left_out(open_cases: pd.DataFrame, cases: _Cases) -> pd.DataFrame:
    """Count what the months do not hold, so that nothing is missing unseen."""
    chance, undated = open_cases["win_probability"], open_cases["expected_decision"].isna()
    worth = chance * open_cases["value"]
    late = cases.chance * (1 - cases.share.sum(axis=1))
    missing = {
        NO_DATE: (chance[undated & chance.notna()], worth[undated & chance.notna()]),
        NO_CHANCE: (chance[chance.isna()], worth[chance.isna()]),
        NO_VALUE: (chance[open_cases["value"].isna() & ~undated & chance.notna()], pd.Series(dtype=float)),
    }
    rows = {LATER: ((cases.share.sum(axis=1) < 1).sum(), late.sum(), (late * cases.value).sum())}
    rows |= {why: (len(c), c.sum(min_count=1), v.sum(min_count=1)) for why, (c, v) in missing.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["cases", "orders", "value"])
