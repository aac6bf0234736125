"""Customers of the example company as account teams see them, and the people who work there.

All of it is invented. People at the customers bear the names of their jobs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

Row = dict[str, Any]
Job = tuple[str, str, str, str | None, int]  # name, function, level, role, influence
EVERY = 24  # a finding is planted once in so many customers
WHITE_SPACE, PURCHASING, ALL_GREEN, UNTOUCHED, WRONG_EFFORT, ONE_WEIGHT = range(6)
REGION = 12  # a key customer; that it loses money in one region stands in its sales
QUALITY = {  # of the relationship, from 0 to 1
    WHITE_SPACE: 0.88, PURCHASING: 0.9, ALL_GREEN: 0.7, WRONG_EFFORT: 0.6, ONE_WEIGHT: 0.64, REGION: 0.85,
}  # fmt: skip
JOBS: tuple[Job, ...] = (
    ("Head of purchasing", "purchasing", "management", "technical buyer", 3),
    ("Buyer", "purchasing", "operational", None, 2),
    ("Logistics manager", "logistics", "management", None, 2),
    ("Plant manager", "manufacturing", "management", "user buyer", 4),
    ("Shift supervisor", "manufacturing", "operational", "user buyer", 1),
    ("Maintenance manager", "service", "management", "coach", 3),
    ("Process engineer", "R&D", "management", "technical buyer", 3),
    ("Finance director", "finance", "executive", "economic buyer", 5),
    ("Controller", "finance", "management", "financial expert", 3),
    ("Managing director", "top management", "executive", "economic buyer", 5),
    ("Head of strategy", "business development", "management", "business development", 3),
    ("Sales director", "sales", "management", None, 3),
)
BUYERS: tuple[Job, ...] = (*JOBS[:2], ("Category buyer", "purchasing", "operational", None, 2))
WIDTH = {"product": 3, "solution": 7, "value": 11}  # contacts of a team that follows the strategy
UNITS = ("Main site", "Second site", "Head office")
MATTERS = ("Availability of the line", "Cost per tonne", "Fewer suppliers", "Safety record", "Cash tied up")
STYLES = ("Wants figures first", "Asks the users", "Decides with the board", "Follows the specification")
LINES = (  # who, whom, what the line means
    ("Maintenance manager", "Plant manager", "influences"),
    ("Plant manager", "Finance director", "influences"),
    ("Controller", "Finance director", "reports to"),
    ("Head of purchasing", "Plant manager", "in conflict"),
    ("Buyer", "Head of purchasing", "reports to"),
)
VISITED = ("Visit", "Workshop")  # activities whose record names the person met


@dataclass(frozen=True)
class Account:
    """One customer: how good the relationship is (0 to 1), what is planted there (-1: nothing)."""

    row: Mapping[Any, Any]
    quality: float
    planted: int
    jobs: tuple[Job, ...]
    rng: np.random.Generator
    as_of: pd.Timestamp
    cases: pd.DataFrame

    @property
    def id(self) -> str:
        """Id of the customer."""
        return str(self.row["customer_id"])

    @property
    def strategy(self) -> str:
        """Sales strategy that the team follows."""
        return "product" if self.quality < 0.35 else "solution" if self.quality < 0.65 else "value"

    def day(self, months: int, days: int = 0) -> pd.Timestamp:
        """Return a day so many months ago; where nothing was touched for long, 15 months before that."""
        untouched = 15 if self.planted == UNTOUCHED else 0
        return self.as_of - pd.DateOffset(months=months + untouched, days=days)

    def score(self, spread: float = 18.0) -> float:
        """Draw a score around the quality of the relationship, in steps of five."""
        return float(np.clip(5 * np.round((100 * self.quality + self.rng.normal(0, spread)) / 5), 0, 100))

    def contact(self, place: int) -> str:
        """Return the id of a contact, counted from 0."""
        return f"{self.id}-K{place + 1:02d}"


def account(index: int, row: Mapping[Any, Any], cases: pd.DataFrame, as_of: date, seed: int) -> Account:
    """Describe the customer with this number, counted from 0; ``cases`` are its open opportunities."""
    rng = np.random.default_rng([seed, 11, index])
    place = index % EVERY
    planted = place if place in (*QUALITY, UNTOUCHED) else -1
    quality = float(rng.uniform(0.15, 0.85))
    made = Account(row, QUALITY.get(planted, quality), planted, (), rng, pd.Timestamp(as_of), cases)
    skipped = int(rng.integers(3, len(JOBS)))
    known = [job for i, job in enumerate(JOBS[: WIDTH[made.strategy] + 1]) if i != skipped]
    jobs = {WHITE_SPACE: JOBS, PURCHASING: BUYERS}.get(planted, tuple(known))
    return Account(row, made.quality, planted, jobs, rng, made.as_of, cases)


def contacts(account: Account) -> Iterator[Row]:
    """Judge the people at the customer; some judgements have changed since the last review."""
    rng = account.rng
    chances = np.array([0.1, 0.5 - 0.3 * account.quality, 0.4 + 0.3 * account.quality])
    for place, (name, function, level, role, influence) in enumerate(account.jobs):
        attitude = str(rng.choice(["negative", "neutral", "positive"], p=chances / chances.sum()))
        met = account.day(int(rng.integers(1, 5))) if rng.random() < 0.7 else account.day(14)
        row = {
            "contact_id": account.contact(place),
            "customer_id": account.id,
            "recorded_on": account.day(8, place),
            "name": name,
            "title": f"{name}, {account.row['name']}",
            "customer_unit": UNITS[place % len(UNITS)],
            "function": function,
            "level": level,
            "role": role,
            "attitude": "positive" if account.planted == ALL_GREEN else attitude,
            "influence": influence,
            "decision_style": str(rng.choice(STYLES)),
            "what_matters": str(rng.choice(MATTERS)),
            "next_step": "Invite to the plant of another customer" if place % 3 == 0 else None,
            "owner_id": account.row["owner_id"],
            "last_met": account.day(1) if account.planted in (ALL_GREEN, WHITE_SPACE) else met,
            "left": None,
        }
        yield row
        if place == 3 and account.planted != UNTOUCHED:
            yield row | {"recorded_on": account.day(1), "attitude": "positive"}
    if account.planted == -1 and account.jobs:
        gone = {"contact_id": account.contact(90), "name": "Former plant manager", "left": True}
        yield row | gone | {"recorded_on": account.day(2)}


def influences(account: Account) -> Iterator[Row]:
    """Draw lines between people: who listens to whom, and who is at odds."""
    names = [job[0] for job in account.jobs]
    for one, other, kind in LINES:
        if one in names and other in names:
            yield {
                "customer_id": account.id,
                "contact_id": account.contact(names.index(one)),
                "other_id": account.contact(names.index(other)),
                "kind": kind,
                "recorded_on": account.day(7),
            }


def with_contacts(activities: pd.DataFrame, contacts: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Name the contact met in most visits and workshops, one of the customer's."""
    rng = np.random.default_rng([seed, 12])
    ids = contacts[~contacts["left"].eq(True)].groupby("customer_id")["contact_id"].unique()
    drawn = rng.random(len(activities))
    known = activities["customer_id"].map(ids)
    met = activities["type"].isin(VISITED) & known.notna() & (rng.random(len(activities)) < 0.8)
    named: Any = [
        options[int(share * share * len(options))] if meets else None  # a few are met often, most seldom
        for options, share, meets in zip(known, drawn, met, strict=True)
    ]
    return activities.assign(contact_id=named)
