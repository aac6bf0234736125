"""The business case: one document about one customer, base against new (book, chapter 5, figure 12).

Signs: an effect is positive when it is good for the customer (more revenue, less cost, less tied-up capital);
a cost and a price are positive amounts that the customer pays. Time: month 0 is the start, undiscounted;
what recurs falls at the end of each period. ``by_year`` lists begin with year 0.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vs_toolkit.inputs.cases.schemes import AssetTakeover as AssetTakeover
from vs_toolkit.inputs.cases.schemes import CostShare as CostShare
from vs_toolkit.inputs.cases.schemes import FixedPrice as FixedPrice
from vs_toolkit.inputs.cases.schemes import InventoryTurnover as InventoryTurnover
from vs_toolkit.inputs.cases.schemes import ProfitShare as ProfitShare
from vs_toolkit.inputs.cases.schemes import Scheme as Scheme
from vs_toolkit.inputs.fields import Currency, Day, Estimate, Id, Model, Number, Rate, Share, Shown, Text

REVENUE_LINES = ("volume", "price")
COST_LINES = ("direct_cost", "indirect_cost")
CAPITAL_LINES = ("inventory", "work_in_process", "receivables", "payables", "fixed_assets")
Line = Literal[
    "volume",
    "price",
    "direct_cost",
    "indirect_cost",
    "inventory",
    "work_in_process",
    "receivables",
    "payables",
    "fixed_assets",
]
DAYS_OF = {  # days of which yearly amount of the baseline
    "inventory": "direct_costs",
    "work_in_process": "direct_costs",
    "receivables": "revenue",
    "payables": "direct_costs",
}
Month = Annotated[int, Field(ge=0, le=600)]
ONE = Estimate(low=1, expected=1, high=1)


class Evidence(Model):
    """Where a number comes from and who on the customer's side stands behind it."""

    kind: Shown[Literal["customer_figure", "customer_verified", "benchmark", "our_estimate"]]
    reference: Shown[Text | None] = None
    dated: Shown[Day | None] = None
    confirmed_by: Shown[Text | None] = None
    confirmed_on: Shown[Day | None] = None


class Effect(Model):
    """One change in revenue, cost or capital, per year when it has ramped up.

    Its size is exactly one of: ``amount``; ``quantity`` x ``change`` x ``unit_value``; ``days`` (capital
    lines: days x baseline / 365); ``by_year``. ``factor`` is the share of it that comes true. For a capital
    line the size is the level by which tied-up capital falls, not a yearly flow.
    """

    id: Shown[Id]
    name: Shown[Text]
    line: Shown[Line]
    feature: Shown[Text | None] = None
    benefit: Shown[Text | None] = None
    amount: Shown[Estimate | None] = None
    quantity: Shown[Estimate | None] = None
    change: Shown[Estimate | None] = None
    unit_value: Shown[Estimate | None] = None
    unit: Shown[Text | None] = None
    days: Shown[Estimate | None] = None
    by_year: Shown[tuple[Number, ...] | None] = None
    factor: Shown[Estimate] = ONE
    start_month: Shown[Month] = 0
    ramp_months: Shown[Month] = 0
    end_month: Shown[Month | None] = None
    release_haircut: Shown[Share] = 0.0
    evidence: Shown[Evidence]
    note: Text | None = None

    @property
    def category(self) -> Literal["revenue", "cost", "capital"]:
        """Which of the book's three categories the line belongs to."""
        if self.line in REVENUE_LINES:
            return "revenue"
        return "cost" if self.line in COST_LINES else "capital"

    @model_validator(mode="after")
    def _one_size(self) -> Effect:
        product = (self.quantity, self.change, self.unit_value)
        given = [
            self.amount is not None,
            any(p is not None for p in product),
            self.days is not None,
            self.by_year is not None,
        ]
        if sum(given) != 1:
            raise ValueError(
                "give the size once: amount, or quantity x change x unit_value, or days, or by_year"
            )
        if given[1] and (self.quantity is None or self.unit_value is None):
            raise ValueError("quantity and unit_value belong together (change is 1 when left out)")
        if self.days is not None and self.line not in DAYS_OF:
            raise ValueError("days are for capital lines: inventory, work_in_process, receivables, payables")
        if self.end_month is not None and self.end_month <= self.start_month:
            raise ValueError(f"end_month {self.end_month} must come after start_month {self.start_month}")
        return self


class Spend(Model):
    """Money the customer spends: once, every year, or as a list of years; an expense or an investment.

    ``amount`` is paid once in ``month``, ``per_year`` runs from that month on, ``by_year`` lists all there
    is. An ``investment`` is written off over ``life_years`` (left out: to the horizon) in a straight line, or
    by ``depreciation`` (amounts of years 1, 2, ...; ``[]`` for none); ``salvage`` comes back at the horizon
    and is a gain or loss over book value.
    """

    id: Shown[Id]
    name: Shown[Text]
    amount: Shown[Estimate | None] = None
    month: Shown[Month] = 0
    per_year: Shown[Estimate | None] = None
    by_year: Shown[tuple[Number, ...] | None] = None
    treatment: Shown[Literal["expense", "investment"]] = "expense"
    life_years: Shown[Annotated[float, Field(gt=0)] | None] = None
    depreciation: Shown[tuple[Number, ...] | None] = None
    salvage: Shown[Number] = 0.0
    evidence: Shown[Evidence | None] = None
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Spend:
        if self.amount is None and self.per_year is None and self.by_year is None:
            raise ValueError("give amount (once), per_year or by_year")
        if self.by_year is not None and (self.amount is not None or self.per_year is not None):
            raise ValueError("by_year stands alone; leave out amount and per_year")
        if self.treatment == "expense" and (self.life_years or self.depreciation or self.salvage):
            raise ValueError("life_years, depreciation and salvage belong to an investment")
        if self.treatment == "investment" and self.amount is None:
            raise ValueError("an investment needs its amount")
        written_off = sum(self.depreciation or ())
        if self.amount and written_off > self.amount.expected * (1 + 1e-9):
            raise ValueError(f"depreciation adds up to {written_off:g}, more than {self.amount.expected:g}")
        return self


class Tax(Model):
    """Tax on operating profit; losses are used at once or carried forward."""

    rate: Shown[Share]
    losses: Shown[Literal["immediate", "carried_forward"]] = "immediate"


class Baseline(Model):
    """The customer's yearly statement without the solution: for ROCE, days and levers."""

    revenue: Shown[Number | None] = None
    direct_costs: Shown[Number | None] = None
    indirect_costs: Shown[Number | None] = None
    inventory: Shown[Number | None] = None
    work_in_process: Shown[Number | None] = None
    receivables: Shown[Number | None] = None
    payables: Shown[Number | None] = None
    fixed_assets: Shown[Number | None] = None
    roce_target: Shown[Rate | None] = None


class Base(Model):
    """The world without the new solution."""

    kind: Shown[Literal["existing", "competitor", "previous_case"]]
    name: Shown[Text]
    description: Shown[Text | None] = None


class Solution(Model):
    """The new world."""

    name: Shown[Text]
    description: Shown[Text | None] = None


class NextStep(Model):
    """Who does what by when, so that the case is decided."""

    what: Shown[Text]
    who: Shown[Text]
    due: Shown[Day | None] = None


class Difference(Model):
    """What our solution does better (negative: worse) than the next best alternative, a present value."""

    name: Text
    value: Estimate


class Alternative(Model):
    """The next best way to the same result: sets the practical price ceiling."""

    name: Text
    price: Number
    differences: tuple[Difference, ...] = ()


class Provider(Model):
    """Our side of the case: never part of a customer edition.

    ``required_margin`` is a share of the price, so the floor is PV(cost) / (1 - required_margin).
    """

    wacc: Rate
    costs: tuple[Spend, ...]
    required_margin: Annotated[Share, Field(lt=1)]
    alternative: Alternative | None = None
    schemes: tuple[Scheme, ...] = ()
    risks: tuple[Text, ...] = ()


class Uncertainty(Model):
    """How draws are made from low, expected and high."""

    distribution: Shown[Literal["pert", "triangular"]] = "pert"
    correlation: Shown[Share] = 0.0


class BusinessCase(Model):
    """Base against new for one customer, over a horizon, in one currency."""

    id: Shown[Id]
    """Key of the case, once in the source."""
    customer: Shown[Id]
    """Id of the customer, as in the table of customers."""
    title: Shown[Text]
    question: Shown[Text | None] = None
    currency: Shown[Currency]
    """The one currency of the case, such as EUR."""
    dated: Shown[Day]
    """Day on which the case was made; before it nobody sees it."""
    start: Shown[Day]
    """Day on which the horizon begins (month 0)."""
    years: Shown[Annotated[int, Field(ge=1, le=50)]]
    period: Shown[Literal["year", "month"]] = "year"
    customer_wacc: Shown[Share]
    """The customer's cost of capital per year, such as 0.09; its finance department knows it."""
    inflation: Shown[Rate | None] = None
    tax: Shown[Tax | None] = None
    base: Shown[Base]
    solution: Shown[Solution]
    effects: Shown[Annotated[tuple[Effect, ...], Field(min_length=1)]]
    costs: Shown[tuple[Spend, ...]] = ()
    price: Shown[Spend | None] = None
    baseline: Shown[Baseline | None] = None
    uncertainty: Shown[Uncertainty] = Uncertainty()
    decision: Shown[Text | None] = None
    decision_by: Shown[Day | None] = None
    next_steps: Shown[tuple[NextStep, ...]] = ()
    published: Shown[Text | None] = None
    provider: Provider | None = None
    comment: Text | None = None

    @property
    def spends(self) -> tuple[Spend, ...]:
        """All that the customer pays: the costs and, last, the price when there is one."""
        return self.costs if self.price is None else (*self.costs, self.price)

    @property
    def items(self) -> tuple[Effect | Spend, ...]:
        """All effects and all spends, in the order of the document."""
        everything: list[Effect | Spend] = [*self.effects, *self.spends]
        return tuple(everything)

    @model_validator(mode="after")
    def _fits_together(self) -> BusinessCase:
        """Refuse what the evaluation would have to leave out or to guess."""
        problems = [
            *self._repeated_ids(),
            *self._beyond_horizon(),
            *self._days_without_baseline(),
            *self._misplaced_haircuts(),
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _repeated_ids(self) -> list[str]:
        ids = [*(item.id for item in self.items), "tax"]  # results name the tax beside the items
        return [
            f"id {id_!r} is used {ids.count(id_)} times" for id_ in dict.fromkeys(ids) if ids.count(id_) > 1
        ]

    def _beyond_horizon(self) -> list[str]:
        end = 12 * self.years
        late = [e.id for e in self.effects if e.start_month >= end] + [
            s.id for s in self.spends if s.month > end
        ]
        long = [item.id for item in self.items if len(item.by_year or ()) > self.years + 1]
        return [f"{id_} begins after the {end} months of the case" for id_ in late] + [
            f"by_year of {id_} is longer than year 0 and {self.years} years" for id_ in long
        ]

    def _misplaced_haircuts(self) -> list[str]:
        named = [e.id for e in self.effects if e.release_haircut and e.category != "capital"]
        return [f"release_haircut of {id_} belongs to a capital line" for id_ in named]

    def _days_without_baseline(self) -> list[str]:
        needed = [(e.id, DAYS_OF[e.line]) for e in self.effects if e.days is not None]
        return [
            f"days of {id_} need baseline.{name}"
            for id_, name in needed
            if getattr(self.baseline, name, None) is None
        ]
