"""Tables of numbers about all relationships."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.relationship.company.study import Portfolio
from vs_toolkit.tables import Column, Table

TOTAL = "Total"
STATES = {"valued": "valued", "incomplete": "plan not complete", "no plan": "no plan"}


def values(found: Portfolio) -> Table:
    """Value of every relationship, the highest first."""
    frame = found.values.set_index("name").rename_axis("Customer")
    total = frame[["npv", "sales_investment", "invested"]].sum(min_count=1).rename(TOTAL)
    table = pd.concat([frame, total.to_frame().T]).rename_axis("Customer")
    table["state"] = table["state"].map(STATES)
    unit = found.currency
    return Table(
        table,
        (
            Column("NPV", "npv", unit),
            Column("Downside to upside", "low", unit, upper="high"),
            Column("NPV per unit of sales investment", "per_investment", digits=2),
            Column("Customer investments", "invested", unit),
            Column("State", "state"),
        ),
        caption="Value of every relationship",
        note="Customers without a complete plan have no value here; they are not counted as zero.",
        strong=(TOTAL,),
    )


def allocation(found: Portfolio) -> Table:
    """Best allocation of teams beside today's, the highest gain per team first."""
    if not found.allocates:
        return Table(pd.DataFrame())
    frame = found.allocation.set_index("name").rename_axis("Customer")
    total = frame[["today", "best", "planned", "change"]].sum().rename(TOTAL)
    known = frame.dropna(subset=["value_today"])
    frame = frame.assign(gained=frame["value_best"] - frame["value_today"])
    total["gained"] = float((known["value_best"] - known["value_today"]).sum())
    return Table(
        pd.concat([frame, total.to_frame().T]).rename_axis("Customer"),
        (
            Column("Region", "region"),
            Column("Today", "today", digits=1),
            Column("Best", "best", digits=1),
            Column("Planned", "planned", digits=1),
            Column("Gain per team", "gain_per_team", found.currency),
            Column("NPV against today", "gained", found.currency, signed=True),
            Column("Robust", "chosen", "share", digits=0),
        ),
        caption="Account teams: today, best and planned",
        note="Gain per team: NPV with the planned teams less NPV with the fewest possible, per team. Robust: "
        "share of simulations in which the customer gets as many teams or more; for one without a team, "
        "in which it gets none.",
        strong=(TOTAL,),
    )


def moves(found: Portfolio) -> Table:
    """What changes against today, the largest gain first."""
    if not found.allocates:
        return Table(pd.DataFrame())
    frame = found.allocation.set_index("name").rename_axis("Customer")
    changed = frame[frame["change"].fillna(0) != 0]
    gained = (changed["value_best"] - changed["value_today"]).sort_values(ascending=False, kind="stable")
    return Table(
        changed.loc[gained.index].assign(gained=gained),
        (
            Column("Region", "region"),
            Column("Today", "today", digits=1),
            Column("Best", "best", digits=1),
            Column("NPV against today", "gained", found.currency, signed=True),
        ),
        caption="Changes against today",
    )


def one_more(found: Portfolio) -> Table:
    """Teams by region: available, used, and what one more would be worth."""
    if not found.allocates:
        return Table(pd.DataFrame())
    prices, game = found.game.one_more, found.game
    rooms = game.capacity.by_region or {"": game.capacity.total}
    used = game.table.groupby("region")["best"].sum() if game.capacity.by_region else None
    frame = pd.DataFrame(
        {
            "teams": pd.Series(rooms, dtype=float),
            "used": used if used is not None else game.table["best"].sum(),
            "price": prices,
        }
    )
    frame["used"] = frame["used"].fillna(0.0)
    frame.index = pd.Index([name or "Company" for name in frame.index], name="Region")
    return Table(
        frame.loc[[name or "Company" for name in rooms]],
        (
            Column("Teams", "teams", digits=0),
            Column("Used", "used", digits=1),
            Column("One more team is worth", "price", found.currency),
        ),
        caption="One more whole team",
        note="Found by solving again with one more whole team, not from the dual of a linear programme.",
    )


def retention(found: Portfolio) -> Table:
    """Retention by year, an estimate with its interval."""
    return Table(
        found.retention.rename(index=str).rename_axis("Year"),
        (
            Column("Buyers of the year before", "customers", digits=0),
            Column("Bought again", "retained", digits=0),
            Column("Retention", "rate", "share"),
            Column("90% interval", "low", "share", upper="high"),
        ),
        caption="Customer retention by year (estimate)",
        note="" if len(found.retention) else "Retention needs sales of two full calendar years.",
    )


def investments(found: Portfolio) -> Table:
    """Customer investments by customer against the value of the relationship."""
    items = found.register.items
    if items.empty:
        return Table(pd.DataFrame(), note="No customer investment is on record.")
    groups = items.groupby("customer_id")
    in_budget = items[items["approval"] == "capital budget"].groupby("customer_id")["amount"].sum()
    frame = groups["amount"].agg(n="size", total="sum", largest="max")
    frame = frame.assign(npv=found.values["npv"], budget=in_budget).fillna({"budget": 0.0})
    frame = frame.assign(ratio=frame["total"] / frame["npv"].where(frame["npv"] > 0))
    frame = frame.sort_values(["ratio", "total"], ascending=False, na_position="last", kind="stable")
    frame["share"] = frame["budget"] / frame["total"]
    names = pd.Index([found.names.get(str(name), str(name)) for name in frame.index], name="Customer")
    return Table(
        frame.set_axis(names, axis=0),
        (
            Column("Items", "n", digits=0),
            Column("Total", "total", found.currency),
            Column("Largest", "largest", found.currency),
            Column("NPV", "npv", found.currency),
            Column("Total ÷ NPV", "ratio", digits=2),
            Column("In capital budget", "share", "share", digits=0),
        ),
        caption="Customer investments against relationship value",
    )


def at_risk(found: Portfolio) -> Table:
    """Relationships at risk, the most valuable first."""
    frame = found.at_risk.set_index("name").rename_axis("Customer")
    return Table(
        frame,
        (
            Column("NPV", "npv", found.currency),
            Column("Our share today", "share_today", "share", digits=0),
            Column("Our share in three years", "share_tomorrow", "share", digits=0),
            Column("Its share of our sales", "of_sales", "share"),
            Column("Our future role is known", "role_known"),
        ),
        caption="Relationships at risk",
        note="" if len(frame) else "No relationship is recorded as at risk.",
    )
