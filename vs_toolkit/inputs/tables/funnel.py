"""The sales funnel: opportunities, their stages, what was done for them, targets and kept forecasts."""

from __future__ import annotations

from typing import Literal

from vs_toolkit.inputs.fields import (
    ContactId,
    Count,
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
    Share,
    StatusName,
    Text,
    WhenClosed,
)


class Opportunity(Model):
    """One sales case as it stands now; what it was worth on an earlier day stands in ``status_changes``."""

    opportunity_id: Key[Id]
    """Our key of the sales case."""
    customer_id: CustomerId
    """Who would buy."""
    name: Text | None = None
    """What it is called."""
    owner_id: PersonId | None = None
    """Employee who works on it."""
    product: Text | None = None
    """Product or product group."""
    segment: Text | None = None
    """Group for calibration: cases that behave alike."""
    created_at: Known[Day]
    """Day on which it was opened."""
    recorded_from: Day | None = None
    """Day from which status changes are on record, if it is older; the latest counts for all."""
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
    milestones: Text | None = None
    """Milestones reached, in the words of the sales process, separated by ``;``."""


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
    """One step of the funnel: what it means and its default probability (book, figure 19)."""

    status: Key[Text]
    """Name of the step."""
    order: int
    """Place in the funnel, from 1."""
    outcome: Literal["open", "won", "lost"]
    """Whether a case in this status is open, won or lost."""
    nominal_probability: Share | None = None
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
    """Cost of the selling effort, in our currency; not part of ``cost_to_serve`` in ``sales``."""
    contact_id: ContactId | None = None
    """Contact at the customer who was met."""


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


TABLES: dict[str, type[Model]] = {
    "opportunities": Opportunity,
    "status_changes": StatusChange,
    "statuses": Status,
    "activities": Activity,
    "targets": Target,
    "forecast_snapshots": ForecastSnapshot,
}
