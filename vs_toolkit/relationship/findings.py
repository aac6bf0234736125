"""What the numbers of a relationship say, in sentences that hold for every relationship and every gap."""

from __future__ import annotations

import math

from vs_toolkit import formats
from vs_toolkit.formats import between, money, number, number_of, percent, simulations
from vs_toolkit.relationship.dependence import Dependence
from vs_toolkit.relationship.investments import Register
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.wording import LABELS, TODAY, listed

NO_PLAN = "There is no relationship plan for the years ahead, so the relationship has no value yet"
JUMP = 0.03  # of revenue: a smaller change of margin is no news
MANY = 5  # items from which on the size of the largest says something
NO_RANGE = "No line of the plan has a range, so its uncertainty is not known"


def unvalued(study: Study) -> str:
    """Why there is no value; empty where there is one."""
    if not study.has_plan:
        return NO_PLAN
    if study.missing:
        lacking = [LABELS.get(name, name).lower() for name in study.missing]
        return f"NPV is not known: the plan lacks {listed(lacking)}"
    return ""


def curve(study: Study) -> str:
    """Break-even and deepest funding, of past and plan together where the past is known."""
    if not study.valued:
        past = f"Net cash flow to date is {money(study.sunk, study.currency)}; the plan ahead is not complete"
        return unvalued(study) if study.sunk is None else past
    line, known = (study.curve, True) if study.curve.end is not None else (study.ahead, False)
    start = "Cumulative cash flow" if known else "From today on, cumulative cash flow"
    last = study.plans.horizon.years[-1]
    if line.immediate:
        return f"{start} is never negative"
    funding = f"deepest funding {money(-(line.deepest or 0.0), study.currency)} ({line.deepest_in})"
    if line.break_even is None:
        return f"{start} stays negative to {last}; {funding}"
    planned = not known or bool(study.joined.loc[line.break_even, "planned"])
    return f"{start} {'turns' if planned else 'turned'} positive in {line.break_even}; {funding}"


def arithmetic(study: Study) -> str:
    """Write the NPV as one line that anybody can work out again."""
    if not study.valued:
        return ""
    cash = study.valuation.expected.cash[0]
    factors = study.plans.horizon.factors(study.terms.rate)
    scale, unit = formats.common_scale(cash, study.currency)
    parts = [
        f" {'+' if flow >= 0 else formats.MINUS} {number(abs(flow) / scale)} × {number(factor, 3)}"
        for flow, factor in zip(cash[1:], factors[1:], strict=True)
    ]
    first = number(cash[0] / scale)
    total = number(float(study.npv or 0.0) / scale)
    return f"NPV = {first}{''.join(parts)} = {total} ({unit}; factors are rounded)."


def conventions(study: Study) -> tuple[str, ...]:
    """How the value was worked out: rate, risk, capital, past."""
    if not study.valued:
        return ()
    terms = study.terms
    rate = f"The discount rate is {percent(terms.rate)} a year; cash flows fall at the end of each period."
    capital = (
        "The value is that of continuing rather than ending the relationship today: capital tied up now "
        "counts as the first outflow, and capital left at the end is released."
    )
    return rate, _risk(study), capital, sunk(study)


def _risk(study: Study) -> str:
    terms, given = study.terms, study.has_plan and bool(study.plans.given[-1, 0])
    if terms.risk == "premium":
        return (
            f"The risk of losing the customer is a premium of {percent(terms.premium)} in the rate; survival "
            "probabilities are not applied, as that would count the same risk twice."
        )
    if terms.risk == "none":
        return "The risk of losing the customer is not counted."
    if not given:
        return "The plan has no survival probability: the relationship is taken to last to its end."
    return (
        "The risk of losing the customer is counted as survival probability; the rate has no premium for it, "
        "as that would count the same risk twice."
    )


def sunk(study: Study) -> str:
    """What the past brought, apart from the value."""
    if study.sunk is None:
        return "The cash flow to date is not fully recorded; it is not part of the NPV."
    amount = money(study.sunk, study.currency)
    return f"Net cash flow to date is {amount}; it is sunk and not part of the NPV."


def scenarios(study: Study) -> str:
    """Whether the value survives the downside case."""
    if not study.valued:
        return ""
    low, base, high = (float(value) for value in study.scenarios["npv"])
    if low == high:
        return NO_RANGE
    spread = between(low, high, study.currency)
    if low >= 0:
        return f"NPV is positive even in the downside case ({spread})"
    if base >= 0:
        value = money(base, study.currency)
        return f"NPV is {value} in the base case and negative in the downside case ({spread})"
    return f"NPV is negative in the base case ({spread} from downside to upside)"


def tornado(study: Study) -> str:
    """Which line of the plan matters most."""
    table = study.sensitivity
    if table.empty:
        return NO_RANGE if study.valued else "No sensitivity without a complete plan"
    top = LABELS[str(table.index[0])]
    ends = table[["at_low", "at_high"]]
    turning = [
        LABELS[str(line)].lower() for line in table.index[(ends.min(axis=1) < 0) & (ends.max(axis=1) > 0)]
    ]
    most = f"{top} has the largest effect on NPV ({money(float(table['swing'].iloc[0]), study.currency)})"
    if not turning:
        return f"{most}; no single line turns NPV negative"
    return f"{most}; {listed(turning)} alone can change its sign"


def distribution(study: Study) -> str:
    """How often the value is positive in the simulation."""
    if not study.uncertain:
        return NO_RANGE if study.valued else "No simulation without a complete plan"
    sample = study.simulation
    positive = 1 - sample.probability_negative
    spread = between(sample.p10, sample.p90, study.currency)
    return f"NPV is positive in {simulations(positive, study.draws)}; 80% fall between {spread}"


def growth(study: Study) -> str:
    """Growth so far, as an estimate, beside the growth that is planned."""
    found = study.growth
    if found is None:
        return ""
    text = f"Revenue changed by {percent(found.rate, signed=True)} a year from {found.first} to {found.last}"
    text += f" (estimate from {found.last - found.first + 1} full years)"
    if found.planned is not None:
        text += f"; the plan assumes {percent(found.planned, signed=True)} a year to {found.until}"
    return text


def margin(study: Study) -> str:
    """Margin after cost to serve so far, where the plan assumes another one; else empty."""
    found = study.margins
    if found is None or abs(found[2] - found[0]) < JUMP:
        return ""
    past, year, ahead, planned = found
    return (
        f"Contribution after cost to serve was {percent(past)} of revenue in {year}; the plan assumes "
        f"{percent(ahead)} in {planned}"
    )


def register(found: Register, npv: float | None, currency: str) -> str:
    """What the investments add up to, against the value of the relationship."""
    if found.items.empty:
        return "No customer investment is on record"
    count = number_of(len(found.items), "customer investment")
    largest = money(float(found.items["amount"].iloc[0]), currency)
    total = f"{count} {'adds' if len(found.items) == 1 else 'add'} up to {money(found.total, currency)}"
    if len(found.items) >= MANY:
        total += f", none above {largest}"
    return f"{total}{_against(found.total, npv)}"


def _against(total: float, npv: float | None) -> str:
    if npv is None:
        return ""
    if npv <= 0:
        return ", for a relationship without positive NPV"
    return f": {multiple(total / npv)} the relationship NPV"


def multiple(ratio: float) -> str:
    """Write how large something is against something else.

    >>> multiple(0.42), multiple(3.01)
    ('42% of', '3.0 times')
    """
    return f"{number(ratio, 1)} times" if ratio >= 2 else f"{percent(ratio, 0)} of"


def approval(found: Register, currency: str) -> str:
    """How the investments were decided, and what was measured of them."""
    if found.items.empty:
        return ""
    scrutinised = (
        f"{percent(found.scrutinised / found.total, 0)} of the amount went through the capital budget"
    )
    if found.scrutinised == 0:
        scrutinised = "None of it went through the capital budget"
    measured = len(found.measured)
    if not measured:
        return f"{scrutinised}; no return has been measured."
    rate = percent(found.realisation, 0)
    n = f"{measured} of {len(found.items)}"
    return f"{scrutinised}; where measured ({n} items), the return is {rate} of what was expected."


def regions(study: Study) -> str:
    """In which regions the customer loses money for us."""
    grid, lost = study.by_region, study.losing
    if grid.empty:
        return "Contribution by region is not known: the sales name no region"
    total = float(grid["Total"].iloc[-1])
    if math.isnan(total):
        return "Contribution by region is not fully known: a cost is not recorded"
    earned = f"{money(total, study.currency)} in all over the last 12 months"
    if lost.empty:
        return f"The customer contributes in every region, {earned}"
    names = listed([f"{region} ({money(float(amount), study.currency)})" for region, amount in lost.items()])
    return f"The customer loses money in {names}, with {earned}"


def dependence(known: Dependence) -> str:
    """Who depends on whom, and whether that grows."""
    if known.ours_today is None and known.theirs_today is None:
        return "Dependence is not known: neither shares nor roles are recorded"
    ours, theirs = (percent(share, 0) for share in (known.ours_today, known.theirs_today))
    if known.theirs_today is None:
        return f"We supply {ours} of its purchases; its share of our sales is not known"
    if known.ours_today is None:
        return (
            f"It brings {percent(known.theirs_today)} of our sales; our share of its purchases is not known"
        )
    if known.one_sided:
        more = f"We depend on the customer ({theirs} of our sales)"
        return f"{more} more than it depends on us ({ours} of its purchases)"
    return f"We supply {ours} of its purchases; it brings {percent(known.theirs_today)} of our sales"


REASONS = {
    "role unknown": "our role in its future is not known",
    "share falls": "our share of its purchases is expected to fall",
    "one-sided": "we depend on it more than it depends on us",
}


def at_risk(known: Dependence) -> str:
    """Why the relationship is at risk; empty when nothing says so."""
    if not known.at_risk:
        return ""
    return f"Relationship at risk: {listed([REASONS[reason] for reason in known.at_risk])}"


def deepest(study: Study) -> str:
    """Funding that the relationship needs from today on."""
    line = study.ahead
    if line.deepest is None or line.deepest == 0:
        return "no further funding needed"
    amount = money(-line.deepest, study.currency)
    return (
        f"{amount} {'tied up today' if line.deepest_in == TODAY else f'funded at most ({line.deepest_in})'}"
    )


def same_value(study: Study) -> str:
    """That discounted EVA and discounted cash flow agree."""
    if not study.valued:
        return ""
    valuation = study.valuation
    income = float(valuation.present(valuation.expected.operating - valuation.charged)[0])
    return (
        f"The present value of EVA is {money(income, study.currency)}, as is that of the cash flow: charging "
        "opening capital at the discount rate and counting its changes as cash are the same calculation."
    )
