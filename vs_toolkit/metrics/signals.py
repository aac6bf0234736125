"""What a sales director should ask whom: patterns in the figures, each with the amount at stake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vs_toolkit.metrics import bridge, cohorts
from vs_toolkit.metrics.book import UNKNOWN, Book
from vs_toolkit.metrics.facts import Facts
from vs_toolkit.metrics.measures.profit import net_sales, profit_contribution
from vs_toolkit.periods import Period

MOSTLY = 0.5  # share of a person's sales from one customer that makes the results rest on it
MANY = 2.0  # times the median of visits
ENOUGH = 30  # visits below which nobody is said to make many


@dataclass(frozen=True)
class Signal:
    """One pattern found.

    Attributes
    ----------
    kind
        ``given away``, ``carried``, ``pulled forward``, ``inherited``, ``visits``.
    level, member
        Whom it is about.
    amount
        Money at stake.
    figures
        What the sentence needs.
    """

    kind: str
    level: str
    member: str
    amount: float
    figures: dict[str, float | str]


def given_away(book: Book, period: Period) -> list[Signal]:
    """Units whose higher discounts were not paid back by volume; amount: what the extra discount cost."""
    table = bridge.discount_test(book, "unit", period.year_before, period)
    listed = Facts(book, period, "unit").total("sales", "listed")
    found = []
    for unit, row in table[table["paid"].eq(False)].iterrows():
        cost = (row["discount"] - row["discount_before"]) * listed[str(unit)]
        found.append(
            Signal(
                "given away", "unit", str(unit), float(cost), {str(name): row[str(name)] for name in table}
            )
        )
    return found


def carried(book: Book, period: Period) -> list[Signal]:
    """Regions with a negative profit contribution while all others together earn one; amount: the loss."""
    facts = Facts(book, period, "region")
    earned, sold = profit_contribution(facts).dropna(), net_sales(facts)
    total = earned.sum()
    return [
        Signal(
            "carried",
            "region",
            str(name),
            float(-amount),
            {"sales": sold[str(name)], "others": total - amount},
        )
        for name, amount in earned.items()
        if amount < 0 < total - amount and name != UNKNOWN
    ]


def pulled_forward(book: Book, period: Period) -> list[Signal]:
    """Units that met their plan only with sales agreed for after the period; amount: those sales."""
    table = cohorts.pulled_forward(book, "unit", period)
    met = table[(table["actual"] >= table["plan"]) & (table["actual"] - table["pulled"] < table["plan"])]
    return [
        Signal(
            "pulled forward",
            "unit",
            str(unit),
            float(row["pulled"]),
            {"actual": row["actual"], "plan": row["plan"]},
        )
        for unit, row in met.iterrows()
    ]


def inherited(book: Book, period: Period) -> list[Signal]:
    """People whose sales rest on one customer that a colleague had before; amount: sales to it."""
    table = cohorts.largest_customer(book, period)
    sold = net_sales(Facts(book, period, "person"))
    rests = table[(table["share"] >= MOSTLY) & (table["from"] != "")]
    return [
        Signal(
            "inherited",
            "person",
            str(person),
            float(row["share"] * sold[str(person)]),
            {"customer": row["customer"], "share": row["share"], "from": row["from"], "rest": row["rest"]},
        )
        for person, row in rests.iterrows()
        if row["since"] > period.first - pd.DateOffset(years=1)
    ]


def many_visits(book: Book, period: Period) -> list[Signal]:
    """People with far more visits than usual and no higher win rate; amount: cost of the visits."""
    table = cohorts.activity_and_outcome(book, "person", period)
    if table.empty:
        return []
    usual = float(table["all_visits"].median())
    rate = table["won"].sum() / max(table["decided"].sum(), 1)
    acts = Facts(book, period, "person").frame("activities")
    acts = acts[acts["visit"] > 0]
    cost = pd.Series(
        np.bincount(acts["member"], acts["cost"].fillna(0), minlength=len(book.members["person"])),
        index=book.members["person"],
    )
    many = (
        (table["all_visits"] >= MANY * usual) & (table["all_visits"] >= ENOUGH) & ~(table["win_rate"] > rate)
    )
    names = ["all_visits", "unlinked", "won", "decided", "win_rate"]
    return [
        Signal(
            "visits", "person", str(person), float(cost[str(person)]),
            {**{name: row[name] for name in names}, "usual": usual, "rate": rate},
        )
        for person, row in table[many].iterrows()
    ]  # fmt: skip


FINDERS: tuple[Callable[[Book, Period], list[Signal]], ...] = (
    given_away,
    pulled_forward,
    carried,
    inherited,
    many_visits,
)


def signals(book: Book, period: Period) -> list[Signal]:
    """All patterns found, kind by kind, the largest amount of each kind first."""
    return [
        signal
        for finder in FINDERS
        for signal in sorted(finder(book, period), key=lambda found: -found.amount)
    ]
