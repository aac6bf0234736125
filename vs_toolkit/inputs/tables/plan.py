"""The customer plan: people, knowledge, goals and actions, white space, judgements, events and reviews.

What changes over time is appended, never rewritten: of rows with the same id, the newest one known on a day
counts. So a report can say what has changed since the last review. A table with a column ``shared`` reaches
the customer edition with those rows only in which it is true.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

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
    Number,
    OpportunityId,
    PersonId,
    Rate,
    Refers,
    Share,
    SharedRow,
    Shown,
    Text,
)

GoalId = Annotated[Id, Refers("goals")]
Points = Annotated[Number, Field(ge=0, le=100)]
OneToFive = Annotated[int, Field(ge=1, le=5)]
Fit = Literal["inside", "borderline", "outside"]
Function = Literal[
    "purchasing",
    "logistics",
    "R&D",
    "manufacturing",
    "service",
    "marketing",
    "sales",
    "finance",
    "business development",
    "top management",
]
Level = Literal["operational", "management", "executive"]
Role = Literal[
    "economic buyer", "user buyer", "technical buyer", "coach", "financial expert", "business development"
]
Topic = Literal[
    "vision and goals",
    "functions and processes",
    "financial position",
    "relationship",
    "customer's customers",
]


class Contact(Model):
    """A person at the customer, as judged on a day; a new judgement is a new row."""

    contact_id: Key[Id]
    """Key of the contact."""
    customer_id: CustomerId
    """Customer that the person works for."""
    recorded_on: Key[Known[Day]]
    """Day of this version; the latest known one applies."""
    name: Text
    """Name."""
    title: Text | None = None
    """Job title."""
    customer_unit: Text | None = None
    """Unit of the customer, in the words of ``white_space``."""
    function: Function | None = None
    """Function in which the person works."""
    level: Level | None = None
    """Level in the organisation."""
    role: Role | None = None
    """Role in the buying decision; the economic buyer can release the funds alone."""
    attitude: Literal["positive", "neutral", "negative"] | None = None
    """Attitude to us; blank: not known."""
    influence: OneToFive | None = None
    """Influence on decisions, from 1 (none) to 5 (decides)."""
    decision_style: Text | None = None
    """How the person decides."""
    what_matters: Text | None = None
    """What matters to the person."""
    next_step: Text | None = None
    """What is to happen next with the person."""
    owner_id: PersonId | None = None
    """Employee who keeps the contact."""
    last_met: Day | None = None
    """Last meeting, where ``activities`` do not name the contact."""
    left: bool | None = None
    """True: the person has left or changed job."""


class Influence(Model):
    """A line between two people at the customer."""

    customer_id: CustomerId
    """Customer that both work for."""
    contact_id: Key[ContactId]
    """The person who influences, or is in conflict with, or reports to the other."""
    other_id: Key[ContactId]
    """The other person."""
    kind: Key[Literal["influences", "in conflict", "reports to"]]
    """What the line means."""
    recorded_on: Known[Day]
    """Day on which it became known."""


class Knowledge(Model):
    """One question about the customer and what is known of it on a day; a new answer is a new row."""

    customer_id: Key[Shown[CustomerId]]
    """The customer."""
    topic: Key[Shown[Topic]]
    """Topic of the question."""
    question: Key[Shown[Text]]
    """What is to be known."""
    recorded_on: Key[Known[Shown[Day]]]
    """Day on which it was recorded; the latest known one applies."""
    answer: Shown[Text | None] = None
    """What is known; blank: an open question."""
    source: Shown[Literal["customer", "market study", "system", "our people"] | None] = None
    """Who says so."""
    shared: SharedRow[bool | None] = None
    """True: the customer gave it, and may see it in its edition."""


class Statement(Model):
    """The customer's income statement and balance sheet of a year; closing balances."""

    customer_id: Key[Shown[CustomerId]]
    """The customer."""
    year: Key[Shown[Annotated[int, Field(ge=1900, le=2200)]]]
    """Financial year."""
    published_on: Key[Known[Shown[Day]]]
    """Day of publication; a restatement is a new row."""
    revenue: Shown[Number]
    """Revenue, in ``currency``."""
    cost_of_goods: Shown[Number | None] = None
    """Cost of goods sold."""
    operating_expenses: Shown[Number | None] = None
    """Selling, administrative, research and other operating expenses, incl. depreciation."""
    interest: Shown[Number | None] = None
    """Interest expense."""
    tax: Shown[Number | None] = None
    """Income tax."""
    net_income: Shown[Number | None] = None
    """Net income."""
    receivables: Shown[Number | None] = None
    """Trade receivables at the end of the year."""
    inventory: Shown[Number | None] = None
    """Inventory at the end of the year."""
    payables: Shown[Number | None] = None
    """Trade payables at the end of the year."""
    total_assets: Shown[Number | None] = None
    """Total assets at the end of the year."""
    current_liabilities: Shown[Number | None] = None
    """Current liabilities at the end of the year."""
    currency: Shown[Currency]
    """Currency of the statement."""
    source: Shown[Text | None] = None
    """Where it was published."""
    note: Text | None = None
    """What else we know of it."""


class Assessment(Model):
    """One element of a scale (``templates/scales``) scored for a customer or one of its opportunities."""

    customer_id: Key[CustomerId]
    """The customer."""
    opportunity_id: Key[OpportunityId | None] = None
    """The opportunity that is scored; blank: the customer itself."""
    scale: Key[Text]
    """Name of the scale."""
    element: Key[Text]
    """Id of the element in the scale."""
    assessed_on: Key[Known[Day]]
    """Day of the assessment; the latest known one applies."""
    score: Points
    """Score from 0 to 100, by the texts of the scale."""
    assessed_by: PersonId | None = None
    """Employee who scored it."""
    evidence: Text | None = None
    """What the score rests on."""


class Goal(Model):
    """A goal in the planning period and where it stands; a new actual value is a new row."""

    customer_id: Shown[CustomerId]
    """The customer."""
    goal_id: Key[Shown[Id]]
    """Key of the goal."""
    recorded_on: Key[Known[Shown[Day]]]
    """Day of this version; the latest known one applies."""
    whose: Shown[Literal["customer", "ours"]]
    """Whether it is the customer's own goal or ours."""
    kind: Shown[Literal["financial", "milestone"]] = "financial"
    """A financial outcome, or a milestone on the way."""
    goal: Shown[Text]
    """What is to be reached."""
    measure: Shown[Text | None] = None
    """How it is measured."""
    measured_in: Shown[Text | None] = None
    """Unit of the values: a currency, ``share``, ``days`` or a word."""
    baseline: Shown[Number | None] = None
    """Value at the start."""
    target: Shown[Number | None] = None
    """Value to reach."""
    actual: Shown[Number | None] = None
    """Value reached by the day of recording; blank: not measured."""
    start: Shown[Day | None] = None
    """Day of the baseline."""
    due: Shown[Day | None] = None
    """Day by which it is to be reached."""
    shared: SharedRow[bool | None] = None
    """True: agreed with the customer, who may see it in its edition."""


class Action(Model):
    """An action of the plan and where it stands; a new status is a new row."""

    customer_id: Shown[CustomerId]
    """The customer."""
    action_id: Key[Shown[Id]]
    """Key of the action."""
    recorded_on: Key[Known[Shown[Day]]]
    """Day of this version; the latest known one applies."""
    action: Shown[Text]
    """What is to be done."""
    goal_id: GoalId | None = None
    """Goal that it serves."""
    accountable: Shown[Text | None] = None
    """Owner: the one who answers for it. One name, or the id of an employee."""
    responsible: Shown[Text | None] = None
    """Those who do it, separated by ``;``."""
    supportive: Text | None = None
    """Those who help with time or means, separated by ``;``."""
    consulted: Text | None = None
    """Those who are asked before, separated by ``;``."""
    informed: Text | None = None
    """Those who are told after, separated by ``;``."""
    days: Number | None = None
    """Working days it takes."""
    cost: Number | None = None
    """What it costs besides, in our currency."""
    due: Shown[Day | None] = None
    """Day by which it is to be done."""
    status: Shown[Literal["open", "in progress", "done", "dropped"]] = "open"
    """Where it stands."""
    done_on: Shown[Day | None] = None
    """Day on which it was done."""
    shared: SharedRow[bool | None] = None
    """True: a joint action, which the customer may see in its edition."""


class WhiteSpaceCell(Model):
    """What a unit of the customer buys of one of our offerings, from whom; newest row per cell."""

    customer_id: Key[CustomerId]
    """The customer."""
    customer_unit: Key[Text]
    """Unit of the customer: a site, division or company."""
    offering: Key[Text]
    """Our offering, in the words of ``offerings``."""
    recorded_on: Key[Known[Day]]
    """Day of this version; the latest known one applies."""
    state: Literal["sold", "open", "competitor", "no need", "unknown"]
    """Sold by us, open, a competitor's, no need, or not known."""
    yearly_spend: Number | None = None
    """What the unit spends a year on it, from all suppliers, in ``currency``; blank: not known."""
    our_sales: Number | None = None
    """Our part of it."""
    competitor: Text | None = None
    """Who supplies it."""
    currency: Currency
    """Currency of the amounts; one for the whole table."""


class Offering(Model):
    """What we sell, and whether it lies in the markets we chose."""

    offering: Key[Text]
    """Name, in the words of ``white_space`` and of the product of an opportunity."""
    product_group: Text | None = None
    """Product group, in the words of ``sales``."""
    market_fit: Fit | None = None
    """Whether its product group lies inside our strategy; one-off business is borderline."""


class Segment(Model):
    """What a segment of customers gets: how many it can hold, who serves it, meetings and budget."""

    segment: Key[Literal["key", "important", "normal"]]
    """Segment of customers by relationship value."""
    set_on: Key[Known[Day]]
    """Day from which it holds; the latest known row applies."""
    customers: Count | None = None
    """How many customers we can serve as such; blank: no limit."""
    lowest_value: Points | None = None
    """Lowest relationship value that belongs to it, as ``adopt-segments`` sets it; blank: as in the scale."""
    served_by: Text | None = None
    """Who serves a customer of the segment: account team, sales manager, channel."""
    meetings: Count | None = None
    """Meetings a year with a customer of the segment."""
    budget: Number | None = None
    """Selling effort a year for a customer of the segment, in ``currency``."""
    currency: Currency | None = None
    """Currency of ``budget``; one for the whole table."""


class TriggerRate(Model):
    """How often opportunities were won after a kind of trigger event, over all customers.

    ``keep-trigger-rates`` appends it; it names no customer.
    """

    kind: Key[Text]
    """Kind of event, in the words of ``situations``."""
    measured_on: Key[Known[Day]]
    """Day of the measurement; the latest known one applies."""
    won: Count
    """Opportunities won that were opened within a year after such an event at their customer."""
    n: Count
    """Opportunities won or lost that were opened so."""
    other_won: Count
    """All other opportunities won."""
    other_n: Count
    """All other opportunities won or lost."""


class Plan(Model):
    """The plan for a customer as written on a day."""

    customer_id: Key[CustomerId]
    """The customer."""
    written_on: Key[Known[Day]]
    """Day of this version; the latest known one applies."""
    owner_id: PersonId | None = None
    """Employee who answers for the plan."""
    period_start: Day | None = None
    """First day of the planning period."""
    period_end: Day | None = None
    """Last day of the planning period."""
    strategy: Literal["product", "solution", "value"] | None = None
    """Sales strategy that the team follows."""
    segment: Literal["key", "important", "normal"] | None = None
    """Segment as which the customer is served today."""
    summary: Text | None = None
    """The plan in a sentence."""


class Review(Model):
    """A review of the plan with sales management."""

    customer_id: Key[CustomerId]
    """The customer."""
    reviewed_on: Key[Known[Day]]
    """Day of the review."""
    reviewer_id: PersonId | None = None
    """Employee who led it."""
    outcome: Text | None = None
    """What was decided."""


class Situation(Model):
    """A trigger event around the customer, with what it implies for us."""

    customer_id: CustomerId
    """The customer."""
    situation_id: Key[Id]
    """Key of the event."""
    happened_on: Known[Day]
    """Day on which it happened or became known."""
    level: Literal["individual", "functional", "company", "industry", "society"]
    """Level on which it happened."""
    kind: Text
    """Kind of event, in words that recur."""
    event: Text
    """What happened."""
    implication: Text | None = None
    """What it means for us."""


class ProcessOption(Model):
    """One party that could run an activity of the customer, or own an asset of it, with its cost there."""

    customer_id: CustomerId
    """The customer."""
    candidate_id: Key[Id]
    """Key of the activity or asset."""
    candidate: Text
    """The activity or asset that could be shifted."""
    party: Key[Literal["customer", "provider", "partner"]]
    """Party that could run or own it."""
    recorded_on: Key[Known[Day]]
    """Day of this version; the latest known one applies."""
    today: bool
    """True: this party has it today."""
    operating_cost: Number | None = None
    """Operating cost a year with this party, in ``currency``."""
    assets: Number | None = None
    """Capital tied up with this party, also for the same work at its utilisation."""
    capital_rate: Rate | None = None
    """Cost of capital of this party, per year."""
    utilisation: Share | None = None
    """Utilisation of the assets with this party."""
    obsolescence: Share | None = None
    """Share of the assets that becomes obsolete or is no longer needed per year."""
    recovered: Share | None = None
    """Share of the value of such assets that this party's outlet recovers."""
    currency: Currency
    """Currency of the amounts; one for the whole table."""


TABLES: dict[str, type[Model]] = {
    "contacts": Contact,
    "influences": Influence,
    "knowledge": Knowledge,
    "statements": Statement,
    "assessments": Assessment,
    "goals": Goal,
    "actions": Action,
    "white_space": WhiteSpaceCell,
    "offerings": Offering,
    "segments": Segment,
    "trigger_rates": TriggerRate,
    "plans": Plan,
    "reviews": Review,
    "situations": Situation,
    "process_options": ProcessOption,
}
REFERENCE = ("offerings", "segments", "trigger_rates")
