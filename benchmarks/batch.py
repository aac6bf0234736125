"""The batch beside stock tools and beside the floor, in one run: the project's own notebooks for N customers.

    python benchmarks/batch.py --customers 24 200 --rounds 3
    python benchmarks/batch.py --customers 1000 --rounds 1 --sample 200 --json figures.json

Prints Markdown, and on the standard error what it is doing. README.md says what is measured, and how.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from batch_rounds import Company, Round, measure_round, prepare
from batch_tables import Size, tables

# One numerical thread per process, for every way: they use all cores already.
THREADS = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}


def measured(customers: int, asked: argparse.Namespace, folder: Path, until: float) -> Size:
    """Measure one size of company, in rounds that begin with another way each, until that time."""
    say(f"{customers} customers: writing the company and the partitions")
    company = prepare(folder / f"company-{customers}", customers, asked.sample)
    rounds: list[Round] = []
    for number in range(asked.rounds):
        if rounds and time.monotonic() > until:
            break
        say(f"{customers} customers, {len(company.orders)} reports, round {number + 1} of {asked.rounds}")
        turn = number % len(asked.ways)
        ways = asked.ways[turn:] + asked.ways[:turn]
        rounds.append(measure_round(company, ways, folder / f"round-{customers}-{number + 1}", say))
    return _size(company, rounds)


def _size(company: Company, rounds: Sequence[Round]) -> Size:
    return Size(company.customers, len(company.orders), company.sampled_customers, tuple(rounds))


def say(text: str) -> None:
    """Tell on the standard error."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[24], metavar="N")
    parser.add_argument("--ways", nargs="+", choices="abcd", default=list("abcd"), help="a b c d")
    parser.add_argument("--rounds", type=int, default=3, help="each round measures every way once")
    parser.add_argument("--sample", type=int, metavar="K", help="a, b and d for the first K customers only")
    parser.add_argument("--minutes", type=float, default=600.0, help="begin nothing more after so many")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where to work; what is made stays there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures of all rounds")
    return parser.parse_args()


def main() -> None:
    """Measure, print the tables, write the figures."""
    asked = arguments()
    os.environ.update(THREADS)
    until = time.monotonic() + 60 * asked.minutes
    with tempfile.TemporaryDirectory(prefix="benchmark-") as temporary:
        sizes = []
        for customers in asked.customers:
            if time.monotonic() > until:
                say(f"{customers} customers: no time left")
                break
            sizes.append(measured(customers, asked, asked.keep or Path(temporary), until))
            if asked.json:  # after each size: the next may take an hour
                asked.json.write_text(
                    json.dumps([asdict(size) for size in sizes], indent=1), encoding="utf-8"
                )
    print("\n".join(tables(sizes)))


if __name__ == "__main__":
    main()
