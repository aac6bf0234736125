"""The gate of a page on adversarial markup: processor seconds at one size and ten times that.

    python benchmarks/markup.py --megabytes 1

The patterns are those of the test that counts work (``tests/reports/test_linear.py``).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.reports.adversarial import PATTERNS, of_length
from vs_toolkit.reports.harmless import harmless

WORST = 10  # patterns that are listed


def seconds(markup: str) -> float:
    """Processor seconds to make markup harmless."""
    started = time.process_time()
    harmless(markup)
    return time.process_time() - started


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=1.0)
    size = int(parser.parse_args().megabytes * 1e6)
    found = []
    for pattern in PATTERNS:
        one, ten = (seconds(of_length(pattern, times * size)) for times in (1, 10))
        found.append((ten, one, pattern))
        print(f"{pattern} {one:.2f} {ten:.2f}", file=sys.stderr, flush=True)
    print(f"| pattern, {len(found)} in all | {size / 1e6:g} MB | {size / 1e5:g} MB | ratio |")
    print("|---|---|---|---|")
    for ten, one, (begin, unit) in sorted(found, reverse=True)[:WORST]:
        print(f"| `{begin[:30]!r} + {unit!r} …` | {one:.2f} | {ten:.2f} | {ten / one:.1f} |")


if __name__ == "__main__":
    main()
