"""The customer base as an asset: its ideal, its portfolios, and what serving customers costs by activity."""

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
    Share,
    Text,
)


class IdealBase(Model):
    """One line of the strategy: how a part of net sales should lie in the customer base."""

    measure: Key[
        Literal[
            "market fit",
            "industry",
            "region",
            "largest customer",
            "ten largest",
            "new customers",
            "loss-making customers",
        ]
    ]
    """What is measured, as a share of net sales of the last twelve months."""
    name: Key[Text | None] = None
    """Which market fit, industry or region; blank for the others."""
    set_on: Key[Known[Day]]
    """Day on which the strategy was stated; the latest known row applies."""
    low: Share | None = None
    """Least share; blank: no lower limit."""
    high: Share | None = None
    """Largest share; blank: no upper limit."""
    reason: Text | None = None
    """Why."""


class PortfolioRole(Model):
    """One portfolio of customers: which customers belong to it, what it is for and what is expected of it."""

    portfolio: Key[Text]
    """Name of the portfolio."""
    revenue: Literal["large", "small"]
    """Net sales of its customers, against the limit of the report."""
    risk: Literal["steady", "volatile"]
    """Volatility of its customers, against the limit of the report."""
    role: Text
    """What it is for."""
    target_share: Share | None = None
    """Share of net sales that it should have."""
    target_eva_margin: Number | None = None
    """EVA that it should bring, as a fraction of its net sales."""


class ActivityCost(Model):
    """What an activity that serves customers costs in a month, and how often it can be done."""

    activity: Key[Text]
    """Activity: order, delivery, service visit, sales visit ..."""
    month: Key[KnownAfterMonth[Month]]
    """Month in which the cost is recognised."""
    cost: Number
    """Cost of the activity, in ``currency``."""
    capacity: Number | None = None
    """How often it can be done with that cost; blank: as often as it was done."""
    currency: Currency | None = None
    """Currency of ``cost``; one for the whole table."""


class ActivityUse(Model):
    """How often an activity was done for a customer in a month."""

    customer_id: Key[CustomerId]
    """Customer for whom it was done."""
    activity: Key[Text]
    """Activity, in the words of ``activity_costs``."""
    month: Key[KnownAfterMonth[Month]]
    """Month in which it was done."""
    quantity: Number
    """How often."""


TABLES: dict[str, type[Model]] = {
    "ideal_base": IdealBase,
    "portfolio_roles": PortfolioRole,
    "activity_costs": ActivityCost,
    "activity_use": ActivityUse,
}
