"""What has changed since the last review."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import listed, money, number, number_of
from vs_toolkit.plan.study import CustomerPlan

MOST = 3  # changes written out by topic


def changes(plan: CustomerPlan) -> dict[str, str]:
    """What is different from the last review, by topic; empty where there was none."""
    if plan.then is None:
        return {}
    found: dict[str, list[str]] = {}
    for topic, text in _changes(plan, plan.then):
        found.setdefault(topic, []).append(text)
    return {topic: f"{'; '.join(_first(texts))}." for topic, texts in found.items()}


def _first(texts: list[str]) -> list[str]:
    """The first few of a topic, and how many more there are."""
    more = len(texts) - MOST
    return [*texts[:MOST], f"{more} more"] if more > 0 else texts


def _changes(now: CustomerPlan, then: CustomerPlan) -> Iterator[tuple[str, str]]:
    before, after = then.index.value, now.index.value
    if before is not None and after is not None and round(before) != round(after):
        segment = f", {then.segment} to {now.segment}" if then.segment != now.segment else ""
        yield "Relationship value", f"{number(before)} to {number(after)}{segment}"
    parts = (
        ("Opportunities", _changed_cases),
        ("Goals", _changed_goals),
        ("Actions", _changed_actions),
        ("Contacts", _changed_people),
        ("White space", _changed_space),
        ("Events", _new_events),
    )
    for topic, found in parts:
        yield from ((topic, text) for text in found(now, then))


def _changed_space(now: CustomerPlan, then: CustomerPlan) -> Iterator[str]:
    if then.space.potential != now.space.potential and now.space.potential is not None:
        was = "not known" if then.space.potential is None else money(then.space.potential, now.currency)
        yield f"{was} to {money(now.space.potential, now.currency)} a year"


def _new_events(now: CustomerPlan, then: CustomerPlan) -> Iterator[str]:
    fresh = now.events[~now.events["situation_id"].isin(then.events["situation_id"])]
    for event, day in zip(fresh["event"], fresh["happened_on"], strict=True):
        yield f"{event} ({formats.day(day)})"


def _changed_cases(now: CustomerPlan, then: CustomerPlan) -> Iterator[str]:
    old = then.cases.set_index("opportunity_id")["outcome"]
    cases = now.cases.set_index("opportunity_id")
    was = old.reindex(cases.index)
    value = cases["value"]
    for text, rows in (
        ("won", (cases["outcome"] == "won") & (was != "won")),
        ("lost", (cases["outcome"] == "lost") & (was != "lost")),
        ("opened", ~cases.index.isin(old.index) & (cases["outcome"] == "open")),
    ):
        if rows.any():
            count = number_of(int(rows.sum()), "opportunity", "opportunities")
            yield f"{count} {text} ({money(float(value[rows].sum()), now.currency)})"


def _changed_goals(now: CustomerPlan, then: CustomerPlan) -> Iterator[str]:
    old = then.goals.set_index("goal_id")["actual"]
    for row in now.goals.to_dict("records"):
        before = old.get(row["goal_id"])
        if pd.notna(row["actual"]) and (before is None or before != row["actual"]):
            unit = row["measured_in"] if isinstance(row["measured_in"], str) else ""
            was = "not measured" if before is None or pd.isna(before) else formats.measured(before, unit)
            yield f"{row['goal']}: {was} to {formats.measured(row['actual'], unit)}"


def _changed_actions(now: CustomerPlan, then: CustomerPlan) -> Iterator[str]:
    old = set(then.actions.loc[then.actions["state"] == "done", "action_id"])
    done = now.actions[(now.actions["state"] == "done") & ~now.actions["action_id"].isin(old)]
    if len(done):
        yield f"done: {listed(done['action'])}"


def _changed_people(now: CustomerPlan, then: CustomerPlan) -> Iterator[str]:
    new = now.persons[~now.persons.index.isin(then.persons.index)]
    if len(new):
        yield f"new: {listed(new['name'])}"
    gone = then.persons[~then.persons.index.isin(now.persons.index)]
    if len(gone):
        yield f"left: {listed(gone['name'])}"
    was = then.persons["attitude"].reindex(now.persons.index)
    for name, before, after in zip(now.persons["name"], was, now.persons["attitude"], strict=True):
        if isinstance(before, str) and isinstance(after, str) and before != after:
            yield f"{name}: attitude {before} to {after}"
