"""What a record can tell and what it cannot: said before numbers are shown that look as if it could."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from vs_toolkit.formats import day, number_of, percent
from vs_toolkit.funnel.record.history import History

YES, PARTLY, NO = "yes", "in part", "no"
FEWEST_BEGUN = 20
BUNCH = pd.Timedelta(days=3)
BUNCHED, MANY_TIMES = 0.2, 5.0  # share of all, and times the usual share, from which beginnings are bunched
ENOUGH = 0.95  # share of closed opportunities with their way on record from which the rest does not matter


class Answer(NamedTuple):
    """Whether something can be estimated, why, and what would have to be recorded."""

    possible: str
    because: str
    needed: str


def estimable(history: History) -> pd.DataFrame:
    """Say what can be estimated from a record, in particular from one that holds only the current status.

    A file with one row per opportunity shows where opportunities are now, but of a closed opportunity not
    where it had been, and
    of an open opportunity not since when it was there (the date is that of the last edit). Then no hit rate
    by
    status can be measured: the open opportunities have no outcome yet, and the closed ones no status to
    count in.

    Parameters
    ----------
    history
        The cleaned record.

    Returns
    -------
    DataFrame
        Index ``question``; possible (yes, in part, no), because, needed (what to record to change that).

    Examples
    --------
    >>> from vs_toolkit.funnel.record.history import read_history
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "B"], "changed_at": ["2026-03-02", "2026-03-09"],
    ...                         "status": ["Lead", "Order"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> said = estimable(read_history(changes, funnel, "2026-03-20"))
    >>> said.loc["win rate of each stage", "possible"]
    'no'
    """
    answers = {question: answer(history.cases) for question, answer in QUESTIONS.items()}
    answers |= {question: answer(history) for question, answer in OF_RECORD.items()}
    answers = {q: a for q, a in answers.items() if q not in OF_RECORD or a.possible != YES}
    return pd.DataFrame.from_dict(answers, orient="index", columns=Answer._fields).rename_axis("question")


def _open_funnel(cases: pd.DataFrame) -> Answer:
    still_open = int((cases["outcome"] == "open").sum())
    if not still_open:
        return Answer(NO, "no opportunity is open", "open opportunities with their stage")
    return Answer(
        YES, f"the stage of {number_of(still_open, 'open opportunity', 'open opportunities')} is known", ""
    )


def _won_of_closed(cases: pd.DataFrame) -> Answer:
    won, lost = (int((cases["outcome"] == outcome).sum()) for outcome in ("won", "lost"))
    if not won + lost:
        return Answer(NO, "no opportunity is closed", "opportunities followed until they are won or lost")
    if not won * lost:
        alike = "won" if won else "lost"
        return Answer(
            PARTLY,
            f"every closed opportunity ({won + lost:,}) is {alike}",
            "lost opportunities as well as won ones",
        )
    return Answer(YES, f"{won:,} won and {lost:,} lost; open opportunities are not counted", "")


def _by_status(cases: pd.DataFrame) -> Answer:
    closed = cases[cases["outcome"] != "open"]
    if closed.empty:
        return _won_of_closed(cases)
    traced = float(closed["closed_from"].notna().mean())
    every_change = "every change of stage with its day, also of closed opportunities"
    if traced == 0:
        return Answer(
            NO, "of closed opportunities only the outcome is recorded, not their stages", every_change
        )
    if traced < ENOUGH:
        return Answer(
            PARTLY, f"only {percent(traced, 0)} of closed opportunities show their stages", every_change
        )
    return Answer(YES, f"{len(closed):,} closed opportunities with their stages", "")


def _time_to_order(cases: pd.DataFrame) -> Answer:
    won = cases[cases["outcome"] == "won"]
    return Answer(NO, "no opportunity is won", "won opportunities") if won.empty else _by_status(won)


def _backtest(cases: pd.DataFrame) -> Answer:
    closed = cases["closed_at"].dropna()
    if closed.dt.normalize().nunique() == 1:
        return Answer(NO, "all closings fall on one day", "a record that goes on for months")
    return _by_status(cases)


def _stages_of(history: History) -> Answer:
    """Recognise an export of the present state: no opportunity ever shows two open stages."""
    visits = history.visits
    traced = history.cases["closed_from"].notna().any()
    if not len(history.cases) or traced or (len(visits.case) and np.bincount(visits.case).max() > 1):
        return Answer(YES, "opportunities show more than one stage", "")
    if len(history.open_statuses) < 2:
        return Answer(YES, "there is one open stage", "")
    return Answer(
        PARTLY,
        "no opportunity shows more than one open stage: the record may be an export of the present state",
        "the history of stage changes from the CRM",
    )


def _begun_late(history: History) -> Answer:
    """Recognise a record that began when opportunities were under way: they bunch on its first days."""
    first = history.cases["first_at"]
    if len(first) < FEWEST_BEGUN or not history.cases["closed_at"].notna().any():
        return Answer(YES, "too few opportunities to tell whether recording began late", "")
    begin = first.min()
    bunched = float((first < begin + BUNCH).mean())
    usual = BUNCH / max(history.as_of - begin, BUNCH)
    if (history.visits.delay > 0).any() or bunched < max(BUNCHED, MANY_TIMES * usual):
        return Answer(YES, "opportunities begin evenly", "")
    return Answer(
        PARTLY,
        f"{percent(bunched, 0)} of the opportunities begin in the first three days of the record, "
        "so that they are "
        "older than it and rates are too high",
        f"the day on which recording began (recorded_from, such as {day(begin)})",
    )


QUESTIONS: dict[str, Callable[[pd.DataFrame], Answer]] = {
    "open opportunities by stage": _open_funnel,
    "share won of closed opportunities": _won_of_closed,
    "win rate of each stage": _by_status,
    "days from a stage to the order": _time_to_order,
    "win probability by stage and age": _by_status,
    "regressions, skips and stalls": _by_status,
    "back-test of probabilities": _backtest,
}
OF_RECORD: dict[str, Callable[[History], Answer]] = {
    "stages of an opportunity over time": _stages_of,
    "rates of opportunities from their beginning": _begun_late,
}
