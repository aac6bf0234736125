"""Time of the customer portfolio of 10,000 customers over 36 months: all that the report shows but drawing.

Run: PYTHONPATH=. python benchmarks/portfolio.py [customers]. On 2 cores with Python 3.11: 0.9 CPU-s, 404 MB.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date

from tests.portfolio.made import many
from vs_toolkit.portfolio import exhibits, findings, summary
from vs_toolkit.portfolio.study import CustomerBase

AS_OF = date(2026, 6, 30)


def main(customers: int) -> None:
    """Build the tables, then work out and write everything that the notebook shows; print CPU seconds."""
    tables = many(customers)
    rows = len(tables["sales"])
    start = time.process_time()
    study = CustomerBase(tables, AS_OF)
    said = [summary.lead(study), summary.verdict(study), *summary.decisions(study), *summary.gaps(study)]
    said += [findings.both_whales(study), findings.volatile(study), findings.simulated(study)]
    shown = [exhibit(study).written() for exhibit in exhibits.EVERY]
    figures = summary.key_figures(study)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{customers:,} customers, {rows:,} rows of sales: {seconds:.1f} CPU-s, {memory:,.0f} MB at most")
    print(f"{len(shown)} tables, {len(figures)} key figures; {said[0]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
