"""What the numbers of a business impact say, in sentences that hold for every case and every gap."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import money, months, percent
from vs_toolkit.impact.benchmarks import ENOUGH
from vs_toolkit.impact.investment import BusinessImpact
from vs_toolkit.impact.pricing import PriceCorridor
from vs_toolkit.impact.realised import Fulfilment
from vs_toolkit.impact.sharing import NO_VALUE
from vs_toolkit.impact.simulation import MonteCarlo
from vs_toolkit.impact.targeting import Targeting

NO_RANGE = "No assumption has a range yet, so nothing can be said about how sure the value is."
EFFECTS_NOTE = (
    "In full: when it has ramped up. What sets capital free counts once, and goes back at the horizon."
)
NOT_MEASURED = "Nothing has been measured yet: what was promised stands against no result."


def bridge(steps: pd.Series[float], currency: str) -> str:
    """Which step adds most.

    >>> bridge(pd.Series({"Less scrap": 2e6, "Price": -5e5}), "EUR")
    'Less scrap adds most, 2.00 M EUR; after all that it takes 1.50 M EUR remain'
    """
    total = float(steps.sum())
    if not (steps > 0).any():
        return f"No step adds value; together they come to {money(total, currency)}"
    top = steps.nlargest(1)
    most, remain = money(float(top.iloc[0]), currency), money(total, currency)
    return f"{top.index[0]} adds most, {most}; after all that it takes {remain} remain"


def year_of_effect(steps: pd.Series[float], year: int, currency: str) -> str:
    """What a year does to the profit after capital charge.

    >>> year_of_effect(pd.Series({"Revenue": 3e5, "Price": -1e5}), 3, "EUR")
    'In year 3, profit after the charge for capital rises by 200 k EUR'
    """
    total = float(steps.sum())
    verb = "rises" if total >= 0 else "falls"
    return f"In year {year}, profit after the charge for capital {verb} by {money(abs(total), currency)}"


def payback(impact: BusinessImpact) -> str:
    """When the money is back."""
    if capital_first(impact):
        return "Capital is set free first and goes back at the end, so there is no payback to speak of"
    if impact.payback_years is None:
        return f"The cash flow does not pay back within {_horizon(impact)}"
    if impact.payback_years == 0:
        return "No money is put up: the cash flow is never below zero"
    later = impact.discounted_payback_years
    interest = f", with interest after {months(later)}" if later else ", but not with interest"
    return f"The money is back after {months(impact.payback_years)}{interest}"


def capital_first(impact: BusinessImpact) -> bool:
    """Whether money comes first and goes back at the end, so that a payback would mislead."""
    return impact.payback_years is None and bool(impact.cash_flows.cumsum().max() > 0)


def time_back(impact: BusinessImpact, *, discounted: bool = False) -> str:
    """Payback in words, or a dash where there is none to speak of."""
    if capital_first(impact):
        return formats.MISSING
    return months(impact.discounted_payback_years if discounted else impact.payback_years)


def return_found(impact: BusinessImpact) -> str:
    """Internal rate of return where there is exactly one, else why not."""
    if impact.irr.status == "unique":
        return rate(impact.irr.value)
    return "several" if impact.irr.status == "multiple" else formats.MISSING


def rate_of_return(impact: BusinessImpact, wacc: float) -> str:
    """What the internal rate of return says, also when there is none or more than one."""
    if impact.irr.status == "none" or impact.irr.value is None:
        sign = "positive" if impact.npv > 0 else "negative"
        return f"There is no internal rate of return; the value is {sign} at {percent(wacc)}"
    if impact.irr.status == "multiple":
        roots = " and ".join(rate(root) for root in impact.irr.roots)
        return f"The value is zero at several rates ({roots}): go by the net present value"
    return f"The return of {rate(impact.irr.value)} stands against a cost of capital of {percent(wacc)}"


def rate(value: float | None) -> str:
    """Write a rate of return; far above 100 % its figures say nothing.

    >>> rate(0.275), rate(3.966), rate(64.6)
    ('27.5 %', '397 %', 'over 1\u202f000 %')
    """
    if value and value > 10:
        return f"over {percent(10.0, 0)}"
    return percent(value, 0 if value and value >= 1 else 1)


def scenarios(impacts: Mapping[str, BusinessImpact]) -> str:
    """Whether the value survives the adverse scenario."""
    adverse, expected = impacts["low"], impacts["expected"]
    worst, currency = money(adverse.npv, adverse.currency), adverse.currency
    if adverse.npv == impacts["high"].npv:
        return "No assumption has a range, so the three scenarios are the same"
    if adverse.npv >= 0:
        return f"Even with every assumption at its adverse end the value is {worst}"
    if expected.npv >= 0:
        return f"Expected {money(expected.npv, currency)}; with everything adverse at once {worst}"
    return f"Even as expected the value is below zero: {money(expected.npv, currency)}"


def tornado(swings: pd.DataFrame, currency: str) -> str:
    """Which assumption matters most, and whether any alone decides the case."""
    if swings.empty:
        return NO_RANGE
    top = swings.iloc[0]
    ends = swings[["npv_at_low", "npv_at_high"]]
    turning = int(((ends.min(axis=1) < 0) & (ends.max(axis=1) > 0)).sum())
    most = f"“{top['name']}” moves the value most, by {money(top['swing'], currency)}"
    if not turning:
        return f"{most}; none alone changes its sign"
    verb = "changes" if turning == 1 else "change"
    return f"{most}; {formats.number_of(turning, 'assumption')} alone {verb} its sign"


def chance(draws: MonteCarlo) -> str:
    """How often the value is positive."""
    if not draws.uncertain:
        return NO_RANGE
    draws_made = formats.number(draws.npv.size)
    return f"The value is positive in {share(1 - draws.chance_negative)} of {draws_made} draws"


def break_even(swings: pd.DataFrame) -> str:
    """How to read the value at which nothing is left."""
    if swings.empty:
        return ""
    return "The value is zero at: all other assumptions as expected; a dash where nothing plausible does it."


def share(share: float) -> str:
    """A share of draws; what never happened in a sample is rare, not impossible.

    >>> share(1.0), share(0.9996), share(0.93)
    ('all', 'over 99 %', '93 %')
    """
    if share in (0.0, 1.0):
        return "all" if share else "none"
    if share > 0.99:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else percent(share, 0)


def spread(draws: MonteCarlo, impact: BusinessImpact) -> str:
    """Where eight draws of ten lie, what the mean is, and how often the money comes back."""
    if not draws.uncertain:
        return ""
    points = (draws.p10, draws.p90, draws.mean, 2 * draws.standard_error)
    low, high, mean, error = (money(value, impact.currency) for value in points)
    spread = f"Eight draws of ten lie between {low} and {high}; the mean is {mean} (± {error})."
    if capital_first(impact):
        return spread
    return f"{spread} The money is back within the horizon in {share(draws.chance_payback)} of them."


def cost_of_delay(impact: BusinessImpact) -> str:
    """What waiting costs, by the month and by half a year."""
    delay = impact.cost_of_delay["same_end"]
    month, later = float(delay.iloc[0]), int(delay.index[min(5, len(delay) - 1)])
    wait = money(abs(float(delay.iloc[min(5, len(delay) - 1)])), impact.currency)
    if month <= 0:
        return f"Waiting costs nothing: after {later} months the value is {wait} higher"
    return f"Waiting {later} months costs {wait}; the first month {money(month, impact.currency)}"


def statement(impact: BusinessImpact, wacc: float, targeting: Targeting) -> tuple[str, ...]:
    """What the statement says of capital, of the two ways to value the case, and of the return on capital."""
    return capital(impact, wacc), reconciliation(impact), return_on_capital(targeting)


def reconciliation(impact: BusinessImpact) -> str:
    """That the two ways to value the case agree."""
    both = impact.reconciliation
    income = both.pv_residual_income - both.pv_closing_capital
    agree = abs(both.difference) <= 1e-6 * max(abs(both.npv), abs(income), 1.0)
    return (
        f"Discounting the yearly profit after the charge for capital gives {money(income, impact.currency)}, "
        f"discounting the cash flow {money(both.npv, impact.currency)}: "
        + ("the two agree." if agree else f"they differ by {money(both.difference, impact.currency)}.")
    )


def capital(impact: BusinessImpact, wacc: float) -> str:
    """How much capital is set free or tied up at most, and what that is worth a year."""
    levels = impact.statement["difference"].xs("capital_employed", level="line")
    level = float(max(levels, key=abs))
    if level == 0:
        return "The solution ties up no capital and sets none free."
    amount, charge = (money(abs(value), impact.currency) for value in (level, level * wacc))
    if level < 0:
        return f"Up to {amount} of capital is set free; at {percent(wacc)} that saves {charge} a year."
    return f"Up to {amount} of capital is tied up; at {percent(wacc)} that costs {charge} a year."


def return_on_capital(targeting: Targeting) -> str:
    """Where the return on capital stands, is wanted and would be; or why that cannot be said."""
    if targeting.gaps:
        return "Return on capital employed: " + " ".join(targeting.gaps)
    if targeting.roce is None:
        return "Return on capital employed: the case gives no target."
    return (
        f"Return on capital employed is {percent(targeting.roce)} at base and would be "
        f"{percent(targeting.roce_delivered)} with the effects in full, before price and one-off costs; "
        f"the target is {percent(targeting.target)}."
    )


def price(corridor: PriceCorridor) -> str:
    """Where the price of the case lies between floor and ceiling."""
    if corridor.stop:
        return corridor.reasons[0]
    if corridor.position is None:
        return corridor.gaps[0] if corridor.gaps else "The price cannot be placed in the corridor"
    amount, floor = money(corridor.price, corridor.currency), money(corridor.floor, corridor.currency)
    if corridor.position < 0:
        return f"The price of {amount} is below our floor of {floor}"
    if corridor.position > 1:
        return f"The price of {amount} is above what the customer can be asked for"
    part = percent(corridor.position, 0)
    return f"The price of {amount} gives us {part} of the room between the floor of {floor} and the ceiling"


def schemes(table: pd.DataFrame, currency: str) -> str:
    """Which scheme brings us most as expected, and what each loses when no value comes."""
    if table.empty:
        return "The case names no way of sharing the value"
    ours = table.dropna(subset="provider_npv").set_index("scenario")
    if "expected" not in ours.index:
        return "No way of sharing the value can be worked out yet"
    best = ours.loc[["expected"]].sort_values("provider_npv").iloc[-1]
    nothing = ours.loc[[NO_VALUE]].set_index("scheme")["provider_npv"]
    left = money(float(nothing[best["scheme"]]), currency)
    return (
        f"{best['scheme']} brings us most as expected, {money(best['provider_npv'], currency)}; "
        f"without any value it leaves us {left}"
    )


def fulfilment(result: Fulfilment) -> str:
    """How much of what was promised came true."""
    if result.rate is None:
        return NOT_MEASURED
    worst = result.effects.sort_values("rate").iloc[0]
    came = f"{percent(result.rate, 0)} of what was promised has come true"
    if len(result.effects) < 2 or np.isclose(worst["rate"], result.rate):
        return came
    return f"{came}; furthest from its promise is {worst['effect']} with {percent(worst['rate'], 0)}"


def benchmarks(claims: pd.DataFrame) -> str:
    """How many claims have something to stand beside, which lie above it, and who saw it."""
    known = claims[claims["n"] >= ENOUGH]
    total = claims["effect_id"].nunique()
    if known.empty:
        return "No benchmark of three customers or more speaks about this case."
    above = list(dict.fromkeys(known.loc[known["verdict"] == "above", "effect"]))
    seen = f"{known['effect_id'].nunique()} of {formats.number_of(total, 'effect')} can be compared"
    claim = f"more than was seen elsewhere: {', '.join(above)}" if above else "none claims more than was seen"
    return f"{seen}; {claim}. Source: {'; '.join(dict.fromkeys(known['source']))}."


def _horizon(impact: BusinessImpact) -> str:
    return formats.number_of(int(impact.eva.index.max()), "year")
