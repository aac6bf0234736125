"""The way of cases through the funnel as plain arrays: what makes a million changes a matter of seconds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Walk:
    """Status changes sorted by case, moment and place in the funnel; one number per change in each array.

    Attributes
    ----------
    case
        Number of the opportunity.
    at
        Moment, microseconds since 1970 (UTC).
    step
        Place in the funnel from 0; those below ``n_open`` are open, the others closings.
    row
        Row of the table it came from.

    Examples
    --------
    >>> one, two = np.array([0, 0, 1]), np.array([0, 2, 0])
    >>> walk = Walk(case=one, at=np.array([10, 30, 20]), step=two, row=np.arange(3), n_open=2)
    >>> walk.follows.tolist(), walk.is_open.tolist(), walk.next(walk.at, nothing=-1).tolist()
    ([False, True, False], [True, False, True], [30, -1, -1])
    """

    case: Ints
    at: Ints
    step: Ints
    row: Ints
    n_open: int

    def where(self, chosen: Bools) -> Walk:
        """Return the chosen changes only."""
        return Walk(self.case[chosen], self.at[chosen], self.step[chosen], self.row[chosen], self.n_open)

    @cached_property
    def follows(self) -> Bools:
        """Whether a change follows another one of the same case."""
        same: Bools = np.zeros(len(self.case), dtype=bool)
        same[1:] = self.case[1:] == self.case[:-1]
        return same

    @cached_property
    def is_open(self) -> Bools:
        """Whether the case is open in the status reached."""
        return self.step < self.n_open

    @cached_property
    def is_last(self) -> Bools:
        """Whether a change is the last one of its case."""
        return np.append(~self.follows[1:], True)[: len(self.case)]

    @property
    def starts(self) -> Ints:
        """Positions of the first change of each case."""
        return np.flatnonzero(~self.follows)

    def previous(self, column: Ints, nothing: int) -> Ints:
        """Value of ``column`` at the change before, ``nothing`` for the first of a case."""
        return np.where(self.follows, np.roll(column, 1), nothing)

    def next(self, column: Ints, nothing: int) -> Ints:
        """Value of ``column`` at the change after, ``nothing`` for the last of a case."""
        return np.where(self.is_last, nothing, np.roll(column, -1))
