"""The check that a user runs before anything is computed: everything wrong with a source, file by file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.cases.model_files import model_problems
from vs_toolkit.inputs.sources.source import Inputs

SHOWN_PER_FILE = 20
ALIKE = 4  # as many problems of one kind in a column become one line
PLACES = 5


def check(inputs: Inputs) -> tuple[Problem, ...]:
    """List everything that is wrong with a source: tables, business cases and value models."""
    return tuple(dict.fromkeys((*inputs.problems, *model_problems(inputs.folder))))


def describe(problems: Iterable[Problem]) -> str:
    """Write a list of problems for a reader: file by file, at most 20 of each file, and how many there are.

    Four or more of one kind in one column become one line with their places.

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
    return "\n".join([*blocks, f"{_counted(ordered)} in {_count(len(by_file), 'file')}"])


def _counted(problems: list[Problem]) -> str:
    warnings = sum(problem.is_warning for problem in problems)
    errors = len(problems) - warnings
    parts = [_count(errors, "problem")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
    return " and ".join(parts)


def _block(file: str, problems: list[Problem]) -> list[str]:
    lines = [f"  {line}" for line in _lines(problems)]
    more = len(lines) - SHOWN_PER_FILE
    return [file, *lines[:SHOWN_PER_FILE], *([f"  and {more} more"] if more > 0 else [])]


def _lines(problems: list[Problem]) -> Iterator[str]:
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(_kind(problem), []).append(problem)
    for alike in kinds.values():
        if len(alike) < ALIKE:
            yield from map(_without_file, alike)
        else:
            yield _many(alike)


def _kind(problem: Problem) -> tuple[str, ...]:
    """Problems of one kind differ in place and in what was found, which may be repeated in the message."""
    message = problem.message.replace(problem.found, "") if problem.found else problem.message
    sheet = problem.where.partition(",")[0] if problem.where.startswith("sheet ") else ""
    return problem.severity, sheet, problem.field, re.sub(r"[\d.,%]+", "#", message)


def _many(alike: list[Problem]) -> str:
    first = alike[0]
    sheet, _, cell = first.where.rpartition(", ")
    places = ", ".join(problem.where.rpartition(", ")[2] for problem in alike[:PLACES] if problem.where)
    more = f" and {len(alike) - PLACES:,} more" if len(alike) > PLACES else ""
    found = dict.fromkeys(problem.found for problem in alike if problem.found)
    shown = f" (found: {', '.join(list(found)[:3])}{' …' if len(found) > 3 else ''})" if found else ""
    where = ", ".join(part for part in (sheet, first.field) if part)
    kind = "warning: " if first.is_warning else ""
    return f"{where or cell}: {kind}{len(alike):,} times: {first.message}{shown}; {places}{more}"


def _without_file(problem: Problem) -> str:
    return str(problem).removeprefix(problem.file).lstrip(",: ")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
