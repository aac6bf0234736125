"""What a sales process asks of an opportunity at its stage: milestones reached, columns filled by then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from vs_toolkit.inputs.cases.process import ProviderPhase, SalesProcess


def phases_behind(process: SalesProcess, statuses: pd.DataFrame) -> dict[str, int]:
    """How many phases of the process an opportunity has behind it, by stage.

    A stage between two that the process names is as far as the earlier one. Empty where the process names
    none of the stages: then it says nothing of this funnel.

    >>> from vs_toolkit.inputs.cases.process import process_named
    >>> stages = pd.DataFrame({"status": ["Lead", "Lead qualified", "Demo"], "order": [1, 2, 3]})
    >>> phases_behind(process_named("value_sales"), stages)
    {'Lead': 0, 'Lead qualified': 1, 'Demo': 1}
    """
    named = {phase.status: place for place, phase in enumerate(process.provider.phases, 1) if phase.status}
    behind, so_far = {}, 0
    for status in statuses.sort_values("order", kind="stable")["status"]:
        so_far = max(so_far, named.get(str(status), 0))
        behind[str(status)] = so_far
    return behind if so_far else {}


def unmet(
    phases: Sequence[ProviderPhase], behind: Mapping[str, int], opportunities: pd.DataFrame
) -> pd.Series[Any]:
    """What opportunities lack of what is asked of them at their stage, milestone by milestone.

    Parameters
    ----------
    phases
        Phases of our process, in order.
    behind
        Stage -> how many of them are then behind.
    opportunities
        Index: opportunity; status and any columns of ``opportunities``. A column that is not there is a gap
        of the record and no fault of any opportunity.

    Returns
    -------
    Series
        Opportunities that lack something, in words.

    >>> phase = ProviderPhase(name="Quantify", milestone="Case agreed", requires=("expected_decision",))
    >>> cases = pd.DataFrame({"status": "Offer", "milestones": ["Visit; case agreed", None]}, ["A", "B"])
    >>> unmet([phase], {"Offer": 1}, cases).to_dict()
    {'B': 'Case agreed: not reached'}
    """
    rank = opportunities["status"].astype(object).map(behind).fillna(0)
    found = pd.Series("", index=opportunities.index, dtype=object)
    asked: set[str] = set()
    for place, phase in enumerate(phases):
        due, words = rank > place, pd.Series("", index=found.index, dtype=object)
        for text, lacking in _lacking(phase, opportunities, asked):
            words = words.mask(due & lacking, words + ", " + text)
        found = found.mask(words != "", found + f"; {phase.milestone or phase.name}: " + words.str[2:])
        asked |= {*phase.requires}
    return found[found != ""].str[2:]


def unrecorded(columns: Iterable[str], opportunities: pd.DataFrame) -> list[str]:
    """Columns in which nothing is recorded for any opportunity."""
    return [name for name in columns if name not in opportunities or opportunities[name].isna().all()]


def _lacking(
    phase: ProviderPhase, recorded: pd.DataFrame, asked: set[str]
) -> Iterator[tuple[str, pd.Series[bool]]]:
    """What a phase asks for, in words, and which opportunities lack it; not what an earlier one asked for."""
    if phase.milestone and "milestones" in recorded:
        milestone = phase.milestone.casefold()
        yield "not reached", recorded["milestones"].map(lambda reached: milestone not in _listed(reached))
    for name in phase.requires:
        if name in recorded and name not in asked:
            given = recorded[name].astype(object)
            words = name.replace("_", " ")
            text = f"{words[:-6]} not known" if words.endswith(" known") else f"{words} not recorded"
            yield text, given.isna() | given.isin([False, ""])


def _listed(milestones: Any) -> frozenset[str]:
    if not isinstance(milestones, str):
        return frozenset()
    return frozenset(part.strip().casefold() for part in milestones.split(";"))
