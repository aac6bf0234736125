"""Promised and realised: what the customer was told it would get, and what was measured (book, chapter 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.statement import lines
from vs_toolkit.inputs.cases.business_case import BusinessCase, Effect
from vs_toolkit.timeline import MONTHS, Grid

EFFECT = ["customer_id", "case_id", "effect_id", "effect", "line", "currency"]
TO_COME = ["effect_id", "effect", "promised", "per_year", "rate", "expected", "present_value"]
COLUMNS = [*EFFECT, "period_end", "promised", "realised", "measured_by", "reason"]


@dataclass(frozen=True)
class Fulfilment:
    """What became of the promises that were due on a day.

    Attributes
    ----------
    as_of
        The day from which it is seen.
    periods
        One row per effect and period due: ``promised``, ``realised`` (missing while open), ``rate``
        (fraction), ``open``, ``measured_by``, ``reason``.
    effects
        One row per effect: periods ``measured`` and ``open``; ``promised`` of the measured periods,
        ``promised_open`` of the others; ``realised``, ``rate``, ``reasons``. Amounts in ``currency``.
    rate
        Realised / promised over all measured periods (fraction); None when nothing was measured or the
        amounts are in several currencies.
    """

    as_of: date
    periods: pd.DataFrame
    effects: pd.DataFrame
    rate: float | None


def fulfilment(value_delivered: pd.DataFrame, as_of: date) -> Fulfilment:
    """Compare what was promised with what was measured, by effect and period.

    Only periods that ended on or before ``as_of`` count. A period not yet measured stays open: it is neither
    zero nor part of the rate.

    Parameters
    ----------
    value_delivered
        The table of that name; ``measured_by`` and ``reason`` may be absent.
    as_of
        The day from which it is seen.

    >>> row = {"customer_id": "C1", "case_id": "C1-01", "effect_id": "yield", "effect": "Less scrap",
    ...        "line": "direct_cost", "currency": "EUR", "promised": 100.0}
    >>> table = pd.DataFrame([{**row, "period_end": "2025-12-31", "realised": 80.0},
    ...                       {**row, "period_end": "2026-06-30", "realised": None}])
    >>> result = fulfilment(table, date(2026, 6, 30))
    >>> result.rate, int(result.effects["open"].iloc[0])
    (0.8, 1)
    """
    periods = due_periods(value_delivered, as_of)
    effects = _by_effect(periods)
    one_currency = effects["currency"].nunique() == 1
    rate = _ratio(effects["realised"].sum(), effects["promised"].sum()) if one_currency else np.nan
    return Fulfilment(as_of, periods, effects, None if np.isnan(rate) else float(rate))


def due_periods(value_delivered: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the rows of ``value_delivered`` whose period ended by ``as_of``, with ``rate`` and ``open``."""
    rows = value_delivered.reindex(columns=COLUMNS)
    rows = rows.assign(
        period_end=pd.to_datetime(rows["period_end"]),
        promised=rows["promised"].astype(float),
        realised=rows["realised"].astype(float),
    )
    rows = rows[rows["period_end"] <= pd.Timestamp(as_of)].sort_values([*EFFECT, "period_end"])
    rate = _ratio(rows["realised"], rows["promised"])
    return rows.assign(rate=rate, open=rows["realised"].isna()).reset_index(drop=True)


def _ratio(realised: npt.ArrayLike, promised: npt.ArrayLike) -> FloatArray:
    """Realised / promised; missing where nothing was promised."""
    base = np.asarray(promised, dtype=float)
    return np.asarray(realised, dtype=float) / np.where(base == 0, np.nan, base)


def _by_effect(periods: pd.DataFrame) -> pd.DataFrame:
    """Sum the periods of each effect; only measured periods enter the rate."""
    measured = periods.assign(
        measured=~periods["open"],
        promised=periods["promised"].where(~periods["open"], 0.0),
        promised_open=periods["promised"].where(periods["open"], 0.0),
    )
    sums = measured.groupby(EFFECT, as_index=False, sort=True).agg(
        measured=("measured", "sum"),
        open=("open", "sum"),
        promised=("promised", "sum"),
        promised_open=("promised_open", "sum"),
        realised=("realised", lambda column: column.sum(min_count=1)),
        reasons=("reason", _reasons),
    )
    return sums.assign(rate=_ratio(sums["realised"], sums["promised"]))


def _reasons(column: pd.Series) -> str:
    """Every reason given, once each, in the order of the periods."""
    return "; ".join(dict.fromkeys(column.dropna()))


def annuity_to_come(case: BusinessCase, result: Fulfilment) -> pd.DataFrame:
    """What the effects of ``case`` promise after the day of ``result``, and what to expect of it.

    Effects on revenue and cost only: tied-up capital is set free once. Before tax, costs and price, at the
    expected values of the case.

    Returns
    -------
    DataFrame
        One row per effect: ``effect_id``, ``effect``, ``promised`` (sum until the horizon), ``per_year`` (its
        yearly mean), ``rate`` (fulfilment so far), ``expected`` (promised x rate), ``present_value`` of that
        on the day, at the customer's WACC. Missing where nothing was measured yet. In the case's currency.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> nothing = fulfilment(pd.DataFrame(columns=COLUMNS), date(2026, 6, 30))
    >>> bool(impact.annuity_to_come(case, nothing)["rate"].isna().all())
    True
    """
    own = result.effects.query("customer_id == @case.customer and case_id == @case.id")
    rates = dict(zip(own["effect_id"], own["rate"], strict=True))
    flows = [effect for effect in case.effects if effect.category != "capital"]
    rows = [_to_come(case, effect, rates.get(effect.id, np.nan), result.as_of) for effect in flows]
    return pd.DataFrame(rows, columns=TO_COME)


def _to_come(case: BusinessCase, effect: Effect, rate: float, as_of: date) -> dict[str, object]:
    grid, passed = Grid(case.years * MONTHS), _months_passed(case.start, as_of)
    alone = {
        "effects": (effect,),
        "costs": (),
        "price": None,
        "fees": (),
        "tax": None,
        "terminal_value": None,
    }
    future = lines(case.model_copy(update=alone), grid=grid).cash_flow[max(passed + 1, 0) :]
    waited = np.concatenate([np.zeros(max(1, -passed)), future])
    promised = float(future.sum())
    return {
        "effect_id": effect.id,
        "effect": effect.name,
        "promised": promised,
        "per_year": promised * MONTHS / future.size if future.size else 0.0,
        "rate": rate,
        "expected": promised * rate,
        "present_value": float(finance.npv(grid.rate(case.customer_wacc), waited)) * rate,
    }


def _months_passed(start: date, as_of: date) -> int:
    """Whole months from ``start`` to the end of the day ``as_of``.

    >>> _months_passed(date(2024, 7, 1), date(2026, 6, 30))
    24
    """
    after = as_of + timedelta(days=1)
    return (after.year - start.year) * MONTHS + after.month - start.month - (after.day < start.day)


@dataclass(frozen=True)
class TrackRecord:
    """Our usual realisation rate (realised / promised, a fraction), with what stands behind it.

    ``periods`` measured periods of this customer, or ``customers`` of its industry.
    """

    rate: float
    periods: int
    customers: int


def track_record(delivered: Fulfilment, benchmarks: pd.DataFrame, industry: str) -> TrackRecord | None:
    """Realisation rate of earlier promises: of the customer, else of its industry (3 customers or more).

    The industry's is the median of its benchmark rows about the fraction of the promise, weighted by their
    customers. None when nothing was measured.

    >>> nothing = fulfilment(pd.DataFrame(columns=COLUMNS), date(2026, 6, 30))
    >>> row = {"industry": "Mining", "indicator": "fulfilment of line volume", "unit": "fraction of promise",
    ...        "low": 0.5, "median": 0.7, "high": 0.9, "n": 4, "source": "own"}
    >>> track_record(nothing, pd.DataFrame([row]), "Mining").rate
    0.7
    """
    measured = int(delivered.effects["measured"].sum())
    if delivered.rate is not None and measured:
        return TrackRecord(delivered.rate, measured, 1)
    own = (benchmarks["industry"] == industry) & (benchmarks["unit"] == "fraction of promise")
    rows = benchmarks[own & (benchmarks["n"] >= 3)]
    if rows.empty:
        return None
    rate = float(np.average(rows["median"].astype(float), weights=rows["n"].astype(float)))
    return TrackRecord(rate, 0, int(rows["n"].max()))
