"""Business cases of the example company: value models with the numbers of invented customers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from vs_toolkit.demo import offers
from vs_toolkit.demo.company import CURRENCY
from vs_toolkit.demo.offers import OFFERS, Deal, Offer, ranged, significant
from vs_toolkit.inputs.cases.business_case import Effect
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.value_model import ValueModel, Variable, instantiate
from vs_toolkit.inputs.fields import Estimate

REFERENCES = {
    "customer_figure": "Plant figures of last year",
    "customer_verified": "Workshop, checked by finance",
    "benchmark": "Reference projects in the industry",
    "our_estimate": "Measured during the site visit",
}
WIDTHS = (2.0, 1.0, 1.7, 1.3)  # how wide ranges are, as a multiple of those of the value model, by customer
CONFIRMED = ("customer_figure", "customer_verified")
ROLES = ("Plant manager", "Head of maintenance", "Finance director", "Production planner")


@dataclass(frozen=True)
class DemoCase:
    """A case as a document, its effects worked out, and whether the solution is in use already."""

    document: dict[str, Any]
    effects: tuple[Effect, ...]
    start: date
    delivered: bool
    years: int = 50


@dataclass(frozen=True)
class _Brief:
    """What is known of a case before its numbers: who, which offer, when, and the oddities it shows."""

    customer: Mapping[Any, Any]
    index: int
    number: int
    offer: Offer
    delivered: bool
    as_of: date

    @property
    def years(self) -> int:
        """Horizon of the case."""
        return 4 + self.index % 4

    @property
    def state(self) -> str:
        """How far it is: in use already, over, ordered, or offered."""
        if self.delivered:
            return "ended" if self.index % 12 == 6 else "running"
        return "ordered" if self.index % 10 == 3 else "offered"


def cases_of(customer: Mapping[Any, Any], index: int, as_of: date, seed: int) -> tuple[DemoCase, ...]:
    """Make the cases of the customer with this number: none for every sixth, two for some.

    Every other customer uses its solution already, for about two years or until the end; what is left out
    (our side, the baseline statement, tax) and how much of the value the price takes follows from the
    customer's number, so that each combination appears, losing cases too.
    """
    if index % 6 == 5:
        return ()
    first = _Brief(customer, index, 1, OFFERS[index % 3], index % 2 == 0, as_of)
    again = _Brief(customer, index, 2, OFFERS[(index + 1) % 3], False, as_of)
    return tuple(_case(brief, seed) for brief in ((first, again) if index % 8 == 0 else (first,)))


def _case(brief: _Brief, seed: int) -> DemoCase:
    rng = np.random.default_rng([seed, 4, brief.index, brief.number])
    model = _models()(brief.offer.model)
    numbers = _numbers(model, rng, WIDTHS[brief.index % len(WIDTHS)])
    effects = tuple(Effect.model_validate(effect) for effect in instantiate(model, numbers))
    start = _start(brief)
    document = {
        **_head(brief, start),
        "model": model.name,
        "numbers": {name: _written(estimate) for name, estimate in numbers.items()},
        "effects": [_own_part(brief, effect, number, rng) for number, effect in enumerate(effects)],
        **_money(brief, effects, rng),
        **_close(brief, start),
    }
    return DemoCase(document, effects, start, brief.delivered, brief.years)


@cache
def _models() -> Any:
    return model_finder("")


def _numbers(model: ValueModel, rng: np.random.Generator, width: float) -> dict[str, Estimate]:
    plant = rng.lognormal(0, 0.45)
    return {name: _varied(variable, plant, rng, width) for name, variable in model.variables.items()}


def _varied(variable: Variable, plant: float, rng: np.random.Generator, width: float) -> Estimate:
    """Vary a default: a quantity with the size of the plant, a price or a share only a little.

    Its range is ``width`` times as wide as in the model, as far as that stays plausible.
    """
    assert variable.default is not None
    factor = rng.lognormal(0, 0.12)
    if "fraction" in variable.unit:
        factor = min(factor, 0.95 / variable.default.high)
    elif not re.match("money per (?!year)", variable.unit):
        factor *= plant
    if re.match("money per (?!year)", variable.unit) and not variable.default.is_range:
        return Estimate.model_validate(ranged(variable.default.expected * factor, 0.85, 1.12))
    middle = variable.default.expected
    ends = {
        "low": max(middle + width * (variable.default.low - middle), 0.2 * middle),
        "expected": middle,
        "high": middle + width * (variable.default.high - middle),
    }
    if "fraction" in variable.unit:
        ends["high"] = min(ends["high"], 0.98 / factor)
    return Estimate.model_validate({end: significant(value * factor) for end, value in ends.items()})


def _written(estimate: Estimate) -> float | dict[str, float]:
    return estimate.model_dump() if estimate.is_range else estimate.expected


def _start(brief: _Brief) -> date:
    first = brief.as_of.replace(day=1)
    if not brief.delivered:
        return (first + timedelta(days=100)).replace(day=1)
    return first.replace(year=first.year - (brief.years if brief.state == "ended" else 2))


def _dated(brief: _Brief) -> date:
    return (
        _start(brief) - timedelta(days=60)
        if brief.delivered
        else brief.as_of - timedelta(days=10 + 3 * brief.index % 60)
    )


def _head(brief: _Brief, start: date) -> dict[str, Any]:
    customer, offer = brief.customer, brief.offer
    kind, name = offer.base
    optional: dict[str, Any] = {}
    if brief.index % 5 == 2:
        optional["period"] = "month"
    if brief.index % 7 == 3:
        optional["inflation"] = 0.02
    if brief.index % 3 == 1:
        optional["tax"] = {"rate": 0.25, "losses": "carried_forward" if brief.index % 2 else "immediate"}
    return {
        "id": f"{customer['customer_id']}-{brief.number:02d}",
        "customer": customer["customer_id"],
        "title": offer.title,
        "question": offer.question,
        "state": brief.state,
        "currency": CURRENCY,
        "dated": _dated(brief),
        "start": start,
        "years": brief.years,
        "customer_wacc": customer["wacc"],
        **optional,
        "base": {"kind": "previous_case" if brief.number > 1 else kind, "name": name},
        "solution": {"name": offer.solution},
    }


def _own_part(brief: _Brief, effect: Effect, number: int, rng: np.random.Generator) -> dict[str, Any]:
    """Write what the customer adds to an effect of the model: its source and who stands behind it."""
    kind = str(rng.choice(list(REFERENCES), p=[0.3, 0.3, 0.15, 0.25]))
    evidence: dict[str, Any] = {
        "kind": kind,
        "reference": REFERENCES[kind],
        "dated": _dated(brief) - timedelta(days=20),
    }
    if kind in CONFIRMED:
        role = ROLES[(brief.index + number) % len(ROLES)]
        evidence |= {"confirmed_by": role, "confirmed_on": _dated(brief) - timedelta(days=5)}
    note = (
        {"note": "Could be more; the customer will sign for no more than this"}
        if (brief.index + number) % 5 == 0
        else {}
    )
    return {"id": effect.id, "evidence": evidence, **note}


def _money(brief: _Brief, effects: tuple[Effect, ...], rng: np.random.Generator) -> dict[str, Any]:
    deal = Deal(brief.offer, effects, brief.customer["wacc"], brief.years, _dated(brief), brief.index)
    asked = offers.asked_price(deal, rng)
    parts: dict[str, Any] = {"costs": _own_costs(brief.offer, deal.value), **offers.price(deal, asked)}
    if brief.index % 5 != 3:
        parts["baseline"] = _baseline(effects)
    if brief.index % 4 == 1:
        parts["uncertainty"] = {"distribution": "triangular", "correlation": 0.2}
    if brief.index % 9 != 4:
        parts["provider"] = offers.provider(deal, asked, dear=brief.index % 11 == 7, rng=rng)
    return parts


def _own_costs(offer: Offer, value: float) -> list[dict[str, Any]]:
    return [
        {
            "id": "own_work",
            "name": offer.own_work,
            "amount": ranged(value * offer.own_share, 0.9, 1.4),
            "evidence": {"kind": "customer_figure", "reference": "Estimate of the project engineer"},
            "note": "Own hours at full cost",
        },
        {
            "id": "follow_up",
            "name": "Following up the results",
            "by_year": [0.0, *[significant(value * 0.004)] * 2],
        },
    ]


def _baseline(effects: tuple[Effect, ...]) -> dict[str, float]:
    """Write the yearly statement of a plant that is large against the effects, with a ROCE of 18 %."""
    flows = sum(offers.size(effect) for effect in effects if effect.category != "capital")
    stocks = max((offers.size(effect) for effect in effects if effect.category == "capital"), default=0.0)
    revenue = significant(max(flows * 25, stocks * 30))
    shares = {
        "direct_costs": 0.68,
        "indirect_costs": 0.20,
        "inventory": 0.12,
        "work_in_process": 0.05,
        "receivables": 0.14,
        "payables": 0.09,
        "fixed_assets": 0.45,
    }
    return (
        {"revenue": revenue}
        | {line: significant(revenue * share, 3) for line, share in shares.items()}
        | {"roce_target": 0.2}
    )


def _close(brief: _Brief, start: date) -> dict[str, Any]:
    decision = {
        "decision": f"Order {brief.offer.article}{brief.offer.solution.lower()}",
        "comment": "Sponsor convinced; finance to be won",
        "not_quantified": list(brief.offer.not_quantified),
        "flexibility": brief.offer.flexibility,
    }
    if brief.state != "offered":
        return decision
    due = brief.as_of + timedelta(days=21)
    return decision | {
        "decision_by": start - timedelta(days=20),
        "next_steps": [
            {
                "what": "Check the assumptions not yet confirmed",
                "who": ROLES[brief.index % len(ROLES)],
                "due": due,
            },
            {
                "what": "Put the case before the board",
                "who": "Finance director",
                "due": due + timedelta(days=21),
            },
        ],
    }
