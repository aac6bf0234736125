"""What account teams of the example company know of their customers: facts, scores, needs and events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.demo.accounts import (
    ONE_WEIGHT,
    PURCHASING,
    UNITS,
    UNTOUCHED,
    WHITE_SPACE,
    WRONG_EFFORT,
    Account,
    Row,
)
from vs_toolkit.demo.company import CURRENCY, INDUSTRIES
from vs_toolkit.demo.offers import PROVIDER_WACC, significant
from vs_toolkit.demo.sales import PRODUCTS

KINDS = (  # kind of event, level, what happened, implication
    ("New management", "individual", "A new plant director has started", "Ask for a meeting within a month"),
    ("Capacity expansion", "company", "A second line was announced", "New lines are specified a year ahead"),
    ("Cost programme", "functional", "Purchasing has to save 5% a year", "Lead with operating cost"),
    ("New regulation", "society", "Emission limits were tightened", "Every site needs measurements"),
    ("Merger in the industry", "industry", "Two of its competitors merged", "Suppliers will be reviewed"),
)
QUESTIONS = {  # topic -> question, answer
    "vision and goals": (
        ("Where does it want to be in five years?", "Cost leader in its region"),
        ("How does it measure success?", "Return on capital employed"),
    ),
    "functions and processes": (
        ("What does an hour of standstill cost?", "About 4,000 at the main site"),
        ("Who plans maintenance?", "Each site for itself"),
    ),
    "financial position": (
        ("What is its cost of capital?", "Between 7% and 9%"),
        ("How large is next year's investment budget?", "Half of last year's"),
    ),
    "relationship": (
        ("Why does it buy from us?", "Start-up support at short notice"),
        ("What would make it change supplier?", "A second supplier for spare parts"),
    ),
    "customer's customers": (
        ("Who are its largest customers?", "Three buy half of the output"),
        ("What do they complain about?", "Late deliveries"),
    ),
}
SCORED = {  # scale -> elements that a team scores for a customer
    "buying_style": (
        "who_is_met", "what_is_discussed", "information", "supplier_choice", "time_horizon",
    ),
    "partnering": ("openness", "joint_work", "new_models", "trust"),
    "relationship_value": (
        "competition", "perception", "customer_growth", "our_growth", "reference", "competence",
    ),
}  # fmt: skip
OF_A_PROSPECT = {  # scale -> elements that a team scores for an opportunity
    "attractiveness": ("core_competence", "reference_use", "short_term_profit", "long_term_potential"),
    "chance_to_win": ("participation", "competitive_position", "financial_value", "relationship"),
}
TYPICAL = {  # indicator of an industry: unit, low, median, high
    "Gross margin": ("share", 0.26, 0.34, 0.42),
    "Operating expenses, share of revenue": ("share", 0.15, 0.2, 0.26),
    "Operating margin": ("share", 0.06, 0.12, 0.18),
    "Days sales outstanding (DSO)": ("days", 38.0, 50.0, 66.0),
    "Days inventory outstanding (DIO)": ("days", 45.0, 70.0, 98.0),
    "Days payables outstanding (DPO)": ("days", 30.0, 44.0, 60.0),
    "Capital turnover": ("turns", 1.0, 1.5, 2.1),
    "ROCE": ("share", 0.08, 0.15, 0.22),
}
PROMISE, PROMISED = (
    ("customer_growth", "our_growth", "reference", "competence"),
    50.0,
)  # where one weight decides
TAX_RATE, INTEREST = 0.25, 0.008  # of profit; interest as a share of revenue
YEARS = 4


def indicator_benchmarks(seed: int) -> pd.DataFrame:
    """Return what is typical of each industry's statements: invented ranges."""
    rng = np.random.default_rng([seed, 13])
    rows = []
    for industry in INDUSTRIES:
        for name, (unit, *ends) in TYPICAL.items():
            level = rng.lognormal(0, 0.08)
            low, median, high = (significant(end * level, 3) for end in ends)
            n = int(rng.integers(8, 40))
            rows.append([industry, name, unit, low, median, high, n, "Published statements of the industry"])
    names = ["industry", "indicator", "unit", "low", "median", "high", "n", "source"]
    return pd.DataFrame(rows, columns=names)


def offerings() -> pd.DataFrame:
    """Return what the company sells; all of it lies in the markets that it chose, upgrades of others' not."""
    rows = [(name, group, "inside") for group, names in PRODUCTS.items() for name in names]
    rows.append(("Repair of other makes", "One-off business", "borderline"))
    return pd.DataFrame(rows, columns=["offering", "product_group", "market_fit"])


def segments(customers: int, as_of: date) -> pd.DataFrame:
    """Say what each segment gets; a quarter of the customers can be key ones, a third important ones."""
    year = date(as_of.year, 1, 1)
    rows = [
        ("key", year, customers // 4, 65.0, "account team with an account manager", 24, 45_000.0),
        ("important", year, customers // 3, 45.0, "sales manager, product expert on request", 8, 15_000.0),
        ("normal", year, None, None, "other channels, sales manager on request", 2, 4_000.0),
    ]
    names = ["segment", "set_on", "customers", "lowest_value", "served_by", "meetings", "budget"]
    return pd.DataFrame(rows, columns=names).astype({"customers": "Int64"}).assign(currency=CURRENCY)


def knowledge(account: Account) -> Iterator[Row]:
    """Answer most questions; the customer may see what it has told itself."""
    for topic, questions in QUESTIONS.items():
        for question, answer in questions:
            known = account.rng.random() < 0.35 + 0.6 * account.quality
            source = str(account.rng.choice(["customer", "market study", "system", "our people"]))
            yield {
                "customer_id": account.id,
                "topic": topic,
                "question": question,
                "recorded_on": account.day(int(account.rng.integers(1, 20))),
                "answer": answer if known else None,
                "source": source if known else None,
                "shared": True if known and source == "customer" else None,
            }


def statements(account: Account) -> Iterator[Row]:
    """Make statements of the last years, more or less like those of its industry."""
    rng = account.rng
    revenue, last = significant(rng.lognormal(np.log(180e6), 0.6)), account.as_of.year - 1
    near = {name: row[2] * rng.lognormal(0, 0.18) for name, row in TYPICAL.items()}
    for year in range(last - YEARS + 1, last + 1):
        near = {name: level * rng.lognormal(0, 0.03) for name, level in near.items()}
        goods = revenue * (1 - near["Gross margin"])
        expenses = revenue * near["Operating expenses, share of revenue"]
        interest, profit = INTEREST * revenue, revenue - goods - expenses
        tax = max(TAX_RATE * (profit - interest), 0.0)
        amounts = {
            "revenue": revenue,
            "cost_of_goods": goods,
            "operating_expenses": expenses,
            "interest": interest,
            "tax": tax,
            "net_income": profit - interest - tax,
            "receivables": revenue * near["Days sales outstanding (DSO)"] / 365,
            "inventory": goods * near["Days inventory outstanding (DIO)"] / 365,
            "payables": goods * near["Days payables outstanding (DPO)"] / 365,
            "total_assets": revenue / near["Capital turnover"] * 1.3,
            "current_liabilities": revenue / near["Capital turnover"] * 0.3,
        }
        published = pd.Timestamp(year + 1, 3, 20)
        if account.planted != UNTOUCHED or published < account.day(0):
            yield {
                "customer_id": account.id,
                "year": year,
                "published_on": published,
                **{name: round(amount, -3) for name, amount in amounts.items()},
                "currency": CURRENCY,
                "source": "Annual report",
                "note": "One site was sold" if year == last else None,
            }
        revenue *= float(rng.lognormal(0.03, 0.05))


def white_space(account: Account) -> Iterator[Row]:
    """Say what each unit buys of each offering; where it is planted, more is open than the pipeline holds."""
    rng = account.rng
    pipeline = float(account.cases["value"].sum())
    states = rng.choice(
        ["sold", "open", "competitor", "no need", "unknown"], 21, p=[0.25, 0.25, 0.2, 0.15, 0.15]
    )
    spends = rng.lognormal(np.log(45e3), 0.7, 21)
    unsold = float(spends[np.isin(states, ["open", "competitor"])].sum())
    if account.planted == WHITE_SPACE and unsold:
        spends = spends * max(1.6 * pipeline / unsold, 1.0)
    products = [name for names in PRODUCTS.values() for name in names]
    cells = [(unit, product) for unit in UNITS for product in products]
    for (unit, product), state, spend in zip(cells, states, spends, strict=True):
        known = state in ("sold", "open", "competitor")
        yield {
            "customer_id": account.id,
            "customer_unit": unit,
            "offering": product,
            "recorded_on": account.day(3),
            "state": str(state),
            "yearly_spend": significant(float(spend)) if known and rng.random() < 0.9 else None,
            "our_sales": significant(float(spend * rng.uniform(0.4, 0.95))) if state == "sold" else None,
            "competitor": str(rng.choice(["Rival A", "Rival B"])) if state == "competitor" else None,
            "currency": CURRENCY,
        }


def assessments(account: Account) -> Iterator[Row]:
    """Score the customer half a year ago and its growth again last month; then its open opportunities."""
    for scale, elements in SCORED.items():
        for element in elements:
            own = account.score()
            if account.planted == PURCHASING and scale == "relationship_value":
                own = max(own, 85.0)
            if account.planted == ONE_WEIGHT and element in PROMISE:
                own = PROMISED
            yield _scored(account, None, scale, element, own, account.day(7))
    again = PROMISED if account.planted == ONE_WEIGHT else min(account.score() + 10, 100.0)
    yield _scored(account, None, "relationship_value", "our_growth", again, account.day(1))
    yield from _prospects(account)


def _prospects(account: Account) -> Iterator[Row]:
    """Score most open opportunities; where it is planted, those with most hours are not worth them."""
    ranked = account.cases.sort_values("hours", ascending=False, kind="stable")
    for place, case in enumerate(ranked["opportunity_id"]):
        if account.rng.random() < 0.15 and account.planted != WRONG_EFFORT:
            continue
        centres = account.rng.uniform(20, 90, 2)
        if account.planted == WRONG_EFFORT:
            centres = np.array([25.0, 25.0]) if place < max(len(ranked) // 2, 1) else np.array([80.0, 35.0])
        for (scale, elements), centre in zip(OF_A_PROSPECT.items(), centres, strict=True):
            for element in elements:
                score = float(np.clip(5 * round(account.rng.normal(centre, 10) / 5), 0, 100))
                yield _scored(account, str(case), scale, element, score, account.day(2))


def _scored(
    account: Account, case: str | None, scale: str, element: str, score: float, day: pd.Timestamp
) -> Row:
    return {
        "customer_id": account.id,
        "opportunity_id": case,
        "scale": scale,
        "element": element,
        "assessed_on": day,
        "score": score,
        "assessed_by": account.row["owner_id"],
        "evidence": "Workshop of the account team" if case is None else "Last visit",
    }


def situations(account: Account) -> Iterator[Row]:
    """Record one to four trigger events over the last three years."""
    count = int(account.rng.integers(1, 5))
    for place, kind in enumerate(account.rng.choice(len(KINDS), count)):
        name, level, event, implication = KINDS[kind]
        yield {
            "customer_id": account.id,
            "situation_id": f"{account.id}-S{place + 1}",
            "happened_on": account.day(int(account.rng.integers(1, 36)), place),
            "level": level,
            "kind": name,
            "event": event,
            "implication": implication,
        }


def process_options(account: Account) -> Iterator[Row]:
    """Compare who could own spare parts or run maintenance: the customer, we, or a partner."""
    rng, rate = account.rng, account.row["wacc"]
    stock, labour = significant(rng.uniform(2e5, 2e6)), significant(rng.uniform(1e5, 6e5))
    parties = {
        "customer": (1.0, float(rate) if rate == rate else None, 0.55, 0.08, 0.3),
        "provider": (0.9, PROVIDER_WACC, 0.75, 0.04, 0.7),
        "partner": (0.95, 0.09, 0.8, 0.05, 0.5),
    }
    for place, name in enumerate(("Spare parts stock", "Maintenance of rotating equipment")):
        for party, (cost, capital_rate, utilisation, obsolescence, recovered) in parties.items():
            yield {
                "customer_id": account.id,
                "candidate_id": f"{account.id}-P{place + 1}",
                "candidate": name,
                "party": party,
                "recorded_on": account.day(5),
                "today": party == "customer",
                "operating_cost": significant(labour * cost * (0.2 if place == 0 else 1.0)),
                "assets": (stock if place == 0 else stock * 0.1) if party == "customer" else None,
                "capital_rate": capital_rate,
                "utilisation": utilisation,
                "obsolescence": obsolescence if place == 0 else None,
                "recovered": recovered if place == 0 else None,
                "currency": CURRENCY,
            }
