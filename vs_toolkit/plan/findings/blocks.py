"""What each block of the plan shows, as the title of its chart, and what follows from it."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.formats import listed, money, number, number_of, percent
from vs_toolkit.plan import knowledge as facts
from vs_toolkit.plan import prospects
from vs_toolkit.plan.findings.wording import sentence
from vs_toolkit.plan.study import CustomerPlan
from vs_toolkit.plan.white_space import best_open


def coverage(plan: CustomerPlan) -> str:
    """How well the contacts match what the strategy needs."""
    found = plan.coverage
    if found.share is None:
        return "Needed contacts are not known: no strategy is planned and the buying style is not scored"
    covered = len(found.of_state("covered"))
    gone = [f"{len(found.of_state(state))} {state}" for state in ("empty", "stale") if found.of_state(state)]
    rest = f"; {listed(gone)}" if gone else ""
    return f"{covered} of {len(found.needed)} positions that {found.strategy} sales needs are covered{rest}"


def coverage_next(plan: CustomerPlan) -> str:
    """Which positions to open first."""
    empty, stale = plan.coverage.of_state("empty"), plan.coverage.of_state("stale")
    if not empty and not stale:
        return ""
    parts = [f"open {listed(empty)}" if empty else "", f"meet {listed(stale)} again" if stale else ""]
    return f"Next: {'; '.join(part for part in parts if part)}."


def decision(plan: CustomerPlan) -> str:
    """Who is for and against us, by influence."""
    found = plan.persons.dropna(subset=["attitude", "influence"])
    if found.empty:
        return "Decision makers are not known: no attitude and influence are recorded"
    strong = found[found["influence"] >= 4]
    positive = int((strong["attitude"] == "positive").sum())
    return (
        f"{positive} of {number_of(len(strong), 'influential person', 'influential people')} positive to us"
    )


def conflicts(plan: CustomerPlan) -> str:
    """Who is at odds with whom."""
    pairs = [f"{one} and {other}" for one, other in plan.decision.conflicts]
    return f"In conflict: {'; '.join(pairs)}." if pairs else ""


def decision_next(plan: CustomerPlan) -> str:
    """Which role to find, whom to win over, whom to meet."""
    found = plan.decision
    parts = [
        f"find a contact as {listed(found.missing_roles, 4)}" if found.known and found.missing_roles else "",
        f"win over {listed(found.opponents)}" if found.opponents else "",
        "meet a second contact" if found.single_threaded else "",
        "ask a coach who is against us" if found.all_positive else "",
    ]
    parts = [part for part in parts if part]
    return f"Next: {'; '.join(parts)}." if parts else ""


def knowledge_next(plan: CustomerPlan) -> str:
    """Which open question to ask first."""
    now = facts.current(plan.table("knowledge"))
    asked = now[now["answer"].isna()]
    if not plan.internal or asked.empty:
        return ""
    return f"Next: ask the customer: {asked['question'].iloc[0]}"


def knowledge(plan: CustomerPlan) -> str:
    """How much is known, and the oldest answer; not for the customer."""
    if not plan.internal:
        return ""
    asked, known = int(plan.knowledge["questions"].sum()), int(plan.knowledge["answered"].sum())
    if not asked:
        return "No questions about the customer are recorded."
    oldest = plan.knowledge["age"].max()
    age = f"; the oldest answer is {number(oldest)} months old" if known else ""
    given = int(plan.knowledge["from_customer"].sum())
    return f"{known} of {number_of(asked, 'question')} answered, {given} by the customer itself{age}."


def gaps(plan: CustomerPlan) -> str:
    """The gap to the industry that is worth most."""
    known = plan.gaps[plan.gaps["yearly"] > 0]
    if plan.gaps.empty:
        return "Key indicators cannot be compared: no statement or no benchmark of the industry"
    if known.empty:
        return "No known indicator is worse than the median of the industry"
    amount = money(float(known["yearly"].iloc[0]), plan.statement_currency)
    return f"{known['indicator'].iloc[0]}: closing half of the gap is worth {amount} a year"


def gaps_next(plan: CustomerPlan) -> str:
    """What to do with the gaps."""
    if not (plan.gaps["yearly"] > 0).any():
        return ""
    if not plan.internal:
        return "To be confirmed together: which of these gaps matters most to you."
    return "Next: check the largest gap with the customer's finance department and make it a business case."


def candidates(plan: CustomerPlan) -> str:
    """The best candidate of process innovation."""
    best = plan.candidates[plan.candidates["value"] > 0]
    if best.empty:
        return "No candidate of process innovation with a known gain."
    first = best.iloc[0]
    amount = money(float(first["value"]), str(first["currency"]))
    return f"{first['candidate']}: moving it from {first['from']} to {first['to']} is worth {amount} a year."


def lift(plan: CustomerPlan) -> str:
    """What trigger events say about winning, over all customers where that was measured, else here."""
    if plan.lift.empty:
        return ""
    clear = plan.lift[(plan.lift["low"] > 1) | (plan.lift["high"] < 1)]
    if len(clear):
        row = clear.iloc[0]
        few = ", from small numbers" if row["few"] else ""
        where = "of all customers " if plan.lift_measured else ""
        return (
            f"After “{row['kind']}”, {row['won']} of {row['n']} opportunities {where}were won, "
            f"{number(row['lift'], 1)} times the other rate (90% interval "
            f"{number(row['low'], 1)}–{number(row['high'], 1)}{few})."
        )
    where = "over all customers" if plan.lift_measured else "at this customer"
    return f"No statistically significant link between a kind of event and winning {where}."


def space(plan: CustomerPlan) -> str:
    """Open potential and customer share."""
    found = plan.space
    if found.cells.empty:
        return "White space is not known"
    share = "" if found.share is None else f"; we supply {percent(found.share, 0)} of its known spend"
    unknown = f"; {found.unknown} of {len(found.cells)} cells not known" if found.unknown else ""
    return f"White space is {money(found.potential, found.currency)} a year{share}{unknown}"


def space_next(plan: CustomerPlan) -> str:
    """Where the largest open potential lies."""
    best = best_open(plan.space, 1)
    if best.empty:
        return ""
    cell = best.iloc[0]
    amount = money(float(cell["potential"]), plan.space.currency)
    supplier = f", today {cell['competitor']}" if isinstance(cell["competitor"], str) else ""
    return f"Next: offer {cell['offering']} to {cell['customer_unit']} ({amount} a year{supplier})."


def matrix(plan: CustomerPlan) -> str:
    """How the open opportunities lie in the matrix."""
    if plan.prospects.empty:
        return "No open opportunities"
    counts = plan.prospects["box"].value_counts()
    parts = [f"{counts[box]} {box}" for box in (*prospects.BOXES, prospects.UNKNOWN) if box in counts]
    return f"{number_of(len(plan.prospects), 'open opportunity', 'open opportunities')}: {listed(parts, 5)}"


def movers(plan: CustomerPlan) -> str:
    """Which opportunities change box when the dividers move."""
    moved = prospects.movers(plan.prospects)
    if moved.empty:
        return "No opportunity changes its box at full capacity or when cash is short."
    full = moved[moved["box"] != moved["full_capacity"]]
    short = moved[moved["box"] != moved["short_of_cash"]]
    parts = [
        f"at full capacity: {_moves(full, 'full_capacity')}" if len(full) else "",
        f"when cash is short: {_moves(short, 'short_of_cash')}" if len(short) else "",
    ]
    return " ".join(sentence(part) for part in parts if part)


def _moves(rows: pd.DataFrame, column: str) -> str:
    return "; ".join(f"{name} → {box}" for name, box in zip(rows["name"], rows[column], strict=True))


def effort(plan: CustomerPlan) -> str:
    """Where the hours go against the recommendation."""
    boxes = plan.effort.boxes
    if not boxes["hours"].sum():
        return "No hours on evaluated opportunities in the last 12 months"
    top = str(boxes["hours"].idxmax())
    _, share, recommended = plan.effort.of(top)
    return (
        f"{percent(share, 0)} of the effort went into opportunities to {top}, "
        f"recommended {percent(recommended, 0)}"
    )


def effort_next(plan: CustomerPlan) -> str:
    """What moving effort would bring, and on what assumption."""
    found = plan.effort
    if found.to_move < 1:
        return ""
    hours = number_of(round(found.to_move), "hour")
    text = f"Next: {hours} a year above the recommended share of drop and secure could go to invest"
    if found.worth_moving is None:
        return f"{text}; the value won per hour is not known."
    return (
        f"{text}: about {money(found.worth_moving, plan.currency)} of orders if they bring as much per hour "
        f"as all past hours here ({money(found.won_per_hour, plan.currency)})."
    )


def goals(plan: CustomerPlan) -> str:
    """How many goals are on track."""
    if plan.goals.empty:
        return "No goals are recorded"
    good = int(plan.goals["state"].isin(["done", "on track"]).sum())
    return f"{good} of {number_of(len(plan.goals), 'goal')} done or on track"


def delivered(plan: CustomerPlan) -> str:
    """Value promised and realised."""
    found = plan.delivered
    if found.rate is None:
        return "No delivered value has been measured."
    unmeasured = f"; {number_of(found.unmeasured, 'period')} not measured" if found.unmeasured else ""
    return (
        f"{money(found.realised, found.currency)} realised of {money(found.promised, found.currency)} "
        f"promised ({percent(found.rate, 0)}{unmeasured})."
    )
