"""Who buys and who sells: customers and our people."""

from __future__ import annotations

from typing import Literal

from vs_toolkit.inputs.fields import (
    CustomerId,
    Day,
    Id,
    Key,
    Model,
    Number,
    PersonId,
    Rate,
    Shown,
    Text,
)


class Customer(Model):
    """One company we sell to."""

    customer_id: Key[Shown[Id]]
    """Our key of the customer; ids that differ in case only are two customers."""
    name: Shown[Text]
    """Name as it stands on a report."""
    industry: Shown[Text | None] = None
    """Industry, in the words of ``benchmarks``."""
    region: Shown[Text | None] = None
    """Region of its head office."""
    sales_unit: Text | None = None
    """Our unit that sells to it."""
    owner_id: PersonId | None = None
    """Account owner; references `people`."""
    since: Shown[Day | None] = None
    """First day of the relationship."""
    market_fit: Literal["inside", "borderline", "outside"] | None = None
    """Whether it lies in the markets we chose."""
    parent_id: CustomerId | None = None
    """The customer that owns it."""
    wacc: Shown[Rate | None] = None
    """Its cost of capital per year."""
    beta: Number | None = None
    """Sensitivity of its purchases to the market (1 = moves with it)."""
    note: Text | None = None
    """What else we know of it."""


class Person(Model):
    """One employee."""

    person_id: Key[Id]
    """Our key of the person."""
    name: Text
    """Name as it stands on a report."""
    unit: Text | None = None
    """Unit, in the words of ``targets``."""
    team: Text | None = None
    """Team within the unit."""
    role: Text | None = None
    """What the person does."""


TABLES: dict[str, type[Model]] = {
    "customers": Customer,
    "people": Person,
}
