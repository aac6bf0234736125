"""The first page and the last: what the customer base is worth, what is wrong with it, and what to decide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, day, listed, money, number, number_of, percent
from vs_toolkit.portfolio import findings
from vs_toolkit.portfolio.base import named
from vs_toolkit.portfolio.study import LARGEST, CustomerBase

Tile = tuple[str, str, str]
DECISIONS = 3


def subject(s: CustomerBase) -> tuple[str, ...]:
    """Facts below the title."""
    return f"As of {day(s.as_of)}", s.period.label, number_of(len(s.active), "customer")


def lead(s: CustomerBase) -> str:
    """The sentence that everything else explains."""
    if s.active.empty:
        return "No sales are recorded for the last twelve full months."
    profit = s.by_profit
    sales = f"{number_of(len(s.active), 'customer')} generated net sales of {money(s.net_sales, s.currency)}"
    if not profit.customers:
        return f"{sales}; their profit is not known."
    lost = number(profit.loss_making) if profit.loss_making else "none"
    verb = "was" if profit.loss_making == 1 else "were"
    return (
        f"{sales} and a profit of {money(profit.total, s.currency)} after cost to serve; "
        f"{lost} {verb} unprofitable."
    )


def tiles(s: CustomerBase) -> tuple[Tile, Tile, Tile, Tile]:
    """Worth, EVA, concentration and distance from the ideal, each as (label, value, note)."""
    return _equity(s), _eva(s), _ten(s), _ideal(s)


def _equity(s: CustomerBase) -> Tile:
    found, label = s.equity, "Customer equity"
    if found.total is None:
        return label, MISSING, "no relationship NPV is known"
    part = percent(found.sales_share, 0)
    count = f"{number(found.valued)} of {number(found.customers)} customers"
    covered = f"{count}, {part} of net sales; {findings.valued_by(s)}"
    if found.low is None or found.high is None:
        return label, money(found.total, s.currency), f"{covered}; no range is recorded"
    between = f"downside {money(found.low, s.currency)}, upside {money(found.high, s.currency)}"
    return label, money(found.total, s.currency), f"{between}; {covered}"


def _eva(s: CustomerBase) -> Tile:
    label, found = "EVA of customers", s.by_eva
    if not found.customers:
        return label, MISSING, "capital tied up is not recorded"
    negative = f"{number(found.loss_making)} of {number(found.customers)} negative"
    note = f"after {percent(s.wacc)} on capital, before overhead and tax; {negative}"
    return label, money(found.total, s.currency), note


def _ten(s: CustomerBase) -> Tile:
    found = s.concentration
    if found.hhi is None:
        return "Ten largest customers", MISSING, "no net sales"
    many = min(LARGEST, found.customers)
    as_many = f"as concentrated as {number(found.effective_number, 1)} customers of equal size"
    return (
        f"Share of the {many} largest",
        percent(found.top10, 0),
        f"{as_many}; largest {percent(found.largest, 0)}",
    )


def _ideal(s: CustomerBase) -> Tile:
    label, table = "Limits of the strategy met", s.distance
    if table.empty:
        return label, MISSING, "no ideal base is stated"
    outside = table[table["gap"] > 0]
    met = f"{number(len(table) - len(outside))} of {number(len(table))}"
    if outside.empty:
        return label, met, "the base is where it should be"
    return label, met, f"largest deviation: {outside.index[0].lower()}"


def verdict(s: CustomerBase) -> str:
    """The state of the base in one paragraph."""
    if s.active.empty:
        return ""
    said = [
        findings.tail(s) or findings.whale(s.by_profit, s.currency),
        findings.together(s),
        findings.carried(s),
        findings.ideal(s),
    ]
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said if sentence)


def decisions(s: CustomerBase) -> list[str]:
    """What is to be decided, the largest amounts first; at most three."""
    found = [_tail(s), _linked(s), _carried(s), _move(s)]
    known = sorted((pair for pair in found if pair), key=lambda pair: -pair[0])
    return [text for _, text in known[:DECISIONS]]


def _tail(s: CustomerBase) -> tuple[float, str] | None:
    losers = s.by_profit.worst
    if losers.empty or not s.by_profit.has_tail:
        return None
    lost = -float(losers.sum())
    who = listed(named(s.base, losers.index[:3]))
    return lost, (
        f"Change how the {number_of(len(losers), 'unprofitable customer')} are served (charges for service, "
        f"a cheaper channel, higher prices, or exit): {money(lost, s.currency)} a year. Start with {who}."
    )


def _linked(s: CustomerBase) -> tuple[float, str] | None:
    if not s.linked:
        return None
    group = s.linked[0]
    lost = float(s.losses["lost"].reindex(group).sum())
    trade = findings.common_industry(s, group)
    on = f"on {trade}" if trade else f"on {listed(named(s.base, group))}"
    return lost, (
        f"Set a limit for what depends {on}: {number_of(len(group), 'large customer')} move together, and "
        f"losing them costs {money(lost, s.currency)} in a year."
    )


def _carried(s: CustomerBase) -> tuple[float, str] | None:
    table = findings.strategic_carried(s)
    if table.empty:
        return None
    row = table.iloc[0]
    (name,) = named(s.base, [table.index[0]])
    lost = -float(row["loses"])
    where = f"outside {row['carrier']}, where it loses {money(lost, s.currency)} a year"
    return lost, f"Agree on new terms for {name} {where}."


def _move(s: CustomerBase) -> tuple[float, str] | None:
    outside = s.distance[s.distance["gap"] > 0]
    if outside.empty:
        return None
    row = outside.iloc[0]
    word = "below" if row["actual"] > row["high"] else "above"
    limit = percent(float(row["high"] if row["actual"] > row["high"] else row["low"]), 0)
    return 0.0, (
        f"Bring “{outside.index[0]}” {word} {limit} of net sales, or change the strategy: "
        f"{money(float(row['amount']), s.currency)} would have to move."
    )


def gaps(s: CustomerBase) -> list[str]:
    """What is not known, and what that hides."""
    active = s.active
    unknown = {
        ("direct cost or cost to serve", "profit or EVA"): active["profit"].isna(),
        ("capital tied up", "EVA"): active["capital"].isna(),
        ("total purchases", "share of wallet"): s.symmetry["balance"] == "not known",
        ("a history of nine quarters", "volatility or beta"): s.risks["volatility"]
        .reindex(active.index)
        .isna(),
    }
    found = [_unvalued(s), *(_missing(what, hides, missing) for (what, hides), missing in unknown.items())]
    if s.concentration.clipped < 0:
        clipped = money(s.concentration.clipped, s.currency)
        found.append(f"Negative net sales of {clipped} count as zero in concentration.")
    return [text for text in found if text]


def _unvalued(s: CustomerBase) -> str:
    missing = s.equity.missing
    if not missing or not s.equity.valued:
        return ""
    who = listed(named(s.base, missing))
    part = percent(1 - s.equity.sales_share, 0)
    return f"Relationship NPV: not known for {who} ({part} of net sales), so not part of customer equity."


def _missing(what: str, hides: str, missing: pd.Series[bool]) -> str:
    if not missing.any():
        return ""
    of = "large customers" if len(missing) <= LARGEST else "customers"
    count = f"{number(missing.sum())} of {number(len(missing))} {of}"
    return f"{what[0].upper()}{what[1:]}: not known for {count}, so no {hides} for them."


def key_figures(s: CustomerBase) -> dict[str, tuple[float | None, str, str]]:
    """The figures other programs read, each as (value, unit, label)."""
    profit, spread = s.by_profit, s.concentration
    outside = float(s.distance["gap"].max()) if not s.distance.empty else None
    return {
        "customer_equity": (s.equity.total, s.currency, "Customer equity"),
        "customer_profit": (
            profit.total if profit.customers else None,
            s.currency,
            "Profit after cost to serve",
        ),
        "customer_eva": (s.by_eva.total if s.by_eva.customers else None, s.currency, "EVA of customers"),
        "loss_making": (profit.loss_making if profit.customers else None, "", "Customers with a loss"),
        "whale_peak": (profit.peak_share, "share", "Peak of the whale curve"),
        "ten_largest": (spread.top10, "share", "Share of the ten largest"),
        "effective_number": (spread.effective_number, "", "Effective number of customers"),
        "profit_at_risk": (
            _finite(s.simulated.percentile(0.9)),
            s.currency,
            "Profit lost in one year of ten",
        ),
        "furthest_from_ideal": (outside, "share", "Furthest from the ideal base"),
    }


def _finite(value: float) -> float | None:
    return None if np.isnan(value) else value
