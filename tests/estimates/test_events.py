import json

import numpy as np
import pandas as pd
import pytest

from tests.plan.made import plan_of
from tests.shared import shared
from vs_toolkit.estimates import lift, rates_after
from vs_toolkit.plan import exhibits, findings


def test_the_published_ratio():
    case = {c["name"]: c for c in json.loads(shared("truth/customers.json").read_text())["cases"]}[
        "lift_katz_log"
    ]
    won, n, other_won, other_n, confidence = case["inputs"].values()
    counts = {"kind": ["x"], "won": [won], "n": [n], "other_won": [other_won], "other_n": [other_n]}
    found = lift(pd.DataFrame(counts), confidence).iloc[0]
    assert found["lift"] == pytest.approx(case["expected"]["lift"])
    assert found["low"] == pytest.approx(case["expected"]["low"], abs=0.006)
    assert found["high"] == pytest.approx(case["expected"]["high"], abs=0.6)


def history(won, days, customer="A"):
    return pd.DataFrame(
        {"created_at": pd.to_datetime(days), "won": won, "opportunity_id": range(len(won)),
         "customer_id": customer}
    )  # fmt: skip


def events(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "kind", "happened_on"])
    return frame.assign(happened_on=pd.to_datetime(frame["happened_on"]))


EVENTS = events(("A", "New line", "2025-01-01"))
DECIDED = history(
    [True, True, False, False, True, False],
    ["2025-01-01", "2025-12-31", "2025-06-01", "2024-12-31", "2026-01-02", "2023-01-01"],
)


def test_only_what_was_opened_within_the_window_counts():
    row = lift(rates_after(EVENTS, DECIDED)).iloc[0]
    # after the event within 365 days: the first three, two won; of the others one of three
    assert (row["won"], row["n"], row["other_won"], row["other_n"]) == (2, 3, 1, 3)
    assert row["lift"] == pytest.approx(2)
    assert row["few"]


def test_an_event_counts_once_and_at_its_own_customer_only():
    again = events(
        ("A", "New line", "2025-01-01"), ("A", "New line", "2025-02-01"), ("B", "Law", "2025-01-01")
    )
    found = rates_after(again, DECIDED.assign(customer_id=["A", "B", "A", "A", "A", "A"])).set_index("kind")
    # New line: the first, the third and (after the second event) the fifth; Law: the second, of customer B
    assert found.loc["New line"].tolist() == [2, 3, 1, 3]
    assert found.loc["Law"].tolist() == [1, 1, 2, 5]


def test_without_any_win_there_is_no_interval():
    row = lift(rates_after(EVENTS, history([False, False], ["2025-02-01", "2024-02-01"]))).iloc[0]
    assert np.isnan(row["lift"]) and np.isnan(row["low"])


def test_no_events_no_rows():
    assert lift(rates_after(EVENTS.iloc[:0], history([True], ["2025-02-01"]))).empty


def test_rates_of_all_customers_stand_on_the_page_where_they_were_measured(tmp_path):
    # 40 of 80 against 20 of 100: 2.5 times; exp(ln 2.5 ± 1.645 sqrt(1/40 - 1/80 + 1/20 - 1/100)): 1.7 to 3.6
    plan = plan_of(
        tmp_path,
        situations="customer_id,situation_id,happened_on,level,kind,event\n"
        "C1,S1,2026-05-02,company,Law,A law\n",
        trigger_rates="kind,measured_on,won,n,other_won,other_n\nLaw,2026-06-30,40,80,20,100\n"
        "Law,2026-01-31,1,80,20,100\nNew line,2026-06-30,1,2,3,4\n",
    )
    assert exhibits.lift(plan).written().to_numpy().tolist() == [
        ["40", "80", "50%", "20", "100", "2.5", "1.7–3.6", "no"]
    ]
    told = "After “Law”, 40 of 80 opportunities of all customers were won, 2.5 times the other rate"
    assert findings.lift(plan).startswith(told)
