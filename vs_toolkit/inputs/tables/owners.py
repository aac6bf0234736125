"""Which customer each row belongs to, and which tables belong to nobody."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vs_toolkit.inputs.lookup import looked_up
from vs_toolkit.inputs.tables import REFERENCE, TABLES

BY_CUSTOMER = tuple(name for name, model in TABLES.items() if "customer_id" in model.model_fields)
BY_OPPORTUNITY = tuple(
    name for name, model in TABLES.items()
    if name not in BY_CUSTOMER and "opportunity_id" in model.model_fields
)  # fmt: skip
OF_CUSTOMERS = (*BY_CUSTOMER, *BY_OPPORTUNITY)
OF_COMPANY = tuple(name for name in TABLES if name not in (*OF_CUSTOMERS, *REFERENCE))


def customer_of_rows(table: str, tables: Mapping[str, pd.DataFrame]) -> pd.Series[str]:
    """Customer of every row of a table; missing where the row's sales case is unknown.

    >>> tables = {"opportunities": pd.DataFrame({"opportunity_id": ["O1"], "customer_id": ["C1"]}),
    ...           "status_changes": pd.DataFrame({"opportunity_id": ["O1", "O2"]})}
    >>> customer_of_rows("status_changes", tables).tolist()
    ['C1', nan]
    """
    frame = tables[table]
    if table in BY_CUSTOMER:
        return frame["customer_id"]
    if "opportunities" not in tables:
        return pd.Series(index=frame.index, dtype="str")
    cases = tables["opportunities"]
    return looked_up(frame["opportunity_id"], cases["opportunity_id"], cases["customer_id"])
