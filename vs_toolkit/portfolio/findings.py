"""What the figures say, as sentences: the titles of the charts and the text between them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.formats import day, listed, money, number, number_of, percent
from vs_toolkit.portfolio.base import named
from vs_toolkit.portfolio.concentration import Concentration
from vs_toolkit.portfolio.study import LARGEST, CustomerBase
from vs_toolkit.portfolio.whale import Whale

MATERIAL = 0.02  # part of net sales or profit from which on something is worth a sentence


def whale(found: Whale, currency: str, what: str = "profit") -> str:
    """Who makes the profit, and who takes it away again."""
    if not found.customers:
        return (
            f"{what.capitalize()} by customer is not known: direct cost, cost to serve or capital is missing"
        )
    if found.total <= 0:
        loss = money(-found.total, currency)
        losers = f"{number(found.loss_making)} of {number(found.customers)} customers lose money"
        return f"The base as a whole has a negative {what} of {loss}: {losers}"
    if not found.has_tail:
        peak = percent(found.peak_share, 1)
        return f"No whale curve in {what}: losses are small, the peak is {peak} of the total"
    lost, losers = money(-found.lost, currency), f"{number(found.loss_making)} of {number(found.customers)}"
    peak = percent(found.peak_share, 0)
    return f"{losers} customers are unprofitable and lose {lost}: {what} peaks at {peak} of the total"


def both_whales(s: CustomerBase) -> str:
    """Profit and EVA from best to worst."""
    said = whale(s.by_profit, s.currency)
    eva = s.by_eva
    if not eva.customers or not s.by_profit.customers:
        return said
    more = eva.loss_making - s.by_profit.loss_making
    if more > 0:
        verb = "destroys" if more == 1 else "destroy"
        return f"{said}; after the capital charge, {number(more)} more {verb} value"
    return f"{said}; {number(eva.loss_making)} destroy value after the capital charge"


def tail(s: CustomerBase) -> str:
    """Whether many small customers cost more than they bring."""
    losers = s.by_profit.worst
    if losers.empty or not s.by_profit.has_tail:
        return ""
    sales = float(s.base["net_sales"].reindex(losers.index).sum())
    part = percent(sales / s.net_sales, 0) if s.net_sales > 0 else "–"
    verbs = ("accounts", "loses") if len(losers) == 1 else ("account", "lose")
    return (
        f"The {number_of(len(losers), 'unprofitable customer')} {verbs[0]} for {part} of net sales and "
        f"{verbs[1]} {money(-float(losers.sum()), s.currency)}, "
        f"{money(-float(losers.mean()), s.currency)} on average"
    )


def concentrated(found: Concentration) -> str:
    """How much of the business hangs on few customers."""
    if found.hhi is None:
        return "Net sales by customer are not known"
    many = number(min(LARGEST, found.customers))
    alike = f"{number(found.effective_number, 1)} customers of equal size (HHI {number(found.hhi)})"
    part = f"The {many} largest customers account for {percent(found.top10, 0)} of net sales"
    return f"{part}: the base is as concentrated as {alike}"


def symmetric(s: CustomerBase) -> str:
    """To how many of the largest we matter as much as they to us."""
    table = s.symmetry
    known = table[table["balance"] != "not known"]
    if known.empty:
        return "Our share of the purchases of the largest customers is not known"
    weak = known[known["balance"] == "they matter more to us"]
    count = f"of the {number(len(known))} large customers whose purchases are known"
    verb = "matter" if len(weak) > 1 else "matters"
    return f"{number(len(weak)) if len(weak) else 'None'} {count} {verb} more to us than we do to them"


def together(s: CustomerBase) -> str:
    """Which of the largest customers move together, and what stands behind that."""
    if s.largest_changes.empty or len(s.largest_changes) < 2:
        return "Too few large customers have a full history to say which move together"
    if not s.linked:
        return "No two of the largest customers clearly move together"
    group = s.linked[0]
    part = float(s.base["net_sales"].reindex(group).sum()) / s.net_sales
    names = listed(named(s.base, group), 4)
    trade = common_industry(s, group)
    behind = f"all belong to one industry, {trade}" if trade else "they are not of one industry"
    return f"{names} move together and account for {percent(part, 0)} of net sales: {behind}"


def common_industry(s: CustomerBase, group: list[str]) -> str:
    """Industry of all customers of a group; empty where they differ or it is not known."""
    trades = s.base["industry"].reindex(group)
    return str(trades.iloc[0]) if trades.notna().all() and trades.nunique() == 1 else ""


def volatile(s: CustomerBase) -> str:
    """Which customers are volatile, and whether they grow."""
    known = s.risks["volatility"].reindex(s.active.index).dropna()
    if known.empty:
        return f"Volatility is not known: no customer has a history of {s.months} months"
    wild = known[known > 2 * s.limits.volatility]
    part = float(s.active["net_sales"].reindex(wild.index).sum()) / s.net_sales
    return (
        f"Half of net sales vary by at most {percent(s.limits.volatility, 0)} from quarter to quarter; "
        f"customers with more than twice that account for {percent(part, 0)}"
    )


def importing(s: CustomerBase) -> str:
    """Whether we import risk, and whether it is paid for."""
    known = s.active["beta"].notna()
    if not known.any():
        return "Market betas of customers are not known"
    sales = float(s.active.loc[known, "net_sales"].sum())
    part = float(s.imported["net_sales"].sum()) / sales
    paid = s.imported["paid"].dropna().astype(bool)
    above = f"Customers with a market beta above ours ({s.our_beta:g})"
    said = f"{above} account for {percent(part, 0)} of net sales with known market beta"
    if paid.empty:
        return f"{said}; whether that risk is paid for is not known"
    count = f"{number(paid.sum())} of {number(len(paid))}"
    return f"{said}; {count} pay for that risk with an EVA margin above average"


def losing(s: CustomerBase) -> str:
    """What losing the dearest customer costs."""
    known = s.losses.dropna(subset="lost")
    if known.empty:
        return "The cost of losing a customer is not known: profit by customer is missing"
    worst = known["lost"].nlargest(1).index
    (name,) = named(s.base, worst)
    lost, fixed = (money(float(known.loc[worst, part].sum()), s.currency) for part in ("lost", "fixed_cost"))
    return f"Losing {name} costs {lost} in the first year, {fixed} of it fixed cost left uncovered"


def losing_industry(s: CustomerBase) -> str:
    """Which industry would cost most."""
    if s.industry_losses.empty:
        return "The cost of losing an industry is not known"
    trade, row = s.industry_losses.index[0], s.industry_losses.iloc[0]
    return f"Losing {trade} costs most: {money(float(row['lost']), s.currency)} in the first year"


def simulated(s: CustomerBase) -> str:
    """Profit at risk within a year."""
    risk = s.simulated
    if not len(risk.draws):
        return "Profit at risk is not known: profit by customer is missing"
    usual, bad = (money(risk.percentile(p), s.currency) for p in (0.5, 0.9))
    return f"Lost customers cost {usual} in the median simulated year, over {bad} in one of ten"


def carried(s: CustomerBase) -> str:
    """Whether large customers are carried by one region."""
    if s.by_region.shape[1] < 2:
        return "Customers are served in one region only: no cross-subsidy between regions"
    if s.by_region.isna().all(axis=None):
        return "Cross-subsidies are not known: direct cost or cost to serve is missing"
    table = strategic_carried(s)
    if table.empty:
        return "No large customer earns money in one region and loses it in another"
    row = table.iloc[0]
    (name,) = named(s.base, [table.index[0]])
    return (
        f"{name} earns {money(float(row['earns']), s.currency)} in {row['carrier']}; "
        f"its other regions lose {money(-float(row['loses']), s.currency)}"
    )


def strategic_carried(s: CustomerBase) -> pd.DataFrame:
    """Large customers with regions that lose a part of what others earn worth speaking of."""
    table = s.carried[s.carried.index.isin(s.active.index[:LARGEST])]
    return table[-table["loses"] > 0.05 * table["earns"]]


def portfolio(s: CustomerBase) -> str:
    """How the portfolios stand against their targets."""
    table = s.portfolios
    if table.empty:
        return "There are no customers to put into portfolios"
    off = (table["share"] - table["target_share"]).abs().dropna()
    if off.empty:
        first = table.index[0]
        part = percent(float(table["share"].iloc[0]), 0)
        return f"{first} customers account for {part} of net sales; no targets are set"
    worst = off.nlargest(1).index
    part, target = (percent(float(table.loc[worst, name].sum()), 0) for name in ("share", "target_share"))
    return f"{worst[0]}: {part} of net sales against a target of {target}"


def ideal(s: CustomerBase) -> str:
    """How far the base is from the ideal."""
    table = s.distance
    if table.empty:
        return "The strategy does not state an ideal customer base"
    outside = table[table["gap"] > 0]
    if outside.empty:
        return f"The base lies within all {number(len(table))} limits of the strategy"
    row = outside.iloc[0]
    limit = row["high"] if row["actual"] > row["high"] else row["low"]
    word = "above" if row["actual"] > row["high"] else "below"
    name = outside.index[0]
    return (
        f"{number(len(outside))} of {number(len(table))} limits of the strategy are not met; furthest off: "
        f"{name[:1].lower()}{name[1:]} at {percent(float(row['actual']), 0)}, "
        f"{word} {percent(float(limit), 0)}"
    )


def equity(s: CustomerBase) -> str:
    """What the base is worth."""
    found = s.equity
    if found.total is None:
        return "Customer equity is not known: no relationship NPV is known"
    between = ""
    if found.low is not None and found.high is not None:
        between = f" (downside {money(found.low, s.currency)}, upside {money(found.high, s.currency)})"
    return (
        f"Customer equity is {money(found.total, s.currency)}{between}: {number(found.valued)} of "
        f"{number_of(found.customers, 'customer')} with {percent(found.sales_share, 0)} of net sales; "
        f"{valued_by(s)}"
    )


def valued_by(s: CustomerBase) -> str:
    """Where the values of relationships come from, and of which days they are."""
    found = s.equity
    days = " to ".join(dict.fromkeys(day(at.date()) for at in (found.first, found.last) if at is not None))
    source = "from the relationship reports" if "is_reported" in s.values else "as recorded"
    return f"relationship NPVs {source}, as of {days}"


def future(s: CustomerBase) -> str:
    """Whether the best of the past are the best of the future."""
    table = s.ahead
    if table.empty:
        return "Past profit and value ahead cannot be compared: too few customers have both"
    lost = table[(table["rank_past"] <= LARGEST) & (table["rank_future"] > LARGEST)]
    count = min(LARGEST, int((table["rank_past"] <= LARGEST).sum()))
    if lost.empty:
        return f"All {number(count)} most profitable customers are also among the most valuable ahead"
    return (
        f"{number(len(lost))} of the {number(count)} most profitable customers are not among the ten most "
        f"valuable ahead: {listed(named(s.base, lost.index))}"
    )


def managed(s: CustomerBase) -> str:
    """For which step the base can be managed today."""
    ready = [step for step, row in s.steps.iterrows() if row["measured"] >= 0.9]
    if not ready:
        return "The base can be managed for none of revenue, profit and EVA: too little is recorded"
    step = str(ready[-1])
    aimed = [name for name, row in s.steps.iterrows() if row["targets"]]
    goals = f"targets are set for {listed(str(a) for a in aimed)}" if aimed else "no targets are set"
    return f"The data allow management by {step}; {goals}"


def activity(s: CustomerBase) -> str:
    """Which activity costs most, and who uses it."""
    table = s.activities
    if table.empty:
        return "Cost to serve is not recorded by activity; it is as posted with the sales"
    costs = table.sum().sort_values(ascending=False)
    part = float(costs.iloc[0] / costs.sum())
    idle = f"; idle capacity costs {money(s.idle, s.currency)}" if s.idle > 0.01 * costs.sum() else ""
    return f"{str(costs.index[0]).capitalize()} is {percent(part, 0)} of the cost to serve{idle}"


def crossing_products(s: CustomerBase) -> str:
    """Which region and product group lose money."""
    table = s.region_by_product
    worst = table.min().min() if not table.empty else np.nan
    if not worst < 0:
        return "No region loses money with a product group"
    region = str(table.min(axis=1).idxmin())
    group = str(table.loc[region].idxmin())
    return f"{group} in {region} loses {money(-float(worst), s.currency)}"
