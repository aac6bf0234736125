"""What the numbers of all relationships say, in sentences that hold for every company and every gap."""

from __future__ import annotations

import math

from vs_toolkit.formats import between, money, number, number_of, percent
from vs_toolkit.relationship.company import study
from vs_toolkit.relationship.company.study import Portfolio
from vs_toolkit.relationship.wording import listed

SURE = 0.8  # share of simulations from which on a choice is called robust
SHOWN = 3  # names in a sentence


def teams(count: float) -> str:
    """Write a number of teams.

    >>> teams(1.0), teams(0.5), teams(2.0)
    ('1 team', 'half a team', '2 teams')
    """
    if count == 0.5:
        return "half a team"
    return f"{number(count, 0 if count == int(count) else 1)} {'team' if count == 1 else 'teams'}"


def equity(found: Portfolio) -> str:
    """Customer equity, and of how many customers."""
    total = len(found.values)
    valued = found.count("valued")
    if found.equity is None:
        return f"Customer equity is not known: none of {number_of(total, 'customer')} has a complete plan"
    top = found.values.iloc[0]
    share = f"; {top['name']} is {percent(top['npv'] / found.equity, 0)} of it" if found.equity > 0 else ""
    worth = money(found.equity, found.currency)
    return f"Customer equity is {worth} ({valued} of {total} customers valued){share}"


def no_allocation(found: Portfolio) -> str:
    """Why no allocation is shown; empty where one is."""
    if found.allocates:
        return ""
    if not len(found.team_plans):
        return "No team plans are recorded, so teams cannot be allocated"
    if not found.game.options.customers:
        return "No customer has both a team plan and a complete relationship plan: teams cannot be allocated"
    return f"No allocation is possible: {found.problem}"


def allocation(found: Portfolio) -> str:
    """What the best allocation brings against today's."""
    if not found.allocates:
        return no_allocation(found)
    total = teams(found.capacity.total)
    now = float(found.game.options.today.sum())
    if now and abs(now - found.capacity.total) >= 1:
        total += f" ({number(now, 0 if now == int(now) else 1)} at work today)"
    if found.gain is None:
        return f"The best allocation of {total} is worth {money(found.game.best.value, found.currency)}"
    if found.gain <= 0:
        return f"Today's teams bring as much as the best allocation of {total}"
    return f"The best allocation of {total} adds {money(found.gain, found.currency)} of NPV to today's"


def moves(found: Portfolio) -> str:
    """Who gets more teams and who fewer."""
    if not found.allocates:
        return ""
    table = found.allocation
    more = list(table.loc[table["change"] > 0, "name"])
    fewer = list(table.loc[table["change"] < 0, "name"])
    parts = [
        f"more teams for {_some(more)}" if more else "",
        f"fewer for {_some(fewer)}" if fewer else "",
    ]
    told = listed([part for part in parts if part])
    return f"Against today: {told}" if told else "No customer gets more or fewer teams than today"


def _some(names: list[str]) -> str:
    left = len(names) - SHOWN
    return listed([*names[:SHOWN], f"{left} others"] if left > 1 else names[: SHOWN + 1])


def one_more(found: Portfolio) -> str:
    """What one more whole team is worth, and where."""
    if not found.allocates:
        return ""
    prices = found.game.one_more
    best = str(prices.idxmax())
    worth = float(prices.max())
    if worth <= 0:
        return "One more team adds no value"
    where = f" in {best}" if best else ""
    return f"One more team{where} is worth {money(worth, found.currency)}"


def idle(found: Portfolio) -> str:
    """Teams that the best allocation leaves free, and what moving them would bring."""
    if not found.allocates:
        return ""
    unused = found.capacity.total - float(found.game.table["best"].sum())
    gain = found.game.free_gain
    parts = [
        f"{teams(unused)} {'remains' if unused <= 1 else 'remain'} unused in the region"
        if unused > 0
        else "",
        f"moving teams between regions would add {money(gain, found.currency)}" if gain > 0 else "",
    ]
    told = "; ".join(part for part in parts if part)
    return told[:1].upper() + told[1:]


def steps(found: Portfolio) -> str:
    """How the value rises with the number of teams."""
    if not found.allocates:
        return no_allocation(found)
    values, now = found.steps, found.capacity.total
    free = "free to work in any region" + ", without the budget" * math.isfinite(found.capacity.budget)
    if now + 1 not in values.index or now not in values.index:
        return f"Total NPV with up to {teams(float(values.index.max()))}, {free}"
    rise = float(values[now + 1] - values[now])
    return f"With {teams(now)} {free}, the next one adds {money(rise, found.currency)}"


def robustness(found: Portfolio) -> str:
    """How far the choice depends on the estimates."""
    if not found.allocates:
        return no_allocation(found)
    if found.regret is None:
        most = number_of(study.MOST_UNDER_BUDGET, "customer")
        return f"Robustness under a budget is simulated for up to {most}"
    sure = int((found.chosen >= SURE).sum())
    held = f"{sure} of {len(found.chosen)} choices hold in at least {percent(SURE, 0)} of "
    loss = f"; the allocation loses {percent(found.regret)} of the best value on average"
    return f"{held}{number(found.draws)} simulations{'' if math.isnan(found.regret) else loss}"


def retention(found: Portfolio) -> str:
    """How many customers stay, as an estimate."""
    table = found.retention
    if table.empty:
        return "Retention cannot be estimated: it needs sales of two full calendar years"
    kept, asked = table["retained"].sum(), table["customers"].sum()
    last = table.iloc[-1]
    text = (
        f"Estimated retention is {percent(kept / asked)} a year (n = {number(asked)} customer-years); "
        f"in {table.index[-1]} {percent(last['rate'])} ({between(last['low'], last['high'], 'share')})"
    )
    cohort = found.cohort
    if cohort is None:
        return f"{text}. No cohort of new customers is large enough to fit a survival model"
    share = percent(cohort.survival(5), 0)
    return (
        f"{text}. Of customers won in {cohort.year} (n = {cohort.active[0]}), an estimated {share} are "
        "active after five years (shifted beta-geometric model)"
    )


def investments(found: Portfolio) -> str:
    """What all customer investments add up to, and where they exceed the value of the relationship."""
    register = found.register
    if register.items.empty:
        return "No customer investment is on record"
    total = money(register.total, found.currency)
    through = percent(register.scrutinised / register.total, 0)
    text = (
        f"{number_of(len(register.items), 'customer investment')} add up to {total}, {through} of it through "
        "the capital budget"
    )
    known = found.values.dropna(subset=["npv", "invested"])
    above = list(known.loc[known["invested"] > known["npv"], "name"])
    if not above:
        return text
    return f"{text}; at {_some(above)} they exceed the relationship NPV"


def at_risk(found: Portfolio) -> str:
    """Which relationships are at risk."""
    table = found.at_risk
    if table.empty:
        return "No relationship is recorded as at risk"
    worth = float(table["npv"].sum())
    names = [str(name) for name in table["name"].dropna()]
    value = f" with {money(worth, found.currency)} of NPV" if worth > 0 else ""
    return f"{number_of(len(table), 'relationship')}{value} at risk, led by {_some(names)}"
