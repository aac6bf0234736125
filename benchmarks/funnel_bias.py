"""Is the forecast of open opportunities unbiased? Against the exact chances of the generating process.

How many of the open opportunities of a company are won is mostly luck: a hundred companies leave an error of
some 1.5% in the ratio of expected to actual orders, 3% in that of values. The process is known, though: the
chance that an opportunity of a segment, so many days in a stage, is won within six months is counted among
many others of the same process, open on the same day. The seeds were named before the run.

    python benchmarks/funnel_bias.py [COMPANIES]
"""

from __future__ import annotations

import sys
from time import process_time

import numpy as np
import pandas as pd
from funnel_forecast import AS_OF, MONTHS, company, study

from vs_toolkit.demo.histories import Histories, generate_histories
from vs_toolkit.demo.truth import OPEN, STATUSES, STEADY_FUNNEL

OTHERS, EACH, FIRST_OTHERS = 40, 200_000, 41_000
COMPANIES, FIRST_COMPANY = 160, 36_000  # the steady companies of funnel_forecast.py
ALIKE = 1000  # others next in days that one chance is counted among, at least
OPEN_STAGES = [status.status for status in STATUSES[:OPEN]]


def open_then(made: Histories) -> pd.DataFrame:
    """Segment, stage and days in it of what was open on the day; whether it was won in the months after."""
    changes = made.status_changes.assign(
        day=made.status_changes["changed_at"].dt.tz_localize(None).dt.normalize()
    )
    end = AS_OF + pd.DateOffset(days=1, months=MONTHS)
    won = changes.loc[changes["status"].eq("Order") & changes["day"].lt(end), "opportunity_id"]
    past = changes[changes["day"] <= AS_OF]
    entered = past[past["status"] != past.groupby("opportunity_id")["status"].shift()]
    last = entered.groupby("opportunity_id").last()
    last = last[last["status"].isin(OPEN_STAGES)]
    segment = made.opportunities.set_index("opportunity_id")["segment"].reindex(last.index)
    days = (AS_OF - last["day"]).dt.days
    return pd.DataFrame(
        {"segment": segment, "stage": last["status"], "days": days, "won": last.index.isin(won)}
    )


def chances(others: pd.DataFrame, cases: pd.DataFrame) -> pd.Series[float]:
    """Share won among the others of the same segment and stage that are next in days."""
    found = pd.Series(np.nan, index=cases.index)
    of_kind = dict(list(others.sort_values("days").groupby(["segment", "stage"])))
    for kind, mine in cases.groupby(["segment", "stage"]):
        days, won = of_kind[kind]["days"].to_numpy(), of_kind[kind]["won"].to_numpy()
        low, high = (np.searchsorted(days, mine["days"], side=side) for side in ("left", "right"))
        half = np.maximum(high - low, ALIKE) // 2
        start, end = (np.clip((low + high) // 2 + off, 0, len(days)) for off in (-half, half))
        sums = np.append(0, won.cumsum())
        found[mine.index] = (sums[end] - sums[start]) / (end - start)
    return found


def said(cases: pd.DataFrame, worth: pd.Series[float]) -> str:
    """Expected over true, with its standard error over companies."""
    expected, true = ((cases[name] * worth).groupby(cases["seed"]).sum() for name in ("expected", "true"))
    ratio, n = expected.sum() / true.sum(), len(true)
    return f"{ratio:.3f} +- {np.std(expected - ratio * true, ddof=1) * n**0.5 / true.sum():.3f}"


def main(companies: int) -> None:
    start = process_time()
    made = (
        generate_histories(STEADY_FUNNEL, EACH, seed) for seed in range(FIRST_OTHERS, FIRST_OTHERS + OTHERS)
    )
    others, parts = pd.concat([open_then(each) for each in made], ignore_index=True), []
    for seed in range(FIRST_COMPANY, FIRST_COMPANY + companies):
        one = company("steady", seed)
        asked, cases = study(one), open_then(one)
        cases["expected"] = asked.forecast.by_opportunity["orders"].reindex(cases.index)
        parts.append(cases.assign(seed=seed, value=asked.open_cases["value"].astype(float)))
    cases = pd.concat(parts, ignore_index=True)
    cases["true"] = chances(others, cases)
    print(
        f"{len(cases)} open opportunities of {companies} companies, {len(others)} others, "
        f"{cases['expected'].isna().sum()} without forecast, {process_time() - start:.0f} processor seconds"
    )
    for name, part in [("all", cases), *cases.groupby("segment")]:
        print(f"{name}: orders {said(part, part['won'] * 0 + 1.0)}, value {said(part, part['value'])}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES)
