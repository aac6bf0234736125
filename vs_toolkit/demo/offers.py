"""What the example provider sells with a business case, and on what terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from vs_toolkit import finance
from vs_toolkit.inputs.cases.business_case import Effect
from vs_toolkit.inputs.cases.effects import likely
from vs_toolkit.timeline import MONTHS, Grid

PROVIDER_WACC = 0.065
DEAR = 0.95  # where we are not the right provider, our cost takes this share of the value
ASKED = (0.8, 1.0, 1.8, 2.2, 1.5, 2.4, 2.7, 1.2, 3.6, 2.5)  # multiple of the usual price, by customer


@dataclass(frozen=True)
class Terms:
    """Range of the price as a share of the value to the customer, and the most that it ever takes.

    Our cost and the rival's price are shares of that price; ``spread`` is how far the price differs between
    customers (0: not at all).
    """

    price: tuple[float, float]
    most: float
    cost: tuple[float, float]
    rival: tuple[float, float]
    margin: float
    spread: float


USUAL = Terms(price=(0.26, 0.34), most=0.79, cost=(0.5, 0.65), rival=(0.85, 1.05), margin=0.2, spread=1.0)
FINANCIAL = Terms(
    price=(0.62, 0.7), most=0.97, cost=(0.03, 0.06), rival=(0.85, 0.95), margin=0.06, spread=0.35
)
REVENUE_SCHEMES = [{"kind": "revenue_share", "name": "Share of added revenue", "share": 0.5, "years": 3}]


@dataclass(frozen=True)
class Offer:
    """A solution with a value model, how it is paid, and by what it competes."""

    model: str
    solution: str
    title: str
    question: str
    base: tuple[str, str]
    own_work: str
    alternative: str
    advantage: str
    yearly: bool
    terms: Terms
    own_share: float
    article: str
    not_quantified: tuple[str, ...]
    flexibility: str


OFFERS = (
    Offer(
        model="yield_improvement",
        solution="New dosing and separation line",
        title="More output from the same material",
        question="Is the new line worth its price?",
        base=("existing", "Present line, overhauled every second year"),
        own_work="Foundations, connection and start-up by own people",
        alternative="Line of another maker",
        advantage="Drives that follow the load",
        yearly=False,
        terms=replace(USUAL, most=0.96),
        own_share=0.14,
        article="the ",
        not_quantified=("Fewer night calls for the maintenance crew",),
        flexibility="A second line can be added without new foundations.",
    ),
    Offer(
        model="service_outsourcing",
        solution="Maintenance with availability agreement",
        title="Maintenance by the maker of the equipment",
        question="Should maintenance stay with own people?",
        base=("existing", "Maintenance by own people"),
        own_work="Hand-over of documents and training",
        alternative="Local maintenance company",
        advantage="Condition monitoring by the maker",
        yearly=True,
        terms=USUAL,
        own_share=0.1,
        article="",
        not_quantified=("Safer work on high-voltage equipment", "Knowledge kept when people retire"),
        flexibility="Further sites can join at the same rates.",
    ),
    Offer(
        model="inventory_takeover",
        solution="Spare parts and materials owned by the provider",
        title="Stock off the balance sheet",
        question="What is it worth that the provider owns the stock?",
        base=("competitor", "Consignment stock of a wholesaler"),
        own_work="Stock count and connection of the planning systems",
        alternative="Consignment stock of a wholesaler",
        advantage="Parts pooled over several customers",
        yearly=True,
        terms=FINANCIAL,
        own_share=0.04,
        article="",
        not_quantified=("Less work with stock audits",),
        flexibility="The stock can be taken back at its book value.",
    ),
)


@dataclass(frozen=True)
class Deal:
    """An offer to one customer, with the effects it has there; ``dated`` is the day of its business case.

    ``number`` is that of the customer: how much of the value the price takes follows from it.
    """

    offer: Offer
    effects: tuple[Effect, ...]
    customer_wacc: float
    years: int
    dated: date
    number: int

    @property
    def value(self) -> float:
        """What the effects are worth to the customer today."""
        return worth(self.effects, self.customer_wacc, self.years)


def size(effect: Effect) -> float:
    """Return the expected size of an effect: per year, or the level of capital set free."""
    if effect.amount is not None:
        return effect.amount.expected
    assert effect.quantity is not None and effect.unit_value is not None
    return (
        effect.quantity.expected
        * (effect.change.expected if effect.change else 1.0)
        * effect.unit_value.expected
    )


def worth(effects: Iterable[Effect], rate: float, years: int) -> float:
    """Return what effects are worth today as expected, before tax: what a price is set by."""
    grid = Grid(years * MONTHS, MONTHS)
    discount = finance.discount_factors(grid.rate(rate), grid.months)
    return float(sum(size(effect) * (_cash(effect, grid) @ discount) for effect in effects))


def _cash(effect: Effect, grid: Grid) -> finance.FloatArray:
    """Cash of an effect of size 1 by month."""
    when = likely(effect.start_month), likely(effect.ramp_months)
    return np.diff(grid.level(*when), prepend=0.0) if effect.category == "capital" else grid.flow(*when)


def significant(value: float, digits: int = 2) -> float:
    """Round to significant digits, as people state estimates.

    >>> significant(0.012345), significant(98765.0)
    (0.012, 99000.0)
    """
    return float(f"{value:.{digits - 1}e}")


def ranged(expected: float, low: float, high: float) -> dict[str, float]:
    """Write a range about an expected value, as multiples of it."""
    ends = {"low": low, "expected": 1.0, "high": high}
    return {end: significant(expected * multiple) for end, multiple in ends.items()}


def asked_price(deal: Deal, rng: np.random.Generator) -> float:
    """Present value of the price: the usual share of the value, or more where we ask too much."""
    terms = deal.offer.terms
    multiple = ASKED[deal.number % len(ASKED)] ** terms.spread
    return float(deal.value * min(rng.uniform(*terms.price) * multiple, terms.most))


def price(deal: Deal, asked: float) -> dict[str, Any]:
    """Write the price: equipment paid in two parts, or a yearly fee that escalates with an entry fee."""
    evidence = {"kind": "our_estimate", "reference": "Proposal"}
    line = {"id": "price", "note": "Room for 5 % less"}
    if deal.offer.yearly:
        entry = 0.0 if deal.offer.terms is FINANCIAL else 0.25
        yearly = finance.annuity(asked * (1 - entry), deal.customer_wacc, deal.years)
        fee = {
            "id": "entry",
            "name": "Transition by the provider",
            "evidence": evidence,
            "note": "Negotiable",
        }
        entries = [fee | {"amount": significant(asked * entry)}] if entry else []
        escalation = {} if deal.offer.terms is FINANCIAL else {"growth": 0.02}
        return {
            "price": line
            | {"name": "Yearly fee", "per_year": significant(yearly, 3), "evidence": evidence}
            | escalation,
            "fees": entries,
        }
    terms = {"treatment": "investment", "life_years": deal.years}
    salvage = {"salvage": ranged(asked * 0.06, 0.0, 1.5)}
    amount = {"name": "Equipment price", "amount": ranged(asked * 0.7, 0.95, 1.08)}
    first = line | amount | terms | salvage | {"evidence": evidence}
    rest = {"id": "commissioning", "name": "Rest on commissioning", "amount": significant(asked * 0.3)}
    return {"price": first, "fees": [rest | {"month": 6} | terms | {"evidence": evidence}]}


def provider(deal: Deal, asked: float, dear: bool, rng: np.random.Generator) -> dict[str, Any]:
    """Write our side of the case: cost, the next best alternative, price schemes and risks."""
    cost = deal.value * DEAR if dear else asked * rng.uniform(*deal.offer.terms.cost)
    return {
        "wacc": PROVIDER_WACC,
        "required_margin": deal.offer.terms.margin,
        "costs": _costs(deal, cost),
        "alternative": {
            "name": deal.offer.alternative,
            "price": significant(asked * rng.uniform(*deal.offer.terms.rival)),
            "differences": [
                {"name": deal.offer.advantage, "value": _range(deal.value * 0.12)},
                {"name": "Change of supplier", "value": -significant(deal.value * 0.02)},
            ],
        },
        "schemes": _schemes(deal, asked),
        "risks": ["Figures of the first year depend on one site", "Sponsor may move to another post"],
    }


def _costs(deal: Deal, cost: float) -> list[dict[str, Any]]:
    once, later = (0.2, 0.8) if deal.offer.yearly else (0.85, 0.15)
    evidence = {
        "kind": "our_estimate",
        "reference": "Cost accounts of similar sites",
        "dated": deal.dated,
        "confirmed_by": "Service controller",
        "confirmed_on": deal.dated,
    }
    yearly = significant(finance.annuity(cost * later, PROVIDER_WACC, deal.years))
    return [
        {
            "id": "delivery",
            "name": "Delivery and start-up",
            "amount": ranged(cost * once, 0.9, 1.35),
        },
        {
            "id": "service",
            "name": "People and parts",
            "per_year": yearly,
            "evidence": evidence,
            "note": "Travel included",
        },
    ]


def _range(expected: float) -> dict[str, float]:
    ends = {"low": expected * 0.6, "expected": expected, "high": expected * 1.3}
    return {end: significant(value) for end, value in ends.items()}


def _schemes(deal: Deal, asked: float) -> list[dict[str, Any]]:
    yearly = significant(finance.annuity(asked, PROVIDER_WACC, deal.years))
    fixed = {"per_year": yearly} if deal.offer.yearly else {"one_off": significant(asked)}
    share_years = min(3, deal.years)
    common = [
        {"kind": "fixed", **fixed},
        {"kind": "cost_share", "share": 0.4, "base_fee": significant(yearly * 0.2), "years": share_years},
        {"kind": "profit_share", "share": 0.3, "base_fee": significant(yearly * 0.1)},
    ]
    stock = sum(size(effect) for effect in deal.effects if effect.line in ("inventory", "work_in_process"))
    special = _stock_schemes(stock, yearly) if deal.offer.model == "inventory_takeover" else REVENUE_SCHEMES
    return [*common, *special]


def _stock_schemes(stock: float, yearly: float) -> list[dict[str, Any]]:
    takeover = {"assets": significant(stock), "fee_rate": 0.1}
    obsolescence = {"customer_obsolescence": 0.02, "provider_obsolescence": 0.01}
    turns = {"per_turn": significant(yearly * 0.3), "base_fee": significant(yearly * 0.4)}
    return [{"kind": "asset_takeover", **takeover, **obsolescence}, {"kind": "inventory_turnover", **turns}]
