"""Tables of customers made for tests: small ones by hand, and a base of any size."""

import numpy as np
import pandas as pd

from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame

INDUSTRIES = ("Chemicals", "Dairy", "Mining", "Water")
REGIONS = ("North", "South", "West")
GROUPS = ("Equipment", "Service")


def tables(**given):
    """All tables, empty where none is given."""
    return {name: empty_frame(model) for name, model in TABLES.items()} | given


def sales(*rows):
    """Sales from (customer_id, month, region, product_group, net_sales, direct_cost, cost_to_serve)."""
    names = ["customer_id", "month", "region", "product_group", "net_sales", "direct_cost", "cost_to_serve"]
    frame = pd.DataFrame(rows, columns=names)
    frame["month"] = pd.to_datetime(frame["month"])
    return frame.assign(currency="EUR").reindex(columns=list(TABLES["sales"].model_fields))


def customers(*rows):
    """Customers from (customer_id, industry)."""
    frame = pd.DataFrame(rows, columns=["customer_id", "industry"])
    frame["name"] = "Name of " + frame["customer_id"]
    frame = frame.reindex(columns=list(TABLES["customers"].model_fields))
    return frame.astype({"beta": float, "wacc": float}).assign(since=pd.NaT)


def many(count, months=36, end="2026-06-01", seed=1):
    """Return a base of ``count`` customers over ``months`` months: lognormal sizes, two rows a month each."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"C{i + 1:05d}" for i in range(count)])
    size = np.sort(rng.lognormal(9.5, 1.2, count))[::-1]
    month = pd.date_range(end=end, periods=months, freq="MS")
    rows = pd.DataFrame(
        {
            "customer_id": np.repeat(ids, months * 2),
            "month": np.tile(np.repeat(month, 2), count),
            "region": np.repeat(
                np.array(REGIONS)[rng.integers(0, 3, count * 2).reshape(count, 2)], months, axis=0
            )
            .reshape(count, months, 2)
            .ravel(),
            "product_group": np.tile(GROUPS, count * months),
            "net_sales": np.repeat(size, months * 2) * rng.lognormal(0, 0.3, count * months * 2),
        }
    )
    margin = rng.normal(0.35, 0.08, count).repeat(months * 2)
    rows["direct_cost"] = rows["net_sales"] * (1 - margin)
    rows["cost_to_serve"] = rows["net_sales"] * 0.12 + 900
    rows = rows.assign(currency="EUR").reindex(columns=list(TABLES["sales"].model_fields))
    register = customers(*zip(ids, np.array(INDUSTRIES)[rng.integers(0, 4, count)], strict=True))
    balances = pd.DataFrame({"customer_id": np.repeat(ids, 13), "receivables": np.repeat(size * 2, 13)})
    balances["month"] = np.tile(pd.date_range(end=end, periods=13, freq="MS"), count)
    balances = balances.assign(currency="EUR").reindex(columns=list(TABLES["balances"].model_fields))
    return tables(sales=rows, customers=register, balances=balances)
