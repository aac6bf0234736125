"""Drawings of the customer base: each is one form with its finding as title."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import forms
from vs_toolkit.charts.axes import FloatArray
from vs_toolkit.formats import percent
from vs_toolkit.portfolio import findings
from vs_toolkit.portfolio.base import named
from vs_toolkit.portfolio.study import LARGEST, CustomerBase
from vs_toolkit.portfolio.whale import Whale

MOST_POINTS = 400
BY_SALES = "profit, largest first"
MOST_BUBBLES = 60
MOST_ROWS = 12


def whale(ax: Axes, s: CustomerBase) -> Axes:
    """Cumulative profit and EVA of customers from best to worst, and profit in the order of net sales."""
    curves = {"profit": s.by_profit, "EVA": s.by_eva}
    known = {name: _curve(found) for name, found in curves.items() if found.customers}
    frame = pd.DataFrame(known) if known else pd.DataFrame({"profit": []}, dtype=float)
    if s.by_profit.customers:
        ordered = s.traded["profit"].dropna()  # the base stands in the order of net sales
        known[BY_SALES] = _thinned(np.append(0.0, ordered.cumsum()), s.by_profit.peak_customers)
        frame = pd.DataFrame(known)
    peak = s.by_profit
    points = {}
    if peak.customers and peak.peak_share and peak.has_tail:
        points = {
            f"peak, {percent(peak.peak_share, 0)} of the total": (float(peak.peak_customers), peak.peak)
        }
    return forms.lines(ax, frame, s.currency, title=findings.both_whales(s), points=points,
                       muted=[BY_SALES],
                       x_label="customers, from best to worst")  # fmt: skip


def _curve(found: Whale) -> pd.Series[float]:
    """Cumulative profit by number of customers, thinned where there are very many."""
    return _thinned(np.append(0.0, found.curve["cumulative"]), found.peak_customers)


def _thinned(cumulative: FloatArray, peak: int) -> pd.Series[float]:
    curve = pd.Series(cumulative, index=np.arange(float(len(cumulative))))
    if len(curve) <= MOST_POINTS:
        return curve
    return curve.iloc[np.unique(np.r_[np.linspace(0, len(curve) - 1, MOST_POINTS).astype(int), peak])]


def concentration(ax: Axes, s: CustomerBase) -> Axes:
    """Share of the ten largest customers in net sales, and of all others."""
    top = s.active["net_sales"].head(LARGEST)
    shares = (top / s.net_sales).set_axis(_unique(named(s.base, top.index)))
    rest = len(s.active) - len(top)
    if rest > 0:
        shares = pd.concat([shares, pd.Series({f"{rest} others": 1 - shares.sum()})])
    return forms.bars(
        ax, shares, "share", title=findings.concentrated(s.concentration), strong=list(shares.index[:LARGEST])
    )


def risk(ax: Axes, s: CustomerBase) -> Axes:
    """Volatility against growth; the size of a point is net sales."""
    growth = s.active["net_sales"] / s.active["previous"].where(s.active["previous"] > 0) - 1
    frame = pd.DataFrame(
        {"x": s.risks["volatility"].reindex(s.active.index), "y": growth.clip(upper=1.0),
         "size": s.active["net_sales"],
         "label": named(s.base, s.active.index)}
    ).head(MOST_BUBBLES)  # fmt: skip
    frame["label"] = frame["label"].where(np.arange(len(frame)) < LARGEST, "")
    return forms.scatter(ax, frame, title=findings.volatile(s),
                         x_label="volatility: standard deviation of the change from quarter to quarter",
                         y_label="growth over the year before", x_unit="share", y_unit="share",
                         x_divide=s.limits.volatility, y_divide=0.0)  # fmt: skip


def correlations(ax: Axes, s: CustomerBase) -> Axes:
    """Correlations of the largest customers, each pair once; those that move together beside each other."""
    table = s.correlations
    names = _unique(named(s.base, table.index))
    shown = table.round(2).set_axis(names).set_axis(names, axis=1)
    place = {
        customer: (row, name) for row, (customer, name) in enumerate(zip(table.index, names, strict=True))
    }
    pairs = [(place[a], place[b]) for group in s.linked for a in group for b in group]
    boxes = [(below, above) for (low, below), (high, above) in pairs if low > high]
    once = shown.where(np.tri(len(shown), k=-1, dtype=bool)).iloc[1:, :-1]
    return forms.matrix(ax, once, "", title=findings.together(s), colours="diverging", outlined=boxes)


def portfolios(ax: Axes, s: CustomerBase) -> Axes:
    """Share of each portfolio in net sales beside its target."""
    frame = s.portfolios.rename(columns={"share": "actual", "target_share": "target"})[["actual", "target"]]
    return forms.bullet(ax, frame, "share", title=findings.portfolio(s))


def losses(ax: Axes, s: CustomerBase) -> Axes:
    """What losing each of the dearest customers costs."""
    top = s.losses.dropna(subset="lost").nlargest(LARGEST, "lost")
    frame = top[["profit", "fixed_cost"]].set_axis(["profit", "uncovered fixed cost"], axis=1)
    return forms.bars(
        ax, frame.set_axis(_unique(named(s.base, top.index))), s.currency, title=findings.losing(s)
    )


def industry_losses(ax: Axes, s: CustomerBase) -> Axes:
    """What losing each industry costs."""
    frame = s.industry_losses[["profit", "fixed_cost"]].set_axis(["profit", "uncovered fixed cost"], axis=1)
    return forms.bars(ax, frame.head(MOST_ROWS), s.currency, title=findings.losing_industry(s))


def simulation(ax: Axes, s: CustomerBase) -> Axes:
    """Profit lost in simulated years."""
    draws = s.simulated.draws
    marks = (
        {name: s.simulated.percentile(p) for name, p in (("P50", 0.5), ("P90", 0.9))} if len(draws) else {}
    )
    return forms.histogram(ax, draws, s.currency, title=findings.simulated(s), marks=marks)


def cross(ax: Axes, s: CustomerBase) -> Axes:
    """Profit of the largest customers by region, with totals."""
    top = s.by_region.reindex(s.active.index[:LARGEST]).dropna(how="all")
    table = top.set_axis(_unique(named(s.base, top.index)))
    if not table.empty:
        table = pd.concat([table, table.sum(min_count=1).to_frame("Ten largest").T])
        table["Total"] = table.sum(axis=1, min_count=1)
    return forms.matrix(
        ax, table, s.currency, title=findings.carried(s), colours="diverging", totals=["Ten largest", "Total"]
    )


def products(ax: Axes, s: CustomerBase) -> Axes:
    """Profit by region and product group, all customers."""
    return forms.matrix(
        ax, s.region_by_product, s.currency, title=findings.crossing_products(s), colours="diverging"
    )


def activities(ax: Axes, s: CustomerBase) -> Axes:
    """Cost to serve by activity."""
    costs = s.activities.sum().sort_values(ascending=False).head(MOST_ROWS)
    return forms.bars(ax, costs, s.currency, title=findings.activity(s))


def ideal(ax: Axes, s: CustomerBase) -> Axes:
    """Where the base lies against the limits of the strategy."""
    table = s.distance.rename(columns={"actual": "value"})
    outside = [str(name) for name, gap in table["gap"].items() if gap > 0]
    return forms.dots(ax, table[["value", "low", "high"]], "share", title=findings.ideal(s), strong=outside,
                      label="share of net sales (band: allowed by the strategy)")  # fmt: skip


def future(ax: Axes, s: CustomerBase) -> Axes:
    """Ranks of customers by past profit and by value ahead."""
    table = s.ahead.head(MOST_ROWS)
    frame = pd.DataFrame({"before": table["rank_past"], "after": table["rank_future"]})
    frame["text"] = [
        f"{int(a)} → {int(b)}" for a, b in zip(table["rank_past"], table["rank_future"], strict=True)
    ]
    frame = frame.set_axis(_unique(named(s.base, table.index)))
    return forms.dumbbell(
        ax, frame, "", title=findings.future(s), labels=("rank by past profit", "rank by value ahead")
    )


def shown(count: int) -> int:
    """How many rows of a list are drawn.

    >>> shown(40), shown(3)
    (12, 3)
    """
    return min(count, MOST_ROWS)


def _unique(names: list[str]) -> list[str]:
    """Names that tell customers apart, also where two have the same.

    >>> _unique(["Acme", "Borg", "Acme"])
    ['Acme', 'Borg', 'Acme (2)']
    """
    return [
        f"{name} ({n})" if (n := names[: i + 1].count(name)) > 1 else name for i, name in enumerate(names)
    ]
