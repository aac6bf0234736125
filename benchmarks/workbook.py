"""What a live workbook costs, and whether LibreOffice recalculates it to what the package says.

python benchmarks/workbook.py                  seconds of processor time for each case that comes with it
python benchmarks/workbook.py --parity 300     recalculates them, and as many random cases, each also with ten
                                               inputs changed in the file
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.reports.live.test_live import AS_OF, problems, random_ones  # noqa: E402
from vs_toolkit import impact  # noqa: E402
from vs_toolkit.reports.live import live_workbook  # noqa: E402

BATCH = 10  # cases of one call


def seconds(case: impact.BusinessCase) -> float:
    """Processor time of one workbook."""
    started = time.process_time()
    live_workbook(case, AS_OF, "internal")
    return time.process_time() - started


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
        with tempfile.TemporaryDirectory() as folder:
            found = problems({name: cases[name] for name in names[first : first + BATCH]}, Path(folder))
        print(
            f"{first + 1} to {min(first + BATCH, len(names))} of {len(names)}: {found or 'equal'}", flush=True
        )


if __name__ == "__main__":
    main()
