"""The full scorecard of a large company: one million sales rows and 100,000 opportunities.

    python benchmarks/metrics.py [--sales 1000000] [--opportunities 100000]

All measures at all levels of figure 22, with last year and plan, and eight quarters of each measure of the
sales director's selection at every level. Limits: 10 CPU-seconds and 2 GiB,
reading the source not included.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import dtypes, empty_frame
from vs_toolkit.metrics import MEASURES, prepare
from vs_toolkit.metrics.bridge import bridge
from vs_toolkit.metrics.scorecard import cells, trend
from vs_toolkit.metrics.study import ROLES
from vs_toolkit.periods import last_twelve

AS_OF = date(2026, 6, 30)
CUSTOMERS, PEOPLE, MONTHS = 3000, 200, 48
LEVELS = ("company", "unit", "team", "person", "segment", "customer")


def typed(name, frame):
    kinds = dtypes(TABLES[name])
    frame = frame.reindex(columns=list(kinds))
    return frame.astype(kinds)


def tables(sales, opportunities, seed=1):
    rng = np.random.default_rng(seed)
    months = pd.date_range(end="2026-06-01", periods=MONTHS, freq="MS")
    customers = np.array([f"C{i:05d}" for i in range(CUSTOMERS)])
    people = np.array([f"P{i:03d}" for i in range(PEOPLE)])
    units = np.array([f"Unit {i}" for i in range(12)])
    net = rng.lognormal(6, 1, sales)
    of = rng.integers(0, CUSTOMERS, sales)
    owner = rng.integers(0, PEOPLE, CUSTOMERS)
    found = {name: empty_frame(model) for name, model in TABLES.items()}
    found["customers"] = pd.DataFrame(
        {"customer_id": customers, "name": customers, "industry": rng.choice(list("ABCDEFGH"), CUSTOMERS),
         "sales_unit": units[owner % 12], "owner_id": people[owner]}
    )  # fmt: skip
    found["people"] = pd.DataFrame(
        {"person_id": people, "name": people, "unit": units[np.arange(PEOPLE) % 12],
         "team": rng.choice(list("XYZ"), PEOPLE)}
    )  # fmt: skip
    found["sales"] = pd.DataFrame(
        {"customer_id": customers[of],
         "month": months[rng.integers(0, MONTHS, sales)],
         "product_group": rng.choice(["A", "B", "C", "D"], sales),
         "region": rng.choice(["N", "S", "E"], sales),
         "person_id": people[owner[of]], "units": rng.integers(1, 50, sales).astype(float),
         "list_value": net * 1.1, "discount": net * 0.1, "net_sales": net, "direct_cost": net * 0.6,
         "cost_to_serve": net * 0.08, "currency": "EUR"}
    )  # fmt: skip
    pairs = pd.MultiIndex.from_product([customers, months], names=["customer_id", "month"]).to_frame(
        index=False
    )
    found["balances"] = pairs.assign(
        receivables=1e4, inventory=5e3, other_capital=0.0, payables=2e3, currency="EUR"
    )
    costs = pd.MultiIndex.from_product([units, months], names=["unit", "month"]).to_frame(index=False)
    found["unit_costs"] = costs.assign(
        operating_expenses=1e5, depreciation=1e4, interest=1e3, tax=5e3, investment=1e4, currency="EUR"
    )
    ids = np.array([f"O{i:06d}" for i in range(opportunities)])
    created = pd.Timestamp("2022-07-01") + pd.to_timedelta(rng.integers(0, 1400, opportunities), unit="D")
    closed = created + pd.to_timedelta(rng.integers(5, 300, opportunities), unit="D")
    whose = rng.integers(0, CUSTOMERS, opportunities)
    found["opportunities"] = pd.DataFrame(
        {"opportunity_id": ids, "customer_id": customers[whose], "owner_id": people[owner[whose]],
         "created_at": created, "value": rng.lognormal(10, 1, opportunities), "currency": "EUR"}
    )  # fmt: skip
    start = pd.DataFrame({"opportunity_id": ids, "changed_at": created, "status": "Lead", "value": 1e4})
    end = pd.DataFrame(
        {"opportunity_id": ids, "changed_at": closed, "status": rng.choice(["Order", "Lost"], opportunities),
         "value": 1e4}
    )  # fmt: skip
    found["status_changes"] = pd.concat([start, end[end["changed_at"] <= pd.Timestamp(AS_OF)]])
    found["statuses"] = pd.DataFrame(
        {"status": ["Lead", "Order", "Lost"], "order": [1, 2, 3], "outcome": ["open", "won", "lost"],
         "nominal_probability": [0.1, 1.0, 0.0]}
    )  # fmt: skip
    visited = rng.integers(0, opportunities, 2 * opportunities)
    found["activities"] = pd.DataFrame(
        {"date": created[visited], "customer_id": customers[whose[visited]], "opportunity_id": ids[visited],
         "person_id": people[owner[whose[visited]]], "type": "Visit", "hours": 2.0, "cost": 200.0}
    )  # fmt: skip
    return {name: typed(name, frame) if len(frame) else frame for name, frame in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sales", type=int, default=1_000_000)
    parser.add_argument("--opportunities", type=int, default=100_000)
    options = parser.parse_args()
    given = tables(options.sales, options.opportunities)
    start = time.process_time()
    book = prepare(given, AS_OF)
    prepared = time.process_time()
    period = last_twelve(AS_OF)
    count = sum(len(cells(book, level, period)) for level in LEVELS)
    scored = time.process_time()
    for level in LEVELS:
        for name in ROLES["sales director"]:
            if MEASURES[name].mark(level):
                trend(book, MEASURES[name], level, period)
    trended = time.process_time()
    steps = bridge(book, period.year_before, period).steps
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.sales:,} sales rows, {options.opportunities:,} opportunities, {count:,} cells")
    parts = {"prepare": prepared - start, "scorecard": scored - prepared, "trends": trended - scored}
    parts |= {f"bridge ({len(steps)} steps)": end - trended, "all": end - start}
    print(
        ", ".join(f"{name} {seconds:.1f}" for name, seconds in parts.items())
        + f" CPU-s; peak {peak:,.0f} MiB"
    )


if __name__ == "__main__":
    main()
