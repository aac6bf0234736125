"""Errors whose text is meant for the user: what was found, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One problem with an input, and where it is.

    ``where`` is a cell (``sheet customers, cell C2``) or a line (``line 12``); ``field`` the column or the
    dotted name in a document; ``found`` the offending value as it stands there. An ``error`` keeps what it
    stands in from being used; a ``warning`` is reported, and the value is used.

    >>> print(Problem("case.yaml", "line 4", "customer_wacc", "8", "8 would be 800 %; write 0.08 or 8%"))
    case.yaml, line 4, customer_wacc: 8 would be 800 %; write 0.08 or 8% (found: 8)
    >>> print(Problem("case.yaml", "line 9", "decision_by", "", "lies before dated", "warning"))
    case.yaml, line 9, decision_by: warning: lies before dated
    """

    file: str
    where: str
    field: str
    found: str
    message: str
    severity: Severity = "error"

    @property
    def is_warning(self) -> bool:
        """Whether the value is used all the same."""
        return self.severity == "warning"

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.file, self.where, self.field) if part)
        kind = "warning: " if self.is_warning else ""
        return f"{place}: {kind}{self.message}" + (f" (found: {self.found})" if self.found else "")


class VsToolkitError(Exception):
    """Base of all errors that the toolkit raises deliberately; the text is meant for the user.

    A notebook shows that text alone: where in the toolkit it was raised helps nobody.
    """

    def _render_traceback_(self) -> list[str]:
        """Lines that IPython shows in place of the traceback."""
        return [f"\x1b[31m{line}\x1b[0m" for line in str(self).splitlines()]


class InputError(VsToolkitError, ValueError):
    """Invalid input; carries every problem found, not only the first.

    >>> str(InputError([Problem("a.csv", "line 2", "wacc", "x", "write a number")]))
    'a.csv, line 2, wacc: write a number (found: x)'
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Pass it to another process with its problems, not with its text."""
        return type(self), (self.problems,)


class ParameterError(VsToolkitError, ValueError):
    """A notebook parameter that is unknown, of the wrong type or out of range."""


class PartitionError(VsToolkitError, LookupError):
    """A notebook asked for data outside its partition."""


class FolderInUseError(VsToolkitError):
    """Another batch is writing into the output folder."""
