"""What a solution changes: an effect on one line, its size, its timing, and where its numbers come from."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from vs_toolkit.inputs.fields import Day, Estimate, Id, Model, Rate, Share, Shown, Text

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
LARGEST = 1e15  # above any amount, quantity or value per unit that a case may hold
Month = Annotated[int, Field(ge=0, le=600)]


class Evidence(Model):
    """Source of a number, and who at the customer confirmed it."""

    kind: Shown[Literal["customer_figure", "customer_verified", "benchmark", "our_estimate"]]
    reference: Shown[Text | None] = None
    dated: Shown[Day | None] = None
    confirmed_by: Shown[Text | None] = None
    confirmed_on: Shown[Day | None] = None


class Factor(Estimate):
    """A number of a case, with its range: a plain number, ``{low, expected, high}``, or ``{expected}``.

    ``evidence`` is the source of this number alone, where it differs from that of its effect. ``formula`` is
    the arithmetic over ``numbers`` that it was worked out from.
    """

    evidence: Shown[Evidence | None] = None
    formula: Shown[Text | None] = None

    @model_validator(mode="before")
    @classmethod
    def _from_expected(cls, value: Any) -> Any:
        if isinstance(value, Estimate) and not isinstance(value, Factor):
            return value.model_dump()
        if isinstance(value, dict) and "expected" in value and not {"low", "high"} & set(value):
            return value | {"low": value["expected"], "high": value["expected"]}
        return value

    @model_validator(mode="after")
    def _plausible_size(self) -> Factor:
        largest = max(self.low, self.high, key=abs)
        if abs(largest) > LARGEST:
            raise ValueError(f"{largest:g} is too large for any amount or quantity; check the number")
        return self

    @property
    def certain_one(self) -> bool:
        """Whether it is exactly 1: a factor that says nothing."""
        return self.low == self.high == 1


class VariableValue(Factor):
    """One number that the effects share; drawn once in a simulation, however many effects use it."""

    unit: Shown[Text | None] = None
    name: Shown[Text | None] = None


class MonthRange(Estimate):
    """A month that is not certain yet, as ``{low, expected, high}``; ``evidence`` is its own source."""

    evidence: Shown[Evidence | None] = None

    @model_validator(mode="after")
    def _within_reach(self) -> MonthRange:
        if self.low < 0 or self.high > 600:
            raise ValueError("write months between 0 and 600")
        return self


def _ranged(value: Any) -> str:
    return "range" if isinstance(value, dict | Estimate) else "month"


When = Annotated[Annotated[Month, Tag("month")] | Annotated[MonthRange, Tag("range")], Discriminator(_ranged)]


class Risk(Model):
    """Risk adjustment of one line: benefits are lowered, costs raised by this share, for this reason."""

    adjustment: Shown[Annotated[Share, Field(gt=0, lt=1)]]
    reason: Shown[Text]


ONE = Factor(low=1, expected=1, high=1)


class Effect(Model):
    """One change in revenue, cost or capital; per year after ramp-up, or a level for a capital line.

    Its size is exactly one of: ``amount``; ``quantity`` x ``change`` x ``unit_value``; ``days`` (capital
    lines: days x baseline / 365); ``share_of_next_sales`` (capital lines: share of the additional sales of
    the year ahead); ``by_year`` (year 0 first; for a capital line year-end levels). ``factor`` is the
    realisation rate. Positive is good for the customer: for a capital line the level by which tied-up capital
    falls.
    """

    id: Shown[Id]
    name: Shown[Text]
    line: Shown[Line]
    feature: Shown[Text | None] = None
    benefit: Shown[Text | None] = None
    amount: Shown[Factor | None] = None
    quantity: Shown[Factor | None] = None
    change: Shown[Factor | None] = None
    unit_value: Shown[Factor | None] = None
    unit: Shown[Text | None] = None
    days: Shown[Factor | None] = None
    share_of_next_sales: Shown[Factor | None] = None
    by_year: Shown[tuple[Factor, ...] | None] = None
    """Amounts of years 0, 1, 2, ...; ranges of one line move together."""
    factor: Shown[Factor] = ONE
    margin: Shown[Factor | None] = None
    """Contribution margin on additional volume: the rest of the revenue is its direct cost."""
    start_month: Shown[When] = 0
    ramp_months: Shown[When] = 0
    end_month: Shown[Month | None] = None
    starts: Shown[tuple[Month, ...] | None] = None
    """Start month of each site, where one effect repeats at several; its size is that of one site."""
    adoption: Shown[tuple[Share, ...] | None] = None
    """Share of the full size reached in years 1, 2, ...; the last one holds."""
    growth: Shown[Rate] = 0.0
    """Growth per year from year 2 on."""
    release_haircut: Shown[Share] = 0.0
    """Share of released capital that is lost when it is sold."""
    cash: Shown[Literal["hard", "soft"]] = "hard"
    """``hard`` reaches the bank account; ``soft`` frees capacity that has to be used otherwise."""
    risk: Shown[Risk | None] = None
    evidence: Shown[Evidence]
    note: Text | None = None

    @property
    def category(self) -> Literal["revenue", "cost", "capital"]:
        """Which of the three categories the line belongs to."""
        if self.line in REVENUE_LINES:
            return "revenue"
        return "cost" if self.line in COST_LINES else "capital"

    @property
    def site_starts(self) -> tuple[int | MonthRange, ...]:
        """Start month of each site."""
        return self.starts or (self.start_month,)

    @model_validator(mode="after")
    def _one_size(self) -> Effect:
        product = (self.quantity, self.change, self.unit_value)
        given = [
            self.amount is not None,
            any(p is not None for p in product),
            self.days is not None,
            self.share_of_next_sales is not None,
            self.by_year is not None,
        ]
        if sum(given) != 1:
            raise ValueError(
                "give the size once: amount, or quantity x change x unit_value, or days, "
                "or share_of_next_sales, or by_year"
            )
        if given[1] and (self.quantity is None or self.unit_value is None):
            raise ValueError("quantity and unit_value belong together (change is 1 when left out)")
        if self.days is not None and self.line not in DAYS_OF:
            raise ValueError("days are for capital lines: inventory, work_in_process, receivables, payables")
        if self.share_of_next_sales is not None and self.category != "capital":
            raise ValueError("share_of_next_sales is for capital lines, such as inventory or receivables")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Effect:
        last_start = max(latest(start) for start in self.site_starts)
        if self.end_month is not None and self.end_month <= last_start:
            raise ValueError(f"end_month {self.end_month} must come after start_month {last_start:g}")
        if self.margin is not None and self.line != "volume":
            raise ValueError("margin belongs to the line volume: additional sales carry direct cost")
        if self.starts and self.start_month:
            raise ValueError("give start_month, or starts with one month for each site")
        if self.adoption and (self.ramp_months or self.by_year):
            raise ValueError(
                "adoption gives the share reached in each year; leave out ramp_months and by_year"
            )
        if self.growth and self.by_year:
            raise ValueError("by_year lists every year; leave out growth")
        if self.risk and any(factor.is_range for factor in factors(self).values()):
            raise ValueError("give a risk adjustment or a range, not both: the risk would count twice")
        return self


def factors(effect: Effect) -> dict[str, Factor]:
    """The numbers that the size of an effect is made of: field -> number, in the order of the product.

    >>> evidence = {"kind": "our_estimate"}
    >>> effect = Effect.model_validate({"id": "e", "name": "E", "line": "volume", "quantity": 3,
    ...                                 "unit_value": 5, "evidence": evidence})
    >>> list(factors(effect))
    ['quantity', 'unit_value']
    """
    names = ("amount", "quantity", "change", "unit_value", "days", "share_of_next_sales", "margin")
    found = {name: getattr(effect, name) for name in names if getattr(effect, name) is not None}
    listed = {f"by_year.{year}": amount for year, amount in enumerate(effect.by_year or ())}
    return found | listed | ({} if effect.factor.certain_one else {"factor": effect.factor})


def latest(month: int | MonthRange) -> float:
    """Return the latest month that it may be."""
    return month.high if isinstance(month, MonthRange) else month


def likely(month: int | MonthRange) -> float:
    """Return the month as expected."""
    return month.expected if isinstance(month, MonthRange) else month
