"""Who we know at the customer, who the strategy needs, what is missing for a decision (book, figure 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

import pandas as pd

from vs_toolkit.inputs.tables.plan import Function, Level, Role
from vs_toolkit.plan.versions import Frames, newest, table

FUNCTIONS: tuple[str, ...] = get_args(Function)
LEVELS: tuple[str, ...] = get_args(Level)
ROLES: tuple[str, ...] = get_args(Role)
ATTITUDES = ("negative", "neutral", "positive")
HIGH_INFLUENCE = 4
ENOUGH_FOR_DOUBT = 4  # so many known attitudes, all positive, are doubted
_PRODUCT = {("purchasing", "operational"), ("purchasing", "management"), ("logistics", "operational")}
_SOLUTION = _PRODUCT | {
    ("logistics", "management"),
    ("R&D", "management"),
    ("manufacturing", "operational"),
    ("manufacturing", "management"),
    ("service", "management"),
}
_VALUE = _SOLUTION | {
    ("marketing", "management"),
    ("sales", "management"),
    ("finance", "management"),
    ("finance", "executive"),
    ("manufacturing", "executive"),
    ("business development", "management"),
    ("top management", "executive"),
}
NEEDED: dict[str, frozenset[tuple[str, str]]] = {
    "product": frozenset(_PRODUCT),
    "solution": frozenset(_SOLUTION),
    "value": frozenset(_VALUE),
}
"""Cells (function, level) that each strategy needs: the functions are the book's, the levels our reading."""


def people(tables: Frames, as_of: date) -> pd.DataFrame:
    """Contacts who are still there, with the day on which each was last met (missing: not known).

    Returns
    -------
    DataFrame
        Index ``contact_id``; the columns of ``contacts`` and ``met_on``.
    """
    known = newest(table(tables, "contacts"), "contact_id")
    here = known[~known["left"].eq(True).fillna(False).astype(bool)].set_index("contact_id")
    met = table(tables, "activities").dropna(subset=["contact_id"]).groupby("contact_id")["date"].max()
    stated = here["last_met"].where(here["last_met"] <= pd.Timestamp(as_of))
    return here.assign(met_on=pd.concat([stated, met.reindex(here.index)], axis=1).max(axis=1))


def fresh(met_on: pd.Series[Any], as_of: date, stale_days: int) -> pd.Series[bool]:
    """Tell who was met within ``stale_days`` of ``as_of``; an unknown day is not fresh."""
    return met_on >= pd.Timestamp(as_of) - pd.Timedelta(days=stale_days)


@dataclass(frozen=True)
class Coverage:
    """Contacts by function and level against what a strategy needs.

    ``cells`` has one row per cell that is needed or known: function, level, needed, known (contacts), met_on
    (newest), attitude (of the most influential contact, blank: not known) and state: ``covered`` (somebody
    met lately), ``stale`` (known, not met lately) or ``empty``. ``share`` is covered needed cells ÷ needed.
    """

    strategy: str
    cells: pd.DataFrame

    @property
    def needed(self) -> pd.DataFrame:
        """Cells that the strategy needs."""
        return self.cells[self.cells["needed"]]

    @property
    def share(self) -> float | None:
        """Share of the needed cells that are covered; None without a strategy."""
        needed = self.needed
        return None if needed.empty else float((needed["state"] == "covered").mean())

    def of_state(self, state: str) -> tuple[str, ...]:
        """Needed cells in a state, as ``function (level)``."""
        rows = self.needed[self.needed["state"] == state]
        return tuple(f"{f} ({level})" for f, level in zip(rows["function"], rows["level"], strict=True))


def coverage(persons: pd.DataFrame, strategy: str, as_of: date, stale_days: int) -> Coverage:
    """Compare the contacts with what a strategy needs; ``strategy`` may be empty: then nothing is needed."""
    needed = NEEDED.get(strategy, frozenset())
    ranked = persons.sort_values("influence", ascending=False, kind="stable", na_position="last")
    known: dict[tuple[str, str], list[tuple[Any, bool, Any]]] = {}
    lately = fresh(ranked["met_on"], as_of, stale_days)
    for function, level, *person in zip(
        ranked["function"], ranked["level"], ranked["met_on"], lately, ranked["attitude"], strict=True
    ):
        known.setdefault((function, level), []).append((person[0], bool(person[1]), person[2]))
    order = [(function, level) for function in FUNCTIONS for level in LEVELS]
    rows = [
        (*cell, cell in needed, *_cell(known.get(cell, [])))
        for cell in order
        if cell in needed or cell in known
    ]
    names = ["function", "level", "needed", "known", "met_on", "attitude", "state"]
    return Coverage(strategy, pd.DataFrame(rows, columns=names).astype({"needed": bool}))


def _cell(known: list[tuple[Any, bool, Any]]) -> tuple[int, Any, str | None, str]:
    """Contacts in a cell, the most influential first: how many, last met, attitude, state."""
    met = [day for day, _, _ in known if not pd.isna(day)]
    attitude = next((held for _, _, held in known if isinstance(held, str)), None)
    state = "covered" if any(lately for _, lately, _ in known) else "stale" if known else "empty"
    return len(known), max(met, default=pd.NaT), attitude, state


@dataclass(frozen=True)
class Decision:
    """What is missing, or in the way, for a decision in our favour."""

    missing_roles: tuple[str, ...]
    opponents: tuple[str, ...]
    conflicts: tuple[tuple[str, str], ...]
    lately_met: int
    single_threaded: bool
    all_positive: bool
    known: int


def decision(persons: pd.DataFrame, influences: pd.DataFrame, as_of: date, stale_days: int) -> Decision:
    """Check the map of decision makers: roles, opponents, conflicts, number of live contacts.

    Single-threaded: at least one contact is known, and at most one was met lately. A map on which all of at
    least four known attitudes are positive is doubted: real decisions have opponents.
    """
    roles = set(persons["role"].dropna())
    influential = persons["influence"].fillna(0) >= HIGH_INFLUENCE
    against = persons[influential & (persons["attitude"] == "negative")]
    attitudes = persons["attitude"].dropna()
    lately = int(fresh(persons["met_on"], as_of, stale_days).sum())
    return Decision(
        missing_roles=tuple(role for role in ROLES[:4] if role not in roles),
        opponents=tuple(against["name"]),
        conflicts=tuple(_pairs(persons, influences, "in conflict")),
        lately_met=lately,
        single_threaded=len(persons) > 0 and lately <= 1,
        all_positive=len(attitudes) >= ENOUGH_FOR_DOUBT and bool((attitudes == "positive").all()),
        known=len(persons),
    )


def _pairs(persons: pd.DataFrame, influences: pd.DataFrame, kind: str) -> list[tuple[str, str]]:
    lines = influences[influences["kind"] == kind]
    names = persons["name"]
    return [
        (names[a], names[b])
        for a, b in zip(lines["contact_id"], lines["other_id"], strict=True)
        if a in names.index and b in names.index
    ]


def by_team(tables: Frames, persons: pd.DataFrame, as_of: date, months: int = 12) -> pd.DataFrame:
    """Meetings of each contact with each of our people in the last months: contact x person, counts.

    Who keeps a contact without a recorded meeting stands there with 0; otherwise blank.
    """
    since = pd.Timestamp(as_of) - pd.DateOffset(months=months)
    done = table(tables, "activities").dropna(subset=["contact_id", "person_id"])
    recent = done[(done["date"] > since) & done["contact_id"].isin(list(persons.index))]
    counts = recent.groupby(["contact_id", "person_id"]).size()
    kept = persons["owner_id"].dropna()
    owners = pd.Series(
        0, index=pd.MultiIndex.from_arrays([kept.index, kept], names=["contact_id", "person_id"])
    )
    both = counts.add(owners[~owners.index.isin(counts.index)], fill_value=0)
    return (
        both.unstack("person_id").reindex(persons.index) if len(both) else pd.DataFrame(index=persons.index)
    )
