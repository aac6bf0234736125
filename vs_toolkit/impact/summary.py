"""First and last page of a business-impact report: lead, tiles, decision, gaps, key figures."""

from __future__ import annotations

from vs_toolkit import formats
from vs_toolkit.formats import money, number_of, percent, sample_share
from vs_toolkit.impact import findings
from vs_toolkit.impact.exhibits.value import cost_of_capital
from vs_toolkit.impact.study import Study
from vs_toolkit.impact.targeting import missing
from vs_toolkit.inputs.cases.business_case import Baseline
from vs_toolkit.inputs.cases.effects import Effect

Tile = tuple[str, str, str]
Figure = tuple[float | None, str, str]
TOP = 3


def subject(study: Study) -> tuple[str, ...]:
    """Customer, the two worlds, currency and day."""
    worlds = f"{study.case.base.name} → {study.case.solution.name}"
    state = {"offered": "", "ordered": "ordered", "running": "running", "ended": "ended"}[study.case.state]
    return study.customer, worlds, state, f"{study.currency}, as of {formats.day(study.as_of)}"


def lead(study: Study) -> str:
    """What the solution is worth to the customer: the mean where there are ranges, else the base case."""
    case, currency = study.case, study.currency
    over = f"over {number_of(case.years, 'year')} at a cost of capital of {cost_of_capital(case)}"
    solution, whom = f"“{case.solution.name}”", study.customer if study.is_ours else "you"
    value = study.headline
    base = (
        f" (mean NPV; base case {money(study.base.npv, currency)})"
        if study.simulation.uncertain
        else " (NPV)"
    )
    over_now = case.state == "ended"
    if value >= 0:
        verb = "was planned to be worth" if over_now else "is worth"
        said = f"{solution} {verb} {money(value, currency)} to {whom} {over}{base}."
    else:
        loss = f"{money(-value, currency)} more than it {'brought' if over_now else 'brings'}"
        verb = "As planned, " if over_now else "As it stands, "
        costs = f"{solution} {'cost' if over_now else 'costs'} {whom}"
        said = f"{verb}{costs} {loss} {over}{base}."
    return f"{said} {_made_of(study)}"


def _made_of(study: Study) -> str:
    impact, currency = study.base, study.currency
    word = "less tax" if impact.pv_tax < 0 else "plus a tax relief"
    tax = f", {word} of {money(abs(impact.pv_tax), currency)}" if impact.pv_tax else ""
    price = ", price included" if study.case.price_items else ""
    if _costless(study):
        benefits = money(impact.pv_benefits, currency)
        return f"Base case: benefits of {benefits}{tax}; costs and price are not given."
    return (
        f"Base case: benefits of {money(impact.pv_benefits, currency)} against costs of "
        f"{money(impact.pv_costs, currency)}{price}{tax}."
    )


def _costless(study: Study) -> bool:
    return not study.case.spends and study.base.pv_costs == 0


def running(study: Study) -> str:
    """Where a running or ended case stands; empty for an offer."""
    case = study.case
    if case.state not in ("running", "ended"):
        return ""
    years = f"{max(0.0, study.years_passed):.1f} of {case.years} years"
    when = (
        f"In operation since {formats.day(case.start)} ({years})"
        if case.state == "running"
        else "The case has ended"
    )
    return f"{when}. {findings.fulfilment(study)}."


def tiles(study: Study) -> tuple[Tile, ...]:
    """NPV, ROI, payback and probability as four figures."""
    base = f"base case {money(study.base.npv, study.currency)}"
    ranged = study.simulation.uncertain > 0
    worth = (
        "Mean NPV" if ranged else "NPV",
        money(study.headline, study.currency),
        base if ranged else "base case",
    )
    payback, note = findings.payback_tile(study)
    return worth, _return(study), ("Payback", payback, note), _probability(study)


def _return(study: Study) -> Tile:
    impact = study.base
    if findings.is_financing(impact):
        return (
            "Cost of the money",
            findings.rate(impact.rate.rate),
            f"cost of capital {cost_of_capital(study.case)}",
        )
    if impact.roi is None:
        return "ROI", "–", "no costs"
    return "ROI", percent(impact.roi), f"on costs of {money(impact.pv_costs, study.currency)}"


def _probability(study: Study) -> Tile:
    if not study.simulation.uncertain:
        return "Probability of positive NPV", "not known", "no assumption has a range"
    gain = sample_share(1 - study.simulation.probability_negative)
    gain = {"all": "over 99%", "none": "under 1%"}.get(gain, gain)
    return (
        "Probability of positive NPV",
        gain,
        f"{study.simulation.uncertain} of {study.simulation.assumptions} assumptions have a range",
    )


def certainty(study: Study) -> str:
    """Probability, and how much the customer has verified."""
    known = (
        f"{findings.probability(study)}; {findings.ranged(study)} carry a range. "
        if study.simulation.uncertain
        else (f"{findings.NO_RANGE}. ")
    )
    return known + verification(study)


def verification(study: Study) -> str:
    """How much of the gross value the customer has verified."""
    if study.verified is None:
        return ""
    if not study.verified:
        by = "the customer" if study.is_ours else "you"
        return f"No benefit has all its figures verified by {by} so far."
    who = "The customer has" if study.is_ours else "You have"
    return f"{who} verified {percent(study.verified, 0)} of the gross value so far."


def published(study: Study) -> str:
    """Result that the source of a published case prints, for comparison."""
    return f"Published result: {study.case.published}" if study.case.published else ""


def changes(study: Study) -> tuple[str, ...]:
    """The effects that are worth most, each with its reason."""
    worth = study.base.contributions
    ranked = sorted(study.case.effects, key=lambda effect: -abs(worth[effect.id]))
    lines = [_change(effect, study) for effect in ranked[:TOP]]
    if more := ranked[TOP:]:
        rest = float(worth[[effect.id for effect in more]].sum())
        lines.append(f"{number_of(len(more), 'more effect')}: {money(rest, study.currency)}")
    return tuple(lines)


def _change(effect: Effect, study: Study) -> str:
    worth = money(float(study.base.contributions[effect.id]), study.currency)
    return f"{effect.name}: {worth}. {effect.benefit or ''}".strip()


def decision(study: Study) -> str:
    """What has to be decided by when, and the cost of delay; for a running case what comes next."""
    case = study.case
    if case.state in ("running", "ended", "ordered"):
        return {
            "ordered": f"Ordered: {case.solution.name}. Next: start on {formats.day(case.start)}.",
            "running": f"Running: {_next_when_running(study)}.",
            "ended": "Ended: confirm what was realised and keep it as a benchmark.",
        }[case.state]
    open_ = "the case does not yet say what" if study.is_ours else "to be agreed together"
    what = case.decision or open_
    if case.decision_by is None:
        when = "no date is set"
    else:
        verb = "was due" if case.decision_by < study.as_of else "due"
        when = f"{verb} by {formats.day(case.decision_by)}"
    terms = (
        "" if study.headline >= 0 else " On average it does not pay on these terms: agree better ones first."
    )
    return f"Decision required: {what}; {when}.{terms} {findings.cost_of_delay(study)}."


def _next_when_running(study: Study) -> str:
    rate = study.delivered.rate
    if rate is None:
        return "agree what is measured, by whom and from when"
    return f"confirm the measured results together{' and agree what closes the gap' if rate < 1 else ''}"


def gaps(study: Study) -> tuple[str, ...]:
    """What is not known and why it matters; nothing of it counts as zero."""
    case, register = study.case, study.register
    unsourced = int(register["evidence"].isna().sum())
    found = {
        _baseline_gap(case.baseline): True,
        "No tax rate is given: all amounts are before tax.": case.tax is None,
        "No price is given: costs are your own, or contain it." if not study.is_ours else
        "No price is given: costs are the customer's own, or contain it.":
            not case.price_items and not _costless(study),
        "No costs and no price are given: the NPV is that of the benefits alone.": _costless(study),
        "No assumption has a range: the certainty of the NPV is not known.": not study.simulation.uncertain,
        f"{number_of(unsourced, 'assumption has', 'assumptions have')} no source.": unsourced > 0,
        "No date is set for the decision.": case.decision_by is None and case.state == "offered",
        "No next steps are agreed.": not case.next_steps and case.state == "offered",
    }  # fmt: skip
    return tuple(gap for gap, applies in found.items() if gap and applies)


def _baseline_gap(baseline: Baseline | None) -> str:
    if baseline is None:
        return "No baseline statement is given: only differences can be shown, no return on capital."
    return missing(baseline, Baseline.model_fields)


def qualitative(study: Study) -> tuple[str, ...]:
    """What is real and not quantified, and the flexibility that the solution brings."""
    flexible = (f"Flexibility: {study.case.flexibility}",) if study.case.flexibility else ()
    return (*(f"Not quantified: {benefit}" for benefit in study.case.not_quantified), *flexible)


def method(study: Study) -> tuple[str, ...]:
    """How the numbers were made, and for whom: the disclosure of the report."""
    case, simulated = study.case, study.simulation
    kind = {"pert": "PERT", "triangular": "triangular"}[case.uncertainty.distribution]
    together = case.uncertainty.correlation
    how = f"correlation {together:g}" if together else "independent of each other"
    draws = (
        f"Simulation: {formats.number(simulated.values.size)} draws, {kind} distributions, {how}; "
        "numbers that several effects share are drawn once."
        if simulated.uncertain
        else ""
    )
    return tuple(
        line
        for line in (
            "The report compares the solution with the base named above. NPV is the present value of "
            f"benefits less costs{', less tax' if case.tax else ', before tax'}.",
            "Base case: every assumption at its most likely value. Mean: average of the simulations.",
            draws,
            "Capital is charged on its opening balance, so the present value of EVA equals the NPV.",
            "Risk adjustments and ranges are never applied to the same line."
            if any(item.risk for item in case.items)
            else "",
            "Prepared by the provider of the solution, with "
            f"{'figures of the customer' if study.is_ours else 'your figures'} where marked. It is no "
            "guarantee of results.",
        )
        if line
    )


def meaning(study: Study) -> tuple[str, ...]:
    """What the numbers mean for the decision."""
    said = (
        _verdict(study),
        findings.financing(study),
        "" if study.swings.empty else f"{findings.tornado(study)}.",
        findings.rates(study),
        findings.soft(study),
        findings.alternatives(study),
        "" if study.delivered.rate is None else f"Earlier promises: {findings.fulfilment(study)}.",
    )
    return tuple(sentence for sentence in said if sentence)


def _verdict(study: Study) -> str:
    low, base = study.worlds["low"], study.base
    if study.case.state == "ended":
        return (
            f"As planned, the case {'earned' if study.headline >= 0 else 'did not earn'} its cost of capital."
        )
    if study.headline < 0:
        return "The case does not earn its cost of capital: better terms or more value are needed."
    if low.npv == base.npv:
        return "The case earns its cost of capital on single figures; ranges would show how robust that is."
    if low.npv >= 0:
        return "The case earns its cost of capital even in the downside case."
    return "The case earns its cost of capital on average, but not in the downside case."


def no_steps(study: Study) -> str:
    """A word where the case names no next step."""
    if study.case.next_steps or study.case.state in findings.STARTED:
        return ""
    return "No next step is agreed yet: agree who does what by when."


def to_confirm(study: Study) -> tuple[str, ...]:
    """Which unconfirmed assumptions have the largest effect on NPV; none where nothing is left to decide."""
    if study.case.state in findings.STARTED:
        return ()
    confirmed = study.register.set_index("key")["confirmed_on"].notna()
    open_ = study.swings[~study.swings["key"].map(confirmed).fillna(False).astype(bool)]
    first = "Confirm with the customer" if study.is_ours else "To be confirmed together"
    return tuple(
        f"{first}: {row['name']} (NPV swing {money(row['swing'], study.currency)})"
        for row in open_.head(TOP).to_dict("records")
    )


def key_figures(study: Study) -> dict[str, Figure]:
    """The figures by which reports are compared: name -> (value, unit, label)."""
    impact, simulated = study.base, study.simulation
    ranged = simulated.uncertain > 0
    financing = findings.is_financing(impact)
    figures: dict[str, Figure] = {
        "npv": (study.headline, study.currency, "NPV (mean)"),
        "npv_base": (impact.npv, study.currency, "NPV (base case)"),
        "roi": (impact.roi, "share", "ROI (NPV over costs)"),
        "irr": (impact.rate.rate if impact.rate.kind == "return" else None, "share", "IRR"),
        "cost_of_money": (impact.rate.rate if financing else None, "share", "Cost of the money"),
        "payback": (None if financing else impact.payback_years, "years", "Payback"),
        "probability_positive": (
            1 - simulated.probability_negative if ranged else None,
            "share",
            "Probability of positive NPV",
        ),
        "verified": (study.verified, "share", "Verified by the customer"),
    }
    return {name: figure for name, figure in figures.items() if name != "cost_of_money" or financing}
