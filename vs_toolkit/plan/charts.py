"""Drawings of the plan: each is one call of a shared form, with the finding as its title."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import BLUE, GREEN, LIGHT, VERMILLION, bare, forms
from vs_toolkit.formats import measured, percent
from vs_toolkit.formats import money as amount
from vs_toolkit.plan import contacts, findings, prospects
from vs_toolkit.plan.gaps import INDICATORS
from vs_toolkit.plan.study import CustomerPlan

LETTERS = {"positive": "+", "neutral": "0", "negative": "−"}
ATTITUDE = {"positive": GREEN, "neutral": LIGHT, "negative": VERMILLION}
STATES = {"sold": "S", "open": "O", "competitor": "C", "no need": "–", "unknown": "?"}
COLOURS = {"S": GREEN, "O": BLUE, "C": VERMILLION, "–": LIGHT, "?": "#ffffff"}
MISSING = "not answered"
YEARS = 4  # of money by class
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
    """Good, neutral and bad money of the last years."""
    frame = plan.money.tail(YEARS)
    frame = frame.set_axis([str(year) for year in frame.index], axis=0)
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


def goals(ax: Axes, plan: CustomerPlan) -> Axes:
    """How far each goal has come against the time elapsed, the customer's own goals first."""
    found = plan.goals
    frame = pd.DataFrame(
        {
            "actual": found["attainment"].clip(0, 1.2).to_numpy(),
            "target": found["elapsed"].to_numpy(),
            "text": [
                state if np.isnan(come) else f"{percent(come, 0)}, {state}"
                for come, state in zip(found["attainment"], found["state"], strict=True)
            ],
        },
        index=plan.goal_names,
    )
    labels = {"actual": "attained", "target": "time elapsed"}
    forms.bullet(ax, frame, "share", title=findings.goals(plan), labels=labels)
    bare(ax)
    return ax


def strips(plan: CustomerPlan) -> tuple[tuple[Callable[[Axes, CustomerPlan], Axes], int], ...]:
    """Drawings of the first page that tell who the customer is to us, each with its number of bars."""
    return (index, 3), (money, min(len(plan.money), YEARS)), (effort, len(plan.effort.boxes))


def effort(ax: Axes, plan: CustomerPlan) -> Axes:
    """Share of the selling effort by box against the recommended allocation."""
    boxes = plan.effort.boxes
    return forms.bars(ax, boxes["share"], "share", title=findings.effort(plan), outline=boxes["recommended"],
                      labels=("last 12 months", "recommended"))  # fmt: skip


def indicators(ax: Axes, plan: CustomerPlan) -> Axes:
    """Each indicator between the worst and the best of the industry's range, the largest gap first."""
    known = plan.gaps.dropna(subset=["own"])
    better = known["indicator"].map({one.label: one.higher_is_better for one in INDICATORS})
    worst, best = known["low"].where(better, known["high"]), known["high"].where(better, known["low"])
    span = (best - worst).where(best != worst)
    rows = zip(known["own"], known["unit"], known["yearly"], strict=True)
    texts = [
        measured(own, unit) + f": {amount(yearly, plan.statement_currency)} a year" * (yearly > 0)
        for own, unit, yearly in rows
    ]
    frame = pd.DataFrame(
        {"value": (known["own"] - worst) / span, "low": 0.0, "high": 1.0,
         "median": (known["median"] - worst) / span, "text": texts}
    ).set_axis(known["indicator"], axis=0)  # fmt: skip
    marks = {"value": "customer", "median": "median of the industry"}
    forms.dots(ax, frame, "", title=findings.gaps(plan), marks=marks)
    ax.set_xticks([0, 1], ["worst of the range", "best"])
    return ax


def white_space(ax: Axes, plan: CustomerPlan) -> Axes:
    """Customer's units x our offerings: sold, open, competitor, no need, unknown, with the potential."""
    states = plan.space.grid("state").map(lambda state: STATES.get(state, "?"))
    amounts = plan.space.grid("potential")
    texts = states.where(
        ~(amounts > 0), states + " " + amounts.map(lambda x: "" if np.isnan(x) else f"{x / 1e3:,.0f}k")
    )
    return forms.matrix(ax, states.T, title=findings.space(plan), texts=texts.T, colours=COLOURS)


def matrix(ax: Axes, plan: CustomerPlan) -> Axes:
    """Open opportunities on both axes; pale dividers, and arrows for those that change box with them."""
    known = plan.prospects.dropna(subset=["attractiveness", "chance"])
    moved = prospects.movers(known).index
    largest = known["value"].nlargest(5).index
    named = known.index.isin(moved.union(largest))
    lines = plan.dividers
    frame = pd.DataFrame(
        {
            "x": known["chance"],
            "y": known["attractiveness"],
            "size": known["value"].fillna(known["value"].min()),
            "label": known["name"].where(named, ""),
        }
    )
    return forms.scatter(
        ax,
        _with_arrows(frame, known, lines),
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


def _with_arrows(frame: pd.DataFrame, known: pd.DataFrame, lines: prospects.Dividers) -> pd.DataFrame:
    """Give who changes box an arrow that goes as far against the divider as the divider moves."""
    full, short = known["box"] != known["full_capacity"], known["box"] != known["short_of_cash"]
    down = lines.full_capacity.attractiveness - lines.attractiveness
    right = lines.chance - lines.short_of_cash.chance
    moves = full | short
    first = frame.assign(
        to_x=frame["x"].where(moves) + right * (short & ~full), to_y=frame["y"].where(moves) - down * full
    )
    second = frame[full & short]
    return pd.concat(
        [first, second.assign(size=np.nan, label="", to_x=second["x"] + right, to_y=second["y"])]
    )
