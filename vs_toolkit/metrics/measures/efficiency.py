"""Efficiency: selling cost, length of the sales cycle, win rate, sales velocity."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.estimates import wilson
from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.formulas import sales_velocity
from vs_toolkit.metrics.measure import Measure, estimate, register
from vs_toolkit.metrics.measures.customers import rate_of
from vs_toolkit.metrics.measures.profit import net_sales, sales_margin

DECIDED = "day of the decision"
SMALL = 5


def selling_cost(facts: Facts) -> pd.Series[float]:
    """Cost of recorded sales activities by net sales."""
    return over(facts.total("activities", "cost"), net_sales(facts))


def selling_cost_of_margin(facts: Facts) -> pd.Series[float]:
    """Cost of recorded sales activities by sales margin."""
    return over(facts.total("activities", "cost"), sales_margin(facts))


def quartiles(facts: Facts, outcome: str) -> pd.DataFrame:
    """Median days from opening to decision, with the quartiles as ``low`` and ``high``."""
    cases = facts.frame("decided", "outcome", "days")
    cases = cases[(cases["outcome"] == outcome) & (cases["days"] >= 0)]
    own, every = cases.groupby("member")["days"], range(len(facts.members))
    low, median, high = (own.quantile(part).reindex(every).to_numpy() for part in (0.25, 0.5, 0.75))
    n = own.size().reindex(every, fill_value=0).to_numpy(dtype=float)
    return estimate(median, low, high, n, facts.members)


def time_to_decision(facts: Facts) -> pd.DataFrame:
    """Median time to a decision of the opportunities opened in the two years to the end of the period.

    Kaplan and Meier (1958): those still open count as long as they have been open. Where fewer than half are
    decided the median is missing.
    """
    placed, end = facts.book.placed["opened"], facts.period.end
    cases = placed.frame
    recent = (cases["created_at"] <= end) & (cases["created_at"] > end - pd.DateOffset(years=2))
    rows = recent.to_numpy(dtype=bool)
    member, chosen = placed.codes[facts.level][rows], cases[rows]
    closed = (chosen["decided_on"] <= end).to_numpy(dtype=bool)
    age = (end - chosen["created_at"]).dt.days.to_numpy(dtype=float)
    days = np.where(closed, chosen["days"].to_numpy(dtype=float), age)
    values = np.full((len(facts.members), 3), np.nan)
    order = np.argsort(member, kind="stable")
    starts = np.searchsorted(member[order], np.arange(len(facts.members) + 1))
    for i in range(len(facts.members)):
        own = order[starts[i] : starts[i + 1]]
        if len(own):
            values[i] = _survival_quantiles(days[own], closed[own])
    return estimate(values[:, 1], values[:, 0], values[:, 2], np.diff(starts), facts.members)


def _survival_quantiles(days: np.ndarray, closed: np.ndarray) -> list[float]:
    """Days by which a quarter, half and three quarters are decided (at a tie, decisions come first)."""
    order = np.lexsort((~closed, days))
    at_risk = np.arange(len(days), 0, -1)
    survival = np.cumprod(1 - closed[order] / at_risk)
    reached = [np.flatnonzero(survival <= 1 - part + 1e-12) for part in (0.25, 0.5, 0.75)]
    return [float(days[order][found[0]]) if len(found) else np.nan for found in reached]


def hit_rate(facts: Facts) -> pd.DataFrame:
    """Opportunities won by those decided, with a Wilson interval."""
    return rate_of(facts, facts.total("decided", "won"), facts.rows("decided"))


def hit_rate_by_value(facts: Facts) -> pd.DataFrame:
    """Value won by value decided; the interval takes as many opportunities as would be equally informative.

    The effective number is (Σ value)² ÷ Σ value² (Kish 1965): one large opportunity is little evidence.
    """
    won, all_value = facts.total("decided", "known_won_value"), facts.total("decided", "known_value")
    n = over(all_value**2, facts.total("decided", "squared_value")).fillna(0.0)
    share = over(won, all_value)
    low, high = wilson(share.fillna(0) * n, n, facts.terms.confidence)
    return estimate(share, low, high, facts.rows("decided"), facts.members)


def velocity(facts: Facts) -> pd.DataFrame:
    """Open opportunities × mean value of orders × win rate ÷ median days of those won: value won per day."""
    mean = over(facts.total("decided", "known_won_value"), facts.total("decided", "won_known"))
    rate, cycle = hit_rate(facts), quartiles(facts, "won")
    result = sales_velocity(facts.open_at_end(), mean, rate["value"], cycle["value"])
    return pd.DataFrame({"value": result, "n": rate["n"]})


for _name, _label, _denominator, _of in (
    ("selling_cost", "Selling cost, % of sales", "net sales", selling_cost),
    ("selling_cost_of_margin", "Selling cost, % of margin", "sales margin", selling_cost_of_margin),
):
    register(
        Measure(
            _name,
            _label,
            "efficiency",
            "share",
            "lower",
            "x x (x) -",
            numerator="Cost of recorded sales activities",
            denominator=_denominator,
            placed_by="day of the activity; month of the sale",
            none_when=f"the cost of an activity is not known, or {_denominator} are not above 0",
            of=_of,
            counted="activities",
        )
    )
for _name, _label, _outcome in (
    ("sales_cycle", "Sales cycle, won", "won"),
    ("sales_cycle_lost", "Sales cycle, lost", "lost"),
):
    register(
        Measure(
            _name,
            _label,
            "efficiency",
            "days",
            "lower" if _outcome == "won" else "",
            "x (x) x (x)",
            numerator=f"Median days from opening to decision of opportunities {_outcome}; range: quartiles",
            denominator="",
            placed_by=DECIDED,
            none_when=f"no opportunity {_outcome}",
            of=lambda facts, outcome=_outcome: quartiles(facts, outcome),  # type: ignore[misc]
            counted="decided",
            minimum=SMALL,
        )
    )
register(
    Measure(
        "time_to_decision",
        "Time to decision, open ones included",
        "efficiency",
        "days",
        "lower",
        "x (x) x (x)",
        numerator="Median days from opening to decision of opportunities opened in the last two years",
        denominator="",
        placed_by="day of opening, two years to the end of the period",
        none_when="fewer than half are decided",
        of=time_to_decision,
        counted="opened",
        minimum=SMALL,
        open_rule="count as undecided for as long as they have been open (censored)",
        source="Kaplan and Meier, J. Am. Stat. Assoc. 53 (1958); " + "book, figure 22",
    )
)
register(
    Measure(
        "hit_rate",
        "Win rate, by number",
        "efficiency",
        "share",
        "higher",
        "x x x x",
        numerator="Opportunities won",
        denominator="opportunities won or lost",
        placed_by=DECIDED,
        none_when="none decided",
        of=hit_rate,
        counted="decided",
        minimum=SMALL,
    )
)
register(
    Measure(
        "hit_rate_by_value",
        "Win rate, by value",
        "efficiency",
        "share",
        "higher",
        "x x x x",
        numerator="Value of opportunities won",
        denominator="value of opportunities won or lost, where known",
        placed_by=DECIDED,
        none_when="none decided, or no value known",
        of=hit_rate_by_value,
        counted="decided",
        minimum=SMALL,
    )
)
register(
    Measure(
        "sales_velocity",
        "Sales velocity, per day",
        "efficiency",
        "money per day",
        "higher",
        "x (x) x (x)",
        numerator="Open opportunities × mean value of orders × win rate by number",
        denominator="median days of the opportunities won",
        placed_by="open at the end of the period; " + DECIDED,
        none_when="none won, or a cycle of 0 days",
        of=velocity,
        counted="decided",
        minimum=SMALL,
        open_rule="are the opportunities whose number counts",
        source="mavenlb.com",
    )
)
