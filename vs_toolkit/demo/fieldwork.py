"""What the example company hears from customers, knows of markets, and thinks of its salespeople.

Planted: ``VISITOR`` makes far more visits than the others, most of them on no opportunity.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.demo.company import CURRENCY, UNITS, customer_id
from vs_toolkit.demo.sales import HOURLY_COST
from vs_toolkit.periods import last_full_month

VISITOR = "P011"
VISITS = 170
ITEMS = ("Delivery", "Technical advice", "Response time", "Value for money")
SERVICES = (  # indicator, unit, agreed, better, usual level, spread
    ("Deliveries on time", "share", 0.95, "higher", 0.945, 0.03),
    ("Response to a fault", "hours", 8.0, "lower", 7.0, 2.2),
    ("Availability of equipment", "share", 0.98, "higher", 0.982, 0.01),
)
SKILLS = (
    "Starts and keeps contacts",
    "Understands the customer's business",
    "Business and financial skills",
    "Brings ideas for our operations",
)
WAYS = (
    "Qualifies forecast and funnel",
    "Uses account plans and tools",
    "Shares information",
    "Plans the work",
)
RATERS = {"self": 0.5, "manager": 0.0, "co-worker": 0.1}  # how much each rates above the manager
SURVEYS, SERVICE_MONTHS = 5, 18


def visits(customers: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Make the visits that belong to no opportunity: a few of everybody, very many of one."""
    rng = np.random.default_rng([seed, 41])
    owners = customers["owner_id"].to_numpy()
    own = np.flatnonzero(owners == VISITOR)
    unit = np.flatnonzero(customers["sales_unit"] == UNITS[(int(VISITOR[1:]) - 1) % len(UNITS)])
    targets = own if len(own) else unit if len(unit) else np.arange(len(customers))
    place = np.concatenate([rng.choice(targets, VISITS), rng.choice(len(customers), 3 * len(customers))])
    person = np.concatenate([np.full(VISITS, VISITOR, dtype=object), owners[place[VISITS:]]])
    days = rng.integers(0, 500, len(place))
    hours = np.maximum(np.round(rng.lognormal(1.4, 0.3, len(place)) * 2) / 2, 1.0)
    return pd.DataFrame(
        {
            "date": pd.Timestamp(as_of) - pd.to_timedelta(days, unit="D"),
            "customer_id": customers["customer_id"].to_numpy()[place],
            "opportunity_id": None,
            "person_id": person,
            "type": "Visit",
            "hours": hours,
            "cost": hours * HOURLY_COST,
        }
    )


def satisfaction(customers: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Make the answers of two respondents of each customer, twice a year."""
    rng = np.random.default_rng([seed, 42])
    mood = rng.normal(0, 0.5, len(customers))
    rows: list[dict[str, Any]] = []
    for survey in range(SURVEYS):
        day = pd.Timestamp(as_of) - pd.DateOffset(months=6 * survey) - pd.Timedelta(days=20)
        for customer, feeling in zip(customers["customer_id"], mood, strict=True):
            for who in ("Production", "Purchasing"):
                common = {"customer_id": customer, "answered_on": day, "respondent": who}
                scores = np.clip(np.round(3.9 + feeling + rng.normal(0, 0.7, len(ITEMS))), 1, 5)
                rows += [
                    {**common, "kind": "rating", "item": item, "score": score, "low": 1, "high": 5}
                    for item, score in zip(ITEMS, scores, strict=True)
                ]
                likely = float(np.clip(np.round(7.9 + 2 * feeling + rng.normal(0, 1.3)), 0, 10))
                asked = {"kind": "recommendation", "item": "Would recommend us", "low": 0, "high": 10}
                rows.append({**common, **asked, "score": likely})
    return pd.DataFrame(rows)


def service_levels(customers: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Make the service levels that customers see."""
    rng = np.random.default_rng([seed, 43])
    last = last_full_month(as_of)
    months = pd.date_range(last - pd.DateOffset(months=SERVICE_MONTHS - 1), last, freq="MS")
    parts = []
    for indicator, unit, agreed, better, usual, spread in SERVICES:
        index = pd.MultiIndex.from_product([customers["customer_id"], months], names=["customer_id", "month"])
        value = usual + rng.normal(0, spread, len(index))
        value = np.clip(value, 0, 1) if unit == "share" else np.maximum(value, 0.5)
        parts.append(
            pd.DataFrame({"value": value.round(3)}, index=index).assign(
                indicator=indicator, agreed=agreed, measured_in=unit, better=better
            )
        )
    names = ["customer_id", "month", "indicator", "value", "agreed", "measured_in", "better"]
    return pd.concat(parts).reset_index()[names]


def markets(
    customers: pd.DataFrame, sold: pd.DataFrame, as_of: date, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make what customers buy from all suppliers, and the size of the markets."""
    rng = np.random.default_rng([seed, 44])
    yearly = (
        sold.groupby(["customer_id", sold["month"].dt.year.rename("year")])["net_sales"].sum().reset_index()
    )
    yearly = yearly[(yearly["year"] < as_of.year) & (yearly["year"] > as_of.year - 4)]
    begun = sold.groupby("customer_id")["month"].min().dt.year  # the purchases of a year begun are not known
    share = pd.Series(rng.uniform(0.15, 0.6, len(customers)), index=customers["customer_id"])
    unknown = set(customers["customer_id"][5::8])
    market = yearly[
        ~yearly["customer_id"].isin(unknown) & (yearly["year"] > yearly["customer_id"].map(begun))
    ]
    market = pd.DataFrame(
        {
            "customer_id": market["customer_id"],
            "year": market["year"],
            "known_on": pd.to_datetime(market["year"].add(1).astype(str) + "-02-28"),
            "purchases": (market["net_sales"] / market["customer_id"].map(share)).round(-3),
            "growth": market["customer_id"].map(share).sub(0.35).mul(-0.2).round(3),
            "source": "Account manager, from the customer's report",
            "currency": CURRENCY,
        }
    )
    joined = yearly.merge(customers[["customer_id", "sales_unit", "industry"]], on="customer_id")
    parts = []
    for level, column in (("unit", "sales_unit"), ("segment", "industry")):
        sums = joined.groupby([column, "year"])["net_sales"].sum().rename_axis(["name", "year"])
        parts.append(sums.reset_index().assign(level=level))
    whole = joined.groupby("year")["net_sales"].sum().reset_index().assign(level="company", name="company")
    sizes = pd.concat([*parts, whole], ignore_index=True)
    sizes = sizes.assign(
        known_on=pd.to_datetime(sizes["year"].add(1).astype(str) + "-04-30"),
        size=(sizes["net_sales"] / 0.11 * rng.uniform(0.8, 1.25, len(sizes))).round(-4),
        source="Trade association, estimate",
        currency=CURRENCY,
    )
    return market.reset_index(drop=True), sizes[
        ["level", "name", "year", "known_on", "size", "source", "currency"]
    ]


def ratings(people: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Make two rounds of ratings; people rate themselves above what others see."""
    rng = np.random.default_rng([seed, 45])
    sellers = people.loc[people["role"] == "Sales engineer", "person_id"]
    kinds = ("personal sales skills", "company way")
    items = [(kinds[0], item) for item in SKILLS] + [(kinds[1], item) for item in WAYS]
    true = {(person, kind): rng.uniform(1.8, 4.4) for person in sellers for kind in kinds}
    bias = {
        (person, rater): mean + rng.normal(0, 0.35) for person in sellers for rater, mean in RATERS.items()
    }
    rows = []
    for back, lift in ((6, -0.25), (0, 0.0)):
        day = pd.Timestamp(as_of) - pd.DateOffset(months=back) - pd.Timedelta(days=40)
        for person in sellers:
            for rater in RATERS:
                for kind, item in items:
                    score = true[person, kind] + lift + bias[person, rater] + rng.normal(0, 0.55)
                    rows.append((person, day, rater, kind, item, float(np.clip(np.round(score), 1, 5)), 1, 5))
    names = ["person_id", "rated_on", "rater", "dimension", "item", "score", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def competence_goals(rated: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Make one goal for each person: the item on which the manager sees least."""
    last = rated[(rated["rater"] == "manager") & (rated["rated_on"] == rated["rated_on"].max())]
    weakest = last.sort_values("score", kind="stable").drop_duplicates("person_id").sort_values("person_id")
    return pd.DataFrame(
        {
            "person_id": weakest["person_id"],
            "item": weakest["item"],
            "set_on": pd.Timestamp(as_of) - pd.Timedelta(days=30),
            "due": pd.Timestamp(as_of.year, 12, 31),
            "goal": np.minimum(weakest["score"] + 1, 5),
            "measure": "Joint visits",
        }
    ).reset_index(drop=True)


def assignments(people: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Let one person have changed team a year and a half ago."""
    mover = people[people["person_id"] == "P009"]
    if mover.empty:
        return pd.DataFrame(columns=["person_id", "since", "unit", "team"])
    unit, team = mover.iloc[0][["unit", "team"]]
    day = pd.Timestamp(as_of) - pd.DateOffset(months=18)
    return pd.DataFrame(
        {
            "person_id": "P009",
            "since": [day - pd.DateOffset(years=3), day.replace(day=1)],
            "unit": unit,
            "team": ["Equipment", team],
        }
    )


def mergers(customers: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Let one of the customers that stopped buying have merged into another of the same unit."""
    gone, successor = customer_id(21), customer_id(13)
    known = set(customers["customer_id"])
    day = (pd.Timestamp(as_of) - pd.DateOffset(months=14)).replace(day=1)
    rows = [(gone, successor, day)] if {gone, successor} <= known else []
    return pd.DataFrame(rows, columns=["customer_id", "successor_id", "merged_on"])
