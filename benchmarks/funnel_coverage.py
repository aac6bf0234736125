"""Do the intervals of the hit rates hold what they promise? A study on histories whose truth is known.

    python benchmarks/funnel_coverage.py

200 companies are generated from the same process without drift. Each is seen on one day, when some of its
cases are still open; the 90 % interval of a status should hold the true hit rate in about 90 % of them.
Beside it: the closed-cases rate with the usual interval.
"""

from __future__ import annotations

import pandas as pd

from vs_toolkit import funnel
from vs_toolkit.demo.histories import generate_histories
from vs_toolkit.demo.truth import STATUSES, STEADY_FUNNEL, true_hit_rates
from vs_toolkit.estimates import jeffreys

COMPANIES = 200
FUNNEL = pd.DataFrame([status.model_dump() for status in STATUSES])
TRUTH = true_hit_rates(STEADY_FUNNEL)["all"]
# Cases begun evenly over four years, seen at their end, and after one year when many are open.
SETTINGS = {
    "4 years": (pd.Timestamp("2026-06-30"), (60, 200, 600)),
    "1 year": (pd.Timestamp("2023-06-30"), (600,)),
}


def company(seed: int, cases: int, as_of: pd.Timestamp) -> pd.DataFrame:
    """Estimates of one generated company, with the truth beside them."""
    known = generate_histories(STEADY_FUNNEL, cases, seed).until(as_of)
    table = funnel.calibrate(known.status_changes, FUNNEL, as_of).table
    naive_low, naive_high = jeffreys(table["won"], table["won"] + table["lost"], 0.90)
    return pd.DataFrame(
        {
            "reached": table["reached"],
            "open": table["open"] / table["reached"],
            "covers": TRUTH.between(table["low"], table["high"]).where(table["hit_rate"].notna()),
            "closed-only covers": TRUTH.between(naive_low, naive_high).where(table["hit_rate"].notna()),
            "bias": table["hit_rate"] - TRUTH,
            "closed-only bias": table["closed_only"] - TRUTH,
        }
    ).astype(float)


def main() -> None:
    for record, (as_of, sizes) in SETTINGS.items():
        for cases in sizes:
            companies = pd.concat(company(seed, cases, as_of) for seed in range(COMPANIES))
            means = companies.groupby("status", sort=False).mean()
            print(f"\nrecord of {record}, {cases} cases in four years, {COMPANIES} companies")
            print(means.round(3).to_string())
            print(f"all statuses: {companies['covers'].mean():.3f} of the 90 % intervals cover the truth")


if __name__ == "__main__":
    main()
