"""Tables of the customer base: numbers with their units, to be written by whoever shows them."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from vs_toolkit.formats import money, percent
from vs_toolkit.portfolio import crossing
from vs_toolkit.portfolio.base import named
from vs_toolkit.portfolio.risk import correlation
from vs_toolkit.portfolio.study import LARGEST, CustomerBase
from vs_toolkit.tables import Column, Table

MOST = 15
TOTAL = "Total"
LINK_COLUMNS = (
    Column("Correlation", "r", digits=2),
    Column("90% interval", "low", upper="high", digits=2),
    Column("Changes", "n", digits=0),
)


def _named(s: CustomerBase, frame: pd.DataFrame, head: str = "Customer") -> pd.DataFrame:
    return frame.set_axis(pd.Index(named(s.base, frame.index), name=head))


def largest(s: CustomerBase) -> Table:
    """Ten largest customers: sales, profit, EVA, and what we are to each other."""
    frame = s.active.head(LARGEST).join(s.symmetry[["of_ours", "of_theirs"]])
    columns = (
        Column("Industry", "industry"),
        Column("Net sales", "net_sales"),
        Column("Share of ours", "of_ours", "share"),
        Column("Our share of theirs", "of_theirs", "share"),
        Column("Profit", "profit"),
        Column("EVA", "eva"),
    )
    note = "EVA: profit after cost to serve less the charge for capital, before overhead and tax."
    return Table(_named(s, frame), columns, "Ten largest customers", note, scaled=s.currency)


def risks(s: CustomerBase) -> Table:
    """Volatility and beta of the ten largest customers."""
    frame = s.risks.reindex(s.active.index[:LARGEST])
    columns = (
        Column("Volatility", "volatility", "share"),
        Column("Sales beta", "beta", digits=1),
        Column("90% interval", "low", upper="high", digits=1),
        Column("Changes", "n", digits=0),
    )
    note = (
        "Volatility: standard deviation of the change from quarter to quarter, without the season. Sales "
        "beta: change in net sales for each 1% change in those of all other customers. Fewer than 8 changes "
        "give no figure."
    )
    return Table(_named(s, frame), columns, "Risk of the ten largest customers", note)


def links(s: CustomerBase) -> Table:
    """Correlations of the large customers that move together, with their intervals."""
    own, rows = s.largest_changes, []
    for group in s.linked:
        names = dict(zip(group, named(s.base, group), strict=True))
        for a, b in combinations(group, 2):
            r, n, low, high = correlation(own.loc[a], own.loc[b], are_changes=True)
            rows.append((f"{names[a]} and {names[b]}", r, low, high, n))
    frame = pd.DataFrame(rows, columns=["Customers", "r", "low", "high", "n"]).set_index("Customers")
    return Table(frame, LINK_COLUMNS, "Large customers that move together")


def worst(s: CustomerBase) -> Table:
    """Customers with the largest losses, and where these come from."""
    losers = s.by_profit.worst
    frame = s.base.reindex(losers.index[:MOST])
    columns = tuple(
        Column(label, name)
        for label, name in (
            ("Net sales", "net_sales"), ("Gross margin", "gross"), ("Cost to serve", "cost_to_serve"),
            ("Profit", "profit"), ("EVA", "eva"),
        )
    )  # fmt: skip
    caption = "Customers with the largest losses" + f", {MOST} of {len(losers)}" * (len(losers) > MOST)
    return Table(_named(s, frame), columns, caption, scaled=s.currency)


def quality(s: CustomerBase) -> Table:
    """Quality of the base in figures."""
    frame = s.quality.rename_axis("Quality of the base")
    columns = (
        Column("Value", "value", unit_from="unit"),
        Column("90% interval", "low", "share", upper="high"),
        Column("Customers", "n", digits=0),
        Column("Perspective", "view"),
    )
    return Table(frame, columns, "Quality of the customer base")


def portfolios(s: CustomerBase) -> Table:
    """What each portfolio brings beside what it should."""
    columns = (
        Column("Customers", "customers", digits=0),
        Column("Net sales", "net_sales"),
        Column("Share", "share", "share"),
        Column("Target share", "target_share", "share"),
        Column("EVA", "eva"),
        Column("EVA margin", "eva_margin", "share"),
        Column("Target margin", "target_eva_margin", "share"),
    )
    frame = s.portfolios.astype({"target_share": float, "target_eva_margin": float})
    return Table(frame.rename_axis("Portfolio"), columns, "Portfolios by revenue and risk", scaled=s.currency)


def roles(s: CustomerBase) -> Table:
    """What each portfolio is for, and how volatile it is."""
    columns = (Column("Role", "role"), Column("Volatility", "volatility", "share"))
    note = (
        f"Large: net sales of {money(s.limits.sales, s.currency)} or more. Volatile: changes from quarter to "
        f"quarter with a standard deviation above {percent(s.limits.volatility, 0)}."
    )
    return Table(s.portfolios.rename_axis("Portfolio"), columns, "Roles of portfolios", note)


def least_variance(s: CustomerBase) -> Table:
    """Shares of portfolios today and with the least variance."""
    frame = s.least_variance.rename_axis("Portfolio")
    columns = (Column("Share today", "share", "share"), Column("Minimum variance", "least_variance", "share"))
    note = (
        "A reference, not a recommendation: it takes account of neither return nor strategy and is estimated "
        "from few quarters. A negative share means: hold none of it."
    )
    return Table(frame, columns, "Minimum-variance mix of portfolios", note)


def portfolio_links(s: CustomerBase) -> Table:
    """Correlations of the portfolios with each other: whether they would fall together."""
    own, rows = s.portfolio_changes, []
    for a, b in combinations(own.index, 2):
        r, n, low, high = correlation(own.loc[a], own.loc[b], are_changes=True)
        rows.append((f"{a} and {b}", r, low, high, n))
    frame = pd.DataFrame(rows, columns=["Portfolios", "r", "low", "high", "n"]).set_index("Portfolios")
    return Table(frame, LINK_COLUMNS, "Correlation between portfolios")


def losses(s: CustomerBase) -> Table:
    """What losing the dearest customers costs."""
    frame = s.losses.dropna(subset="lost").nlargest(LARGEST, "lost")
    columns = (
        Column("Net sales lost", "net_sales"),
        Column("Profit", "profit"),
        Column("Uncovered fixed cost", "fixed_cost"),
        Column("Lost in the first year", "lost"),
    )
    note = f"{percent(s.fixed_share, 0)} of direct cost and cost to serve is assumed to remain for a year."
    return Table(_named(s, frame), columns, "Cost of losing a customer", note, scaled=s.currency)


def imported(s: CustomerBase) -> Table:
    """Customers that move more than we do, and whether that is paid for."""
    frame = s.imported.head(MOST)
    columns = (
        Column("Market beta", "beta", digits=2),
        Column("Net sales", "net_sales", s.currency),
        Column("EVA margin", "eva_margin", "share"),
        Column("Paid for", "paid"),
    )
    note = (
        "Market beta: as recorded for the customer. Paid for: its EVA margin is above that of the whole base."
    )
    return Table(_named(s, frame), columns, f"Customers with a market beta above ours ({s.our_beta:g})", note)


def carried(s: CustomerBase) -> Table:
    """Customers of which one region, or one product group, earns what others lose."""
    parts = pd.concat([s.carried, crossing.carried(s.by_product)])
    frame = parts.sort_values("loses", kind="stable").head(MOST)
    columns = (
        Column("Profitable in", "carrier"),
        Column("Profit there", "earns"),
        Column("Loss elsewhere", "loses"),
        Column("Profit", "total"),
    )
    note = "Profit by region and product group uses cost to serve as posted with the sales."
    caption = "Customers that depend on one region or product group"
    return Table(_named(s, frame), columns, caption, note, scaled=s.currency)


def activities(s: CustomerBase) -> Table:
    """Cost to serve by activity of the largest users beside their net sales."""
    table = s.activities
    if table.empty:
        return Table(pd.DataFrame())
    frame = table.assign(**{TOTAL: table.sum(axis=1)}).nlargest(LARGEST, TOTAL)
    frame["Net sales"] = s.base["net_sales"].reindex(frame.index)
    frame["Of net sales"] = frame[TOTAL] / frame["Net sales"].where(frame["Net sales"] > 0)
    columns = (
        *(Column(str(name).capitalize(), str(name)) for name in [*table.columns, TOTAL, "Net sales"]),
        Column("Of net sales", unit="share"),
    )
    return Table(_named(s, frame), columns, "Cost to serve by activity, largest users", scaled=s.currency)


def ideal(s: CustomerBase) -> Table:
    """Lines of the ideal base, and what would have to move."""
    columns = (
        Column("Today", "actual", "share"),
        Column("Strategy", "low", "share", upper="high"),
        Column("Deviation", "gap", "share"),
        Column("Net sales to move", "amount", s.currency),
    )
    frame = s.distance.rename_axis("Line of the strategy")
    return Table(frame, columns, "Customer base against the strategy")


def steps(s: CustomerBase) -> Table:
    """For what the base can be managed."""
    columns = (Column("Net sales with data", "measured", "share"), Column("Targets set for", "targets"))
    frame = s.steps.assign(targets=s.steps["targets"].where(s.steps["targets"] != "")).rename_axis(
        "Managed for"
    )
    return Table(frame, columns, "Management by revenue, profit or EVA")


def ahead(s: CustomerBase) -> Table:
    """Most profitable and most valuable customers."""
    columns = (
        Column("Profit of the period", "profit"),
        Column("Value ahead (NPV)", "value"),
        Column("Rank by profit", "rank_past", digits=0),
        Column("Rank by value", "rank_future", digits=0),
    )
    return Table(_named(s, s.ahead.head(MOST)), columns, "Past profit and value ahead", scaled=s.currency)


EVERY = (
    largest,
    risks,
    links,
    worst,
    quality,
    portfolios,
    roles,
    portfolio_links,
    least_variance,
    losses,
    imported,
    carried,
    activities,
    ideal,
    steps,
    ahead,
)
