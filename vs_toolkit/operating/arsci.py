"""Who answers for what: ARSCI grids of processes and action plans, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

ACCOUNTABLE, RESPONSIBLE = ("A", "AR"), ("R", "AR")
OVERLOAD = 0.5  # part of the activities from which on A or R on one role is too much
FEWEST = 4  # activities below which nobody is called overloaded
CONSULTED = 0.5  # part of the roles from which on too many are consulted
Grid = Mapping[str, Mapping[str, str | None]]


@dataclass(frozen=True)
class Violations:
    """What is wrong with one grid; each field names activities, the last two roles.

    ``no_accountable``, ``several_accountable``: not exactly one A. ``no_responsible``: no R.
    ``many_consulted``: half of the roles or more are C. ``role_without_duty``: a role without any letter.
    ``overloaded``: a role with A or R in more than half of the activities.
    """

    no_accountable: tuple[str, ...]
    several_accountable: tuple[str, ...]
    no_responsible: tuple[str, ...]
    many_consulted: tuple[str, ...]
    role_without_duty: tuple[str, ...]
    overloaded: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(len(names) for names in self.__dict__.values())


def arsci_violations(matrix: Grid | pd.DataFrame) -> Violations:
    """Check a grid of activities × roles with the letters A, R, S, C, I or AR.

    Sources: book, figure 4; rules as RACI builders have them (one A per row, at least one R).

    >>> arsci_violations({"offer": {"seller": "R", "manager": ""}}).no_accountable
    ('offer',)
    """
    given = matrix if isinstance(matrix, pd.DataFrame) else pd.DataFrame(dict(matrix)).T
    grid = given.fillna("")
    accountable = grid.isin(ACCOUNTABLE).sum(axis=1)
    responsible = grid.isin(RESPONSIBLE).sum(axis=1)
    consulted = (grid == "C").sum(axis=1)
    busy = grid.isin((*ACCOUNTABLE, *RESPONSIBLE)).sum(axis=0)
    too_much = (busy > OVERLOAD * len(grid)) & (len(grid) >= FEWEST)
    return Violations(
        no_accountable=_names(accountable == 0),
        several_accountable=_names(accountable > 1),
        no_responsible=_names(responsible == 0),
        many_consulted=_names((consulted >= 2) & (consulted >= CONSULTED * grid.shape[1])),
        role_without_duty=_names((grid == "").all(axis=0)),
        overloaded=_names(too_much),
    )


def _names(found: pd.Series[bool]) -> tuple[str, ...]:
    return tuple(str(name) for name in found.index[found])


def grids(responsibilities: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Grid of each process: activities in the order of the table × roles; "" where there is no duty."""
    found = {}
    for process, rows in responsibilities.groupby("process", sort=False):
        wide = rows.pivot_table(
            index="activity", columns="role", values="duty", aggfunc="first", dropna=False
        )
        order, roles = rows["activity"].drop_duplicates(), rows["role"].drop_duplicates()
        found[str(process)] = wide.reindex(index=order, columns=roles).fillna("").astype(object)
    return found


def accountable_people(responsibilities: pd.DataFrame, holders: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """For how many activities each person answers, through the roles that it holds on a day.

    Returns
    -------
    DataFrame
        Index: person_id, the most first; accountable (activities with an A on a role that the person holds
        alone or with others), share (of all activities), roles.
    """
    day = pd.Timestamp(as_of)
    ended = pd.to_datetime(holders["until"]) < day
    current = holders[(holders["since"] <= day) & ~ended]
    answers = responsibilities[responsibilities["duty"].isin(ACCOUNTABLE)]
    both = answers.merge(current[["role", "person_id"]], on="role")
    both["key"] = both["process"].astype(str) + "\0" + both["activity"].astype(str)
    all_of_them = len(responsibilities[["process", "activity"]].drop_duplicates())
    grouped = both.groupby("person_id")
    table = pd.DataFrame({"accountable": grouped["key"].nunique()})
    table["share"] = table["accountable"] / max(all_of_them, 1)
    table["roles"] = grouped["role"].unique().map(lambda roles: ", ".join(sorted(roles)))
    return table.sort_values("accountable", ascending=False, kind="stable")


def action_grid(actions: pd.DataFrame) -> pd.DataFrame:
    """Open actions of all customer plans with what is wrong with their duties; newest version of each.

    Returns
    -------
    DataFrame
        Index: row of ``actions``; customer_id, action, due, fault (one A, at least one R, a due day).
    """
    newest = actions.sort_values("recorded_on").drop_duplicates(["customer_id", "action_id"], keep="last")
    still = newest[newest["status"].isin(["open", "in progress"])]
    checks = {
        "nobody accountable": still["accountable"].isna(),
        "several accountable": still["accountable"].fillna("").str.contains(";"),
        "nobody responsible": still["responsible"].isna(),
        "no due day": still["due"].isna(),
    }
    faults = pd.Series("", still.index, dtype=object)
    for fault, wrong in checks.items():
        faults = faults.where(
            ~wrong.astype(bool), faults.map(lambda text, f=fault: f"{text}; {f}".strip("; "))
        )
    return still.assign(fault=faults)[["customer_id", "action", "due", "fault"]]
