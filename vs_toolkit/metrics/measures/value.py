"""Value to the customer: promised, realised and the ratio of the two."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.measure import Measure, register

CHAPTER = "book, chapter 8 (metrics of the value to the customer)"
DUE = "last day of the period for which the value was promised"


def value_promised(facts: Facts) -> pd.Series[float]:
    """Value promised for the periods that have ended."""
    return facts.total("value_delivered", "promised").where(facts.rows("value_delivered") > 0)


def value_realised(facts: Facts) -> pd.Series[float]:
    """Value confirmed as measured; missing where nothing was measured."""
    measured = facts.total("value_delivered", "measured")
    return facts.total("value_delivered", "confirmed").where(measured > 0)


def fulfilment(facts: Facts) -> pd.DataFrame:
    """Value realised by value promised, over the periods that are due and were measured."""
    promised = facts.total("value_delivered", "promised_measured")
    rate = over(facts.total("value_delivered", "confirmed"), promised)
    return pd.DataFrame({"value": rate, "n": facts.total("value_delivered", "measured")})


for _name, _label, _unit, _numerator, _denominator, _none_when, _of in (
    (
        "value_promised",
        "Value promised",
        "money",
        "Value promised for periods that are due",
        "",
        "nothing was promised to customers on record",
        value_promised,
    ),
    (
        "value_realised",
        "Value realised",
        "money",
        "Value confirmed as measured",
        "",
        "nothing was measured: not measured is not 0",
        value_realised,
    ),
    (
        "fulfilment",
        "Realisation rate",
        "share",
        "Value confirmed as measured",
        "value promised for the same periods",
        "nothing was promised or measured",
        fulfilment,
    ),
):
    register(
        Measure(
            _name,
            _label,
            "value to the customer",
            _unit,
            "higher",
            "x x x x",
            numerator=_numerator,
            denominator=_denominator,
            placed_by=DUE,
            none_when=_none_when,
            of=_of,
            counted="value_delivered",
            source=CHAPTER,
        )
    )
