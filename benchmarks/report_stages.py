"""Where the processor seconds of one report go, stage by stage, and how far that is from the floor.

    python benchmarks/report_stages.py [REPORTS] [NOTEBOOK]

One report at a time, each in its own forked kernel, as a batch makes it; in turn with it the floor: the same
cells run in this process, which is warm, and drawn as HTML. Processor seconds of the kernel and of the fork
server are read from their own clocks.
"""

from __future__ import annotations

import ast
import gc
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from vs_toolkit.batch import execute as execution
from vs_toolkit.batch import nursery
from vs_toolkit.batch.execute import Task, execute
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Job
from vs_toolkit.batch.kernels import ReportKernel, new_kernel
from vs_toolkit.batch.parameters import inject
from vs_toolkit.batch.partitions import Partitions
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.batch.warm import NURSERY
from vs_toolkit.demo import AS_OF, write_demo
from vs_toolkit.reports import render_html

STAGES = {
    "fork": "fork server: fork",
    "boot": "kernel: start until it answers",
    "cells": "kernel: cells",
    "driver": "driver: papermill, messages",
    "render": "driver: HTML",
    "wall": "wall clock, one report at a time",
}


def cpu(pid: int) -> float:
    """Processor seconds of a process: the clock that ``clock_getcpuclockid`` of the C library names."""
    return time.clock_gettime((~pid << 3) | 2)


@dataclass
class Meter:
    """Collects what each report took, by stage."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    kilobytes: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    ready: float = 0.0

    def add(self, stage: str, seconds: float) -> None:
        self.seconds[stage].append(seconds)

    def mean(self, stage: str) -> float:
        return statistics.fmean(self.seconds[stage])


METER = Meter()


class MeteredKernel(ReportKernel):
    """A report's kernel whose clock and memory are read before it ends."""

    def close(self) -> None:
        pid = self.provisioner.pid
        METER.add("cells", cpu(pid) - METER.ready)
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, size, _ = line.split()
            METER.kilobytes[name.rstrip(":")].append(float(size))
        super().close()


class MeteredRun(execution._Run):
    """A run that notes what its kernel has used when it is ready."""

    def begin(self, notebook: NotebookNode) -> None:
        METER.ready = cpu(self.kernel.provisioner.pid)
        METER.add("boot", METER.ready)
        super().begin(notebook)


def metered_kernel(*arguments: Any) -> ReportKernel:
    kernel = new_kernel(*arguments)
    kernel.__class__ = MeteredKernel
    return kernel


def report(job: Job, partition: Path) -> None:
    """Make one report and note what each stage took."""
    server = NURSERY._server._forkserver_pid
    notebook = nbformat.reads(job.notebook.document, as_version=4)
    environment = {"VS_PARTITION": str(partition)}
    given = inject(notebook, job.notebook.parameters, job.parameters)
    task = Task(given, environment, job.notebook.folder, timeout=600, warm=True, watched=job.notebook.folder)
    wall, forked, driver = time.perf_counter(), cpu(server), time.process_time()
    executed = execute(task)
    METER.add("fork", cpu(server) - forked)
    METER.add("driver", time.process_time() - driver)
    if executed.status != "ok":
        sys.exit(f"{job.name}: {executed.error}")
    drawing = time.process_time()
    render_html(executed.notebook, job.title)
    METER.add("render", time.process_time() - drawing)
    METER.add("wall", time.perf_counter() - wall)


def floor(job: Job, partition: Path) -> None:
    """Run the same cells in this process and draw the page."""
    os.environ["VS_PARTITION"] = str(partition)
    notebook = nbformat.reads(job.notebook.document, as_version=4)
    notebook = inject(notebook, job.notebook.parameters, job.parameters)
    started = time.process_time()
    shown: list[Any] = []
    names: dict[str, Any] = {"display": lambda *things: shown.extend(things)}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            _run(cell, names, shown)
    METER.add("floor: cells", time.process_time() - started)
    del os.environ["VS_PARTITION"]


def _run(cell: NotebookNode, names: dict[str, Any], shown: list[Any]) -> None:
    tree = ast.parse(cell.source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if isinstance(last, ast.Expr):
        shown.append(eval(compile(ast.Expression(last.value), "cell", "eval"), names))
    cell.outputs = [
        nbformat.v4.new_output("display_data", {"text/html": thing._repr_html_()})
        for thing in shown
        if thing is not None and hasattr(thing, "_repr_html_")
    ]
    shown.clear()


def measure(jobs: list[Job], partition: Callable[[Job], Path]) -> None:
    """Make every report once to warm up and once to measure, the floor in turn with it."""
    execution.new_kernel, execution._Run = metered_kernel, MeteredRun
    NURSERY.start()
    for make in (report, floor):
        make(jobs[0], partition(jobs[0]))
    gc.collect()
    gc.freeze()  # else the collector's visits to this process count as work of whichever stage they meet
    METER.seconds.clear()
    METER.kilobytes.clear()
    for job in jobs:
        report(job, partition(job))
        floor(job, partition(job))


def show(count: int) -> None:
    print(f"{count} reports, processor seconds each")
    for stage, name in STAGES.items():
        print(f"| {name:34} | {METER.mean(stage):.3f} |")
    ours = sum(METER.mean(stage) for stage in ("fork", "boot", "cells", "driver", "render"))
    least = METER.mean("floor: cells") + METER.mean("render")
    print(f"| {'all of it':34} | {ours:.3f} |")
    print(f"| {'floor: cells and HTML, warm process':34} | {least:.3f} |")
    print(f"{ours / least:.2f} times the floor; overhead {ours - least:.3f}")
    memory = {name: statistics.fmean(sizes) / 1024 for name, sizes in METER.kilobytes.items()}
    print(", ".join(f"{name} {memory[name]:.0f} MiB" for name in ("Pss", "Private_Dirty", "Rss")))


def main(count: int, notebook: str) -> None:
    os.environ.update(nursery.ENVIRONMENT | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "company"), Path(folder, "reports")
        write_demo(source, customers=count)
        ordered = plan(Request(str(source), str(out), AS_OF, notebooks=(notebook,)))
        jobs = [job for job in ordered.wanted if not job.problem][:count]
        partitions = Partitions(ordered.data, Folder(folder), jobs)

        def partition(job: Job) -> Path:
            partitions.provide(job)
            return Path(partitions.url(job))

        measure(jobs, partition)
    show(len(jobs))


if __name__ == "__main__":
    main(int((sys.argv[1:] or ["24"])[0]), (sys.argv[2:] or ["business_impact"])[0])
