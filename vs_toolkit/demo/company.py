"""Who is who in the example company, a provider of pumps, process equipment and service."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.demo.truth import FUNNEL_TRUTH, VALUE_TRUTH, FunnelTruth

CURRENCY = "EUR"
YEARS_OF_HISTORY = 4
UNITS = ("Unit North", "Unit South", "Unit East", "Unit West")
REGIONS = ("Northern Europe", "Southern Europe", "Central Europe", "North America")
TEAMS = ("Equipment", "Service", "Systems")
INDUSTRIES = tuple(VALUE_TRUTH.fulfilment)
WACC = dict(zip(INDUSTRIES, (0.085, 0.07, 0.11, 0.08, 0.09, 0.055), strict=True))
NOTES = (
    "Invoices are paid late at year end",
    "Two sites are for sale",
    "New head of purchasing since spring",
)
TRADES = {"Pulp and paper": "Paper", "Pharmaceuticals": "Pharma"}
OLD_TALES = """Lilliput, Brobdingnag, Laputa, Barataria, Ruritania, Erewhon, Zenda, Atlantis, Avalon, Camelot,
Cockaigne, Eldorado, Hyperborea, Lemuria, Lyonesse, Meropis, Oceana, Utopia, Vineta, Ys, Balnibarbi,
Blefuscu & Sons, Glubbdubdrib, Luggnagg, Houyhnhnm, Bensalem, Christianopolis, Icaria, Altruria, Graustark,
Kukuanaland, Kôr, Opar, Islandia, Zubrowka, Schilda, Nephelokokkygia, Thélème, Agartha, Cloud-Cuckoo-Land"""
PLACES = [place.strip() for place in OLD_TALES.split(",")]  # nobody takes them for companies


def company_truth(customers: int, as_of: date) -> FunnelTruth:
    """Return the process that ends on ``as_of``, with twelve salespeople for every hundred customers."""
    teams = -(-customers // 100)
    start = as_of.replace(year=as_of.year - YEARS_OF_HISTORY, day=1)
    return replace(FUNNEL_TRUTH, start=start, end=as_of, biases=FUNNEL_TRUTH.biases * teams)


def unit_of(person: int) -> str:
    """Return the unit of the salesperson with this number, counted from 0."""
    return UNITS[person % len(UNITS)]


def people(truth: FunnelTruth) -> pd.DataFrame:
    """Salespeople, numbered as in the truth, and one manager for each unit; no real names."""
    sellers = [
        (f"P{i + 1:03d}", f"Sales engineer {i + 1:02d}", unit_of(i), TEAMS[i // len(UNITS) % len(TEAMS)])
        for i in range(len(truth.biases))
    ]
    managers = [(f"M{i + 1:03d}", f"Sales manager {i + 1:02d}", unit, "Lead") for i, unit in enumerate(UNITS)]
    table = pd.DataFrame(sellers + managers, columns=["person_id", "name", "unit", "team"])
    return table.assign(role=table["name"].str[:-3])


def customer_id(index: int) -> str:
    """Return the id of the customer with this number, counted from 0.

    >>> customer_id(0)
    'C001'
    """
    return f"C{index + 1:03d}"


def customers(count: int, sellers: int, seed: int) -> pd.DataFrame:
    """Make ``count`` customers with invented names; ``since`` is filled in by those who sell to them."""
    rng = np.random.default_rng([seed, 1])
    index = range(count)
    industry = [INDUSTRIES[(i * 5 + i // 6) % len(INDUSTRIES)] for i in index]
    unit = np.arange(count) % len(UNITS)
    owner = unit + len(UNITS) * rng.integers(sellers // len(UNITS), size=count)
    base = np.array([WACC[name] for name in industry])
    return pd.DataFrame(
        {
            "customer_id": [customer_id(i) for i in index],
            "name": [_name(i, trade) for i, trade in enumerate(industry)],
            "industry": industry,
            "region": np.array(REGIONS)[unit],
            "sales_unit": np.array(UNITS)[unit],
            "owner_id": [f"P{i + 1:03d}" for i in owner],
            "market_fit": rng.choice(["inside", "borderline", "outside"], count, p=[0.75, 0.18, 0.07]),
            "parent_id": [customer_id(i - 7) if i % 12 == 11 else None for i in index],
            "wacc": np.round(base + rng.integers(-3, 4, count) * 0.005, 3),
            "beta": np.round(rng.normal(1, 0.25, count), 2),
            "note": [NOTES[i // 8 % len(NOTES)] if i % 8 == 3 else None for i in index],
        }
    )


def _name(index: int, industry: str) -> str:
    """No name is part of another, so that a search for one never finds a second."""
    again, place = divmod(index, len(PLACES))
    number = f" {again + 1}" if again else ""
    return f"{PLACES[place]}{number} {TRADES.get(industry, industry)}"
