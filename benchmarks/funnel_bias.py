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
import numpy.typing as npt
import pandas as pd
from funnel_forecast import AS_OF, CASES, MONTHS, company, study

from vs_toolkit.demo.histories import Histories, generate_histories
from vs_toolkit.demo.truth import OPEN, STATUSES, STEADY_FUNNEL

OTHERS, EACH, FIRST_OTHERS = 40, 200_000, 41_000
COMPANIES, FIRST_COMPANY = 160, 46_000  # the steady companies of funnel_forecast.py
ALIKE = 1000  # others next in days among which a chance is counted, at least
OPEN_STAGES = [status.status for status in STATUSES[:OPEN]]
LATER = MONTHS  # place of "not within the months"


def histories(made: Histories) -> tuple[pd.DataFrame, pd.Series[int]]:
    """Segment, stage, days in it and month of the order of what was open on the day; later leads' orders."""
    day = made.status_changes["changed_at"].dt.tz_localize(None).dt.normalize()
    changes = made.status_changes.assign(day=day)
    won = changes[(changes["status"] == "Order") & (day > AS_OF)].set_index("opportunity_id")["day"]
    month = ((won.dt.year - AS_OF.year) * 12 + won.dt.month - AS_OF.month - 1).clip(upper=LATER)
    past = changes[day <= AS_OF]
    entered = past[past["status"] != past.groupby("opportunity_id")["status"].shift()]
    last = entered.groupby("opportunity_id").last()
    segment = made.opportunities.set_index("opportunity_id")["segment"].reindex(last.index)
    rows = pd.DataFrame({"segment": segment, "stage": last["status"], "days": (AS_OF - last["day"]).dt.days})
    rows = rows.assign(month=month.reindex(rows.index).fillna(LATER).astype(int))
    later = month[~month.index.isin(last.index)].value_counts().reindex(range(MONTHS), fill_value=0)
    return rows[rows["stage"].isin(OPEN_STAGES)], later


def chances(others: pd.DataFrame, cases: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Share won in each month among the others of the same segment and stage that are next in days."""
    found = np.full((len(cases), MONTHS), np.nan)
    of_kind = dict(list(others.sort_values("days").groupby(["segment", "stage"])))
    for kind, mine in cases.reset_index(drop=True).groupby(["segment", "stage"]):
        days = of_kind[kind]["days"].to_numpy()
        low, high = (np.searchsorted(days, mine["days"], side=side) for side in ("left", "right"))
        half = np.maximum(high - low, ALIKE) // 2
        start, end = (np.clip((low + high) // 2 + off, 0, len(days)) for off in (-half, half))
        came = of_kind[kind]["month"].to_numpy()[:, None] == np.arange(MONTHS)
        sums = np.vstack([np.zeros(MONTHS), came.cumsum(axis=0)])
        found[mine.index] = (sums[end] - sums[start]) / (end - start)[:, None]
    return found


def said(expected: pd.Series[float], true: pd.Series[float], company: pd.Series[int]) -> str:
    """Expected over true, with its standard error over companies."""
    expected, true = (each.groupby(company).sum() for each in (expected, true))
    ratio, n = expected.sum() / true.sum(), len(true)
    return f"{ratio:.3f} +- {np.std(expected - ratio * true, ddof=1) * n**0.5 / true.sum():.3f}"


def main(companies: int) -> None:
    start, seeds = process_time(), range(FIRST_OTHERS, FIRST_OTHERS + OTHERS)
    made = [histories(generate_histories(STEADY_FUNNEL, EACH, seed)) for seed in seeds]
    others = pd.concat([rows for rows, _ in made], ignore_index=True)
    later = np.mean([counts for _, counts in made], axis=0) * CASES / EACH
    parts, leads = [], []
    for seed in range(FIRST_COMPANY, FIRST_COMPANY + companies):
        one = company("steady", seed)
        asked, (rows, _) = study(one), histories(one)
        monthly = pd.DataFrame(asked.ahead.by_month[:, :MONTHS], index=asked.open_cases.index)
        rows = rows.assign(company=seed, value=asked.open_cases["value"].astype(float))
        parts.append(rows.join(monthly))
        leads.append(asked.new_leads.orders)
    cases = pd.concat(parts, ignore_index=True)
    true = pd.DataFrame(chances(others, cases))
    expected, of = cases[list(range(MONTHS))], cases["company"]
    print(f"{len(cases)} open opportunities of {companies} companies, {len(others)} others,")
    print(f"{expected[0].isna().sum()} without forecast, {process_time() - start:.0f} processor seconds")
    whole = expected.sum(axis=1), true.sum(axis=1)
    for name, mine in [("all", cases.index), *cases.groupby("segment").groups.items()]:
        orders, values = ([each[mine] * worth for each in whole] for worth in (1.0, cases["value"][mine]))
        print(f"{name}: orders {said(*orders, of)}, value {said(*values, of)}")
    by_month = [said(expected[month], true[month], of) for month in range(MONTHS)]
    print("by month:", ", ".join(by_month))
    new = np.array(leads)
    error = new.sum(axis=1).std(ddof=1) / companies**0.5 / later.sum()
    print(f"leads to come: {new.sum() / companies / later.sum():.3f} +- {error:.3f}, by month of "
          f"{later.round(2).tolist()}: {(new.mean(axis=0) / later).round(2).tolist()}")  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COMPANIES)
