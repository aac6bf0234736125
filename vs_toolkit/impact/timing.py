"""The grid of months on which a case is evaluated."""

from __future__ import annotations

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.timeline import MONTHS, Grid

PERIOD_MONTHS = {"year": MONTHS, "quarter": 3, "month": 1}


def untaxed(case: BusinessCase) -> BusinessCase:
    """Return ``case`` without tax, on the same grid: months for late tax stay."""
    rule = case.tax and case.tax.model_copy(update={"rate": 0.0})
    return case.model_copy(update={"tax": rule})


def grid_of(case: BusinessCase, delay: int = 0) -> Grid:
    """Grid of ``case``: its months, settled by its periods; a year more where tax is paid a year late."""
    late = case.tax is not None and case.tax.paid == "next_year"
    return Grid(
        case.years * MONTHS,
        PERIOD_MONTHS[case.period],
        middle=case.mid_period,
        tail=MONTHS if late else 0,
        delay=delay,
    )
