"""Cost of delay: the plan shifts as a whole, or the end of the horizon stands and months are lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit import finance
from vs_toolkit.impact.lines import OPERATING
from vs_toolkit.impact.statement import Lines, lines
from vs_toolkit.impact.timing import grid_of
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.timeline import MONTHS
from vs_toolkit.uncertainty import Values

DELAYS = range(1, 13)


def cost_of_delay(case: BusinessCase, values: Values) -> pd.DataFrame:
    """Value lost by waiting 1 to 12 months, on the same grid as the NPV of the case.

    Returns
    -------
    DataFrame
        Index ``months``; ``plan_shifts`` (everything happens as many months later: only time value is lost)
        and ``fixed_end`` (the horizon ends on its day: benefits that would come after it are lost, payments
        that would fall after it are due on that day), in currency. Negative: waiting gains.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> delay = cost_of_delay(case, {})
    >>> bool((delay["fixed_end"] > delay["plan_shifts"]).all())
    True
    """
    now, steady = lines(case, values), _steady(case)
    operating = _operating(lines(steady, values))
    npv, factors = float(now.npv), finance.discount_factors(now.rate, now.grid.size - 1)
    rows = [
        {
            "months": months,
            "plan_shifts": npv * (1 - factors[months]),
            "fixed_end": npv - _with_fixed_end(case, values, months, operating),
        }
        for months in DELAYS
        if months < case.years * MONTHS
    ]
    return pd.DataFrame(rows).set_index("months")


def _steady(case: BusinessCase) -> BusinessCase:
    return case.model_copy(update={"inflation": None, "terminal_value": None})


def _with_fixed_end(case: BusinessCase, values: Values, months: int, operating: float) -> float:
    """NPV of starting later with the same end; what falls beyond it and is to be paid is due at the end."""
    grid = grid_of(case, delay=months)
    later, kept = lines(case, values, grid), 1 - (case.tax.rate if case.tax else 0.0)
    reached = later if not case.inflation else lines(_steady(case), values, grid)
    beyond = kept * (operating - _operating(reached))
    factor = finance.discount_factors(later.rate, later.grid.size - 1)[later.grid.months]
    return float(later.npv) + min(0.0, beyond) * float(factor)


def _operating(result: Lines) -> float:
    """Undiscounted operating cash before tax."""
    return float(sum(np.sum(t.size * t.course) for t in result.terms if t.line in OPERATING))
