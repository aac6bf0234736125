"""Tables of what the pipeline will bring: by month and quarter, since the last forecast, and in cash."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.formats import number_of
from vs_toolkit.funnel.exhibits.stages import METHODS, quarter
from vs_toolkit.funnel.outlook.cash import MoneyFlow
from vs_toolkit.funnel.outlook.forecast import Forecast
from vs_toolkit.tables import Column, Table

TOTAL, LATER = "Total", "later"
BIAS_NOTE = (
    "Orders of a unit in a month. Bias: forecast less actual. MASE: mean absolute error over that "
    "of taking last month's orders; below 1 is better. Interval coverage: "
    "80% intervals of the value that held the actual."
)
QUARTER_NOTE = (
    "Committed: won to date, and what is exceeded with about 90% probability. Likely: won to date and "
    "expected. Possible: exceeded with about 10% probability."
)


def quarters(table: pd.DataFrame, currency: str) -> Table:
    """Committed, likely and possible by quarter against the target."""
    named = table.set_axis([quarter(day) for day in table.index]).rename_axis("Quarter")
    what = "value" if table["likely_value"].sum() > 0 else "orders"
    labels = {"won": "Won to date", "committed": "Committed", "likely": "Likely", "possible": "Possible",
              "target": "Target"}  # fmt: skip
    if table[f"target_{what}"].isna().all():
        del labels["target"]
    digits = None if what == "value" else 1
    columns = tuple(Column(label, f"{name}_{what}", digits=digits) for name, label in labels.items())
    scaled = currency if what == "value" else ""
    return Table(
        named,
        columns,
        "Order value by quarter" if scaled else "Orders by quarter",
        QUARTER_NOTE,
        scaled=scaled,
    )


def pipeline_measures(measures: pd.DataFrame) -> Table:
    """Coverage, velocity and the like; ``measures``: index name; value, unit, text."""
    columns = (Column("Value", "value", unit_from="unit"), Column("How it is measured", "text"))
    return Table(measures.rename_axis("Measure"), columns, "Pipeline measures")


def forecast(outlook: Forecast, targets: pd.DataFrame, currency: str) -> Table:
    """Orders and value expected by month with their intervals beside the targets."""
    if not outlook.total["orders"] > 0:
        return Table(outlook.table.iloc[:0])
    names = [*(f"{month:%b %Y}" for month in outlook.table.index), TOTAL]
    table = pd.concat([outlook.table, outlook.total.to_frame().T]).set_axis(names)
    goal = pd.concat([targets, targets.sum(skipna=False).to_frame().T]).set_axis(names)
    frame = table.assign(target_orders=goal["orders"], target_value=goal["value"]).rename_axis("Month")
    columns = (
        Column("Orders", "orders", digits=1),
        Column("80% interval", "orders_low", upper="orders_high", digits=0),
        Column("Target", "target_orders", digits=1),
        Column("Value", "value", currency),
        Column("80% interval of value", "value_low", currency, "value_high"),
        Column("Target value", "target_value", currency),
    )
    note = "Orders include leads still to come; all opportunities share good and bad times."
    return Table(frame, columns, "Forecast by month", note, (TOTAL,), currency)


def money_by_quarter(flow: MoneyFlow, currency: str, most: int = 6) -> Table:
    """Orders, deliveries and cash from the open opportunities by quarter, the rest as ``later``."""
    if not flow.table["cash"].any():
        return Table(flow.table.iloc[:0])
    table = flow.table.set_axis(["Orders", "Deliveries", "Cash"], axis=1)
    sums = table.groupby(pd.DatetimeIndex(table.index).to_period("Q")).sum()
    shown = sums.head(most).set_axis([quarter(q.to_timestamp()) for q in sums.index[:most]])
    shown.loc[LATER] = sums.iloc[most:].sum()
    return Table(shown.rename_axis("Quarter"), caption="Orders, deliveries and cash", scaled=currency)


def past_forecasts(table: pd.DataFrame, currency: str) -> Table:
    """Target, forecast and actual of past months; months of which nothing is recorded are left out."""
    known = table.dropna(subset=["forecast", "target"], how="all")
    named = known.set_axis([f"{month:%b %Y}" for month in known.index]).rename_axis("Month")
    columns = (
        Column("Target", "target"),
        Column("Forecast", "forecast"),
        *(
            [Column("80% interval", "low", upper="high")]
            if named[["low", "high"]].notna().any(axis=None)
            else []
        ),
        Column("Actual", "actual"),
    )
    return Table(named, columns, "Target, forecast and actual", scaled=currency)


def accuracy(scores: pd.DataFrame) -> Table:
    """How far kept forecasts of the orders of a unit were off, by method and months ahead."""
    named = scores.set_axis(
        [
            f"{METHODS.get(method, method)}, {number_of(months, 'month')} ahead"
            for method, months in scores.index
        ]
    ).rename_axis("Method")
    columns = (
        Column("Forecasts", "n", digits=0),
        Column("Bias", "orders_bias", digits=2, signed=True),
        Column("Mean absolute error", "orders_mae", digits=2),
        Column("MASE", "orders_mase", digits=2),
        Column("Interval coverage", "coverage", "share", digits=0),
    )
    return Table(named.replace(np.inf, np.nan), columns, "Accuracy of kept forecasts", BIAS_NOTE)
