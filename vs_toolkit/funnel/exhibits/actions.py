"""Tables of what to do: opportunities needing action, hygiene, leads required, won and lost compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vs_toolkit.formats import day
from vs_toolkit.funnel.record.hygiene import UNPROVEN
from vs_toolkit.tables import Column, Table

WHAT_TO_DO = {
    UNPROVEN: "reach the milestone, or step back",
    "no next step": "agree on the next step",
    "decision date in the past": "agree on a new decision date",
    "value missing": "estimate the value",
    "possible duplicate": "check for a duplicate",
}
FADING = "revive it or close it"
INTERVAL = Column("90% interval", "low", "share", "high", digits=0)


def trend_effect(effect: pd.DataFrame) -> Table:
    """Actual orders for each expected one, by trend."""
    columns = (
        Column("Opportunities", "cases", digits=0),
        Column("Actual orders", "won", digits=0),
        Column("Expected orders", "expected", digits=1),
        Column("Actual-to-expected ratio", "ratio", digits=2),
        Column("90% interval", "low", upper="high", digits=2),
    )
    return Table(effect[effect["rows"] > 0].rename_axis("Trend"), columns, "Effect of the trend")


def leads(plan: pd.DataFrame) -> Table:
    """Leads required by the month in which they come."""
    known = plan.dropna(subset="on_average")
    named = known.set_axis([day(on) for on in known.index]).rename_axis("Leads arriving on")
    columns = (
        Column("Won in time", "hit_rate", "share", digits=1),
        Column("Leads on average", "on_average", digits=0),
        Column("For 80% confidence", "to_be_sure", digits=0),
    )
    return Table(named, columns, "Leads required")


def standing_out(table: pd.DataFrame) -> Table:
    """Groups whose win rate differs significantly from that of the others, clearest first."""
    clear = table[table["stands_out"].astype(bool)].sort_values("p_value", kind="stable").reset_index()
    named = clear.set_axis(
        [f"{factor}: {group}" for factor, group in zip(clear["factor"], clear["group"], strict=True)]
    )
    columns = (
        Column("Decided", "closed", digits=0),
        Column("Won", "won", digits=0),
        Column("Win rate", "hit_rate", "share", digits=0),
        INTERVAL,
        Column("Win rate of others", "others", "share", digits=0),
    )
    return Table(named.rename_axis("Group"), columns, "Significant differences in win rate")


def faults(found: pd.DataFrame, currency: str) -> Table:
    """How many open opportunities have each fault, and what they are worth."""
    grouped = found.groupby("fault", sort=False)
    frame = pd.DataFrame({"Opportunities": grouped.size(), "Value": grouped["value"].sum(min_count=1)})
    frame["What to do"] = pd.Series(WHAT_TO_DO).reindex(frame.index)
    columns = (Column("Opportunities", digits=0), Column("Value", unit=currency), Column("What to do"))
    return Table(frame.rename_axis("Fault"), columns, "Pipeline hygiene", scaled=currency)


def to_do(
    open_cases: pd.DataFrame,
    found: pd.DataFrame,
    owners: Mapping[str, str],
    customers: Mapping[str, str],
    currency: str,
    most: int = 10,
) -> Table:
    """The open opportunities that need action, the highest expected value first: what, and by whom."""
    needs = actions_needed(open_cases, found)
    worth = (open_cases["win_probability"] * open_cases["value"]).astype(float)
    chosen = open_cases.assign(needs=needs, worth=worth)[needs != ""]
    chosen = chosen.sort_values("worth", ascending=False, kind="stable").head(most)
    frame = pd.DataFrame(
        {
            "Customer": [customers.get(str(customer), customer) for customer in chosen["customer_id"]],
            "Owner": [owners.get(str(owner), owner) for owner in chosen["owner_id"]],
            "Stage": chosen["status"].astype(object),
            "Win probability": chosen["win_probability"],
            "Expected value": chosen["worth"],
            "Action": chosen["needs"],
        }
    ).set_axis([called(row) for row in chosen.itertuples()])
    columns = (
        Column("Customer"),
        Column("Owner"),
        Column("Stage"),
        Column("Win probability", unit="share", digits=0),
        Column("Expected value", unit=currency),
        Column("Action"),
    )
    return Table(
        frame.rename_axis("Opportunity"),
        columns,
        "Highest-value opportunities needing action",
        scaled=currency,
    )


def actions_needed(open_cases: pd.DataFrame, found: pd.DataFrame) -> pd.Series[Any]:
    """What each open opportunity needs, in words; empty where it needs nothing."""
    told = found["fault"].map(WHAT_TO_DO)
    told = told.mask(found["fault"] == UNPROVEN, told + " (" + found["detail"] + ")")
    action = told.groupby(found["opportunity_id"]).agg("; ".join)
    faulty = action.reindex(open_cases.index).astype(object).fillna("")
    fading = (open_cases["trend"] == "fading").to_numpy()
    both = [
        "; ".join(part for part in (FADING if fades else "", said) if part)
        for fades, said in zip(fading, faulty, strict=True)
    ]
    return pd.Series(both, index=open_cases.index, dtype=object)


def called(case: Any) -> str:
    """Name of an opportunity with its id."""
    return f"{case.name} ({case.Index})" if isinstance(case.name, str) else str(case.Index)
