"""A measure: what it is, where it is meaningful, how it is worked out; and the register of all measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.metrics.facts import Facts

GROUPS = ("financial", "customers", "efficiency", "activity", "value to the customer")
COLUMNS = ("unit", "person", "segment", "customer")  # of the book's figure 22; a team stands under person
COLUMN_OF = {"company": "unit", "team": "person", "region": "segment", "product": "segment"}
YES, CARE, BLANK = "x", "(x)", ""
BOOK = "book, figure 22"
RESULTS = ["value", "low", "high", "n"]


@dataclass(frozen=True)
class Measure:
    """One entry of the register; all of its texts are printed in the appendix of the report.

    Attributes
    ----------
    name
        Name in tables and parameters.
    label
        Name on the page.
    group
        Group of figure 22.
    unit
        ``money`` (in the currency of the data), ``share``, ``days``, ``points``, or a word.
    better
        Which direction is better: ``higher``, ``lower``, or empty where neither is.
    levels
        Whether it is meaningful (``x``), partly (``(x)``) or not (``-``) by unit, person or team, segment and
        customer, separated by spaces.
    numerator, denominator
        What is divided by what; a sum has no denominator.
    placed_by
        The date that places a row in a period.
    open_rule
        What happens to open opportunities.
    counted
        Table whose rows give n.
    minimum
        Smallest n that is not flagged.
    none_when
        The degenerate case: when nothing is shown.
    of
        Pure function from :class:`Facts` to a Series by member, or a frame with the columns of ``RESULTS``.
    source
        Where the definition comes from.
    """

    name: str
    label: str
    group: str
    unit: str
    better: str
    levels: str
    numerator: str
    denominator: str
    placed_by: str
    none_when: str
    of: Callable[[Facts], pd.Series[float] | pd.DataFrame]
    counted: str = "sales"
    minimum: int = 0
    open_rule: str = "do not count"
    source: str = BOOK

    def mark(self, level: str) -> str:
        """Tell whether it is meaningful at a level: ``x``, ``(x)`` or empty.

        >>> dso = Measure("dso", "DSO", "financial", "days", "lower", "x - x (x)", "", "", "", "", len)
        >>> dso.mark("company"), dso.mark("team"), dso.mark("customer")
        ('x', '', '(x)')
        """
        column = COLUMNS.index(COLUMN_OF.get(level, level))
        return self.levels.replace("-", "").split(" ")[column]

    def at(self, facts: Facts) -> pd.DataFrame:
        """Work it out for every member of a level: ``value``, ``low``, ``high``, ``n``.

        At a level that figure 22 leaves blank, every value is missing.
        """
        if self.mark(facts.level) == BLANK:
            return pd.DataFrame(np.nan, index=facts.members, columns=RESULTS)
        found = self.of(facts)
        frame = found.to_frame("value") if isinstance(found, pd.Series) else found
        if "n" not in frame:
            frame = frame.assign(n=facts.rows(self.counted))
        return frame.reindex(columns=RESULTS).replace([np.inf, -np.inf], np.nan)


_REGISTER: dict[str, Measure] = {}
MEASURES: Mapping[str, Measure] = MappingProxyType(_REGISTER)
"""All registered measures by name."""


def register(measure: Measure) -> Measure:
    """Add a measure to the register.

    Raises
    ------
    ParameterError
        When the name is taken, or group or levels are none of those of figure 22.
    """
    marks = measure.levels.split(" ")
    if measure.name in _REGISTER:
        raise ParameterError(f"measure {measure.name!r} is registered already; choose another name")
    if measure.group not in GROUPS:
        raise ParameterError(f"group {measure.group!r}: {did_you_mean(measure.group, GROUPS)}")
    if len(marks) != len(COLUMNS) or not set(marks) <= {YES, CARE, "-"}:
        raise ParameterError(f"levels {measure.levels!r}: write four of x, (x) and -, such as 'x (x) x -'")
    _REGISTER[measure.name] = measure
    return measure


def measure_named(name: str) -> Measure:
    """Return a measure by its name.

    Raises
    ------
    ParameterError
        When there is none.
    """
    if name not in _REGISTER:
        raise ParameterError(f"measure {name!r} does not exist; {did_you_mean(name, list(_REGISTER))}")
    return _REGISTER[name]


def in_order() -> list[Measure]:
    """All measures in the order of the groups of figure 22."""
    return sorted(_REGISTER.values(), key=lambda measure: GROUPS.index(measure.group))


def estimate(value: Any, low: Any, high: Any, n: Any, index: pd.Index[Any]) -> pd.DataFrame:
    """Give a value its interval and the number of observations."""
    return pd.DataFrame({"value": value, "low": low, "high": high, "n": n}, index=index, dtype=float)
