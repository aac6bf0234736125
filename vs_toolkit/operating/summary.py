"""The first page and the last: how well the company is set up to sell, and what to decide."""

from __future__ import annotations

import numpy as np

from vs_toolkit.formats import MISSING, day, listed, money, number, number_of, percent
from vs_toolkit.operating import findings
from vs_toolkit.operating.study import OperatingModel

Tile = tuple[str, str, str]
DECISIONS = 3
CURRENCY = "USD"  # of the cost per link that the literature gives


def subject(m: OperatingModel) -> tuple[str, ...]:
    """Facts below the title."""
    return f"As of {day(m.as_of)}", number_of(len(m.grids), "process", "processes"), m.process.title


def lead(m: OperatingModel) -> str:
    """The sentence that everything else explains."""
    said = findings.unaccountable(m) or findings.held(m)
    if not m.grids:
        said = "Responsibilities are not recorded"
    return f"{said}. {findings.assessed(m)}."


def tiles(m: OperatingModel) -> tuple[Tile, Tile, Tile, Tile]:
    """Violations, accountability, self-assessment and use of systems, each as (label, value, note)."""
    return _wrong(m), _held(m), _yes(m), _adoption(m)


def _wrong(m: OperatingModel) -> Tile:
    label = "Unclear responsibilities"
    if not m.grids:
        return label, MISSING, "no responsibilities are recorded"
    count = sum(found.count for found in m.violations.values())
    activities = number_of(sum(len(grid) for grid in m.grids.values()), "activity", "activities")
    return label, number(count), f"in {activities} of {number_of(len(m.grids), 'process', 'processes')}"


def _held(m: OperatingModel) -> Tile:
    label = "Accountable: one person"
    if m.most_accountable is None:
        return label, MISSING, "who fills the roles is not recorded"
    name, share = m.most_accountable
    return label, percent(share, 0), f"of the activities: {name}"


def _yes(m: OperatingModel) -> Tile:
    label = "Self-assessment, yes"
    if not len(m.now.answers):
        return label, MISSING, "not answered in the last nine months"
    yes = float((m.now.answers["answer"] == "yes").mean())
    spread = m.unit_shares["yes"]
    between = f"units from {percent(float(spread.min()), 0)} to {percent(float(spread.max()), 0)}"
    return label, percent(yes, 0), f"{number_of(m.now.respondents, 'respondent')}; {between}"


def _adoption(m: OperatingModel) -> Tile:
    label = "Adoption of systems"
    if m.use.empty:
        return label, MISSING, "not measured"
    return (
        label,
        percent(_mean_adoption(m), 0),
        f"lowest: {m.use['system'].iloc[0]} in {m.use['unit'].iloc[0]}",
    )


def _mean_adoption(m: OperatingModel) -> float:
    """Adoption over all systems and units, weighted by people."""
    rows = m.use
    return (
        float((rows["users"] * rows["scope"]).sum() / rows["people"].sum())
        if rows["people"].sum()
        else np.nan
    )


def verdict(m: OperatingModel) -> str:
    """The state of the operating model in one paragraph."""
    said = [
        findings.held(m),
        findings.different(m),
        findings.culture(m),
        findings.unproven(m),
        findings.adopted(m),
    ]
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said if sentence)


def decisions(m: OperatingModel) -> list[str]:
    """What is to be decided; at most three."""
    return [text for text in (_name(m), _spread(m), _talk(m), _weak(m), _systems(m)) if text][:DECISIONS]


def _name(m: OperatingModel) -> str:
    steps = findings.orphans(m)
    return f"Name one accountable role for {listed(steps)}." if steps else ""


def _spread(m: OperatingModel) -> str:
    if m.most_accountable is None or m.most_accountable[1] < findings.MOST_HELD:
        return ""
    name, part = m.most_accountable[0], percent(m.most_accountable[1], 0)
    return f"Delegate part of what {name} is accountable for: {part} of the activities depend on one person."


def _talk(m: OperatingModel) -> str:
    table = m.unit_shares
    p = m.difference_by_chance
    if len(table) < 2 or not p < findings.DIFFERENT:
        return ""
    both = f"{table.index[0]} and {table.index[-1]}"
    return f"Let {both} compare their answers: they assess the same process very differently."


def _weak(m: OperatingModel) -> str:
    if m.statements.empty:
        return "Have the self-assessment answered: without it there is no order of priority."
    return f"Begin with the weakest statement: {m.statements.index[0][0].lower()}{m.statements.index[0][1:]}."


def _systems(m: OperatingModel) -> str:
    found = m.integration
    if found.systems < 4 or found.hub_cost >= found.cost:
        return ""
    saved = money(found.cost - found.hub_cost, CURRENCY)
    return f"Connect systems through a hub: full linking costs {saved} more."


def gaps(m: OperatingModel) -> list[str]:
    """What is not recorded."""
    named = {
        "responsibilities": "Responsibilities", "role_holders": "Who fills the roles",
        "culture": "Culture of the units",
        "self_assessments": "Self-assessments", "systems": "Support systems", "system_use": "Use of systems",
    }  # fmt: skip
    blank = [f"{text}: not recorded (table {name})." for name, text in named.items() if m.tables[name].empty]
    if m.tables["opportunities"].empty or not m.unrecorded:
        return blank
    asked = listed([name.replace("_", " ") for name in m.unrecorded], len(m.unrecorded))
    return [*blank, f"{asked[0].upper()}{asked[1:]}: recorded for no opportunity, so not checked."]


def key_figures(m: OperatingModel) -> dict[str, tuple[float | None, str, str]]:
    """The figures other programs read, each as (value, unit, label)."""
    answers = m.now.answers
    yes = float((answers["answer"] == "yes").mean()) if len(answers) else None
    held = m.most_accountable[1] if m.most_accountable else None
    wrong = sum(found.count for found in m.violations.values()) if m.grids else None
    return {
        "unclear_responsibilities": (wrong, "", "Unclear responsibilities"),
        "held_by_one": (held, "share", "Activities that one person answers for"),
        "self_assessment_yes": (yes, "share", "Self-assessment: yes"),
        "system_adoption": (None if m.use.empty else _mean_adoption(m), "share", "Adoption of systems"),
        "ahead_of_milestones": (len(m.unproven), "", "Opportunities ahead of their milestones"),
    }
