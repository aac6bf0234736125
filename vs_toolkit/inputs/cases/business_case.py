"""The business case: one document about one customer, base against new (book, chapter 5, figure 12).

Signs: an effect is positive when it is good for the customer (more revenue, less cost, less tied-up capital);
a cost and a price are positive amounts that the customer pays. Time: month 0 is the start, undiscounted; what
is dated falls in its month, what recurs at the end of each ``period``. ``by_year`` lists begin with year 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    field_validator,
    model_validator,
)

from vs_toolkit.inputs.cases.currencies import CURRENCIES
from vs_toolkit.inputs.cases.effects import CAPITAL_LINES as CAPITAL_LINES
from vs_toolkit.inputs.cases.effects import COST_LINES as COST_LINES
from vs_toolkit.inputs.cases.effects import DAYS_OF as DAYS_OF
from vs_toolkit.inputs.cases.effects import ONE as ONE
from vs_toolkit.inputs.cases.effects import REVENUE_LINES as REVENUE_LINES
from vs_toolkit.inputs.cases.effects import Effect as Effect
from vs_toolkit.inputs.cases.effects import Evidence as Evidence
from vs_toolkit.inputs.cases.effects import Factor, VariableValue, likely
from vs_toolkit.inputs.cases.places import Place, Placed, PlacedError
from vs_toolkit.inputs.cases.schemes import AssetTakeover as AssetTakeover
from vs_toolkit.inputs.cases.schemes import CostShare as CostShare
from vs_toolkit.inputs.cases.schemes import FixedPrice as FixedPrice
from vs_toolkit.inputs.cases.schemes import InventoryTurnover as InventoryTurnover
from vs_toolkit.inputs.cases.schemes import ProfitShare as ProfitShare
from vs_toolkit.inputs.cases.schemes import Scheme as Scheme
from vs_toolkit.inputs.cases.spending import Spend as Spend
from vs_toolkit.inputs.cases.spending import Tax as Tax
from vs_toolkit.inputs.fields import (
    FRACTION,
    Currency,
    Day,
    Estimate,
    Id,
    Model,
    Number,
    Rate,
    Share,
    Shown,
    Text,
)
from vs_toolkit.inputs.fields import _fraction as a_fraction
from vs_toolkit.inputs.fields import _percent as read_percent

MOST_WACC = 5.0  # 500% a year


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


def _wacc(written: Any, read: ValidatorFunctionWrapHandler) -> float:
    """Above 100% only where a percent sign says that it is meant."""
    value = float(read(written))
    most = MOST_WACC if isinstance(written, str) and "%" in written else 1.0
    if value < 0:
        raise ValueError(f"{value:g} is negative; write a fraction such as 0.09")
    if value > most:
        return a_fraction(value)
    return value


Wacc = Annotated[
    float,
    FRACTION,
    BeforeValidator(read_percent),
    WrapValidator(_wacc),
    PlainSerializer(lambda value: value if value <= 1 else f"{value * 100!r}%", when_used="json"),
]


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


class TerminalValue(Model):
    """What the business is worth at the horizon, beyond it: an amount after tax, or growth without end.

    ``growth``: the operating cash profit of the last year after tax, growing at this rate for ever, at the
    customer's cost of capital (Gordon). Capital stays released at the horizon.
    """

    amount: Shown[Factor | None] = None
    growth: Shown[Rate | None] = None

    @model_validator(mode="after")
    def _one(self) -> TerminalValue:
        if (self.amount is None) == (self.growth is None):
            raise ValueError("give amount or growth")
        return self


class BusinessCase(Model):
    """Base against new for one customer, over a horizon, in one currency."""

    id: Shown[Id]
    """Key of the case, once in the source."""
    customer: Shown[Id]
    """Id of the customer, as in the table of customers."""
    title: Shown[Text]
    question: Shown[Text | None] = None
    state: Shown[Literal["offered", "ordered", "running", "ended"]] = "offered"
    """How far it is: a running case is reported as running, without a decision to order."""
    alternative_to: Shown[tuple[Id, ...]] = ()
    """Ids of the customer's other cases that answer the same question; they are compared side by side."""
    currency: Shown[Currency]
    """The one currency of the case, such as EUR."""
    dated: Shown[Day]
    """Day on which the case was made; before it nobody sees it."""
    start: Shown[Day]
    """Day on which the horizon begins (month 0)."""
    years: Shown[Annotated[int, Field(ge=1, le=50)]]
    period: Shown[Literal["year", "quarter", "month"]] = "year"
    """Recurring amounts fall at the end of each; what is dated by month falls in its month."""
    mid_period: Shown[bool] = False
    """Recurring amounts fall in the middle of each period instead of at its end."""
    customer_wacc: Shown[Wacc]
    """The customer's cost of capital per year, such as 0.09; its finance department knows it."""
    wacc_by_year: Shown[tuple[Wacc, ...] | None] = None
    """Cost of capital of years 1, 2, ... where it changes over time; the last one holds."""
    inflation: Shown[Rate | None] = None
    tax: Shown[Tax | None] = None
    base: Shown[Base]
    solution: Shown[Solution]
    numbers: Shown[dict[str, VariableValue]] = Field(default_factory=dict)
    """Named numbers that effects share in formulas such as ``cows * milk_per_cow``."""
    effects: Shown[Annotated[tuple[Effect, ...], Field(min_length=1)]]
    costs: Shown[tuple[Spend, ...]] = ()
    price: Shown[Spend | None] = None
    fees: Shown[tuple[Spend, ...]] = ()
    """Further items of the price: licences, service, usage fees."""
    terminal_value: Shown[TerminalValue | None] = None
    baseline: Shown[Baseline | None] = None
    uncertainty: Shown[Uncertainty] = Uncertainty()
    not_quantified: Shown[tuple[Text, ...]] = ()
    """Benefits that are real and carry no amount."""
    flexibility: Shown[Text | None] = None
    """Options that the solution opens later, in words."""
    decision: Shown[Text | None] = None
    decision_by: Shown[Day | None] = None
    end_fixed: Shown[bool] = False
    """The horizon ends on its day whenever the solution starts: a contract or a product's life."""
    next_steps: Shown[tuple[NextStep, ...]] = ()
    published: Shown[Text | None] = None
    provider: Provider | None = None
    comment: Text | None = None

    @property
    def price_items(self) -> tuple[Spend, ...]:
        """All that is paid to the provider."""
        return self.fees if self.price is None else (self.price, *self.fees)

    @property
    def spends(self) -> tuple[Spend, ...]:
        """All that the customer pays: the costs and, last, the price when there is one."""
        return (*self.costs, *self.price_items)

    @property
    def items(self) -> tuple[Effect | Spend, ...]:
        """All effects and all spends, in the order of the document."""
        everything: list[Effect | Spend] = [*self.effects, *self.spends]
        return tuple(everything)

    @property
    def rates(self) -> float | tuple[float, ...]:
        """Cost of capital per year: one rate, or those of years 1, 2, ..."""
        return self.wacc_by_year or self.customer_wacc

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        if value not in CURRENCIES:
            raise ValueError(f"{value} is no ISO 4217 currency; write one such as EUR, USD or GBP")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> BusinessCase:
        """Refuse what the evaluation would have to leave out or to guess."""
        if problems := tuple(self._problems()):
            raise PlacedError(problems)
        return self

    def _problems(self) -> Iterator[Placed]:
        yield from self._repeated_ids()
        yield from self._beyond_horizon()
        for number, effect in enumerate(self.effects):
            needed = DAYS_OF.get(effect.line, "")
            if effect.days is not None and getattr(self.baseline, needed, None) is None:
                yield ("effects", number, "days"), f"days of {effect.id} need baseline.{needed}"
            if effect.release_haircut and effect.category != "capital":
                place = ("effects", number, "release_haircut")
                yield place, f"release_haircut of {effect.id} belongs to a capital line"
        if self.mid_period and self.period == "month":
            yield ("mid_period",), "mid_period needs period: year or quarter"
        growth = self.terminal_value.growth if self.terminal_value else None
        if growth is not None and growth >= self.customer_wacc:
            text = f"growth of {growth:g} must be below the customer_wacc of {self.customer_wacc:g}"
            yield ("terminal_value", "growth"), text

    def _placed_items(self) -> Iterator[tuple[Place, Effect | Spend]]:
        for name in ("effects", "costs", "fees"):
            for number, item in enumerate(getattr(self, name)):
                yield (name, number), item
        if self.price:
            yield ("price",), self.price

    def _repeated_ids(self) -> Iterator[Placed]:
        seen = {"tax", "terminal_value"}  # results name these beside the items
        for place, item in self._placed_items():
            if item.id in seen:
                yield (*place, "id"), f"id {item.id!r} is used twice or stands for a result; choose another"
            seen.add(item.id)

    def _beyond_horizon(self) -> Iterator[Placed]:
        end = 12 * self.years
        for place, item in self._placed_items():
            if isinstance(item, Effect):
                late = any(likely(start) >= end for start in item.site_starts)
                field = "starts" if item.starts else "start_month"
            else:
                late, field = likely(item.month) > end, "month"
            if late:
                yield (*place, field), f"{item.id} begins after the {end} months of the case"
            if len(item.by_year or ()) > self.years + 1:
                yield (
                    (*place, "by_year"),
                    f"by_year of {item.id} is longer than year 0 and {self.years} years",
                )
