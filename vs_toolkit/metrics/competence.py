"""Competence profile (book, figure 21): personal sales skills and following the company way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vs_toolkit.estimates import icc

RATERS = ("self", "manager", "co-worker")
SKILLS, WAY = "personal sales skills", "company way"
MIDDLE = 50.0
GROUP = 5  # a group of fewer people is not broken down in an edition that is shared
CLASSES = {
    (True, True): "committed",
    (True, False): "detached",
    (False, True): "compliant",
    (False, False): "deficient",
}
DISAGREE = "raters disagree"


@dataclass(frozen=True)
class Competence:
    """Ratings of salespeople as known on a day.

    Attributes
    ----------
    ratings
        Table ``ratings``.
    goals
        Table ``competence_goals``.
    divide
        Score from 0 to 100 that divides the matrix.
    """

    ratings: pd.DataFrame
    goals: pd.DataFrame
    divide: float = MIDDLE

    @cached_property
    def scored(self) -> pd.DataFrame:
        """All ratings brought to 0–100, with their round, a calendar quarter."""
        width = self.ratings["high"] - self.ratings["low"]
        score = 100 * (self.ratings["score"] - self.ratings["low"]) / width.where(width > 0)
        return self.ratings.assign(score=score, round=self.ratings["rated_on"].dt.to_period("Q")).dropna(
            subset=["score"]
        )

    @cached_property
    def rounds(self) -> list[pd.Period]:
        """Rounds of ratings, the oldest first."""
        return sorted(self.scored["round"].unique())

    def items(self, back: int = 0) -> pd.DataFrame:
        """Mean score by person, dimension and item (index) and rater (columns); ``back`` rounds ago."""
        if len(self.rounds) <= back:
            return pd.DataFrame(columns=list(RATERS), dtype=float)
        own = self.scored[self.scored["round"] == self.rounds[-1 - back]]
        table = own.pivot_table(
            index=["person_id", "dimension", "item"], columns="rater", values="score", aggfunc="mean"
        )
        return table.reindex(columns=list(RATERS))

    def marks(self, back: int = 0) -> pd.DataFrame:
        """Score of each person by rater in both dimensions: index person and rater."""
        items = self.items(back)
        if items.empty:
            return pd.DataFrame(columns=[SKILLS, WAY], dtype=float)
        means = items.groupby(["person_id", "dimension"]).mean().stack()
        means.index.names = ["person_id", "dimension", "rater"]
        return pd.DataFrame(means.unstack("dimension")).reindex(columns=[SKILLS, WAY])

    def profile(self, back: int = 0) -> pd.DataFrame:
        """Return the class of each person by rater, the one on which most of them agree, and their agreement.

        Returns
        -------
        DataFrame
            Index person ids; ``self``, ``manager``, ``co-worker`` (classes), ``class``, median of the raters'
            ``skills`` and ``way``, ``icc2`` (agreement on levels) and ``icc3`` (on order).
        """
        marks = self.marks(back)
        complete = marks.dropna()
        if complete.empty:
            return pd.DataFrame(columns=[*RATERS, "class", "skills", "way", "icc2", "icc3"])
        classes = pd.Series(
            [CLASSES[bool(s >= self.divide), bool(w >= self.divide)] for s, w in complete.to_numpy()],
            index=complete.index,
        ).unstack("rater")
        middle = complete.groupby("person_id").median()
        place = [CLASSES[bool(s >= self.divide), bool(w >= self.divide)] for s, w in middle.to_numpy()]
        items = self.items(back)
        agreement = {person: agreement_of(items.loc[[person]]) for person in classes.index}
        return classes.reindex(columns=list(RATERS)).assign(
            **{
                "class": [
                    _agreed(name, row) for name, row in zip(place, classes.to_numpy(object), strict=True)
                ]
            },
            skills=middle[SKILLS],
            way=middle[WAY],
            icc2=pd.Series({person: pair[0] for person, pair in agreement.items()}),
            icc3=pd.Series({person: pair[1] for person, pair in agreement.items()}),
        )

    @cached_property
    def change(self) -> pd.DataFrame:
        """Change of the median of the raters since the round before: index person, ``skills`` and ``way``."""
        now, before = self.profile(), self.profile(1)
        return now[["skills", "way"]].astype(float) - before[["skills", "way"]].astype(float).reindex(
            now.index
        )

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Items on which self and manager differ: index person and item, ``self``, ``manager``, ``gap``."""
        items = self.items().reset_index(level="dimension", drop=True) if len(self.rounds) else self.items()
        table = items.assign(gap=items["self"] - items["manager"]).dropna(subset=["gap"])
        return table.reindex(table["gap"].abs().sort_values(ascending=False, kind="stable").index)

    @cached_property
    def team(self) -> pd.DataFrame:
        """Mean of all people by dimension, item (index) and rater (columns), the weakest first."""
        items = self.items()
        if items.empty:
            return items
        return items.groupby(["dimension", "item"]).mean().sort_values("manager", kind="stable")

    @cached_property
    def agreement(self) -> tuple[float, float]:
        """Agreement of the raters over all people and items: on levels (ICC 2) and on order (ICC 3)."""
        return agreement_of(self.items())

    @cached_property
    def open_goals(self) -> pd.DataFrame:
        """Goals with the latest score of the manager, 0–100 as the goal is: index person and item."""
        latest = self.goals.sort_values("set_on", kind="stable").drop_duplicates(
            ["person_id", "item"], keep="last"
        )
        raw = self.ratings[self.ratings["rater"] == "manager"].sort_values("rated_on", kind="stable")
        score = raw.drop_duplicates(["person_id", "item"], keep="last").set_index(["person_id", "item"])[
            "score"
        ]
        return latest.set_index(["person_id", "item"]).join(score.rename("now"))[
            ["goal", "now", "due", "measure"]
        ]


def agreement_of(items: pd.DataFrame) -> tuple[float, float]:
    """ICC 2 and 3 of one rater over items rated by all who rate; missing with fewer than two items or raters.

    >>> frame = pd.DataFrame({"self": [60, 70, 80], "manager": [40, 50, 60], "co-worker": [np.nan] * 3})
    >>> [round(value, 2) for value in agreement_of(frame)]
    [0.33, 1.0]
    """
    complete = items.dropna(axis="columns", how="all").dropna()
    if min(complete.shape) < 2:
        return np.nan, np.nan
    found = icc(complete.to_numpy(dtype=float))
    return found.icc2, found.icc3


def _agreed(place: str, classes: np.ndarray) -> str:
    """Class of the medians, if more than half of the raters see the person there."""
    given = [name for name in classes if isinstance(name, str)]
    return place if given.count(place) * 2 > len(given) else DISAGREE
