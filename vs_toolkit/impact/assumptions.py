"""The numbers a case rests on, each with its range and its source, and what the NPV is for any of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from vs_toolkit import uncertainty
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.statement import lines
from vs_toolkit.impact.terms import spend_key
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.effects import Effect, Evidence, Factor, MonthRange, factors
from vs_toolkit.inputs.cases.spending import Spend, amounts
from vs_toolkit.inputs.fields import Estimate
from vs_toolkit.timeline import MONTHS
from vs_toolkit.uncertainty import Assumption, Scenario, Simulation, Values

FIELDS = {
    "amount": "amount",
    "quantity": "quantity",
    "change": "change",
    "unit_value": "value per unit",
    "days": "days",
    "share_of_next_sales": "share of next year's sales",
    "margin": "margin",
    "factor": "realisation rate",
    "per_year": "amount per year",
    "salvage": "salvage value",
    "by_year": "sum of the years",
    "month": "month of payment",
    "start_month": "start",
    "ramp_months": "ramp-up",
}
UNITS = {
    "change": "fraction",
    "factor": "fraction",
    "margin": "fraction",
    "share_of_next_sales": "fraction",
    "days": "days",
    "month": "months",
    "start_month": "months",
    "ramp_months": "months",
}


@dataclass(frozen=True)
class Number:
    """One number of a case: its key (``effects.yield.change``), owner, range, unit, source and users.

    ``owner`` is the name of the line it belongs to, or of itself where several effects share it; ``effects``
    the ids of the effects that depend on it.
    """

    key: str
    owner: str
    field: str
    low: float
    expected: float
    high: float
    unit: str | None
    evidence: Evidence | None
    effects: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name on the page."""
        return f"{self.owner}: {FIELDS[self.field]}" if self.field in FIELDS else self.owner


def numbers(case: BusinessCase) -> tuple[Number, ...]:
    """All numbers of ``case`` in the order of the document, certain ones too; a shared one once.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> [number.name for number in numbers(case)][-2:]
    ['Training of three shifts: amount', 'Equipment and commissioning: amount']
    """
    return (
        *_shared(case),
        *(number for effect in case.effects for number in _of_effect(effect, case)),
        *(number for spend in case.spends for number in _of_spend(spend, case)),
        *_terminal(case),
    )


def _terminal(case: BusinessCase) -> Iterator[Number]:
    ending = case.terminal_value
    if ending is not None and ending.amount is not None:
        key = "terminal_value.amount"
        yield _number(key, "Terminal value", "amount", ending.amount, case.currency, ending.amount.evidence)


def _shared(case: BusinessCase) -> Iterator[Number]:
    users = variable_users(case)
    for name, number in case.numbers.items():
        if name in users:
            first = next(effect for effect in case.effects if effect.id == users[name][0])
            title = number.name or name.replace("_", " ").capitalize()
            evidence = number.evidence or first.evidence
            yield _number(
                f"numbers.{name}", title, "", number, _unit(number.unit, case), evidence, users[name]
            )


def _unit(written: str | None, case: BusinessCase) -> str | None:
    """Unit of a variable as it is shown: money is in the currency of the case."""
    if written is None or not written.startswith(("money", "fraction")):
        return written
    return "fraction" if written.startswith("fraction") else written.replace("money", case.currency, 1)


def variable_users(case: BusinessCase) -> dict[str, tuple[str, ...]]:
    """Ids of the effects that use each shared number."""
    found: dict[str, list[str]] = {}
    for effect in case.effects:
        used = [formulas.names(f.formula) for f in factors(effect).values() if f.formula is not None]
        for name in sorted(set().union(*used)):
            found.setdefault(name, []).append(effect.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _of_effect(effect: Effect, case: BusinessCase) -> Iterator[Number]:
    place = f"effects.{effect.id}"
    for field, factor in factors(effect).items():
        if not field.startswith("by_year") and factor.formula is None:
            unit = effect.unit if field == "quantity" else UNITS.get(field, case.currency)
            evidence = factor.evidence or effect.evidence
            yield _number(f"{place}.{field}", effect.name, field, factor, unit, evidence, (effect.id,))
    yield from _listed(place, effect, effect.evidence, case, (effect.id,))
    yield from _months(place, effect, ("start_month", "ramp_months"), (effect.id,))


def _of_spend(spend: Spend, case: BusinessCase) -> Iterator[Number]:
    place = spend_key(spend, case)
    for field, factor in amounts(spend).items():
        if not field.startswith("by_year"):
            unit = spend.unit if field == "quantity" else case.currency
            evidence = factor.evidence or spend.evidence
            yield _number(f"{place}.{field}", spend.name, field, factor, unit, evidence)
    yield from _listed(place, spend, spend.evidence, case)
    yield from _months(place, spend, ("month",))


def _months(
    place: str, item: Effect | Spend, fields: tuple[str, ...], effects: tuple[str, ...] = ()
) -> Iterator[Number]:
    """Months that are not certain."""
    for field in fields:
        month = getattr(item, field)
        if isinstance(month, MonthRange):
            yield _number(f"{place}.{field}", item.name, field, month, UNITS[field], item.evidence, effects)


def _listed(
    place: str,
    item: Effect | Spend,
    evidence: Evidence | None,
    case: BusinessCase,
    effects: tuple[str, ...] = (),
) -> Iterator[Number]:
    """A list of years is one number, the sum of its years: they move together."""
    if item.by_year:
        whole = Estimate(
            low=sum(year.low for year in item.by_year),
            expected=sum(year.expected for year in item.by_year),
            high=sum(year.high for year in item.by_year),
        )
        own = next((year.evidence for year in item.by_year if year.evidence), evidence)
        yield _number(f"{place}.by_year", item.name, "by_year", whole, case.currency, own, effects)


def _number(  # noqa: PLR0913 - one argument for each field
    key: str,
    owner: str,
    field: str,
    value: Estimate | Factor,
    unit: str | None,
    evidence: Evidence | None,
    effects: tuple[str, ...] = (),
) -> Number:
    return Number(key, owner, field, value.low, value.expected, value.high, unit, evidence, effects)


@dataclass(frozen=True, eq=False)
class Hashed:
    """A case as a key: cases are frozen, so that the same object has the same assumptions."""

    case: BusinessCase

    def __hash__(self) -> int:
        return id(self.case)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hashed) and self.case is other.case


@lru_cache(maxsize=256)
def _oriented(case: Hashed) -> tuple[Assumption, ...]:
    own = case.case
    found = [
        Assumption(
            n.key,
            n.name,
            n.low,
            n.expected,
            n.high,
            "low" if n.effects else "high",
            *((0.0, float(own.years * MONTHS)) if n.unit == "months" and n.field != "quantity" else ()),
        )
        for n in numbers(own)
        if n.field != "by_year" or n.low < n.high
    ]
    return uncertainty.oriented(found, npv_of(own))


def assumptions(case: BusinessCase) -> tuple[Assumption, ...]:
    """All assumptions of ``case``, certain ones too, each with its worse end; a shared number is one.

    The worse end is the one with the lower NPV while the others are as expected. A factor of exactly 1 is
    no assumption, nor a list of years without ranges.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> price = impact.assumptions(case)[-1]
    >>> price.key, price.name, price.worse
    ('price.amount', 'Equipment and commissioning: amount', 'high')
    """
    return _oriented(Hashed(case))


def npv_of(case: BusinessCase) -> uncertainty.ValueOf:
    """NPV of ``case`` as a function of the values of its assumptions."""

    def npv(values: Values) -> FloatArray:
        return lines(case, values).npv

    return npv


def scenario_values(case: BusinessCase, scenario: Scenario) -> dict[str, float]:
    """Value of every assumption in a scenario: all at their worse, expected or better end.

    Raises ParameterError for a scenario that does not exist.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.scenario_values(case, "low")["price.amount"]
    950000.0
    """
    return uncertainty.scenario_values(assumptions(case), scenario)


@dataclass(frozen=True, eq=False)
class MonteCarlo(Simulation):
    """The NPV in many draws, in the currency of the case.

    ``values`` are the NPVs at the customer's WACC; ``probability_payback`` is the share of draws in which the
    cash flow, undiscounted, is positive over the horizon (fraction).
    """

    probability_payback: float

    @property
    def npv(self) -> FloatArray:
        """NPV in each draw; shape (draws,)."""
        return self.values


def monte_carlo(case: BusinessCase, draws: int = 10_000, seed: int = 1) -> MonteCarlo:
    """Draw every assumption from its range and work out the NPV of each draw.

    The distribution (PERT or triangular) and the common correlation are those of ``case.uncertainty``. Raises
    ParameterError for fewer than 2 draws.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> result = impact.monte_carlo(case, draws=1000, seed=1)
    >>> result.uncertain, result.p10 < result.p50 < result.p90  # four shares, start and ramp of two effects
    (8, True)
    """
    found, how = assumptions(case), case.uncertainty
    totals: list[FloatArray] = []

    def npv(values: Values) -> FloatArray:
        result = lines(case, values)
        totals.append(result.total)
        return result.npv

    base = uncertainty.simulate(found, npv, draws, seed, how.distribution, how.correlation)
    paid_back = float((totals[0] >= 0).mean())
    return MonteCarlo(**vars(base), probability_payback=paid_back)
