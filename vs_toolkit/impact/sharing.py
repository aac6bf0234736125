"""Price schemes side by side: what each leaves to the customer and to us, value or no value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.assumptions import scenario_values
from vs_toolkit.impact.lines import DIRECT, PRICE
from vs_toolkit.impact.provider import (
    cost_case,
    freed_stock,
    holding_flow,
    included_takeover,
    solution_cost,
)
from vs_toolkit.impact.schemes import SCHEMES, Deal
from vs_toolkit.impact.statement import Lines, lines
from vs_toolkit.impact.terms import Term
from vs_toolkit.inputs.cases.business_case import AssetTakeover, BusinessCase, Provider, Scheme
from vs_toolkit.timeline import MONTHS
from vs_toolkit.uncertainty import SCENARIOS

NO_VALUE = "no value"
AMOUNTS = (
    "value_before_price", "provider_cost", "paid_by_customer", "paid_to_provider", "customer_npv",
    "provider_npv", "total", "financing_value", "tax_relief", "customer_share", "provider_share",
)  # fmt: skip
TEXTS = ("provider_bears", "customer_bears", "without_value", "gap")

Values = Mapping[str, float]


def compare_schemes(case: BusinessCase) -> pd.DataFrame:
    """Work out every price scheme of ``case`` in every scenario, instead of the price of the case.

    Scenarios are low, expected, high and ``no value`` (no effect comes true, costs as expected). In "low" our
    own costs are at their high ends as well: a scheme is also a choice of who bears an overrun.

    Returns
    -------
    DataFrame
        One row per scheme and scenario, empty without schemes. Present values in the currency of the case,
        the customer's at its WACC and ours at ours: ``value_before_price`` and ``provider_cost``;
        ``paid_by_customer`` and ``paid_to_provider`` (the same payments at two rates), their difference
        ``financing_value``; ``tax_relief`` on the payments; ``customer_npv``, ``provider_npv`` and their
        ``total`` = value before price - our cost + financing value + tax relief; ``customer_share`` and
        ``provider_share`` of it (fractions, missing where one side loses); and in words
        ``provider_bears``, ``customer_bears``, ``without_value``, ``gap`` (why amounts are missing).

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> len(impact.compare_schemes(case))  # our side is not given
    0
    """
    columns = ["scheme", "kind", "scenario", *AMOUNTS, *TEXTS]
    if case.provider is None:
        return pd.DataFrame(columns=columns)
    return pd.DataFrame(list(_rows(case, case.provider)), columns=columns)


def takeover_value(takeover: AssetTakeover, customer_wacc: float, provider_wacc: float) -> float:
    """Value per year, to both together, of moving assets to the side with the lower cost of holding them.

    Assets x (customer's WACC - provider's WACC), less the difference in obsolescence.

    >>> deal = AssetTakeover(kind="asset_takeover", assets=100.0, fee_rate=0.1, provider_obsolescence=0.01)
    >>> round(takeover_value(deal, customer_wacc=0.14, provider_wacc=0.08), 9)
    5.0
    """
    more_obsolescence = takeover.provider_obsolescence - takeover.customer_obsolescence
    return takeover.assets * (customer_wacc - provider_wacc - more_obsolescence)


def _rows(case: BusinessCase, provider: Provider) -> Iterator[dict[str, object]]:
    for name, scheme in zip(_names(provider.schemes), provider.schemes, strict=True):
        kind = SCHEMES[scheme.kind]
        texts = {text: getattr(kind, text) for text in TEXTS[:-1]}
        for scenario in (*SCENARIOS, NO_VALUE):
            amounts = _amounts(case, provider, scheme, scenario)
            gap = kind.gap if np.isnan(amounts["total"]) else ""
            yield {
                "scheme": name,
                "kind": scheme.kind,
                "scenario": scenario,
                **amounts,
                **texts,
                "gap": gap,
            }


def _names(schemes: tuple[Scheme, ...]) -> list[str]:
    """Name every scheme; one whose name another has bears its number as well."""
    names = [scheme.name for scheme in schemes]
    return [f"{name} ({n})" if names.count(name) > 1 else name for n, name in enumerate(names, 1)]


def _amounts(case: BusinessCase, provider: Provider, scheme: Scheme, scenario: str) -> dict[str, float]:
    deal, cost = _deal(case, provider, scheme, scenario)
    paid = SCHEMES[scheme.kind].payments(scheme, deal)
    ours, theirs = deal.before.grid.rate(provider.wacc), deal.before.rate
    return _split(
        before=float(deal.before.npv),
        after=float(_after_payment(deal.before, paid).npv),
        cost=float(finance.npv(ours, cost)),
        paid_by_customer=float(finance.npv(theirs, paid)),
        paid_to_provider=float(finance.npv(ours, paid)),
    )


def _split(
    before: float, after: float, cost: float, paid_by_customer: float, paid_to_provider: float
) -> dict[str, float]:
    provider_npv = paid_to_provider - cost
    total = after + provider_npv
    shared = total > 0 and before > 0 and after >= 0 and provider_npv >= 0
    whole = total if shared else np.nan  # where one side loses, there is nothing to share
    return {
        "value_before_price": before,
        "provider_cost": cost,
        "paid_by_customer": paid_by_customer,
        "paid_to_provider": paid_to_provider,
        "customer_npv": after,
        "provider_npv": provider_npv,
        "total": total,
        "financing_value": paid_to_provider - paid_by_customer,
        "tax_relief": after - (before - paid_by_customer),
        "customer_share": after / whole,
        "provider_share": provider_npv / whole,
    }


def _deal(case: BusinessCase, provider: Provider, scheme: Scheme, scenario: str) -> tuple[Deal, FloatArray]:
    """Put one scheme into one scenario: what is measured, and what the solution costs us per period."""
    values, our_values = _values(case, scenario), _our_values(case, provider, scenario)
    before = lines(case.model_copy(update={"price": None, "fees": ()}), values)
    cost = solution_cost(case, provider, values, our_values)
    if not isinstance(scheme, AssetTakeover):
        return Deal(case, before, np.zeros_like(cost)), cost
    if included_takeover(case):
        return Deal(case, before, freed_stock(case, values)), cost
    held = scheme.assets * before.grid.level()
    return Deal(case, _rid_of(before, scheme, held), held), cost + holding_flow(scheme, held, before.grid)


def _values(case: BusinessCase, scenario: str) -> Values:
    if scenario == NO_VALUE:
        return {f"effects.{effect.id}.factor": 0.0 for effect in case.effects}
    return scenario_values(case, scenario)  # type: ignore[arg-type]


def _our_values(case: BusinessCase, provider: Provider, scenario: str) -> Values:
    return {} if scenario == NO_VALUE else scenario_values(cost_case(case, provider), scenario)  # type: ignore[arg-type]


def _rid_of(before: Lines, takeover: AssetTakeover, held: FloatArray) -> Lines:
    """Take assets and their obsolescence from the customer, where its effects do not say so already."""
    spared = before.grid.settled(finance.capital_charge(held, takeover.customer_obsolescence / MONTHS))
    freed = Term("takeover", "inventory", -1.0, held)
    return replace(before, terms=(*before.terms, freed, Term("takeover", DIRECT, 1.0, spared)))


def _after_payment(before: Lines, paid: FloatArray) -> Lines:
    return replace(before, terms=(*before.terms, Term("payment", PRICE, -1.0, paid)))
