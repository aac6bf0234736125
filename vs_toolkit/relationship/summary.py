"""The first page and the last: what the relationship is worth, what stands out, and what to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from vs_toolkit.formats import MISSING, between, day, money, number, number_of, percent
from vs_toolkit.relationship import findings
from vs_toolkit.relationship.plan import LINES
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.wording import LABELS, listed, sentence

Tile = tuple[str, str, str]
HEAVY = 0.5  # investments above this share of the relationship's NPV are to be decided as a whole
OLD = 365  # days after which a plan is out of date


def subject(study: Study) -> tuple[str, ...]:
    """Facts below the title."""
    since = study.customer.get("since")
    planned = f"plan of {day(study.plans.planned_on[0])}" if study.has_plan else "no relationship plan"
    begun = f"customer since {day(since)}" if since else ""
    return f"As of {day(study.as_of)}", begun, planned


def lead(study: Study) -> str:
    """Say in one sentence what the relationship is worth."""
    if study.npv is None:
        return sentence(f"{study.name}: {findings.unvalued(study)}")
    last, rate = study.plans.horizon.years[-1], percent(study.terms.rate)
    worth = money(study.npv, study.currency)
    ratio = float(study.valuation.per_investment[0])
    unit = f", {number(ratio, 2)} per {study.currency} of sales investment" if ratio == ratio else ""
    if study.npv < 0:
        return f"The relationship with {study.name} has a negative NPV to {last}: {worth} at {rate}."
    return f"The relationship with {study.name} is worth {worth} to {last} (NPV at {rate}){unit}."


def tiles(study: Study) -> tuple[Tile, Tile, Tile, Tile]:
    """NPV, its return on sales investment, break-even and what was invested, each as (label, value, note)."""
    return _npv(study), _per_investment(study), _break_even(study), _invested(study)


def _npv(study: Study) -> Tile:
    if study.npv is None:
        return "Relationship NPV", MISSING, "no complete plan"
    low, _, high = (float(value) for value in study.scenarios["npv"])
    note = (
        "no range in the plan" if low == high else f"{between(low, high, study.currency)}: downside to upside"
    )
    return "Relationship NPV", money(study.npv, study.currency), note


def _per_investment(study: Study) -> Tile:
    label = "NPV per unit of sales investment"
    if study.npv is None:
        return label, MISSING, "no complete plan"
    spent = float(study.valuation.sales_investment[0])
    if spent <= 0:
        return label, MISSING, "no sales investment planned"
    ratio = number(float(study.valuation.per_investment[0]), 2)
    return label, ratio, f"{money(spent, study.currency)} of sales investment (present value)"


def _break_even(study: Study) -> Tile:
    label = "Break-even"
    if not study.valued:
        return label, MISSING, "no complete plan"
    known = study.curve.end is not None
    line = study.curve if known else study.ahead
    note = findings.deepest(study)
    when = "never negative" if line.immediate else line.break_even or "not within plan"
    return label, when, note if known else f"from today on; {note}"


def _invested(study: Study) -> Tile:
    found = study.register
    label = "Customer investments"
    if found.items.empty:
        return label, MISSING, "none on record"
    count = number_of(len(found.items), "item")
    part = f", {findings.multiple(found.total / study.npv)} NPV" if study.npv and study.npv > 0 else ""
    return label, money(found.total, study.currency), f"{count}{part}"


def stands_out(study: Study) -> list[str]:
    """What a manager must know of this relationship, the most urgent first."""
    found = study.register
    told = [
        findings.scenarios(study),
        findings.regions(study) if len(study.losing) else "",
        _investments(study) if len(found.items) > 1 else "",
        findings.at_risk(study.dependence),
        findings.margin(study),
        findings.growth(study),
        findings.sunk(study) if study.valued and study.sunk is not None else "",
    ]
    return [sentence(text) for text in told if text]


def _investments(study: Study) -> str:
    found, currency = study.register, study.currency
    added = findings.register(found, study.npv, currency)
    if found.scrutinised < found.total / 2:
        return f"{added}. {findings.approval(found, currency)}"
    return added


def decision(study: Study) -> str:
    """What has to be decided first."""
    found, currency = study.register, study.currency
    if study.npv is None:
        return f"Decision required: who completes the relationship plan for {study.name}, and by when."
    if study.npv < 0:
        return (
            "Decision required: change the terms of this relationship or reduce the sales investment in it."
        )
    if len(study.losing):
        region, loss = str(study.losing.index[0]), money(-float(study.losing.iloc[0]), currency)
        return (
            f"Decision required: reprice, serve at lower cost or stop in {region}, which loses {loss} a year."
        )
    if len(found.items) > 1 and found.total > HEAVY * study.npv and found.scrutinised < found.total / 2:
        total = money(found.total, currency)
        return (
            f"Decision required: treat the {total} of customer investments as one item of the capital budget."
        )
    if study.dependence.at_risk:
        return "Decision required: agree on the role we want in the customer's future, and who develops it."
    spent = float(study.plans.scenario(1)[0, 0, : min(2, len(study.plans.horizon.years))].sum())
    years = listed([str(year) for year in study.plans.horizon.years[:2]])
    return f"Decision required: release the planned sales investment of {money(spent, currency)} for {years}."


def gaps(study: Study) -> list[str]:
    """What is not known, and what that does to the report."""
    return [sentence(gap) for gap in (*_plan_gaps(study), *_record_gaps(study)) if gap]


def _plan_gaps(study: Study) -> Iterator[str]:
    if not study.valued:
        yield findings.unvalued(study)
    if not study.has_plan:
        yield _opportunities(study)
        return
    given = dict(zip(LINES, study.plans.given[:, 0].tolist(), strict=True))
    if _age(study) > OLD:
        yield f"The plan is {_age(study)} days old"
    if not given["survival"] and study.terms.risk == "survival":
        yield "The plan has no survival probability; the relationship is taken to last"
    if not given["capital"]:
        yield "The plan has no capital tied up; its cost is not in the NPV"
    elif np.isnan(study.valuation.opening[0]):
        yield "Capital tied up today is not known; the first planned level counts as built up"
    if study.valued and not study.uncertain:
        yield "The plan has no ranges; downside and upside equal the base case"


def _record_gaps(study: Study) -> Iterator[str]:
    if study.given["sales"].empty:
        yield "Sales are not recorded: history, net cash flow to date and regions are not shown"
    yield _hidden(study)
    if study.register.items.empty:
        yield "No customer investment is on record"
    if study.dependence.ours_today is None:
        yield "Our share of its purchases is not known"
    if study.dependence.theirs_today is None:
        yield "Its share of our sales is not known"


def _age(study: Study) -> int:
    return (study.as_of - study.plans.planned_on[0]).days if study.has_plan else 0


def _opportunities(study: Study) -> str:
    count = len(study.given["opportunities"])
    if not count:
        return ""
    counted = number_of(count, "opportunity is", "opportunities are")
    return f"{counted} on record, which do not replace a plan of revenue and cost"


def _hidden(study: Study) -> str:
    """Which cost is not recorded in years with sales."""
    past = study.past
    if past.empty or study.given["sales"].empty:
        return ""
    sold = past[past["revenue"].notna()]
    lacking = [
        label
        for name, label in (("contribution", "direct cost"), ("cost_to_serve", "cost to serve"))
        if sold[name].isna().any()
    ]
    return (
        f"{listed(lacking).capitalize()} is not fully recorded; cash flow is not shown for those years"
        if lacking
        else ""
    )


def next_steps(study: Study) -> list[str]:
    """What to do, in the order of the report."""
    steps = [_plan_step(study), *_money_steps(study), *_relation_steps(study)]
    return [sentence(step) for step in steps if step]


def _plan_step(study: Study) -> str:
    if not study.has_plan:
        return "Plan sales investment, revenue, margin and cost to serve for three to five years"
    if study.missing:
        return f"Complete the plan: {listed([LABELS.get(name, name).lower() for name in study.missing])}"
    if study.sensitivity.empty:
        return "Give each line of the plan a low and a high figure"
    top = LABELS[str(study.sensitivity.index[0])].lower()
    if findings.margin(study):
        return "Explain the planned margin: it is not what the relationship earned so far"
    return f"Test the planned {top} with the customer first: it has the largest effect on NPV"


def _money_steps(study: Study) -> list[str]:
    steps = []
    for region, loss in study.losing.items():
        amount = money(-float(loss), study.currency)
        steps.append(
            f"Take up {region} with its manager: {amount} lost in 12 months, subsidised by other regions"
        )
    found = study.register
    unmeasured = len(found.items) - len(found.measured)
    if unmeasured:
        steps.append(f"Measure the return of {number_of(unmeasured, 'customer investment')}")
    return steps


def _relation_steps(study: Study) -> list[str]:
    known = study.dependence
    rules = {
        "Ask the customer which role it sees for us in three years": not known.role_tomorrow,
        "Find out why our share of its purchases is expected to fall": "share falls" in known.at_risk,
        "Limit our dependence: win other customers or agree a longer contract": "one-sided" in known.at_risk,
    }
    return [step for step, holds in rules.items() if holds]


def key_figures(study: Study) -> dict[str, tuple[float | None, str, str]]:
    """Figures for the index and other programs, each as (value, unit, label)."""
    points: Mapping[Any, float] = study.scenarios["npv"].to_dict() if study.valued else {}
    spent = float(study.valuation.sales_investment[0]) if study.valued else None
    ratio = float(study.valuation.per_investment[0]) if study.valued else None
    unit = study.currency
    return {
        "relationship_npv": (study.npv, unit, "Relationship NPV"),
        "npv_downside": (points.get("low"), unit, "NPV, downside case"),
        "npv_upside": (points.get("high"), unit, "NPV, upside case"),
        "npv_per_investment": (ratio, "", "NPV per unit of sales investment"),
        "sales_investment": (spent, unit, "Sales investment (present value)"),
        "deepest_funding": (study.ahead.deepest, unit, "Deepest funding from today"),
        "sunk": (study.sunk, unit, "Cash flow to date"),
        "customer_investments": (
            study.register.total if len(study.register.items) else None,
            unit,
            "Customer investments",
        ),
    }


def unknown(study: Study) -> tuple[str, ...]:
    """Say on the first page what is not known, in one paragraph."""
    lacking = gaps(study)[0 if study.valued else 1 :]  # the lead says why there is no value
    return (f"Gaps: {' '.join(lacking)}",) if lacking else ()


def confidence(study: Study) -> str:
    """What the three cases say."""
    return sentence(
        findings.scenarios(study) or "Without a complete plan there is no downside or upside case"
    )


def continuation(study: Study) -> str:
    """How the plan compares with the growth so far."""
    told = (findings.growth(study), findings.margin(study))
    return " ".join(sentence(text) for text in told if text)


def risk(study: Study) -> str:
    """Why the relationship is at risk, if it is."""
    return sentence(findings.at_risk(study.dependence))
