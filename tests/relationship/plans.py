"""Small plans of customers, to be worked out by hand."""

from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.relationship import Terms, Valuation, read_plans

YEAR_END, MID_YEAR = date(2025, 12, 31), date(2026, 6, 30)
BY_HAND = {  # by year 2026, 2027
    "revenue": (1000, 1200),
    "margin": (0.5, 0.5),
    "cost_to_serve": (100, 100),
    "sales_investment": (150, 100),
    "capital": (200, 240),
    "survival": (0.8, 0.75),
}


def plan_rows(lines=BY_HAND, customer="C1", planned_on="2025-11-30", first=2026, spread=0.0):
    """Rows of a plan, each figure with a range of ``spread`` (a fraction of it) to either side."""
    rows = [
        (
            customer,
            pd.Timestamp(planned_on),
            first + year,
            line,
            value * (1 - spread),
            value,
            value * (1 + spread),
        )
        for line, values in lines.items()
        for year, value in enumerate(values)
    ]
    names = ["customer_id", "planned_on", "year", "line", "low", "expected", "high"]
    return table("relationship_plans", pd.DataFrame(rows, columns=names))


def table(name, frame):
    """Frame with all columns of a table, as the reading gate would give it."""
    empty = empty_frame(TABLES[name])
    given = frame.astype({column: empty[column].dtype for column in frame})
    return given.reindex(columns=empty.columns).astype(empty.dtypes.to_dict())


def valued(rows=None, as_of=YEAR_END, opening=200.0, terms=None):
    """Valuation of the plans in ``rows``."""
    plans = read_plans(plan_rows() if rows is None else rows, as_of)
    levels = np.broadcast_to(np.asarray(opening, dtype=float), len(plans.customers))
    return Valuation(plans, levels, terms or Terms(0.25))
