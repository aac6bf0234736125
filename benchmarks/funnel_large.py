"""The report on a large company, end to end from CSV: processor seconds and peak memory of the whole batch.

    python benchmarks/funnel_large.py [CASES OWNERS]

By default 330,000 opportunities with about a million status changes and 1,198 owners.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from measuring import measure

from vs_toolkit.demo.histories import generate_histories
from vs_toolkit.demo.truth import FUNNEL_TRUTH, STATUSES

AS_OF = pd.Timestamp("2026-06-30")


def write(folder: Path, cases: int, owners: int) -> int:
    """Write a source of so many opportunities and owners; returns the number of status changes."""
    truth = replace(FUNNEL_TRUTH, biases=tuple(np.zeros(owners)))
    known = generate_histories(truth, cases, seed=1).until(AS_OF)
    table = known.opportunities.assign(
        owner_id="P" + known.opportunities["person"].astype(str), customer_id="C1", currency="EUR"
    )
    table.drop(columns="person").to_csv(folder / "opportunities.csv", index=False)
    known.status_changes.to_csv(folder / "status_changes.csv", index=False)
    pd.DataFrame([status.model_dump() for status in STATUSES]).to_csv(folder / "statuses.csv", index=False)
    people = {"person_id": [f"P{i}" for i in range(owners)], "name": [f"Seller {i}" for i in range(owners)]}
    pd.DataFrame(people).assign(unit="All").to_csv(folder / "people.csv", index=False)
    pd.DataFrame({"customer_id": ["C1"], "name": ["All"]}).to_csv(folder / "customers.csv", index=False)
    return len(known.status_changes)


def main(cases: int, owners: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "source"
        source.mkdir()
        changes = write(source, cases, owners)
        command = [str(Path(sys.executable).with_name("vs-toolkit")), "run", "funnel_calibration"]
        command += ["--source", str(source), "--out", str(Path(name) / "out"), "--as-of", "2026-06-30"]
        cost = measure([*command, "--timeout", "1800"])
    print(cost.said.splitlines()[0] if cost.said else cost.warned)
    print(
        f"{changes:,} status changes, {owners:,} owners: {cost.cpu_seconds:.0f} CPU-s, {cost.seconds:.0f} s"
    )
    print(
        f"peak MiB: {cost.driver:.0f} driver, {cost.largest:.0f} largest other, {cost.others:.0f} all others"
    )


if __name__ == "__main__":
    main(*(map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (330_000, 1_198)))
