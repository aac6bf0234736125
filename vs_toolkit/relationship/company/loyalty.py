"""How long customers stay, estimated from the sales of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit import estimates
from vs_toolkit.relationship.retention import SBG, sbg_fit, sbg_survival

CONFIDENCE = 0.9
FEWEST = 10  # customers of a cohort from which on a model is fitted


@dataclass(frozen=True)
class Cohort:
    """Customers who first bought in ``year``: how many are active at the end of each year, and the fit."""

    year: int
    active: tuple[int, ...]
    fit: SBG

    def survival(self, years: int) -> float:
        """Estimated share still active after so many years."""
        return float(sbg_survival(self.fit.alpha, self.fit.beta, years))


def full_years(sales: pd.DataFrame, as_of: date) -> range:
    """Calendar years that the sales cover in full."""
    if sales.empty:
        return range(0)
    begin = sales["month"].min()
    first = begin.year if begin.month == 1 else begin.year + 1
    last = as_of.year if (as_of.month, as_of.day) == (12, 31) else as_of.year - 1
    return range(first, last + 1)


def retention_by_year(sales: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Count the buyers of each full year who bought in the next one as well.

    Returns
    -------
    DataFrame
        Index ``year``; ``customers`` (of the year before), ``retained``, ``rate``, ``low``, ``high`` (90%
        Wilson interval).
    """
    years = full_years(sales, as_of)
    buyers = _buyers(sales)
    rows = {year: (len(buyers[year - 1]), len(buyers[year - 1] & buyers[year])) for year in years[1:]}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["customers", "retained"])
    low, high = estimates.wilson(table["retained"], table["customers"], CONFIDENCE)
    rate = table["retained"] / table["customers"].where(table["customers"] > 0)
    return table.assign(rate=rate, low=low, high=high).rename_axis("year")


def _buyers(sales: pd.DataFrame) -> dict[int, set[str]]:
    bought = sales[sales["net_sales"] > 0]
    groups = bought.groupby(bought["month"].dt.year)["customer_id"]
    found = {int(year): set(names) for year, names in groups}
    years = sales["month"].dt.year
    every = range(years.min(), years.max() + 1) if len(sales) else range(0)
    return {year: found.get(year, set()) for year in every}


def cohort(sales: pd.DataFrame, as_of: date) -> Cohort | None:
    """Fit the shifted beta-geometric model to the largest cohort of new customers.

    Customers of the first year on record may be older and make no cohort; a customer counts as active up to
    the last year in which it bought. None where no cohort has ten customers, two years and a loss.
    """
    years = full_years(sales, as_of)
    if not len(years):
        return None
    bought = sales[(sales["net_sales"] > 0) & (sales["month"].dt.year < years.stop)]
    of_customer = bought.groupby("customer_id")["month"]
    first, last = of_customer.min().dt.year, of_customer.max().dt.year
    candidates = {}
    start = int(bought["month"].dt.year.min()) if len(bought) else 0
    for year in range(max(years.start, start + 1), years.stop - 2):
        ends = last[first == year]
        active = tuple(int((ends >= y).sum()) for y in range(year, years.stop))
        if active[0] >= FEWEST and active[-1] < active[0]:
            candidates[year] = active
    if not candidates:
        return None
    year = max(candidates, key=lambda name: candidates[name][0])
    return Cohort(year, candidates[year], sbg_fit(np.array(candidates[year], dtype=float)))  # type: ignore[arg-type]
