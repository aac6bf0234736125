"""Drawings of the plan: each is one call of a shared form, with the finding as its title."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import BLUE, GREEN, LIGHT, VERMILLION, forms
from vs_toolkit.plan import contacts, findings, prospects
from vs_toolkit.plan.study import CustomerPlan

LETTERS = {"positive": "+", "neutral": "0", "negative": "−"}
ATTITUDE = {"positive": GREEN, "neutral": LIGHT, "negative": VERMILLION}
STATES = {"sold": "S", "open": "O", "competitor": "C", "no need": "–", "unknown": "?"}
COLOURS = {"S": GREEN, "O": BLUE, "C": VERMILLION, "–": LIGHT, "?": "#ffffff"}
MISSING = "not answered"
SIDE = 0.16  # between people of the same attitude and influence


def index(ax: Axes, plan: CustomerPlan) -> Axes:
    """Points of past, today and future, each out of its weight; what is not answered is hatched."""
    groups = plan.index.groups
    points = groups["weight"] * groups["coverage"] * groups["score"].fillna(0)
    missing = groups["weight"] * 100 * (1 - groups["coverage"])
    whole = missing.sum() < 1e-9
    frame = points if whole else pd.DataFrame({"points": points, MISSING: missing})
    texts = [
        f"{value:.0f} of {weight * 100:.0f}" for value, weight in zip(points, groups["weight"], strict=True)
    ]
    return forms.bars(
        ax,
        frame,
        "",
        title=findings.index(plan),
        hatched=() if whole else [MISSING],
        texts=texts,
        label="points of 100",
    )


def money(ax: Axes, plan: CustomerPlan) -> Axes:
    """Good, neutral and bad money by year."""
    frame = plan.money.rename(columns={name: f"{name} money" for name in plan.money.columns})
    frame.index = pd.Index([str(year) for year in frame.index])
    return forms.bars(ax, frame, plan.currency, title=findings.money_classes(plan))


def coverage(ax: Axes, plan: CustomerPlan) -> Axes:
    """Functions x levels: attitude of who is known; needed positions outlined; E empty, S stale."""
    cells = plan.coverage.cells
    shown = [name for name in contacts.FUNCTIONS if name in set(cells["function"])]
    letters = pd.DataFrame("", index=shown, columns=list(contacts.LEVELS))
    texts = letters.copy()
    for cell in cells.to_dict("records"):
        place = cell["function"], cell["level"]
        mark = LETTERS.get(cell["attitude"], "?" if cell["known"] else "")
        letters.loc[place] = mark or ("E" if cell["needed"] else "")
        several = f"{cell['known']} contacts" if cell["known"] > 1 else ""
        stale = "stale" if cell["state"] == "stale" else ""
        said = " ".join(part for part in (mark, several, stale) if part)
        texts.loc[place] = said or "empty" * bool(cell["needed"])
    colours = {LETTERS[name]: colour for name, colour in ATTITUDE.items()} | {"?": LIGHT, "E": "#f6d5c2"}
    needed = list(zip(plan.coverage.needed["function"], plan.coverage.needed["level"], strict=True))
    return forms.matrix(
        ax, letters, title=findings.coverage(plan), texts=texts, outlined=needed, colours=colours
    )


def decision(ax: Axes, plan: CustomerPlan) -> Axes:
    """Influence against attitude, with lines for influence and conflict."""
    known = plan.persons.dropna(subset=["attitude", "influence"])
    alike = known.groupby(["attitude", "influence"])["name"]
    beside = (alike.cumcount() - (alike.transform("size") - 1) / 2) * SIDE
    places = known["attitude"].map(contacts.ATTITUDES.index).astype(float) + beside
    frame = pd.DataFrame({"x": places, "y": known["influence"].astype(float), "label": known["name"]})
    names = plan.persons["name"]
    lines = plan.table("influences")
    links = [
        (names[one], names[other], "in conflict" if kind == "in conflict" else "")
        for one, other, kind in zip(lines["contact_id"], lines["other_id"], lines["kind"], strict=True)
        if one in known.index and other in known.index and kind != "reports to"
    ]
    forms.scatter(
        ax,
        frame,
        title=findings.decision(plan),
        x_label="attitude to us",
        y_label="influence, 1 to 5",
        links=links,
        x_limits=(-0.5, 2.5),
        y_limits=(0.5, 5.5),
    )
    ax.set_xticks(range(len(contacts.ATTITUDES)), list(contacts.ATTITUDES))
    return ax


def gaps(ax: Axes, plan: CustomerPlan) -> Axes:
    """Yearly worth of half of each gap."""
    worth = plan.gaps[plan.gaps["yearly"] > 0].set_index("indicator")["yearly"]
    return forms.bars(ax, worth, plan.statement_currency, title=findings.gaps(plan))


def white_space(ax: Axes, plan: CustomerPlan) -> Axes:
    """Customer's units x our offerings: sold, open, competitor, no need, unknown, with the potential."""
    states = plan.space.grid("state").map(lambda state: STATES.get(state, "?"))
    amounts = plan.space.grid("potential")
    texts = states.where(
        ~(amounts > 0), states + " " + amounts.map(lambda x: "" if np.isnan(x) else f"{x / 1e3:,.0f}k")
    )
    return forms.matrix(ax, states.T, title=findings.space(plan), texts=texts.T, colours=COLOURS)


def matrix(ax: Axes, plan: CustomerPlan) -> Axes:
    """Open opportunities on both axes; pale dividers at full capacity and when cash is short."""
    known = plan.prospects.dropna(subset=["attractiveness", "chance"])
    moved = prospects.movers(known).index
    largest = known["value"].nlargest(5).index
    named = known.index.isin(moved.union(largest))
    frame = pd.DataFrame(
        {
            "x": known["chance"],
            "y": known["attractiveness"],
            "size": known["value"].fillna(known["value"].min()),
            "label": known["name"].where(named, ""),
        }
    )
    lines = plan.dividers
    return forms.scatter(
        ax,
        frame,
        title=findings.matrix(plan),
        x_label="chance to win",
        y_label="attractiveness",
        x_divide=lines.chance,
        y_divide=lines.attractiveness,
        ghost=(lines.short_of_cash.chance, lines.full_capacity.attractiveness),
        corners=("invest", "don't lose", "drop", "secure"),
        x_limits=(0, 100),
        y_limits=(0, 100),
    )
