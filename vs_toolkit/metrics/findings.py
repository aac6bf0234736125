"""Sentences that hold for the figures: titles of charts, and what to ask whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.estimates import significance
from vs_toolkit.formats import money, number, number_of, percent
from vs_toolkit.metrics.cohorts import differs
from vs_toolkit.metrics.competence import DISAGREE
from vs_toolkit.metrics.measure import measure_named
from vs_toolkit.metrics.scorecard import against_band
from vs_toolkit.metrics.signals import Signal
from vs_toolkit.metrics.study import Study
from vs_toolkit.metrics.wording import change, row_of

WEAK = 0.5


def bridge(study: Study) -> str:
    """What moved the margin most."""
    found = study.bridge
    label = measure_named(found.measure).label
    steps = found.steps[found.steps != 0]
    if steps.empty or np.isnan(found.change):
        return f"{label}: no comparison with last year"
    up, down = str(steps.idxmax()), str(steps.idxmin())
    parts = [f"{name.lower()} {money(steps[name], study.currency, signed=True)}" for name in (up, down)]
    direction = "up" if found.change >= 0 else "down"
    return (
        f"{label} {direction} {money(abs(found.change), study.currency)}: {', '.join(dict.fromkeys(parts))}"
    )


def trends(study: Study) -> str:
    """Which measures left their usual band in the last quarter."""
    places = {name: against_band(values.to_list())[2] for name, values in study.trends.items()}
    known = {name: place for name, place in places.items() if place}
    if not known:
        return "Fewer than five quarters are known: a usual band cannot be drawn yet"
    out = [
        f"{measure_named(name).label} ({place})"
        for name, place in known.items()
        if place in ("above", "below")
    ]
    return (
        f"Outside the usual band in the last quarter: {', '.join(out)}"
        if out
        else "No measure left its usual band"
    )


def units(study: Study) -> str:
    """Which units miss their plan."""
    table = study.cells("unit", [measure_named("net_sales")])
    table = table.droplevel("measure").dropna(subset=["plan", "value"]) if len(table) else table
    if table.empty:
        return "Sales volume by unit; no plan for the whole period"
    missed = [study.name("unit", str(name)) for name in table.index[table["value"] < table["plan"]]]
    return f"{' and '.join(missed)} below plan" if missed else "All units reached their sales plan"


def discounts(study: Study) -> str:
    """Whether higher discounts were paid back."""
    table = study.discounts
    lost = [study.name("unit", str(name)) for name in table.index[table["paid"].eq(False)]]
    if lost:
        return f"Higher discounts were not paid back by volume: {', '.join(lost)}"
    return "No discount rose without the volume to pay for it" if len(table) else "Discounts are not known"


def regions(study: Study) -> str:
    """Who carries whom."""
    earned = study.regions["profit_contribution"].dropna()
    if earned.empty:
        return "Profit contribution by region is not known"
    losing = earned[earned < 0]
    if losing.empty:
        return "Every region earns a profit contribution"
    names = ", ".join(f"{name} ({money(amount, study.currency)})" for name, amount in losing.items())
    return f"Subsidised by the other regions: {names}"


def win_rates(study: Study) -> str:
    """Whether people differ."""
    return f"Win rate by person: {significance(differs(study.people)).lower()}"


def activity(study: Study) -> str:
    """Whether more visits went with more orders."""
    table = study.people[["visits", "won"]].dropna()
    if len(table) < 5 or table["visits"].nunique() < 2 or table["won"].nunique() < 2:
        return "Visits and orders of the same opportunities, by person"
    r = float(np.corrcoef(table["visits"].rank(), table["won"].rank())[0, 1])
    said = "went with" if r > 0.5 else "did not go with"
    return f"More visits {said} more orders (rank correlation {number(r, 2)}, n = {len(table)} people)"


def competence(study: Study) -> str:
    """How many people are in which class, and whether the raters agree."""
    profile = study.competence.profile()
    if profile.empty:
        return "Competences are not rated"
    counts = profile["class"].value_counts()
    parts = [f"{count} {name}" for name, count in counts.items() if name != DISAGREE]
    split = counts.get(DISAGREE, 0)
    tail = f"; on {split} the raters disagree" if split else ""
    return f"{number_of(len(profile), 'person', 'people')}: {', '.join(parts)}{tail}"


def agreement(study: Study) -> str:
    """How far self, manager and co-worker agree."""
    levels, order = study.competence.agreement
    if np.isnan(levels):
        return "Agreement of the raters is not known: it takes two raters and two items"
    said = "poor" if levels < WEAK else "fair" if levels < 0.75 else "good"
    text = (
        f"Agreement of the raters is {said} (ICC {number(levels, 2)} on levels, {number(order, 2)} on order)."
    )
    gaps = study.competence.gaps
    above = float((gaps["gap"] > 0).mean()) if len(gaps) else np.nan
    seen = (
        f" People rate themselves above their manager on {percent(above, 0)} of items." if len(gaps) else ""
    )
    return (
        text
        + seen
        + " A profile is a start for a conversation, never a verdict without the results beside it."
    )


def sentence(study: Study, signal: Signal) -> str:
    """Say what was found."""
    return _SENTENCES[signal.kind](study, signal)


def question(study: Study, signal: Signal) -> str:
    """Say whom to ask what."""
    return _QUESTIONS[signal.kind](study, signal)


def _given_away(study: Study, s: Signal) -> str:
    f = s.figures
    rise = f"from {percent(_f(f['discount_before']))} to {percent(_f(f['discount']))}"
    needed = f"break-even {percent(_f(f['needed']), 0, signed=True)}"
    if f["needed"] == np.inf:
        needed = "no volume would pay it back"
    grown = percent(_f(f["volume"]), 0, signed=True)
    cost = money(s.amount, study.currency)
    return f"{s.member}: discounts rose {rise}, costing {cost}; volume grew {grown}, {needed}"


def _pulled(study: Study, s: Signal) -> str:
    plan, actual = _f(s.figures["plan"]), _f(s.figures["actual"])
    met, without = percent(actual / plan, 0), percent((actual - s.amount) / plan, 0)
    pulled = money(s.amount, study.currency)
    return f"{s.member}: plan met at {met}, but {pulled} was agreed for later months; without it {without}"


def _carried(study: Study, s: Signal) -> str:
    sold, lost = (money(value, study.currency) for value in (_f(s.figures["sales"]), s.amount))
    return f"{s.member}: {sold} of sales lose {lost} of profit contribution, which other regions subsidise"


def _inherited(study: Study, s: Signal) -> str:
    who, before = (study.name("person", name) for name in (s.member, str(s.figures["from"])))
    customer = study.name("customer", str(s.figures["customer"]))
    return (
        f"{who}: {percent(_f(s.figures['share']), 0)} of sales come from {customer}, taken over from {before}"
    )


def _visits(study: Study, s: Signal) -> str:
    f = s.figures
    made = f"{number(_f(f['all_visits']))} visits (median {number(_f(f['usual']))})"
    loose = f"{percent(_f(f['unlinked']), 0)} of them on no opportunity"
    won, decided = (
        number_of(int(_f(f[name])), word) for name, word in (("won", "order"), ("decided", "decision"))
    )
    return f"{study.name('person', s.member)}: {made}, {loose}, and {won} of {decided}"


_SENTENCES = {
    "given away": _given_away,
    "pulled forward": _pulled,
    "carried": _carried,
    "inherited": _inherited,
    "visits": _visits,
}


def _ask(name: str, other: str, text: str) -> str:
    return f"Ask {name or other}: {text}"


_QUESTIONS = {
    "given away": lambda study, s: _ask(
        study.manager(s.member),
        f"the manager of {s.member}",
        "who approves discounts, and what did each one buy?",
    ),
    "pulled forward": lambda study, s: _ask(
        study.manager(s.member),
        f"the manager of {s.member}",
        "what is left for the next quarter, and at what price?",
    ),
    "carried": lambda study, s: _ask(
        "",
        "all unit managers",
        f"which deliveries to {s.member} earn their cost to serve, and on what terms?",
    ),
    "inherited": lambda study, s: _ask(
        study.manager_of(s.member),
        "the unit manager",
        "what did the person win beyond the customer taken over?",
    ),
    "visits": lambda study, s: _ask(
        study.manager_of(s.member), "the unit manager", "what are the visits without an opportunity for?"
    ),
}


def _f(value: float | str) -> float:
    return float(value)


def moved(study: Study) -> str:
    """Sales and margin against last year and plan, in one sentence."""
    table = study.overall
    parts = {}
    for name in ("net_sales", study.bridge.measure):
        if row := row_of(table, name):
            measure = measure_named(name)
            moved_by = change(row["value"], row["last_year"], measure, study.currency)
            parts[name] = f"{measure.label.lower()} {moved_by}"
    text = " and ".join(parts.values())
    return (
        f"{text[:1].upper()}{text[1:]} on last year" if text else "Sales are not known for the whole period"
    )


def dependence(study: Study) -> pd.DataFrame:
    """People whose sales rest mostly on one customer."""
    return study.dependence[study.dependence["share"] >= WEAK]
