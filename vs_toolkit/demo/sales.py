"""What the example company knows of its sales cases on the last day."""

from __future__ import annotations

from datetime import date
from itertools import compress
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.demo.company import CURRENCY, UNITS, customer_id
from vs_toolkit.demo.histories import Histories
from vs_toolkit.demo.truth import LOST, OPEN, STATUSES, WON, FunnelTruth, true_hit_rates
from vs_toolkit.inputs.cases.process import process_named

PRODUCTS = {
    "Standard equipment": ("Dosing pump", "Slurry pump", "Agitator"),
    "Service agreements": ("Maintenance agreement", "Spare parts pool"),
    "Process systems": ("Filtration line", "Recovery system"),
}
LEAD_DAYS = {"Standard equipment": 90, "Service agreements": 45, "Process systems": 270}
REASONS = {
    STATUSES[WON].status: ("Business impact", "Delivery time", "Relationship"),
    STATUSES[LOST].status: (
        "Price",
        "No budget",
        "Project cancelled",
        "Technical fit",
        "Stayed with present supplier",
    ),
}
COMPETITORS = ("Rival A", "Rival B", "Own maintenance")
SITUATIONS = ("New line planned", "Old equipment at its limit", "Rival's contract ends", "Cost programme")
NEXT_STEPS = ("Workshop with production", "Visit to a reference site", "Review of the business case")
ORDER = {status.status: status.order for status in STATUSES}
MILESTONE_SEEN = 0.93  # share of the milestones of a stage that were reached
PRICED = 3  # order of the first status in which the decision process should be known
ACTIVITIES = (  # kind, typical hours, share
    ("Call", 0.5, 0.4),
    ("Visit", 5.0, 0.3),
    ("Proposal", 10.0, 0.15),
    ("Workshop", 8.0, 0.1),
    ("Site audit", 16.0, 0.05),
)
HOURLY_COST = 95.0


def opportunities(histories: Histories, customers: int, seed: int) -> pd.DataFrame:
    """Fill in what a sales case says about itself: customer, product, reason, next step and dates.

    A customer's cases are worked on by the people of its unit. Some values, next steps and decision processes
    are missing, as they are in real registers.
    """
    rng = np.random.default_rng([seed, 2])
    cases, last = histories.opportunities, _last(histories)
    count, reached = len(cases), last["status"].map(ORDER)
    is_open = reached <= OPEN
    product = [str(rng.choice(PRODUCTS[segment])) for segment in cases["segment"]]
    lines = rng.integers(1, 7, count)
    reasons = [_reason(status, rng) for status in last["status"]]
    return pd.DataFrame(
        {
            "opportunity_id": cases["opportunity_id"],
            "customer_id": [customer_id(i) for i in _customer(cases["person"].to_numpy(), customers, rng)],
            "name": [f"{name}, line {line}" for name, line in zip(product, lines, strict=True)],
            "owner_id": [f"P{i + 1:03d}" for i in cases["person"]],
            "product": product,
            "segment": cases["segment"],
            "created_at": cases["created_at"],
            "value": last["value"].where(rng.random(count) > 0.02),
            "currency": CURRENCY,
            **_dates(cases, last, is_open, rng),
            "close_reason": reasons,
            "competitor": pd.Series(rng.choice(COMPETITORS, count)).mask(is_open | (rng.random(count) < 0.3)),
            "situation": rng.choice(SITUATIONS, count),
            "next_step": pd.Series(rng.choice(NEXT_STEPS, count)).where(is_open & (rng.random(count) < 0.8)),
            "decision_process_known": rng.random(count) < np.where(reached >= PRICED, 0.85, 0.3),
            "milestones": _milestones(last["status"], seed),
        }
    )


def _milestones(statuses: pd.Series[str], seed: int) -> list[str | None]:
    """Milestones of the sales process up to the stage; some stages claim more than was reached."""
    names = [str(phase.milestone) for phase in process_named("value_sales").provider.phases if phase.status]
    behind = [min(order, len(names)) if order <= WON + 1 else 0 for order in statuses.map(ORDER)]
    seen = np.random.default_rng([seed, 41]).random((len(statuses), len(names))) < MILESTONE_SEEN
    reached = seen & (np.arange(len(names)) < np.array(behind)[:, None])
    return ["; ".join(compress(names, row)) or None for row in reached]


def _dates(
    cases: pd.DataFrame, last: pd.DataFrame, is_open: pd.Series[bool], rng: np.random.Generator
) -> dict[str, pd.Series[pd.Timestamp]]:
    """Return the expected decision (of a closed case the actual one) and the delivery after it."""
    closed = last["changed_at"].dt.tz_localize(None).dt.normalize()
    decision = last["expected_decision"].where(is_open, closed)
    lead = cases["segment"].map(LEAD_DAYS) + rng.integers(-20, 40, len(cases))
    return {"expected_decision": decision, "expected_delivery": decision + pd.to_timedelta(lead, unit="D")}


def _last(histories: Histories) -> pd.DataFrame:
    changes = histories.status_changes.drop_duplicates("opportunity_id", keep="last")
    return changes.set_index("opportunity_id").loc[histories.opportunities["opportunity_id"]].reset_index()


def _customer(person: npt.NDArray[np.intp], customers: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Draw a customer of the salesperson's unit; a few customers have many cases, many have few."""
    units = min(len(UNITS), customers)
    unit = person % units
    of_unit = (customers - unit - 1) // units + 1
    chosen: npt.NDArray[np.intp] = unit + units * (of_unit * rng.random(person.size) ** 1.6).astype(np.intp)
    return chosen


def _reason(status: str, rng: np.random.Generator) -> str | None:
    reasons = REASONS.get(status)
    return str(rng.choice(reasons)) if reasons else None


def statuses(truth: FunnelTruth, histories: Histories, adopted_on: date) -> pd.DataFrame:
    """Return the steps of the funnel, with the probabilities that an analyst adopted on a past day."""
    table = pd.DataFrame([status.model_dump() for status in STATUSES])
    known = histories.until(pd.Timestamp(adopted_on)).status_changes
    reached = known.drop_duplicates(["opportunity_id", "status"])["status"].value_counts()
    is_open = table["outcome"] == "open"
    rates = true_hit_rates(truth)["all"].round(2)
    return table.assign(
        adopted_probability=table["status"].map(rates),
        adopted_on=pd.Series(adopted_on, index=table.index, dtype="object").where(is_open),
        adopted_n=table["status"].map(reached).where(is_open).astype("Int64"),
        adopted_method=pd.Series("Aalen-Johansen", index=table.index, dtype="object").where(is_open),
    )


def activities(cases: pd.DataFrame, changes: pd.DataFrame, as_of: date, seed: int) -> pd.DataFrame:
    """Make the work that led to every change of status: a case in which nothing happens has none."""
    rng = np.random.default_rng([seed, 3])
    rows = changes.loc[changes.index.repeat(rng.poisson(1.6, len(changes)))]
    case = cases.set_index("opportunity_id").loc[rows["opportunity_id"]].reset_index()
    changed = rows["changed_at"].dt.tz_localize(None).dt.normalize().reset_index(drop=True)
    before = changed - pd.to_timedelta(rng.integers(0, 21, len(rows)), unit="D")
    work = pd.DataFrame(
        {
            "date": before.where(before >= case["created_at"], case["created_at"]),
            "customer_id": case["customer_id"],
            "opportunity_id": case["opportunity_id"],
            "person_id": case["owner_id"],
            **_work(len(rows), rng),
        }
    )
    done = work[work["date"] <= pd.Timestamp(as_of)]
    return done.sort_values(["date", "opportunity_id"], ignore_index=True)


def _work(count: int, rng: np.random.Generator) -> dict[str, npt.NDArray[Any]]:
    kind = rng.choice(len(ACTIVITIES), count, p=[share for _, _, share in ACTIVITIES])
    typical = np.array([hours for _, hours, _ in ACTIVITIES])[kind]
    hours = np.maximum(np.round(typical * rng.lognormal(0, 0.3, count) * 2) / 2, 0.5)
    return {
        "type": np.array([name for name, _, _ in ACTIVITIES])[kind],
        "hours": hours,
        "cost": hours * HOURLY_COST,
    }
