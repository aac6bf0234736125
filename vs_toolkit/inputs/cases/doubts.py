"""What in a business case may be right and looks wrong: a warning with its line; the case is used all the
same.

A rule is a function that yields the path of a field and what to say of it; ``@doubt`` registers it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.cases import plausibility
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.document import Document, Path

Rule = Callable[[BusinessCase], Iterable[tuple[Path, str]]]
RULES: list[Rule] = [*plausibility.RULES]


def doubt(rule: Rule) -> Rule:
    """Register a rule."""
    RULES.append(rule)
    return rule


def doubts_of(case: BusinessCase, document: Document) -> tuple[Problem, ...]:
    """Apply every rule to a case; each warning names the line of its field."""
    found = ((path, message) for rule in RULES for path, message in rule(case))
    return tuple(_warning(document, path, message) for path, message in found)


def _warning(document: Document, path: Path, message: str) -> Problem:
    problem = document.problem(path, message)
    return Problem(problem.file, problem.where, problem.field, problem.found, problem.message, "warning")


@doubt
def decided_before_it_was_made(case: BusinessCase) -> Iterator[tuple[Path, str]]:
    """A decision that is due before the case was made."""
    if case.decision_by is not None and case.decision_by < case.dated:
        yield ("decision_by",), f"lies before the day of the case ({case.dated})"
