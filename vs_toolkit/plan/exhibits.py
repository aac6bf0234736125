"""Tables of the plan: numbers, days and names, with how each column is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import listed, number_of
from vs_toolkit.plan import findings, innovation, prospects, white_space
from vs_toolkit.plan import goals as progress
from vs_toolkit.plan import knowledge as facts
from vs_toolkit.plan import value as worth
from vs_toolkit.plan.study import CustomerPlan
from vs_toolkit.tables import Column, Table

OUR_DEFAULT = (
    "Team and meetings are defaults: the table segments gives a company's own, with budget and capacity."
)
BID = {
    prospects.DROP: "no bid",
    prospects.SECURE: "at a good margin",
    prospects.INVEST: "raise the chance",
    prospects.DONT_LOSE: "top priority",
    prospects.UNKNOWN: "evaluate first",
}


def _of(frame: pd.DataFrame, index: str, *columns: Column, caption: str = "", note: str = "") -> Table:
    return Table(frame.set_index(index).rename_axis(None), columns, caption, note)


def _by_topic(found: Mapping[str, str], heading: str) -> Table:
    return Table(pd.DataFrame({heading: list(found.values())}, index=list(found)))


def attention(plan: CustomerPlan) -> Table:
    """Findings that call for a decision, by topic."""
    return _by_topic(findings.alerts(plan), "Needs attention")


def changes(plan: CustomerPlan) -> Table:
    """What has changed since the last review, by topic; not for the customer."""
    if not plan.internal:
        return Table(pd.DataFrame())
    if plan.reviewed is None:
        return Table(pd.DataFrame(), note="No earlier review or plan is recorded: changes are not known.")
    kind = "review" if len(plan.table("reviews")) else "plan"
    found = findings.changes(plan) or {"Nothing": "no change is recorded"}
    return _by_topic(found, f"Changes since the {kind} of {formats.day(plan.reviewed)}")


def unknown(plan: CustomerPlan) -> Table:
    """What is not known, by topic."""
    heading = "Not known" if plan.internal else "To be confirmed together"
    return _by_topic(findings.unknown(plan), heading)


def goals(plan: CustomerPlan) -> Table:
    """Goals, the customer's own first: measure, target, actual, and attainment against the time elapsed."""
    frame = plan.goals.assign(
        goal=plan.goal_names, measured_in=plan.goals["measured_in"].astype("object").fillna("")
    )
    columns = (
        Column("Measure", "measure"),
        Column("From", "baseline", unit_from="measured_in"),
        Column("Target", "target", unit_from="measured_in"),
        Column("Actual", "actual", unit_from="measured_in"),
        Column("Due", "due"),
        Column("Attained", "attainment", "share", digits=0),
        Column("State", "state"),
    )
    note = (
        "Attained: (actual − baseline) ÷ (target − baseline). Behind: over 10 points below the time elapsed."
    )
    return _of(frame, "goal", *columns, caption=findings.goals(plan), note=note)


def next_actions(plan: CustomerPlan) -> Table:
    """The three actions to be done first."""
    rows = progress.next_actions(plan.actions)
    return _actions(plan, rows, "Next actions")


def all_actions(plan: CustomerPlan) -> Table:
    """All actions with owner, those who do it, and what is wrong with the responsibilities."""
    return _actions(plan, plan.actions, "Actions")


def _actions(plan: CustomerPlan, rows: pd.DataFrame, caption: str) -> Table:
    owner: Any = [plan.named(name) or None for name in rows["accountable"]]
    doers: Any = [
        "; ".join(plan.named(name) for name in progress.names(text)) or None for text in rows["responsible"]
    ]
    frame = rows.assign(owner=owner, doers=doers, fault=rows["fault"].replace("", None))
    columns = [Column("Owner", "owner"), Column("Due", "due"), Column("State", "state")]
    if caption == "Actions":
        columns.insert(1, Column("Done by", "doers"))
    if plan.internal and caption == "Actions":
        columns += [Column("Days", "days"), Column("Missing", "fault")]
        if rows["fault"].eq("").all():
            columns.pop()
    return _of(frame, "action", *columns, caption=caption)


def elements(plan: CustomerPlan) -> Table:
    """Elements of the index: weight, measured value, score and what it means."""
    leaves = plan.index.scale.leaves
    card = plan.index.elements
    values = [plan.measured.get(name) for name in leaves]
    units = [leaf.element.unit or "" for leaf in leaves.values()]
    frame = card.assign(
        value=pd.array(values, dtype="Float64"), unit=units, text=card["text"].replace("", None)
    )
    columns = (
        Column("Weight", "weight", "share", digits=0),
        Column("Measured", "value", unit_from="unit"),
        Column("Score", "score", digits=0),
        Column("Meaning", "text"),
    )
    note = "Measured, or scored by the texts in templates/scales; a weight without a score goes to others."
    return Table(frame.astype({"value": float}), columns, "Relationship value index", note)


def money(plan: CustomerPlan) -> Table:
    """Good, neutral and bad money by calendar year."""
    names = {"good": "Good", "neutral": "Neutral", "bad": "Bad"}
    if plan.money.empty:
        return Table(pd.DataFrame())
    frame = plan.money.rename(columns=names)
    frame.index = [str(year) for year in frame.index]
    note = "In, adjacent to and outside the markets that we chose (ideal customer profile)."
    return Table(frame, caption="Sales by class", note=note, scaled=plan.currency)


def regions(plan: CustomerPlan) -> Table:
    """Sales and contribution by region."""
    if plan.regions.empty:
        return Table(pd.DataFrame())
    frame = plan.regions.rename(columns={"net_sales": "Net sales", "contribution": "Profit contribution"})
    note = "Last 12 months; net sales less direct cost and cost to serve; a dash: a cost is missing."
    return Table(frame, caption="By region", note=note, scaled=plan.currency)


def care(plan: CustomerPlan) -> Table:
    """Sales investment that the segment gets, against what was done in the last twelve months."""
    if not plan.segment:
        return Table(pd.DataFrame())
    given = worth.care(plan.segment, plan.segments)
    done = plan.table("activities")
    year = done[done["date"] > pd.Timestamp(plan.as_of) - pd.DateOffset(years=1)]
    held = float(year["type"].isin(["Visit", "Workshop", "Meeting"]).sum()) if len(done) else None
    spent = float(year["cost"].sum(skipna=False)) if len(done) else None
    frame = pd.DataFrame(
        {"team": [given.served_by], "planned": [given.meetings], "held": [held], "budget": [given.budget],
         "spent": [spent], "currency": [given.currency or plan.currency]},
        index=[f"{plan.segment} customer"],
    ).astype(dict.fromkeys(("planned", "held", "budget", "spent"), float))  # fmt: skip
    columns = (
        Column("Served by", "team"),
        Column("Meetings a year", "planned", digits=0),
        Column("Held, last 12 months", "held", digits=0),
        Column("Budget a year", "budget", unit_from="currency"),
        Column("Spent, last 12 months", "spent", unit_from="currency"),
    )
    capacity = (
        "" if given.customers is None else f"We can serve {number_of(given.customers, 'such customer')}."
    )
    note = capacity if len(plan.segments) else OUR_DEFAULT
    return Table(frame, columns, "Sales investment for the segment", note)


def persons(plan: CustomerPlan) -> Table:
    """Decision makers, the most influential first."""
    found = plan.persons.sort_values("influence", ascending=False, kind="stable", na_position="last")
    pairs = zip(found["what_matters"], found["decision_style"], strict=True)
    how: Any = ["; ".join(text for text in pair if isinstance(text, str)) or None for pair in pairs]
    columns = (
        Column("Role", "role"),
        Column("Influence", "influence", digits=0),
        Column("Attitude", "attitude"),
        Column("Priorities; how it decides", "how"),
        Column("Last met", "met_on"),
        Column("Next step", "next_step"),
    )
    frame = found.astype({"influence": float}).assign(how=how)
    return _of(
        frame, "name", *columns, caption="Decision makers", note="Influence from 1 (none) to 5 (decides)."
    )


def team(plan: CustomerPlan) -> Table:
    """Meetings of each contact with each of ours, last twelve months."""
    frame = plan.team.set_axis([plan.named(name) for name in plan.team.columns], axis=1)
    frame.index = pd.Index(plan.persons["name"])
    columns = tuple(Column(str(name), digits=0) for name in frame.columns)
    note = "Meetings in the last 12 months; 0: keeps the contact, no meeting recorded."
    return (
        Table(frame.rename_axis(None), columns, "Meetings by contact and employee", note)
        if columns
        else Table(pd.DataFrame())
    )


def knowledge(plan: CustomerPlan) -> Table:
    """Completeness and age by topic; not for the customer."""
    if not plan.internal or plan.table("knowledge").empty:
        return Table(pd.DataFrame())
    columns = (
        Column("Questions", "questions", digits=0),
        Column("Answered", "answered", digits=0),
        Column("Answered, share", "share", "share", digits=0),
        Column("Oldest answer", "oldest"),
        Column("Newest answer", "newest"),
        Column("From the customer", "from_customer", digits=0),
    )
    return Table(plan.knowledge, columns, "Knowledge by topic")


def answers(plan: CustomerPlan) -> Table:
    """Questions with their answers and sources; open questions first."""
    frame = facts.current(plan.table("knowledge")).sort_values("answer", na_position="first", kind="stable")
    columns = (Column("Answer", "answer"), Column("Source", "source"), Column("Recorded", "recorded_on"))
    if not plan.internal:
        return _of(frame, "question", columns[0], columns[2], caption="Information from you")
    return _of(frame, "question", *columns, caption="Answers and open questions")


def indicators(plan: CustomerPlan) -> Table:
    """Key indicators by year."""
    percents = {
        "gross_margin": "Gross margin",
        "operating_expenses": "Operating expenses, share of revenue",
        "operating_margin": "Operating margin",
        "net_margin": "Net margin",
        "roce": "ROCE",
    }
    others = {
        "dso": ("Days sales outstanding (DSO)", "days"),
        "dio": ("Days inventory outstanding (DIO)", "days"),
        "dpo": ("Days payables outstanding (DPO)", "days"),
        "ccc": ("Cash conversion cycle", "days"),
        "capital_turnover": ("Capital turnover", "turns"),
        "revenue": ("Revenue", plan.statement_currency),
        "eva": ("EVA", plan.statement_currency),
    }
    named = {name: (label, "share") for name, label in percents.items()} | others
    years = plan.indicators.dropna(subset=["revenue"]).tail(4) if len(plan.indicators) else plan.indicators
    if years.empty:
        return Table(pd.DataFrame())
    frame = years[list(named)].T.set_axis([label for label, _ in named.values()])
    frame.columns = [str(year) for year in frame.columns]
    units = [unit for _, unit in named.values()]
    columns = tuple(Column(year, unit_from="unit") for year in frame.columns)
    note = (
        "Days on average balances, ROCE and turnover on closing, EVA on opening capital; a dash is not known."
    )
    return Table(frame.assign(unit=units), columns, "Key indicators", note)


def gaps(plan: CustomerPlan) -> Table:
    """Indicators beside the industry, and half of each gap in money."""
    frame = plan.gaps.assign(money=plan.statement_currency)
    columns = (
        Column("Own", "own", unit_from="unit"),
        Column("Industry median", "median", unit_from="unit"),
        Column("Range", "low", upper="high", unit_from="unit"),
        Column("n", "n", digits=0),
        Column("Capital released", "capital", unit_from="money"),
        Column("Worth a year", "yearly", unit_from="money"),
    )
    sources = listed(dict.fromkeys(str(source) for source in plan.gaps["source"]))
    note = f"Closing half of the gap to the median. Source: {sources}." if sources else ""
    return _of(frame, "indicator", *columns, caption="Key indicators against the industry", note=note)


def events(plan: CustomerPlan) -> Table:
    """Trigger events with what they imply."""
    columns = (
        Column("Day", "happened_on"),
        Column("Level", "level"),
        Column("Kind", "kind"),
        Column("What it implies", "implication"),
    )
    return _of(plan.events.head(8), "event", *columns, caption="Trigger events")


def lift(plan: CustomerPlan) -> Table:
    """Win rate after each kind of event against the others."""
    columns = (
        Column("Won", "won", digits=0),
        Column("Decided", "n", digits=0),
        Column("Win rate", "rate", "share", digits=0),
        Column("Others won", "other_won", digits=0),
        Column("Others decided", "other_n", digits=0),
        Column("Ratio", "lift", digits=1),
        Column("90% interval", "low", upper="high", digits=1),
        Column("Small numbers", "few"),
    )
    measured = plan.lift_measured
    whose = f"all customers on {formats.day(measured)}" if measured else "this customer's history only"
    note = f"Opportunities opened within a year after an event of the kind, against all others; {whose}."
    return _of(plan.lift, "kind", *columns, caption="Events and won opportunities", note=note)


def candidates(plan: CustomerPlan) -> Table:
    """Candidates of process innovation: from whom to whom, and the yearly value by component."""
    unknown: Any = [", ".join(names) or None for names in plan.candidates["not_known"]]
    pairs = zip(plan.candidates["from"], plan.candidates["to"], strict=True)
    shift: Any = [one if one == other else f"{one} → {other}" for one, other in pairs]
    frame = plan.candidates.assign(not_known=unknown, shift=shift)
    columns = (
        Column("Shift", "shift"),
        Column("Operating cost", "operating", unit_from="currency"),
        Column("Capital cost", "capital", unit_from="currency"),
        Column("Obsolescence", "obsolescence", unit_from="currency"),
        Column("Value a year", "value", unit_from="currency"),
        Column("Not known", "not_known"),
    )
    note = "Saved a year with the party that saves most; what is not known for both parties is left out."
    return _of(frame, "candidate", *columns, caption="Process innovation", note=note)


def checklist(plan: CustomerPlan) -> Table:
    """Best party by each criterion."""
    frame = innovation.checklist(plan.table("process_options"))
    columns = tuple(Column(f"{name.capitalize()}", name) for name in frame.columns)
    return Table(frame, columns, "Who is best placed") if len(frame) else Table(pd.DataFrame())


def open_cells(plan: CustomerPlan, count: int = 6) -> Table:
    """Largest open cells of the white space."""
    rows = white_space.best_open(plan.space, count)
    names = [
        f"{offering}, {unit}" for offering, unit in zip(rows["offering"], rows["customer_unit"], strict=True)
    ]
    frame = rows.assign(cell=names)
    columns = (
        Column("State", "state"),
        Column("Supplier today", "competitor"),
        Column("Spend a year", "yearly_spend", plan.space.currency),
        Column("Ours", "our_sales", plan.space.currency),
        Column("Potential", "potential", plan.space.currency),
        Column("Recorded", "recorded_on"),
    )
    return _of(frame, "cell", *columns, caption="Largest open potential")


def opportunities(plan: CustomerPlan) -> Table:
    """Open opportunities: both axes, box, and bid or no bid with the reason."""
    order = [*prospects.BOXES[::-1], prospects.UNKNOWN]
    found = plan.prospects
    frame = found.assign(
        bid=found["box"].map(BID),
        reason=found["reason"].replace("", None),
        place=found["box"].map(order.index),
    ).sort_values(["place", "value"], ascending=[True, False], kind="stable")
    columns = (
        Column("Value", "value", plan.currency),
        Column("Attractive", "attractiveness", digits=1),
        Column("Chance", "chance", digits=1),
        Column("Scored", "coverage_c", "share", digits=0),
        Column("Box", "box"),
        Column("Bid", "bid"),
        Column("Weakest point", "reason"),
    )
    note = "Scores from 0 to 100; scored: share of the weight of the chance to win that is answered."
    return _of(frame, "name", *columns, caption="Open opportunities", note=note)


def effort(plan: CustomerPlan) -> Table:
    """Hours by box against the recommended shares."""
    found = plan.effort
    columns = (
        Column("Hours", "hours", digits=0),
        Column("Share", "share", "share", digits=0),
        Column("Recommended", "recommended", "share", digits=0),
    )
    note = (
        f"Last 12 months. Besides: {formats.number(found.elsewhere)} hours on opportunities not evaluated, "
        f"{formats.number(found.other)} on closed ones or on none. Recommended shares are our default."
    )
    return Table(found.boxes, columns, "Selling effort by box", note)
