"""Row models of the tables: the words and units in which data comes in (data dictionary: data/README.md).

Every column may be shown to the customer only if its annotation says ``Shown``; a table without any shown
column never reaches a customer edition. ``Key`` columns together name a row; a ``Known`` column says from
which day on the row is known; a reference (``CustomerId`` ...) must stand in the table it points to.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vs_toolkit.inputs.fields import (
    Currency,
    CustomerId,
    Day,
    Id,
    Key,
    Known,
    Model,
    Moment,
    Number,
    OpportunityId,
    PersonId,
    Rate,
    Share,
    Shown,
    StatusName,
    Text,
    WhenClosed,
)

Count = Annotated[int, Field(ge=0)]


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
    """Who of ours is responsible for it."""
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
    """One of ours."""

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


class Opportunity(Model):
    """One sales case as it stands now; what it was worth on an earlier day stands in ``status_changes``."""

    opportunity_id: Key[Id]
    """Our key of the sales case."""
    customer_id: CustomerId
    """Who would buy."""
    name: Text | None = None
    """What it is called."""
    owner_id: PersonId | None = None
    """Who of ours works on it."""
    product: Text | None = None
    """Product or product group."""
    segment: Text | None = None
    """Group for calibration: cases that behave alike."""
    created_at: Known[Day]
    """Day on which it was opened."""
    value: Number | None = None
    """Order value, in ``currency``."""
    currency: Currency | None = None
    """Currency of ``value``; one for the whole table."""
    expected_decision: Day | None = None
    """Day on which the customer is expected to decide."""
    expected_delivery: Day | None = None
    """Day on which an order would be delivered."""
    close_reason: WhenClosed[Text | None] = None
    """Why it was won or lost."""
    competitor: WhenClosed[Text | None] = None
    """Against whom it was won or lost."""
    situation: Text | None = None
    """Where it stands, in words."""
    next_step: Text | None = None
    """What is to happen next."""
    decision_process_known: bool | None = None
    """Whether we know who decides, how and when."""


class StatusChange(Model):
    """A status reached, and what was known of the case on that day."""

    opportunity_id: OpportunityId
    """The sales case."""
    changed_at: Known[Moment]
    """When the status was reached; a time with a zone is taken to UTC."""
    status: StatusName
    """The status reached."""
    value: Number | None = None
    """Order value as known that day, in the currency of the sales case."""
    expected_decision: Day | None = None
    """Expected day of decision as known that day."""
    stated_probability: Share | None = None
    """Win probability that the salesperson stated that day."""


class Status(Model):
    """One step of the funnel: what it means and what it is taken to be worth (book, figure 19)."""

    status: Key[Text]
    """Name of the step."""
    order: int
    """Place in the funnel, from 1."""
    outcome: Literal["open", "won", "lost"]
    """Whether a case in this status is open, won or lost."""
    nominal_probability: Share
    """Win probability that the funnel assigns to it."""
    definition: Text | None = None
    """When a case has reached it."""
    milestones: Text | None = None
    """What must have been done."""
    adopted_probability: Share | None = None
    """Win probability adopted from calibration."""
    adopted_on: Day | None = None
    """Day of that adoption; before it the adoption is not seen."""
    adopted_n: Count | None = None
    """Number of cases behind it."""
    adopted_method: Text | None = None
    """How it was estimated."""


class Activity(Model):
    """What was done for a customer or a case, and what it cost."""

    date: Known[Day]
    """Day of the activity."""
    customer_id: CustomerId
    """For whom."""
    opportunity_id: OpportunityId | None = None
    """For which sales case."""
    person_id: PersonId | None = None
    """By whom of ours."""
    type: Text
    """Kind of activity: visit, call, offer, workshop ..."""
    hours: Number | None = None
    """Hours worked."""
    cost: Number | None = None
    """Cost, in our currency."""


class Target(Model):
    """What a unit is to bring in a month."""

    unit: Key[Text]
    """Unit, in the words of ``people``."""
    month: Key[Day]
    """First day of the month."""
    orders: Number | None = None
    """Number of orders."""
    value: Number | None = None
    """Order value, in ``currency``."""
    currency: Currency | None = None
    """Currency of ``value``; one for the whole table."""


class ForecastSnapshot(Model):
    """What was forecast on a day for a month: appended, never rewritten."""

    taken_on: Key[Known[Day]]
    """Day of the forecast."""
    unit: Key[Text]
    """Unit, in the words of ``people``."""
    month: Key[Day]
    """First day of the month that is forecast."""
    method: Key[Text]
    """How the forecast was made."""
    expected_orders: Number
    """Expected number of orders."""
    expected_value: Number | None = None
    """Expected order value."""
    low_value: Number | None = None
    """Lower end of the 80 % interval of order value."""
    high_value: Number | None = None
    """Upper end of the 80 % interval of order value."""


class ValueDelivered(Model):
    """What an effect of a case promised for a period, and what was measured (V22)."""

    customer_id: Shown[CustomerId]
    """At which customer."""
    case_id: Key[Shown[Id]]
    """The business case that promised it."""
    effect_id: Key[Shown[Id]]
    """The effect of that case."""
    effect: Shown[Text]
    """Its name."""
    line: Shown[Text]
    """Its line, as in the business case."""
    period_end: Key[Known[Shown[Day]]]
    """Last day of the period."""
    promised: Shown[Number]
    """Value promised for the period, in ``currency``."""
    realised: Shown[Number | None] = None
    """Value measured in the period; empty when not measured (not the same as 0)."""
    currency: Shown[Currency]
    """Currency of both; that of the business case."""
    measured_by: Shown[Text | None] = None
    """Who on the customer's side measured it."""
    reason: Shown[Text | None] = None
    """Why it differs from the promise."""
    note: Text | None = None
    """What the customer does not read."""


class Benchmark(Model):
    """What is typical in an industry: a published or collected range, never naming a customer."""

    industry: Key[Shown[Text]]
    """Industry, in the words of ``customers``."""
    indicator: Key[Shown[Text]]
    """What is measured."""
    unit: Shown[Text]
    """Its unit."""
    low: Shown[Number]
    """Lower end of the range seen."""
    median: Shown[Number]
    """Median."""
    high: Shown[Number]
    """Upper end of the range seen."""
    n: Shown[Count]
    """Number of companies or cases behind it."""
    source: Key[Shown[Text]]
    """Where it was published or collected."""


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
REFERENCE = ("people", "statuses", "benchmarks")  # small, the same for every customer, naming none
