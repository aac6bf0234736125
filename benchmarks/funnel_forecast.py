"""Do the forecasts come true? Generated companies followed to their end: expected against actual, and
coverage.

Each company has some 1,500 opportunities in four years, three segments, pushed decision dates and stale
opportunities. A year before its end the next six months are forecast from what is known then, and compared
with
the orders and values that come, also from leads not there yet. Three kinds of companies: steady; with drift
(log
odds of losing rise by 0.05 a year); and with a sudden step (by 0.4 for leads created from a day on), seen two
quarters later. The seeds were named before the runs; the result of every run stands in
``benchmarks/README.md``.

    python benchmarks/funnel_forecast.py [steady|drift|step|units] [FIRST_SEED COMPANIES]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from time import process_time

import numpy as np
import pandas as pd

from vs_toolkit.demo.histories import Histories, generate_histories
from vs_toolkit.demo.truth import FUNNEL_TRUTH, STATUSES, STEADY_FUNNEL, FunnelTruth
from vs_toolkit.funnel.study import Study
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame

AS_OF = pd.Timestamp("2025-06-30")
CASES, MONTHS, STEP = 1500, 6, 0.4
STEP_DAY = AS_OF - pd.Timedelta(days=183)
SEEDS = {"steady": (46000, 160), "drift": (47000, 60), "step": (48000, 30), "units": (49000, 20)}
STATUS_TABLE = pd.DataFrame([status.model_dump() for status in STATUSES])
EMPTY = {name: empty_frame(model) for name, model in TABLES.items()}


def worse(truth: FunnelTruth, by: float) -> FunnelTruth:
    segments = tuple(replace(s, lost_shift=s.lost_shift + by) for s in truth.segments)
    return replace(truth, segments=segments)


def stepped(seed: int) -> Histories:
    """Leads created before the day as before, those created from it on of the worse process."""
    parts = []
    for truth, name, late in ((STEADY_FUNNEL, "A", False), (worse(STEADY_FUNNEL, STEP), "B", True)):
        made = generate_histories(truth, CASES, seed + 100_000 * late)
        kept = made.opportunities[(made.opportunities["created_at"] >= STEP_DAY) == late]
        changes = made.status_changes[made.status_changes["opportunity_id"].isin(kept["opportunity_id"])]
        parts.append(
            [frame.assign(opportunity_id=name + frame["opportunity_id"]) for frame in (kept, changes)]
        )
    return Histories(*(pd.concat(pair, ignore_index=True) for pair in zip(*parts, strict=True)))


def company(kind: str, seed: int) -> Histories:
    if kind == "step":
        return stepped(seed)
    return generate_histories(FUNNEL_TRUTH if kind == "drift" else STEADY_FUNNEL, CASES, seed)


def study(made: Histories) -> Study:
    known = made.until(AS_OF)
    table = known.opportunities.rename(columns={"person": "owner_id"}).drop(columns="value")
    table = table.assign(owner_id="P" + table["owner_id"].astype(str), currency="EUR")
    table = table.reindex(columns=list(dict.fromkeys([*table.columns, *EMPTY["opportunities"].columns])))
    days = {name: pd.to_datetime(table[name]) for name in ("expected_decision", "expected_delivery")}
    tables = {**EMPTY, "opportunities": table.assign(**days), "status_changes": known.status_changes}
    return Study({**tables, "statuses": STATUS_TABLE}, AS_OF.date(), months=MONTHS)


def actual(made: Histories) -> pd.DataFrame:
    """Orders and their value in each of the months after the day."""
    won = made.status_changes[made.status_changes["status"] == "Order"]
    month = won["changed_at"].dt.tz_localize(None).dt.to_period("M")
    months = pd.period_range(AS_OF + pd.Timedelta(days=1), periods=MONTHS, freq="M")
    grouped = won.groupby(month)["value"].agg(["size", "sum"]).reindex(months, fill_value=0)
    return grouped.set_axis(["orders", "value"], axis=1).set_axis(months.to_timestamp()).astype(float)


def compared(made: Histories) -> pd.DataFrame:
    """Expected, actual and whether the interval held, by month (1 to 6) and together (0)."""
    asked = study(made)
    table = pd.concat([asked.forecast.total.to_frame().T, asked.forecast.table])
    came = actual(made)
    came = pd.concat([came.sum().to_frame().T, came])
    columns = {"on": float(asked.correction.active), "shift": asked.correction.applied}
    for name in ("orders", "value"):
        values, low, high = (
            part.to_numpy(float) for part in (came[name], table[f"{name}_low"], table[f"{name}_high"])
        )
        columns |= {
            name: table[name].to_numpy(float),
            f"actual_{name}": values,
            f"{name}_held": (low <= values) & (values <= high),
        }
    return pd.DataFrame(columns).rename_axis("month")


def by_unit(made: Histories) -> list[Histories]:
    """The company's four units: salespeople by turns."""
    parts = []
    for unit in range(4):
        kept = made.opportunities[made.opportunities["person"] % 4 == unit]
        changes = made.status_changes[made.status_changes["opportunity_id"].isin(kept["opportunity_id"])]
        parts.append(Histories(kept.reset_index(drop=True), changes.reset_index(drop=True)))
    return parts


def main(kind: str, first: int, companies: int) -> None:
    start, results = process_time(), {}
    for seed in range(first, first + companies):
        made = company(kind, seed)
        for place, part in enumerate(by_unit(made) if kind == "units" else [made]):
            results[seed, place] = compared(part)
    rows = pd.concat(results, names=["seed", "unit"]).astype(float)
    print(f"{kind}: seeds {first} to {first + companies - 1}, {process_time() - start:.0f} processor seconds")
    for month, part in rows.groupby("month"):
        said = [f"month {month}" if month else "six months"]
        for name in ("orders", "value"):
            ratio = part[name].sum() / part[f"actual_{name}"].sum()
            error = np.std(part[name] - ratio * part[f"actual_{name}"], ddof=1) * np.sqrt(len(part))
            said += [
                f"{name} {ratio:.3f} +- {error / part[f'actual_{name}'].sum():.3f}",
                f"held {part[f'{name}_held'].mean():.1%}",
            ]
        print(", ".join(said))
    print(f"correction on in {rows['on'].mean():.0%}, mean shift {rows['shift'].mean():+.3f}", flush=True)


if __name__ == "__main__":
    chosen = sys.argv[1:2] or list(SEEDS)
    for kind in chosen:
        main(kind, *(map(int, sys.argv[2:4]) if len(sys.argv) > 3 else SEEDS[kind]))
