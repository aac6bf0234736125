"""Row models of the tables: the words and units in which data comes in (data dictionary: data/README.md).

Every column may be shown to the customer only if its annotation says ``Shown``; a table without any shown
column never reaches a customer edition. ``Key`` columns together name a row; a ``Known`` column says from
which day on the row is known; a reference (``CustomerId`` ...) must stand in the table it points to.

A subject's tables stand in one file; its dictionary ``TABLES`` joins the others here.
"""

from __future__ import annotations

from vs_toolkit.inputs.fields import Model
from vs_toolkit.inputs.tables import company, funnel, metrics, operating, plan, portfolio, relationship, value

TABLES: dict[str, type[Model]] = {
    **company.TABLES,
    **funnel.TABLES,
    **value.TABLES,
    **metrics.TABLES,
    **plan.TABLES,
    **relationship.TABLES,
    **portfolio.TABLES,
    **operating.TABLES,
}
# Small tables, the same for every customer, naming none.
REFERENCE = ("people", "statuses", "benchmarks", *plan.REFERENCE, *relationship.REFERENCE)
