"""The first page and the last words of a business-impact report: worth, cost, time, certainty, decision."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import money, months, percent
from vs_toolkit.impact import findings
from vs_toolkit.impact.exhibits import change
from vs_toolkit.impact.investment import BusinessImpact
from vs_toolkit.impact.realised import Fulfilment
from vs_toolkit.impact.simulation import MonteCarlo
from vs_toolkit.inputs.cases.business_case import Baseline, BusinessCase, Effect

Tile = tuple[str, str, str]
Figure = tuple[float | None, str, str]
TOP = 3


def subject(case: BusinessCase, customer: str, as_of: date) -> tuple[str, ...]:
    """Of whom and what the report speaks, from which day, in which money."""
    worlds = f"{case.base.name} → {case.solution.name}"
    return customer, worlds, f"{case.currency}, as of {formats.day(as_of)}"


def worth(customer: str, case: BusinessCase, impact: BusinessImpact) -> str:
    """What the solution is worth to the customer, against what."""
    over = f"over {formats.number_of(case.years, 'year')} at {percent(case.customer_wacc)}"
    benefits, costs = money(impact.pv_benefits, case.currency), money(impact.pv_costs, case.currency)
    included = ", the price included" if case.price else ""
    what = f"{benefits} of benefits against {costs} of costs{included}"
    if impact.npv >= 0:
        return (
            f"{case.solution.name} is worth {money(impact.npv, case.currency)} to {customer} {over}: {what}."
        )
    loss = money(-impact.npv, case.currency)
    return (
        f"As it stands, {case.solution.name} takes {loss} more from {customer} than it brings {over}: {what}."
    )


def certainty(draws: MonteCarlo, verified: float | None, currency: str) -> str:
    """How sure the value is, and how much of it the customer has verified."""
    known = verification(verified)
    if not draws.uncertain:
        return f"{findings.NO_RANGE} {known}".strip()
    low, high = money(draws.p10, currency), money(draws.p90, currency)
    return f"{findings.chance(draws)}; eight of ten lie between {low} and {high}. {known}".strip()


def tiles(case: BusinessCase, impact: BusinessImpact, draws: MonteCarlo) -> tuple[Tile, ...]:
    """Worth, cost, time and certainty as four figures."""
    return (
        ("What it is worth", money(impact.npv, case.currency), f"net present value; {_return(impact)}"),
        ("What it costs", money(impact.pv_costs, case.currency), _price(case)),
        ("Payback", findings.time_back(impact), _with_interest(impact)),
        ("Chance of a gain", _gain(draws), "value above zero" if draws.uncertain else "no ranges given"),
    )


def _price(case: BusinessCase) -> str:
    return "today, price included" if case.price else "today; no price given"


def _with_interest(impact: BusinessImpact) -> str:
    if findings.capital_first(impact):
        return "capital comes first and goes back"
    later = impact.discounted_payback_years
    return f"{months(later)} with interest" if later else "not with interest"


def _gain(draws: MonteCarlo) -> str:
    if not draws.uncertain:
        return formats.MISSING
    gain = findings.share(1 - draws.chance_negative)
    return "over 99 %" if gain == "all" else gain


def _return(impact: BusinessImpact) -> str:
    if impact.irr.status != "unique":
        return "no single rate of return"
    return f"return {findings.rate(impact.irr.value)} a year"


def verification(verified: float | None) -> str:
    """How much of the value the customer has verified."""
    if verified is None:
        return ""
    return f"The customer has verified {percent(verified, 0) if verified else 'none'} of the gross value."


def published(case: BusinessCase) -> str:
    """Result that the source of a published case prints, for comparison."""
    return f"Published result: {case.published}" if case.published else ""


def changes(case: BusinessCase, impact: BusinessImpact) -> tuple[str, ...]:
    """What changes for the customer: the effects that are worth most, each with its reason."""
    ranked = sorted(case.effects, key=lambda effect: -abs(impact.contributions[effect.id]))
    lines = [_change(effect, impact) for effect in ranked[:TOP]]
    if more := ranked[TOP:]:
        rest = float(impact.contributions[[effect.id for effect in more]].sum())
        lines.append(f"{formats.number_of(len(more), 'more effect')}: {money(rest, case.currency)}")
    return tuple(lines)


def _change(effect: Effect, impact: BusinessImpact) -> str:
    worth = money(float(impact.contributions[effect.id]), impact.currency)
    return f"{effect.name}: {worth}. {effect.benefit or change(effect, impact)}"


def decision(case: BusinessCase, impact: BusinessImpact, as_of: date) -> str:
    """What is to be decided, until when, and what waiting costs."""
    what = case.decision or "The case does not say yet what is to be decided"
    if case.decision_by is None:
        when = "no day is set for it"
    else:
        verb = "was due" if case.decision_by < as_of else "due"
        when = f"{verb} by {formats.day(case.decision_by)}"
    month = float(impact.cost_of_delay["same_end"].iloc[0])
    delay = f" Each month of waiting costs about {money(month, case.currency)}." if month > 0 else ""
    return f"To decide: {what}; {when}.{delay}"


def gaps(case: BusinessCase, assumptions: pd.DataFrame) -> tuple[str, ...]:
    """What is not known and what therefore cannot be said; nothing of it counts as zero."""
    unsourced = int(assumptions["evidence"].isna().sum())
    ranged = (assumptions["low"] < assumptions["high"]).any()
    found = {
        _baseline_gap(case.baseline): True,
        "No tax rate is given: all amounts are before tax.": case.tax is None,
        "No price is given: costs are the customer's own, or contain it.": case.price is None,
        "No assumption has a range: how sure the value is cannot be said.": not ranged,
        f"{formats.number_of(unsourced, 'assumption has', 'assumptions have')} no source.": unsourced > 0,
        "No day is set for the decision.": case.decision_by is None,
        "No next steps are agreed.": not case.next_steps,
    }
    return tuple(gap for gap, applies in found.items() if gap and applies)


def _baseline_gap(baseline: Baseline | None) -> str:
    if baseline is None:
        return "No baseline statement is given: only differences can be shown, no return on capital."
    missing = [name.replace("_", " ") for name in Baseline.model_fields if getattr(baseline, name) is None]
    return f"The baseline lacks {', '.join(missing)}." if missing else ""


def meaning(
    case: BusinessCase,
    adverse: BusinessImpact,
    impact: BusinessImpact,
    swings: pd.DataFrame,
    result: Fulfilment,
) -> tuple[str, ...]:
    """What the numbers mean for the decision."""
    return tuple(
        sentence
        for sentence in (
            _verdict(case, adverse, impact),
            "" if swings.empty else f"{findings.tornado(swings, case.currency)}.",
            f"{findings.cost_of_delay(impact)}.",
            "" if result.rate is None else f"Of earlier promises: {findings.fulfilment(result)}.",
        )
        if sentence
    )


def _verdict(case: BusinessCase, adverse: BusinessImpact, impact: BusinessImpact) -> str:
    if impact.npv < 0:
        return (
            "As it stands the case does not earn its cost of capital: better terms or more value are needed."
        )
    if adverse.npv == impact.npv:
        return "The case earns its cost of capital on single figures; give the assumptions ranges to test it."
    if adverse.npv >= 0:
        return "The case earns its cost of capital even when every assumption turns out badly at once."
    return "The case earns its cost of capital as expected, but not if everything turns out badly at once."


def no_steps(case: BusinessCase) -> str:
    """A word where the case names no next step."""
    return "" if case.next_steps else "The case names no next step: agree who does what by when."


def to_do(swings: pd.DataFrame, assumptions: pd.DataFrame, currency: str) -> tuple[str, ...]:
    """Which assumptions to confirm first: the ones nobody has confirmed that move the value most."""
    confirmed = assumptions.set_index("key")["confirmed_on"].notna()
    open_ = swings[~swings["key"].map(confirmed).astype(bool)]
    return tuple(
        f"Confirm with the customer: {row['name']} (moves the value by {money(row['swing'], currency)})"
        for row in open_.head(TOP).to_dict("records")
    )


def key_figures(impact: BusinessImpact, draws: MonteCarlo, verified: float | None) -> dict[str, Figure]:
    """The figures by which reports are compared: name -> (value, unit, label)."""
    one_rate = impact.irr.value if impact.irr.status == "unique" else None
    payback: dict[str, Figure] = {"payback": (impact.payback_years, "years", "Payback")}
    return {
        "npv": (impact.npv, impact.currency, "Net present value"),
        "irr": (one_rate, "share", "Internal rate of return"),
        **({} if findings.capital_first(impact) else payback),
        "chance_of_loss": (draws.chance_negative if draws.uncertain else None, "share", "Chance of a loss"),
        "verified": (verified, "share", "Verified by the customer"),
    }
