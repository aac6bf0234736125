"""The size of an effect, and the numbers it is made of: as expected, or as a scenario or draw has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.business_case import DAYS_OF, BusinessCase
from vs_toolkit.inputs.cases.effects import Effect, Factor, MonthRange, Risk
from vs_toolkit.timeline import between_months

Values = Mapping[str, float | FloatArray]
Size = float | FloatArray
LATEST = 600.0  # months: no case is longer
PRODUCT = ("amount", "quantity", "change", "unit_value")


def value(case: BusinessCase, key: str, factor: Factor, values: Values) -> Size:
    """Value of a number: that of ``values``, that of its formula over the shared numbers, or as expected."""
    if key in values:
        return values[key]
    if factor.formula is None:
        return factor.expected
    numbers = {
        name: values.get(f"numbers.{name}", case.numbers[name].expected)
        for name in formulas.names(factor.formula)
    }
    return cast(Size, formulas.evaluate(formulas.parse(factor.formula), numbers))


def size_of(effect: Effect, case: BusinessCase, values: Values) -> Size:
    """Size of an effect in currency after ramp-up: per year, or as a level for a capital line.

    Positive is good for the customer. With ``by_year`` and ``share_of_next_sales`` the amounts are elsewhere:
    the size is what they are multiplied with. Of several sites it is the size of one.
    """
    place = f"effects.{effect.id}"
    size = value(case, f"{place}.factor", effect.factor, values)
    for name in PRODUCT:
        factor: Factor | None = getattr(effect, name)
        if factor is not None:
            size = size * value(case, f"{place}.{name}", factor, values)
    if effect.days is not None:
        yearly = cast(float, getattr(case.baseline, DAYS_OF[effect.line]))
        size = size * value(case, f"{place}.days", effect.days, values) * yearly / 365
    if effect.share_of_next_sales is not None:
        size = size * value(case, f"{place}.share_of_next_sales", effect.share_of_next_sales, values)
    return size * adjusted(effect.risk, good=_is_good(effect, case))


def _is_good(effect: Effect, case: BusinessCase) -> bool:
    if effect.by_year is not None:
        return sum(amount.expected for amount in effect.by_year) >= 0
    signs = [getattr(effect, name) for name in (*PRODUCT, "days")]
    return bool(np.prod([np.sign(factor.expected) for factor in signs if factor is not None]) >= 0)


def adjusted(risk: Risk | None, *, good: bool) -> float:
    """Multiplier of a risk adjustment: benefits are lowered, costs raised."""
    return 1.0 if risk is None else 1.0 - risk.adjustment if good else 1.0 + risk.adjustment


def by_year_parts(
    amounts: tuple[Factor, ...], key: str, values: Values
) -> Iterator[tuple[Size, tuple[float, ...]]]:
    """Size and amounts by year of a listed line: as expected, and what a value away from that adds.

    The value of a listed line is the sum of its years. Between the sum as expected and its low or high end,
    all years move together towards their own ends.
    """
    middle = tuple(amount.expected for amount in amounts)
    yield 1.0, middle
    if key in values:
        moved = np.asarray(values[key], dtype=float) - sum(middle)
        for end, sign in (("high", 1.0), ("low", -1.0)):
            reach = tuple(getattr(amount, end) - amount.expected for amount in amounts)
            if any(reach):
                yield np.maximum(sign * moved, 0.0) / abs(sum(reach)), reach


def months_of(month: int | MonthRange, key: str, values: Values) -> Mapping[int, Size]:
    """Weights of whole months that stand for a month; one month with weight 1 where it is certain."""
    if isinstance(month, int):
        return {month: 1.0}
    given = np.clip(values.get(key, month.expected), 0.0, LATEST)
    weights = between_months(given, month.low, month.high)
    return cast(Mapping[int, Size], {at: weight for at, weight in weights.items() if np.any(weight)})
