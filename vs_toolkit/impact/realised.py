"""Promised and realised: what the customer was told it would get, and what was measured (book, chapter 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

EFFECT = ["customer_id", "case_id", "effect_id", "effect", "line", "currency"]
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


def _ratio(realised: npt.ArrayLike, promised: npt.ArrayLike) -> npt.NDArray[np.float64]:
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
