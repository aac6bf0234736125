"""Tables as a reader wants them: rows and columns named in words, what cannot be said left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, number, percent
from vs_toolkit.funnel.outlook.backtest import Backtest
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate_by
from vs_toolkit.funnel.rates.landmark import LANDMARK, win_probability
from vs_toolkit.funnel.rates.people import GroupHitRates
from vs_toolkit.funnel.rates.stated import StatedCheck
from vs_toolkit.funnel.record.history import History

AGES = (0, 14, 30, 60, 90, 120, 180, 270, 365)
METHOD_NAMES = {"nominal": "Nominal", "closed_only": "Closed cases only", "landmark": "Landmark (ours)"}
UNITS = dict.fromkeys(
    (
        "Nominal",
        "Closed only",
        "Hit rate",
        "Stated",
        "Came true",
        "Taken to be",
        "Goes on",
        "Won in time",
        "Hit rate of others",
        "Held",
    ),
    "share",
)
"""Units of the columns of these tables."""


def hit_rates(calibration: Calibration) -> pd.DataFrame:
    """What each status is worth: cases, and the three rates side by side."""
    table = calibration.table
    return pd.DataFrame(
        {
            "Reached": table["reached"],
            "Won": table["won"],
            "Lost": table["lost"],
            "Open": table["open"],
            "Nominal": table["nominal"],
            "Closed only": table["closed_only"],
            "Hit rate": table["hit_rate"],
            "90 % interval": between(table["low"], table["high"]),
        }
    ).rename_axis("Status")


def by_group(calibration: Calibration, groups: pd.Series[Any], most: int = 5) -> pd.DataFrame:
    """Hit rate of each status in the largest groups, open where too few cases are closed."""
    largest = groups.value_counts().index[:most]
    if len(largest) < 2:
        return pd.DataFrame()
    rates = calibrate_by(calibration, groups[groups.isin(largest)])["hit_rate"].unstack("group")
    return rates.reindex(index=calibration.table.index, columns=largest).rename_axis(
        index="Status", columns=None
    )


def orders(calibration: Calibration) -> pd.DataFrame:
    """How many cases make an order, how long that takes, and what the record says of the nominal."""
    table = calibration.table.dropna(subset="hit_rate")
    ends = zip(table["cases_per_order_low"], table["cases_per_order_high"], strict=True)
    quartiles = zip(table["days_to_order_25"], table["days_to_order_75"], strict=True)
    return pd.DataFrame(
        {
            "Cases per order": [number(cases, 1) for cases in table["cases_per_order"]],
            "90 % interval": [_range(low, high, 1) for low, high in ends],
            "Days to order": table["days_to_order"].round(),
            "Half of them": [_range(low, high, 0) for low, high in quartiles],
            "Nominal is": table["verdict"].astype("str").str.removeprefix("nominal "),
        },
        index=table.index,
    ).rename_axis("Status")


def _range(low: float, high: float, digits: int) -> str:
    return MISSING if np.isnan(low) else f"{number(low, digits)}–{number(high, digits)}"


def by_age(calibration: Calibration, horizon_days: float, ages: Sequence[float] = AGES) -> pd.DataFrame:
    """Win probability within a horizon by days in the status, where enough comparable cases tell.

    Returns
    -------
    DataFrame
        Index: days in the status; one column per open status, fractions.
    """
    names = calibration.history.open_statuses
    asked = pd.MultiIndex.from_product([names, ages], names=["status", "days in the status"])
    found = win_probability(
        calibration, asked.get_level_values(0), asked.get_level_values(1).to_numpy(float), horizon_days
    ).set_axis(asked)
    closed = calibration.table["won"] + calibration.table["lost"] > 0
    tells = (found["rule"] == LANDMARK) & asked.get_level_values(0).isin(closed.index[closed])
    known = found["win_probability"].where(tells).astype(float)
    return known.unstack("status").reindex(index=list(ages), columns=names)


def by_status_and_age(chances: pd.DataFrame) -> pd.DataFrame:
    """The same with a row per status and a column per age; ages that tell nothing are left out."""
    known = chances.dropna(how="all").T
    return known.set_axis([f"{age:.0f} days" for age in known.columns], axis=1).rename_axis("Status")


def repairs(history: History) -> pd.DataFrame:
    """What was dropped, repaired or noticed in the record; rules that found nothing are left out."""
    found = history.report[history.report["rows"] > 0].set_index("what")
    table = found[["done", "rows", "cases", "detail"]].rename_axis("Found in the record")
    named = table.set_axis(["What was done", "Rows", "Cases", "Detail"], axis=1)
    return named if named["Detail"].any() else named.drop(columns="Detail")


def people(rates: GroupHitRates, check: StatedCheck, names: Mapping[str, str]) -> pd.DataFrame:
    """By person: hit rate as counted and as it may be taken, and stated against realised where stated."""
    table = rates.table
    columns = {
        "Won": table["won"],
        "Lost": table["lost"],
        "Hit rate": table["hit_rate"],
        "Taken to be": table["shrunk"],
        "90 % interval": between(table["low"], table["high"]),
    }
    told = check.table.reindex(table.index)
    if len(check.table):
        columns |= {"Stated": told["stated"], "Came true": told["realised"], "Verdict": told["verdict"]}
    return pd.DataFrame(columns).rename(index=dict(names)).rename_axis("Person")


def scores(tested: Backtest) -> pd.DataFrame:
    """How each method did on the past days."""
    table = tested.scores[tested.scores["n"] > 0].rename(index=METHOD_NAMES)
    return pd.DataFrame(
        {
            "Orders expected": table["expected"].round(),
            "Orders that came": table["actual"].round(),
            "Expected for each order": [number(ratio, 2) for ratio in table["ratio"]],
            "Brier score": table["brier"].map(lambda value: number(value, 3)),
            "Log loss": table["log_loss"].map(lambda value: number(value, 3)),
            "Calibration slope": [number(slope, 2) for slope in table["slope"]],
        }
    ).rename_axis("Method")


def between(low: pd.Series[Any], high: pd.Series[Any]) -> pd.Series[str]:
    """Write intervals of shares.

    >>> between(pd.Series([0.168, None]), pd.Series([0.215, None])).tolist()
    ['17–22 %', '–']
    """
    written = [
        MISSING if np.isnan(a) else f"{number(100 * a)}–{percent(b, 0)}"
        for a, b in zip(low, high, strict=True)
    ]
    return pd.Series(written, index=low.index, dtype=object)
