import json

import numpy as np
import pandas as pd
import pytest

from tests.shared import shared
from vs_toolkit.plan.situations import compared, lift


def test_the_published_ratio():
    case = {c["name"]: c for c in json.loads(shared("truth/customers.json").read_text())["cases"]}[
        "lift_katz_log"
    ]
    found = compared(*case["inputs"].values())
    assert found["lift"] == pytest.approx(case["expected"]["lift"])
    assert found["low"] == pytest.approx(case["expected"]["low"], abs=0.006)
    assert found["high"] == pytest.approx(case["expected"]["high"], abs=0.6)


def history(won, days):
    return pd.DataFrame({"created_at": pd.to_datetime(days), "won": won, "opportunity_id": range(len(won))})


EVENTS = pd.DataFrame({"kind": ["New line"], "happened_on": pd.to_datetime(["2025-01-01"])})


def test_only_what_was_opened_within_the_window_counts():
    decided = history(
        [True, True, False, False, True, False],
        ["2025-01-01", "2025-12-31", "2025-06-01", "2024-12-31", "2026-01-02", "2023-01-01"],
    )
    row = lift(EVENTS, decided).iloc[0]
    # after the event within 365 days: the first three, two won; of the others one of three
    assert (row["won"], row["n"], row["other_won"], row["other_n"]) == (2, 3, 1, 3)
    assert row["lift"] == pytest.approx(2)
    assert row["few"]


def test_without_any_win_there_is_no_interval():
    row = lift(EVENTS, history([False, False], ["2025-02-01", "2024-02-01"])).iloc[0]
    assert np.isnan(row["lift"]) and np.isnan(row["low"])


def test_no_events_no_rows():
    assert lift(EVENTS.iloc[:0], history([True], ["2025-02-01"])).empty
