"""Scenarios, tornado and break-even of the NPV of a case."""

from __future__ import annotations

import pandas as pd

from vs_toolkit import uncertainty
from vs_toolkit.impact.assumptions import assumptions, npv_of
from vs_toolkit.impact.investment import evaluate
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.uncertainty import SCENARIOS


def scenarios(case: BusinessCase) -> pd.DataFrame:
    """Set the three scenarios side by side: all assumptions at their worse, expected or better ends.

    Returns
    -------
    DataFrame
        Index ``low``, ``expected``, ``high``; ``npv`` (currency), ``irr`` (fraction per year), ``payback``
        (years), ``roi`` (fraction); missing where there is none.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.scenarios(case)["npv"].is_monotonic_increasing
    True
    """
    impacts = {scenario: evaluate(case, scenario) for scenario in SCENARIOS}
    rows = {
        scenario: {"npv": i.npv, "irr": i.rate.rate, "payback": i.payback, "roi": i.roi}
        for scenario, i in impacts.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", dtype=float).rename_axis("scenario")


def tornado(case: BusinessCase) -> pd.DataFrame:
    """NPV with each assumption at its ends; see :func:`vs_toolkit.uncertainty.tornado`.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.tornado(case)["key"].iloc[0]
    'numbers.yield_gain'
    """
    return uncertainty.tornado(assumptions(case), npv_of(case))


def break_even(case: BusinessCase) -> pd.DataFrame:
    """Value of each assumption at which the NPV is 0; see :func:`vs_toolkit.uncertainty.break_even`.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> price = impact.break_even(case).set_index("key").loc["price.amount"]
    >>> bool(price["distance"] > 0), bool(price["within_range"])  # worth more than asked, and certain
    (True, False)
    """
    return uncertainty.break_even(assumptions(case), npv_of(case))
