"""Value promised and realised, and what is typical of an industry."""

from __future__ import annotations

from vs_toolkit.inputs.fields import (
    Count,
    Currency,
    CustomerId,
    Day,
    Id,
    Key,
    Known,
    Model,
    Number,
    Shown,
    Text,
)


class ValueDelivered(Model):
    """What an effect of a case promised for a period, and what was measured."""

    customer_id: Shown[CustomerId]
    """At which customer."""
    case_id: Key[Shown[Id]]
    """The business case that promised it."""
    effect_id: Key[Shown[Id]]
    """The effect of that case."""
    effect: Shown[Text]
    """Its name."""
    line: Shown[Text]
    """Its line, as in the business case."""
    period_end: Key[Known[Shown[Day]]]
    """Last day of the period."""
    promised: Shown[Number]
    """Value promised for the period, in ``currency``."""
    realised: Shown[Number | None] = None
    """Value measured in the period; empty when not measured (not the same as 0)."""
    currency: Shown[Currency]
    """Currency of both; that of the business case."""
    measured_by: Shown[Text | None] = None
    """Who on the customer's side measured it."""
    reason: Shown[Text | None] = None
    """Why it differs from the promise."""
    note: Text | None = None
    """What the customer does not read."""


class Benchmark(Model):
    """What is typical in an industry: a published or collected range, never naming a customer."""

    industry: Key[Shown[Text]]
    """Industry, in the words of ``customers``."""
    indicator: Key[Shown[Text]]
    """What is measured."""
    unit: Shown[Text]
    """Its unit."""
    low: Shown[Number]
    """Lower end of the range seen."""
    median: Shown[Number]
    """Median."""
    high: Shown[Number]
    """Upper end of the range seen."""
    n: Shown[Count]
    """Number of companies or cases behind it."""
    source: Key[Shown[Text]]
    """Where it was published or collected."""


TABLES: dict[str, type[Model]] = {
    "value_delivered": ValueDelivered,
    "benchmarks": Benchmark,
}
