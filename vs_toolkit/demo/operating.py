"""The operating model of the example company: responsibilities, cultures, self-assessments, systems.

Planted, to be found on the first page: a step of the process that nobody is accountable for (``ORPHAN``), one
manager who answers for most activities, and units that answer the self-assessment very differently.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.demo.company import UNITS
from vs_toolkit.inputs.cases.questionnaire import questionnaire

ROLES = ("Account manager", "Sales manager", "Value consultant", "Service", "Finance", "Marketing")
ORPHAN = "Measure the value at the customer"
PROCESS, PLAN = "Value sales", "Roll-out of value sales"
# Phase, activity, and a letter for each role in the order of ROLES.
DUTIES = (
    (PROCESS, "Understand", "Map the customer's business process", ("R", "A", "S", "C", "", "")),
    (PROCESS, "Understand", "Name the drivers of its result", ("R", "A", "R", "", "C", "")),
    (PROCESS, "Improve", "Hold the workshop", ("R", "A", "R", "C", "", "")),
    (PROCESS, "Quantify", "Build the business case", ("S", "A", "R", "", "C", "")),
    (PROCESS, "Quantify", "Set the price", ("R", "A", "C", "", "A", "")),
    (PROCESS, "Deliver", "Hand over to service", ("R", "A", "", "R", "I", "")),
    (PROCESS, "Deliver", "Change the customer's process", ("C", "A", "R", "R", "", "")),
    (PROCESS, "Verify", ORPHAN, ("R", "I", "S", "S", "", "")),
    (PROCESS, "Verify", "Report the value to management", ("R", "A", "S", "", "I", "")),
    (PLAN, None, "Train account managers", ("C", "A", "R", "", "", "")),
    (PLAN, None, "Build value models for three industries", ("S", "A", "R", "C", "", "")),
    (PLAN, None, "Change the bonus rules", ("C", "A", "", "", "R", "")),
    (PLAN, None, "Review plans every quarter", ("R", "A", "I", "", "", "")),
)
HOURS = {"A": 2.0, "R": 12.0, "S": 4.0, "C": 1.0}  # a month
YES = dict(zip(UNITS, (0.72, 0.3, 0.5, 0.45), strict=True))  # share of yes by unit
WEAK = {"Business impact": -0.2, "Performance": -0.14, "Forecasting": 0.1}
GAIN = 0.08  # how much more yes than in the round a year before
PER_UNIT = 5
CULTURE = dict(zip(UNITS, ((4.2, 3.6), (1.9, 2.2), (3.3, 2.1), (2.2, 3.8)), strict=True))
SYSTEMS = (
    ("Customer register", "Customers, contacts, opportunities", 5, "Order system"),
    ("Order system", "Orders, deliveries, invoices", 12, "Customer register;Finance"),
    ("Finance", "Ledger, receivables", 12, "Order system"),
    ("Value models", "Business cases for customers", 2, None),
    ("Service log", "Visits, faults, spare parts", 6, "Order system"),
    ("Marketing mailings", "Campaigns and responses", 3, "Customer register"),
)  # name, purpose, years in use, linked to
# System: part of the people who use it, part of its scope, growth of both in a year.
USE = {
    "Customer register": (0.9, 0.55, 0.05),
    "Value models": (0.4, 0.5, 0.2),
    "Service log": (0.75, 0.8, 0.02),
}
PEOPLE = 9


def operating_tables(people: pd.DataFrame, as_of: date, seed: int) -> dict[str, pd.DataFrame]:
    """Make all tables of the subject.

    Parameters
    ----------
    people
        The table ``people``; the first manager fills the role of sales manager.
    as_of
        Last day of the example.
    seed
        The same seed makes the same tables.
    """
    rng = np.random.default_rng([seed, 31])
    return {
        "responsibilities": _responsibilities(),
        "role_holders": _holders(people, as_of),
        "culture": _cultures(as_of, rng),
        "self_assessments": _answers(as_of, rng),
        "systems": _systems(as_of),
        "system_use": _use(as_of, rng),
    }


def _responsibilities() -> pd.DataFrame:
    rows = [
        (process, phase, activity, role, duty or None)
        for process, phase, activity, duties in DUTIES
        for role, duty in zip(ROLES, duties, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["process", "phase", "activity", "role", "duty"])
    return table.assign(hours=table["duty"].map(HOURS))


def _holders(people: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One manager is the sales manager of all; salespeople are account managers or value consultants."""
    managers = people.loc[people["person_id"].str.startswith("M"), "person_id"].tolist()
    sellers = people.loc[people["person_id"].str.startswith("P"), "person_id"].tolist()
    rows = [("Sales manager", managers[0]), ("Finance", managers[-1])]
    rows += [("Account manager", person) for person in sellers[:8]]
    rows += [("Value consultant", person) for person in sellers[8:10]]
    table = pd.DataFrame(rows, columns=["role", "person_id"])
    table = table.assign(since=as_of.replace(year=as_of.year - 2, day=1), until=None)
    left = as_of.replace(year=as_of.year - 1, day=1)  # until then another manager was sales manager as well
    before = {
        "role": "Sales manager",
        "person_id": managers[-1],
        "since": table["since"].iloc[0],
        "until": left,
    }
    return pd.concat([table, pd.DataFrame([before])], ignore_index=True)


def _cultures(as_of: date, rng: np.random.Generator) -> pd.DataFrame:
    rows = [
        (unit, f"{unit[5:6]}{n + 1}", *np.clip(np.array(middle) + rng.normal(0, 0.5, 2), 1, 5).round(1))
        for unit, middle in CULTURE.items()
        for n in range(PER_UNIT)
    ]
    table = pd.DataFrame(rows, columns=["unit", "respondent", "common_processes", "centralisation"])
    table.insert(2, "assessed_on", as_of.replace(month=5, day=15))
    return table


def _answers(as_of: date, rng: np.random.Generator) -> pd.DataFrame:
    """Two rounds a year apart; the units differ far more than chance explains."""
    statements = questionnaire().statements
    rows = []
    for back, less in ((1, GAIN), (0, 0.0)):
        day = as_of.replace(year=as_of.year - back, month=5, day=20)
        for unit, yes in YES.items():
            for n in range(PER_UNIT):
                habit = rng.normal(0, 0.06)
                for key, chapter in statements["chapter"].items():
                    chance = np.clip(yes + habit - less + WEAK.get(chapter, 0.0), 0.03, 0.97)
                    rest = ("under development", "no")[int(rng.random() < 0.55)]
                    answer = "yes" if rng.random() < chance else rest
                    rows.append((f"{unit[5:6]}{n + 1}", unit, day, key, answer))
    return pd.DataFrame(rows, columns=["respondent", "unit", "answered_on", "statement", "answer"])


def _systems(as_of: date) -> pd.DataFrame:
    rows = [
        (name, purpose, date(as_of.year - years, 1, 1), linked) for name, purpose, years, linked in SYSTEMS
    ]
    return pd.DataFrame(rows, columns=["system", "purpose", "since", "linked_to"])


def _use(as_of: date, rng: np.random.Generator) -> pd.DataFrame:
    """Use by quarter over two years; one unit hardly uses the value models."""
    quarters = pd.date_range(end=pd.Timestamp(as_of), periods=8, freq="QE")
    rows = []
    for system, (breadth, scope, growth) in USE.items():
        for place, unit in enumerate(UNITS):
            behind = 0.5 if unit == UNITS[1] else 1.0
            for n, day in enumerate(quarters):
                before = growth * (len(quarters) - 1 - n) / 4
                users = int(np.clip(round(PEOPLE * (breadth - before) * behind), 0, PEOPLE))
                part = np.clip((scope - before) * behind + rng.normal(0, 0.02) + 0.03 * place, 0.05, 1)
                rows.append((system, unit, day.date(), users, PEOPLE, round(float(part), 2)))
    return pd.DataFrame(rows, columns=["system", "unit", "measured_on", "users", "people", "scope"])
