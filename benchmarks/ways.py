"""Other ways of making the same reports: stock tools in a loop, in a pool, and without any kernel.

    python benchmarks/ways.py loop|pool|floor|floors ORDERS.json

``ORDERS.json`` is a list of orders (see :class:`Order`); a line of JSON with the processor and wall seconds
of the work itself, without what came before it, goes to the standard output.

- ``loop``: papermill with its stock engine and kernel, then the stock HTML exporter, one after the other.
- ``pool``: the same in a process pool of all cores.
- ``floor``: the cells run and drawn, their outputs formatted and the page rendered in this process, which has
  imported everything and made one report before: no kernel, no messages, no fresh process.
- ``floors``: the floor in as many processes as there are cores, forked when all is warm.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_output

CORES = len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Order:
    """One report: file of the notebook, parameters, partition, files to write (without ending)."""

    notebook: str
    parameters: Mapping[str, Any]
    partition: str
    out: str


def stock(order: Order) -> None:
    """Run with stock papermill, convert with the stock exporter."""
    os.environ["VS_PARTITION"] = order.partition
    written = f"{order.out}.ipynb"
    papermill.execute_notebook(order.notebook, written, parameters=order.parameters, progress_bar=False)
    page, _ = _stock_exporter().from_filename(written)
    Path(f"{order.out}.html").write_text(page, encoding="utf-8")


@cache
def _stock_exporter() -> Any:
    return HTMLExporter(exclude_input=True)


def bare(order: Order) -> None:
    """Run in this process without a kernel, render as our batch does."""
    from vs_toolkit.reports import render_html

    os.environ["VS_PARTITION"] = order.partition
    notebook: NotebookNode = nbformat.read(order.notebook, as_version=4)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = run_cell(cell.source, namespace)
            if "parameters" in cell.metadata.get("tags", ()):
                namespace |= order.parameters
    Path(f"{order.out}.html").write_text(render_html(notebook, "Report"), encoding="utf-8")


def run_cell(source: str, namespace: dict[str, Any]) -> list[NotebookNode]:
    """Run a cell as a notebook would; its outputs are what is displayed, printed, and its last value."""
    outputs: list[NotebookNode] = []
    *before, last = ast.parse(source).body
    namespace["display"] = lambda *values: outputs.extend(shown("display_data", v) for v in values)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.Module(before, []), "<cell>", "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
            outputs += [] if value is None else [shown("execute_result", value)]
        else:
            exec(compile(ast.Module([last], []), "<cell>", "exec"), namespace)
    if printed.getvalue():
        outputs.append(new_output("stream", name="stdout", text=printed.getvalue()))
    return outputs


def shown(kind: str, value: object) -> NotebookNode:
    """Format a value in all the ways that it can be shown in."""
    data, metadata = _formatter().format(value)
    output: NotebookNode = new_output(kind, data=data, metadata=metadata)
    return output


@cache
def _formatter() -> Any:
    from IPython.core.formatters import DisplayFormatter

    return DisplayFormatter()


def loop(make: Callable[[Order], None], orders: Sequence[Order]) -> None:
    """Make the reports one after the other."""
    for order in orders:
        make(order)


def pool(make: Callable[[Order], None], orders: Sequence[Order]) -> None:
    """Make the reports in a process pool of all cores."""
    with ProcessPoolExecutor(CORES) as executor:
        for _ in executor.map(make, orders):
            pass


WAYS = {"loop": (loop, stock), "pool": (pool, stock), "floor": (loop, bare), "floors": (pool, bare)}


def work(name: str, orders: Sequence[Order]) -> dict[str, float]:
    """Make the reports; wall and processor seconds of the work itself."""
    way, make = WAYS[name]
    if make is bare:
        make(orders[0])  # now it is warm
    started, used = time.monotonic(), _cpu_seconds()
    way(make, orders)
    return {"seconds": time.monotonic() - started, "cpu_seconds": _cpu_seconds() - used}


def _cpu_seconds() -> float:
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, whose))


def read_orders(file: str) -> Iterator[Order]:
    """Read the orders of a file."""
    for order in json.loads(Path(file).read_text(encoding="utf-8")):
        yield Order(**order)


if __name__ == "__main__":
    print(json.dumps(work(sys.argv[1], list(read_orders(sys.argv[2])))))
