"""What the batch itself costs, apart from its reports: reading, planning, partitions, ledger, index.

    python benchmarks/driver.py --customers 24 3000
    python benchmarks/driver.py --customers 3000 --real

A company of N customers is generated and reported on with a tiny notebook, then the same command is given
again. Unless ``--real``, no kernel runs: each report is a page and a ledger entry that are written at once.
Processor seconds are those of the driver and of the process that reads a large source.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
from measuring import Cost, measure
from nbformat.v4 import new_code_cell, new_notebook

from vs_toolkit.demo import AS_OF, write_demo

PARAMETERS = """\
customer: str = "C001"  # id of the customer
as_of: str = "2026-06-30"  # date; the later data is ignored
edition: str = "internal"  # internal | customer"""
TOOLKIT = str(Path(sys.executable).with_name("vs-toolkit"))
FIGURES = {
    name: {"value": 1.0, "unit": "EUR", "label": f"The {name}"} for name in ("first", "second", "third")
}


def without_kernels() -> None:
    """Be the command, with reports that are made at once."""
    from vs_toolkit import cli
    from vs_toolkit.batch import batch, worker
    from vs_toolkit.batch.folder import Folder
    from vs_toolkit.batch.jobs import Job
    from vs_toolkit.batch.ledger import Entry

    def made(job: Job, site: worker.Site) -> Entry:
        folder, page = Folder(site.out), "a page"
        folder.write(f"{job.name}.html", page)
        entry = worker.entry(job, "ok", 0.0)
        entry = replace(entry, figures=FIGURES, href=f"{job.name}.html", size=len(page))
        folder.write(f"{job.name}.json", entry.to_json())
        return entry

    batch.make_report = made
    batch.NURSERY.start = lambda: None  # type: ignore[method-assign]
    cli.main(sys.argv[2:])


def notebook(folder: Path) -> Path:
    """Write the tiny notebook."""
    cell = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
    path = folder / "tiny.ipynb"
    nbformat.write(new_notebook(cells=[cell, new_code_cell("print(customer)")]), path)
    return path


def told(name: str, customers: int, cost: Cost) -> None:
    """Print one line of the table."""
    if cost.code:
        raise RuntimeError(cost.warned)
    said = cost.said.splitlines()[0]
    memory = f"{cost.driver:.0f} | {cost.largest:.0f}"
    print(
        f"| {customers:,} | {name} | {cost.seconds:.1f} | {cost.cpu_seconds:.1f} | {memory} | {said} |",
        flush=True,
    )


def main() -> None:
    """Measure every size and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--customers", type=int, nargs="+", default=[24])
    parser.add_argument("--source", type=Path, help="a company that is there already, of the one size")
    parser.add_argument("--real", action="store_true", help="run the notebook in kernels")
    asked = parser.parse_args()
    print("| customers | run | seconds | CPU-s | driver MiB | largest other MiB | said |")
    print("|---|---|---|---|---|---|---|")
    for customers in asked.customers:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            source = asked.source or write_demo(Path(folder, "source"), customers)
            words = ["run", str(notebook(Path(folder))), "--source", str(source), "--out", f"{folder}/out"]
            words += ["--as-of", AS_OF.isoformat()]
            first = [TOOLKIT] if asked.real else [sys.executable, __file__, "--without-kernels"]
            told("first", customers, measure([*first, *words]))
            told("nothing changed", customers, measure([TOOLKIT, *words]))


if __name__ == "__main__":
    without_kernels() if sys.argv[1:2] == ["--without-kernels"] else main()
