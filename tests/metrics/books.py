"""A small company, and books made from a few rows of it."""

from datetime import date

import pandas as pd

from vs_toolkit import metrics
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import dtypes, empty_frame
from vs_toolkit.periods import last_twelve

AS_OF = date(2026, 6, 30)
YEAR = last_twelve(AS_OF)  # July 2025 to June 2026
CUSTOMERS = [
    {"customer_id": "C1", "name": "Acorn", "industry": "Paper", "sales_unit": "North", "owner_id": "P1"},
    {"customer_id": "C2", "name": "Birch", "industry": "Steel", "sales_unit": "North", "owner_id": "P2"},
    {"customer_id": "C3", "name": "Cedar", "industry": "Steel", "sales_unit": "South", "owner_id": "P3"},
]
PEOPLE = [
    {"person_id": "P1", "name": "One", "unit": "North", "team": "A"},
    {"person_id": "P2", "name": "Two", "unit": "North", "team": "B"},
    {"person_id": "P3", "name": "Three", "unit": "South", "team": "A"},
]
STATUSES = [
    {"status": "Lead", "order": 1, "outcome": "open", "nominal_probability": 0.1},
    {"status": "Won", "order": 2, "outcome": "won", "nominal_probability": 1.0},
    {"status": "Lost", "order": 3, "outcome": "lost", "nominal_probability": 0.0},
]


def table(name, rows):
    """Rows as a table with the types that a source gives it."""
    frame = pd.DataFrame(rows)
    for column in empty_frame(TABLES[name]):
        if column not in frame:
            frame[column] = pd.Series([None] * len(frame), dtype=object)
    kinds = dtypes(TABLES[name])
    return frame[list(kinds)].astype(kinds)


def tables(**rows):
    base = {"customers": CUSTOMERS, "people": PEOPLE, "statuses": STATUSES}
    return {name: table(name, own) for name, own in (base | rows).items()}


def book(as_of=AS_OF, terms=None, whole=True, **rows):
    return metrics.prepare(tables(**rows), as_of, terms, whole)


def months(first="2024-07", last="2026-06"):
    return [f"{month:%Y-%m-%d}" for month in pd.date_range(first, last, freq="MS")]


def every_month(customer="C1", first="2024-07", last="2026-06", **amounts):
    """The same sale in every month."""
    return [{"customer_id": customer, "month": month, **amounts} for month in months(first, last)]


def case(number, created, closed=None, won=True, value=100.0, customer="C1", owner="P1"):
    """An opportunity and its status changes."""
    name = f"O{number}"
    opportunity = {"opportunity_id": name, "customer_id": customer, "owner_id": owner, "created_at": created}
    changes = [{"opportunity_id": name, "changed_at": created, "status": "Lead", "value": value}]
    if closed:
        status = "Won" if won else "Lost"
        changes.append({"opportunity_id": name, "changed_at": closed, "status": status, "value": value})
    return opportunity | {"value": value, "currency": "EUR"}, changes


def funnel(*cases):
    """Tables of opportunities and status changes."""
    return {
        "opportunities": [opportunity for opportunity, _ in cases],
        "status_changes": [change for _, changes in cases for change in changes],
    }


def value(measure, member="company", level="company", period=YEAR, **rows):
    """One value of a measure, from a book of the rows given."""
    own = rows.pop("given", None) or book(**rows)
    facts = metrics.Facts(own, period, level)
    return metrics.measure_named(measure).at(facts).loc[member, "value"]
