"""What the customer base of the example company should look like, and what is planted in its sales.

Planted, to be found on the first page: one industry behind three large customers that look independent
(``TRADE``), a large customer that earns its money in one region only, and a long tail of small customers that
cost more than they bring. Each is planted in the table of sales, in amounts that add up; customers
in which other findings are planted (``OTHERS``) are left alone.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.demo import company
from vs_toolkit.demo.company import CURRENCY

TRADE = "Mining"
LINKED = 3
TAIL = 1 / 3
OTHERS = tuple(company.customer_id(place) for place in range(3))
SHOCK = 0.5  # sigma of the quarterly shock that moves the linked customers
RANK = 4  # the smallest linked customer is about as large as the customer of this rank
VALUED = 0.8  # part of the relationships that have been valued
ACTIVITIES = {"order": 45.0, "delivery": 160.0, "service visit": 900.0, "sales visit": 650.0}
COST_COLUMNS = ["direct_cost", "cost_to_serve"]
AMOUNTS = ["units", "list_value", "discount", "net_sales", "production_overhead", *COST_COLUMNS]


def planted(sales: pd.DataFrame, customers: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """Plant the three findings in a table of sales; rows and columns stay as they are."""
    return _carried(_tail(_linked(sales, customers, seed)))


def _size(sales: pd.DataFrame) -> pd.Series[float]:
    """Net sales of the last twelve months by customer, the largest first."""
    recent = sales[sales["month"] > sales["month"].max() - pd.DateOffset(years=1)]
    sums: pd.Series[float] = recent.groupby("customer_id")["net_sales"].sum()
    return sums.sort_values(ascending=False, kind="stable")


def _linked(sales: pd.DataFrame, customers: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Make three customers of one industry large, and let one shock a quarter move them together."""
    size = _size(sales)
    trade = customers.set_index("customer_id")["industry"].reindex(size.index)
    chosen = size[(trade == TRADE) & ~size.index.isin(OTHERS)].head(LINKED)
    if len(chosen) < LINKED or len(size) <= RANK:
        return sales
    rng = np.random.default_rng([seed, 21])
    quarter = (sales["month"].dt.year * 12 + sales["month"].dt.month - 1) // 3
    places = np.unique(quarter)
    shock = np.exp(rng.normal(0, SHOCK, len(places)))
    grown = (size.iloc[RANK] / chosen).clip(lower=1.0) * np.linspace(1.6, 1.0, LINKED)
    factor = sales["customer_id"].map(grown).fillna(1.0).to_numpy(float)
    hit = sales["customer_id"].isin(chosen.index).to_numpy()
    factor = np.where(hit, factor * shock[np.searchsorted(places, quarter)] / shock.mean(), factor)
    amounts = [name for name in AMOUNTS if name in sales]
    return sales.assign(**{name: (sales[name].astype(float) * factor).round(2) for name in amounts})


def _tail(sales: pd.DataFrame) -> pd.DataFrame:
    """Let the smallest third of customers cost a third more than their gross margin."""
    size = _size(sales)
    last = size.index[-max(int(len(size) * TAIL), 1) :]
    small = sales["customer_id"].isin(last.difference(list(OTHERS)))
    margin = sales["net_sales"] - sales["direct_cost"]
    return sales.assign(cost_to_serve=sales["cost_to_serve"].mask(small, (1.33 * margin.abs()).round(2)))


def _carried(sales: pd.DataFrame) -> pd.DataFrame:
    """Let the large customer with most regions lose money in all but the one where it buys most."""
    large = _size(sales).index[: 2 * RANK].difference(list(OTHERS), sort=False)
    own = sales[sales["customer_id"].isin(large)]
    regions = own.groupby("customer_id")["region"].nunique().reindex(large)
    if own.empty or not regions.max() > 1:
        return sales
    customer = regions.idxmax()
    home = own[own["customer_id"] == customer].groupby("region")["net_sales"].sum().idxmax()
    away = (sales["customer_id"] == customer) & (sales["region"] != home)
    costs = {"direct_cost": 0.8, "cost_to_serve": 0.45}
    return sales.assign(
        **{name: sales[name].mask(away, (part * sales["net_sales"]).round(2)) for name, part in costs.items()}
    )


def portfolio_tables(
    customers: pd.DataFrame, sales: pd.DataFrame, as_of: date, seed: int
) -> dict[str, pd.DataFrame]:
    """Make the tables of the subject: ideal base, roles of portfolios, activities and their cost.

    Parameters
    ----------
    customers
        The table ``customers``.
    sales
        The table ``sales``, with what is planted in it.
    as_of
        Last day of the example.
    seed
        The same seed makes the same tables.
    """
    use, costs = _activities(sales, seed)
    return {
        "ideal_base": _ideal(as_of),
        "portfolio_roles": _roles(),
        "activity_use": use,
        "activity_costs": costs,
        "relationship_values": _values(customers, sales, as_of, seed),
    }


def _ideal(as_of: date) -> pd.DataFrame:
    """Limits that the strategy states for the customer base."""
    rows = [
        ("market fit", "inside", 0.75, None, "Our value models were built in these markets"),
        ("industry", TRADE, None, 0.25, "Its investments stop in every downturn"),
        ("largest customer", None, None, 0.15, "No customer is to change our future alone"),
        ("ten largest", None, None, 0.6, "Half of the fixed cost is to be covered by others"),
        ("new customers", None, 0.05, 0.2, "Enough to renew the base, few enough to serve well"),
        ("loss-making customers", None, None, 0.05, "Room for starts and rescues"),
    ]
    table = pd.DataFrame(rows, columns=["measure", "name", "low", "high", "reason"])
    table.insert(2, "set_on", date(as_of.year - 1, 10, 1))
    return table


def _values(customers: pd.DataFrame, sales: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Value most relationships at some years of their profit, fewer outside the chosen markets."""
    rng = np.random.default_rng([seed, 23])
    recent = sales[sales["month"] > sales["month"].max() - pd.DateOffset(years=1)]
    profit = recent["net_sales"] - recent["direct_cost"] - recent["cost_to_serve"]
    by_customer = profit.groupby(recent["customer_id"]).sum()
    fit = customers.set_index("customer_id")["market_fit"].reindex(by_customer.index)
    years = np.where(fit == "inside", 2.4, 1.3) * rng.lognormal(0, 0.35, len(by_customer))
    table = pd.DataFrame({"customer_id": by_customer.index, "valued_on": date(as_of.year, 3, 31)})
    table = table.assign(npv=(by_customer * years).round(-3).to_numpy(), currency=CURRENCY)
    return table[rng.random(len(table)) < VALUED].reset_index(drop=True)


def _roles() -> pd.DataFrame:
    rows = [
        ("Foundation", "large", "steady", "Carries fixed cost; keep and deepen", 0.5, 0.2),
        ("Engines", "large", "volatile", "Growth with risk; limit exposure by industry", 0.3, 0.22),
        ("Broad base", "small", "steady", "Served through standard offers and partners", 0.15, 0.12),
        ("Options", "small", "volatile", "Few and chosen: tomorrow's large customers", 0.05, 0.05),
    ]
    names = ["portfolio", "revenue", "risk", "role", "target_share", "target_eva_margin"]
    return pd.DataFrame(rows, columns=names)


def _activities(sales: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split the posted cost to serve of the last year into activities, which add up to it."""
    rng = np.random.default_rng([seed, 22])
    recent = sales[sales["month"] > sales["month"].max() - pd.DateOffset(years=1)]
    posted = recent.groupby(["customer_id", "month"])["cost_to_serve"].sum().reset_index()
    customers = posted["customer_id"].unique()
    habits = pd.DataFrame(
        rng.dirichlet([4, 5, 3, 2], len(customers)), index=customers, columns=list(ACTIVITIES)
    )
    parts = habits.loc[posted["customer_id"]].to_numpy() * posted[["cost_to_serve"]].to_numpy(float)
    quantity = np.round(parts / np.array(list(ACTIVITIES.values())), 1)
    use = pd.DataFrame(quantity, columns=list(ACTIVITIES)).assign(
        customer_id=posted["customer_id"], month=posted["month"]
    )
    long = use.melt(["customer_id", "month"], var_name="activity", value_name="quantity")
    long = long[long["quantity"] > 0][["customer_id", "activity", "month", "quantity"]].reset_index(drop=True)
    done = long.groupby(["activity", "month"])["quantity"].sum().reset_index()
    once = done["activity"].map(ACTIVITIES)
    spare = np.where(done["activity"] == "service visit", 1.12, 1.0)  # a tenth of the service visits is idle
    capacity = (done["quantity"] * spare).round(1)
    costs = done[["activity", "month"]].assign(
        cost=(capacity * once).round(2), capacity=capacity, currency=CURRENCY
    )
    return long, costs
