"""Target, forecast and actual; how good forecasts were, by how far they looked ahead (book, p. 137)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

NEXT_DAY = pd.Timedelta(days=1)
COMPANY = "All units"  # name under which the forecast of the whole company is kept
KEY = ["unit", "month"]
FORECAST = {
    "expected_orders": "forecast_orders",
    "expected_value": "forecast_value",
    "low_value": "forecast_low",
    "high_value": "forecast_high",
}
NO_FLOW = pd.DataFrame(
    {"unit": pd.Series(dtype=str), "month": pd.Series(dtype="datetime64[us]"), "orders": [], "value": []}
)
SCORES = [
    "n",
    "orders_bias",
    "orders_mae",
    "orders_mase",
    "value_bias",
    "value_mae",
    "value_mase",
    "coverage",
]


def order_flow(cases: pd.DataFrame, as_of: Any) -> pd.DataFrame:
    """Count the orders of every full month: what forecasts are held against.

    Parameters
    ----------
    cases
        One row per opportunity as of the day: outcome, first_at, closed_at, value, and unit (as by
        :func:`~vs_toolkit.funnel.record.cases.with_people`); opportunities without a unit are left
        out.
    as_of
        As-of date, later data is ignored; its month counts only if this is its last day.

    Returns
    -------
    DataFrame
        One row per unit and month since its first opportunity: unit, month, orders, value. A month without
        orders
        has 0 of both; the value is missing if that of an order is.

    Examples
    --------
    >>> cases = pd.DataFrame({"outcome": ["won"], "unit": ["North"], "value": [5.0],
    ...                       "first_at": pd.to_datetime(["2026-01-10"]),
    ...                       "closed_at": pd.to_datetime(["2026-02-03"])})
    >>> order_flow(cases, "2026-03-15")[["orders", "value"]].values.tolist()
    [[0.0, 0.0], [1.0, 5.0]]
    """
    last = (pd.Timestamp(as_of).normalize() + NEXT_DAY).to_period("M") - 1
    flows = [_flow(rows, str(unit), last) for unit, rows in cases.groupby("unit")]
    return pd.concat(flows, ignore_index=True) if flows else NO_FLOW


def _flow(cases: pd.DataFrame, unit: str, last: pd.Period) -> pd.DataFrame:
    months = pd.period_range(cases["first_at"].min(), last, freq="M")
    won = cases[cases["outcome"] == "won"]
    by_month = won.assign(unknown=won["value"].isna()).groupby(won["closed_at"].dt.to_period("M"))
    sums = by_month.agg(orders=("outcome", "size"), value=("value", "sum"), unknown=("unknown", "sum"))
    sums = sums.reindex(months, fill_value=0)
    value = sums["value"].astype(float).mask(sums["unknown"] > 0)
    flow = {"unit": unit, "month": months.to_timestamp(), "orders": sums["orders"].to_numpy(float)}
    return pd.DataFrame(flow | {"value": value.to_numpy()})


def target_forecast_actual(
    targets: pd.DataFrame, snapshots: pd.DataFrame, actual: pd.DataFrame, as_of: Any
) -> pd.DataFrame:
    """Set target, forecast and actual of every month side by side.

    Parameters
    ----------
    targets
        unit, month, orders, value.
    snapshots
        taken_on, unit, month, expected_orders, expected_value, low_value, high_value; of one method.
    actual
        From :func:`order_flow`.
    as_of
        As-of date; later data is ignored.

    Returns
    -------
    DataFrame
        Index unit, month: target_orders, target_value; taken_on, forecast_orders, forecast_value with
        forecast_low and forecast_high: the last forecast made before the month began; orders, value: actual,
        missing while the month is not over; value_of_target: actual / target value.
    """
    made = snapshots[snapshots["taken_on"] <= pd.Timestamp(as_of)].rename(columns=FORECAST)
    last = made[made["taken_on"] < made["month"]].sort_values("taken_on").groupby(KEY).last()
    wanted = targets.set_index(KEY).rename(columns={"orders": "target_orders", "value": "target_value"})
    came = actual.set_index(KEY)[["orders", "value"]]
    columns = [
        wanted[["target_orders", "target_value"]],
        last.reindex(columns=["taken_on", *FORECAST.values()]),
        came.loc[came.index.isin(wanted.index.union(last.index))],
    ]
    table = pd.concat(columns, axis=1).sort_index()
    return table.assign(
        value_of_target=table["value"] / table["target_value"].where(table["target_value"] > 0)
    )


def accuracy(snapshots: pd.DataFrame, actual: pd.DataFrame, as_of: Any) -> pd.DataFrame:
    """Score kept forecasts by method and by months ahead.

    Parameters
    ----------
    snapshots
        taken_on, unit, month, method, expected_orders, expected_value, low_value, high_value.
    actual
        From :func:`order_flow`.
    as_of
        As-of date, later data is ignored: only months over by then are scored.

    Returns
    -------
    DataFrame
        Index method, months_ahead (1: the month after the day). n: forecasts; of orders and of value: bias
        (mean of forecast - actual: above 0 is too much), mae (mean absolute error), mase (that against the
        naive forecast, the last full month before: below 1 is better; Hyndman and Koehler, Int. J.
        Forecasting 22 (2006) 679-688); coverage: share of 80 % intervals that held the value.

    Examples
    --------
    >>> month = pd.to_datetime(["2026-01-01", "2026-02-01"])
    >>> actual = pd.DataFrame({"unit": "North", "month": month, "orders": [4.0, 8.0], "value": [40.0, 80.0]})
    >>> kept = pd.DataFrame({"taken_on": pd.to_datetime(["2026-01-31"]), "unit": "North", "month": month[1:],
    ...                      "method": "funnel", "expected_orders": [7.0], "expected_value": [90.0],
    ...                      "low_value": [50.0], "high_value": [120.0]})
    >>> scores = accuracy(kept, actual, "2026-03-15")
    >>> scores[["orders_bias", "orders_mase", "value_mase", "coverage"]].values.tolist()
    [[-1.0, 0.25, 0.25, 1.0]]
    """
    over = actual[actual["month"] + pd.offsets.MonthBegin() <= pd.Timestamp(as_of) + NEXT_DAY]
    made = snapshots[
        (snapshots["taken_on"] <= pd.Timestamp(as_of)) & (snapshots["taken_on"] < snapshots["month"])
    ]
    rows = made.merge(over, on=KEY)
    last_full = (rows["taken_on"] + NEXT_DAY).dt.to_period("M").dt.to_timestamp() - pd.offsets.MonthBegin()
    naive = over.set_index(KEY)[["orders", "value"]].add_prefix("naive_")
    rows = rows.assign(last_full=last_full).join(naive, on=["unit", "last_full"])
    rows["held"] = rows["value"].between(rows["low_value"], rows["high_value"]).where(rows["value"].notna())
    months = rows["month"].dt.to_period("M").astype("int64") - rows["taken_on"].dt.to_period("M").astype(
        "int64"
    )
    scored = {key: _scores(part) for key, part in rows.groupby(["method", months])}
    index = pd.MultiIndex.from_tuples(list(scored), names=["method", "months_ahead"])
    return pd.DataFrame(list(scored.values()), index=index, columns=SCORES)


def _scores(rows: pd.DataFrame) -> dict[str, float]:
    scores = {"n": float(len(rows))}
    for what in ("orders", "value"):
        error = rows[f"expected_{what}"] - rows[what]
        naive = (rows[f"naive_{what}"] - rows[what]).abs()
        both = error.notna() & naive.notna()
        scores |= {
            f"{what}_bias": float(error.mean()),
            f"{what}_mae": float(error.abs().mean()),
            f"{what}_mase": float(error[both].abs().mean() / (naive[both].mean() or np.nan)),
        }
    return scores | {"coverage": float(rows["held"].astype(float).mean())}


def monthly_targets(targets: pd.DataFrame, months: pd.Index[Any], orders: float) -> pd.DataFrame:
    """Targets of all units together by month; ``orders`` a month, above 0, takes the place of the table's.

    >>> july, august = pd.to_datetime(["2026-07-01", "2026-08-01"])
    >>> table = pd.DataFrame({"month": [july, july], "orders": [2.0, 3.0], "value": None})
    >>> monthly_targets(table, pd.DatetimeIndex([july, august]), 0)["orders"].tolist()
    [5.0, nan]
    """
    table = targets.astype({"orders": float, "value": float})
    sums = table.groupby("month")[["orders", "value"]].sum(min_count=1).reindex(months)
    return sums.assign(orders=float(orders), value=np.nan) if orders > 0 else sums


def past_forecasts(
    snapshots: pd.DataFrame, cases: pd.DataFrame, targets: pd.DataFrame, as_of: Any, months: int = 12
) -> pd.DataFrame:
    """Forecast last made before each past month, target and actual.

    The interval of the company is that kept with its own forecast; none is put together from units.

    Returns
    -------
    DataFrame
        Index: the last full months; target, forecast, low, high, actual: values, NaN where not recorded.
    """
    last = (pd.Timestamp(as_of) + pd.Timedelta(days=1)).to_period("M") - 1
    month = pd.period_range(end=last, periods=months, freq="M").to_timestamp()
    won = cases[cases["outcome"] == "won"]
    actual = won.groupby(won["closed_at"].dt.to_period("M").dt.to_timestamp())["value"].sum()
    first = cases["first_at"].min()
    known = pd.Series(month + pd.offsets.MonthEnd() >= first, index=month)
    columns = _last_before(snapshots)
    columns["target"] = targets.astype({"value": float}).groupby("month")["value"].sum(min_count=1)
    table = columns.reindex(month)
    return table.assign(actual=actual.reindex(month).fillna(0.0).where(known))[
        ["target", "forecast", "low", "high", "actual"]
    ].rename_axis("month")


def _last_before(snapshots: pd.DataFrame) -> pd.DataFrame:
    """Last forecast before each month: that kept for the company, else the sum of its units.

    Units move together, so their intervals do not tell that of the sum: it is missing unless one was kept.
    """
    before = snapshots[snapshots["taken_on"] < snapshots["month"]].sort_values(["taken_on", "method"])
    last = before.drop_duplicates(["unit", "month"], keep="last")
    company = last[last["unit"] == COMPANY]
    units = last[(last["unit"] != COMPANY) & ~last["month"].isin(company["month"])]
    names = ["expected_value", "low_value", "high_value"]
    grouped = units.groupby("month")
    sums = grouped[names].sum(min_count=1).astype(float)
    sums.loc[grouped.size() > 1, ["low_value", "high_value"]] = np.nan
    both = pd.concat([sums, company.set_index("month")[names].astype(float)])
    return both.rename(columns=dict(zip(names, ("forecast", "low", "high"), strict=True)))
