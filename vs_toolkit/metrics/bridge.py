"""Margin bridge from last year to this year, and the volume that discounts would have had to bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.metrics.book import Array, Book
from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.formulas import break_even_volume
from vs_toolkit.metrics.measures.profit import discount_rate, net_sales, sales_margin
from vs_toolkit.periods import Period

STEPS = (
    "List price",
    "Discounts",
    "Volume",
    "Mix",
    "Unit cost",
    "New customers",
    "Lost customers",
    "No units recorded",
)
LINE = ["customer_id", "product_group"]
SUMS = ["net", "units", "discount", "cost"]


@dataclass(frozen=True)
class Bridge:
    """Change in margin between two periods of equal length; ``before + sum(steps) = after``.

    Attributes
    ----------
    measure
        ``sales_margin``, or ``net_sales`` where direct cost is not known.
    before, after
        Amount in the old and the new period.
    steps
        Amount of each step, in the order of ``STEPS``; those that are zero are kept.
    mix_level
        Level at which price, volume and mix are told apart.
    """

    measure: str
    before: float
    after: float
    steps: pd.Series[float]
    mix_level: str = "customer and product group"

    @property
    def change(self) -> float:
        """Difference of the two periods."""
        return self.after - self.before


def bridge(book: Book, before: Period, after: Period) -> Bridge:
    """Explain the change in sales margin by price, discounts, volume, mix, unit cost, new and lost customers.

    A line is a customer with a product group. Prices and unit costs of a line change at the mean of its old
    and new units; units change at the mean of its old and new margin (mid-point weights: the joint effect is
    shared equally, the steps sum exactly, and swapping the periods negates them). Volume is the change of all
    units at the average margin, mix the rest. A line sold in one period only has no price change. Lines
    without units cannot be split. Without direct cost the bridge explains net sales.
    """
    old, new = _lines(book, before), _lines(book, after)
    with_cost = not (old["cost"].isna().any() or new["cost"].isna().any())
    both = old.add_suffix("_0").join(new.add_suffix("_1"), how="outer").fillna(0.0)
    if not with_cost:
        both[["cost_0", "cost_1"]] = 0.0
    margin_0, margin_1 = (both[f"net_{i}"] - both[f"cost_{i}"] for i in (0, 1))
    customers = both.index.get_level_values(0)
    had, has = (set(customers[(both[f"net_{i}"] != 0) | (both[f"units_{i}"] != 0)]) for i in (0, 1))
    is_new, is_lost = ~customers.isin(list(had)), ~customers.isin(list(has))
    kept = ~is_new & ~is_lost
    countable = kept & _countable(both)
    steps = _split(both[countable]) | {
        "New customers": float(margin_1[is_new].sum()),
        "Lost customers": -float(margin_0[is_lost].sum()),
        "No units recorded": float((margin_1 - margin_0)[kept & ~countable].sum()),
    }
    measure = "sales_margin" if with_cost else "net_sales"
    found = pd.Series({name: steps[name] for name in STEPS})
    return Bridge(measure, float(margin_0.sum()), float(margin_1.sum()), found)


def _lines(book: Book, period: Period) -> pd.DataFrame:
    """Sums of each line in a period; cost is missing where any row has none."""
    placed, span = book.placed["sales"], book.span(period)
    rows = np.zeros(len(placed.frame), bool) if span is None else (
        (placed.months >= span.start) & (placed.months < span.stop)
    )  # fmt: skip
    sales = placed.frame[rows]
    frame = pd.DataFrame(
        {
            "customer_id": sales["customer_id"],
            "product_group": sales["product_group"].fillna("not known"),
            "net": sales["net_sales"],
            "units": sales["units"].fillna(0.0),
            "discount": sales["discount"].fillna(0.0),
            "cost": sales["direct_cost"],
        }
    )
    lines = frame.assign(unknown=frame["cost"].isna()).groupby(LINE)[[*SUMS, "unknown"]].sum()
    lines["cost"] = lines["cost"].where(lines["unknown"] == 0)
    return lines[SUMS]


def _countable(both: pd.DataFrame) -> Any:
    """Lines with units wherever there is money, at least in one period."""
    fits = [(both[f"units_{i}"] > 0) | ((both[f"units_{i}"] == 0) & (both[f"net_{i}"] == 0)) for i in (0, 1)]
    return (fits[0] & fits[1]).to_numpy(dtype=bool)


def _split(lines: pd.DataFrame) -> dict[str, float]:
    u0, u1 = (lines[f"units_{i}"].to_numpy(dtype=float) for i in (0, 1))

    def of(name: str) -> tuple[Array, Array]:
        """Amount per unit in both periods; where nothing was sold, that of the other period."""
        a0, a1 = (lines[f"{name}_{i}"].to_numpy(dtype=float) for i in (0, 1))
        with np.errstate(divide="ignore", invalid="ignore"):
            p0, p1 = a0 / u0, a1 / u1
        return np.where(u0 > 0, p0, p1), np.where(u1 > 0, p1, p0)

    mean_units = (u0 + u1) / 2
    net, discount, cost = of("net"), of("discount"), of("cost")
    listed = (net[0] + discount[0], net[1] + discount[1])
    middle = (net[0] - cost[0] + net[1] - cost[1]) / 2
    quantity = float((middle * (u1 - u0)).sum())
    averages = [float((middle * u).sum() / u.sum()) for u in (u0, u1) if u.sum() > 0]
    volume = float(u1.sum() - u0.sum()) * float(np.mean(averages)) if averages else 0.0
    return {
        "List price": float(((listed[1] - listed[0]) * mean_units).sum()),
        "Discounts": -float(((discount[1] - discount[0]) * mean_units).sum()),
        "Unit cost": -float(((cost[1] - cost[0]) * mean_units).sum()),
        "Volume": volume,
        "Mix": quantity - volume,
    }


def discount_test(book: Book, level: str, before: Period, after: Period) -> pd.DataFrame:
    """Compare the volume that a higher discount needed with the volume that came.

    Returns
    -------
    DataFrame
        Index members; ``discount_before``, ``discount``, ``price_change`` (of the net price at equal list
        price), ``margin`` (sales margin of the old period, a fraction), ``needed`` (break-even volume change;
        infinite where no volume pays it back), ``volume`` (change of volume at old list prices, by product
        group), ``paid``: whether the volume made up for the discount; missing without a higher discount.
    """
    old, new = Facts(book, before, level), Facts(book, after, level)
    d0, d1 = discount_rate(old), discount_rate(new)
    change = -(d1 - d0) / (1 - d0)
    margin = over(sales_margin(old), net_sales(old))
    needed = [_needed(c, m) for c, m in zip(change, margin, strict=True)]
    volume = _volume_change(book, level, before, after)
    table = pd.DataFrame(
        {
            "discount_before": d0,
            "discount": d1,
            "price_change": change,
            "margin": margin,
            "needed": needed,
            "volume": volume,
        }
    )
    higher = table["price_change"] < -0.001
    paid = (table["volume"] >= table["needed"]).astype(object).where(higher & table["volume"].notna(), None)
    return table.assign(paid=paid).dropna(subset=["discount_before", "discount"], how="all")


def _needed(change: float, margin: float) -> float:
    if np.isnan(change) or np.isnan(margin):
        return np.nan
    found = break_even_volume(change, margin)
    return np.inf if found is None else found


def _volume_change(book: Book, level: str, before: Period, after: Period) -> pd.Series[float]:
    """Change in volume at old list prices, product by product."""
    placed = book.placed["sales"]
    parts = []
    for period in (before, after):
        span = book.span(period)
        if span is None:
            return pd.Series(np.nan, index=book.members[level])
        rows = (placed.months >= span.start) & (placed.months < span.stop)
        frame = placed.frame.loc[rows, ["product_group", "units", "list_value"]]
        frame = frame.assign(
            member=placed.codes[level][rows], product_group=frame["product_group"].fillna("")
        )
        parts.append(frame.groupby(["member", "product_group"])[["units", "list_value"]].sum())
    old, new = parts
    both = old.add_suffix("_0").join(new.add_suffix("_1"), how="outer").fillna(0.0)
    price = (both["list_value_0"] / both["units_0"].where(both["units_0"] > 0)).fillna(
        both["list_value_1"] / both["units_1"].where(both["units_1"] > 0)
    )
    sums = pd.DataFrame({"old": price * both["units_0"], "new": price * both["units_1"]})
    total = sums.groupby(level="member").sum(min_count=1)
    change = over(total["new"], total["old"]) - 1
    return pd.Series(change.reindex(range(len(book.members[level]))).to_numpy(), index=book.members[level])
