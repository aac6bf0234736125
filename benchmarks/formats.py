"""What the files beside a page cost: workbook, deck and PDF of each report, and the packs that join them.

    vs-toolkit run --source data/demo --out reports --as-of 2026-06-30 --format pdf --format pptx
    python benchmarks/formats.py reports C001 C002 C003

Processor seconds: workbook and deck are made in this process from what the cells of a notebook show; PDF by
one warm browser, with all its processes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import nbformat
import psutil

ROOT = Path(__file__).parents[1]
AS_OF, SOURCE = date(2026, 6, 30), ROOT / "data" / "demo"
os.environ |= {"VS_FORMATS": "xlsx pptx", "VS_SOURCE": str(SOURCE)}

from vs_toolkit.reports import parts, pdf  # noqa: E402 - after the environment is set
from vs_toolkit.reports.deck import deck  # noqa: E402
from vs_toolkit.reports.pages import title_of  # noqa: E402
from vs_toolkit.reports.review_deck import Report, review_deck  # noqa: E402
from vs_toolkit.reports.review_pack import pack_html  # noqa: E402
from vs_toolkit.reports.sheets import sheets  # noqa: E402

NOTEBOOKS = ("business_impact", "customer_plan", "relationship_npv", "account_review")


def shown(notebook: str, customer: str) -> tuple[parts.Part, ...]:
    """What the cells of a notebook show for a customer."""
    parts._shown.clear()
    names: dict[str, Any] = {"display": lambda *_: None}
    for cell in nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source.replace('"C001"', repr(customer)), names)
    return parts.shown()


def seconds(make: Callable[[], object], others: psutil.Process | None = None) -> float:
    """Processor time of a call, here and in all processes below ``others``."""
    before = time.process_time() + _of(others)
    make()
    return time.process_time() + _of(others) - before


def _of(process: psutil.Process | None) -> float:
    found = [process, *process.children(recursive=True)] if process else []
    return sum(sum(own.cpu_times()[:2]) for own in found)


def made(customers: list[str]) -> Iterator[tuple[str, str, float]]:
    """Workbook and deck of each report."""
    for customer in customers:
        for notebook in NOTEBOOKS:
            own = shown(notebook, customer)
            yield "workbook", notebook, seconds(lambda own=own: sheets(own, "Report", AS_OF))
            yield "deck", notebook, seconds(lambda own=own: deck(own, "Report", AS_OF))


def printed(reports: Path, customers: list[str]) -> Iterator[tuple[str, str, float]]:
    """PDF of each report and of each pack; the first page warms the browser and does not count."""
    with pdf.browser() as tab:
        [chromium] = psutil.Process().children()
        pages = {name: sorted((reports / name).glob("*.html"), key=lambda p: p.name != "index.html")
                 for name in customers}  # fmt: skip
        tab.print(pages[customers[0]][0].read_text())
        for name, own in pages.items():
            for page in own[1:]:
                yield "PDF", page.stem, seconds(lambda page=page: tab.print(page.read_text()), chromium)
            joined = pack_html(name, name, (page.read_text() for page in own))
            yield "PDF of all", "review_pack", seconds(lambda joined=joined: tab.print(joined), chromium)
            decks = [Report(title_of(deck.stem), deck.read_bytes(), {}) for deck in
                     sorted((reports / name).glob("*.pptx")) if deck.stem != "review_pack"]  # fmt: skip
            yield (
                "deck of all",
                "review_pack",
                seconds(lambda name=name, decks=decks: review_deck(name, "", decks, AS_OF)),
            )


def main() -> None:
    """Measure."""
    reports, customers = Path(sys.argv[1]), sys.argv[2:]
    found: dict[tuple[str, str], list[float]] = {}
    shown(NOTEBOOKS[0], customers[0])  # imports
    for kind, name, cost in [*made(customers), *printed(reports, customers)]:
        found.setdefault((kind, name), []).append(cost)
    for (kind, name), costs in sorted(found.items()):
        print(f"{kind:12} {name:18} median {median(costs):.2f} s, most {max(costs):.2f} s, n = {len(costs)}")


if __name__ == "__main__":
    main()
