"""Ways to price a solution: who pays what when the value comes, and when it does not (book, chapter 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vs_toolkit.inputs.fields import Model, Number, Rate, Share, Text


class FixedPrice(Model):
    """A price agreed beforehand, whatever the value turns out to be."""

    kind: Literal["fixed"]
    name: Text = "Fixed price"
    one_off: Number = 0.0
    per_year: Number = 0.0


class CostShare(Model):
    """A share of the measured cost reduction."""

    kind: Literal["cost_share"]
    name: Text = "Share of cost reduction"
    share: Share
    base_fee: Number = 0.0
    years: Annotated[int, Field(ge=1)] | None = None


class ProfitShare(Model):
    """A share of the added profit or of the added revenue."""

    kind: Literal["profit_share", "revenue_share"]
    name: Text = "Share of profit"
    share: Share
    base_fee: Number = 0.0
    years: Annotated[int, Field(ge=1)] | None = None


class InventoryTurnover(Model):
    """A yearly payment for every turn by which the customer's inventory turns faster than at base."""

    kind: Literal["inventory_turnover"]
    name: Text = "Tied to inventory turnover"
    per_turn: Number
    base_fee: Number = 0.0


class AssetTakeover(Model):
    """The provider takes ``assets`` on its own balance sheet for a yearly fee (a share of them)."""

    kind: Literal["asset_takeover"]
    name: Text = "Payment for taking over assets"
    assets: Number
    fee_rate: Rate
    customer_obsolescence: Share = 0.0
    provider_obsolescence: Share = 0.0


Scheme = Annotated[
    FixedPrice | CostShare | ProfitShare | InventoryTurnover | AssetTakeover, Field(discriminator="kind")
]
