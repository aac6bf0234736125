"""What the numbers of a business impact say: sentences that hold for every case and every gap."""

from __future__ import annotations

import numpy as np

from vs_toolkit.formats import money, months, number_of, percent, simulations
from vs_toolkit.impact.benchmarks import ENOUGH
from vs_toolkit.impact.exhibits import steps, year_steps
from vs_toolkit.impact.exhibits.value import cost_of_capital
from vs_toolkit.impact.investment import BusinessImpact
from vs_toolkit.impact.sharing import NO_VALUE
from vs_toolkit.impact.study import Study

NO_RANGE = "No assumption has a range, so the certainty of the NPV is not known"
LATER = 6  # months of delay that are told
STARTED = ("running", "ended")


def bridge(study: Study) -> str:
    """Largest driver and the NPV that is left."""
    found, currency = steps(study), study.currency
    total = money(study.base.npv, currency)
    if not (found > 0).any():
        return f"No item adds value; the NPV is {total}"
    top = str(found.idxmax())
    most = money(float(found.max()), currency)
    return f"{top} is the largest driver ({most}); net of all costs, NPV is {total}"


def year_of_effect(study: Study) -> str:
    """What the last full year does to EVA."""
    total = float(year_steps(study).sum())
    verb = "increases" if total >= 0 else "decreases"
    return (
        f"In year {study.full_year}, economic value added (EVA) {verb} by {money(abs(total), study.currency)}"
    )


def is_financing(impact: BusinessImpact) -> bool:
    """Whether money comes first and is paid back later, so that a payback would mislead."""
    return impact.rate.kind == "cost of money"


def payback(study: Study) -> str:
    """Payback, simple and discounted, or why there is none."""
    impact = study.base
    if is_financing(impact):
        return "Cash comes in first and goes back later, so payback does not apply"
    if impact.payback_years is None:
        return f"The cash flow does not pay back within {number_of(study.case.years, 'year')}"
    if impact.payback_years == 0:
        return "No up-front investment: the cumulative cash flow is never negative"
    later = impact.discounted_payback_years
    discounted = f"{months(later)} discounted" if later is not None else "no discounted payback"
    return f"Payback is {months(impact.payback_years)} ({discounted})"


def payback_tile(study: Study) -> tuple[str, str]:
    """Payback for a tile, and the note below it."""
    impact = study.base
    if is_financing(impact):
        return "–", "does not apply: cash comes first"
    if impact.payback_years is None:
        return "none", f"within {number_of(study.case.years, 'year')}"
    if impact.payback_years == 0:
        return "at once", "no up-front investment"
    later = impact.discounted_payback_years
    return months(impact.payback_years), (
        f"{months(later)} discounted" if later is not None else "no discounted payback"
    )


def rate(value: float | None) -> str:
    """Write a rate of return; far above 100% its figures say nothing.

    >>> rate(0.275), rate(3.966), rate(64.6)
    ('27.5%', '397%', 'over 1,000%')
    """
    if value and value > 10:
        return f"over {percent(10.0, 0)}"
    return percent(value, 0 if value and value >= 1 else 1)


def rate_of_return(study: Study) -> str:
    """What the internal rate of return says, also when there is none or more than one."""
    found, wacc = study.base.rate, cost_of_capital(study.case)
    if found.kind == "return":
        return f"IRR of {rate(found.rate)} versus a cost of capital of {wacc}"
    if found.kind == "cost of money":
        return f"Cost of the money is {rate(found.rate)} versus a cost of capital of {wacc}"
    if found.kind == "several":
        roots = " and ".join(map(rate, found.others))
        return f"NPV is zero at several rates ({roots}): use the NPV"
    sign = "positive" if study.base.npv > 0 else "negative"
    return f"There is no internal rate of return; the NPV is {sign} at {wacc}"


def financing(study: Study) -> str:
    """A financing deal in the words of a treasurer; empty for any other."""
    impact = study.base
    if not is_financing(impact) or impact.rate.rate is None:
        return ""
    amount = money(float(impact.accrued.cumsum().max()), study.currency)
    wacc = cost_of_capital(study.case)
    verdict = "cheaper" if impact.npv > 0 else "dearer"
    return (
        f"In cash terms this is like borrowing {amount} at {rate(impact.rate.rate)} a year: "
        f"{verdict} than the cost of capital of {wacc}."
    )


def scenarios(study: Study) -> str:
    """Whether the NPV survives the downside case."""
    low, base, currency = study.worlds["low"], study.base, study.currency
    if low.npv == study.worlds["high"].npv:
        return "No assumption has a range, so the three scenarios are the same"
    worst = money(low.npv, currency)
    if low.npv >= 0:
        return f"Even in the downside case NPV is {worst}"
    if base.npv >= 0:
        return f"NPV is {money(base.npv, currency)} in the base case and {worst} in the downside case"
    return f"NPV is negative even in the base case: {money(base.npv, currency)}"


def tornado(study: Study) -> str:
    """Assumption with the largest effect, and whether any alone decides the case."""
    swings, centre = study.swings, study.base.npv
    if swings.empty:
        return NO_RANGE
    top, ends = swings.iloc[0], swings[["at_low", "at_high"]]
    turning = int(((ends.min(axis=1) < 0) & (ends.max(axis=1) > 0)).sum())
    most = f"“{top['name']}” has the largest effect on NPV ({money(top['swing'], study.currency)})"
    sign = "negative" if centre >= 0 else "positive"
    if not turning:
        return f"{most}; no single assumption turns NPV {sign}"
    return f"{most}; {number_of(turning, 'assumption')} alone can turn NPV {sign}"


def ranged(study: Study) -> str:
    """How many assumptions carry a range."""
    return f"{study.simulation.uncertain} of {number_of(study.simulation.assumptions, 'assumption')}"


def probability(study: Study) -> str:
    """Probability of a positive NPV."""
    found = study.simulation
    if not found.uncertain:
        return NO_RANGE
    return f"NPV is positive in {simulations(1 - found.probability_negative, found.values.size)}"


def distribution(study: Study) -> str:
    """Where 80% of outcomes fall, the mean beside the base case, and what the ranges cover."""
    found, currency = study.simulation, study.currency
    if not found.uncertain:
        return ""
    low, high, mean = (money(value, currency) for value in (found.p10, found.p90, found.mean))
    error = money(2 * found.standard_error, currency)
    below = found.mean < study.base.npv
    reason = "below" if below else "above"
    why = f"ranges reach further {'down than up' if below else 'up than down'}"
    return (
        f"80% of outcomes fall between {low} and {high}. The mean is {mean} (± {error}), {reason} the base "
        f"case of {money(study.base.npv, currency)}: {why}. {ranged(study)} carry a range; the others are "
        "assumed to be certain."
    )


def delay_basis(study: Study) -> str:
    """Which convention of the cost of delay the decision rests on."""
    if study.case.end_fixed:
        return "fixed end date: months lost are not made up"
    return "the plan shifts as a whole"


def cost_of_delay(study: Study) -> str:
    """Cost of delay, and by which convention."""
    if study.case.state in STARTED:
        now = "The case has ended" if study.case.state == "ended" else "The solution is in operation"
        return f"{now}, so there is no cost of delay"
    column = "fixed_end" if study.case.end_fixed else "plan_shifts"
    delay = study.base.cost_of_delay[column]
    later = int(delay.index[min(LATER, len(delay)) - 1])
    cost = float(delay.loc[later])
    amount = money(abs(cost), study.currency)
    if np.isclose(cost, 0.0, atol=1e-9 * abs(study.base.npv) + 1e-9):
        return f"A delay of {number_of(later, 'month')} costs nothing ({delay_basis(study)})"
    verb = "costs" if cost > 0 else "saves"
    return f"A delay of {number_of(later, 'month')} {verb} {amount} ({delay_basis(study)})"


def reconciliation(study: Study) -> str:
    """That discounted EVA equals NPV."""
    both = study.base.reconciliation
    income = both.pv_residual_income - both.pv_closing_capital
    agree = abs(both.difference) <= 1e-6 * max(abs(both.npv), abs(income), 1.0)
    verdict = "the two agree" if agree else f"they differ by {money(both.difference, study.currency)}"
    worth, npv = money(income, study.currency), money(both.npv, study.currency)
    return f"Present value of EVA {worth}, NPV {npv}: {verdict}."


def capital(study: Study) -> str:
    """Largest change of capital employed and what it is worth a year."""
    levels = study.base.statement["difference"].xs("capital_employed", level="line")
    level, wacc = float(max(levels, key=abs)), study.case.customer_wacc
    if level == 0:
        return "Capital employed does not change."
    amount, charge = (money(abs(value), study.currency) for value in (level, level * wacc))
    if level < 0:
        return f"Up to {amount} of capital is released; at {percent(wacc)} that saves {charge} a year."
    return f"Up to {amount} of capital is tied up; at {percent(wacc)} that costs {charge} a year."


def return_on_capital(study: Study) -> str:
    """ROCE now, target and with the solution, or why it is not known."""
    found = study.targeting
    if found.gaps:
        return "Return on capital employed (ROCE) is not known: " + " ".join(found.gaps)
    return (
        f"ROCE is {percent(found.roce)} in the base and would be {percent(found.roce_delivered)} with all "
        f"effects, before price and one-off costs; the target is {percent(found.target)}."
    )


def rates(study: Study) -> str:
    """NPV at a lower and a higher discount rate."""
    profile = study.base.npv_profile.set_index("rate")["npv"]
    wacc = study.case.customer_wacc
    near = [round(max(0.0, wacc - 0.03), 2), round(min(1.0, wacc + 0.03), 2)]
    low, high = (money(float(profile.loc[r]), study.currency) for r in near)
    first, last = (percent(r, 0) for r in near)
    return f"At a discount rate of {first} the NPV is {low}, at {last} it is {high}."


def price(study: Study) -> str:
    """Where the price lies between floor and ceiling."""
    found = study.corridor
    if found.stop:
        return found.reasons[0]
    if found.position is None:
        return found.gaps[0] if found.gaps else "The price cannot be placed in the corridor"
    amount, floor = money(found.price, found.currency), money(found.floor, found.currency)
    if found.position < 0:
        return f"The price of {amount} is below our floor of {floor}"
    if found.position > 1:
        return f"The price of {amount} is above the customer's ceiling"
    return (
        f"The price of {amount} is at {percent(found.position, 0)} of the way from our floor to the ceiling"
    )


def schemes(study: Study) -> str:
    """Best option for us in the base case, and what it leaves without value."""
    table, currency = study.schemes, study.currency
    if table.empty:
        return "The case names no value-sharing option"
    ours = table.dropna(subset="provider_npv").set_index("scenario")
    if "expected" not in ours.index:
        return "No value-sharing option can be evaluated yet"
    best = ours.loc[["expected"]].sort_values("provider_npv").iloc[-1]
    nothing = ours.loc[[NO_VALUE]].set_index("scheme")["provider_npv"]
    left = money(float(nothing[best["scheme"]]), currency)
    return (
        f"{best['scheme']} is worth most to us ({money(best['provider_npv'], currency)}); without any value "
        f"it leaves us {left}"
    )


def fulfilment(study: Study) -> str:
    """Realisation rate, and the effect with the largest shortfall."""
    found = study.delivered
    if found.rate is None:
        return "Nothing has been measured yet"
    periods = number_of(int(found.effects["measured"].sum()), "measured period")
    whole = f"{percent(found.rate, 0)} of the promised value has been realised ({periods})"
    gaps = (found.effects["promised"] - found.effects["realised"]).fillna(0.0)
    if len(found.effects) < 2 or gaps.max() <= 0:
        return whole
    place = int(gaps.to_numpy().argmax())
    name, unit = str(found.effects["effect"].iloc[place]), str(found.effects["currency"].iloc[place])
    return f"{whole}; the largest shortfall is {name} ({money(float(gaps.max()), unit)})"


def usual_rate(study: Study) -> str:
    """NPV at our usual realisation rate, with what stands behind the rate."""
    record, impact = study.record, study.at_usual_rate
    if record is None or impact is None:
        return "Our usual realisation rate is not known: nothing comparable has been measured."
    behind = (
        f"{number_of(record.periods, 'measured period')} of this customer"
        if record.periods
        else f"up to {number_of(record.customers, 'customer')} of the industry"
    )
    return (
        f"At our usual realisation rate of {percent(record.rate, 0)} ({behind}) the base-case NPV would be "
        f"{money(impact.npv, study.currency)}."
    )


def benchmarks(study: Study) -> str:
    """How many effects have a benchmark, and which claim more."""
    claims = study.claims
    known = claims[claims["n"] >= ENOUGH]
    total = claims["effect_id"].nunique()
    if known.empty:
        return f"No benchmark with at least {ENOUGH} customers exists for the effects of this case."
    above = list(dict.fromkeys(known.loc[known["verdict"] == "above", "effect"]))
    compared = f"{known['effect_id'].nunique()} of {number_of(total, 'effect')} have a benchmark"
    verdict = f"above benchmark: {', '.join(above)}" if above else "none is above it"
    return f"{compared}; {verdict}. Source: {'; '.join(dict.fromkeys(known['source']))}."


def alternatives(study: Study) -> str:
    """Best alternative, by which measure."""
    found = study.comparison
    if found is None:
        return ""
    measure = "NPV" if found.equal_lives else "equivalent annual value, as lives differ"
    if not found.best:
        return "No alternative has a positive NPV: doing nothing is better."
    best = dict(zip(found.table["case"], found.table["name"], strict=True))[found.best]
    return f"{best} is the best alternative by {measure}."


def soft(study: Study) -> str:
    """How much of the value is in soft savings."""
    if not study.soft:
        return ""
    hard = study.base.npv - study.soft
    return (
        f"{money(study.soft, study.currency)} of the NPV are soft savings (capacity freed, not "
        f"cash); without them the NPV is {money(hard, study.currency)}."
    )
