"""Our side of a case: what the solution costs us, stock that we take over included. Internal throughout."""

from __future__ import annotations

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.sizes import Values
from vs_toolkit.impact.statement import lines
from vs_toolkit.impact.timing import grid_of, untaxed
from vs_toolkit.inputs.cases.business_case import AssetTakeover, BusinessCase, Provider
from vs_toolkit.timeline import MONTHS, Grid

STOCK = ("inventory", "work_in_process", "fixed_assets")


def cost_case(case: BusinessCase, provider: Provider) -> BusinessCase:
    """Write our costs as a case of their own: at our WACC, before tax, with nothing but costs."""
    ours = {
        "effects": (),
        "costs": provider.costs,
        "price": None,
        "fees": (),
        "terminal_value": None,
        "customer_wacc": provider.wacc,
        "wacc_by_year": None,
    }
    return untaxed(case.model_copy(update=ours))


def cost_flow(case: BusinessCase, provider: Provider, values: Values) -> FloatArray:
    """Cash that our costs take out per month, positive; shape (grid.size,), in currency.

    ``values`` has the keys of :func:`cost_case`.
    """
    return -lines(cost_case(case, provider), values).cash_flow


def holding_flow(takeover: AssetTakeover, held: FloatArray, grid: Grid) -> FloatArray:
    """Cash that it takes to own ``held`` (levels by month): buying, obsolescence, selling back.

    Obsolescence is a share of the level at the beginning of each month, settled with the accounting period.

    >>> deal = AssetTakeover(kind="asset_takeover", assets=100, fee_rate=0, provider_obsolescence=0.024)
    >>> holding_flow(deal, np.array([100.0, 100.0, 0.0]), Grid(2)).round(9).tolist()
    [100.0, 0.2, -99.8]
    """
    charge = finance.capital_charge(held, takeover.provider_obsolescence / MONTHS)
    return np.diff(held, prepend=0.0) + grid.settled(charge)


def included_takeover(case: BusinessCase) -> AssetTakeover | None:
    """Return the takeover that belongs to the solution itself, whatever the way of payment, or None.

    That is so when a scheme pays for assets and the effects of the case free stock: the provider then ties up
    what the customer sets free.
    """
    if case.provider is None or not any(effect.line in STOCK for effect in case.effects):
        return None
    return next((scheme for scheme in case.provider.schemes if isinstance(scheme, AssetTakeover)), None)


def freed_stock(case: BusinessCase, values: Values) -> FloatArray:
    """Levels of stock and fixed assets that the effects set free; shape (grid.size,), 0 at the horizon."""
    effects_only = lines(case.model_copy(update={"costs": (), "price": None, "fees": ()}), values)
    freed: FloatArray = -np.sum([effects_only.capital[line] for line in STOCK], axis=0)
    return freed


def solution_cost(case: BusinessCase, provider: Provider, values: Values, our_values: Values) -> FloatArray:
    """Cash that the solution takes out of our hands per month, positive; shape (grid.size,), in currency.

    Costs and, where the takeover belongs to the solution, the assets held. ``values`` are those of the
    customer's assumptions, ``our_values`` those of :func:`cost_case`.
    """
    cost = cost_flow(case, provider, our_values)
    takeover = included_takeover(case)
    if takeover is None:
        return cost
    return cost + holding_flow(takeover, freed_stock(case, values), grid_of(case))
