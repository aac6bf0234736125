"""Published sales records as source folders: three real histories that the report is run on."""

from pathlib import Path

import pandas as pd

from tests.funnel.records import LOANS, loans
from tests.shared import shared

OUTCOMES = ("status", "order", "outcome", "nominal_probability")


def powerbi(folder: Path) -> Path:
    """Microsoft's opportunity sample: 487 open opportunities with their present stage, nothing closed."""
    fact, stage, account, product = (
        pd.read_csv(shared(f"data/powerbi/ots_{name}.csv"))
        for name in ("Fact", "SalesStage", "Account", "Product")
    )
    rows = (
        fact.merge(stage, on="Sales Stage ID").merge(account, on="Account ID").merge(product, on="Product ID")
    )
    number = rows.groupby("Opportunity ID").cumcount().astype(str)
    case = rows["Opportunity ID"].astype(int).astype(str) + "-" + number
    created = pd.to_datetime(rows["Create Date"]).dt.date
    opportunities = {
        "opportunity_id": case,
        "customer_id": rows["Account ID"].astype(int).astype(str),
        "product": rows["Product Code"],
        "segment": rows["Segment"],
        "created_at": created,
        "value": rows["ProductRevenue"],
        "currency": "USD",
        "expected_decision": pd.to_datetime(rows["EstimatedCloseDate"]).dt.date,
    }
    changes = {"opportunity_id": case, "changed_at": created, "status": rows["Sales Stage"]}
    customers = {"customer_id": account["Account ID"].astype(int).astype(str), "name": account["Account"],
                 "region": account["Region"]}  # fmt: skip
    steps = stage.sort_values("Sales Stage ID")
    statuses = pd.DataFrame(
        {"status": steps["Sales Stage"], "order": range(1, len(steps) + 1), "outcome": "open",
         "nominal_probability": steps["Probability"]}
    )  # fmt: skip
    return write(folder, opportunities, changes, customers, statuses)


def bpi2012(folder: Path) -> Path:
    """Loan applications of BPI Challenge 2012, every change of status; one customer for all."""
    known = loans()["status"].isin(LOANS["status"])
    changes = loans()[known][["opportunity_id", "changed_at", "status"]]
    first = changes.groupby("opportunity_id")["changed_at"].min()
    opportunities = {
        "opportunity_id": first.index,
        "customer_id": "BANK",
        "created_at": first.str[:10].to_numpy(),
    }
    return write(folder, opportunities, changes, {"customer_id": ["BANK"], "name": ["Applicants"]}, LOANS)


def maven(folder: Path) -> Path:
    """Maven's B2B pipeline: 8,800 opportunities of 35 agents, when they were engaged and how they closed."""
    rows = pd.read_csv(shared("data/maven/sales_pipeline.csv"))
    teams = pd.read_csv(shared("data/maven/sales_teams.csv"))
    names = rows["account"].fillna("Not recorded")
    engaged, closed = (
        pd.to_datetime(rows[name], format="%m/%d/%Y") for name in ("engage_date", "close_date")
    )
    opportunities = pd.DataFrame(
        {"opportunity_id": rows["opportunity_id"], "customer_id": names, "owner_id": rows["sales_agent"],
         "product": rows["product"], "created_at": engaged.dt.date, "value": rows["close_value"],
         "currency": "USD"}
    )[engaged.notna()]  # fmt: skip
    entered = pd.DataFrame(
        {"opportunity_id": rows["opportunity_id"], "changed_at": engaged.dt.date, "status": "Engaging"}
    )
    ended = pd.DataFrame(
        {"opportunity_id": rows["opportunity_id"], "changed_at": closed.dt.date, "status": rows["deal_stage"]}
    )
    changes = pd.concat([entered[engaged.notna()], ended[closed.notna()]])
    customers = {"customer_id": sorted(names.unique()), "name": sorted(names.unique())}
    statuses = pd.DataFrame([("Engaging", 1, "open", 0.5), ("Won", 2, "won", 1.0), ("Lost", 3, "lost", 0.0)],
                            columns=OUTCOMES)  # fmt: skip
    people = {"person_id": teams["sales_agent"], "name": teams["sales_agent"],
              "unit": teams["regional_office"],
              "team": teams["manager"]}  # fmt: skip
    return write(folder, opportunities, changes, customers, statuses, people)


def write(folder, opportunities, changes, customers, statuses, people=None):
    """Write the tables of a source."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "opportunities": opportunities,
        "status_changes": changes,
        "customers": customers,
        "statuses": statuses,
    }
    for name, rows in (tables | ({"people": people} if people else {})).items():
        pd.DataFrame(rows).to_csv(folder / f"{name}.csv", index=False)
    return folder
