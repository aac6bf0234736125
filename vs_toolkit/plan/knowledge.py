"""How complete, how fresh and from whom our knowledge of the customer is."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pandas as pd

from vs_toolkit.inputs.tables.plan import Topic
from vs_toolkit.plan.versions import newest

TOPICS: tuple[str, ...] = get_args(Topic)


def current(knowledge: pd.DataFrame) -> pd.DataFrame:
    """Newest answer of each question."""
    return newest(knowledge, "topic", "question")


def completeness(knowledge: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Summarise knowledge by topic; a topic without a question is there, with nothing known.

    Returns
    -------
    DataFrame
        Index: the five topics. questions, answered, share (missing without questions), oldest and newest day
        of the answers, age in months of the oldest answer, from_customer (answers that the customer gave).
    """
    rows: list[dict[Any, Any]] = current(knowledge).to_dict("records")
    by_topic = [[row for row in rows if row["topic"] == topic] for topic in TOPICS]
    return pd.DataFrame([_topic(own, as_of) for own in by_topic], index=list(TOPICS))


def _topic(rows: list[dict[Any, Any]], as_of: date) -> dict[str, object]:
    answered = [row for row in rows if isinstance(row["answer"], str)]
    days = [row["recorded_on"] for row in answered]
    oldest: Any = min(days, default=pd.NaT)
    return {
        "questions": len(rows),
        "answered": len(answered),
        "share": len(answered) / len(rows) if rows else float("nan"),
        "oldest": oldest,
        "newest": max(days, default=pd.NaT),
        "age": months_between(oldest, as_of),
        "from_customer": sum(row["source"] == "customer" for row in answered),
    }


def months_between(day: pd.Timestamp, as_of: date) -> float:
    """Months from a day to another, of 365.25 / 12 days; missing where the day is.

    >>> round(months_between(pd.Timestamp(2025, 6, 30), date(2026, 6, 30)), 1)
    12.0
    """
    return float("nan") if pd.isna(day) else (pd.Timestamp(as_of) - day).days / (365.25 / 12)
