"""The first page and the last of the report on all relationships."""

from __future__ import annotations

from collections.abc import Iterator

from vs_toolkit.formats import MISSING, day, money, number, number_of, percent
from vs_toolkit.relationship.company import findings
from vs_toolkit.relationship.company.study import Portfolio
from vs_toolkit.relationship.wording import listed, sentence

Tile = tuple[str, str, str]
HIGH_RATIO = 0.5


def subject(found: Portfolio) -> tuple[str, ...]:
    """Facts below the title."""
    counted = number_of(len(found.values), "customer")
    return f"As of {day(found.as_of)}", counted, f"{found.count('valued')} with a complete plan"


def lead(found: Portfolio) -> str:
    """Say in one sentence what the relationships are worth and what could be gained."""
    if found.allocates and found.gain and found.gain > 0:
        return f"{sentence(findings.equity(found))} {sentence(findings.allocation(found))}"
    return sentence(findings.equity(found))


def tiles(found: Portfolio) -> tuple[Tile, Tile, Tile, Tile]:
    """Customer equity, gain, one more team and robustness, each as (label, value, note)."""
    unit = found.currency
    lacking = found.count("incomplete") + found.count("no plan")
    equity = (
        "Customer equity",
        MISSING if found.equity is None else money(found.equity, unit),
        f"{lacking} without a complete plan",
    )
    if not found.allocates:
        none = "no allocation"
        return (
            equity,
            ("Gain on today", MISSING, none),
            ("One more team", MISSING, none),
            ("Robustness", MISSING, none),
        )
    prices = found.game.one_more
    where = str(prices.idxmax()) or "any region"
    gain = ("Gain on today's teams", MISSING, "teams today not recorded")
    if found.gain is not None:
        gain = (
            "Gain on today's teams",
            money(found.gain, unit),
            f"{findings.teams(found.capacity.total)} available",
        )
    more = ("One more team", money(float(prices.max()), unit), where)
    robust = ("Choices that hold", MISSING, "too many customers to simulate a budget")
    if found.regret is not None:
        sure = int((found.chosen >= findings.SURE).sum())
        robust = ("Choices that hold", f"{sure} of {len(found.chosen)}", "in 80% of simulations or more")
    return equity, gain, more, robust


def stands_out(found: Portfolio) -> list[str]:
    """What the sales management must know."""
    told = [
        findings.one_more(found),
        findings.idle(found),
        findings.investments(found),
        findings.at_risk(found),
        findings.retention(found),
    ]
    return [sentence(text) for text in told if text]


def decision(found: Portfolio) -> str:
    """What has to be decided first."""
    if not found.allocates:
        why = sentence(findings.no_allocation(found))
        return f"Decision required: complete what the allocation needs. {why}"
    if found.gain is not None and found.gain > 0:
        moved = findings.moves(found).removeprefix("Against today: ")
        return f"Decision required: reallocate the account teams: {moved}."
    return "Decision required: confirm the account teams as they are."


def gaps(found: Portfolio) -> list[str]:
    """What is not known, and what that does to the report."""
    return [sentence(gap) for gap in _gaps(found) if gap]


def _gaps(found: Portfolio) -> Iterator[str]:
    none, partly = found.count("no plan"), found.count("incomplete")
    if none:
        yield f"{number_of(none, 'customer has', 'customers have')} no relationship plan"
    if partly:
        yield f"{number_of(partly, 'plan lacks', 'plans lack')} a line or a year and cannot be valued"
    horizons = found.plans.planned.sum(axis=1).tolist()
    if len(set(horizons)) > 1:
        yield "Plans end in different years, so their values are not fully comparable"
    yield findings.no_allocation(found)
    yield from _team_gaps(found)
    if found.given["sales"].empty:
        yield "Sales are not recorded, so retention is not known"
    if found.register.items.empty:
        yield "No customer investment is on record"


def _team_gaps(found: Portfolio) -> Iterator[str]:
    plans = found.team_plans
    unknown = int(plans["share_without_team"].isna().sum())
    if unknown:
        count = number_of(unknown, "customer")
        yield f"The business without a team is not known for {count} and taken as none"
    if plans["teams_today"].isna().any():
        yield "Today's teams are not recorded for every customer; the gain leaves those out"
    if found.given["sales_teams"].empty and len(plans):
        yield "Teams available are not recorded; as many as work today are allocated"


def next_steps(found: Portfolio) -> list[str]:
    """What to do, in the order of the report."""
    steps = []
    lacking = found.count("incomplete") + found.count("no plan")
    if lacking:
        steps.append(f"Complete the relationship plans of {number_of(lacking, 'customer')}")
    if found.allocates:
        weak = found.allocation[
            (found.allocation["chosen"] < findings.SURE) & (found.allocation["change"] != 0)
        ]
        names = [str(name) for name in weak["name"]]
        if names:
            steps.append(
                f"Refine the plans of {listed(names[:4])} before moving teams: that allocation is not robust"
            )
    known = found.values.dropna(subset=["npv", "invested"])
    heavy = known[known["invested"] > HIGH_RATIO * known["npv"].clip(lower=0)]
    if len(heavy):
        names = [str(name) for name in heavy["name"]]
        steps.append(f"Put customer investments at {listed(names[:4])} through the capital budget")
    unknown = found.at_risk[~found.at_risk["role_known"].astype(bool)]
    if len(unknown):
        steps.append(f"Clarify our role in the future of {number_of(len(unknown), 'customer')}")
    return [sentence(step) for step in steps]


def conventions(found: Portfolio) -> tuple[str, ...]:
    """How the allocation was found."""
    terms = found.terms
    risk = {
        "survival": "the risk of losing a customer is counted as survival probability",
        "premium": f"the risk of losing a customer is a premium of {percent(terms.premium)} in the rate",
        "none": "the risk of losing a customer is not counted",
    }[terms.risk]
    budget = found.capacity.budget
    limit = f" and a budget of {money(budget, found.currency)}" if budget != float("inf") else ""
    return (
        f"NPV at {percent(terms.rate)}; {risk}.",
        "With fewer teams than planned, NPV lies evenly between that without a team and that of the plan.",
        f"{findings.teams(found.capacity.total).capitalize()}{limit}: solved to proven optimality "
        f"with whole or half teams; {number(found.draws)} simulations for robustness.",
    )


def key_figures(found: Portfolio) -> dict[str, tuple[float | None, str, str]]:
    """Figures for the index and other programs, each as (value, unit, label)."""
    unit, works = found.currency, found.allocates
    return {
        "customer_equity": (found.equity, unit, "Customer equity"),
        "customers_valued": (float(found.count("valued")), "", "Customers valued"),
        "allocation_gain": (found.gain if works else None, unit, "Gain of the best allocation on today's"),
        "one_more_team": (
            float(found.game.one_more.max()) if works else None,
            unit,
            "Value of one more team",
        ),
        "teams": (float(found.capacity.total) if works else None, "", "Account teams"),
        "customer_investments": (
            found.register.total if len(found.register.items) else None,
            unit,
            "Customer investments",
        ),
    }


def unknown(found: Portfolio) -> tuple[str, ...]:
    """Say on the first page what is not known, in one paragraph."""
    lacking = gaps(found)
    return (f"Gaps: {' '.join(lacking)}",) if lacking else ()


def invested(found: Portfolio) -> str:
    """What all customer investments add up to."""
    return sentence(findings.investments(found))


def lasting(found: Portfolio) -> str:
    """How many customers stay."""
    return sentence(findings.retention(found))
