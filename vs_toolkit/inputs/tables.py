"""Row models of the tables: the words and units in which data comes in (data dictionary: data/README.md).

Every column may be shown to the customer only if its annotation says ``Shown``; a table without any shown column
never reaches a customer edition.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vs_toolkit.inputs.fields import Currency, Day, Id, Model, Number, Rate, Share, Shown, Text

Count = Annotated[int, Field(ge=0)]


class Customer(Model):
    """One company we sell to."""

    customer_id: Shown[Id]
    name: Shown[Text]
    industry: Shown[Text | None] = None
    region: Shown[Text | None] = None
    sales_unit: Text | None = None
    owner_id: Id | None = None
    since: Shown[Day | None] = None
    market_fit: Literal["inside", "borderline", "outside"] | None = None
    parent_id: Id | None = None
    wacc: Shown[Rate | None] = None
    beta: Number | None = None
    note: Text | None = None


class Person(Model):
    """One of ours."""

    person_id: Id
    name: Text
    unit: Text | None = None
    team: Text | None = None
    role: Text | None = None


class Opportunity(Model):
    """One sales case as it stands now."""

    opportunity_id: Id
    customer_id: Id
    name: Text | None = None
    owner_id: Id | None = None
    product: Text | None = None
    segment: Text | None = None
    created_at: Day
    value: Number | None = None
    currency: Currency | None = None
    expected_decision: Day | None = None
    expected_delivery: Day | None = None
    close_reason: Text | None = None
    competitor: Text | None = None
    situation: Text | None = None
    next_step: Text | None = None
    decision_process_known: bool | None = None


class StatusChange(Model):
    """A status reached, and what was known of the case on that day."""

    opportunity_id: Id
    changed_at: Text
    status: Text
    value: Number | None = None
    expected_decision: Day | None = None
    stated_probability: Share | None = None


class Status(Model):
    """One step of the funnel: what it means and what it is taken to be worth (book, figure 19)."""

    status: Text
    order: int
    outcome: Literal["open", "won", "lost"]
    nominal_probability: Share
    definition: Text | None = None
    milestones: Text | None = None
    adopted_probability: Share | None = None
    adopted_on: Day | None = None
    adopted_n: Count | None = None
    adopted_method: Text | None = None


class Activity(Model):
    """What was done for a customer or a case, and what it cost."""

    date: Day
    customer_id: Id
    opportunity_id: Id | None = None
    person_id: Id | None = None
    type: Text
    hours: Number | None = None
    cost: Number | None = None


class Target(Model):
    """What a unit is to bring in a month."""

    unit: Text
    month: Day
    orders: Number | None = None
    value: Number | None = None
    currency: Currency | None = None


class ForecastSnapshot(Model):
    """What was forecast on a day for a month: appended, never rewritten."""

    taken_on: Day
    unit: Text
    month: Day
    method: Text
    expected_orders: Number
    expected_value: Number | None = None
    low_value: Number | None = None
    high_value: Number | None = None


class ValueDelivered(Model):
    """What an effect of a case promised for a period, and what was measured (V22)."""

    customer_id: Shown[Id]
    case_id: Shown[Id]
    effect_id: Shown[Id]
    effect: Shown[Text]
    line: Shown[Text]
    period_end: Shown[Day]
    promised: Shown[Number]
    realised: Shown[Number | None] = None
    currency: Shown[Currency]
    measured_by: Shown[Text | None] = None
    reason: Shown[Text | None] = None
    note: Text | None = None


class Benchmark(Model):
    """What is typical in an industry: a published or collected range, never naming a customer."""

    industry: Shown[Text]
    indicator: Shown[Text]
    unit: Shown[Text]
    low: Shown[Number]
    median: Shown[Number]
    high: Shown[Number]
    n: Shown[Count]
    source: Shown[Text]


TABLES: dict[str, type[Model]] = {
    "customers": Customer,
    "people": Person,
    "opportunities": Opportunity,
    "status_changes": StatusChange,
    "statuses": Status,
    "activities": Activity,
    "targets": Target,
    "forecast_snapshots": ForecastSnapshot,
    "value_delivered": ValueDelivered,
    "benchmarks": Benchmark,
}
