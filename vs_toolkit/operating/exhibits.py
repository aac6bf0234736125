"""Tables of the operating model: numbers with their units, and what the process documents say."""

from __future__ import annotations

import calendar

import pandas as pd

from vs_toolkit.formats import listed
from vs_toolkit.operating import findings
from vs_toolkit.operating.study import OperatingModel
from vs_toolkit.tables import Column, Table

MOST = 12


def violations(m: OperatingModel) -> Table:
    """What is wrong with the grids, one row each."""
    rows = [(process, text) for process, found in m.violations.items() for text in findings.violations(found)]
    frame = pd.DataFrame(rows, columns=["Process", "Gap"]).set_index("Process")
    return Table(frame, caption="Responsibility gaps")


def accountable(m: OperatingModel) -> Table:
    """Who answers for how much."""
    table = m.accountable.head(MOST)
    names = [m.names.get(str(key), str(key)) for key in table.index]
    columns = (
        Column("Through the roles", "roles"),
        Column("Activities", "accountable", digits=0),
        Column("Share", "share", "share", digits=0),
    )
    return Table(table.set_axis(pd.Index(names, name="Employee")), columns, "Accountability by employee")


def actions(m: OperatingModel) -> Table:
    """Open actions of customer plans whose duties are not clear."""
    wrong = m.actions[m.actions["fault"] != ""].assign(customer=m.actions["customer_id"].map(m.customers))
    grouped = wrong.groupby(["action", "fault"], sort=False)
    frame = pd.DataFrame(
        {
            "Gap": grouped["fault"].first(),
            "Customers": grouped["customer"].agg(lambda names: listed(names.dropna())),
            "Earliest due": grouped["due"].min(),
        }
    ).droplevel("fault")
    caption = "Plan actions without clear responsibility"
    return Table(frame.head(MOST).rename_axis("Action"), caption=caption)


def customer_process(m: OperatingModel) -> Table:
    """Phases of the customer with actors and concerns."""
    rows = [
        (p.name, _joined(p.activities), _joined(p.actors), _joined(p.concerns))
        for p in m.process.customer.phases
    ]
    frame = pd.DataFrame(rows, columns=["Phase", "The customer", "Actors", "Concerns"]).set_index("Phase")
    return Table(frame, caption=m.process.customer.title)


def our_process(m: OperatingModel) -> Table:
    """Our phases: what we do, what is reached, what must be known."""
    rows = [
        (p.name, _joined(p.tasks), p.milestone, _joined(p.information)) for p in m.process.provider.phases
    ]
    names = ["Phase", "Tasks", "Milestone", "Information"]
    return Table(pd.DataFrame(rows, columns=names).set_index("Phase"), caption=m.process.provider.title)


def our_decisions(m: OperatingModel) -> Table:
    """Our phases: what is written, what management decides, where resources are allocated."""
    rows = [
        (p.name, _joined(p.documents), _joined(p.decisions), _joined(p.resource_points))
        for p in m.process.provider.phases
    ]
    names = ["Phase", "Documents", "Decisions", "Resources allocated"]
    return Table(pd.DataFrame(rows, columns=names).set_index("Phase"), caption="Documents and decisions")


def unproven(m: OperatingModel) -> Table:
    """Largest opportunities that lack what their stage asks for."""
    table = m.unproven.head(MOST)
    frame = table.assign(customer=table["customer_id"].map(m.customers)).rename_axis("Opportunity")
    columns = (
        Column("Customer", "customer"),
        Column("Stage", "status"),
        Column("Value", "value", m.currency),
        Column("Missing", "missing"),
    )
    caption = f"Opportunities ahead of their milestones ({len(table)} of {len(m.unproven)})"
    return Table(frame, columns, caption)


def phases(m: OperatingModel) -> Table:
    """Phases of a relationship."""
    rows = [(p.name, p.goal, _joined(p.activities), p.ends_with) for p in m.relationship.phases]
    frame = pd.DataFrame(rows, columns=["Phase", "Goal", "What is done", "Ends with"]).set_index("Phase")
    return Table(frame, caption="Phases of a relationship")


def yearly_cycle(m: OperatingModel) -> Table:
    """Contacts of every year."""
    rows = [(calendar.month_name[c.month], c.contact, c.owner) for c in m.relationship.yearly_cycle]
    frame = pd.DataFrame(rows, columns=["Month", "Contact", "Responsible"]).set_index("Month")
    return Table(frame, caption="Yearly cycle")


def events(m: OperatingModel) -> Table:
    """Events that trigger a contact."""
    rows = [(e.event, e.where, e.contact, e.within_days, e.owner) for e in m.relationship.events]
    names = ["Event", "Where", "Contact", "Within, days", "Responsible"]
    return Table(
        pd.DataFrame(rows, columns=names).set_index("Event"), caption="Events that trigger a contact"
    )


def cultures(m: OperatingModel) -> Table:
    """Culture of each unit."""
    columns = (
        Column("Culture", "culture"),
        Column("Common processes", "x", digits=1),
        Column("Centralisation", "y", digits=1),
        Column("Spread", "spread", digits=1),
        Column("Answers", "n", digits=0),
        Column("Change in net sales", "growth", "share", signed=True),
        Column("Business pushes", "pushed"),
    )
    frame = m.cultures.assign(pushed=m.cultures["pushed"].replace("", "nowhere")).rename_axis("Unit")
    return Table(frame, columns, "Sales culture by unit (1 to 5)")


def assessment(m: OperatingModel) -> Table:
    """Share of yes by chapter with change, agreement and difference between units."""
    frame = m.chapters.join(m.agreement).rename_axis("Chapter")
    columns = (
        Column("Yes now", "after", "share", digits=0),
        Column("Last round", "before", "share", digits=0),
        Column("Answers", "n", digits=0),
        Column("Respondents", "respondents", digits=0),
        Column("Agreement (alpha)", "alpha", digits=2),
        Column("Range of units", "range", "share", digits=0),
    )
    note = (
        "Under development is not a yes. Agreement: Krippendorff's alpha, 1 is full agreement, 0 is chance."
    )
    return Table(frame, columns, "Self-assessment by chapter, weakest first", note)


def weakest(m: OperatingModel) -> Table:
    """Weakest statements."""
    columns = (
        Column("Yes now", "after", "share", digits=0),
        Column("Last round", "before", "share", digits=0),
        Column("Answers", "n", digits=0),
    )
    return Table(m.statements.head(MOST).rename_axis("Statement"), columns, "Weakest statements")


def use(m: OperatingModel) -> Table:
    """Use of systems by unit, lowest adoption first."""
    frame = m.use.head(MOST).set_index("system").rename_axis("System")
    columns = (
        Column("Unit", "unit"),
        Column("People who use it", "breadth", "share", digits=0),
        Column("Scope used", "scope", "share", digits=0),
        Column("Adoption", "adoption", "share", digits=0),
        Column("A year before", "adoption_before", "share", digits=0),
    )
    note = "Adoption: part of the people × part of the scope that they use."
    return Table(frame, columns, "Use of support systems", note)


def _joined(texts: tuple[str, ...]) -> str | None:
    return "; ".join(texts) or None


EVERY = (
    violations, accountable, actions, customer_process, our_process, our_decisions, unproven, phases,
    yearly_cycle, events, cultures, assessment, weakest, use,
)  # fmt: skip
