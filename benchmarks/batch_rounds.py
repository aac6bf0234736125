"""One round of the benchmark of the batch: each way makes the same reports, as a process of its own."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import compress
from pathlib import Path

from measuring import Cost, measure
from ways import Order

from vs_toolkit.batch.data import Data
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.demo import write_demo
from vs_toolkit.demo.write import AS_OF

HERE = Path(__file__).parent
TOOLKIT = str(Path(sys.executable).with_name("vs-toolkit"))
WACC = re.compile(r"^customer_wacc: .*$", re.MULTILINE)


@dataclass(frozen=True)
class Made:
    """So many reports were made, and what that cost."""

    reports: int
    seconds: float
    cpu_seconds: float
    driver: float
    others: float
    largest: float


Round = Mapping[str, Made]  # by a name of batch_tables.NAMES
Say = Callable[[str], None]


@dataclass(frozen=True)
class Company:
    """A generated company: an order for each report on a customer, and its partition ready to open.

    The other ways may be limited to the first ``sampled_customers`` of all ``customers``. ``on_customers``
    and ``on_company`` are the names of notebooks.
    """

    source: Path
    customers: int
    sampled_customers: int
    orders: tuple[Order, ...]
    sampled_orders: tuple[Order, ...]
    on_customers: tuple[str, ...]
    on_company: tuple[str, ...]


def prepare(folder: Path, customers: int, sampled_customers: int | None = None) -> Company:
    """Write a company of that size; the report on the company itself is not among the orders."""
    source = write_demo(folder / "source", customers)
    made = plan(Request(str(source), str(folder / "none"), AS_OF))
    limit = min(sampled_customers or customers, customers)
    jobs = [job for job in made.jobs if job.recipient.customer_id]
    first = set(list(dict.fromkeys(job.recipient.customer_id for job in jobs))[:limit])
    orders = [_order(job, folder / "partitions") for job in jobs]
    is_sampled = [job.recipient.customer_id in first for job in jobs]
    _write_partitions(made.data, jobs, orders, first)
    return Company(
        source=source,
        customers=customers,
        sampled_customers=limit,
        orders=tuple(orders),
        sampled_orders=tuple(compress(orders, is_sampled)),
        on_customers=_notebooks(jobs),
        on_company=_notebooks(job for job in made.jobs if not job.recipient.customer_id),
    )


def _write_partitions(
    data: Data, jobs: Sequence[Job], orders: Sequence[Order], whom: Collection[str]
) -> None:
    with contextlib.closing(data):
        places = {job.recipient.customer_id: order.partition for job, order in zip(jobs, orders, strict=True)}
        wanted = {customer: place for customer, place in places.items() if customer in whom}
        data.announce(wanted)
        for customer, place in wanted.items():
            data.write(customer, place)


def _order(job: Job, folder: Path) -> Order:
    partition = folder / f"{job.recipient.place}.arrow"
    notebook = Path(job.notebook.folder) / f"{job.notebook.name}.ipynb"
    return Order(str(notebook), dict(job.parameters), str(partition), job.name)


def _notebooks(jobs: Iterable[Job]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(job.notebook.name for job in jobs))


def measure_round(company: Company, ways: Iterable[str], folder: Path, say: Say) -> Round:
    """Measure the ways in their order; ``c`` takes four runs, ``d`` two."""
    results: dict[str, Made] = {}
    for way in ways:
        for name, made in STEPS[way](company, folder / way):
            used = f"{made.seconds:.1f} s, {made.cpu_seconds:.1f} s of processor"
            say(f"  {name}: {made.reports} reports, {used}")
            results[name] = made
    return results


def _stock(name: str, way: str) -> Callable[[Company, Path], Iterable[tuple[str, Made]]]:
    return lambda company, folder: [(name, _others_way(way, company.sampled_orders, folder))]


def _floor(company: Company, folder: Path) -> Iterable[tuple[str, Made]]:
    yield "d1", _others_way("floor", company.sampled_orders, folder / "one")
    yield "dn", _others_way("floors", company.sampled_orders, folder / "all")


def _others_way(way: str, orders: Sequence[Order], folder: Path) -> Made:
    """Make the reports as ``ways.py`` does; of the floor, only the work itself counts."""
    placed = [replace(order, out=str(folder / order.out)) for order in orders]
    for order in placed:
        Path(order.out).parent.mkdir(parents=True, exist_ok=True)
    file = folder / "orders.json"
    file.write_text(json.dumps([asdict(order) for order in placed]), encoding="utf-8")
    cost = _checked(measure([sys.executable, str(HERE / "ways.py"), way, str(file)]))
    made = _made(len(list(folder.rglob("*.html"))), cost)
    if made.reports != len(orders):
        raise RuntimeError(f"{way} made {made.reports} of {len(orders)} reports")
    return replace(made, **json.loads(cost.said)) if way.startswith("floor") else made


def _ours(company: Company, folder: Path) -> Iterable[tuple[str, Made]]:
    """The public command: the first time, with nothing changed, the company itself, with one case changed."""
    every = {order.out for order in company.orders}
    changed = company.orders[len(company.orders) // 2].out.partition("/")[0]
    yield "c", _run(company, company.on_customers, folder, every)
    yield "same", _run(company, company.on_customers, folder, set())
    yield (
        "company",
        _run(company, company.on_company, folder, {f"_company/{name}" for name in company.on_company}),
    )
    with another_wacc(company.source, changed):
        own = {name for name in every if name.startswith(f"{changed}/")}
        yield "changed", _run(company, company.on_customers, folder, own)


@contextlib.contextmanager
def another_wacc(source: Path, place: str) -> Iterator[None]:
    """Change one number of the newest business case of a customer while the block runs."""
    case = max((source / "cases").glob(f"{place}-*.yaml"))
    before = case.read_text(encoding="utf-8")
    case.write_text(WACC.sub("customer_wacc: 0.0815", before), encoding="utf-8")
    try:
        yield
    finally:
        case.write_text(before, encoding="utf-8")


def _run(company: Company, notebooks: Iterable[str], folder: Path, expected: set[str]) -> Made:
    """Run the batch as a user does; the reports that it makes anew must be those that are expected."""
    where = ["--source", str(company.source), "--out", str(folder), "--as-of", AS_OF.isoformat()]
    before = _times(folder)
    cost = _checked(measure([TOOLKIT, "run", *notebooks, *where]))
    anew = {name for name, time in _times(folder).items() if before.get(name) != time}
    if anew != expected:
        raise RuntimeError(f"made {len(anew)} reports, not {len(expected)}: {sorted(anew ^ expected)[:9]}")
    return _made(len(anew), cost)


def _times(folder: Path) -> dict[str, int]:
    """When each report was written; beside a report lies its entry of the ledger, other pages have none."""
    entries = (file.with_suffix("") for file in folder.glob("*/*.json"))
    pages = {f"{name.parent.name}/{name.name}": name.with_name(f"{name.name}.html") for name in entries}
    return {name: page.stat().st_mtime_ns for name, page in pages.items() if page.is_file()}


def _made(reports: int, cost: Cost) -> Made:
    return Made(reports, cost.seconds, cost.cpu_seconds, cost.driver, cost.others, cost.largest)


def _checked(cost: Cost) -> Cost:
    if cost.code or cost.left:
        raise RuntimeError(f"ended with {cost.code}, {cost.left} processes left:\n{cost.said}{cost.warned}")
    return cost


STEPS = {"a": _stock("a", "loop"), "b": _stock("b", "pool"), "c": _ours, "d": _floor}
