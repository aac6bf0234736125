"""Rules about business cases that may be misread: what they raise is a warning with its line."""

from __future__ import annotations

from collections.abc import Iterator

from vs_toolkit.inputs.cases.business_case import BusinessCase, Effect, Evidence, Spend
from vs_toolkit.inputs.cases.effects import Factor, factors, latest, likely
from vs_toolkit.inputs.cases.places import Place, Placed

STOCKS = ("inventory", "work_in_process", "receivables", "fixed_assets")
DAYS_A_YEAR = 365


def placed_items(case: BusinessCase) -> Iterator[tuple[Place, Effect | Spend]]:
    """Every effect, cost and price item with its place in the document."""
    for name in ("effects", "costs", "fees"):
        for number, item in enumerate(getattr(case, name)):
            yield (name, number), item
    if case.price:
        yield ("price",), case.price


def listed_without_year_0(case: BusinessCase) -> Iterator[Placed]:
    """A list of as many years as the case has, beginning with an amount: year 0 may have been forgotten."""
    for place, item in placed_items(case):
        amounts = item.by_year or ()
        recurring = len(amounts) > 1 and amounts[0].expected != 0 and len(amounts) == case.years
        if recurring and case.years > 1:
            expected = case.years + 1
            yield (
                (*place, "by_year"),
                f"{len(amounts)} amounts for {case.years} years: the first is year 0, the last year "
                f"has none; give {expected}, or begin with 0 if years 1 to {case.years} are meant",
            )


def listed_and_masked(case: BusinessCase) -> Iterator[Placed]:
    """A list of years of which ``start_month`` cuts away a part."""
    for number, effect in enumerate(case.effects):
        start = int(likely(effect.start_month))
        masked = [amount.expected for amount in (effect.by_year or ())[1 : 1 + start // 12]]
        if any(masked):
            yield (
                ("effects", number, "start_month"),
                f"cuts off the amounts of by_year before month {start}; list 0 for those years instead",
            )


def change_above_one(case: BusinessCase) -> Iterator[Placed]:
    """A change, margin or realisation rate above 1."""
    for number, effect in enumerate(case.effects):
        for name in ("change", "factor", "margin", "share_of_next_sales"):
            factor: Factor | None = getattr(effect, name)
            if factor is not None and max(abs(factor.low), abs(factor.high)) > 1 and not factor.certain_one:
                most = max(factor.low, factor.high, key=abs)
                yield (
                    ("effects", number, name),
                    f"{most:g} means {most:.0%}; write {most / 100:g} or {most:g}% if {most:g}% is meant",
                )


def more_than_there_is(case: BusinessCase) -> Iterator[Placed]:
    """More capital released than the baseline holds."""
    if case.baseline is None:
        return
    for number, effect in enumerate(case.effects):
        held = getattr(case.baseline, effect.line, None) if effect.line in STOCKS else None
        freed = _level(effect, case)
        if held is not None and freed > held:
            yield (
                ("effects", number, _size_field(effect)),
                f"releases {freed:g}, more than the {held:g} of baseline.{effect.line}",
            )


def _level(effect: Effect, case: BusinessCase) -> float:
    if effect.by_year is not None:
        return max(amount.expected for amount in effect.by_year)
    if effect.days is not None and case.baseline is not None:
        yearly = case.baseline.revenue if effect.line == "receivables" else case.baseline.direct_costs
        return effect.days.expected * (yearly or 0.0) / DAYS_A_YEAR
    size = 1.0
    for name in ("amount", "quantity", "change", "unit_value"):
        factor: Factor | None = getattr(effect, name)
        size *= factor.expected if factor is not None else 1.0
    return 0.0 if effect.share_of_next_sales is not None else size * len(effect.site_starts)


def _size_field(effect: Effect) -> str:
    return next(iter(factors(effect)), "amount").partition(".")[0]


def ramp_beyond_horizon(case: BusinessCase) -> Iterator[Placed]:
    """An effect that has not ramped up when the horizon ends."""
    for number, effect in enumerate(case.effects):
        reached = max(latest(start) for start in effect.site_starts) + latest(effect.ramp_months)
        if latest(effect.ramp_months) and reached > 12 * case.years:
            yield (
                ("effects", number, "ramp_months"),
                f"the full effect comes in month {reached:g}, after the {12 * case.years} months of the case",
            )


def salvage_above_price(case: BusinessCase) -> Iterator[Placed]:
    """An investment that is sold for more than it cost."""
    for place, item in placed_items(case):
        paid = item.amount.expected if isinstance(item, Spend) and item.amount is not None else 0.0
        if isinstance(item, Spend) and 0 < paid < item.salvage.expected:
            yield (*place, "salvage"), f"{item.salvage.expected:g} is more than the {paid:g} it cost"


def negative_spend(case: BusinessCase) -> Iterator[Placed]:
    """A negative amount among what the customer spends."""
    for place, item in placed_items(case):
        if isinstance(item, Spend):
            for name in ("amount", "per_year"):
                factor: Factor | None = getattr(item, name)
                if factor is not None and factor.expected < 0:
                    text = "counts as spending avoided; what the customer pays is a positive amount"
                    yield (*place, name), text


def confirmed_after_the_case(case: BusinessCase) -> Iterator[Placed]:
    """A confirmation long after the case was made: probably a slip of the pen."""
    for place, evidence in _evidence(case):
        if evidence.confirmed_on is not None and evidence.confirmed_on.year > case.dated.year + 2:
            text = f"{evidence.confirmed_on} is years after the case was made ({case.dated})"
            yield (*place, "confirmed_on"), f"{text}; it counts from that day only"


def _evidence(case: BusinessCase) -> Iterator[tuple[Place, Evidence]]:
    for place, item in placed_items(case):
        if item.evidence is not None:
            yield (*place, "evidence"), item.evidence
        for name, factor in factors(item).items() if isinstance(item, Effect) else ():
            if factor.evidence is not None:
                yield (*place, name, "evidence"), factor.evidence
    for name, number in case.numbers.items():
        if number.evidence is not None:
            yield ("numbers", name, "evidence"), number.evidence


RULES = (
    listed_without_year_0,
    listed_and_masked,
    change_above_one,
    more_than_there_is,
    ramp_beyond_horizon,
    salvage_above_price,
    negative_spend,
    confirmed_after_the_case,
)
