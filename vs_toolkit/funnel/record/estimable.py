"""What a record can tell and what it cannot: said before numbers are shown that look as if it could."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from vs_toolkit.formats import number_of, percent
from vs_toolkit.funnel.record.history import History

YES, PARTLY, NO = "yes", "in part", "no"
ENOUGH = 0.95  # share of closed cases with their way on record from which the rest does not matter


class Answer(NamedTuple):
    """Whether something can be estimated, why, and what would have to be recorded."""

    possible: str
    because: str
    needed: str


def estimable(history: History) -> pd.DataFrame:
    """Say what can be estimated from a record, in particular from one that holds only the current status.

    A file with one row per case shows where cases are now, but of a closed case not where it had been, and
    of an open case not since when it was there (the date is that of the last edit). Then no hit rate by
    status can be measured: the open cases have no outcome yet, and the closed ones no status to count in.

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
    >>> said.loc["hit rate of each status", "possible"]
    'no'
    """
    answers = {question: answer(history.cases) for question, answer in QUESTIONS.items()}
    return pd.DataFrame.from_dict(answers, orient="index", columns=Answer._fields).rename_axis("question")


def _open_funnel(cases: pd.DataFrame) -> Answer:
    still_open = int((cases["outcome"] == "open").sum())
    if not still_open:
        return Answer(NO, "no case is open", "open cases with their status")
    return Answer(YES, f"the status of {number_of(still_open, 'open case')} is known", "")


def _won_of_closed(cases: pd.DataFrame) -> Answer:
    won, lost = (int((cases["outcome"] == outcome).sum()) for outcome in ("won", "lost"))
    if not won + lost:
        return Answer(NO, "no case is closed", "cases followed until they are won or lost")
    if not won * lost:
        alike = "won" if won else "lost"
        return Answer(PARTLY, f"every closed case ({won + lost}) is {alike}", "lost cases as well as won")
    return Answer(YES, f"{won} won and {lost} lost; open cases are not counted", "")


def _by_status(cases: pd.DataFrame) -> Answer:
    closed = cases[cases["outcome"] != "open"]
    if closed.empty:
        return _won_of_closed(cases)
    traced = float(closed["closed_from"].notna().mean())
    every_change = "every change of status with its day, also of cases that are closed"
    if traced == 0:
        return Answer(
            NO, "of closed cases only the outcome is on record, not what they went through", every_change
        )
    if traced < ENOUGH:
        return Answer(
            PARTLY, f"only {percent(traced, 0)} of closed cases show what they went through", every_change
        )
    return Answer(YES, f"{number_of(len(closed), 'closed case')} with what they went through", "")


def _time_to_order(cases: pd.DataFrame) -> Answer:
    won = cases[cases["outcome"] == "won"]
    return Answer(NO, "no case is won", "won cases") if won.empty else _by_status(won)


def _backtest(cases: pd.DataFrame) -> Answer:
    closed = cases["closed_at"].dropna()
    if closed.dt.normalize().nunique() == 1:
        return Answer(NO, "all closings fall on one day", "a record that goes on for months")
    return _by_status(cases)


QUESTIONS: dict[str, Callable[[pd.DataFrame], Answer]] = {
    "open cases by status": _open_funnel,
    "share won of closed cases": _won_of_closed,
    "hit rate of each status": _by_status,
    "days from a status to the order": _time_to_order,
    "win probability by status and age": _by_status,
    "steps back, skips and stalls": _by_status,
    "back-test of probabilities": _backtest,
}
