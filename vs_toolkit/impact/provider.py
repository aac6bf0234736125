"""Our side of a case: what the solution costs us, stock that we take over included. Internal throughout."""

from __future__ import annotations

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.statement import lines
from vs_toolkit.impact.terms import Values
from vs_toolkit.inputs.cases.business_case import AssetTakeover, BusinessCase, Provider

STOCK = ("inventory", "work_in_process", "fixed_assets")


def cost_case(case: BusinessCase, provider: Provider) -> BusinessCase:
    """Write our costs as a case of their own: at our WACC, before tax, with nothing but costs."""
    ours = {
        "effects": (),
        "costs": provider.costs,
        "price": None,
        "tax": None,
        "customer_wacc": provider.wacc,
    }
    return case.model_copy(update=ours)


def cost_flow(case: BusinessCase, provider: Provider, values: Values) -> FloatArray:
    """Cash that our costs take out per period, positive; shape (periods+1,), in currency.

    ``values`` has the keys of :func:`cost_case`.
    """
    return -lines(cost_case(case, provider), values).cash_flow


def holding_flow(takeover: AssetTakeover, held: FloatArray, months: int) -> FloatArray:
    """Cash that it takes to own ``held`` (levels, shape (periods+1,)): buying, obsolescence, selling back.

    ``months`` is the length of a period; obsolescence is a share of the level at its beginning.

    >>> deal = AssetTakeover(kind="asset_takeover", assets=100, fee_rate=0, provider_obsolescence=0.02)
    >>> holding_flow(deal, np.array([100.0, 100.0, 0.0]), 12).tolist()
    [100.0, 2.0, -98.0]
    """
    rate = takeover.provider_obsolescence * months / 12
    return np.diff(held, prepend=0.0) + finance.capital_charge(held, rate)


def included_takeover(case: BusinessCase) -> AssetTakeover | None:
    """Return the takeover that belongs to the solution itself, whatever the way of payment, or None.

    That is so when a scheme pays for assets and the effects of the case free stock: the provider then ties up
    what the customer sets free.
    """
    if case.provider is None or not any(effect.line in STOCK for effect in case.effects):
        return None
    return next((scheme for scheme in case.provider.schemes if isinstance(scheme, AssetTakeover)), None)


def freed_stock(case: BusinessCase, values: Values) -> FloatArray:
    """Levels of stock and fixed assets that the effects set free; shape (periods+1,), 0 at the horizon."""
    effects_only = lines(case.model_copy(update={"costs": (), "price": None}), values)
    freed: FloatArray = -np.sum([effects_only.capital[line] for line in STOCK], axis=0)
    return freed


def solution_cost(case: BusinessCase, provider: Provider, values: Values, our_values: Values) -> FloatArray:
    """Cash that the solution takes out of our hands per period, positive; shape (periods+1,), in currency.

    Costs and, where the takeover belongs to the solution, the assets held. ``values`` are those of the
    customer's assumptions, ``our_values`` those of :func:`cost_case`.
    """
    cost = cost_flow(case, provider, our_values)
    takeover = included_takeover(case)
    if takeover is None:
        return cost
    months = 12 * case.years // (cost.size - 1)
    return cost + holding_flow(takeover, freed_stock(case, values), months)
