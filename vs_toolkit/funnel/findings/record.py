"""What the record says of statuses, people and probabilities, in sentences that hold for every gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import number, number_of, percent
from vs_toolkit.funnel.outlook.backtest import Backtest
from vs_toolkit.funnel.rates.people import GroupHitRates
from vs_toolkit.funnel.rates.stated import StatedCheck
from vs_toolkit.funnel.record.history import History

CONTRADICTED = ("nominal too high", "nominal too low")
CLEAR_BIAS = 0.05  # shares closer than this are called about the same


def worth(table: pd.DataFrame) -> str:
    """Which statuses are worth something else than their nominal says.

    >>> rates = {"hit_rate": [0.19, 0.5], "nominal": [0.1, 0.5]}
    >>> verdict = ["nominal too low", "not contradicted"]
    >>> worth(pd.DataFrame({"verdict": verdict, **rates}, index=["Lead", "Offer"]))
    'One of 2 statuses is worth something else than its nominal: Lead 19 % instead of 10 %'
    """
    if table.empty:
        return "There is no open status, so nothing can be calibrated"
    said = table[~table["verdict"].isin(["cannot be said", "no nominal"])]
    if said.empty:
        return "The record does not tell yet what a status is worth: too few cases are closed"
    wrong = said[said["verdict"].isin(CONTRADICTED)]
    if len(said) == len(wrong) == 1:
        rate, nominal = (percent(wrong[name].iloc[0], 0) for name in ("hit_rate", "nominal"))
        return f"{said.index[0]} is worth {rate} instead of its nominal {nominal}"
    if wrong.empty:
        return f"The record contradicts the nominal of none of {number_of(len(said), 'status', 'statuses')}"
    listed = ", ".join(
        f"{name} {percent(rate, 0)} instead of {percent(nominal, 0)}"
        for name, rate, nominal in wrong[["hit_rate", "nominal"]].itertuples()
    )
    many = f"{_count(len(wrong))} of {number_of(len(said), 'status', 'statuses')}"
    verb = "is worth something else than its" if len(wrong) == 1 else "are worth something else than their"
    return f"{many} {verb} nominal: {listed}"


def closed_only(table: pd.DataFrame) -> str:
    """How far the rate of closed cases alone is from the one that follows open cases too."""
    gap = (table["closed_only"] - table["hit_rate"]).dropna()
    if gap.empty:
        return ""
    most = str(gap.abs().idxmax())
    if abs(gap[most]) < 0.015:
        return (
            "Counting closed cases only would give nearly the same rates here: few cases are still open, "
            "and those are not unusual."
        )
    side = "too high" if gap[most] > 0 else "too low"
    usual, measured = (percent(table[rate][most], 0) for rate in ("closed_only", "hit_rate"))
    return (
        f"Counting closed cases only, as is usual, puts {most} at {usual} instead of {measured}: {side}, "
        "because the open cases are left out."
    )


def unsaid(table: pd.DataFrame) -> list[str]:
    """What cannot be said of a status, and why."""
    return [f"{name}: {reason}." for name, reason in table["reason"].items() if reason]


def by_age(chances: pd.DataFrame, horizon_days: float) -> str:
    """In which status waiting tells most."""
    known = chances.dropna(axis="columns", how="all")
    falls = {str(name): line.iloc[0] - line.iloc[-1] for name, line in _lines(known) if len(line) > 1}
    if not falls:
        return "Too few comparable cases tell how the chance changes while a case waits in its status"
    most = max(falls, key=lambda name: abs(falls[name]))
    line = known[most].dropna()
    move = "falls" if falls[most] > 0 else "rises"
    return (
        f"In {most}, the chance of an order within {number_of(round(horizon_days), 'day')} {move} from "
        f"{percent(line.iloc[0], 0)} on arrival to {percent(line.iloc[-1], 0)} "
        f"after {line.index[-1]:.0f} days"
    )


def by_age_note(chances: pd.DataFrame, horizon_days: float) -> str:
    """How to read the win probabilities by age."""
    if chances.isna().all(axis=None):
        return ""
    return (
        f"Of cases that had waited so many days in a status, this share was won within the next "
        f"{number_of(round(horizon_days), 'day')}; where fewer than 20 cases tell, nothing is said."
    )


def _lines(frame: pd.DataFrame) -> Iterable[tuple[Any, pd.Series[float]]]:
    return ((name, frame[name].dropna()) for name in frame)


def repairs(history: History) -> str:
    """How much of the record had to be dropped or repaired."""
    report = history.report
    touched = {
        done: int(report.loc[report["done"] == done, "rows"].sum()) for done in ("dropped", "repaired")
    }
    if not len(history.cases):
        return "The record holds no case that can be used."
    stays = number_of(len(history.spells), "stay")
    what = f"The record holds {number_of(len(history.cases), 'case')} and {stays} in a status."
    if not any(touched.values()):
        return f"{what} Nothing had to be dropped or repaired."
    return f"{what} {number_of(touched['dropped'], 'row')} were dropped and {touched['repaired']} repaired."


def cannot(answers: pd.DataFrame) -> list[str]:
    """What the record cannot tell, or only in part, and what would have to be recorded.

    ``answers`` as :func:`vs_toolkit.funnel.record.estimable.estimable` gives them.
    """
    short = answers[answers["possible"] != "yes"]
    return [
        f"{question.capitalize()}: {possible}, {because}." + (f" Needed: {needed}." if needed else "")
        for question, possible, because, needed in short.itertuples(name=None)
    ]


def promises(check: StatedCheck, names: Mapping[str, str]) -> str:
    """Who promises more than comes, or that differences may be chance."""
    table = check.table
    if table.empty:
        return "No probabilities were stated for closed cases, so nobody can be said to over-promise"
    apart = {word: table.index[table["verdict"] == word] for word in ("optimist", "pessimist")}
    if not any(map(len, apart.values())):
        return check.verdict
    said = [f"{names_of(who, names)} {verb}" for who, verb in _verbs(apart)]
    return " and ".join(said) + f". {check.verdict}"


def _verbs(apart: Mapping[str, pd.Index[Any]]) -> list[tuple[pd.Index[Any], str]]:
    words = {
        "optimist": ("promises more than comes", "promise more than comes"),
        "pessimist": ("less", "less")
        if len(apart["optimist"])
        else ("promises less than comes", "promise less than comes"),
    }
    return [(who, words[word][len(who) > 1]) for word, who in apart.items() if len(who)]


def names_of(people: Iterable[Any], names: Mapping[str, str]) -> str:
    """Up to three names, the rest as a count.

    >>> names_of(["A", "B", "C", "D"], {"A": "Engineer 1"})
    'Engineer 1, B, C and 1 more'
    """
    listed = [names.get(str(person), str(person)) for person in people]
    more = f" and {len(listed) - 3} more" if len(listed) > 3 else ""
    return ", ".join(listed[:3]) + more


def people(rates: GroupHitRates) -> str:
    """Whether hit rates differ by more than chance, and how far they lie apart as counted."""
    counted = rates.table["hit_rate"].dropna()
    if len(counted) < 2:
        return rates.verdict
    spread = f"Hit rates as counted run from {percent(counted.min(), 0)} to {percent(counted.max(), 0)}"
    return f"{spread}. {rates.verdict}"


def bias(check: StatedCheck) -> str:
    """Whether all statements together are too high or too extreme."""
    middle, low, high = check.bias
    if np.isnan(middle):
        return ""
    overall = "too high" if high < 0 else "too low" if low > 0 else "neither too high nor too low"
    sentence = f"All stated probabilities together are {overall}"
    slope_high = check.slope[2]
    extreme = ", but too extreme: high ones are too high and low ones too low" if slope_high < 1 else ""
    return f"{sentence}{extreme}."


def backtest(tested: Backtest) -> str:
    """How many orders each method would have expected, and how many came."""
    if not len(tested.rows):
        return "The record is too short to test probabilities against what came"
    score = tested.scores
    days = number_of(tested.rows["seen_on"].nunique(), "past day")
    ours, nominal = (number(score["expected"][name]) for name in ("landmark", "nominal"))
    came = number(score["actual"]["landmark"])
    return f"Over {days}, {came} orders came: we would have expected {ours}, the nominal {nominal}"


def judged(tested: Backtest) -> str:
    """Which method came closest, by the Brier score and by the number of orders."""
    if not len(tested.rows):
        return ""
    score = tested.scores
    best = str(score["brier"].idxmin())
    closest = str((score["ratio"] - 1).abs().idxmin()) if score["ratio"].notna().any() else best
    both = (
        METHODS[best]
        if best == closest
        else f"{METHODS[best]} by the Brier score, {METHODS[closest]} by the count"
    )
    looks = number(score["n"].iloc[0])
    return f"Closest to what came: {both}. The scores are those of {looks} looks at open cases."


METHODS = {"nominal": "the nominal", "closed_only": "closed cases only", "landmark": "the landmark estimate"}


def reliability(tested: Backtest) -> str:
    """Whether the probabilities mean what they say, and which mean it least."""
    if tested.rows["won"].nunique() < 2:
        return (
            "Whether probabilities mean what they say cannot be seen: the past cases do not differ in outcome"
        )
    off = tested.scores["miscalibration"]
    best, worst = str(off.idxmin()), str(off.idxmax())
    return (
        f"Of {METHODS[best]} a probability means most nearly what it says; "
        f"{METHODS[worst]} is furthest from it"
    )


def _count(count: int) -> str:
    """Write a count that begins a sentence.

    >>> _count(1), _count(4)
    ('One', '4')
    """
    return "One" if count == 1 else str(count)
