"""When orders become deliveries and cash: expected amounts by month from lead times and payment terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.slips import AS_STATED, SlipRule, order_days


@dataclass(frozen=True)
class Payment:
    """One part of the price: its share, and how many days after order or delivery it is paid."""

    share: float
    after: Literal["order", "delivery"]
    days: int


Floats = npt.NDArray[np.float64]
ON_DELIVERY = (Payment(1.0, "delivery", 30),)


@dataclass(frozen=True)
class MoneyFlow:
    """Expected orders, deliveries and cash by month.

    Attributes
    ----------
    table
        Index: month, without gaps. orders, deliveries, cash: amounts times the chance of a win.
    no_date, no_lead_time, no_value
        Expected value (number of cases for ``no_value``) of open cases that are not in the table: without an
        expected decision; in its orders only, since no lead time is known; without a value.
    """

    table: pd.DataFrame
    no_date: float
    no_lead_time: float
    no_value: int


def lead_days(cases: pd.DataFrame, by: str = "product") -> pd.Series[float]:
    """Days from decision to delivery by each case's dates, else the median of its product, else of all.

    Parameters
    ----------
    cases
        expected_decision, expected_delivery, the column ``by`` and closed_at, the decision of closed cases.
    by
        Column of cases that are delivered alike.

    Examples
    --------
    >>> cases = pd.DataFrame({"expected_decision": pd.to_datetime(["2026-01-01", "2026-02-01"]),
    ...                       "expected_delivery": pd.to_datetime(["2026-03-02", None]),
    ...                       "product": ["Pump", "Pump"]})
    >>> lead_days(cases).tolist()
    [60.0, 60.0]
    """
    decided = cases["closed_at"] if "closed_at" in cases else pd.Series(pd.NaT, index=cases.index)
    decision = decided.fillna(cases["expected_decision"])
    own = (cases["expected_delivery"] - decision).dt.days.astype(float)
    own = own.where(own >= 0)
    alike = own.groupby(cases[by]).transform("median") if by in cases else own
    known: pd.Series[float] = own.fillna(alike).fillna(own.median() if own.notna().any() else np.nan)
    return known


def money_flow(
    open_cases: pd.DataFrame, as_of: Any, terms: Sequence[Payment] = ON_DELIVERY, slips: SlipRule = AS_STATED
) -> MoneyFlow:
    """Spread the expected value of the open cases over the months of order, delivery and payment.

    Parameters
    ----------
    open_cases
        One row per case: win_probability, value, expected_decision, lead_days (from decision to delivery).
    as_of
        The day from which everything is seen.
    terms
        How the price is paid; shares sum to 1.
    slips
        How orders come from expected decision dates.

    Raises
    ------
    ParameterError
        If the shares do not sum to 1.

    Examples
    --------
    >>> cases = pd.DataFrame({"win_probability": [0.5], "value": [100.0], "lead_days": [60.0],
    ...                       "expected_decision": pd.to_datetime(["2026-07-15"])})
    >>> terms = [Payment(0.4, "order", 0), Payment(0.6, "delivery", 30)]
    >>> money_flow(cases, "2026-06-30", terms).table["cash"].tolist()
    [20.0, 0.0, 0.0, 30.0]
    """
    total = sum(part.share for part in terms)
    if abs(total - 1) > 1e-9:
        raise ParameterError(f"payment terms: the shares sum to {total:g}; they must sum to 1")
    worth = open_cases["win_probability"] * open_cases["value"]
    undated = open_cases["expected_decision"].isna()
    clear = open_cases.assign(worth=worth)[worth.notna() & ~undated]
    placed = clear["lead_days"].notna()
    days = {"order": order_days(clear["expected_decision"], as_of, slips).to_numpy(dtype="datetime64[D]")}
    lead = clear["lead_days"][placed].to_numpy(float).round().astype("timedelta64[D]")
    days["delivery"] = days["order"][placed] + lead[:, None]
    worths = {"order": clear["worth"].to_numpy(float), "delivery": clear["worth"][placed].to_numpy(float)}
    later = [(days[part.after] + np.timedelta64(part.days, "D"), part) for part in terms]
    parts = [_by_month(paid, worths[part.after] * part.share) for paid, part in later]
    columns = {
        "orders": _by_month(days["order"], worths["order"]),
        "deliveries": _by_month(days["delivery"], worths["delivery"]),
        "cash": pd.concat(parts).groupby(level=0).sum(),
    }
    return MoneyFlow(
        table=_without_gaps(pd.DataFrame(columns)),
        no_date=float(worth[undated].sum()),
        no_lead_time=float(clear["worth"][~placed].sum()),
        no_value=int(open_cases["value"].isna().sum()),
    )


def _by_month(days: npt.NDArray[Any], worth: Floats) -> pd.Series[float]:
    """Sum of amounts by month, each spread evenly over its equally likely days, shape (n, POINTS)."""
    each = pd.Series(np.repeat(worth / days.shape[1], days.shape[1]), dtype=float)
    return each.groupby(pd.DatetimeIndex(days.ravel()).to_period("M")).sum()


def _without_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Months without anything between the first and the last are months with nothing, not unknown ones."""
    if len(table):
        table = table.reindex(pd.period_range(table.index.min(), table.index.max(), freq="M"))
    full = table.fillna(0.0)
    return full.set_axis(pd.PeriodIndex(full.index, freq="M").to_timestamp().rename("month"))
