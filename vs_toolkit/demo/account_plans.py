"""Customer plans of the example company: goals, actions, reviews, and the tables of the whole plan.

Planted, to be found without searching (one customer in 24 each, the first ones first): white space worth more
than the pipeline, a valuable customer known in purchasing only, a map of decision makers without an opponent,
a plan not touched for over a year, effort spent on opportunities to drop, a class that hangs on one weight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pandas as pd

from vs_toolkit.demo import account_facts as facts
from vs_toolkit.demo.accounts import UNTOUCHED, Account, Row, account, contacts, influences
from vs_toolkit.inputs.tables import plan
from vs_toolkit.inputs.tables.columns import empty_frame

GOALS = (  # whose, kind, goal, measure, unit, baseline, step to the target, shared
    ("customer", "financial", "Fewer unplanned stops", "Hours a month", "hours", 40.0, -20.0, True),
    ("customer", "financial", "Less stock of spare parts", "Value at year end", "EUR", 1.2e6, -3e5, True),
    ("customer", "milestone", "Emission figures for every site", "Sites measured", None, 0.0, 3.0, None),
    ("ours", "financial", "Larger customer share", "Share of its purchases", "share", 0.3, 0.15, None),
    ("ours", "milestone", "Business case agreed with finance", "Cases agreed", None, 0.0, 1.0, None),
)
ACTIONS = (  # action, goal, days of work, cost, months until due from the day of the plan, shared
    ("Measure stops on the second line", 0, 6.0, 0.0, 5, True),
    ("Joint review of spare parts by value", 1, 4.0, 2e3, 9, True),
    ("Meet the finance director", 4, 1.0, 0.0, 7, None),
    ("Visit a reference plant together", 0, 3.0, 4e3, 10, True),
    ("Analyse who supplies the second site", 3, 2.0, 0.0, 6, None),
    ("Prepare a proposal for head office", None, 5.0, 0.0, 12, None),
)
OUTCOMES = ("Plan accepted; widen the contacts", "Plan accepted", "Goals too cautious: revise")


def account_plans(
    customers: pd.DataFrame, open_cases: pd.DataFrame, as_of: date, seed: int
) -> dict[str, pd.DataFrame]:
    """Make the tables of all customer plans.

    Parameters
    ----------
    customers
        The table ``customers``.
    open_cases
        Open opportunities: opportunity_id, customer_id, value, hours (spent in the last year).
    as_of
        Last day of the example.
    seed
        The same seed makes the same plans.

    Returns
    -------
    dict
        Table name -> rows, all tables of the customer plan.
    """
    own = dict(iter(open_cases.groupby("customer_id", sort=False)))
    none = open_cases.iloc[:0]
    accounts = [
        account(i, row, own.get(row["customer_id"], none), as_of, seed)
        for i, row in enumerate(customers.to_dict("records"))
    ]
    made = {name: _frame(name, accounts, make) for name, make in MAKERS.items()}
    return {**made, "offerings": facts.offerings(), "segments": facts.segments(len(customers), as_of)}


def _frame(name: str, accounts: list[Account], make: Callable[[Account], Iterator[Row]]) -> pd.DataFrame:
    rows = [row for one in accounts for row in make(one)]
    return pd.DataFrame(rows, columns=list(empty_frame(plan.TABLES[name]).columns))


def goals(account: Account) -> Iterator[Row]:
    """Set goals ten months ago and measure most of them last month."""
    for place, (whose, kind, goal, measure, unit, baseline, step, shared) in enumerate(GOALS):
        row = {
            "customer_id": account.id,
            "goal_id": f"{account.id}-G{place + 1}",
            "recorded_on": account.day(10),
            "whose": whose,
            "kind": kind,
            "goal": goal,
            "measure": measure,
            "measured_in": unit,
            "baseline": baseline,
            "target": baseline + step,
            "actual": None,
            "start": account.day(10),
            "due": account.day(-2 - 2 * place),
            "shared": shared,
        }
        yield row
        reached = account.rng.uniform(0.3, 1.2) * account.quality * 1.3
        if account.planted != UNTOUCHED and account.rng.random() < 0.8:
            actual = baseline + step * reached
            digits = 2 if unit == "share" else -3 if unit == "EUR" else 0
            yield row | {"recorded_on": account.day(1), "actual": round(actual, digits)}


def actions(account: Account) -> Iterator[Row]:
    """Agree on actions ten months ago; some are done, some late, some without an owner."""
    owner = f"Sales engineer {int(str(account.row['owner_id'])[1:]):02d}"
    for place, (action, goal, days, cost, due, shared) in enumerate(ACTIONS):
        nobody = place == 4 and account.quality < 0.7
        row = {
            "customer_id": account.id,
            "action_id": f"{account.id}-A{place + 1}",
            "recorded_on": account.day(10),
            "action": action,
            "goal_id": None if goal is None else f"{account.id}-G{goal + 1}",
            "accountable": None if nobody else owner,
            "responsible": None if nobody else f"{owner}; {account.jobs[0][0]}" if shared else owner,
            "supportive": "Service planning" if place == 0 else None,
            "consulted": account.jobs[-1][0] if place == 1 else None,
            "informed": "Sales management",
            "days": days,
            "cost": cost,
            "due": account.day(10 - due),
            "status": "open",
            "done_on": None,
            "shared": shared,
        }
        yield row
        if account.planted != UNTOUCHED and account.rng.random() < account.quality and place < 3:
            yield row | {"recorded_on": account.day(2), "status": "done", "done_on": account.day(2)}


def plans(account: Account) -> Iterator[Row]:
    """Write the plan ten months ago."""
    segment = "key" if account.quality > 0.65 else "important" if account.quality > 0.4 else "normal"
    yield {
        "customer_id": account.id,
        "written_on": account.day(10),
        "owner_id": account.row["owner_id"],
        "period_start": account.day(10),
        "period_end": account.day(-14),
        "strategy": account.strategy,
        "segment": segment,
        "summary": "From supplier of equipment to partner for availability",
    }


def reviews(account: Account) -> Iterator[Row]:
    """Review the plan a quarter ago."""
    yield {
        "customer_id": account.id,
        "reviewed_on": account.day(3),
        "reviewer_id": f"M{int(str(account.row['owner_id'])[1:]) % 4 or 4:03d}",
        "outcome": str(account.rng.choice(OUTCOMES)),
    }


MAKERS: dict[str, Callable[[Account], Iterator[Row]]] = {
    "contacts": contacts,
    "influences": influences,
    "knowledge": facts.knowledge,
    "statements": facts.statements,
    "assessments": facts.assessments,
    "goals": goals,
    "actions": actions,
    "white_space": facts.white_space,
    "plans": plans,
    "reviews": reviews,
    "situations": facts.situations,
    "process_options": facts.process_options,
}
