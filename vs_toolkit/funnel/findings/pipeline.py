"""What the pipeline looks like and what sets won opportunities apart, in sentences that hold for every
gap.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.formats import money, number_of, percent
from vs_toolkit.funnel.exhibits.stages import quarter
from vs_toolkit.funnel.pipeline.shape import UNSAID, Shape
from vs_toolkit.funnel.pipeline.trend import TRENDS
from vs_toolkit.funnel.rates.won_lost import NOT_RECORDED

OLD = 90  # days in a stage from which value is called old
FEWEST = 20


def ageing(table: pd.DataFrame, currency: str) -> str:
    """How much of the open value has waited long in its stage."""
    total = float(table.to_numpy().sum())
    if not total > 0:
        return "Ageing by value is not known: no open opportunity has a value"
    old = table[["90–180 days", "over 180 days"]].sum(axis=1)
    share = percent(old.sum() / total, 0)
    most = f", most of it in {old.idxmax()}" if old.sum() > 0 else ""
    return (
        f"{share} of the open value of {money(total, currency)} has been in its stage for over "
        f"{OLD} days{most}"
    )


def cohorts(shares: pd.DataFrame) -> str:
    """How the newest quarter of leads with six months behind it compares with the oldest."""
    known = shares[6].dropna() if 6 in shares else shares.iloc[:0, 0]
    known = known[shares["leads"].reindex(known.index) >= FEWEST]
    if len(known) < 2:
        return "Too few quarters of leads are old enough to compare what was won of them"
    return (
        f"Six months on, {percent(known.iloc[-1], 0)} of the leads of {quarter(known.index[-1])} "
        "were won, against "
        f"{percent(known.iloc[0], 0)} of {quarter(known.index[0])}"
    )


def trend_effect(effect: pd.DataFrame) -> str:
    """What fading did to the chance of opportunities."""
    ratio = effect["ratio"]
    if ratio.isna().all():
        return "The effect of developing, stable or fading on the win rate is not known yet"
    name = "fading" if not np.isnan(ratio["fading"]) else str(ratio.dropna().index[0])
    high, low = effect["high"][name], effect["low"][name]
    sure = "" if high < 1 or low > 1 else " (not statistically significant)"
    return (
        f"Of {name} opportunities, {percent(ratio[name], 0)} of the orders expected from stage and "
        f"age came{sure}"
    )


def trends(open_cases: pd.DataFrame) -> str:
    """How many open opportunities develop, stand and fade."""
    if open_cases.empty:
        return "No opportunity is open."
    counts = open_cases["trend"].value_counts()
    said = ", ".join(f"{counts.get(name, 0):,} {name}" for name in TRENDS)
    return f"{number_of(len(open_cases), 'open opportunity', 'open opportunities')}: {said}."


def shape(found: Shape) -> str:
    """What shape the pipeline has."""
    return (
        "The shape of the pipeline is not known" if found.kind == UNSAID else f"The pipeline is {found.kind}"
    )


def evidence(found: Shape) -> list[str]:
    """The measures behind the shape, one sentence each."""
    return [f"{said[:1].upper()}{said[1:]}." for said in found.evidence]


def causes(found: Shape) -> str:
    """What usually lies behind such a shape."""
    return f"Usual causes, to be examined: {'; '.join(found.causes)}." if found.causes else ""


def standing_out(compared: pd.DataFrame) -> str:
    """How many groups differ, of how many compared."""
    if compared.empty:
        return "Won and lost opportunities are not comparable: nothing but their stage is recorded."
    clear, groups = int(compared["stands_out"].astype(bool).sum()), number_of(len(compared), "group")
    if not clear:
        return f"None of {groups} has a significantly different win rate."
    verb = "has a" if clear == 1 else "have"
    rate = "win rate" if clear == 1 else "win rates"
    return f"{clear} of {groups} {verb} significantly different {rate} (adjusted for multiple comparisons)."


def strongest(compared: pd.DataFrame) -> str:
    """The clearest difference between groups, as one sentence; empty if there is none."""
    clear = compared[compared["stands_out"].astype(bool)] if len(compared) else compared
    if clear.empty:
        return ""
    (factor, group), row = (
        clear.sort_values("p_value", kind="stable")
        .reset_index(level=[0, 1])
        .pipe(lambda table: ((table["factor"].iloc[0], table["group"].iloc[0]), table.iloc[0]))
    )
    word = {"size": "opportunities by size", "segment": "segment", "competitor": "competitor"}.get(
        factor, factor
    )
    return (
        f"Strongest difference ({word}): {group} is won {percent(row['hit_rate'], 0)} of the time, others "
        f"{percent(row['others'], 0)} (n = {int(row['closed']):,})"
    )


def lost_reasons(lost: pd.DataFrame) -> str:
    """Why most opportunities are lost, as recorded."""
    recorded = lost.drop(NOT_RECORDED, errors="ignore")
    if recorded.empty:
        return "Reasons for losses are not recorded" if len(lost) else "No opportunity has been lost yet"
    top = recorded.iloc[0]
    return (
        f"{recorded.index[0]} is the most frequent reason for a loss: {top['cases']:,.0f} of "
        f"{lost['cases'].sum():,.0f}"
    )
