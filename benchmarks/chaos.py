"""Kill a batch at random moments, start it again each time, compare the result with an undisturbed one.

    python benchmarks/chaos.py --kills 20 --seed 1
    python benchmarks/chaos.py --kills 20 --seed 3 --customers 6 --format pdf --format xlsx

The driver, a kernel or the fork server is killed, or the driver is asked to end (SIGTERM, SIGINT). Three
quarters of the kills fall while reports are made, from the first import to the last report, the rest when all
reports are there and what joins them is written. Prints a table of the kills and every difference; ends with
1 if a file differs by more than times, or a process, a temporary file, half a file or a false row is left.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
from chaos_compare import differences, failures, leftovers
from chaos_processes import fork_servers, is_killed, kernels, left_over
from measuring import adopt_orphans

from vs_toolkit.demo import write_demo
from vs_toolkit.demo.write import AS_OF

TOOLKIT = str(Path(sys.executable).with_name("vs-toolkit"))
CLOSING_SECONDS = 0.3  # in which a batch that has made its reports writes what joins them
PATIENCE_SECONDS = 60.0  # for a batch that was asked to end
# What is killed while reports are made (shuffled), and when all are there; the driver by SIGKILL mostly.
MAKING = ("kernel", "kernel", "fork server", "driver by SIGTERM", "driver by SIGINT", *["driver"] * 4)
CLOSING = ("driver", "driver", "driver by SIGTERM", "driver", "driver by SIGINT")
HELPERS = {"kernel": kernels, "fork server": fork_servers}
SIGNALS = {"driver by SIGTERM": signal.SIGTERM, "driver by SIGINT": signal.SIGINT}


@dataclass
class Kill:
    """What was killed, how many seconds after the start of its run, entries there; what was wrong then."""

    what: str
    after: float
    done: int
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """The batch under test: always the same command, into ``out``."""

    source: Path
    out: Path
    temporary: Path
    draws: int
    formats: Sequence[str] = ()

    def start(self) -> psutil.Popen:
        """Start it in a session of its own, so that no signal reaches it but ours."""
        command = [TOOLKIT, "run", "--source", str(self.source), "--out", str(self.out)]
        command += ["--as-of", AS_OF.isoformat(), "-p", f"draws={self.draws}"]
        command += [f"--format={one}" for one in self.formats]
        environment = {**os.environ, "TMPDIR": str(self.temporary)}
        silent = subprocess.DEVNULL
        return psutil.Popen(command, env=environment, stdout=silent, stderr=silent, start_new_session=True)

    def through(self) -> tuple[int, float, float]:
        """Let it run to its end; exit code, seconds until there is an entry of the ledger, and in all."""
        run, started = self.start(), time.monotonic()
        while run.poll() is None and not self.done:
            time.sleep(0.05)
        first = time.monotonic() - started
        return run.wait(), first, time.monotonic() - started

    @property
    def done(self) -> int:
        """How many reports have an entry in the ledger."""
        return sum(1 for _ in self.out.glob("*/*.json"))


@dataclass(frozen=True)
class Known:
    """The undisturbed batch.

    Its exit code; seconds until the first report, until the end, and with nothing to do; how many entries its
    ledger has, and which rows have failed.
    """

    code: int
    first: float
    whole: float
    idle: float
    entries: int
    failed: Mapping[str, str]


def undisturbed(batch: Batch) -> Known:
    """Run the batch twice: the second time there is nothing to do."""
    code, first, whole = batch.through()
    *_, idle = batch.through()
    left_over()
    return Known(code, first, whole, idle, batch.done, failures(batch.out))


class Chaos:
    """A batch that is killed again and again."""

    def __init__(self, batch: Batch, known: Known, kills: int, seed: int) -> None:
        self.batch, self.known = batch, known
        self.chance = random.Random(seed)
        self.making = kills * 3 // 4
        making = [MAKING[number % len(MAKING)] for number in range(self.making)]
        self.chance.shuffle(making)
        self.plan = [*making, *(CLOSING[number % len(CLOSING)] for number in range(kills - self.making))]
        self.kills: list[Kill] = []
        self.failed = set(known.failed)

    @property
    def is_closing(self) -> bool:
        """Whether the next kill is one of those that wait until all reports are there."""
        return len(self.kills) >= self.making

    @property
    def is_over(self) -> bool:
        """Whether all kills have been made."""
        return len(self.kills) >= len(self.plan)

    def go_on(self) -> None:
        """Start the batch and kill until its driver has ended."""
        run, before, started = self.batch.start(), len(self.kills), time.monotonic()
        while run.poll() is None and not self.is_over:
            self._wait(run, is_new=len(self.kills) == before)
            if what := self._strike(run):
                self._note(what, time.monotonic() - started)
                if what.startswith("driver"):
                    break
        if len(self.kills) > before:
            struck = sum(not kill.what.startswith("driver") for kill in self.kills[before:])
            self.kills[-1].problems += self._after(run, struck)
        elif not self._lacks:
            self.plan[before] = "driver"  # there is no work left that needs kernels

    def _wait(self, run: psutil.Popen, is_new: bool) -> None:
        """Wait for the next moment, counted from the start or the last kill of the run; or for its end."""
        delay, begun = self._delay(is_new), time.monotonic()
        while self.is_closing and self._lacks and run.poll() is None:
            time.sleep(0.005)
            begun = time.monotonic()  # the moment counts from when all reports are there
        while time.monotonic() < begun + delay and run.poll() is None:
            time.sleep(0.002)

    def _delay(self, is_new: bool) -> float:
        """So long that the work is about done with the last kill that falls into the making."""
        if self.is_closing:
            return self.chance.uniform(0, CLOSING_SECONDS if self._lacks else self.known.idle)
        start_up = self.known.first if is_new else 0.0
        work = (self.known.whole - self.known.first) * self._lacks / self.known.entries
        return self.chance.uniform(0, start_up + 1.5 * work / (self.making - len(self.kills)))

    @property
    def _lacks(self) -> int:
        return max(0, self.known.entries - self.batch.done)

    def _strike(self, run: psutil.Popen) -> str:
        """Kill what is due, a kernel or fork server as soon as there is one; empty if it ended before."""
        what = self.plan[len(self.kills)]
        while run.poll() is None:
            if what.startswith("driver"):
                run.send_signal(SIGNALS.get(what, signal.SIGKILL))
                return what
            found = list(HELPERS[what](run))
            if found and is_killed(self.chance.choice(found)):
                return what
            time.sleep(0.002)
        return ""

    def _note(self, what: str, after: float) -> None:
        self.kills.append(Kill(what, after, self.batch.done))
        say(f"{len(self.kills)}: {what} killed after {after:.1f} s, {self.kills[-1].done} entries there")

    def _after(self, run: psutil.Popen, struck: int) -> Iterator[str]:
        """What is wrong once the driver has ended, or when it does not.

        Of several kernels or fork servers that were killed in one run, two may have hit the same report: that
        is a row by right, and the next run makes it.
        """
        try:
            run.wait(PATIENCE_SECONDS if self.kills[-1].what.startswith("driver") else None)
        except psutil.TimeoutExpired:
            yield f"did not end in {PATIENCE_SECONDS:g} s"
            run.kill()
        yield from (f"process left: {words}" for words in left_over())
        failed = failures(self.batch.out)
        rows = {name: text for name, text in failed.items() if name not in self.failed}
        false = {name: text for name, text in rows.items() if struck < 2 or "killed twice" not in text}
        yield from (f"row of {name}: {text}" for name, text in false.items())
        self.failed |= failed.keys()


def broken_company(folder: Path, customers: int) -> Path:
    """A generated company with one case that cannot be used, so that one row fails whatever happens."""
    source = write_demo(folder, customers)
    case = sorted((source / "cases").glob("*.yaml"))[-1]
    case.write_text(
        case.read_text(encoding="utf-8").replace("currency: EUR", "currency: 7"), encoding="utf-8"
    )
    return source


def say(text: str) -> None:
    """Tell on the standard error."""
    print(text, file=sys.stderr, flush=True)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--customers", type=int, default=24)
    parser.add_argument("--draws", type=int, default=1000, help="of each business case, so that it is quick")
    parser.add_argument("--format", dest="formats", action="append", default=[], help="see vs-toolkit run")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where to work; what is made stays there")
    return parser.parse_args()


def trial(asked: argparse.Namespace, folder: Path) -> bool:
    """Make the batch undisturbed and disturbed, and print how they compare."""
    temporary = folder / "t"
    temporary.mkdir(parents=True)
    source = broken_company(folder / "source", asked.customers)
    calm = Batch(source, folder / "undisturbed", temporary, asked.draws, asked.formats)
    known = undisturbed(calm)
    say(f"undisturbed: {known.entries} entries, {known.whole:.1f} s; nothing to do: {known.idle:.1f} s")
    chaos = Chaos(replace(calm, out=folder / "killed"), known, asked.kills, asked.seed)
    while not chaos.is_over:
        chaos.go_on()
    code, _, seconds = chaos.batch.through()
    say(f"the last run ended with {code} after {seconds:.1f} s")
    found = [f"it ended with {code}, the undisturbed one with {known.code}"] if code != known.code else []
    found += [f"process left: {words}" for words in left_over()]
    found += [*differences(calm.out, chaos.batch.out), *leftovers(chaos.batch.out, temporary)]
    print("\n".join(report(chaos.kills, found)))
    return not (found or any(kill.problems for kill in chaos.kills))


def report(kills: list[Kill], found: list[str]) -> Iterator[str]:
    """Lines of the table of kills, and what is wrong in the end."""
    yield "| kill | what | after, s | entries there | then |"
    yield "|---|---|---|---|---|"
    for number, kill in enumerate(kills, start=1):
        then = "; ".join(kill.problems) or "well"
        yield f"| {number} | {kill.what} | {kill.after:.2f} | {kill.done} | {then} |"
    yield ""
    yield from found or ["The final result equals the undisturbed one, apart from times; nothing is left."]


def main() -> None:
    """Try it; exit code 1 if anything is wrong."""
    asked = arguments()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="chaos-") as temporary:
        sys.exit(0 if trial(asked, asked.keep or Path(temporary)) else 1)


if __name__ == "__main__":
    main()
