"""What the customer spends, how it is written off and taxed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from vs_toolkit.inputs.cases.effects import Evidence, Factor, Month, Risk, When, latest
from vs_toolkit.inputs.fields import Id, Model, Number, Rate, Share, Shown, Text

MACRS: Mapping[str, tuple[float, ...]] = {  # IRS publication 946, table A-1: half-year convention
    "macrs_3": (0.3333, 0.4445, 0.1481, 0.0741),
    "macrs_5": (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576),
    "macrs_7": (0.1429, 0.2449, 0.1749, 0.1249, 0.0893, 0.0892, 0.0893, 0.0446),
    "macrs_10": (0.1, 0.18, 0.144, 0.1152, 0.0922, 0.0737, 0.0655, 0.0655, 0.0656, 0.0655, 0.0328),
}
Table = Literal["macrs_3", "macrs_5", "macrs_7", "macrs_10", "declining"]


class Depreciation(Model):
    """How an investment is written off, from its first year on: amounts, shares, or a named table.

    In a case written as a list of amounts (``[2000, 3200]``), of percentages (``[20%, 32%]``), or as a name:
    ``macrs_3``, ``macrs_5``, ``macrs_7``, ``macrs_10`` (IRS publication 946, half-year convention) or
    ``declining`` (double declining balance over ``life_years``, straight line once that is more).
    """

    amounts: Shown[tuple[Number, ...] | None] = None
    shares: Shown[tuple[Rate, ...] | None] = None
    table: Shown[Table | None] = None

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"table": value}
        if not isinstance(value, list | tuple):
            return value
        percentages = [isinstance(item, str) and item.strip().endswith("%") for item in value]
        if any(percentages) and not all(percentages):
            raise ValueError("write all years as amounts, or all as percentages such as 20%")
        return {"shares" if any(percentages) else "amounts": value}

    @model_validator(mode="after")
    def _once(self) -> Depreciation:
        if self.shares and sum(self.shares) > 1 + 1e-6:
            raise ValueError(f"the percentages add up to {sum(self.shares):.2%}, more than 100%")
        return self


class Spend(Model):
    """Money the customer spends: once, every year, or as a list of years; an expense or an investment.

    ``amount`` is paid once in ``month``; ``per_year``, or ``quantity`` x ``unit_value`` for a usage fee, runs
    from that month on, which may be a range; ``by_year`` lists all there is, year 0 first. A negative amount
    is spending avoided. An ``investment`` is written off over ``life_years`` (left out: to the horizon) in a
    straight line, or by ``depreciation`` (``[]`` for none); ``salvage`` comes back at the horizon and is a
    gain or loss over book value.
    """

    id: Shown[Id]
    name: Shown[Text]
    amount: Shown[Factor | None] = None
    month: Shown[When] = 0
    per_year: Shown[Factor | None] = None
    quantity: Shown[Factor | None] = None
    unit_value: Shown[Factor | None] = None
    unit: Shown[Text | None] = None
    by_year: Shown[tuple[Factor, ...] | None] = None
    growth: Shown[Rate] = 0.0
    """Escalation of yearly amounts from year 2 on."""
    end_month: Shown[Month | None] = None
    in_advance: Shown[bool] = False
    """Yearly amounts fall due at the beginning of each period, such as rents."""
    treatment: Shown[Literal["expense", "investment"]] = "expense"
    life_years: Shown[Annotated[Number, Field(gt=0)] | None] = None
    depreciation: Shown[Depreciation | None] = None
    salvage: Shown[Factor] = Factor(low=0, expected=0, high=0)
    risk: Shown[Risk | None] = None
    evidence: Shown[Evidence | None] = None
    note: Text | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Spend:
        recurring = (self.per_year, self.quantity, self.unit_value)
        if self.amount is None and self.by_year is None and all(part is None for part in recurring):
            raise ValueError("give amount (once), per_year, quantity x unit_value, or by_year")
        if (self.quantity is None) != (self.unit_value is None):
            raise ValueError("quantity and unit_value belong together: a fee per unit used")
        if self.per_year is not None and self.quantity is not None:
            raise ValueError("give per_year, or quantity x unit_value")
        if self.by_year is not None and any(part is not None for part in (self.amount, *recurring)):
            raise ValueError("by_year stands alone; leave out the other amounts")
        if self.end_month is not None and self.end_month <= latest(self.month):
            raise ValueError(f"end_month {self.end_month} must come after month {latest(self.month):g}")
        if self.risk and any(factor.is_range for factor in amounts(self).values()):
            raise ValueError("give a risk adjustment or a range, not both: the risk would count twice")
        return self

    @model_validator(mode="after")
    def _investment(self) -> Spend:
        salvage = any((self.salvage.low, self.salvage.high))
        if self.treatment == "expense" and (self.life_years or self.depreciation or salvage):
            raise ValueError("life_years, depreciation and salvage belong to an investment")
        if self.treatment == "investment" and self.amount is None:
            raise ValueError("an investment needs its amount")
        if self.depreciation and self.depreciation.table == "declining" and not self.life_years:
            raise ValueError("declining needs life_years")
        written = self.depreciation.amounts if self.depreciation else None
        if written and self.amount and self.amount.expected:
            self._written_off_in_full(sum(written) / self.amount.expected, written)
        return self

    def _written_off_in_full(self, share: float, written: tuple[float, ...]) -> None:
        assert self.amount is not None
        if share > 1 + 1e-9:
            total = f"{sum(written):g}"
            raise ValueError(f"depreciation adds up to {total}, more than {self.amount.expected:g}")
        if abs(self.amount.expected) > 100 and all(0 <= amount <= 1 for amount in written):
            shares = ", ".join(f"{amount:.4g}" for amount in written)
            percentages = ", ".join(f"{100 * amount:.4g}%" for amount in written)
            raise ValueError(f"[{shares}] would be amounts; write shares as [{percentages}]")


def amounts(spend: Spend) -> dict[str, Factor]:
    """The numbers that a spend is made of: field -> number."""
    names = ("amount", "per_year", "quantity", "unit_value")
    found = {name: getattr(spend, name) for name in names if getattr(spend, name) is not None}
    listed = {f"by_year.{year}": amount for year, amount in enumerate(spend.by_year or ())}
    salvage = {"salvage": spend.salvage} if spend.salvage.expected or spend.salvage.is_range else {}
    return found | listed | salvage


class Tax(Model):
    """Tax on operating profit; losses are used at once or carried forward."""

    rate: Shown[Share]
    losses: Shown[Literal["immediate", "carried_forward"]] = "immediate"
    paid: Shown[Literal["same_year", "next_year"]] = "same_year"
    """``next_year``: the tax on a year's profit is paid one year later."""
