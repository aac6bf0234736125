"""Relationship plans of the example company, what it invested in customers, dependence, and account teams.

Planted, to be found without searching: an investment pile that nobody added up (``PILE``), a key customer
that loses money in one region (:func:`with_loss`), and teams that follow old habits instead of value. Some
plans lack what real ones lack: survival, capital, a cost, or the whole plan.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.demo.company import CURRENCY, customer_id
from vs_toolkit.demo.offers import significant
from vs_toolkit.demo.truth import STATUSES, WON

PILE = customer_id(2)
YEARS = 6  # planned, the current one included
SMALL_ITEMS = 14
PURPOSES = {
    "joint project": "Pilot line at the customer's plant",
    "joint R&D": "Seal material for its process",
    "process alignment": "Link to its ordering system",
    "adaptation": "Special paint and documents",
    "financed inventory": "Spare parts held at its site",
    "financed channel": "Stock of its service partner",
    "financed equipment": "Pumps on rent",
    "discount": "Extra discount for the frame contract",
}
ROLES = (
    "Supplier of its second line",
    "Partner for uptime at two plants",
    "One of three approved suppliers",
    "Develops its next process with it",
)
Array = npt.NDArray[np.float64]


def relationship_tables(tables: dict[str, pd.DataFrame], as_of: date, seed: int) -> dict[str, pd.DataFrame]:
    """Make all tables of the subject for customers with so much business, and plant the loss in their sales.

    Parameters
    ----------
    tables
        The tables made so far; of ``sales`` (if any) customer, month, region, net sales and costs are used.
    as_of
        Last day of the example.
    seed
        The same seed makes the same tables.
    """
    customers, sales = tables["customers"], _business(tables)
    recent = sales[sales["month"] > pd.Timestamp(as_of) - pd.DateOffset(years=1)]
    yearly = recent.groupby("customer_id")["net_sales"].sum()
    revenue = yearly.reindex(customers["customer_id"]).fillna(0.0).clip(lower=60e3).to_numpy(float)
    rng = np.random.default_rng([seed, 8])
    made = {
        "relationship_plans": _plans(customers, revenue, as_of, rng),
        "investments": _investments(customers, revenue, as_of, rng),
        "dependence": _dependence(customers, as_of, rng),
        "team_plans": _team_plans(customers, revenue, as_of, rng),
        "sales_teams": _sales_teams(customers, revenue, as_of),
        "provider_results": _provider_results(sales, as_of),
    }
    plans = made["relationship_plans"]
    planned = set(plans.loc[plans["line"] == "cost_to_serve", "customer_id"])
    return made | ({"sales": with_loss(sales, planned)} if "sales" in tables else {})


def _plans(customers: pd.DataFrame, revenue: Array, as_of: date, rng: np.random.Generator) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for place, (name, size) in enumerate(zip(customers["customer_id"], revenue, strict=True)):
        lines = _lines(size, rng)
        planned_on = as_of - timedelta(days=int(rng.integers(20, 300)))
        if place % 8 == 6:
            continue
        for line in _left_out(place):
            del lines[line]
        rows += _rows(name, planned_on, as_of.year, lines)
        if place % 4 == 1:
            older = {line: (values * 0.9, spread) for line, (values, spread) in lines.items()}
            rows += _rows(name, planned_on - timedelta(days=365), as_of.year - 1, older)
    return pd.DataFrame(rows)


def _left_out(place: int) -> tuple[str, ...]:
    """Lines that the plan of this customer lacks."""
    rules = {"survival": place % 5 == 4, "capital": place % 9 == 5, "cost_to_serve": place % 12 == 10}
    return tuple(line for line, lacks in rules.items() if lacks)


def _lines(size: float, rng: np.random.Generator) -> dict[str, tuple[Array, float]]:
    """Yearly values of each line and the spread of their range, as a fraction."""
    year = np.arange(YEARS)
    growth, spread = rng.normal(0.05, 0.05), rng.uniform(0.08, 0.25)
    sold = size * (1 + growth) ** (year + 0.5)
    start, settled = rng.uniform(0.08, 0.16), rng.uniform(0.03, 0.06)
    return {
        "sales_investment": (sold * (settled + (start - settled) * 0.55**year), 0.15),
        "revenue": (sold, spread),
        "margin": (np.full(YEARS, rng.uniform(0.2, 0.36)), spread / 2),
        "cost_to_serve": (sold * rng.uniform(0.05, 0.11), 0.2),
        "capital": (sold * rng.uniform(0.12, 0.28), 0.2),
        "survival": (np.full(YEARS, rng.uniform(0.85, 0.96)), 0.04),
    }


def _rows(
    customer: str, planned_on: date, first: int, lines: dict[str, tuple[Array, float]]
) -> list[dict[str, Any]]:
    rows = []
    for line, (values, spread) in lines.items():
        share = line in ("margin", "survival")
        for year, value in enumerate(values):
            low, middle, high = (
                round(number, 3) if share else significant(number, 3)
                for number in (value * (1 - spread), value, value * (1 + spread))
            )
            rows.append(
                {
                    "customer_id": customer,
                    "planned_on": pd.Timestamp(planned_on),
                    "year": first + year,
                    "line": line,
                    "low": low,
                    "expected": middle,
                    "high": min(high, 1.0) if line == "survival" else high,
                    "currency": None if share else CURRENCY,
                    "source": "Account plan",
                }
            )
    return rows


def _investments(
    customers: pd.DataFrame, revenue: Array, as_of: date, rng: np.random.Generator
) -> pd.DataFrame:
    """Make a few items per customer, and for one many small ones that nobody decided as a whole."""
    rows: list[dict[str, Any]] = []
    for place, (name, size) in enumerate(zip(customers["customer_id"], revenue, strict=True)):
        pile = name == PILE
        count = SMALL_ITEMS if pile else int(rng.integers(0, 5))
        for number in range(count):
            kind = str(rng.choice(list(PURPOSES)))
            part = rng.uniform(0.025, 0.06) if pile else rng.uniform(0.01, 0.06)
            amount = significant(size * part, 2)
            expected = significant(amount * rng.uniform(0.15, 0.4), 2)
            known = rng.random() < (0.2 if pile else 0.6)
            decided = as_of - timedelta(days=int(rng.integers(60, 1300)))
            rows.append(
                {
                    "investment_id": f"I{place + 1:03d}-{number + 1:02d}",
                    "customer_id": name,
                    "decided_on": pd.Timestamp(decided),
                    "kind": kind,
                    "purpose": PURPOSES[kind],
                    "amount": amount,
                    "currency": CURRENCY,
                    "approval": "none"
                    if pile
                    else str(rng.choice(["capital budget", "sales budget", "none"])),
                    "owner_id": customers["owner_id"].iloc[place],
                    "expected_return": None if pile and number % 2 else expected,
                    "actual_return": significant(expected * rng.uniform(0.3, 1.2), 2) if known else None,
                    "measured_on": pd.Timestamp(decided + timedelta(days=50)) if known else pd.NaT,
                }
            )
    return pd.DataFrame(rows)


def _dependence(customers: pd.DataFrame, as_of: date, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(customers["customer_id"]):
        today = rng.uniform(0.08, 0.6)
        tomorrow = float(np.clip(today + rng.normal(0.07, 0.07), 0.02, 0.9))
        if place % 6 != 5:
            rows.append(
                {
                    "customer_id": name,
                    "assessed_on": pd.Timestamp(as_of - timedelta(days=int(rng.integers(30, 400)))),
                    "share_today": round(today, 2),
                    "share_tomorrow": round(tomorrow, 2),
                    "role_today": ROLES[place % len(ROLES)],
                    "role_tomorrow": None if place % 7 == 3 else ROLES[(place + 1) % len(ROLES)],
                    "months_to_replace": float(rng.integers(2, 25)),
                }
            )
    return pd.DataFrame(rows)


def _wanted(revenue: Array) -> Array:
    """Teams that the plans count on: two for the largest tenth, down to none for the smallest third."""
    rank = pd.Series(revenue).rank(pct=True).to_numpy(float)
    return np.select([rank > 0.88, rank > 0.65, rank > 0.33], [2.0, 1.0, 0.5], 0.0)


def _team_plans(
    customers: pd.DataFrame, revenue: Array, as_of: date, rng: np.random.Generator
) -> pd.DataFrame:
    planned = _wanted(revenue)
    habit = np.select([customers.index % 5 == 1, customers.index % 5 < 3], [1.5, 0.5], 0.0)
    table = pd.DataFrame(
        {
            "customer_id": customers["customer_id"],
            "planned_on": pd.Timestamp(as_of - timedelta(days=120)),
            "teams_today": np.where(rng.random(len(customers)) < 0.7, habit, planned),
            "teams_planned": planned,
            "teams_min": np.where(customers.index % 10 == 4, np.minimum(planned, 0.5), np.nan),
            "teams_max": np.where(customers.index % 10 == 7, planned + 1.0, np.nan),
            "share_without_team": rng.uniform(0.15, 0.45, len(customers)).round(2),
        }
    )
    return table[table["teams_planned"] > 0].reset_index(drop=True)


def _sales_teams(customers: pd.DataFrame, revenue: Array, as_of: date) -> pd.DataFrame:
    """Give each region about half of the teams that its plans count on."""
    wanted = pd.Series(_wanted(revenue)).groupby(customers["region"].to_numpy()).sum()
    return pd.DataFrame(
        {
            "region": wanted.index,
            "set_on": pd.Timestamp(as_of.replace(month=1, day=1)),
            "teams": np.maximum(np.round(0.55 * wanted), 1).astype(int),
        }
    )


def _provider_results(sales: pd.DataFrame, as_of: date) -> pd.DataFrame:
    years = sales.groupby(sales["month"].dt.year)["net_sales"].sum()
    full = years[years.index < as_of.year]
    ahead = range(as_of.year, as_of.year + YEARS)
    last = float(full.iloc[-1]) if len(full) else float(years.sum())
    planned = [last * 1.04 ** (year - as_of.year + 1) for year in ahead]
    reported = [pd.Timestamp(year + 1, 2, 1) for year in full.index]
    net_sales = np.array([*full, *planned]) * 1.02  # what is not recorded by customer
    return pd.DataFrame(
        {
            "year": [*full.index, *ahead],
            "set_on": [*reported, *[pd.Timestamp(as_of.year, 1, 15)] * len(ahead)],
            "net_sales": net_sales.round(-3),
            "contribution": (net_sales * 0.2).round(-3),
            "currency": CURRENCY,
        }
    )


def _business(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Net sales by customer and month; where no sales are made, the orders stand in for them."""
    if "sales" in tables:
        return tables["sales"]
    changes = tables["status_changes"]
    orders = changes[changes["status"] == STATUSES[WON].status].drop_duplicates("opportunity_id")
    customer = tables["opportunities"].set_index("opportunity_id")["customer_id"]
    return pd.DataFrame(
        {
            "customer_id": orders["opportunity_id"].map(customer),
            "month": orders["changed_at"].dt.tz_localize(None).dt.to_period("M").dt.to_timestamp(),
            "net_sales": orders["value"],
        }
    )


def with_loss(sales: pd.DataFrame, among: Collection[str]) -> pd.DataFrame:
    """Let the largest of these customers with several regions lose money in its smallest: small lots."""
    recent = sales[sales["month"] > sales["month"].max() - pd.DateOffset(years=1)]
    recent = recent[recent["customer_id"].isin(list(among))]
    size = recent.groupby(["customer_id", "region"])["net_sales"].sum()
    several = size[size.groupby("customer_id").transform("size") > 1]
    if several.empty:
        return sales
    customer = several.groupby("customer_id").sum().idxmax()
    rows = (sales["customer_id"] == customer) & (sales["region"] == several[customer].idxmin())
    return sales.assign(
        direct_cost=sales["direct_cost"].mask(rows, (sales["net_sales"] * 0.84).round(2)),
        cost_to_serve=sales["cost_to_serve"].mask(rows, (sales["net_sales"] * 0.31).round(2)),
    )
