"""When orders become deliveries and cash: expected amounts by month from lead times and payment terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.months import month_ends


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
        Index: month, without gaps. orders, deliveries, cash: amounts times the probability of an order.
    later, no_lead_time, no_value
        Expected value (number of opportunities for ``no_value``) that is not in the table: orders after the
        last month looked at; in its orders only, since no lead time is known; without a value.
    """

    table: pd.DataFrame
    later: float
    no_lead_time: float
    no_value: int


def lead_days(cases: pd.DataFrame, by: str = "product") -> pd.Series[float]:
    """Days from decision to delivery by each case's dates, else the median of its product, else of all.

    Parameters
    ----------
    cases
        expected_decision, expected_delivery, the column ``by`` and closed_at, the decision of closed
        opportunities.
    by
        Column of opportunities that are delivered alike.

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
    values: pd.Series[float],
    by_month: Floats,
    lead: pd.Series[float],
    as_of: Any,
    terms: Sequence[Payment] = ON_DELIVERY,
) -> MoneyFlow:
    """Spread the expected value of the open opportunities over the months of order, delivery and payment.

    An order counts in the middle of its month, deliveries and payments so many days after it.

    Parameters
    ----------
    values
        Value of each open opportunity, shape (n,).
    by_month
        Probability of its order in each month ahead and later (last column), shape (n, months + 1).
    lead
        Days from order to delivery, shape (n,); missing where they are not known.
    as_of
        As-of date; later data is ignored.
    terms
        How the price is paid; shares sum to 1.

    Raises
    ------
    ParameterError
        If the shares do not sum to 1.

    Examples
    --------
    >>> terms = [Payment(0.4, "order", 0), Payment(0.6, "delivery", 30)]
    >>> flow = money_flow(pd.Series([100.0]), np.array([[0.5, 0.0]]), pd.Series([60.0]), "2026-06-30", terms)
    >>> flow.table["cash"].tolist()
    [20.0, 0.0, 0.0, 30.0]
    """
    total = sum(part.share for part in terms)
    if abs(total - 1) > 1e-9:
        raise ParameterError(f"payment terms: the shares sum to {total:g}; they must sum to 1")
    months = by_month.shape[1] - 1
    starts, _ = month_ends(as_of, months)
    worth = np.nan_to_num(by_month * values.to_numpy(float)[:, None])
    middle = (starts + pd.Timedelta(days=14)).to_numpy(dtype="datetime64[D]")
    known = lead.notna().to_numpy()
    days = lead[known].to_numpy(float).round().astype("timedelta64[D]")[:, None]
    placed = {"order": (np.broadcast_to(middle, worth[:, :-1].shape), worth[:, :-1])}
    placed["delivery"] = (middle + days, worth[known, :-1])
    parts = [
        _by_month(placed[part.after][0] + np.timedelta64(part.days, "D"), placed[part.after][1] * part.share)
        for part in terms
    ]
    columns = {
        "orders": _by_month(*placed["order"]),
        "deliveries": _by_month(*placed["delivery"]),
        "cash": pd.concat(parts).groupby(level=0).sum(),
    }
    return MoneyFlow(
        table=_without_gaps(pd.DataFrame(columns)),
        later=float(worth[:, -1].sum()),
        no_lead_time=float(worth[~known, :-1].sum()),
        no_value=int(values.isna().sum()),
    )


def _by_month(days: npt.NDArray[Any], worth: Floats) -> pd.Series[float]:
    """Sum of amounts by month."""
    each = pd.Series(worth.ravel(), dtype=float)
    return each.groupby(pd.DatetimeIndex(days.ravel()).to_period("M")).sum()


def _without_gaps(table: pd.DataFrame) -> pd.DataFrame:
    """Months without anything between the first and the last are months with nothing, not unknown ones."""
    table = table[(table != 0).any(axis=1)]
    if len(table):
        table = table.reindex(pd.period_range(table.index.min(), table.index.max(), freq="M"))
    full = table.fillna(0.0)
    return full.set_axis(pd.PeriodIndex(full.index, freq="M").to_timestamp().rename("month"))
