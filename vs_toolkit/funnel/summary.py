"""The first page and the last: what the funnel amounts to, and what is to be done about it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, day, money, number, number_of, percent
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.exhibits.outlook import MEASURED, TOGETHER, by_expected_month
from vs_toolkit.funnel.findings.outlook import count
from vs_toolkit.funnel.rates.landmark import NOMINAL
from vs_toolkit.funnel.study import Review

BY_NOMINAL = "That is by the nominal percentages: the record holds no closed case to measure them by."
Tile = tuple[str, str, str]


def subject(review: Review) -> tuple[str, ...]:
    """Facts below the title."""
    first, cases = review.history.cases["first_at"].min(), len(review.history.cases)
    since = f"{number_of(cases, 'case')} since {day(first)}" if cases else "no case on record"
    return f"As of {day(review.as_of)}", since, f"{len(review.open_cases)} open"


def lead(review: Review) -> str:
    """The sentence that everything else explains."""
    said = f"{findings.orders(review.forecast, review.targets)}."
    return said if measured(review) else f"{said} {BY_NOMINAL}"


def measured(review: Review) -> bool:
    """Whether any open case counts with something else than the nominal of its status."""
    return bool((review.open_cases["rule"] != NOMINAL).any()) or review.open_cases.empty


def decision(review: Review) -> str:
    """What has to be decided first."""
    steps = next_steps(review)
    return steps[0] if steps else ""


def tiles(review: Review) -> tuple[Tile, Tile, Tile, Tile]:
    """Orders, their value, the weighted funnel and the leads missing, each as (label, value, note)."""
    return _orders(review), _value(review), _weighted(review), _leads(review)


def _orders(review: Review) -> Tile:
    total = review.forecast.total
    label = f"Orders expected in {number_of(review.months, 'month')}"
    if not total["orders"] > 0:
        return label, MISSING, "no open case has a date and a chance"
    wanted = _wanted(review)
    goal = "no target set" if np.isnan(wanted) else f"target {count(wanted)}"
    between = f"{number(total['orders_low'])} to {number(total['orders_high'])} in 8 of 10 times"
    return label, count(total["orders"]), f"{between}; {goal}"


def _value(review: Review) -> Tile:
    total, currency = review.forecast.total, review.currency
    if not total["value"] > 0:
        return "Value of these orders", MISSING, "no value is recorded"
    low, high = (money(total[end], currency) for end in ("value_low", "value_high"))
    return "Value of these orders", money(total["value"], currency), f"{low} to {high} in 8 of 10 times"


def _weighted(review: Review) -> Tile:
    label, worth, currency = "Open funnel, weighted", weighted(review), review.currency
    if not worth["Value"] > 0:
        return label, MISSING, "no open case with a value"
    plain, nominal = (money(worth[name], currency) for name in ("Value", "Weighted, nominal"))
    if MEASURED not in worth:
        return label, nominal, f"by the nominal; {plain} unweighted"
    return (
        label,
        money(worth.get(MEASURED), currency),
        f"{nominal} by the nominal, {plain} unweighted",
    )


def weighted(review: Review) -> pd.Series[float]:
    """Value of all open cases, plain and weighted by the nominal and the measured probability."""
    months = review.forecast.table.index
    return by_expected_month(review.open_cases, review.as_of, months).T[TOGETHER]


def _leads(review: Review) -> Tile:
    missing = review.orders_missing
    if missing is None:
        return "New leads needed", MISSING, "no target is set for all of these months"
    if missing == 0:
        return "New leads needed", "0", "open cases are expected to bring the target"
    now = review.leads.iloc[0]
    if np.isnan(now["on_average"]):
        return "New leads needed", MISSING, "the record does not tell how many leads make an order in time"
    in_sight = f"now, since open cases bring {count(_in_sight(review))} of {count(_wanted(review))} orders"
    return "New leads needed", number(now["on_average"]), in_sight


def _in_sight(review: Review) -> float:
    """Orders expected of cases now open."""
    total = review.forecast.total
    return float(total["orders"] - total["of_new"])


def _wanted(review: Review) -> float:
    return float(review.targets["orders"].sum(skipna=False))


def key_figures(review: Review) -> dict[str, tuple[float | None, str, str]]:
    """The figures other programs read, each as (value, unit, label)."""
    total, worth, score = review.forecast.total, weighted(review), review.backtest.scores.T["landmark"]
    now = review.leads["on_average"].iloc[0] if review.orders_missing else None
    any_case = len(review.history.cases) > 0
    return {
        "orders_expected": (total["orders"] if any_case else None, "", "Orders expected"),
        "value_expected": (total["value"] if any_case else None, review.currency, "Value of these orders"),
        "weighted_funnel": (
            worth.get(MEASURED),
            review.currency,
            "Open funnel, weighted as measured",
        ),
        "nominal_funnel": (
            worth["Weighted, nominal"],
            review.currency,
            "Open funnel, weighted by the nominal",
        ),
        "leads_needed": (now, "", "New leads needed"),
        "brier": (score["brier"], "", "Brier score of the past probabilities"),
    }


def verdict(review: Review) -> str:
    """The state of the funnel in one paragraph."""
    said = [
        findings.worth(review.calibration.table),
        findings.shape(review.shape),
        findings.trends(review.open_cases),
        _lately(review),
    ]
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said if sentence)


def _lately(review: Review) -> str:
    """Whether the last past days brought fewer or more orders than was to be expected."""
    by_day = review.backtest.by_day().tail(len(review.past_days) // 4)
    expected, came = by_day["landmark"].sum(), by_day["won"].sum()
    if not len(by_day) or abs(came - expected) < 0.2 * expected:
        return ""
    side = "fewer" if came < expected else "more"
    return (
        f"Of late {side} orders came than the record let expect, {number(came)} instead of "
        f"{number(expected)}: the forecast may be too {'high' if came < expected else 'low'}"
    )


def next_steps(review: Review) -> list[str]:
    """What is to be done, in the order of the report."""
    steps = [
        _count_with(review), _talk(review), _find_leads(review), _record(review), _clear(review),
        _set_targets(review),
    ]  # fmt: skip
    return [step for step in steps if step]


def _count_with(review: Review) -> str:
    table = review.calibration.table
    wrong = table[table["verdict"].isin(findings.CONTRADICTED)]
    if wrong.empty:
        return ""
    rates = ", ".join(f"{name} {percent(rate, 0)}" for name, rate in wrong["hit_rate"].items())
    return (
        f"Count with what was measured: {rates}. The percentages in the funnel stay as they are "
        "until somebody decides to adopt the measured ones."
    )


def _talk(review: Review) -> str:
    table = review.promises.table
    apart = table.index[table["verdict"] == "optimist"]
    if len(apart):
        who = findings.names_of(apart, review.person_names)
        return f"Go through the open cases of {who}: their stated probabilities were higher than what came."
    rates = review.hit_rates("owner_id")
    if len(rates.table) > 1 and not rates.distinguishable:
        return "Do not rank people by their hit rate: the differences may be chance."
    return ""


def _find_leads(review: Review) -> str:
    missing = review.orders_missing
    if not missing or np.isnan(review.leads["on_average"].iloc[0]):
        return ""
    now = review.leads.iloc[0]
    leads, sure = (number(now[name]) for name in ("on_average", "to_be_sure"))
    return (
        f"Find new leads now: open cases are expected to bring {count(_in_sight(review))} of the "
        f"{count(_wanted(review))} orders wanted. The rest takes {leads} new leads, {sure} to be 80 % sure."
    )


def _set_targets(review: Review) -> str:
    if review.orders_missing is None:
        return "Set targets by month: without them nobody can say how many leads are missing."
    return ""


def _clear(review: Review) -> str:
    faulty = review.faults["opportunity_id"].nunique()
    fading = int((review.open_cases["trend"] == "fading").sum())
    if not faulty and not fading:
        return ""
    counted = f"{number_of(fading, 'case')} fading, {number_of(faulty, 'case')} with something to put right"
    return f"Clear the register: {counted}. Start with the list above."


def _record(review: Review) -> str:
    bad: Any = review.estimable["possible"] != "yes"
    if not bad.any():
        return ""
    needed = list(dict.fromkeys(review.estimable.loc[bad, "needed"]))
    return f"Record from now on: {'; '.join(text for text in needed if text)}."
