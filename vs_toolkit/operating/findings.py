"""What the operating model says, as sentences: the titles of the charts and the text between them."""

from __future__ import annotations

import numpy as np

from vs_toolkit.estimates import significance
from vs_toolkit.formats import listed, money, number, number_of, percent
from vs_toolkit.operating.arsci import Violations
from vs_toolkit.operating.study import OperatingModel

MOST_HELD = 0.5  # part of the activities from which on one person answers for most
DIFFERENT = 0.05  # p-value below which units answer differently


def grid(process: str, found: Violations) -> str:
    """What is wrong with the responsibilities of a process."""
    if not found.count:
        return f"{process}: every activity has one accountable and at least one responsible role"
    first = violations(found)[0]
    return f"{process}: {first[0].lower()}{first[1:]}"


def violations(found: Violations) -> list[str]:
    """Everything that is wrong with a grid, each as a sentence without a full stop."""
    texts = {
        "no_accountable": "Nobody is accountable for {}",
        "several_accountable": "Several roles are accountable for {}",
        "no_responsible": "Nobody is responsible for doing {}",
        "many_consulted": "Half of the roles or more are consulted on {}",
        "role_without_duty": "No duty at all for {}",
        "overloaded": "Accountable or responsible in more than half of the activities: {}",
    }
    named = {name: getattr(found, name) for name in texts}
    return [
        texts[name].format(listed(f"“{item}”" for item in items)) for name, items in named.items() if items
    ]


def unaccountable(m: OperatingModel) -> str:
    """Steps for which nobody is accountable, over all processes."""
    steps = orphans(m)
    return f"Nobody is accountable for {listed(steps)}" if steps else ""


def orphans(m: OperatingModel) -> list[str]:
    """Steps for which nobody is accountable, each with its process."""
    return [
        f"“{step}” ({process})" for process, found in m.violations.items() for step in found.no_accountable
    ]


def held(m: OperatingModel) -> str:
    """Whether one person answers for most activities."""
    if m.most_accountable is None:
        return "Who fills the roles is not known"
    name, share = m.most_accountable
    if share < MOST_HELD:
        return f"Accountability is spread: nobody answers for more than {percent(share, 0)} of the activities"
    return f"{name} answers for {percent(share, 0)} of all activities"


def plan_duties(m: OperatingModel) -> str:
    """What is wrong with the duties in customer plans."""
    if m.actions.empty:
        return "No open actions of customer plans are recorded"
    wrong = int((m.actions["fault"] != "").sum())
    if not wrong:
        return f"All {number(len(m.actions))} open actions have clear duties and a due day"
    count = f"{number(wrong)} of {number(len(m.actions))} open actions"
    return f"{count} lack an accountable or responsible person, or a due day"


def process(m: OperatingModel) -> str:
    """How our process fits that of the customer."""
    missing = m.process.unsupported
    ours = f"{m.process.title}: our process has {number_of(len(m.process.provider.phases), 'phase')}"
    if missing:
        return f"{ours}; nothing supports the customer in {listed(missing)}"
    return f"{ours} and supports the customer in every phase"


def unproven(m: OperatingModel) -> str:
    """How many opportunities claim more than is recorded."""
    if not m.checks_milestones:
        return f"Milestones are not checked: {m.process.title} names no stage of the funnel as its own"
    if m.unproven.empty:
        return "Every open opportunity meets the requirements of its stage"
    count = number_of(len(m.unproven), "open opportunity", "open opportunities")
    return f"{count} do not meet the requirements of their stage"


def culture(m: OperatingModel) -> str:
    """Which cultures there are."""
    table = m.cultures
    if table.empty:
        return "The culture of the units has not been assessed"
    kinds = table["culture"].value_counts()
    if len(kinds) == 1:
        return f"All units are “{kinds.index[0]}”"
    named = [f"{unit} is “{kind}”" for unit, kind in table["culture"].items()]
    return f"Units have {number(len(kinds))} different cultures: {listed(named, 4)}"


def pushed(m: OperatingModel) -> str:
    """Where the business situation pushes the units."""
    table = m.cultures
    if table.empty:
        return ""
    ways = ("to control", "to freedom")
    control, freedom = ([str(unit) for unit in table.index[table["pushed"] == way]] for way in ways)
    said = [
        f"falling sales push {listed(control)} to more control" if control else "",
        f"growth gives {listed(freedom)} more freedom" if freedom else "",
    ]
    told = "; ".join(text for text in said if text)
    return (
        f"{told[0].upper()}{told[1:]}" if told else "The business situation pushes no unit to another culture"
    )


def assessed(m: OperatingModel) -> str:
    """Weakest chapter and change since the last round."""
    if m.chapters.empty:
        return "The self-assessment has not been answered in the last nine months"
    weakest, row = str(m.chapters.index[0]), m.chapters.iloc[0]
    said = f"Weakest chapter of the self-assessment: {weakest}, {percent(float(row['after']), 0)} yes"
    change = float(row["after"] - row["before"])
    if np.isnan(change):
        return said
    word = "up" if change > 0 else "down" if change < 0 else "unchanged"
    return (
        f"{said}, {word} from {percent(float(row['before']), 0)}"
        if change
        else f"{said}, as in the last round"
    )


def different(m: OperatingModel) -> str:
    """Whether units answer differently."""
    table = m.unit_shares
    if len(table) < 2:
        return "Only one unit has answered" if len(table) else ""
    high, low = table.iloc[0], table.iloc[-1]
    best, least = (percent(float(row["yes"]), 0) for row in (high, low))
    ends = f"{table.index[0]} says yes to {best} of the statements, {table.index[-1]} to {least}"
    p = m.difference_by_chance
    word = significance(p)
    return f"{ends}: {word[0].lower()}{word[1:]}" if p == p else ends


def agreement(m: OperatingModel) -> str:
    """How far respondents agree."""
    known = m.agreement.dropna(subset="alpha")
    if known.empty:
        return "Too few respondents to say how far they agree"
    worst = known["alpha"].nsmallest(1).index[0]
    alpha = number(float(known.loc[worst, "alpha"]), 2)
    return f"Respondents agree least on {worst} (Krippendorff's alpha {alpha}; 1 is full agreement, 0 chance)"


def links(m: OperatingModel, currency: str = "USD") -> str:
    """What full integration would cost against a hub."""
    found = m.integration
    if not found.systems:
        return "No support systems are listed"
    return (
        f"Linking all {number(found.systems)} systems with each other takes {number_of(found.links, 'link')} "
        f"({money(found.cost, currency)}), a hub {number(found.hub_links)} "
        f"({money(found.hub_cost, currency)}); "
        f"{number_of(m.links, 'link')} {'exists' if m.links == 1 else 'exist'} today"
    )


def adopted(m: OperatingModel) -> str:
    """Which system is used least, by whom."""
    if m.use.empty:
        return "The use of systems is not measured"
    row = m.use.iloc[0]
    return (
        f"Adoption is lowest for “{row['system']}” in {row['unit']}: {percent(float(row['breadth']), 0)} of "
        f"its people use {percent(float(row['scope']), 0)} of the scope"
    )
