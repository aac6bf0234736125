"""Self-assessment of the sales function: shares of yes by chapter and unit, agreement, and change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vs_toolkit.estimates import krippendorff, wilson
from vs_toolkit.inputs.cases.questionnaire import Questionnaire

ANSWERS = ("yes", "under development", "no")


@dataclass(frozen=True, eq=False)
class Round:
    """Answers of one round: newest answer of each respondent to each statement.

    ``answers``: respondent, unit, statement, answer, chapter, text.
    """

    answers: pd.DataFrame

    @property
    def respondents(self) -> int:
        """How many answered."""
        return int(self.answers["respondent"].nunique())


def rounds(answers: pd.DataFrame, asked: Questionnaire, since: pd.Timestamp) -> tuple[Round, Round]:
    """Split answers into the round since a day and what was answered last before it.

    Answers to statements that the questionnaire does not have are left out.
    """
    known = answers[answers["statement"].isin(asked.statements.index)].dropna(subset="answer")
    known = known.sort_values("answered_on", kind="stable").join(asked.statements, on="statement")
    parts = (known[known["answered_on"] >= since], known[known["answered_on"] < since])
    now, before = (part.drop_duplicates(["respondent", "statement"], keep="last") for part in parts)
    return Round(now), Round(before)


def shares(answers: pd.DataFrame, by: str) -> pd.DataFrame:
    """Share of each answer by statement, chapter or unit; "under development" is not a yes.

    Returns
    -------
    DataFrame
        Index: ``by``; yes, under_development, no (shares), low, high (90% interval of yes), n (answers).
    """
    counts = pd.crosstab(answers[by], answers["answer"]).reindex(columns=list(ANSWERS), fill_value=0)
    n = counts.sum(axis=1)
    table = counts.div(n, axis=0).set_axis(["yes", "under_development", "no"], axis=1)
    low, high = wilson(counts["yes"].to_numpy(), n.to_numpy())
    return table.assign(low=low, high=high, n=n)


def compared(now: Round, before: Round, by: str) -> pd.DataFrame:
    """Share of yes now and in the last round, over the statements that both were asked; weakest first.

    Returns
    -------
    DataFrame
        Index: ``by``; before (NaN: not asked), after, n.
    """
    current = shares(now.answers, by)
    again = before.answers[before.answers["statement"].isin(now.answers["statement"])]
    last = shares(again, by)["yes"].reindex(current.index) if len(again) else np.nan
    table = pd.DataFrame({"before": last, "after": current["yes"], "n": current["n"]}, index=current.index)
    return table.sort_values("after", kind="stable")


def by_unit(answers: pd.DataFrame) -> pd.DataFrame:
    """Share of yes by chapter and unit."""
    yes = answers.assign(yes=answers["answer"] == "yes")
    return yes.pivot_table(index="chapter", columns="unit", values="yes", aggfunc="mean")


def agreement(answers: pd.DataFrame) -> pd.DataFrame:
    """How far respondents agree within each chapter.

    Returns
    -------
    DataFrame
        Index: chapter; alpha (Krippendorff, nominal; NaN: not defined), respondents, range (of the shares of
        yes of units).
    """
    rows = {}
    for chapter, own in answers.groupby("chapter", sort=False):
        ratings = [list(given) for _, given in own.groupby("statement")["answer"]]
        share = (own["answer"] == "yes").groupby(own["unit"]).mean()
        rows[chapter] = (krippendorff(ratings), own["respondent"].nunique(), share.max() - share.min())
    return pd.DataFrame.from_dict(rows, orient="index", columns=["alpha", "respondents", "range"])


def difference_by_chance(answers: pd.DataFrame) -> float:
    """Probability that units which think alike differ as much by chance (Kruskal and Wallis).

    Each respondent counts once, with its share of yes: answers of one person are not independent. NaN with
    fewer than two units of two respondents.
    """
    yes = (answers["answer"] == "yes").groupby([answers["unit"], answers["respondent"]]).mean()
    groups = [own.to_numpy(float) for _, own in yes.groupby(level="unit") if len(own) > 1]
    if len(groups) < 2 or len(np.unique(np.concatenate(groups))) < 2:
        return np.nan
    return float(stats.kruskal(*groups).pvalue)
