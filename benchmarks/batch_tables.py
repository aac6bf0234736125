"""The figures of the benchmark of the batch as Markdown: medians of the rounds, the range in brackets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from batch_rounds import Made, Round

NAMES = {
    "a": "(a) papermill and nbconvert in a loop",
    "b": "(b) the same in a process pool",
    "c": "(c) `vs-toolkit run`",
    "d1": "(d) floor, one warm process",
    "dn": "(d) floor, a warm process per core",
}
AFTERWARDS = {
    "same": "nothing changed",
    "changed": "one business case changed",
    "company": "the report on the company, on its own",
}
# Which pairs are compared, and whether by wall clock too: for that, both must use every core or neither.
RATIOS = (("a", "c", True), ("b", "c", True), ("c", "d1", False), ("c", "dn", True))


@dataclass(frozen=True)
class Size:
    """All that was measured of a company with so many customers; the other ways may have made less of it."""

    customers: int
    reports: int
    sampled_customers: int
    rounds: tuple[Round, ...]

    def values(self, name: str, value: Callable[[Made], float]) -> list[float]:
        """A value of one way in each round."""
        return [value(made[name]) for made in self.rounds if name in made]

    def ratios(self, upper: str, lower: str, value: Callable[[Made], float]) -> list[float]:
        """One way's value over another's, within each round: some rounds find a busier machine."""
        both = [made for made in self.rounds if upper in made and lower in made]
        return [value(made[upper]) / value(made[lower]) for made in both]


def tables(sizes: Sequence[Size]) -> Iterator[str]:
    """Lines of all tables."""
    for size in sizes:
        yield f"### {size.customers:,} customers: {size.reports:,} reports, {len(size.rounds)} rounds\n"
        if size.sampled_customers < size.customers:
            yield f"(a), (b), (d): reports on the first {size.sampled_customers:,} customers only.\n"
        yield from _costs(size)
        yield from _compared(size)
        yield from _afterwards(size)
    yield from _growth(sizes)


def _costs(size: Size) -> Iterator[str]:
    yield "| way | reports per minute | processor s per report | driver, MiB | others, MiB | largest, MiB |"
    yield "|---|---|---|---|---|---|"
    columns = (_per_minute, _cpu, lambda m: m.driver, lambda m: m.others, lambda m: m.largest)
    for name, words in NAMES.items():
        if size.values(name, _cpu):
            yield _line(words, *(_spread(size.values(name, column)) for column in columns))
    yield ""


def _compared(size: Size) -> Iterator[str]:
    yield "| seconds per report | by wall clock | by processor |"
    yield "|---|---|---|"
    for upper, lower, by_clock in RATIOS:
        if size.ratios(upper, lower, _cpu):
            clock = _spread(size.ratios(upper, lower, _wall)) if by_clock else ""
            words = f"{NAMES[upper]} / {NAMES[lower]}"
            yield _line(words, clock, _spread(size.ratios(upper, lower, _cpu)))
    yield ""


def _afterwards(size: Size) -> Iterator[str]:
    if not size.values("c", _seconds):
        return
    yield "| (c) again | reports made | seconds | first run / this |"
    yield "|---|---|---|---|"
    for name, words in AFTERWARDS.items():
        made = _spread(size.values(name, lambda m: m.reports))
        ratio = "" if name == "company" else _spread(size.ratios("c", name, _seconds))
        yield _line(words, made, _spread(size.values(name, _seconds)), ratio)
    yield ""


def _growth(sizes: Sequence[Size]) -> Iterator[str]:
    measured = [size for size in sizes if size.values("c", _cpu)]
    if len(measured) < 2:
        return
    yield "### How cost grows: (c)\n"
    yield "| customers | reports | processor s per report | driver, MiB | driver with nothing changed, MiB |"
    yield "|---|---|---|---|---|"
    for size in measured:
        drivers = (_spread(size.values(name, lambda m: m.driver)) for name in ("c", "same"))
        yield _line(f"{size.customers:,}", f"{size.reports:,}", _spread(size.values("c", _cpu)), *drivers)


def _seconds(made: Made) -> float:
    return made.seconds


def _wall(made: Made) -> float:
    return made.seconds / made.reports


def _cpu(made: Made) -> float:
    return made.cpu_seconds / made.reports


def _per_minute(made: Made) -> float:
    return 60 / _wall(made)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float]) -> str:
    """Write the median, and the range where there are several: ``0.55 (0.53–0.6)``."""
    middle, low, high = (f"{value:.3g}" for value in (median(values), min(values), max(values)))
    return middle if low == high else f"{middle} ({low}–{high})"
