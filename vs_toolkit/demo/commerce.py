"""What the example company sold, earned and tied up by month, and what it had planned.

Planted, to be found on the first page of the sales metrics:

- ``GIVEN_AWAY`` sells more and gives its margin away in discounts.
- ``CARRIED``: serving this region costs more than it earns; the others carry it.
- ``INHERITED``: the results of this customer's owner rest on it alone, and were taken over from a colleague.
- One customer in twelve was lost, one is new.
- ``PULLED``: this unit met its plan with sales agreed for the months after the period.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.demo.company import CURRENCY, REGIONS, UNITS, YEARS_OF_HISTORY, customer_id
from vs_toolkit.demo.sales import PRODUCTS
from vs_toolkit.periods import last_full_month

GIVEN_AWAY, PULLED = UNITS[0], UNITS[2]
CARRIED = REGIONS[3]
INHERITED = customer_id(1)
PRICES = {"Standard equipment": 4200.0, "Service agreements": 900.0, "Process systems": 26000.0}
USUAL_DISCOUNT, DEEP_DISCOUNT = 0.08, 0.24
GROWTH, PUSHED_GROWTH = 0.03, 0.12  # per year; of the unit that gives discounts in the last one
PRICE_RISE, COST_RISE = 0.025, 0.03  # every January
DIRECT, OVERHEAD, SERVE, DEAR_SERVE = 0.55, 0.04, 0.06, 0.42
MONTHLY = 55e3
LOST, NEW = 10, 4  # of twelve customers: one stopped fourteen months ago, one began ten months ago
PULLED_SHARE = 0.09  # of a year's sales, agreed for later
Array = npt.NDArray[np.float64]


def sales(customers: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Make the postings of four years: customer × month × product group × region."""
    rng = np.random.default_rng([seed, 31])
    last = last_full_month(as_of)
    months = pd.date_range(last - pd.DateOffset(months=12 * YEARS_OF_HISTORY - 1), last, freq="MS")
    lines = _lines(customers, rng)
    rows = lines.loc[lines.index.repeat(len(months))].reset_index(drop=True)
    number = np.tile(np.arange(len(months)), len(lines))
    rows["month"] = months[number]
    ages = np.tile(np.arange(len(months))[::-1], len(lines))  # months before the last one
    place = rows["customer_id"].str[1:].astype(int) % 12
    here = ~((place == LOST) & (ages < 14)) & ~((place == NEW) & (ages >= 10))
    rows, number = rows[here].reset_index(drop=True), number[here]
    year, pushed = _year(rows, last), _pushed(rows, last)
    growth = 1 + GROWTH * (number / 12 - YEARS_OF_HISTORY / 2) + PUSHED_GROWTH * pushed
    season = 1 + 0.12 * np.sin(2 * np.pi * (rows["month"].dt.month - 2) / 12)
    volume = rows["size"] * growth * season * rng.lognormal(0, 0.18, len(rows))
    price = rows["product_group"].map(PRICES) * (1 + PRICE_RISE) ** year
    units = np.maximum(np.round(volume / rows["product_group"].map(PRICES), 1), 0.1)
    discount = rows["habit"] + (DEEP_DISCOUNT - USUAL_DISCOUNT) * pushed + rng.normal(0, 0.006, len(rows))
    table = _amounts(rows, units, price, discount.clip(lower=0.0), year, rng)
    return _pulled(_inherited(table, customers, last), last).sort_values(
        ["customer_id", "month", "product_group", "region"], ignore_index=True, kind="stable"
    )


def _lines(customers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Give each customer two product groups, and every third one a second region."""
    kinds = list(PRODUCTS)
    rows: list[dict[str, Any]] = []
    for place, customer in enumerate(customers.to_dict("records")):
        size = MONTHLY * rng.lognormal(0, 0.6) * (7.0 if customer["customer_id"] == INHERITED else 1)
        habit = max(rng.normal(USUAL_DISCOUNT, 0.02), 0.02)
        home = customer["region"]
        away = REGIONS[(REGIONS.index(home) + 1 + place // 3) % len(REGIONS)]
        regions = [(home, 0.7), (away, 0.3)] if place % 3 == 0 and away != home else [(home, 1.0)]
        for kind, part in ((kinds[place % 3], 0.6), (kinds[(place + 1) % 3], 0.4)):
            rows += [
                {
                    "customer_id": customer["customer_id"],
                    "product_group": kind,
                    "region": region,
                    "unit": customer["sales_unit"],
                    "person_id": customer["owner_id"],
                    "size": size * part * share,
                    "habit": habit,
                }
                for region, share in regions
            ]
    return pd.DataFrame(rows)


def _year(rows: pd.DataFrame, last: pd.Timestamp) -> pd.Series[int]:
    """Calendar years since the first January of the data."""
    years: pd.Series[int] = rows["month"].dt.year - (last.year - YEARS_OF_HISTORY)
    return years


def _pushed(rows: pd.DataFrame, last: pd.Timestamp) -> pd.Series[float]:
    """Return 1 for the sales of the last year of the unit that gives its margin away."""
    recent = rows["month"] > last - pd.DateOffset(months=12)
    return (recent & (rows["unit"] == GIVEN_AWAY)).astype(float)


def _amounts(
    rows: pd.DataFrame,
    units: Any,
    price: Any,
    discount: Any,
    year: pd.Series[int],
    rng: np.random.Generator,
) -> pd.DataFrame:
    listed = units * price
    net = listed * (1 - discount)
    direct = units * rows["product_group"].map(PRICES) * DIRECT * (1 + COST_RISE) ** year
    serve = np.where(rows["region"] == CARRIED, DEAR_SERVE, SERVE) * rng.lognormal(0, 0.15, len(rows))
    table = rows[["customer_id", "month", "product_group", "region", "unit", "person_id"]].assign(
        agreed_month=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"),
        units=units,
        list_value=listed.round(2),
        discount=(listed * discount).round(2),
        net_sales=0.0,
        direct_cost=direct.round(2),
        production_overhead=(direct * OVERHEAD).round(2),
        cost_to_serve=(net * serve).round(2),
        currency=CURRENCY,
    )
    return table.assign(net_sales=(table["list_value"] - table["discount"]).round(2))


def _inherited(table: pd.DataFrame, customers: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Let a colleague of the same unit have sold to the inherited customer until fifteen months ago."""
    own = customers[customers["customer_id"] == INHERITED]
    if own.empty:
        return table
    unit, owner = own.iloc[0][["sales_unit", "owner_id"]]
    colleagues = customers.loc[
        (customers["sales_unit"] == unit) & (customers["owner_id"] != owner), "owner_id"
    ]
    if colleagues.empty:
        return table
    early = (table["customer_id"] == INHERITED) & (table["month"] <= last - pd.DateOffset(months=15))
    return table.assign(person_id=table["person_id"].mask(early, colleagues.min()))


def _pulled(table: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Add sales of the last two months that were agreed for the two months after them."""
    base = table[(table["unit"] == PULLED) & (table["month"] > last - pd.DateOffset(months=2))]
    year = table[(table["unit"] == PULLED) & (table["month"] > last - pd.DateOffset(months=12))]
    if base.empty:
        return table
    part = PULLED_SHARE * year["net_sales"].sum() / base["net_sales"].sum()
    names = ["units", "list_value", "discount", "direct_cost", "production_overhead", "cost_to_serve"]
    extra = base.assign(**{name: (base[name] * part).round(2) for name in names})
    extra["net_sales"] = (extra["list_value"] - extra["discount"]).round(2)
    extra["agreed_month"] = (extra["month"] + pd.DateOffset(months=2)).astype("datetime64[us]")
    return pd.concat([table, extra], ignore_index=True)


def balances(sold: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Make the month-end balances that go with the sales."""
    rng = np.random.default_rng([seed, 32])
    monthly = sold.groupby(["customer_id", "month"])[["net_sales", "direct_cost"]].sum()
    steady = monthly.groupby(level="customer_id").transform(lambda values: values.rolling(3, 1).mean())
    customers = steady.index.get_level_values("customer_id")
    days = pd.Series(rng.uniform(1.1, 2.1, customers.nunique()), index=customers.unique())
    held = pd.Series(rng.uniform(0.6, 1.6, customers.nunique()), index=customers.unique())
    noise = rng.lognormal(0, 0.05, (2, len(steady)))
    equipment = steady["net_sales"].groupby(level="customer_id").transform("mean")
    table = pd.DataFrame(
        {
            "receivables": steady["net_sales"] * days.reindex(customers).to_numpy() * noise[0],
            "inventory": steady["direct_cost"] * held.reindex(customers).to_numpy() * noise[1],
            "other_capital": equipment * 0.8 * (days.reindex(customers).to_numpy() > 1.8),
            "payables": steady["direct_cost"] * 1.1,
        }
    )
    return table.round(0).assign(currency=CURRENCY).reset_index()


def unit_costs(sold: pd.DataFrame) -> pd.DataFrame:
    """Make the costs of each unit that are not recorded by customer."""
    monthly = sold.groupby(["unit", "month"])["net_sales"].sum()
    base = monthly.groupby(level="unit").transform(lambda values: values.rolling(12, 1).mean())
    parts = {
        "operating_expenses": 0.13,
        "depreciation": 0.025,
        "interest": 0.006,
        "tax": 0.028,
        "investment": 0.03,
    }
    table = pd.DataFrame({name: (base * part).round(0) for name, part in parts.items()})
    return table.assign(currency=CURRENCY).reset_index()


def budgets(sold: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Make the plans of each unit and the company for this year and the two before; one was restated.

    They start from what came, so that each unit meets or misses its plan as its story wants.
    """
    last = last_full_month(as_of)
    met = dict(zip(UNITS, (1.06, 0.99, 1.015, 0.93), strict=True))
    level = sold[sold["month"] > last - pd.DateOffset(months=12)].groupby("unit")["net_sales"].sum() / 12
    months = pd.date_range(pd.Timestamp(last.year - 2, 1, 1), pd.Timestamp(last.year, 12, 1), freq="MS")
    rows = []
    for unit, base in level.items():
        for month in months:
            years = (month.year - last.year) + (0.5 if month.month > last.month else 0.0)
            value = base / met[str(unit)] * (1 + GROWTH) ** years * month.days_in_month / 30.4375
            rows.append((unit, month, pd.Timestamp(month.year - 1, 12, 15), value))
            if unit == UNITS[3] and last - pd.DateOffset(months=3) < month and month.year == last.year:
                rows.append((unit, month, pd.Timestamp(last) - pd.DateOffset(months=2), value * 0.92))
    plan = pd.DataFrame(rows, columns=["name", "month", "set_on", "net_sales"])
    plan = plan[plan["set_on"] <= pd.Timestamp(as_of)].assign(level="unit")
    whole = _company(plan)
    both = pd.concat([plan, whole], ignore_index=True)
    parts = {"sales_margin": 0.385, "profit_contribution": 0.225, "operating_profit": 0.1}
    both = both.assign(**{name: both["net_sales"] * part for name, part in parts.items()}, discount_rate=0.08)
    measures = ["net_sales", *parts, "discount_rate"]
    long = both.melt(["level", "name", "month", "set_on"], measures, "measure", "value")
    money = long["measure"] != "discount_rate"
    long["value"] = long["value"].round(-2).where(money, long["value"])
    long["currency"] = pd.Series(CURRENCY, index=long.index).where(money)
    names = ["measure", "level", "name", "month", "set_on", "value", "currency"]
    return long[names].sort_values(names[:5], ignore_index=True)


def _company(plan: pd.DataFrame) -> pd.DataFrame:
    """Plan of the company: that of its units, restated when one of them was."""
    versions = []
    for day in sorted(plan["set_on"].unique()):
        known = plan[plan["set_on"] <= day].drop_duplicates(["name", "month"], keep="last")
        touched = plan.loc[plan["set_on"] == day, "month"].unique()
        total = known[known["month"].isin(touched)].groupby("month", as_index=False)["net_sales"].sum()
        versions.append(total.assign(set_on=day, name="company", level="company"))
    return pd.concat(versions, ignore_index=True) if versions else plan.iloc[:0]
