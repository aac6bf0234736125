"""Sales culture: use of common processes, centralisation, and where the business situation pushes."""

from __future__ import annotations

import numpy as np
import pandas as pd

MIDDLE = 3.0
STEADY = 0.02  # change in net sales within which the business situation pushes nowhere
PUSH = 0.6  # length of the push on the scale of 1 to 5
CULTURES = {
    (False, False): "on your own",
    (False, True): "numbers driven",
    (True, True): "process driven",
    (True, False): "individual productivity",
}


def culture_of(common_processes: float, centralisation: float) -> str:
    """Culture by use of common processes and centralisation, each from 1 to 5.

    >>> culture_of(4, 2)
    'individual productivity'
    """
    return CULTURES[(common_processes >= MIDDLE, centralisation >= MIDDLE)]


def cultures(answers: pd.DataFrame, growth: pd.Series[float]) -> pd.DataFrame:
    """Culture of each unit, how far its respondents differ, and where the business situation pushes it.

    When business gets worse, control and the need for defined processes grow; when it goes well, people get
    more freedom (book, chapter 3). Processes, once defined, are not given up by a good year.

    Parameters
    ----------
    answers
        unit, respondent, assessed_on, common_processes, centralisation; newest row of a respondent.
    growth
        Unit -> change in net sales over the year before, as a fraction; NaN: not known.

    Returns
    -------
    DataFrame
        Index: unit; x (common processes), y (centralisation), spread (largest standard deviation of the two),
        n, culture, growth, to_x, to_y (NaN: no push), pushed ("to control", "to freedom", "" or "not known").
    """
    newest = answers.sort_values("assessed_on").drop_duplicates(["unit", "respondent"], keep="last")
    grouped = newest.groupby("unit")[["common_processes", "centralisation"]]
    table = grouped.mean().set_axis(["x", "y"], axis=1)
    table["spread"] = grouped.std().max(axis=1)
    table["n"] = grouped.size()
    table["culture"] = [culture_of(x, y) for x, y in zip(table["x"], table["y"], strict=True)]
    change = growth.reindex(table.index).astype(float)
    worse, better = change < -STEADY, change > STEADY
    table["growth"] = change
    table["to_x"] = np.where(worse, table["x"] + PUSH, np.where(better, table["x"], np.nan))
    table["to_y"] = np.where(worse, table["y"] + PUSH, np.where(better, table["y"] - PUSH, np.nan))
    table["pushed"] = np.select([change.isna(), worse, better], ["not known", "to control", "to freedom"], "")
    table[["to_x", "to_y"]] = table[["to_x", "to_y"]].clip(1, 5)
    return table


def unit_growth(sales: pd.DataFrame, customers: pd.DataFrame, last: pd.Timestamp) -> pd.Series[float]:
    """Change in net sales of each unit, twelve months to ``last`` over the twelve before.

    A row counts for its own unit, else for the unit of its customer.
    """
    unit = (
        sales["unit"]
        .astype(object)
        .where(
            sales["unit"].notna(), sales["customer_id"].map(customers.set_index("customer_id")["sales_unit"])
        )
    )
    now = (sales["month"] <= last) & (sales["month"] > last - pd.DateOffset(years=1))
    before = (sales["month"] <= last - pd.DateOffset(years=1)) & (
        sales["month"] > last - pd.DateOffset(years=2)
    )
    sums = [sales[rows]["net_sales"].astype(float).groupby(unit[rows]).sum() for rows in (now, before)]
    change: pd.Series[float] = sums[0] / sums[1].where(sums[1] > 0) - 1
    return change.rename("growth")
