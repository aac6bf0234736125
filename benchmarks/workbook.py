"""What a live workbook costs, and whether LibreOffice recalculates it to what the package says.

python benchmarks/workbook.py                  seconds of processor time for each case that comes with it
python benchmarks/workbook.py --parity 300     recalculates them, and as many random cases
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.reports.live.recalculated import differences, recalculate  # noqa: E402
from tests.reports.live.test_live import disagreements, random_ones  # noqa: E402
from vs_toolkit import impact  # noqa: E402
from vs_toolkit.reports.live import live_workbook  # noqa: E402

AS_OF = date(2026, 6, 30)
BATCH = 25  # files of one call


def seconds(case: impact.BusinessCase) -> float:
    """Processor time of one workbook."""
    started = time.process_time()
    live_workbook(case, AS_OF, "internal")
    return time.process_time() - started


def wrong(cases: dict[str, impact.BusinessCase]) -> dict[str, object]:
    """Cases whose recalculated workbook differs from the one shipped, or from the package."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.xlsx" for name in cases}
        for name, file in files.items():
            file.write_bytes(live_workbook(cases[name], AS_OF, "internal"))
        found = recalculate(list(files.values()), Path(folder))
        problems = {
            name: [
                *differences(openpyxl.load_workbook(file, data_only=True), found[file]),
                *disagreements(cases[name], found[file]),
            ][:9]
            for name, file in files.items()
        }
    return {name: found for name, found in problems.items() if found}


def main() -> None:
    """Measure, or compare."""
    paths = [*ROOT.glob("data/demo/cases/*.yaml"), *ROOT.glob("data/examples/cases/*.yaml")]
    cases = {path.stem: impact.read_case(path) for path in sorted(paths)}
    if "--parity" not in sys.argv:
        costs = {name: seconds(case) for name, case in cases.items()}
        for name, cost in costs.items():
            print(f"{name:28} {cost:.2f} s")
        ordered = sorted(costs.values())
        print(f"median {ordered[len(ordered) // 2]:.2f} s, most {ordered[-1]:.2f} s, n = {len(ordered)}")
        return
    cases |= {f"random{place}": case for place, case in enumerate(random_ones(int(sys.argv[-1])))}
    names = list(cases)
    for first in range(0, len(names), BATCH):
        found = wrong({name: cases[name] for name in names[first : first + BATCH]})
        print(
            f"{first + 1} to {min(first + BATCH, len(names))} of {len(names)}: {found or 'equal'}", flush=True
        )


if __name__ == "__main__":
    main()
