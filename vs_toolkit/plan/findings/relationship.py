"""Who the customer is to us: value, segment, strategy, money."""

from __future__ import annotations

from vs_toolkit import formats
from vs_toolkit.formats import listed, money, number, percent
from vs_toolkit.plan.findings.wording import with_article
from vs_toolkit.plan.study import CustomerPlan

MISMATCH = {
    "valuable but distant": (
        "valuable, but unwilling to partner: serve it well as a buyer of products, and open one function at "
        "a time before investing in value sales"
    ),
    "willing but small": (
        "willing to partner, but of low relationship value: offer standard solutions at low sales cost, and "
        "test its growth potential before investing more"
    ),
}


def index(plan: CustomerPlan) -> str:
    """Relationship value with its parts, coverage and class."""
    if plan.index.value is None:
        return "Relationship value is not known: nothing is scored or measured"
    groups = plan.index.groups.dropna(subset=["score"])
    parts = ", ".join(f"{str(name).lower()} {number(score)}" for name, score in groups["score"].items())
    return (
        f"Relationship value {number(plan.index.value)} of 100 ({parts}; "
        f"{percent(plan.index.coverage, 0)} of the weight answered): {plan.segment} customer"
    )


def robust(plan: CustomerPlan) -> str:
    """Whether the class survives other weights and missing answers."""
    found = plan.robustness
    if found is None:
        return ""
    change = percent(found.change, 0)
    if found.decisive:
        title = found.decisive[0]
        row = found.single.loc[title]
        other = row["low_class"] if row["low_class"] != plan.segment else row["high_class"]
        return (
            f"The segment depends on one weight: with the weight of “{title}” {change} higher or lower, "
            f"the customer is {other} instead of {plan.segment}."
        )
    if not found.holds:
        return (
            f"The segment survives a change of any single weight by {change}, but not of all at once: "
            f"{found.low_class} to {found.high_class}."
        )
    return f"The segment is the same with every weight up to {change} higher or lower."


def fit(plan: CustomerPlan) -> str:
    """Recommended strategy, mismatch, and whether the team follows it."""
    found = plan.fit
    if found.kind == "unknown":
        return (
            "The fitting sales strategy is not known: buying behaviour or relationship value is not scored."
        )
    if found.kind in MISMATCH:
        text = f"Strategy mismatch: {MISMATCH[found.kind]}."
    else:
        text = f"{found.recommended.capitalize()} sales fits {with_article(plan.segment)} customer with "
        text += f"{plan.partnering.class_name} willingness to partner."
    if found.follows is False:
        text += f" The plan follows {found.followed} sales instead of {found.recommended} sales."
    if found.matched and found.followed and found.matched != found.followed:
        text += f" The customer buys like a {found.style}."
    return text


def money_classes(plan: CustomerPlan) -> str:
    """Good, neutral and bad money of the last calendar year with sales."""
    if plan.money.empty:
        return "Good, neutral and bad money are not known: sales or market fit are missing"
    year = plan.money.index[-1]
    row = plan.money.loc[year]
    total = row.sum()
    parts = [f"{percent(row[name] / total, 0)} {name} money" for name in row.index if row[name] and total]
    until = f" until {formats.day(plan.as_of)}" if year == plan.as_of.year else ""
    return f"{year}{until}: {money(float(total), plan.currency)} of sales, {listed(parts)}"
