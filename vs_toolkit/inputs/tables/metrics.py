"""What sales brought and cost: sales and balances by month, budgets, markets, satisfaction, ratings.

A month is written as its first day (``2026-06`` or any day of it is read as that). Amounts of a table are in
one currency. A column left blank is not known, and no result that needs it is shown.
"""

from __future__ import annotations

from typing import Literal

from vs_toolkit.inputs.fields import (
    Currency,
    CustomerId,
    Day,
    Key,
    Known,
    KnownAfterMonth,
    Model,
    Month,
    Number,
    PersonId,
    Shown,
    Text,
)


class Sale(Model):
    """Sales to a customer in a month, in as many rows as there are postings.

    A return is a row with negative units, list value and net sales. A credit note for a price is a late
    discount: list value 0, a discount, negative net sales. Equal rows are separate postings.
    """

    customer_id: CustomerId
    """Customer who bought."""
    month: KnownAfterMonth[Month]
    """Month in which the sale is recognised."""
    agreed_month: Month | None = None
    """Month agreed with the customer when it ordered; later than ``month``: the sale was pulled forward."""
    product_group: Text | None = None
    """Product or product group."""
    region: Text | None = None
    """Region to which it was delivered."""
    unit: Text | None = None
    """Our unit that sold; blank: that of the person at the time, or of the customer."""
    person_id: PersonId | None = None
    """Salesperson who sold; blank: not known."""
    units: Number | None = None
    """Quantity sold; needed to tell price from volume."""
    list_value: Number | None = None
    """Value at list price, in ``currency``."""
    discount: Number | None = None
    """Discounts and price credits given on it; negative: surcharge."""
    net_sales: Number
    """List value less discounts and returns."""
    direct_cost: Number | None = None
    """Direct product cost: material, labour, purchased services."""
    production_overhead: Number | None = None
    """Production overhead allocated to it; blank where none is allocated to products."""
    cost_to_serve: Number | None = None
    """Cost of serving this customer beyond the product, without the selling effort in ``activities``."""
    currency: Currency | None = None
    """Currency of all amounts; one for the whole table."""


class Balance(Model):
    """Capital tied up for a customer at the end of a month."""

    customer_id: Key[CustomerId]
    """Customer for whom capital is tied up."""
    month: Key[KnownAfterMonth[Month]]
    """Month at whose end the balance stands."""
    receivables: Number | None = None
    """Trade receivables, net of allowances, in ``currency``."""
    inventory: Number | None = None
    """Inventory held for the customer, at cost."""
    other_capital: Number | None = None
    """Other capital tied up for the customer: financed equipment, adaptations."""
    payables: Number | None = None
    """Trade payables for what is sold to the customer, as a positive number."""
    currency: Currency | None = None
    """Currency of all amounts; one for the whole table."""


class UnitCost(Model):
    """Costs of a sales unit in a month that are not recorded by customer."""

    unit: Key[Text]
    """Our unit, in the words of ``people``."""
    month: Key[KnownAfterMonth[Month]]
    """Month in which the cost is recognised."""
    operating_expenses: Number | None = None
    """Selling and administrative expenses incl. depreciation, beyond cost to serve, in ``currency``."""
    depreciation: Number | None = None
    """Depreciation and amortisation contained in operating expenses or product cost."""
    interest: Number | None = None
    """Net interest expense."""
    tax: Number | None = None
    """Income tax."""
    investment: Number | None = None
    """Cash spent on fixed assets."""
    currency: Currency | None = None
    """Currency of all amounts; one for the whole table."""


class Budget(Model):
    """Planned value of a measure for a month; a restated plan is a new row with a later ``set_on``."""

    measure: Key[Text]
    """Measure, in the names of the registry, such as ``net_sales``."""
    level: Key[Literal["company", "unit", "team", "person", "segment", "customer"]]
    """Level for which it is planned."""
    name: Key[Text]
    """Unit, team, person id, segment or customer id; ``company`` for the whole."""
    month: Key[Month]
    """Month that is planned."""
    set_on: Key[Known[Day]]
    """Day on which this version was set; the latest known one applies."""
    value: Number
    """Planned value, in the unit of the measure."""
    currency: Currency | None = None
    """Currency of an amount; one for the whole table."""


class Assignment(Model):
    """Team and unit of a person from a day on: a change of team leaves earlier results where they were."""

    person_id: Key[PersonId]
    """Employee."""
    since: Key[Known[Day]]
    """First day in the team."""
    unit: Text
    """Unit from that day on."""
    team: Text | None = None
    """Team within the unit from that day on."""


class Merger(Model):
    """A customer that became part of another: its business counts on under the successor."""

    customer_id: Key[CustomerId]
    """Customer that ceased to buy under its own name."""
    successor_id: CustomerId
    """Customer under which it goes on."""
    merged_on: Known[Day]
    """Day from which it counts under the successor."""


class Market(Model):
    """What a customer buys in our categories in a calendar year, from all suppliers."""

    customer_id: Key[CustomerId]
    """Customer who buys."""
    year: Key[int]
    """Calendar year."""
    known_on: Known[Day]
    """Day on which the figure became known."""
    purchases: Number
    """Purchases in the categories that we sell, from all suppliers, in ``currency``."""
    growth: Number | None = None
    """Expected growth of these purchases a year, as a fraction."""
    source: Text | None = None
    """Where the figure comes from."""
    currency: Currency | None = None
    """Currency of ``purchases``; one for the whole table."""


class MarketSize(Model):
    """Size of a market in a calendar year."""

    level: Key[Literal["company", "unit", "segment"]]
    """Whether it is the market of the company, of a unit or of a segment."""
    name: Key[Text]
    """Unit or segment; ``company`` for the whole."""
    year: Key[int]
    """Calendar year."""
    known_on: Known[Day]
    """Day on which the figure became known."""
    size: Number
    """Purchases of all customers from all suppliers, in ``currency``."""
    source: Text | None = None
    """Where the figure was published or collected."""
    currency: Currency | None = None
    """Currency of ``size``; one for the whole table."""


class Satisfaction(Model):
    """One answer of a customer to one question of a survey."""

    customer_id: Shown[CustomerId]
    """Customer who answered."""
    answered_on: Known[Shown[Day]]
    """Day of the answer."""
    respondent: Text | None = None
    """Who answered, as a number or a function rather than a name."""
    kind: Shown[Literal["rating", "recommendation"]] = "rating"
    """A rating of a topic, or the likelihood of a recommendation (0 to 10)."""
    item: Shown[Text]
    """Topic or question."""
    score: Shown[Number]
    """Answer, on a scale from ``low`` to ``high``."""
    low: Shown[Number]
    """Worst possible answer."""
    high: Shown[Number]
    """Best possible answer."""


class ServiceLevel(Model):
    """Service delivered to a customer in a month against what was agreed."""

    customer_id: Key[Shown[CustomerId]]
    """Customer served."""
    month: Key[KnownAfterMonth[Shown[Month]]]
    """Month of the service."""
    indicator: Key[Shown[Text]]
    """What is measured, such as deliveries on time."""
    value: Shown[Number]
    """Level reached, in ``measured_in``."""
    agreed: Shown[Number | None] = None
    """Level agreed."""
    measured_in: Shown[Text]
    """Unit: ``share``, ``hours``, ``days``, or a word."""
    better: Shown[Literal["higher", "lower"]] = "higher"
    """Which direction is better."""


class RelationshipValue(Model):
    """Value of a customer relationship as of a day, in the expected case; customer equity is their sum."""

    customer_id: Key[CustomerId]
    """Customer."""
    valued_on: Key[Known[Day]]
    """Day of the valuation."""
    npv: Number
    """Net present value of the relationship from that day on, in ``currency``."""
    currency: Currency | None = None
    """Currency of ``npv``; one for the whole table."""


class Rating(Model):
    """Rating of one competence of a salesperson by one rater (book, figure 21)."""

    person_id: PersonId
    """Salesperson who is rated."""
    rated_on: Known[Day]
    """Day of the rating."""
    rater: Literal["self", "manager", "co-worker"]
    """Who rates."""
    dimension: Literal["personal sales skills", "company way"]
    """Dimension of the profile that the item belongs to."""
    item: Text
    """Competence that is rated."""
    score: Number
    """Score, on a scale from ``low`` to ``high``."""
    low: Number
    """Lowest score of the scale."""
    high: Number
    """Highest score of the scale."""


class CompetenceGoal(Model):
    """Competence that a salesperson is to reach in the next period."""

    person_id: Key[PersonId]
    """Salesperson."""
    item: Key[Text]
    """Competence, in the words of ``ratings``."""
    set_on: Key[Known[Day]]
    """Day on which the goal was set."""
    due: Day
    """Day by which it is to be reached."""
    goal: Number
    """Score to reach, on the scale of the item."""
    measure: Text | None = None
    """What is done to reach it."""


TABLES: dict[str, type[Model]] = {
    "sales": Sale,
    "balances": Balance,
    "unit_costs": UnitCost,
    "budgets": Budget,
    "assignments": Assignment,
    "mergers": Merger,
    "market": Market,
    "market_sizes": MarketSize,
    "satisfaction": Satisfaction,
    "service_levels": ServiceLevel,
    "relationship_values": RelationshipValue,
    "ratings": Rating,
    "competence_goals": CompetenceGoal,
}
