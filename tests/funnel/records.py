"""Small status records written by hand, and the loan applications of BPI Challenge 2012."""

from functools import cache

import pandas as pd
from hypothesis import strategies as st

from tests.shared import shared

FUNNEL = pd.DataFrame(
    [
        ("Lead", 1, 0.1, "open"),
        ("Offer", 2, 0.5, "open"),
        ("Accepted", 3, 0.8, "open"),
        ("Order", 4, 1.0, "won"),
        ("Lost", 5, 0.0, "lost"),
    ],
    columns=["status", "order", "nominal_probability", "outcome"],
)
LOANS = pd.DataFrame(
    [
        ("A_SUBMITTED", 1, 0.1, "open"),
        ("A_PREACCEPTED", 2, 0.3, "open"),
        ("A_ACCEPTED", 3, 0.5, "open"),
        ("O_SENT", 4, 0.7, "open"),
        ("O_SENT_BACK", 5, 0.9, "open"),
        ("A_APPROVED", 6, 1.0, "won"),
        ("A_REGISTERED", 7, 1.0, "won"),
        ("A_ACTIVATED", 8, 1.0, "won"),
        ("A_DECLINED", 9, 0.0, "lost"),
        ("A_CANCELLED", 10, 0.0, "lost"),
    ],
    columns=["status", "order", "nominal_probability", "outcome"],
)


def changes(*rows):
    """Status changes from rows such as ``("A", "2026-03-02", "Lead")``."""
    return pd.DataFrame(rows, columns=["opportunity_id", "changed_at", "status"])


def ways(**cases):
    """Status changes from ``A="Lead 1 Offer 5 Order 9"``: status and day of March 2026."""
    rows = []
    for case, way in cases.items():
        words = way.split()
        rows += [(case, f"2026-03-{int(d):02d}", s) for s, d in zip(words[::2], words[1::2], strict=True)]
    return changes(*rows)


# Leads as of 20 March: won after 2 days, lost after 3, open for 4, won after 5, lost after 6, open for 10.
SIX = ways(
    A="Lead 1 Order 3", B="Lead 1 Lost 4", C="Lead 16", D="Lead 2 Order 7", E="Lead 3 Lost 9", F="Lead 10"
)


@cache
def loans():
    columns = {"case": "opportunity_id", "ts": "changed_at", "activity": "status"}
    return pd.read_csv(shared("data/bpi2012/bpi2012_status_events.csv.gz")).rename(columns=columns)


def records(min_size=0, max_size=40):
    """Any record: five cases, every status and an unknown one, days in March, in any order."""
    row = st.tuples(
        st.sampled_from("ABCDE"),
        st.integers(1, 28).map(lambda d: f"2026-03-{d:02d}"),
        st.sampled_from([*FUNNEL["status"], "Unheard of"]),
    )
    return st.lists(row, min_size=min_size, max_size=max_size).map(lambda rows: changes(*rows))
