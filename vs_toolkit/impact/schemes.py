"""Ways to be paid for value (book, chapter 5): what each makes the customer pay, and who bears which risk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.statement import Lines
from vs_toolkit.inputs.cases.business_case import (
    AssetTakeover,
    BusinessCase,
    CostShare,
    FixedPrice,
    InventoryTurnover,
    ProfitShare,
)
from vs_toolkit.timeline import MONTHS


@dataclass(frozen=True, eq=False)
class Deal:
    """What is measured when a scheme is settled: the customer's lines before price, and the assets held.

    ``held``: levels of shape (grid.size,), in currency, 0 at the horizon.
    """

    case: BusinessCase
    before: Lines
    held: FloatArray


@dataclass(frozen=True)
class Sharing:
    """How a kind of scheme works: payments by month (positive, shape (grid.size,)), and risks in words."""

    payments: Callable[[Any, Deal], FloatArray]
    provider_bears: str
    customer_bears: str
    without_value: str
    gap: str = ""


def _fixed(scheme: FixedPrice, deal: Deal) -> FloatArray:
    grid = deal.before.grid
    return scheme.one_off * grid.at(0) + scheme.per_year * grid.flow()


def _cost_share(scheme: CostShare, deal: Deal) -> FloatArray:
    return _shared(scheme, deal, deal.before.income["direct_costs"] + deal.before.income["indirect_costs"])


def _profit_share(scheme: ProfitShare, deal: Deal) -> FloatArray:
    return _shared(scheme, deal, deal.before.operating_profit)


def _revenue_share(scheme: ProfitShare, deal: Deal) -> FloatArray:
    return _shared(scheme, deal, deal.before.income["revenue"])


def _shared(scheme: CostShare | ProfitShare, deal: Deal, measured: FloatArray) -> FloatArray:
    """Share of what is measured, and the base fee; an accounting period with a loss pays no share."""
    grid = deal.before.grid
    counts = grid.year <= (scheme.years or deal.case.years)
    gained = np.maximum(grid.settled(measured), 0.0)
    return scheme.share * gained * counts + scheme.base_fee * grid.flow()


def _inventory_turnover(scheme: InventoryTurnover, deal: Deal) -> FloatArray:
    """Pay by the turns gained on the inventory at the beginning of each month, at base direct costs.

    NaN where the baseline does not say, or the case frees more than there is.
    """
    grid, baseline = deal.before.grid, deal.case.baseline
    stock = np.nan if baseline is None or not baseline.inventory else baseline.inventory
    cost = np.nan if baseline is None or baseline.direct_costs is None else baseline.direct_costs
    index = grid.prices(deal.case.inflation or 0.0, stepped=True)
    left = stock * index + deal.before.capital["inventory"]
    turns = cost * index / np.where(left > 0, left, np.nan) - cost / stock
    gained = np.concatenate([[0.0], np.maximum(turns, 0.0)[:-1]]) * (grid.month <= grid.months)
    return scheme.per_turn * grid.settled(gained) / MONTHS + scheme.base_fee * grid.flow()


def _asset_takeover(scheme: AssetTakeover, deal: Deal) -> FloatArray:
    return deal.before.grid.settled(finance.capital_charge(deal.held, scheme.fee_rate / MONTHS))


SCHEMES: Mapping[str, Sharing] = {
    "fixed": Sharing(
        _fixed,
        provider_bears="Cost overruns",
        customer_bears="That the value does not come",
        without_value="The price is due all the same.",
    ),
    "cost_share": Sharing(
        _cost_share,
        provider_bears="Cost overruns, and that costs do not fall as promised",
        customer_bears="Its own costs of the change; paying more than expected when savings are high",
        without_value="Only the base fee is due; our costs stay with us.",
    ),
    "profit_share": Sharing(
        _profit_share,
        provider_bears="Cost overruns, and all that moves the customer's profit, its own decisions too",
        customer_bears="Its own costs of the change; paying more than expected when profit is high",
        without_value="Only the base fee is due; our costs stay with us.",
    ),
    "revenue_share": Sharing(
        _revenue_share,
        provider_bears="Cost overruns, and that volume or price in the customer's market falls short",
        customer_bears="Paying on revenue that brings no profit",
        without_value="Only the base fee is due; our costs stay with us.",
    ),
    "inventory_turnover": Sharing(
        _inventory_turnover,
        provider_bears="Cost overruns, and that the inventory does not fall",
        customer_bears="That a faster turnover saves less than it costs",
        without_value="Only the base fee is due; our costs stay with us.",
        gap="Needs direct costs and inventory of the baseline, and more inventory than the case frees",
    ),
    "asset_takeover": Sharing(
        _asset_takeover,
        provider_bears="The capital tied up in the assets, and that they go out of date",
        customer_bears="The fee, used or not; buying the assets back at the end",
        without_value="The fee is due on the assets that we took over, and on no others.",
    ),
}
