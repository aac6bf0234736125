"""What came of the promises in the example company, and what is typical in each industry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.demo.cases import DemoCase
from vs_toolkit.demo.company import CURRENCY, INDUSTRIES
from vs_toolkit.demo.offers import OFFERS, significant, size
from vs_toolkit.demo.truth import ValueTruth
from vs_toolkit.inputs.cases.effects import likely
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.value_model import instantiate
from vs_toolkit.inputs.fields import Estimate

REASONS = (
    "Start-up took longer",
    "Lower production than planned",
    "Operators not yet trained",
    "Price of energy fell",
)
SHORTFALL = 0.85  # below this share of the promise somebody writes down a reason
MEASURED_BY = "Plant controller"
WHO = ["customer_id", "case_id", "effect_id", "effect", "line"]
FLOW = [*WHO, "size", "start", "years", "start_month", "ramp_months"]
COLUMNS = [*WHO, "period_end", "promised", "realised", "currency", "measured_by", "reason", "note"]
DISAPPOINTING = 0.6
UNMEASURED = "Not measured in this quarter"


def value_delivered(
    cases: Iterable[DemoCase], industries: Mapping[str, str], as_of: date, truth: ValueTruth, seed: int
) -> pd.DataFrame:
    """Return promised and measured value by effect and quarter, from the start of each case to ``as_of``.

    Effects on revenue and cost only: tied-up capital is released once and not measured by quarter. Over many
    effects the measured value is ``truth.fulfilment`` of the customer's industry times the promised one.
    """
    rng = np.random.default_rng([seed, 5])
    flows = pd.DataFrame([row for case in cases for row in _flows(case)], columns=FLOW)
    flows["rate"] = flows["customer_id"].map(industries).map(truth.fulfilment).astype(float)
    flows["rate"] *= rng.lognormal(-(truth.spread**2) / 2, truth.spread, len(flows))
    quarters = pd.DataFrame({"period_end": pd.date_range(flows["start"].min(), as_of, freq="QE")})
    periods = flows.merge(quarters, how="cross")
    periods = periods.assign(promised=_promised(periods)).query("promised > 0").reset_index(drop=True)
    return _measured(periods, truth, rng)[COLUMNS]


def _flows(case: DemoCase) -> Iterator[tuple[Any, ...]]:
    who = case.document["customer"], case.document["id"]
    for effect in case.effects if case.delivered else ():
        if effect.category != "capital":
            when = (
                pd.Timestamp(case.start),
                case.years,
                likely(effect.start_month),
                likely(effect.ramp_months),
            )
            yield (*who, effect.id, effect.name, effect.line, size(effect), *when)


def _promised(periods: pd.DataFrame) -> pd.Series[float]:
    """Return a quarter of the yearly size, times the share reached in the middle of the quarter."""
    end, start = periods["period_end"].dt, periods["start"].dt
    month = (end.year - start.year) * 12 + end.month - start.month - 0.5
    reached = (month - periods["start_month"]) / periods["ramp_months"].clip(lower=0.5)
    within = month < 12 * periods["years"]
    promised: pd.Series[float] = periods["size"] / 4 * reached.clip(0, 1) * within
    return promised.round()


def _measured(periods: pd.DataFrame, truth: ValueTruth, rng: np.random.Generator) -> pd.DataFrame:
    share = periods["rate"] * rng.lognormal(-0.005, 0.1, len(periods))
    measured = pd.Series(rng.random(len(periods)) >= truth.unmeasured_share)
    reason = pd.Series(rng.choice(REASONS, len(periods))).where(share < SHORTFALL)
    note = pd.Series("Sponsor disappointed: visit before the next invoice", index=periods.index)
    return periods.assign(
        realised=(periods["promised"] * share).round().where(measured),
        currency=CURRENCY,
        measured_by=pd.Series(MEASURED_BY, index=periods.index).where(measured),
        reason=reason.where(measured, UNMEASURED),
        note=note.where(share < DISAPPOINTING),
    )


def benchmarks(seed: int) -> pd.DataFrame:
    """Return the change that our effects typically make in each industry: invented ranges."""
    rng = np.random.default_rng([seed, 6])
    find = model_finder("")
    effects = [
        effect for offer in OFFERS for effect in instantiate(find(offer.model), {}) if "change" in effect
    ]
    return pd.DataFrame([_benchmark(industry, effect, rng) for industry in INDUSTRIES for effect in effects])


def _benchmark(industry: str, effect: dict[str, object], rng: np.random.Generator) -> dict[str, object]:
    change = Estimate.model_validate(effect["change"])
    level = rng.lognormal(0, 0.15)
    return {
        "industry": industry,
        "indicator": effect["name"],
        "unit": "fraction",
        "low": significant(change.low * level * 0.9),
        "median": significant(change.expected * level),
        "high": significant(change.high * level),
        "n": int(rng.integers(1, 14)),
        "source": "Reference projects of the example company",
    }
