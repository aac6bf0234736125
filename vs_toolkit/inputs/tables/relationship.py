"""The relationship as an investment: its plan, what was invested, dependence, and teams to allocate.

All of it is internal. A restated plan is a set of rows with a later ``planned_on``: of each customer the
newest one known on a day counts, and only that one.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from vs_toolkit.inputs.fields import (
    Count,
    Currency,
    CustomerId,
    Day,
    Id,
    Key,
    Known,
    Model,
    Number,
    PersonId,
    Share,
    Text,
)

Line = Literal["sales_investment", "revenue", "margin", "cost_to_serve", "capital", "survival"]
Year = Annotated[int, Field(ge=1900, le=2200)]


def _in_halves(value: float) -> float:
    if value < 0 or value * 2 != round(value * 2):
        raise ValueError(f"{value:g} teams: write whole or half teams, such as 0.5, 1 or 2")
    return value


Teams = Annotated[Number, AfterValidator(_in_halves)]


class RelationshipPlan(Model):
    """What is planned with a customer for a calendar year, one line per row, with its range.

    Lines: ``sales_investment`` (people, meetings, demos, samples, trials, development), ``revenue``,
    ``margin`` (contribution before cost to serve, as a fraction of revenue), ``cost_to_serve`` (without the
    sales investment), ``capital`` (tied up for the customer at year end) and ``survival`` (probability that
    a relationship alive at the beginning of the year lasts to its end).
    """

    customer_id: Key[CustomerId]
    """Customer."""
    planned_on: Key[Known[Day]]
    """Day of this version of the plan; the latest known one applies."""
    year: Key[Year]
    """Calendar year that is planned."""
    line: Key[Line]
    """Line of the plan."""
    low: Number | None = None
    """Lower end of the range; blank: as expected."""
    expected: Number
    """Expected value; an amount in ``currency``, or a fraction for ``margin`` and ``survival``."""
    high: Number | None = None
    """Upper end of the range; blank: as expected."""
    currency: Currency | None = None
    """Currency of the amounts; one for the whole table."""
    source: Text | None = None
    """Where the figure comes from."""


class Investment(Model):
    """Something that was spent or tied up for one customer: small ones add up.

    Financed items also stand in ``balances``, discounts in ``sales``: a cash flow counts them there, once.
    """

    investment_id: Key[Id]
    """Key of the investment."""
    customer_id: CustomerId
    """Customer for whom it was made."""
    decided_on: Known[Day]
    """Day of the decision."""
    kind: Literal[
        "joint project",
        "joint R&D",
        "process alignment",
        "adaptation",
        "financed inventory",
        "financed channel",
        "financed equipment",
        "discount",
    ]
    """What was invested in."""
    purpose: Text
    """What it is to achieve."""
    amount: Number
    """Amount, in ``currency``."""
    currency: Currency | None = None
    """Currency of the amounts; one for the whole table."""
    approval: Literal["capital budget", "sales budget", "none"] | None = None
    """How it was decided; blank: not known."""
    owner_id: PersonId | None = None
    """Employee who answers for it."""
    expected_return: Number | None = None
    """Contribution expected from it a year."""
    actual_return: Number | None = None
    """Contribution measured a year; blank: not measured."""
    measured_on: Day | None = None
    """Day of that measurement; before it the measured return is not used."""


class Dependence(Model):
    """How much the customer depends on us, as assessed on a day."""

    customer_id: Key[CustomerId]
    """Customer."""
    assessed_on: Key[Known[Day]]
    """Day of the assessment; the latest known one applies."""
    share_today: Share | None = None
    """Our share of its purchases in our categories today."""
    share_tomorrow: Share | None = None
    """The share expected in three years."""
    role_today: Text | None = None
    """Our role in its business today."""
    role_tomorrow: Text | None = None
    """Our role in its future; blank: not known, which puts the relationship at risk."""
    months_to_replace: Number | None = None
    """Months it would need to replace us."""


class TeamPlan(Model):
    """How many account teams a customer has, and how many its relationship plan counts on."""

    customer_id: Key[CustomerId]
    """Customer."""
    planned_on: Key[Known[Day]]
    """Day of this version; the latest known one applies."""
    teams_today: Teams | None = None
    """Account teams that work for it today; 0.5 is half the time of one."""
    teams_planned: Teams
    """Account teams that its relationship plan counts on."""
    teams_min: Teams | None = None
    """Fewest teams it must have, such as agreed in a contract."""
    teams_max: Teams | None = None
    """Most teams it may have; blank: as planned."""
    share_without_team: Share | None = None
    """Share of the planned business expected without any team, through other channels; blank: not known."""


class SalesTeams(Model):
    """Account teams that a region has to allocate."""

    region: Key[Text]
    """Region, in the words of ``customers``."""
    set_on: Key[Known[Day]]
    """Day from which it holds; the latest known row applies."""
    teams: Count
    """Whole account teams."""


class ProviderResult(Model):
    """Our own sales and contribution in a calendar year, actual or planned: what a customer's share is of."""

    year: Key[Year]
    """Calendar year."""
    set_on: Key[Known[Day]]
    """Day on which the figures were reported or planned; the latest known row applies."""
    net_sales: Number | None = None
    """Net sales of the company, in ``currency``."""
    contribution: Number | None = None
    """Contribution after cost to serve."""
    currency: Currency | None = None
    """Currency of the amounts; one for the whole table."""


TABLES: dict[str, type[Model]] = {
    "relationship_plans": RelationshipPlan,
    "investments": Investment,
    "dependence": Dependence,
    "team_plans": TeamPlan,
    "sales_teams": SalesTeams,
    "provider_results": ProviderResult,
}
REFERENCE = ("provider_results",)
SHARES = ("margin", "survival")  # lines of a plan that are fractions
