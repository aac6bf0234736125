"""The numbers a case rests on, each with its range, and the scenarios made from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vs_toolkit.errors import ParameterError
from vs_toolkit.impact.statement import lines
from vs_toolkit.inputs.cases.business_case import ONE, BusinessCase, Effect, Evidence, Spend
from vs_toolkit.inputs.fields import Estimate

Scenario = Literal["low", "expected", "high"]
SCENARIOS: tuple[Scenario, ...] = ("low", "expected", "high")
End = Literal["low", "high"]
LABELS = {
    "amount": "amount",
    "quantity": "quantity",
    "change": "change",
    "unit_value": "value per unit",
    "days": "days",
    "factor": "share that comes true",
    "per_year": "amount per year",
}


@dataclass(frozen=True)
class Assumption:
    """One number of a case; ``key`` is its place (``effects.yield.change``), ``adverse`` the bad end."""

    key: str
    name: str
    estimate: Estimate
    adverse: End
    evidence: Evidence | None

    def at(self, scenario: Scenario) -> float:
        """Value in a scenario: "low" is the adverse end, "high" the favourable one."""
        if scenario == "expected":
            return self.estimate.expected
        adverse_is_low = self.adverse == "low"
        return self.estimate.low if (scenario == "low") == adverse_is_low else self.estimate.high


def assumptions(case: BusinessCase) -> tuple[Assumption, ...]:
    """All estimates of ``case`` in the order of the document, certain ones too.

    The adverse end is the one with the lower NPV while the others are as expected. A factor of exactly 1 is
    no assumption.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> price = impact.assumptions(case)[-1]
    >>> price.key, price.name, price.adverse
    ('price.amount', 'Equipment and commissioning: amount', 'high')
    """
    found = tuple(_estimates(case))
    adverse = _adverse_ends(case, found)
    return tuple(
        Assumption(key, name, estimate, adverse[key], evidence) for key, name, estimate, evidence in found
    )


def scenario_values(case: BusinessCase, scenario: Scenario) -> dict[str, float]:
    """Value of every assumption in a scenario: all at their adverse, expected or favourable end.

    Raises ParameterError for a scenario that does not exist.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.scenario_values(case, "low")["price.amount"]
    950000.0
    """
    if scenario not in SCENARIOS:
        raise ParameterError(f"there is no scenario {scenario!r}; choose one of {', '.join(SCENARIOS)}")
    return {assumption.key: assumption.at(scenario) for assumption in assumptions(case)}


Found = tuple[str, str, Estimate, Evidence | None]


def _estimates(case: BusinessCase) -> Iterator[Found]:
    for effect in case.effects:
        yield from _fields(effect, f"effects.{effect.id}", effect.evidence)
    for cost in case.costs:
        yield from _fields(cost, f"costs.{cost.id}", cost.evidence)
    if case.price:
        yield from _fields(case.price, "price", case.price.evidence)


def _fields(owner: Effect | Spend, place: str, evidence: Evidence | None) -> Iterator[Found]:
    for field, label in LABELS.items():
        estimate: Estimate | None = getattr(owner, field, None)
        if estimate is not None and not (field == "factor" and estimate == ONE):
            yield f"{place}.{field}", f"{owner.name}: {label}", estimate, evidence


def _adverse_ends(case: BusinessCase, found: tuple[Found, ...]) -> dict[str, End]:
    """Try both ends of every estimate in one run; a tie falls to less benefit, or more to spend."""
    tries = np.tile([[estimate.expected] for _, _, estimate, _ in found], 2 * len(found))
    for row, (_, _, estimate, _) in enumerate(found):
        tries[row, 2 * row : 2 * row + 2] = estimate.low, estimate.high
    values = {key: tries[row] for row, (key, *_) in enumerate(found)}
    npvs = np.broadcast_to(lines(case, values).npv, 2 * len(found))
    gain = npvs[1::2] - npvs[::2]
    noise = 1e-9 * np.abs(npvs).max(initial=0.0)
    usual: list[End] = ["low" if key.startswith("effects.") else "high" for key, *_ in found]
    return {
        key: usual[row] if abs(gain[row]) <= noise else "low" if gain[row] > 0 else "high"
        for row, (key, *_) in enumerate(found)
    }
