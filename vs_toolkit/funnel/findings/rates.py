"""What the record says of stages and people, in sentences that hold for every gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import number, number_of, percent
from vs_toolkit.funnel.rates.people import GroupHitRates
from vs_toolkit.funnel.rates.stated import StatedCheck
from vs_toolkit.funnel.record.history import History

CONTRADICTED = ("default too high", "default too low")


def win_rates(table: pd.DataFrame) -> str:
    """Which stages have a win rate that differs from their default probability.

    >>> rates = {"hit_rate": [0.19, 0.5], "nominal": [0.1, 0.5]}
    >>> verdict = ["default too low", "consistent"]
    >>> win_rates(pd.DataFrame({"verdict": verdict, **rates}, index=["Lead", "Offer"]))
    '1 of 2 stages differs from its default probability: Lead 19% instead of 10%'
    """
    if table.empty:
        return "There is no open stage, so no win rate can be measured"
    said = table[~table["verdict"].isin(["too few closed", "no default"])]
    if said.empty:
        measured = table["hit_rate"].dropna()
        if len(measured) and (table["verdict"] == "no default").any():
            listed = ", ".join(f"{name} {percent(rate, 0)}" for name, rate in measured.items())
            return f"Win rate by stage: {listed}; no default probabilities are set"
        return "Win rates by stage are not known yet: too few opportunities are closed"
    wrong = said[said["verdict"].isin(CONTRADICTED)]
    stages = number_of(len(said), "stage")
    if wrong.empty:
        return f"The default probabilities of all {stages} are consistent with history"
    listed = ", ".join(
        f"{name} {percent(rate, 0)} instead of {percent(nominal, 0)}"
        for name, rate, nominal in wrong[["hit_rate", "nominal"]].itertuples()
    )
    verb = (
        "differs from its default probability" if len(wrong) == 1 else "differ from their default probability"
    )
    return f"{len(wrong)} of {stages} {verb}: {listed}"


def closed_only(table: pd.DataFrame) -> str:
    """How far the rate of closed opportunities alone is from the one that follows open ones too."""
    gap = (table["closed_only"] - table["hit_rate"]).dropna()
    if gap.empty:
        return ""
    most = str(gap.abs().idxmax())
    if abs(gap[most]) < 0.015:
        return "Counting closed opportunities only would give nearly the same rates: few are still open."
    side = "too high" if gap[most] > 0 else "too low"
    usual, measured = (percent(table[rate][most], 0) for rate in ("closed_only", "hit_rate"))
    return (
        f"Counting closed opportunities only, as is usual, puts {most} at {usual} instead of "
        f"{measured}: {side}, "
        "because open opportunities are left out."
    )


def unsaid(table: pd.DataFrame) -> list[str]:
    """Limits of the win rate of a stage, and why."""
    return [f"{name}: {reason}." for name, reason in table["reason"].items() if reason]


def by_age(chances: pd.DataFrame, horizon_days: float) -> str:
    """In which stage waiting costs most."""
    known = chances.dropna(axis="columns", how="all")
    paths = {str(name): known[name].dropna() for name in known}
    falls = {name: line.iloc[0] - line.iloc[-1] for name, line in paths.items() if len(line) > 1}
    if not falls:
        return "Too few comparable opportunities show how the win probability changes with age"
    most = max(falls, key=lambda name: abs(falls[name]))
    line = paths[most]
    move = "falls" if falls[most] > 0 else "rises"
    return (
        f"In {most}, the probability of an order within {number_of(round(horizon_days), 'day')} {move} from "
        f"{percent(line.iloc[0], 0)} on arrival to {percent(line.iloc[-1], 0)} after "
        f"{line.index[-1]:.0f} days"
    )


def by_quarter(table: pd.DataFrame) -> str:
    """Whether the win rate of any quarter is outside the control limits."""
    if len(table) < 2:
        return "Too few quarters with decisions to compare win rates over time"
    common = percent(table["won"].sum() / table["decided"].sum(), 0)
    out = table[table["outside"].astype(bool)]
    if out.empty:
        return f"The win rate has been stable around {common} over {len(table)} quarters"
    last = out.iloc[-1]
    day = out.index[-1]
    side = "below" if last["rate"] < last["low"] else "above"
    return (
        f"The win rate of Q{day.quarter} {day.year}, {percent(last['rate'], 0)}, is {side} the "
        "control limits "
        f"around {common}"
    )


def repairs(history: History) -> str:
    """How much of the record had to be dropped or repaired."""
    report = history.report
    touched = {d: int(report.loc[report["done"] == d, "rows"].sum()) for d in ("dropped", "repaired")}
    if not len(history.cases):
        return "The record holds no usable opportunity."
    visits = number_of(len(history.visits.case), "stage visit")
    what = f"The record holds {number_of(len(history.cases), 'opportunity', 'opportunities')} and {visits}."
    if not any(touched.values()):
        return f"{what} Nothing had to be dropped or repaired."
    return f"{what} {number_of(touched['dropped'], 'row')} dropped, {touched['repaired']:,} repaired."


def gaps(answers: pd.DataFrame) -> list[str]:
    """What cannot be estimated from the record, or only in part, and what would have to be recorded.

    ``answers`` as :func:`vs_toolkit.funnel.record.estimable.estimable` gives them.
    """
    short = answers[answers["possible"] != "yes"]
    words = {"no": "not known", "in part": "known in part"}
    return [
        f"{question[:1].upper()}{question[1:]}: {words.get(possible, possible)}, because {because}."
        + (f" Needed: {needed}." if needed else "")
        for question, possible, because, needed in short.itertuples(name=None)
    ]


def promises(check: StatedCheck, names: Mapping[str, str]) -> str:
    """Whose stated probabilities are too high or too low."""
    table = check.table
    if table.empty:
        return "Forecast bias is not known: no probability was stated for closed opportunities"
    apart = {word: table.index[table["verdict"] == word] for word in ("optimist", "pessimist")}
    said = [
        f"{names_of(who, names)} {verb}{'s' * (len(who) == 1)}"
        for who, verb in ((apart["optimist"], "overstate"), (apart["pessimist"], "understate"))
        if len(who)
    ]
    return (
        f"Forecast bias: {' and '.join(said)}. {check.verdict}" if said else f"Forecast bias: {check.verdict}"
    )


def names_of(people: Iterable[Any], names: Mapping[str, str]) -> str:
    """Up to three names, the rest as a count.

    >>> names_of(["A", "B", "C", "D"], {"A": "Engineer 1"})
    'Engineer 1, B, C and 1 more'
    """
    listed = [names.get(str(person), str(person)) for person in people]
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return ", ".join(listed[:3]) + more


def people(rates: GroupHitRates, names: Mapping[str, str] | None = None) -> str:
    """Whether win rates differ significantly, and whose do."""
    counted = rates.table["hit_rate"].dropna()
    if len(counted) < 2:
        return rates.verdict
    spread = f"Observed win rates run from {percent(counted.min(), 0)} to {percent(counted.max(), 0)}"
    if not rates.distinguishable:
        return f"{spread}. {rates.verdict}"
    table = rates.table.dropna(subset="hit_rate")
    known = {str(key): str(name) for key, name in (names or {}).items()}
    ends = {
        "below": table.index[table["high"] < rates.overall],
        "above": table.index[table["low"] > rates.overall],
    }
    said = [f"{names_of(who, known)} {side} average" for side, who in ends.items() if len(who)]
    return f"{spread}. {rates.verdict}{': ' + ', '.join(said) if said else ''}"


def bias(check: StatedCheck) -> str:
    """Whether all stated probabilities together are too high or too extreme."""
    middle, low, high = check.bias
    if np.isnan(middle):
        return ""
    overall = "too high" if high < 0 else "too low" if low > 0 else "neither too high nor too low"
    extreme = ", but too extreme: high ones are too high and low ones too low" if check.slope[2] < 1 else ""
    n = number(check.table["statements"].sum())
    return f"All {n} stated probabilities together are {overall}{extreme}."
