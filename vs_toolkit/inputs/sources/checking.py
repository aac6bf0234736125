"""The check that a user runs before anything is computed: everything wrong with a source, file by file."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.cases.model_files import model_problems
from vs_toolkit.inputs.sources.source import Inputs

SHOWN_PER_FILE = 20


def check(inputs: Inputs) -> tuple[Problem, ...]:
    """List everything that is wrong with a source: tables, business cases and value models."""
    return tuple(dict.fromkeys((*inputs.problems, *model_problems(inputs.folder))))


def describe(problems: Iterable[Problem]) -> str:
    """Write a list of problems for a reader: file by file, at most 20 of each file, and how many there are.

    >>> print(describe([Problem("a.csv", "line 2", "wacc", "8", "8 would be 800 %; write 0.08 or 8%")]))
    a.csv
      line 2, wacc: 8 would be 800 %; write 0.08 or 8% (found: 8)
    1 problem in 1 file
    """
    ordered = sorted(problems, key=lambda problem: problem.file)  # stable: keeps the order within a file
    by_file = [(file, list(group)) for file, group in groupby(ordered, key=lambda problem: problem.file)]
    if not by_file:
        return "no problems found"
    blocks = [line for file, group in by_file for line in _block(file, group)]
    return "\n".join([*blocks, f"{_count(len(ordered), 'problem')} in {_count(len(by_file), 'file')}"])


def _block(file: str, problems: list[Problem]) -> list[str]:
    lines = [f"  {_without_file(problem)}" for problem in problems[:SHOWN_PER_FILE]]
    more = len(problems) - SHOWN_PER_FILE
    return [file, *lines, *([f"  and {more} more"] if more > 0 else [])]


def _without_file(problem: Problem) -> str:
    return str(problem).removeprefix(problem.file).lstrip(",: ")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
