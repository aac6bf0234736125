"""Non-financial results: market and customer share, retention, satisfaction."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.estimates import wilson
from vs_toolkit.metrics.book import Array, Numbers
from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.formulas import Z
from vs_toolkit.metrics.measure import BOOK, Measure, estimate, register
from vs_toolkit.metrics.measures.profit import net_sales


def share_of_wallet(facts: Facts) -> pd.Series[float]:
    """Net sales by purchases in our categories, of the customers whose purchases are known."""
    purchases = facts.book.tables["market"].sort_values(["year", "known_on"], kind="stable")
    purchases = purchases[purchases["year"] <= facts.period.last.year]
    latest = purchases.drop_duplicates("customer_id", keep="last").set_index("customer_id")["purchases"]
    customers = facts.book.members["customer"]
    amount = customers.map(latest.to_dict()).to_numpy(dtype=float, na_value=np.nan)
    found = facts.of_customers(facts.period)
    if found is None:
        return facts.nothing
    member, customer, sold = found
    bought = amount[customer] * len(facts.period.months) / 12
    known = ~np.isnan(bought)
    return over(facts.by_member(member[known], sold[known]), facts.by_member(member[known], bought[known]))


def market_share(facts: Facts) -> pd.Series[float]:
    """Net sales by the size of the market of the member, brought to the length of the period."""
    sizes = facts.book.tables["market_sizes"].sort_values(["year", "known_on"], kind="stable")
    sizes = sizes[(sizes["level"] == facts.level) & (sizes["year"] <= facts.period.last.year)]
    latest = sizes.drop_duplicates("name", keep="last").set_index("name")["size"]
    size = facts.members.map(latest.to_dict()).to_numpy(dtype=float, na_value=np.nan)
    return over(net_sales(facts), facts.series(size * len(facts.period.months) / 12))


def _both_years(facts: Facts) -> tuple[Numbers, Array, Array] | None:
    """Net sales of each customer in the twelve months before the period, and in those that end with it."""
    before, lately = facts.of_customers(facts.before), facts.of_customers(facts.lately)
    return None if before is None or lately is None else (before[0], before[2], lately[2])


def retention(facts: Facts) -> pd.DataFrame:
    """Customers with sales in both years by those with sales in the first."""
    found = _both_years(facts)
    if found is None:
        return estimate(facts.nothing, facts.nothing, facts.nothing, facts.nothing, facts.members)
    member, before, lately = found
    start = facts.by_member(member, (before > 0).astype(float))
    kept = facts.by_member(member, ((before > 0) & (lately > 0)).astype(float))
    return rate_of(facts, kept, start)


def churn(facts: Facts) -> pd.DataFrame:
    """One less retention, on the same base."""
    kept = retention(facts)
    return pd.DataFrame(
        {"value": 1 - kept["value"], "low": 1 - kept["high"], "high": 1 - kept["low"], "n": kept["n"]}
    )


def _kept_revenue(facts: Facts, cap: bool) -> pd.DataFrame:
    found = _both_years(facts)
    if found is None:
        return pd.DataFrame({"value": facts.nothing, "n": facts.nothing})
    member, before, lately = found
    old = before > 0
    start = facts.by_member(member[old], before[old])
    kept = np.clip(lately[old], 0.0, before[old]) if cap else lately[old]
    return pd.DataFrame(
        {
            "value": over(facts.by_member(member[old], kept), start),
            "n": facts.by_member(member[old], np.ones(old.sum())),
        }
    )


def gross_revenue_retention(facts: Facts) -> pd.DataFrame:
    """Revenue kept of last year's customers, without expansion."""
    return _kept_revenue(facts, cap=True)


def net_revenue_retention(facts: Facts) -> pd.DataFrame:
    """Revenue of last year's customers by what it was last year."""
    return _kept_revenue(facts, cap=False)


def rate_of(facts: Facts, part: pd.Series[float], whole: pd.Series[float]) -> pd.DataFrame:
    """A rate with its Wilson interval."""
    low, high = wilson(part.fillna(0), whole.fillna(0), facts.terms.confidence)
    return estimate(over(part, whole), low, high, whole, facts.members)


def satisfaction_index(facts: Facts) -> pd.DataFrame:
    """Mean of all ratings, each brought to 0–100, with a normal interval."""
    n, total = facts.total("satisfaction", "rated"), facts.total("satisfaction", "index")
    squares = facts.total("satisfaction", "index_squared")
    mean = over(total, n)
    variance = (over(squares, n) - mean**2).clip(lower=0) * over(n, n - 1)
    half = Z[facts.terms.confidence] * np.sqrt(over(variance, n))
    return estimate(mean, mean - half, mean + half, n, facts.members)


def net_promoters(facts: Facts) -> pd.DataFrame:
    """Net promoter score with its interval."""
    p, neutral, d = (facts.total("satisfaction", name) for name in ("promoter", "passive", "detractor"))
    n = p + neutral + d
    score = over(p - d, n)
    half = Z[facts.terms.confidence] * np.sqrt(over((over(p + d, n) - score**2).clip(lower=0), n))
    low, high = (score - half).clip(lower=-1), (score + half).clip(upper=1)
    return estimate(100 * score, 100 * low, 100 * high, n, facts.members)


TWO_YEARS = "sales of the twelve months before the period, and of the twelve that end with it"
SAME = "net sales above 0 in the twelve months before; a customer that merged counts under its successor"
register(
    Measure(
        "market_share",
        "Market share",
        "customers",
        "share",
        "higher",
        "x - x -",
        numerator="Net sales",
        denominator="size of the market of the unit or segment, latest year known",
        placed_by="month of the sale; calendar year of the market size",
        none_when="the size of the market is not known; above 100% is an error in the data",
        of=market_share,
    )
)
register(
    Measure(
        "share_of_wallet",
        "Customer share (share of wallet)",
        "customers",
        "share",
        "higher",
        "x (x) x x",
        numerator="Net sales to customers whose purchases are known",
        denominator="their purchases in our categories from all suppliers, latest year known",
        placed_by="month of the sale; calendar year of the purchases",
        none_when="the purchases of no customer are known; above 100% is an error in the data",
        of=share_of_wallet,
    )
)
for _name, _label, _better, _numerator, _of in (
    (
        "retention",
        "Customer retention",
        "higher",
        "Customers with net sales above 0 in both years",
        retention,
    ),
    ("churn", "Churn", "lower", "Customers without net sales above 0 in the second year", churn),
):
    register(
        Measure(
            _name,
            _label,
            "customers",
            "share",
            _better,
            "x - x -",
            numerator=_numerator,
            denominator=f"customers with {SAME}",
            placed_by=TWO_YEARS,
            none_when="no customer at the start, or sales do not cover both years",
            of=_of,
            minimum=5,
            source="MASB common language in marketing; " + BOOK,
        )
    )
for _name, _label, _numerator, _of in (
    (
        "gross_revenue_retention",
        "Gross revenue retention",
        "Net sales kept of these customers, each at most what it was",
        gross_revenue_retention,
    ),
    (
        "net_revenue_retention",
        "Net revenue retention",
        "Net sales of these customers, expansion included",
        net_revenue_retention,
    ),
):
    register(
        Measure(
            _name,
            _label,
            "customers",
            "share",
            "higher",
            "x - x -",
            numerator=_numerator,
            denominator=f"their net sales in the year before ({SAME})",
            placed_by=TWO_YEARS,
            none_when="no revenue at the start, or sales do not cover both years",
            of=_of,
            minimum=5,
            source="churnzero.net",
        )
    )
register(
    Measure(
        "satisfaction_index",
        "Customer satisfaction",
        "customers",
        "points",
        "higher",
        "x (x) x x",
        numerator="Sum of ratings, each brought to 0–100 on its own scale",
        denominator="number of ratings",
        placed_by="day of the answer",
        none_when="no rating",
        of=satisfaction_index,
        minimum=5,
    )
)
register(
    Measure(
        "net_promoter_score",
        "Net promoter score (NPS)",
        "customers",
        "points",
        "higher",
        "x (x) x x",
        numerator="Share of answers 9–10 less share of answers 0–6, × 100",
        denominator="answers to the question of a recommendation",
        placed_by="day of the answer",
        none_when="no answer",
        of=net_promoters,
        minimum=5,
        source="cybaea.net (interval); Reichheld, Harvard Business Review 81 (2003)",
    )
)
