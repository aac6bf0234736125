"""Open opportunities by attractiveness and chance to win, and where selling effort goes (book, figure 17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit import scoring
from vs_toolkit.plan.versions import Frames, table

DROP, SECURE, INVEST, DONT_LOSE, UNKNOWN = "drop", "secure", "invest", "don't lose", "not evaluated"
BOXES = (DROP, SECURE, INVEST, DONT_LOSE)
RECOMMENDED = {DROP: 0.05, SECURE: 0.15, INVEST: 0.50, DONT_LOSE: 0.30}
"""Share of selling effort by box: the book's order (least into drop, most into invest); figures are ours."""
FIT_SCORES = {"inside": 100.0, "borderline": 50.0, "outside": 0.0}


@dataclass(frozen=True)
class Dividers:
    """Where the matrix is divided, from 0 to 100, and how far the dividers move (book, chapter 6).

    At full capacity the attractiveness divider moves up by ``shift``; when cash is short, the divider of the
    chance to win moves left by it.
    """

    attractiveness: float = 50.0
    chance: float = 50.0
    shift: float = 15.0

    @property
    def full_capacity(self) -> Dividers:
        """Dividers at full capacity: only attractive projects get effort."""
        return Dividers(min(self.attractiveness + self.shift, 100.0), self.chance, self.shift)

    @property
    def short_of_cash(self) -> Dividers:
        """Dividers when any revenue is better than none."""
        return Dividers(self.attractiveness, max(self.chance - self.shift, 0.0), self.shift)

    def boxes(self, attractiveness: pd.Series[float], chance: pd.Series[float]) -> pd.Series[str]:
        """Box of each prospect; a score on a divider counts as above it.

        >>> Dividers().boxes(pd.Series([80.0, 80.0, 20.0, 20.0, None]),
        ...                  pd.Series([20.0, 50.0, 90.0, 10.0, 50.0])).tolist()
        ['invest', "don't lose", 'secure', 'drop', 'not evaluated']
        """
        attractive, likely = attractiveness >= self.attractiveness, chance >= self.chance
        known = attractiveness.notna() & chance.notna()
        chosen = np.select(
            [~known, attractive & likely, attractive, likely],
            [UNKNOWN, DONT_LOSE, INVEST, SECURE],
            default=DROP,
        )
        return pd.Series(chosen, index=attractiveness.index, dtype="object")


def open_opportunities(tables: Frames, statuses: pd.DataFrame) -> pd.DataFrame:
    """Opportunities with their stage; ``outcome`` open, won, lost, or missing where no stage is recorded.

    Value and expected decision are the last ones recorded with a stage, else those of the opportunity.
    """
    cases = table(tables, "opportunities")
    changes = table(tables, "status_changes").sort_values("changed_at", kind="stable")
    latest = changes.groupby("opportunity_id")[["status", "value", "expected_decision"]].last()
    latest = latest.reindex(cases["opportunity_id"]).set_axis(cases.index)
    stage = latest["status"]
    outcome = (
        stage.map(statuses.set_index("status")["outcome"]) if len(statuses) else stage.mask(stage.notna())
    )
    recorded = {name: latest[name] for name in ("value", "expected_decision")}
    return cases.assign(
        stage=stage,
        outcome=outcome,
        **{name: values.where(values.notna(), cases[name]) for name, values in recorded.items()},
    )


def decided(cases: pd.DataFrame) -> pd.DataFrame:
    """Opportunities that were won or lost, with the truth of ``won``."""
    closed = cases[cases["outcome"].isin(["won", "lost"])]
    return closed.assign(won=closed["outcome"] == "won")


def evaluate(
    cases: pd.DataFrame, assessments: pd.DataFrame, market_fit: str | None, dividers: Dividers
) -> pd.DataFrame:
    """Score open opportunities on both axes and place them in the matrix.

    The fit with the customer selection comes from the customer, the knowledge of the decision process from
    the opportunity, where nobody has assessed them.

    Returns
    -------
    DataFrame
        Index opportunity_id: name, value, stage, attractiveness, chance, coverage_a, coverage_c, box,
        full_capacity, short_of_cash (box under moved dividers), reason (the element that pulls the lower of
        both scores down most, with its text). NaN: not assessed.
    """
    scales = {name: scoring.scale_named(name) for name in ("attractiveness", "chance_to_win")}
    none = assessments.iloc[:0]
    scored = dict(iter(assessments.groupby("opportunity_id")))
    rows = [
        _prospect(case, scored.get(case["opportunity_id"], none), market_fit, scales)
        for _, case in cases.iterrows()
    ]
    names = ["name", "value", "stage", "attractiveness", "chance", "coverage_a", "coverage_c", "reason"]
    found = pd.DataFrame(rows, columns=names, index=pd.Index(cases["opportunity_id"], name="opportunity_id"))
    found = found.astype({"attractiveness": float, "chance": float, "value": float})
    scores = found["attractiveness"], found["chance"]
    return found.assign(
        box=dividers.boxes(*scores),
        full_capacity=dividers.full_capacity.boxes(*scores),
        short_of_cash=dividers.short_of_cash.boxes(*scores),
    )


def _prospect(
    case: pd.Series[Any], assessments: pd.DataFrame, market_fit: str | None,
    scales: Mapping[str, scoring.Scale],
) -> dict[str, Any]:  # fmt: skip
    known = case["decision_process_known"]
    derived: dict[str, dict[str, float]] = {"attractiveness": {}, "chance_to_win": {}}
    if market_fit in FIT_SCORES:
        derived["attractiveness"]["customer_selection"] = FIT_SCORES[market_fit]
    if pd.notna(known):
        derived["chance_to_win"]["decision_process"] = 100.0 if known else 0.0
    cards, assessed = {}, {}
    for name, scale in scales.items():
        assessed[name] = scoring.answers_of(assessments, scale)
        cards[name] = scoring.evaluate(scale, derived[name] | assessed[name])
    attractive, chance = cards["attractiveness"], cards["chance_to_win"]
    rated = bool(assessed["attractiveness"]) and bool(assessed["chance_to_win"])
    return {
        "name": case["name"] if isinstance(case["name"], str) else case["opportunity_id"],
        "value": case["value"],
        "stage": case["stage"],
        "attractiveness": attractive.value if rated else None,
        "chance": chance.value if rated else None,
        "coverage_a": attractive.coverage,
        "coverage_c": chance.coverage,
        "reason": _reason(attractive, chance) if rated else "",
    }


def _reason(attractive: scoring.Scorecard, chance: scoring.Scorecard) -> str:
    """Element that costs the weaker axis most points, with what was found."""
    weaker = min((attractive, chance), key=lambda card: card.value or 0.0)
    leaves = weaker.scale.leaves
    lost = {name: leaves[name].weight * (scoring.HIGHEST - score) for name, score in weaker.answers.items()}
    worst = max(lost, key=lambda name: lost[name])
    element = leaves[worst].element
    return f"{element.title}: {element.text_of(weaker.answers[worst])}" if lost[worst] > 0 else ""


def movers(prospects: pd.DataFrame) -> pd.DataFrame:
    """Prospects that change box when the dividers move."""
    moved = (prospects["box"] != prospects["full_capacity"]) | (
        prospects["box"] != prospects["short_of_cash"]
    )
    return prospects[moved]


@dataclass(frozen=True)
class Effort:
    """Hours of the last year by box against the recommended shares.

    ``boxes``: index box; hours, share (of the evaluated hours), recommended. ``elsewhere`` are hours for
    opportunities that are not evaluated, ``other`` those for closed ones or for none. ``won_per_hour`` is the
    value won ÷ all hours over the customer's whole history (None without either).
    """

    boxes: pd.DataFrame
    elsewhere: float
    other: float
    won_per_hour: float | None

    def of(self, box: str) -> tuple[float, float, float]:
        """Hours, share and recommended share of a box."""
        hours, share, recommended = self.boxes.loc[[box]].to_numpy(float)[0]
        return float(hours), float(share), float(recommended)

    @property
    def to_move(self) -> float:
        """Hours in drop and secure beyond the recommended share: what could move to invest."""
        over = (self.boxes["share"] - self.boxes["recommended"]).clip(lower=0) * self.boxes["hours"].sum()
        return float(over[[DROP, SECURE]].sum())

    @property
    def worth_moving(self) -> float | None:
        """Order value that those hours would bring at the customer's past value won per hour."""
        return None if self.won_per_hour is None else self.to_move * self.won_per_hour


def effort(activities: pd.DataFrame, cases: pd.DataFrame, prospects: pd.DataFrame, as_of: date) -> Effort:
    """Add up the hours of the last twelve months by the box of the opportunity that they were spent on."""
    done = activities.dropna(subset=["hours"])
    year = done[done["date"] > pd.Timestamp(as_of) - pd.DateOffset(years=1)]
    box = year["opportunity_id"].map(prospects["box"])
    hours = year.groupby(box)["hours"].sum().reindex(list(BOXES), fill_value=0.0)
    total = hours.sum()
    boxes = pd.DataFrame(
        {"hours": hours, "share": hours / total if total else np.nan, "recommended": pd.Series(RECOMMENDED)}
    ).reindex(list(BOXES))
    won = cases.loc[cases["outcome"] == "won", "value"].sum()
    spent = done["hours"].sum()
    return Effort(
        boxes=boxes,
        elsewhere=float(year.loc[box == UNKNOWN, "hours"].sum()),
        other=float(year.loc[box.isna(), "hours"].sum()),
        won_per_hour=float(won / spent) if won > 0 and spent > 0 else None,
    )
