"""What is typical in an industry: seen in realised cases, set beside what a case claims (book, chapter 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit import formats
from vs_toolkit.impact.realised import due_periods
from vs_toolkit.inputs.cases.business_case import BusinessCase, Effect
from vs_toolkit.inputs.fields import Estimate

ENOUGH = 3  # customers behind a figure before it is called typical, or could hide who they are
PROMISE = "fraction of promise"
BENCHMARK = ["industry", "indicator", "unit", "low", "median", "high", "n", "source"]
CLAIM = ["effect_id", "effect", "indicator", "unit", "claimed"]


def benchmarks_from_results(
    value_delivered: pd.DataFrame, customers: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """Turn measured results into benchmark rows: the share of the promise that was realised.

    Each customer counts once per row, with all its periods measured by ``as_of``. Rows are by industry and
    line (``fulfilment of line direct_cost``) and by industry and effect (``fulfilment of effect yield``).
    Customers without an industry are left out. Rows with ``n`` below 3 may let a reader guess who it was:
    internal only.

    Parameters
    ----------
    value_delivered, customers
        The tables of those names, of all customers.
    as_of
        The day from which it is seen.

    Returns
    -------
    DataFrame
        Columns of the ``benchmarks`` table; ``low``, ``median``, ``high`` as fractions of the promise (the
        range is the smallest and largest customer), ``n`` distinct customers. It names no customer.

    >>> row = {"case_id": "1", "effect_id": "yield", "effect": "", "line": "direct_cost", "currency": "EUR",
    ...        "period_end": "2025-12-31", "promised": 100.0}
    >>> table = pd.DataFrame([{**row, "customer_id": "A", "realised": 50.0},
    ...                       {**row, "customer_id": "B", "realised": 90.0}])
    >>> industries = pd.DataFrame({"customer_id": ["A", "B"], "industry": "Mining"})
    >>> observed = benchmarks_from_results(table, industries, date(2026, 1, 1))
    >>> observed[["indicator", "median", "n"]].values.tolist()
    [['fulfilment of effect yield', 0.7, 2], ['fulfilment of line direct_cost', 0.7, 2]]
    """
    measured = due_periods(value_delivered, as_of).dropna(subset="realised")
    measured = measured.merge(customers[["customer_id", "industry"]], on="customer_id")
    rows = [_observed(measured, kind, column) for kind, column in (("effect", "effect_id"), ("line", "line"))]
    return pd.concat(rows, ignore_index=True).assign(source=f"Own results until {formats.day(as_of)}")


def _observed(measured: pd.DataFrame, kind: str, column: str) -> pd.DataFrame:
    """Reduce the measured periods to one row per industry and ``column``."""
    indicator = f"fulfilment of {kind} " + measured[column]
    who = ["industry", "indicator", "customer_id", "currency"]
    sums = measured.assign(indicator=indicator).groupby(who)[["promised", "realised"]].sum()
    promising = sums[sums["promised"] != 0].reset_index()
    rates = promising.assign(rate=promising["realised"] / promising["promised"])
    return (
        rates.groupby(["industry", "indicator"], as_index=False)
        .agg(
            low=("rate", "min"), median=("rate", "median"), high=("rate", "max"), n=("customer_id", "nunique")
        )
        .assign(unit=PROMISE)
        .reindex(columns=BENCHMARK[:-1])
    )


def check_claims(case: BusinessCase, benchmarks: pd.DataFrame, industry: str) -> pd.DataFrame:
    """Set what the case claims beside what was seen in the industry.

    A benchmark speaks about an effect when its indicator is the effect's name (then its unit says which part
    of the effect: ``fraction`` the change, ``days`` the days, the currency of the case the amount), or when
    it is a fulfilment of the effect or its line (set beside ``factor``, the share that comes true).

    Returns
    -------
    DataFrame
        One row per effect and benchmark: ``effect_id``, ``effect``, ``indicator``, ``unit``, ``claimed``
        (expected), ``low``, ``median``, ``high``, ``n``, ``source``, ``verdict`` (``inside``, ``above``,
        ``below`` the range; ``too few`` behind it to be one; ``no benchmark``) and ``wording`` (empty below 3
        customers).

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> row = {"industry": "Paper", "indicator": "Less electricity", "unit": "fraction", "n": 9,
    ...        "low": 0.02, "median": 0.04, "high": 0.06, "source": "survey"}
    >>> claims = impact.check_claims(case, pd.DataFrame([row]), "Paper").set_index("effect_id")
    >>> float(claims.loc["energy", "claimed"]), claims.loc["energy", "verdict"]
    (0.08, 'above')
    """
    claims = pd.DataFrame(list(_claims(case)), columns=CLAIM)
    known = benchmarks[benchmarks["industry"] == industry].drop(columns="industry")
    rows = claims.merge(known, on=["indicator", "unit"], how="left")
    unknown = claims.drop_duplicates("effect_id").assign(indicator=None, unit=None, claimed=np.nan)
    rows = rows.dropna(subset="median")
    missing = unknown[~unknown["effect_id"].isin(rows["effect_id"])]
    both = rows if missing.empty else pd.concat([rows, missing.reindex(columns=rows.columns)])
    return _judged(both).reset_index(drop=True)


def _claims(case: BusinessCase) -> Iterator[tuple[str, str, str, str, float]]:
    """Every part of an effect that a benchmark could speak about."""
    for effect in case.effects:
        for indicator, unit, claimed in _parts(effect, case.currency):
            if claimed is not None:
                yield effect.id, effect.name, indicator, unit, claimed.expected


def _parts(effect: Effect, currency: str) -> Iterator[tuple[str, str, Estimate | None]]:
    yield effect.name, "fraction", effect.change
    yield effect.name, "days", effect.days
    yield effect.name, currency, effect.amount
    yield f"fulfilment of effect {effect.id}", PROMISE, effect.factor
    yield f"fulfilment of line {effect.line}", PROMISE, effect.factor


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    verdicts = {
        "no benchmark": rows["median"].isna(),
        "too few": rows["n"] < ENOUGH,
        "above": rows["claimed"] > rows["high"],
        "below": rows["claimed"] < rows["low"],
    }
    verdict = np.select(list(verdicts.values()), list(verdicts), default="inside")
    return rows.assign(verdict=verdict, wording=[typically(row) for row in rows.to_dict("records")])


def typically(benchmark: Mapping[Any, Any]) -> str:
    """Say what is typical in the industry, or nothing when fewer than three stand behind it.

    ``benchmark`` is one row of the ``benchmarks`` table.

    >>> row = {"unit": "fraction", "low": 0.1, "median": 0.15, "high": 0.2, "n": 7}
    >>> typically(row)
    'Typically in this industry: 15.0% (between 10.0% and 20.0%, n = 7)'
    >>> typically(row | {"n": 2})
    ''
    """
    if not benchmark["n"] >= ENOUGH:
        return ""
    written = [_written(benchmark[point], benchmark["unit"]) for point in ("median", "low", "high")]
    median, low, high = written
    return f"Typically in this industry: {median} (between {low} and {high}, n = {int(benchmark['n'])})"


def _written(value: float, unit: str) -> str:
    return formats.percent(value) if unit.startswith("fraction") else f"{formats.number(value, 1)} {unit}"


def prefill(benchmarks: pd.DataFrame, industry: str, indicator: str) -> Estimate | None:
    """Propose an estimate from the benchmark with most behind it; None when fewer than three stand behind it.

    >>> row = {"industry": "Mining", "indicator": "Less scrap", "unit": "fraction",
    ...        "low": 0.1, "median": 0.15, "high": 0.2, "n": 7, "source": "survey"}
    >>> prefill(pd.DataFrame([row]), "Mining", "Less scrap").expected
    0.15
    """
    rows = benchmarks.query("industry == @industry and indicator == @indicator and n >= @ENOUGH")
    if rows.empty:
        return None
    best = rows.sort_values("n").iloc[-1]
    return Estimate(low=best["low"], expected=best["median"], high=best["high"])
