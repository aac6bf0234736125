"""Everything a report shows of a business case on a day; each part is worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from vs_toolkit import uncertainty
from vs_toolkit.impact import benchmarks as claims_of
from vs_toolkit.impact import items, register, targeting
from vs_toolkit.impact.assumptions import MonteCarlo, assumptions, monte_carlo, npv_of
from vs_toolkit.impact.comparison import Comparison, compare
from vs_toolkit.impact.investment import BusinessImpact, evaluate, evaluated
from vs_toolkit.impact.pricing import PriceCorridor, price_corridor
from vs_toolkit.impact.realised import Fulfilment, TrackRecord, fulfilment, track_record
from vs_toolkit.impact.sharing import compare_schemes
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.views.data import CustomerData
from vs_toolkit.uncertainty import SCENARIOS, Scenario


@dataclass(frozen=True, eq=False)
class Study:
    """One business case of a customer, seen as of a day.

    Attributes
    ----------
    case
        The case that is reported.
    customer, industry
        Name of the customer, and its industry where that is known.
    as_of, edition
        Day of the report; ``internal`` or ``customer``.
    others
        The customer's further cases.
    value_delivered, benchmarks
        The tables of those names; may be empty.
    draws, seed
        Of the simulation.
    """

    case: BusinessCase
    customer: str
    industry: str
    as_of: date
    edition: str
    others: tuple[BusinessCase, ...]
    value_delivered: pd.DataFrame
    benchmarks: pd.DataFrame
    draws: int
    seed: int

    @classmethod
    def of(cls, data: CustomerData, case: str = "", draws: int = 10_000, seed: int = 1) -> Study:
        """Study a case of a customer: the one with that id, or the newest.

        Raises
        ------
        PartitionError
            When there is no such case.
        """
        chosen, tables = data.case(case), data.tables
        return cls(
            case=chosen,
            customer=str(data.customer["name"]),
            industry=str(data.customer["industry"] or ""),
            as_of=data.as_of,
            edition=data.edition,
            others=tuple(other for other in data.cases if other.id != chosen.id),
            value_delivered=tables["value_delivered"],
            benchmarks=data.reference["benchmarks"],
            draws=draws,
            seed=seed,
        )

    def _repr_html_(self) -> str:
        return self.brief.to_html(border=0)

    @property
    def brief(self) -> pd.DataFrame:
        """What the study is about, in a few lines."""
        facts = {
            "Customer": self.customer,
            "Business case": f"{self.case.id}: {self.case.title}",
            "As of": self.as_of.isoformat(),
            "Edition": self.edition,
        }
        return pd.DataFrame({"": facts})

    @property
    def is_ours(self) -> bool:
        """Whether the edition is for our own use."""
        return self.edition == "internal"

    @property
    def currency(self) -> str:
        """Currency of all amounts."""
        return self.case.currency

    @cached_property
    def worlds(self) -> Mapping[Scenario, BusinessImpact]:
        """Downside, base and upside case."""
        return {scenario: evaluate(self.case, scenario) for scenario in SCENARIOS}

    @property
    def base(self) -> BusinessImpact:
        """Base case: every assumption at its most likely value."""
        return self.worlds["expected"]

    @cached_property
    def simulation(self) -> MonteCarlo:
        """NPV in many draws."""
        return monte_carlo(self.case, self.draws, self.seed)

    @property
    def headline(self) -> float:
        """NPV to lead with: right on average where assumptions have ranges, else the base case."""
        return self.simulation.mean if self.simulation.uncertain else self.base.npv

    @cached_property
    def swings(self) -> pd.DataFrame:
        """Tornado of the NPV."""
        return uncertainty.tornado(assumptions(self.case), npv_of(self.case))

    @cached_property
    def break_even(self) -> pd.DataFrame:
        """Value of each assumption at which the NPV is 0."""
        return uncertainty.break_even(assumptions(self.case), npv_of(self.case))

    @cached_property
    def register(self) -> pd.DataFrame:
        """Every number with range and source."""
        return register.assumption_register(self.case, self.as_of)

    @cached_property
    def verified(self) -> float | None:
        """Share of the gross value that the customer has verified."""
        return register.verified_share(self.case, self.as_of)

    @cached_property
    def verified_effects(self) -> frozenset[str]:
        """Ids of the effects that are verified in all their numbers."""
        return register.verified_effects(self.case, self.as_of)

    @cached_property
    def item_cash(self) -> pd.DataFrame:
        """Cash by item and year."""
        return items.item_cash(self.case)

    @cached_property
    def soft(self) -> float:
        """NPV that rests on soft savings."""
        return items.soft_value(self.case)

    @cached_property
    def targeting(self) -> targeting.Targeting:
        """Levers of the return on capital."""
        return targeting.levers(self.case)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """What the case claims beside the benchmarks of the industry."""
        return claims_of.check_claims(self.case, self.benchmarks, self.industry)

    @cached_property
    def delivered(self) -> Fulfilment:
        """What became of earlier promises to this customer."""
        return fulfilment(self.value_delivered, self.as_of)

    @cached_property
    def record(self) -> TrackRecord | None:
        """Our usual realisation rate: that of this customer, else that of its industry; internal."""
        return track_record(self.delivered, self.benchmarks, self.industry)

    @cached_property
    def at_usual_rate(self) -> BusinessImpact | None:
        """Base case with every effect on revenue and cost at our usual realisation rate."""
        if self.record is None:
            return None
        flows = [effect for effect in self.case.effects if effect.category != "capital"]
        factors = {f"effects.{e.id}.factor": e.factor.expected * self.record.rate for e in flows}
        return evaluated(self.case, factors)

    @cached_property
    def corridor(self) -> PriceCorridor:
        """Floor and ceilings of the price; internal."""
        return price_corridor(self.case)

    @cached_property
    def schemes(self) -> pd.DataFrame:
        """Value-sharing options; internal."""
        return compare_schemes(self.case)

    @cached_property
    def comparison(self) -> Comparison | None:
        """Compare the case with the alternatives it names; None when it names none that is known."""
        named = [
            c for c in self.others if c.id in self.case.alternative_to or self.case.id in c.alternative_to
        ]
        alike = [other for other in named if other.currency == self.currency]
        return compare([self.case, *alike]) if alike else None

    @property
    def full_year(self) -> int:
        """Last year before the horizon, after ramp-up and before anything is released."""
        return max(1, self.case.years - 1)

    @property
    def years_passed(self) -> float:
        """Years from the start of the case to the day of the report; negative before it starts."""
        return (self.as_of - self.case.start).days / 365.25
