"""What is done with the value: levers, price, sharing, alternatives, promised versus realised, next steps."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.impact.investment import evaluate
from vs_toolkit.impact.realised import annuity_to_come
from vs_toolkit.impact.sharing import NO_VALUE
from vs_toolkit.impact.study import Study
from vs_toolkit.tables import Column, Table

PRICINGS = {"cost_based": "Cost-based", "market_based": "Market-based", "value_based": "Value-based"}
LEVERS = {
    "price": "Selling prices (revenue at unchanged cost)",
    "cost": "Costs",
    "inventory": "Inventory and work in process",
    "receivables": "Receivables",
    "payables": "Payables",
    "fixed_assets": "Fixed assets",
}
STATES = {"offered": "Offered", "ordered": "Ordered", "running": "Running", "ended": "Ended"}


def levers(study: Study) -> Table:
    """What each lever alone would have to do for the ROCE target, and what the solution delivers."""
    found = study.targeting.levers
    frame = found[["base", "needed", "delivered", "delivered_share"]].astype(float) if len(found) else found
    frame = frame.set_axis(pd.Index([LEVERS[str(lever)] for lever in found.index], name="Lever"))
    if len(found):
        frame["needed"] = frame["needed"].where(found["reachable"].to_numpy(bool))
    columns = (
        Column("Base", "base", study.currency),
        Column("Required change", "needed", study.currency),
        Column("Delivered", "delivered", study.currency),
        Column("Share delivered", "delivered_share", "share", digits=0),
    )
    note = "Required change: if only this lever is used; a dash where the lever is too small."
    return Table(frame, columns, "Levers of the return on capital", note if len(found) else "")


def prices(study: Study) -> Table:
    """Cost-based, market-based and value-based price side by side."""
    found = study.corridor.prices
    frame = found.set_axis(pd.Index([PRICINGS[str(name)] for name in found.index], name="Pricing"))
    columns = (
        Column("Price", "price", study.currency),
        Column("Our margin", "margin", "share", digits=0),
        Column("Customer keeps", "customer_keeps", study.currency),
        Column("Set by", "basis"),
    )
    return Table(frame, columns, "Pricing approaches")


def schemes(study: Study) -> Table:
    """What both sides get in the base case and when no value materialises."""
    table = study.schemes
    by = table.set_index(["scheme", "scenario"])[["customer_npv", "provider_npv", "provider_share"]]
    names = list(dict.fromkeys(table["scheme"]))
    frame = pd.DataFrame(
        {
            "customer": [by.loc[(name, "expected"), "customer_npv"] for name in names],
            "us": [by.loc[(name, "expected"), "provider_npv"] for name in names],
            "share": [by.loc[(name, "expected"), "provider_share"] for name in names],
            "customer_without": [by.loc[(name, NO_VALUE), "customer_npv"] for name in names],
            "us_without": [by.loc[(name, NO_VALUE), "provider_npv"] for name in names],
        },
        index=pd.Index(names, name="Option"),
        dtype=float,
    )
    columns = (
        Column("Customer", "customer", study.currency),
        Column("We", "us", study.currency),
        Column("Our share", "share", "share", digits=0),
        Column("Customer, no value", "customer_without", study.currency),
        Column("We, no value", "us_without", study.currency),
    )
    note = "NPV of each side. Our share: a dash where one side loses." if names else ""
    return Table(frame, columns, "Value-sharing options", note)


def risks(study: Study) -> Table:
    """Who bears which risk under each option."""
    table = study.schemes.drop_duplicates("scheme").set_index("scheme").rename_axis("Option")
    columns = (
        Column("We bear", "provider_bears"),
        Column("The customer bears", "customer_bears"),
        Column("Without value", "without_value"),
    )
    return Table(table, columns, "Risk allocation")


def alternatives(study: Study) -> Table:
    """Alternatives side by side: NPV, equivalent annual value, and the increment over the one before."""
    found = study.comparison
    if found is None:
        return Table(pd.DataFrame())
    frame = found.table.set_index("name").rename_axis("Alternative")
    columns = (
        Column("Years", "years", digits=0),
        Column("NPV", "npv", found.currency),
        Column("Equivalent annual value", "equivalent_annual", found.currency),
        Column("Incremental NPV", "incremental_npv", found.currency),
        Column("Incremental IRR", "incremental_irr", "share"),
    )
    note = "Increments: against the row above, the first against doing nothing."
    return Table(frame, columns, "Alternatives", note)


def other_cases(study: Study) -> Table:
    """The customer's further business cases, one line each."""
    cases = sorted(study.others, key=lambda case: (case.dated, case.id), reverse=True)
    frame = pd.DataFrame(
        {
            "title": [case.title for case in cases],
            "state": [STATES[case.state] for case in cases],
            "dated": [case.dated for case in cases],
            "npv": [evaluate(case).npv for case in cases],
            "currency": [case.currency for case in cases],
        },
        index=pd.Index([case.id for case in cases], name="Business case"),
    )
    columns = (
        Column("Title", "title"),
        Column("State", "state"),
        Column("Dated", "dated"),
        Column("NPV, base case", "npv", unit_from="currency"),
    )
    return Table(frame, columns, "Further business cases")


def realised(study: Study) -> Table:
    """Promised and realised by effect, with open periods and reasons."""
    found = study.delivered.effects
    measured = found["measured"] > 0
    frame = pd.DataFrame(
        {
            "promised": found["promised"].where(measured),
            "realised": found["realised"],
            "rate": found["rate"],
            "measured": found["measured"],
            "open": found["open"],
            "unit": found["currency"],
            "reasons": [reason or None for reason in found["reasons"]],
        }
    ).set_axis(pd.Index(found["effect"], name="Effect"))
    columns = (
        Column("Promised", "promised", unit_from="unit"),
        Column("Realised", "realised", unit_from="unit"),
        Column("Realisation rate", "rate", "share", digits=0),
        Column("Periods measured", "measured", digits=0),
        Column("Not measured", "open", digits=0),
        Column("Reasons", "reasons"),
    )
    return Table(frame, columns, "Promised versus realised value")


def to_come(study: Study) -> Table:
    """What the effects of a running case promise from now on, and what to expect at the rate so far."""
    frame = annuity_to_come(study.case, study.delivered)
    frame = frame[frame["promised"] != 0] if study.case.state == "running" else frame.iloc[:0]
    columns = (
        Column("Promised to the horizon", "promised", study.currency),
        Column("Realisation rate so far", "rate", "share", digits=0),
        Column("Expected", "expected", study.currency),
        Column("Present value", "present_value", study.currency),
    )
    return Table(frame.set_index("effect").rename_axis("Effect"), columns, "Value still to come")


def next_steps(study: Study) -> Table:
    """Who does what by when."""
    steps = study.case.next_steps
    frame = pd.DataFrame(
        {"who": [step.who for step in steps], "due": [step.due for step in steps]},
        index=pd.Index([step.what for step in steps], name="Next step"),
    )
    return Table(frame, (Column("Who", "who"), Column("By", "due")), "Next steps")


def signatures(study: Study) -> Table:
    """Blank lines on which both sides confirm the numbers together."""
    names = [f"For {study.customer}", "For the provider"]
    lines = pd.DataFrame(
        "…" * 12, index=pd.Index(names, name="Confirmed"), columns=["Name", "Date", "Signature"]
    )
    return Table(lines, caption="Joint confirmation of the assumptions")
